"""What people do with findings: run a declared analysis, freezing its result with everything it was computed from."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from whatworks.extract.actions import compute_findings, current_finding
from whatworks.extract.methods.computing import formula_for
from whatworks.extract.models import Finding
from whatworks.ledger.actions import computed, freshen, record
from whatworks.ledger.fields import PUBLIC
from whatworks.synthesise.methods.running import METHOD, VERSION, run_pool
from whatworks.synthesise.models import Analysis, Synthesis


def settings_of(analysis: Analysis, role: str) -> dict[str, Any]:
    """The model and interval of a role: the house default, or what the review's authors used."""
    settings = {"model": analysis.model, "tau2": analysis.tau2, "metric": analysis.metric}
    if role == Synthesis.AS_PUBLISHED:
        # The published fits stopped where metafor's default does, about 1e-5 short of the best variance between studies.
        return settings | {"interval": analysis.published_interval, "stop": "metafor"}
    # Hartung and Knapp's interval can come out narrower than the normal one when few results happen to be alike.
    floor = {"floor": "wald"} if analysis.interval == "hksj" else {}
    return settings | {"interval": analysis.interval} | floor


def inputs_of(analysis: Analysis) -> list[dict[str, Any]]:
    """The findings an analysis takes, as they stand, in a fixed order."""
    rows = []
    for member in analysis.members.select_related("contrast__study", "contrast__report").order_by("contrast_id"):
        contrast = member.contrast
        if not contrast.poolable:
            continue  # its report was retracted, or somebody found it unsafe, after the analysis was declared
        finding = current_finding(contrast, formula_for(contrast.formula, contrast.inputs, analysis.metric))
        if finding is not None:
            rows.append(_as_input(finding, contrast.sign))
    return rows


def _as_input(finding: Finding, sign: int) -> dict[str, Any]:
    contrast = finding.contrast
    people = contrast.n_total or (finding.n1 + finding.n2 if finding.n1 and finding.n2 else None)
    return {
        "finding": finding.pk,
        "contrast": contrast.pk,
        "study": contrast.study.name,
        "yi": sign * finding.yi,
        "vi": finding.vi,
        "n": people,
    }


@transaction.atomic
def run(*, by: str, analysis: Analysis) -> list[Synthesis]:
    """Run a declared analysis in each of its roles. Returns the results made; what still holds is left alone."""
    members = [member.contrast for member in analysis.members.select_related("contrast")]
    compute_findings(by=by, contrasts=members, metric=analysis.metric)
    inputs = inputs_of(analysis)
    roles = [Synthesis.DEFAULT] + ([Synthesis.AS_PUBLISHED] if analysis.published_interval else [])
    made = [new for role in roles if (new := _run_role(analysis, role, inputs)) is not None]
    if made:
        record(verb="synthesise.run", by=by, about=[analysis], made=made, audience=PUBLIC)
    return made


def _run_role(analysis: Analysis, role: str, inputs: list[dict[str, Any]]) -> Synthesis | None:
    settings = settings_of(analysis, role)
    held = analysis.syntheses.current().filter(role=role).first()
    if held and (held.inputs, held.settings, held.version) == (inputs, settings, VERSION):
        freshen(held.pk)
        return None
    if not inputs:
        return None  # nothing to pool: the result held, if any, stays stale until a person looks
    synthesis = Synthesis.objects.register(
        Synthesis.derived(analysis.pk, role, analysis.syntheses.filter(role=role).count()),
        analysis=analysis,
        role=role,
        method=METHOD,
        version=VERSION,
        settings=settings,
        inputs=inputs,
        result=run_pool(inputs, settings),
    )
    computed(
        output=synthesis,
        method=METHOD,
        version=VERSION,
        inputs={"settings": settings, "inputs": inputs},
        rests_on=[analysis.pk, *(row["finding"] for row in inputs)],
        replaces=held.pk if held else "",
    )
    return synthesis
