"""Linked: studies with their codings as JSON-LD, in the shape of the evrepo vocabulary. Conformance is not claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.coding.frame import CODED, NOT_APPLICABLE, NOT_REPORTED
from whatworks.extract.methods.coding.tables import Told
from whatworks.saying import said

VOCABULARY = "urn:whatworks:in-the-shape-of-evrepo#"
SAYS = "In the shape of the evrepo vocabulary. No conformance is claimed."
STATUS_WORDS = {CODED: "coded", NOT_APPLICABLE: "notApplicable", NOT_REPORTED: "notReported"}
_STATUS_BACK = {word: status for status, word in STATUS_WORDS.items()}
CONTEXT: dict[str, Any] = {
    "@vocab": VOCABULARY,
    "id": "@id",
    "type": "@type",
    "hasFinding": {"@container": "@set"},
    "hasCodedValue": {"@container": "@set"},
    "hasObservedResult": {"@container": "@set"},
    "isReportedIn": {"@type": "@id", "@container": "@set"},
}


@dataclass(frozen=True, slots=True)
class Observed:
    """What was observed in one arm: any of n, mean, sd, se, events, preMean, preSd, clusterCount, icc."""

    arm: str
    numbers: Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class Estimated:
    """One effect: metric, point, standard error, and whether baseline and clustering were adjusted for (None: unsaid)."""

    identifier: str
    metric: str
    point: float
    se: float
    source: str = "computed"
    baseline_adjusted: bool | None = None
    clustering_adjusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: what was compared with what on which outcome, in what context, and the numbers."""

    identifier: str
    evaluates: str
    compared_to: str
    outcome: str
    measured: str
    context: Mapping[str, str | float]
    observed: Sequence[Observed] = ()
    effects: Sequence[Estimated] = ()


@dataclass(frozen=True, slots=True)
class Investigated:
    """One study: its reports, findings and coded values."""

    identifier: str
    name: str
    reports: Sequence[str] = ()
    findings: Sequence[Found] = ()
    values: Sequence[Told] = field(default=())


def linked(studies: Iterable[Investigated]) -> dict[str, Any]:
    """One JSON-LD document: `@context` and a `@graph` with an Investigation for each study."""
    return {"@context": CONTEXT, "description": SAYS, "@graph": [_investigation(one) for one in studies]}


def _investigation(one: Investigated) -> dict[str, Any]:
    return {
        "id": one.identifier,
        "type": "Investigation",
        "name": one.name,
        "isReportedIn": list(one.reports),
        "hasFinding": [_finding(found) for found in one.findings],
        "hasCodedValue": [_value(told) for told in one.values],
    }


def _finding(one: Found) -> dict[str, Any]:
    return {
        "id": one.identifier,
        "type": "Finding",
        "evaluates": {"type": "Condition", "name": one.evaluates},
        "comparedTo": {"type": "Condition", "name": one.compared_to},
        "hasOutcome": {"type": "Outcome", "name": one.outcome, "measuredAs": one.measured},
        "hasContext": {"type": "Context", **one.context},
        "hasObservedResult": [{"type": "ObservedResult", "forArm": it.arm, **it.numbers} for it in one.observed],
        "hasEffectEstimate": [_effect(it) for it in one.effects],
    }


def _effect(one: Estimated) -> dict[str, Any]:
    return {
        "id": one.identifier,
        "type": "EffectEstimate",
        "metric": one.metric,
        "pointEstimate": one.point,
        "standardError": one.se,
        "baselineAdjusted": one.baseline_adjusted,
        "clusteringAdjusted": one.clustering_adjusted,
        "source": one.source,
    }


def _value(told: Told) -> dict[str, Any]:
    held = told.plain()
    where = [f"page {told.page}" if told.page else "", told.place, told.report]
    value = {
        "type": "CodedValue",
        "codes": told.item,
        "name": told.label,
        "frame": told.frame,
        "frameVersion": told.version,
        "about": told.unit or told.study,
        "status": STATUS_WORDS[told.coded.status],
        "value": held["value"],
        "supportingText": told.quote,
        "sourceLocation": ", ".join(part for part in where if part),
        "page": told.page,
        "place": told.place,
        "codedBy": told.coder or told.how,
        "codedAt": told.at,
    }
    return {name: one for name, one in value.items() if one not in ("", None)}


def read_linked(document: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The coded values of such a document as numbered rows, which `tables.read_rows` takes. Raises InputError."""
    graph = document.get("@graph") if isinstance(document, Mapping) else None
    if not isinstance(graph, list):
        raise InputError(
            said("This JSON-LD has no @graph with investigations; export it again, or import another file.")
        )
    number = 0
    for study in graph:
        values = study.get("hasCodedValue", []) if isinstance(study, Mapping) else []
        for held in values if isinstance(values, list) else []:
            number += 1
            if not isinstance(held, Mapping) or held.get("status") not in _STATUS_BACK:
                raise InputError(
                    said(
                        "Value %(number)s of the JSON-LD has no status of %(status_back)s.",
                        number=number,
                        status_back=", ".join(_STATUS_BACK),
                    )
                )
            yield number, _row(str(study.get("id", "")), held)


def _row(study: str, held: Mapping[str, Any]) -> dict[str, Any]:
    about = str(held.get("about", study))
    return {
        "study": study,
        "item": held.get("codes"),
        "unit": "" if about == study else about,
        "frame": held.get("frame"),
        "version": held.get("frameVersion"),
        "status": _STATUS_BACK[held["status"]],
        "value": held.get("value"),
        "page": held.get("page"),
        "quote": held.get("supportingText"),
        "place": held.get("place"),
    }
