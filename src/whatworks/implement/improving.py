"""What a team does to get better: small tests of change, numbers of its indicators, barriers with actions, interviews coded twice."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from whatworks.convene.guarding import take
from whatworks.errors import ConflictError, InputError
from whatworks.implement.delivering import NOTE
from whatworks.implement.methods.acting import PARTS
from whatworks.implement.models import Barrier, BarrierAction, Cycle, Insight, InsightCoding, Point, Site, SmallTest
from whatworks.implement.models.improving import ENDS, ROLES
from whatworks.implement.opening import plan_of
from whatworks.implement.wording import no_identifiers
from whatworks.ledger.actions import record
from whatworks.saying import said


def _today(on: datetime.date) -> None:
    if on > timezone.localdate():
        raise InputError(said("%(on)s is in the future.", on=on.isoformat()))


def _known(site: Site, indicator: str) -> None:
    if indicator not in [one.key for one in plan_of(site)[1].indicators]:
        raise InputError(said("The plan has no such indicator; add it to the plan first."))


def _short(text: str, most: int) -> str:
    words = " ".join(text.split())
    if not words or len(words) > most:
        raise InputError(said("Write a few words, %(most)s signs at most.", most=most))
    no_identifiers(words)
    return words


POINT = "implement.point"


@transaction.atomic
def add_point(*, by: str, site: Site, indicator: str, on: datetime.date, value: float) -> Point:
    """Keep one number of an indicator. Another one for the same day replaces it; the same again is one."""
    held, value = Site.objects.select_for_update().get(pk=site.pk), float(value)
    _known(held, indicator)
    _today(on)
    if not math.isfinite(value):
        raise InputError(said("The value is no number."))
    there = held.points.filter(indicator=indicator, on=on, replaced_by__isnull=True).first()
    if there is not None and there.value == value:
        return there
    made = Point.objects.create(
        id=Point.fresh(), site=held, indicator=indicator, on=on, value=value, replaces=there, by=by, at=timezone.now()
    )
    record(verb=POINT, by=by, about=[held, made], payload={"rows": {made.pk: made.row_digest()}})
    return made


@transaction.atomic
def open_test(*, by: str, site: Site, title: str, indicator: str) -> SmallTest:
    """Begin a small test of change, which one indicator of the plan would show."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    _known(held, indicator)
    number = held.tests.count() + 1
    made: SmallTest = SmallTest.objects.register(
        SmallTest.derived(held.pk, number), site=held, number=number, title=_short(title, 160), indicator=indicator,
        opened_on=timezone.localdate(),
    )  # fmt: skip
    record(verb="implement.test", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def plan_cycle(*, by: str, test: SmallTest, plan: str) -> Cycle:
    """Plan one turn: what is tried, with whom, and what is expected. The turn before must have ended."""
    held = SmallTest.objects.select_for_update().get(pk=test.pk)
    if held.cycles.filter(ended="").exists():
        raise ConflictError(said("The turn before has not ended; say first what was learnt in it."))
    made = Cycle.objects.create(
        id=Cycle.fresh(), test=held, number=held.cycles.count() + 1, planned_on=timezone.localdate(),
        plan=take(kind=NOTE, content=plan, by=by, about=held.subject),
    )  # fmt: skip
    record(verb="implement.cycle", by=by, about=[held.site, held])
    return made


@transaction.atomic
def end_cycle(*, by: str, cycle: Cycle, learnt: str, ended: str, done_on: datetime.date) -> Cycle:
    """Say what was learnt in a turn and what becomes of the idea. Said once."""
    held = Cycle.objects.select_for_update(of=("self",)).select_related("test").get(pk=cycle.pk)
    if held.ended:
        raise ConflictError(said("This turn has ended already; plan another."))
    if ended not in ENDS:
        raise InputError(said("Choose what becomes of the idea."))
    _today(done_on)
    held.learnt = take(kind=NOTE, content=learnt, by=by, about=held.test.subject)
    held.ended, held.done_on = ended, done_on
    held.save()
    record(verb="implement.learn", by=by, about=[held.test.site, held.test], payload={"ended": ended})
    return held


@transaction.atomic
def add_barrier(*, by: str, site: Site, part: str, title: str) -> Barrier:
    """Write down what stands in the way, with its part of COM-B."""
    if part not in PARTS:
        raise InputError(said("Choose the part of behaviour that it belongs to."))
    made = Barrier.objects.create(id=Barrier.fresh(), site=site, part=part, title=_short(title, 160))
    record(verb="implement.barrier", by=by, about=[site], made=[made])
    return made


@transaction.atomic
def add_action(*, by: str, barrier: Barrier, what: str, who: str, due: datetime.date) -> BarrierAction:
    """Plan something against a barrier: what, which role does it, by when."""
    made = BarrierAction.objects.create(
        id=BarrierAction.fresh(), barrier=barrier, what=_short(what, 200), who=_short(who, 80), due=due
    )
    record(verb="implement.action", by=by, about=[barrier.site], made=[made])
    return made


@transaction.atomic
def tick(*, by: str, action: BarrierAction) -> BarrierAction:
    """Say that an action is done."""
    if action.done_on is None:
        action.done_on = timezone.localdate()
        action.save(update_fields=["done_on"])
        record(verb="implement.action", by=by, about=[action.barrier.site], made=[action])
    return action


@transaction.atomic
def clear(*, by: str, barrier: Barrier) -> Barrier:
    """Say that a barrier is gone."""
    if barrier.gone_on is None:
        barrier.gone_on = timezone.localdate()
        barrier.save(update_fields=["gone_on"])
        record(verb="implement.barrier", by=by, about=[barrier.site], made=[barrier])
    return barrier


@transaction.atomic
def add_insight(*, by: str, site: Site, role: str, on: datetime.date) -> Insight:
    """Write down that an interview was held: the role and the day, nothing else."""
    held = Site.objects.select_for_update().get(pk=site.pk)
    _today(on)
    if role not in ROLES:
        raise InputError(said("Choose the role of whom you talked with."))
    number = held.insights.count() + 1
    made: Insight = Insight.objects.register(
        Insight.derived(held.pk, number), site=held, number=number, role=role, on=on
    )
    record(verb="implement.interview", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def code(*, by: str, insight: Insight, parts: Iterable[str]) -> InsightCoding:
    """Say which parts of COM-B are in an interview, alone. Raises ConflictError the second time, and from the third coder on."""
    held = Insight.objects.select_for_update().get(pk=insight.pk)
    chosen = sorted(set(parts))
    if unknown := [one for one in chosen if one not in PARTS]:
        raise InputError(said("“%(part)s” is no part that can be chosen.", part=unknown[0][:40]))
    there = list(held.codings.values_list("coder", flat=True))
    if by in there:
        raise ConflictError(said("You have coded this interview; what was said first stands."))
    if len(there) > 1:
        raise ConflictError(said("Two people have coded this interview already."))
    made = InsightCoding.objects.create(
        id=InsightCoding.fresh(), insight=held, coder=by, parts=chosen, at=timezone.now()
    )
    record(verb="implement.code", by=by, about=[held.site, held], made=[made])
    return made
