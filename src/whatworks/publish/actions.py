"""What people do with pages: have everything refreshed, read the would-be page, approve it as a new revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.extract.actions import compute_findings
from whatworks.extract.models import Contrast
from whatworks.ledger.actions import computed, freshen, record
from whatworks.ledger.canonical import canonical, digest
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.planning import renew_statistics
from whatworks.ledger.work import task
from whatworks.publish.finding.listed import catch_up
from whatworks.publish.guides.guiding import look_again
from whatworks.publish.models import Draft, Page, Revision
from whatworks.publish.page.building import Built, build
from whatworks.publish.writing.passages import refuse_inconsistent
from whatworks.rate.actions import rate
from whatworks.rate.gathering import grounds
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.synthesise.actions import run
from whatworks.synthesise.following import follow_results
from whatworks.synthesise.models import Analysis

RULE = "rule"  # the actor of what no person did
# After these a person looks, even where the sums come out the same.
LOOKED_AT = (
    "screen.judge",
    "collate.retract",
    "collate.concern",
    "collate.correction",
    "collate.reinstate",
    "collate.refuse-notice",
)
Told = Callable[[str, int, int], None]


def refresh(*, by: str, told: Told = lambda name, done, total: None) -> dict[str, int]:
    """Recompute whatever is missing or stale, from findings up to would-be pages. Nothing is published by it."""
    made = {"findings": len(compute_findings(by=by, contrasts=_computable()))}
    told("findings", 1, 1)
    renew_statistics(made["findings"])
    analyses = list(Analysis.objects.order_by("pk"))
    made["syntheses"] = 0
    for number, analysis in enumerate(analyses, 1):
        made["syntheses"] += len(run(by=by, analysis=analysis))
        told("results", number, len(analyses))
    interventions = list(Intervention.objects.filter(part_of=None).in_order())
    made["ratings"] = made["drafts"] = 0
    for number, intervention in enumerate(interventions, 1):
        made["ratings"] += len(rate(by=by, grounds=grounds(intervention)))
        made["drafts"] += draft(by=by, intervention=intervention) is not None
        told("pages", number, len(interventions))
    look_again(unless=LOOKED_AT)
    return made


def _computable() -> list[Contrast]:
    return list(Contrast.objects.exclude(formula="").select_related("study").order_by("pk"))


follow_results("publish.refresh")


@task("publish.refresh")
def refresh_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Refresh as long work: each part leaves alone what is already right, so a second run after a crash is harmless."""
    refresh(by=arguments.get("by", RULE))


@transaction.atomic
def draft(*, by: str, intervention: Intervention) -> Draft | None:
    """Make or renew the would-be page, or find that the published one still says the same. Returns the draft, if any."""
    built = build(intervention)
    page = Page.objects.filter(intervention=intervention).first()
    if page is None:
        page = Page.objects.register(
            Page.derived(intervention.pk), slug=intervention.slug, title=intervention.name, intervention=intervention
        )
        record(verb="publish.open-page", by=by, made=[page], audience=PUBLIC)
    newest = page.newest()
    unchanged = newest is not None and _says(newest.content) == _says(built.content) and not _moved(newest, built)
    if newest and unchanged and not _needs_eyes(newest):
        freshen(newest.pk)
        Draft.objects.filter(page=page).delete()
        return None
    values = {"content": built.content, "rests_on": list(built.rests_on), "reasons": _reasons(newest)}
    held = Draft.objects.filter(page=page).first()
    if held and all(getattr(held, name) == value for name, value in values.items()):
        return None
    return Draft.objects.update_or_create(page=page, defaults=values | {"made_at": timezone.now()})[0]


def _needs_eyes(newest: Revision) -> bool:
    """Whether a report arrived or was retracted: a person looks even where the sums come out the same."""
    stale = Artefact.objects.filter(pk=newest.pk).values("stale_event")
    return Event.objects.filter(uid__in=stale, verb__in=LOOKED_AT).exists()


def _says(content: dict[str, Any]) -> str:
    """What a page says, without when and by whom it was approved."""
    return canonical(
        {key: value for key, value in content.items() if key not in ("revision", "approved", "identifier")}
    )


def _moved(newest: Revision, built: Built) -> bool:
    """Whether the page would rest on other rows than the published one does, though its words are the same."""
    return set(newest.subject.rests_on.values_list("input_id", flat=True)) != set(built.rests_on)


def _reasons(newest: Revision | None) -> list[str]:
    if newest is None:
        return ["First version of this page."]
    stale = Artefact.objects.filter(pk=newest.pk).values_list("stale_event", flat=True).first()
    event = Event.objects.filter(uid=stale).first() if stale else None
    return [f"{event.verb} by {event.actor}, {event.at:%-d %B %Y}"] if event else ["What we hold has changed."]


@transaction.atomic
def approve(*, by: str, page: Page, what_changed: str = "", seen: str = "") -> Revision:
    """Publish the would-be page as the next revision. `seen` is the digest of what the approver read."""
    waiting = Draft.objects.select_for_update().filter(page=page).first()
    if waiting is None:
        raise ConflictError(said("Nothing waits for approval on “%(title)s”.", title=page.title))
    if seen and seen != digest(waiting.content):
        raise ConflictError(
            said("“%(title)s” has changed since you read it; read it again, then approve.", title=page.title)
        )
    newest = page.newest()
    if newest and not what_changed.strip():
        raise InputError(said("Say in a sentence what changed and why; readers see it in the page's history."))
    refuse_inconsistent(page.intervention)
    revision = _register(by=by, page=page, waiting=waiting, newest=newest, what_changed=what_changed.strip())
    waiting.delete()
    payload = {"what": revision.what_changed}
    record(verb="publish.approve", by=by, about=[page], made=[revision], payload=payload, audience=PUBLIC)
    transaction.on_commit(catch_up, robust=True)  # else the first reader waits for the list of pages to be made anew
    return revision


def _register(*, by: str, page: Page, waiting: Draft, newest: Revision | None, what_changed: str) -> Revision:
    number, now = (newest.number + 1 if newest else 1), timezone.now()
    approved = {"on": f"{timezone.localtime(now):%-d %B %Y}", "by": _standing(by)}
    revision = Revision.objects.register(
        Revision.derived(page.pk, number),
        page=page,
        number=number,
        content=waiting.content | {"revision": number, "identifier": page.pk, "approved": approved},
        approved_by=by,
        approved_at=now,
        what_changed=what_changed or waiting.reasons[0],
    )
    computed(
        output=revision,
        method="publish.build",
        version=str(waiting.content["schema"]),
        inputs=waiting.rests_on,
        rests_on=waiting.rests_on,
        replaces=newest.pk if newest else "",
    )
    return revision


def _standing(by: str) -> str:
    return (
        "published by rule for this demonstration; no person has signed it"
        if by.startswith(RULE)
        else "approved by an editor"
    )
