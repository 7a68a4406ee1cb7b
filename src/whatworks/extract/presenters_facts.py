"""What is said of a study, its parts and its results, in words for the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from whatworks.extract.forms_entering import CLUSTERED
from whatworks.extract.forms_mending import INVOLVED
from whatworks.extract.models import Contrast, ContrastDetail, Measure, Study, StudyDetail

Pairs = list[tuple[str, str]]


def study_pairs(study: Study) -> Pairs:
    """A study's own facts by name; what is not said is left out."""
    told = [
        ("Design", study.design),
        ("Drawn by lot", "Yes" if study.randomised else "No"),
        ("Country", study.country),
        ("Place", study.place),
        ("When", study.years),
        ("Who took part", study.population),
        ("How many", f"{study.n_total:,} {study.unit or 'people'}" if study.n_total is not None else ""),
        ("Counted", study.unit if study.n_total is None else ""),
        ("To keep in mind", study.caution),
    ]
    return [pair for pair in told if pair[1]]


def support_pairs(study: Study) -> Pairs:
    """Who paid for a study and took part in it; empty where nothing is said."""
    row = StudyDetail.objects.filter(study=study).first()
    if row is None:
        return []
    told = [
        ("Paid for by", row.funder),
        ("Whoever paid", INVOLVED.get(row.funder_involved, "")),
        ("Who developed it", INVOLVED.get(row.developer_involved, "")),
        ("Interests", row.interests),
        ("Registration", row.registration),
        ("Drawn or grouped", row.clusters),
    ]
    return [pair for pair in told if pair[1]]


def measured_words(row: Measure) -> str:
    """An outcome as measured in a line.

    >>> from whatworks.scope.models import Outcome
    >>> measured_words(Measure(outcome=Outcome(name="Attendance"), instrument="Register", priority="primary"))
    'Attendance, by Register; primary.'
    """
    first = ", ".join(
        part
        for part in (
            row.outcome.name,
            f"by {row.instrument}" if row.instrument else "",
            f"told by {row.informant}" if row.informant else "",
            f"counted in {row.unit}" if row.unit else "",
            f"in {row.population}" if row.population else "",
        )
        if part
    )
    return "; ".join(part for part in (first, row.direction, row.priority) if part) + "."


def how_words(contrast: Contrast) -> list[str]:
    """When and how a result was measured and analysed, one short phrase each."""
    row: ContrastDetail | None = getattr(contrast, "detail", None)
    return [one for one in _how(contrast, row or ContrastDetail()) if one]


def _how(contrast: Contrast, row: ContrastDetail) -> Iterator[str]:
    start = contrast.months if row.months_from_baseline is None else row.months_from_baseline
    yield _months(start, "from the start")
    yield _months(row.months_from_end, "from the end of treatment")
    yield f"in {row.population}" if row.population else ""
    yield row.analysis_set if row.analysis_set != "not reported" else "who was analysed is not reported"
    yield _adjusted(row)
    yield CLUSTERED.get(row.clustering, "").lower()
    if row.icc is not None:
        yield f"ICC {row.icc:g} ({row.icc_source})"
    yield f"{row.cluster_size:g} in a cluster" if row.cluster_size is not None else ""


def _months(count: float | None, since: str) -> str:
    return "" if count is None else f"{count:g} month{'' if count == 1 else 's'} {since}"


def _adjusted(row: ContrastDetail) -> str:
    if row.adjusted is None:
        return f"adjusted for {row.adjusted_for}" if row.adjusted_for else ""
    if not row.adjusted:
        return "not adjusted"
    return f"adjusted for {row.adjusted_for}" if row.adjusted_for else "adjusted"
