"""A site is opened and pinned to a revision; it has a team and plans in versions; it goes from phase to phase, also back, and may stop."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.baseline.models import Practice
from whatworks.commission.models import Award
from whatworks.errors import ConflictError, InputError
from whatworks.implement.mapping import tell_map
from whatworks.implement.methods.adapting import EXPLORE, PHASES, STATES, STOPPED
from whatworks.implement.methods.planning import Plan, check, read_plan
from whatworks.implement.models import Site, SiteMember, SitePhase, SitePlan
from whatworks.implement.models.sites import SORTS
from whatworks.implement.wording import REASONS, no_identifiers
from whatworks.ledger.actions import record
from whatworks.people.models import Area, User
from whatworks.publish.models import Page, Revision
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.trial.models import Trial

ORDER = list(PHASES)
OPEN, SHOW, HIDE, PIN = "implement.open", "implement.show", "implement.hide", "implement.pin"


@transaction.atomic
def open_site(
    *,
    by: str,
    name: str,
    sort: str,
    revision: Revision | None = None,
    intervention: Intervention | None = None,
    area: Area | None = None,
    practice: Practice | None = None,
    award: Award | None = None,
    trial: Trial | None = None,
    unit: str = "",
    early: bool = False,
    demonstration: bool = False,
    on: datetime.date | None = None,
) -> Site:
    """Open a site, which explores from this day. Only a made-up one may give an intervention alone: it is pinned later (`pin`).

    Raises InputError without a name or a page, ConflictError where it is there already.
    """
    title, day = " ".join(name.split()), on or timezone.localdate()
    about = revision.page.intervention if revision is not None else intervention
    if about is None or (revision is None and not demonstration):
        raise InputError(said("A site goes by a page; choose the one of what it does."))
    slug = slugify(f"{title} {about.slug}")[:80].strip("-")
    if not title or sort not in SORTS:
        raise InputError(said("A site needs a name, and has to be one of: %(all)s.", all=", ".join(SORTS)))
    no_identifiers(title)
    _refuse_unfit(about, area, practice, trial, unit.strip(), day)
    _refuse_mixed(area, award, demonstration)
    if Site.objects.filter(slug=slug).exists():
        raise ConflictError(said("There is a site “%(name)s” for this already; open that one.", name=title))
    site: Site = Site.objects.register(
        Site.derived(slug) if demonstration else Site.fresh(), slug=slug, name=title, sort=sort, area=area,
        intervention=about, revision=revision, practice=practice, award=award, trial=trial, unit=unit.strip(), early=early,
        demonstration=demonstration, opened_on=day,
    )  # fmt: skip
    first = _phase(site, 1, EXPLORE, "", day, by)
    # A site's digest could be guessed at, and would tell that it does this: it stands in the payload, under its key.
    record(verb=OPEN, by=by, about=[revision or about, site], made=[first], payload=_rows(site))
    return site


def _refuse_unfit(
    about: Intervention,
    area: Area | None,
    practice: Practice | None,
    trial: Trial | None,
    unit: str,
    day: datetime.date,
) -> None:
    intervention = about.pk
    if day > timezone.localdate():
        raise InputError(said("%(on)s is in the future.", on=day.isoformat()))
    if (trial is None) != (not unit):
        raise InputError(said("A site in a trial has the name that the trial's list gives it; give both, or neither."))
    if trial is not None and trial.intervention_id not in (None, intervention):
        raise InputError(said("The trial is of another intervention than the page; choose the page of what it tests."))
    if practice is not None and practice.intervention_id != intervention:
        raise InputError(said("“%(name)s” on the practice map is not this intervention.", name=practice.name))
    if (area is None) != (practice is None):
        raise InputError(
            said("For the practice map a site needs its authority and the practice; give both, or neither.")
        )
    if area is not None and area.made_up:
        raise InputError(said("%(name)s is no authority; choose a council.", name=area.name))
    if trial is not None and Site.objects.filter(trial=trial, unit=unit).exists():
        raise ConflictError(said("Another site is “%(unit)s” of this trial already.", unit=unit))


def _refuse_mixed(area: Area | None, award: Award | None, demonstration: bool) -> None:
    """Nothing made up stands beside a real name."""
    if award is not None and award.demonstration and not demonstration:
        raise InputError(
            said(
                "“%(title)s” is an award of a made-up call; say that the site is made up too, or choose another.",
                title=award.title,
            )
        )
    if area is not None and demonstration and not area.invented:
        raise InputError(
            said("%(name)s is a real place, and the site is made up; leave the authority out.", name=area.name)
        )


def _rows(site: Site) -> dict[str, dict[str, str]]:
    return {"rows": {site.pk: site.row_digest()}}


@transaction.atomic
def agree_to_show(*, by: str, site: Site, shown: bool) -> Site:
    """Show a site to everybody, or not any more, as it says itself."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    if held.shown != shown:
        held.shown = shown
        held.save(update_fields=["shown"])
        held.retitle()
        record(verb=SHOW if shown else HIDE, by=by, about=[held], payload=_rows(held))
    return held


@transaction.atomic
def pin(*, by: str, site: Site, revision: Revision) -> Site:
    """Let a site go by a revision of the page of its intervention: the first for one that ships, a newer one for any."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    if revision.page.intervention_id != held.intervention_id:
        raise InputError(said("The page is of another intervention than the site does."))
    if held.revision_id != revision.pk:
        held.revision = revision
        held.save(update_fields=["revision"])
        record(verb=PIN, by=by, about=[held, revision], payload=_rows(held))
    return held


def pin_illustrations(*, by: str) -> list[Site]:
    """Pin the made-up sites that ship to the newest revision of their pages, where these are published; each once."""
    made = []
    for site in Site.objects.filter(revision=None).order_by("pk"):
        page = Page.objects.filter(intervention=site.intervention_id).first()
        newest = page.newest() if page is not None else None
        if newest is not None:
            made.append(pin(by=by, site=site, revision=newest))
    return made


@transaction.atomic
def add_member(*, by: str, site: Site, who: str) -> SiteMember:
    """Take somebody who signs in here into the team of a site. Done twice, it is done once."""
    user = User.objects.named(who.strip())
    if user is None or not user.is_active:
        raise InputError(said("Nobody signs in with this address; ask an administrator to add them first."))
    made, new = SiteMember.objects.get_or_create(
        site=site, user=user, defaults={"id": SiteMember.fresh(), "given_by": by}
    )
    if new:
        record(verb="implement.join", by=by, about=[site])
    return made


@transaction.atomic
def remove_member(*, by: str, site: Site, member: SiteMember) -> None:
    """Take somebody out of the team of a site."""
    if SiteMember.objects.filter(pk=member.pk, site=site).delete()[0]:
        record(verb="implement.leave", by=by, about=[site])


@transaction.atomic
def write_plan(*, by: str, site: Site, seen: int, plan: Plan, what_changed: str = "") -> SitePlan:
    """A new version of a site's plan; `seen` is the number of the one that was looked at, 0 before the first.

    Raises ConflictError where somebody else was quicker, InputError where the plan cannot be or nobody says what changed.
    """
    held = Site.objects.select_for_update().get(pk=site.pk)
    newest = held.plan()
    if (newest.number if newest else 0) != seen:
        raise ConflictError(said("Somebody else changed the plan meanwhile; look at the newest and change that."))
    check(plan)
    content = plan.to_dict()
    for text in _texts(plan):
        no_identifiers(text)
    if newest is not None:
        if newest.content == content:
            raise InputError(
                said("Nothing is different from version %(n)s; there is nothing to keep.", n=newest.number)
            )
        if not what_changed.strip():
            raise InputError(said("Say what changed and why; thresholds are meant to be fixed beforehand."))
        no_identifiers(what_changed)
    made = SitePlan.objects.create(
        id=SitePlan.derived(held.pk, seen + 1), site=held, number=seen + 1, content=content, after_start=held.delivering(),
        what_changed=what_changed.strip() if newest else "", by=by, at=timezone.now(),
    )  # fmt: skip
    record(verb="implement.plan", by=by, about=[held], made=[made])
    return made


def _texts(plan: Plan) -> list[str]:
    named = [*(one.name for one in plan.components), *(one.name for one in plan.indicators), *plan.partners]
    return [*named, *(one.says for one in plan.logic), plan.dose_name]


def plan_of(site: Site) -> tuple[SitePlan, Plan]:
    """The plan that stands, as a row and read. Raises ConflictError where there is none yet."""
    row = site.plan()
    if row is None:
        raise ConflictError(said("The site has no plan yet; write down its core components and thresholds first."))
    return row, read_plan(row.content)


@transaction.atomic
def go_on(*, by: str, site: Site, phase: str, on: datetime.date, reason: str = "") -> SitePhase:
    """Go on to a phase, back to one, or stop. Delivery needs a plan; going back and stopping need a reason.

    Where the site is on the practice map, the map is told.
    """
    held = Site.objects.select_for_update().get(pk=site.pk)
    last = held.phases.order_by("-number").first()
    assert last is not None  # a site is opened with one
    if phase not in STATES or phase == last.phase:
        raise InputError(said("Choose a phase other than the one in which the site is."))
    if on > timezone.localdate() or on < last.on:
        raise InputError(said("The day lies before %(last)s or in the future.", last=last.on.isoformat()))
    back = phase == STOPPED or (last.phase != STOPPED and ORDER.index(phase) < ORDER.index(last.phase))
    if back and reason not in REASONS:
        raise InputError(said("Say why: choose one of the reasons."))
    if phase in ORDER[2:]:
        plan_of(held)
    made = _phase(held, last.number + 1, phase, reason if back else "", on, by)
    record(verb="implement.phase", by=by, about=[held], made=[made])
    tell_map(by=by, site=held)
    return made


def _phase(site: Site, number: int, phase: str, reason: str, on: datetime.date, by: str) -> SitePhase:
    return SitePhase.objects.create(
        id=SitePhase.derived(site.pk, number), site=site, number=number, phase=phase, reason=reason, on=on, by=by,
        at=timezone.now(),
    )  # fmt: skip
