"""What people say of the outcomes that a study measured: add one, and change it with the results that follow it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from whatworks.errors import ConflictError, InputError
from whatworks.extract.facts import fitting, plain_facts, refuse_unknown, set_facts
from whatworks.extract.following import tell
from whatworks.extract.models import Contrast, Measure, Study
from whatworks.extract.reconciling import redraw_study
from whatworks.extract.seen import refuse_moved_on
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event
from whatworks.saying import said
from whatworks.scope.models import Outcome

MEASURE_FACTS = ("outcome", "name", "instrument", "direction", "unit", "informant", "population", "priority", "order")
NAMELESS = said("An outcome as measured needs a name, such as what the report calls it.")
FOLLOWING = {"outcome": "outcome_id", "name": "measured"}  # what a result took from its outcome as measured


@transaction.atomic
def add_measure(*, by: str, study: Study, outcome: Outcome, name: str, key: str = "", **facts: Any) -> Measure:
    """Add an outcome as the study measured it, mapped to the outcomes framework."""
    refuse_unknown(facts, MEASURE_FACTS, said("An outcome as measured"))
    held = Study.objects.locked(study)
    identifier = Measure.derived("added", held.pk, key) if key else Measure.fresh()
    if done := Measure.objects.filter(pk=identifier).first():
        return done
    row = Measure(id=identifier, study=held)
    order = Measure.objects.filter(study=held).count() + 1
    set_facts(row, {"outcome": outcome, "name": name, "order": order, **facts})
    _check(row)
    row.save(force_insert=True)
    payload = {"measure": row.name, "outcome": outcome.pk}
    made = [row, *redraw_study(held)]
    record(verb="extract.add-measure", by=by, about=[held, outcome], made=made, payload=payload, audience=PUBLIC)
    return row


def _check(row: Measure) -> None:
    if not row.name:
        raise InputError(NAMELESS)
    alike = Measure.objects.filter(study=row.study_id, name=row.name, informant=row.informant).exclude(pk=row.pk)
    if alike.exists():
        raise ConflictError(
            said("This study has “%(name)s” already; say who told it, or give it another name.", name=row.name)
        )
    fitting(row)


@transaction.atomic
def change_measure(*, by: str, measure: Measure, why: str = "", seen: str = "", **facts: Any) -> Measure:
    """Change what is said of an outcome as measured; what it was before is in its history.

    Results that took their name or their outcome of the framework from it follow, and what rests on them is marked
    stale. `seen`: the state that was shown (`state_of` of its MEASURE_FACTS); ConflictError where it is another by now.
    """
    refuse_unknown(facts, MEASURE_FACTS, said("An outcome as measured"))
    study = Study.objects.locked(measure.study_id)
    held = Measure.objects.filter(pk=measure.pk).first()
    if held is None:
        raise ConflictError(said("This outcome is not part of the study any more; reload the page."))
    refuse_moved_on(seen, plain_facts(held, MEASURE_FACTS), said("this outcome"))
    before = set_facts(held, facts)
    if not before:
        return held
    _check(held)
    held.save()
    after = plain_facts(held, before)
    followed = _follow(held, before, after)
    payload = {"measure": held.name, "before": before, "after": after, "why": why.strip()}
    made = [held, *followed]
    event = record(verb="extract.change-measure", by=by, about=[study], made=made, payload=payload, audience=PUBLIC)
    if set(before) - {"order"}:
        _mark(held, event, followed)
    return held


def _follow(measure: Measure, before: dict[str, Any], after: dict[str, Any]) -> list[Contrast]:
    """The results of it that said the same of it as it said itself, put right with it."""
    changed = []
    for contrast in Contrast.objects.filter(detail__measure=measure).order_by("pk"):
        taken = [n for n in FOLLOWING if n in before and getattr(contrast, FOLLOWING[n]) == before[n]]
        for name in taken:
            setattr(contrast, FOLLOWING[name], after[name])
        if taken:
            contrast.save(update_fields=["outcome" if name == "outcome" else "measured" for name in taken])
            contrast.retitle()
            changed.append(contrast)
    return changed


def _mark(measure: Measure, event: Event, followed: list[Contrast]) -> None:
    mark_stale(*measure.contrasts.values_list("contrast", flat=True), event=event)
    for contrast in followed:
        tell(contrast, event)
