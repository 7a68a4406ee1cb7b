"""How extracting is verified: findings rest on what contrasts hold, and recompute; what stands follows from answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.computing import compute
from whatworks.extract.models import (
    Answer,
    Appraisal,
    Coding,
    CodingFrame,
    Contrast,
    ContrastDetail,
    Decided,
    Finding,
    Judging,
    Regrouping,
)
from whatworks.extract.reconciling import drawn
from whatworks.ledger.models import Artefact, Event, Payload
from whatworks.ledger.verification import CLOSED_FORM, Difference, Report, check, check_digests, compare

STORED = ("metric", "yi", "vi", "n1", "n2")
ANSWER = "extract.answer"
TOLD = ("item", "unit", "status", "value")


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


@check("extract codings")
def check_codings(report: Report) -> None:
    """Frames, decisions and regroupings are as they were signed; answers as they were given; what stands follows."""
    signed: Iterable[tuple[Any, str]] = (
        (CodingFrame, "frames"),
        (ContrastDetail, "contrast details"),
        (Judging, "judgings"),
        (Regrouping, "regroupings"),
        (Decided, "decided values"),
    )
    for model, what in signed:
        check_digests(report, model.objects.all(), what)
    report.differences += _changed_answers(report)
    for coding in Coding.objects.filter(unblinded_at__isnull=False, sheets__isnull=False).distinct():
        report.count("codings")
        report.differences += _standing_otherwise(report, coding)


def _changed_answers(report: Report) -> Iterator[Difference]:
    """Answers that do not say what the event that made them says."""
    held = {one.pk: one for one in Answer.objects.iterator(2000)}
    events = Event.objects.filter(verb=ANSWER, payload__state=Payload.HELD).values_list("payload__body", flat=True)
    said: dict[str, dict[str, Any]] = {}
    for body in events.iterator(2000):
        said.update({key: one for key, one in json.loads(body).get("answers", {}).items() if key in held})
    for pk, one in held.items():
        report.count("answers")
        if pk in said:
            yield from (
                Difference(pk, name, getattr(one, name), said[pk].get(name))
                for name in TOLD
                if getattr(one, name) != said[pk].get(name)
            )


def _standing_otherwise(report: Report, coding: Coding) -> Iterator[Difference]:
    """Values that stand otherwise than the answers and decisions about them say."""
    last = {(one.item, one.unit): one for one in Decided.objects.standing().filter(coding=coding)}
    try:
        wanted = {cell: one.coded for cell, one in drawn(coding).items() if one.coded is not None}
    except InputError as error:
        yield Difference(coding.pk, str(error), None, None)
        return
    for cell in sorted({*last, *wanted}):
        row, told = last.get(cell), wanted.get(cell)
        stands = (row.status, row.value) if row else None
        follows = (told.status, told.plain()) if told else None
        if stands != follows:
            yield Difference(row.pk if row else coding.pk, f"{cell[0]} {cell[1]}".strip(), stands, follows)
