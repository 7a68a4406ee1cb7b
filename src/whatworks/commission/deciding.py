"""What is decided on each application, apart from what assessors said; and what the public is told when a call is decided."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.commission.calling import EVERY, locked, move
from whatworks.commission.methods.authorities import denominator
from whatworks.commission.methods.ranking import ABOVE, BELOW, TIED
from whatworks.commission.methods.rules import Rules
from whatworks.commission.methods.workflow import APPLICATION, step
from whatworks.commission.models import Application, Award, Call, CallOutcome, Determination, LotDraw
from whatworks.commission.models.awards import ELSEWHERE
from whatworks.commission.weighing import Weighed, weighed
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record, record_node
from whatworks.people.models import Area, Organisation
from whatworks.saying import said

FEW = 5  # a region with fewer applications than this is not told apart: it could show who applied
STATES = {Determination.CHOSEN: "choose", Determination.RESERVE: "hold in reserve", Determination.DECLINED: "decline"}


def came_out(application: Application, found: Weighed) -> str:
    """What the numbers give for an application: by the lot where there was one, else by the best set; without either, declined."""
    drawn = LotDraw.objects.filter(call=application.call).first()
    if drawn is not None and found.line is not None:
        from whatworks.commission.lots import taken_of

        stands = found.line.stands.get(application.pk, BELOW)
        chosen = stands == ABOVE or (stands == TIED and application.pk in taken_of(application.call))
    else:
        best = found.portfolio.chosen if found.portfolio else None
        chosen = best is not None and application.pk in best.names
    return Determination.CHOSEN if chosen else Determination.DECLINED


@transaction.atomic
def determine(
    *, by: str, application: Application, decision: str, why: str = "", reasons: str = "", feedback: str = ""
) -> Determination:
    """Decide on an application. Where the decision departs from what came out, `why` is needed; a chosen one needs public `reasons`."""
    held = Application.objects.select_for_update().select_related("call").get(pk=application.pk)
    if held.call.state != "deciding":
        raise ConflictError(
            said("Applications are decided on after scoring has ended and before the call is announced.")
        )
    if decision not in STATES:
        raise InputError(said("An application is chosen, held in reserve or declined."))
    out = came_out(held, weighed(held.call))
    if decision != out and not why.strip():
        raise InputError(said("This departs from what came out (%(out)s); say why, it stays on record.", out=out))
    if decision == Determination.CHOSEN and not reasons.strip():
        raise InputError(said("Say in public words why it is chosen."))
    if held.state != decision:
        held.state = step(APPLICATION, held.state, STATES[decision], EVERY).to
        held.save(update_fields=["state"])
    told = {
        "decision": decision, "came_out": out, "why": why.strip(), "reasons": reasons.strip(), "feedback": feedback.strip(),
        "by": by, "at": timezone.now(),
    }  # fmt: skip
    made, _new = Determination.objects.update_or_create(
        application=held, defaults=told, create_defaults={"id": Determination.fresh(), **told}
    )
    record_node(verb="commission.determine", by=by, about=[held.call, held], payload={"departs": decision != out})
    return made


@transaction.atomic
def announce(*, by: str, call: Call, at: datetime.datetime | None = None) -> CallOutcome:
    """Announce: awards are made, the public reads who was chosen and why, each applicant their feedback. Once."""
    held, now = locked(call), at or timezone.now()
    rules = held.rules()
    judged = list(held.applications.judged().select_related("determination"))
    if not all(hasattr(one, "determination") for one in judged):
        raise ConflictError(said("Not every application is decided on yet."))
    chosen = [one for one in judged if one.state == Determination.CHOSEN]
    if sum(one.cost or 0 for one in chosen) > rules.about.budget:
        raise ConflictError(said("The applications chosen cost more than the budget of the call; mend the decisions."))
    found = weighed(held)
    move(held, "announce")
    awards = [_award(one, timezone.localdate(now)) for one in chosen]
    made = CallOutcome.objects.create(
        id=CallOutcome.derived(held.pk), call=held, counts=_counts(held), coverage=coverage(held, rules),
        reliability=_agreement(found), breadth=_breadth(found), by=by, at=now,
    )  # fmt: skip
    Determination.objects.filter(application__call=held).update(told_at=now)
    record(verb="commission.announce", by=by, about=[held], made=[made, *awards])
    return made


def _award(application: Application, day: datetime.date) -> Award:
    made: Award = Award.objects.register(
        Award.derived(application.pk),
        call=application.call,
        application=application,
        title=f"{application.call.title}: {application.body}"[:300],
        body=application.body,
        organisation=application.organisation,
        area=application.area,
        groups=application.groups,
        amount=application.cost,
        announced_on=day,
        reasons=application.determination.reasons,
        demonstration=application.call.demonstration,
    )
    return made


def _counts(call: Call) -> dict[str, int]:
    held = call.applications.handed_in()
    overridden = Determination.objects.filter(application__in=call.applications.judged())
    return {
        "received": held.count(),
        "eligible": call.applications.judged().count(),
        "chosen": held.filter(state=Determination.CHOSEN).count(),
        "departures": sum(one.decision != one.came_out for one in overridden),
    }


def coverage(call: Call, rules: Rules) -> dict[str, Any]:
    """Who applied, in aggregate: by each group of the call, small numbers not told; and how many authorities did not apply."""
    held = list(call.applications.handed_in().select_related("area"))
    groups = {}
    for group in rules.groups:
        counts = Counter(one.groups.get(group.key) for one in held)
        groups[group.title] = told_apart({value: counts[value] for value in group.values})
    applied = len({one.area_id for one in held if one.area_id})
    there = denominator(rules.about.closes.date())
    authorities = {
        "applied": applied,
        "of": there.number,
        "since": there.since.isoformat(),
        "confirmed": there.confirmed,
    }
    return {"groups": groups, "few": FEW, "authorities": None if call.demonstration else authorities}


def told_apart(counts: dict[str, int]) -> dict[str, int | None]:
    """Counts, with those below FEW untold; where that would leave one alone, which the total gives away, the next smallest too.

    >>> told_apart({"coast": 3, "inland": 9, "moor": 30}), told_apart({"coast": 8, "inland": 9})
    ({'coast': None, 'inland': None, 'moor': 30}, {'coast': 8, 'inland': 9})
    """
    hidden = {value for value, count in counts.items() if count < FEW}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min((value for value in counts if value not in hidden), key=lambda value: counts[value]))
    return {value: None if value in hidden else count for value, count in counts.items()}


def _agreement(found: Weighed) -> dict[str, Any]:
    """Aggregate reliability: nothing about any one assessor or application."""
    held = found.reliability
    if held is None:
        return {"problems": list(found.problems)}
    names = "scores applications assessors icc low high usual of_mean of_mean_low of_mean_high level"
    told = {name: getattr(held, name) for name in names.split()}
    steady = found.sensitivity.steady if found.sensitivity else None
    tied = len(found.line.tied) if found.line else None
    return {**told, "tied": tied, "steady": steady}


def _breadth(found: Weighed) -> dict[str, Any]:
    """The price of breadth; the rules by name with what each costs, and no application."""
    best = found.portfolio
    if best is None or best.chosen is None or best.free is None:
        return {"conflict": list(best.conflict) if best else []}
    rules = [{"rule": one.rule, "gain": one.gain} for one in best.swaps]
    return {"free": best.free.score, "chosen": best.chosen.score, "price": best.price, "rules": rules}


@transaction.atomic
def record_award(
    *, by: str, call: Call, body: str, title: str, source: str, source_url: str = "", area: Area | None = None,
    organisation: Organisation | None = None, groups: dict[str, str] | None = None, amount: int | None = None,
    announced_on: datetime.date | None = None, starts_on: datetime.date | None = None, ends_on: datetime.date | None = None,
) -> Award:  # fmt: skip
    """Keep an award that was made before this record began, as published, with its source."""
    if not call.elsewhere:
        raise ConflictError(said("An award of a call that is run here comes from its decision."))
    if not (body.strip() and source.strip()):
        raise InputError(said("An award needs the body that has it and the source that says so."))
    made: Award = Award.objects.register(
        Award.derived(call.pk, body.strip()), call=call, body=body.strip(), title=title.strip(), source=source.strip(),
        source_url=source_url, area=area, organisation=organisation, groups=groups or {}, amount=amount,
        announced_on=announced_on, starts_on=starts_on, ends_on=ends_on, state=ELSEWHERE,
        demonstration=call.demonstration,
    )  # fmt: skip
    record(verb="commission.award", by=by, about=[call], made=[made])
    return made
