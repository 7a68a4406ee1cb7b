"""What people do with a study's numbers: have findings computed, correct a raw number, saying why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from whatworks.errors import InputError
from whatworks.extract.methods.computing import Computed, compute, formula_for
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.actions import computed, freshen, mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Artefact
from whatworks.saying import said


def current_finding(contrast: Contrast, formula: str) -> Finding | None:
    """The finding that stands for a contrast by a formula now."""
    return contrast.findings.filter(formula=formula, subject__artefact__superseded_by="").first()


def ground(contrast: Contrast) -> dict[str, Any]:
    """What a finding is computed from: the formula's inputs as the contrast holds them."""
    return dict(contrast.inputs)


@transaction.atomic
def compute_findings(*, by: str, contrasts: Iterable[Contrast], metric: str = "") -> list[Finding]:
    """Compute what is not computed yet, or no longer holds. Without a metric, each contrast's own formula is used.

    Returns the findings made; what is already right is left alone.
    """
    made = []
    for contrast in contrasts:
        if not contrast.formula:
            continue
        name = formula_for(contrast.formula, ground(contrast), metric)
        held = current_finding(contrast, name)
        result = compute(name, ground(contrast))
        if held and (held.inputs, held.version) == (ground(contrast), result.version):
            freshen(held.pk)
            continue
        made.append(_keep(contrast, result, held))
    if made:
        record(verb="extract.compute", by=by, made=made, payload={"findings": len(made)}, audience=PUBLIC)
    return made


def _keep(contrast: Contrast, result: Computed, held: Finding | None) -> Finding:
    finding = Finding.objects.register(
        Finding.derived(
            contrast.pk, result.formula, result.version, sorted(ground(contrast).items()), _times(contrast)
        ),
        contrast=contrast,
        formula=result.formula,
        version=result.version,
        inputs=ground(contrast),
        metric=result.metric,
        yi=result.yi,
        vi=result.vi,
        n1=result.n1,
        n2=result.n2,
    )
    computed(
        output=finding,
        method=f"extract.{result.formula}",
        version=result.version,
        inputs=finding.inputs,
        rests_on=[contrast.pk, contrast.study_id, contrast.report_id],
        replaces=held.pk if held else "",
    )
    return finding


def _times(contrast: Contrast) -> int:
    """How often the contrast has been computed: a number corrected there and back makes a third finding, not a twin."""
    return contrast.findings.count()


@transaction.atomic
def correct(*, by: str, contrast: Contrast, inputs: dict[str, Any], reason: str) -> list[str]:
    """Put a raw number right. Everything that rests on it is marked stale; old findings stay as they were.

    Returns the identifiers marked stale. The new findings are computed by whoever refreshes what is stale.
    """
    if not reason.strip():
        raise InputError(said("A correction needs its reason: say what the report prints and where."))
    contrast = Contrast.objects.select_for_update().get(pk=contrast.pk)
    before = ground(contrast)
    if inputs == before:
        raise InputError(said("These are the numbers already held; nothing to correct."))
    if contrast.formula:
        compute(contrast.formula, inputs)  # refuses impossible numbers before anything is written
    contrast.inputs = inputs
    contrast.save(update_fields=["inputs"])
    event = record(
        verb="extract.correct",
        by=by,
        about=[contrast.study_id],
        made=[contrast],
        payload={"before": before, "after": inputs, "reason": reason.strip()},
        audience=PUBLIC,
    )
    Artefact.objects.current().filter(pk__in=contrast.findings.values("pk")).update(stale_event=event.uid)
    return mark_stale(contrast.pk, event=event)
