"""The thread from a published number down to its source: result, findings, raw numbers, report, search. As plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.models import Finding
from whatworks.ledger.models import Subject
from whatworks.publish.tracing.findings import contrast_steps, finding_steps
from whatworks.publish.tracing.others import external_steps, judgement_steps, published_steps, rating_steps
from whatworks.publish.tracing.parts import Step, history
from whatworks.publish.tracing.results import synthesis_steps
from whatworks.saying import said

THREADS: dict[str, Callable[[str], tuple[str, list[Step]]]] = {
    "synthesis": synthesis_steps,
    "finding": finding_steps,
    "contrast": contrast_steps,
    "published result": published_steps,
    "rating": rating_steps,
    "judgement": judgement_steps,
    "external rating": external_steps,
}


def trace(identifier: str) -> dict[str, Any]:
    """The thread for anything that a published number can point at. InputError for what has no thread."""
    subject = Subject.objects.filter(pk=identifier).first()
    if subject is None or subject.kind not in THREADS:
        raise InputError(
            said("Nothing is traced under %(identifier)s; go back to the page you came from.", identifier=identifier)
        )
    title, steps = THREADS[subject.kind](identifier)
    return {
        "title": title,
        "identifier": identifier,
        "steps": [*steps, history(identifier)],
        "correct": _raw_numbers(subject),
        "sign": identifier if subject.kind in ("rating", "synthesis") else "",
    }


def _raw_numbers(subject: Subject) -> str:
    """The contrast whose raw numbers a coder could put right from here; empty where there is none."""
    if subject.kind == "finding":
        return str(Finding.objects.values_list("contrast_id", flat=True).get(pk=subject.pk))
    return str(subject.pk) if subject.kind == "contrast" else ""
