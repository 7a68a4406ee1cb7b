"""What was delivered comes in by forms, and flows to the trial's compliance variable without being typed again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding import take
from whatworks.errors import ConflictError, InputError
from whatworks.implement.methods.adapting import STOPPED
from whatworks.implement.methods.delivering import Delivered, Done, check_done, delivered, together
from whatworks.implement.methods.planning import Plan, read_plan
from whatworks.implement.models import FidelityForm, Site
from whatworks.implement.opening import plan_of
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.trial import delivering as trials
from whatworks.trial.models import Trial, TrialLock

PERIOD = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")
NOTE, FORM = "fidelity-note", "implement.form"


@dataclass(frozen=True, slots=True)
class Month:
    """One period of a site: its forms together, judged by the newest plan among them."""

    period: str
    forms: int
    plan: Plan
    done: Mapping[str, Done]
    people: int | None
    result: Delivered


@transaction.atomic
def send_form(
    *,
    by: str,
    site: Site,
    period: str,
    done: Mapping[str, Done],
    dose: int,
    people: int | None = None,
    note: str = "",
    replaces: FidelityForm | None = None,
) -> FidelityForm:
    """Keep one form of a site for a month; what it comes to goes on to the trial. A wrong form is replaced by a later one.

    Raises InputError for counts or a month that cannot be, ConflictError where delivery has not begun, has stopped, or somebody else
    replaced the form first.
    """
    held = Site.objects.select_for_update().get(pk=site.pk)
    row, plan = plan_of(held)
    if not held.delivering() or held.phase() == STOPPED:
        raise ConflictError(said("Forms are for sites that deliver; this one does not now. Move it on first."))
    if not PERIOD.fullmatch(period) or period > f"{timezone.localdate():%Y-%m}":
        raise InputError(said("“%(period)s” is no month up to this one; write it as 2026-03.", period=period[:20]))
    if people is not None and people < 0:
        raise InputError(said("The number of families cannot be below 0."))
    check_done(plan.components, done, dose)
    _refuse_replaced(held, replaces, period)
    number = held.forms.count() + 1
    made: FidelityForm = FidelityForm.objects.register(
        FidelityForm.derived(held.pk, number), site=held, plan=row, number=number, period=period, dose=dose, people=people,
        done={key: [one.due, one.done] for key, one in done.items()}, replaces=replaces, by=by, at=timezone.now(),
    )  # fmt: skip
    if note.strip():
        take(kind=NOTE, content=note, by=by, about=made.subject)
    # The digest of small counts could be guessed at: it stands in the payload under its key, not in the open event.
    record(verb=FORM, by=by, about=[held, made], payload={"rows": {made.pk: made.row_digest()}})
    pass_on(by=by, site=held, only=period)
    return made


def _refuse_replaced(site: Site, replaces: FidelityForm | None, period: str) -> None:
    if replaces is None:
        return
    if replaces.site_id != site.pk or replaces.period != period:
        raise InputError(said("A form replaces one of the same site and month."))
    if FidelityForm.objects.filter(replaces=replaces).exists():
        raise ConflictError(said("Somebody else replaced this form first; look at the newest."))


def months(site: Site) -> list[Month]:
    """Every month with forms, in order."""
    held: dict[str, list[FidelityForm]] = {}
    for form in site.forms.standing().select_related("plan").order_by("period", "number"):
        held.setdefault(form.period, []).append(form)
    return [_month(period, forms) for period, forms in sorted(held.items())]


def _month(period: str, forms: list[FidelityForm]) -> Month:
    """Forms of one month, by the plan of the last; a component that an earlier plan did not have was not due then."""
    plan = read_plan(forms[-1].plan.content)
    empty = {one.key: Done(0, 0) for one in plan.components}
    whole = together([empty, *({k: Done(*v) for k, v in one.done.items() if k in empty} for one in forms)])
    people = [one.people for one in forms if one.people is not None]
    dose = sum(one.dose for one in forms)
    result = delivered(plan.components, plan.rule, whole, dose)
    return Month(period, len(forms), plan, whole, sum(people) if people else None, result)


def ready(trial: Trial) -> bool:
    """Whether the trial can take values: its design is locked and its units are drawn."""
    locked = TrialLock.objects.filter(protocol__trial=trial, what=TrialLock.REGISTRATION).exists()
    return locked and trial.allocations.filter(practice=False).exists()


@transaction.atomic
def pass_on(*, by: str, site: Site, only: str = "") -> int:
    """Give the trial what the forms come to, month by month, where it differs from what the trial has. Returns how many values.

    Before units are drawn nothing is given; it is done afterwards, from the workspace, with everything until then.
    """
    if site.trial is None or not ready(site.trial):
        return 0
    had = {
        (one.period, one.measure): one.value for one in site.trial.delivered.filter(unit=site.unit).order_by("number")
    }
    told = [
        trials.Delivery(site.unit, month.period, measure, value, _day(month.period), f"Forms of the site {site.pk}")
        for month in months(site)
        if only in ("", month.period)
        for measure, what in month.plan.feeds
        if (value := value_of(month, what)) is not None and had.get((month.period, measure)) != value
    ]
    if told:
        trials.record_deliveries(by=by, trial=site.trial, told=told)
    return len(told)


def value_of(month: Month, what: str) -> float | None:
    """What of a month goes into a measure of the trial; None where it is not known."""
    if what == "score":
        return month.result.score
    if what == "dose":
        return float(month.result.dose)
    if what == "complied":
        return None if month.result.complied is None else float(month.result.complied)
    return month.result.shares.get(what.removeprefix("component:"))


def _day(period: str) -> datetime.date:
    """The last day of a month, or today while it lasts."""
    year, month = (int(part) for part in period.split("-"))
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return min(after - datetime.timedelta(days=1), timezone.localdate())
