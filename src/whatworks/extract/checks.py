"""How raw numbers and findings are verified: current findings rest on what the contrasts hold, and recompute."""

from __future__ import annotations

from whatworks.errors import InputError
from whatworks.extract.methods.computing import compute
from whatworks.extract.models import Appraisal, Contrast, Finding
from whatworks.ledger.models import Artefact
from whatworks.ledger.verification import CLOSED_FORM, Difference, Report, check, check_digests, compare

STORED = ("metric", "yi", "vi", "n1", "n2")


@check("extract")
def check_findings(report: Report) -> None:
    """Every finding is what its formula gives; every current one rests on the numbers now held."""
    check_digests(report, Contrast.objects.all(), "contrasts")
    check_digests(report, Finding.objects.all(), "findings")
    check_digests(report, Appraisal.objects.all(), "appraisals")
    current = set(Artefact.objects.current().filter(stale_event="").values_list("pk", flat=True))
    for finding in Finding.objects.select_related("contrast").iterator(500):
        if finding.pk in current:
            report.differences += compare(
                finding.contrast_id, finding.contrast.inputs, finding.inputs, 0.0, "raw numbers"
            )
        report.differences += _recomputed(report, finding)


def _recomputed(report: Report, finding: Finding) -> list[Difference]:
    try:
        result = compute(finding.formula, finding.inputs)
    except InputError as error:
        return [Difference(finding.pk, str(error), finding.yi, None)]
    if result.version != finding.version:
        report.notes.append(
            f"{finding.pk}: {finding.formula} has a newer version {result.version}; stored with {finding.version}."
        )
        return []
    stored = {name: getattr(finding, name) for name in STORED}
    return list(compare(finding.pk, stored, {name: getattr(result, name) for name in STORED}, CLOSED_FORM))
