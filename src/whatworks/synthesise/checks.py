"""How pooled results are verified: each recomputes from its frozen inputs; a current one takes the findings as they are."""

from __future__ import annotations

from typing import Any

from whatworks.extract.models import Finding
from whatworks.ledger.models import Artefact
from whatworks.ledger.verification import ITERATIVE, Report, check, check_digests, compare
from whatworks.synthesise.actions import inputs_of
from whatworks.synthesise.coded import recoded
from whatworks.synthesise.methods.coded import parts_of
from whatworks.synthesise.methods.otherwise import VERSION as SENSITIVITY_VERSION
from whatworks.synthesise.methods.otherwise import otherwise
from whatworks.synthesise.methods.running import VERSION, run_plan
from whatworks.synthesise.models import Declaration, PublishedResult, Sensitivity, Synthesis


@check("synthesise")
def check_syntheses(report: Report) -> None:
    """Recompute every stored pool; compare the inputs of current ones with the findings they name."""
    check_digests(report, Synthesis.objects.all(), "syntheses")
    check_digests(report, PublishedResult.objects.all(), "published results")
    fresh = set(Artefact.objects.current().filter(stale_event="").values_list("pk", flat=True))
    findings = {finding.pk: finding for finding in Finding.objects.select_related("contrast")}
    for synthesis in Synthesis.objects.select_related("analysis").iterator(200):
        for row in synthesis.inputs:
            finding = findings[row["finding"]]
            stored = {"yi": row["yi"], "vi": row["vi"]}
            held = {"yi": finding.contrast.sign * finding.yi, "vi": finding.vi}
            report.differences += compare(synthesis.pk, stored, held, 0.0, f"input {row['finding']}")
        if synthesis.pk in fresh:
            then, now = _uncoded(synthesis.inputs), _uncoded(inputs_of(synthesis.analysis))
            report.differences += compare(synthesis.pk, then, now, 0.0, "inputs")
            if recoded(synthesis):
                report.notes.append(f"{synthesis.pk}: coders decided otherwise since; run the analysis again.")
        if synthesis.version != VERSION:
            report.notes.append(
                f"{synthesis.pk}: the method has a newer version {VERSION}; stored with {synthesis.version}."
            )
            continue
        result = run_plan(synthesis.inputs, synthesis.settings)
        report.differences += compare(synthesis.pk, synthesis.result, result, ITERATIVE)


def _uncoded(inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inputs without what was coded: that may change while the effects stand, and is told apart from a fault."""
    return [{name: value for name, value in row.items() if parts_of(name) is None} for row in inputs]


@check("sensitivities")
def check_sensitivities(report: Report) -> None:
    """Recompute what other choices would have given; the declarations stand as they were made."""
    check_digests(report, Declaration.objects.all(), "declarations")
    check_digests(report, Sensitivity.objects.all(), "sensitivities")
    for one in Sensitivity.objects.select_related("synthesis").iterator(200):
        if one.version != SENSITIVITY_VERSION:
            report.notes.append(f"{one.pk}: the method has a newer version; stored with {one.version}.")
            continue
        again = otherwise(one.synthesis.inputs, one.synthesis.settings, one.keys)
        report.differences += compare(one.pk, one.result, again, ITERATIVE)
