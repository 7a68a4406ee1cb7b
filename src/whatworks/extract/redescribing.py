"""Saying anew how a result was measured, analysed and placed; its numbers change by correcting them only."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError
from whatworks.extract.entering import DETAILS, check_contrast
from whatworks.extract.facts import fitting, plain_facts, refuse_unknown, set_facts
from whatworks.extract.following import tell
from whatworks.extract.models import Contrast, ContrastDetail, Study
from whatworks.extract.seen import refuse_moved_on
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said

# What is said of the result itself, and what stands beside it.
SAID = ("intervention", "outcome", "measured", "sign", "follow_up", "unit", "compared_with", "reported_direction",
        "place", "caution")  # fmt: skip
BESIDE = (*DETAILS, "arm", "comparison")
PRIVATE = ("quote", "rectangle")  # a public event holds no report's words


def contrast_facts(contrast: Contrast) -> dict[str, Any]:
    """What is said of a result beyond its numbers, as plain values."""
    row = ContrastDetail.objects.filter(contrast=contrast).first() or ContrastDetail(contrast=contrast)
    return plain_facts(contrast, SAID) | plain_facts(row, BESIDE)


@transaction.atomic
def describe_contrast(*, by: str, contrast: Contrast, why: str = "", seen: str = "", **facts: Any) -> ContrastDetail:
    """Change what is said of a result: whom and what it compares, when and how, or its place. Never its numbers.

    What rests on it is marked stale, and so is every analysis that asks for what it is now. `seen`: the state that was
    shown (`state_of` of `contrast_facts`); ConflictError where it is another by now.
    """
    refuse_unknown(facts, (*SAID, *BESIDE), said("A contrast"))
    Study.objects.locked(contrast.study_id)
    held = Contrast.objects.select_for_update().get(pk=contrast.pk)
    if held.study_id != contrast.study_id:
        raise ConflictError(said("This result was moved to another study; reload the page."))
    refuse_moved_on(seen, contrast_facts(held), said("what is said of this result"))
    row: ContrastDetail | None = ContrastDetail.objects.filter(contrast=held).first()
    made = row or ContrastDetail(id=ContrastDetail.derived(held.pk), contrast=held, by=by, at=timezone.now())
    facts = _with_measure(held, made, facts)
    told = set_facts(held, {name: value for name, value in facts.items() if name in SAID})
    beside = set_facts(made, {name: value for name, value in facts.items() if name in BESIDE})
    if row is not None and not {**told, **beside}:
        return row
    if "months_from_baseline" in beside and held.months == beside["months_from_baseline"]:
        held.months = made.months_from_baseline
    check_contrast(held, (made.arm, made.comparison), {name: getattr(made, name) for name in DETAILS})
    for one in (held, made):
        fitting(one)
    held.save()
    held.retitle()
    made.save(force_insert=row is None)
    _told(by, held, made, (told, beside), why)
    return made


def _with_measure(contrast: Contrast, detail: ContrastDetail, facts: dict[str, Any]) -> dict[str, Any]:
    """With another outcome as measured go its name and its outcome of the framework, where nothing else is said."""
    measure, was = facts.get("measure"), detail.measure
    if measure is None or measure == was:
        return facts
    follows = {"measured": measure.name} if was is None or contrast.measured == was.name else {}
    if was is None or contrast.outcome_id == was.outcome_id:
        follows["outcome"] = measure.outcome
    return follows | facts


def _told(
    by: str, contrast: Contrast, detail: ContrastDetail, before: tuple[dict[str, Any], dict[str, Any]], why: str
) -> None:
    said, beside = before
    shown = [name for name in beside if name not in PRIVATE]
    after = plain_facts(contrast, said) | plain_facts(detail, shown)
    payload = {"before": said | {n: beside[n] for n in shown}, "after": after, "why": why.strip()}
    event = record(
        verb="extract.describe",
        by=by,
        about=[contrast.study_id],
        made=[contrast, detail],
        payload=payload,
        audience=PUBLIC,
    )
    if set(after) - {"page", "place"}:
        mark_stale(contrast.pk, event=event)
        tell(contrast, event)
