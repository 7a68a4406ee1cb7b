"""What a page holds for “What could it mean here?”: its outcomes, who was in the studies, and why some give no number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from whatworks.extract.models import Contrast, ContrastDetail
from whatworks.publish.methods.locally import BARE, NOTHING, reasons, refusal, tallied
from whatworks.publish.methods.starting import start_of
from whatworks.publish.page.absolute import baseline_of, in_hundred
from whatworks.publish.page.naming import name_of, three_of
from whatworks.rate.gathering import Ground

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
UNSAFE = "We do not know whether children were safer, so fewer or more cannot be read as good or bad."
BESIDE = f"Read it with what is known about children{APOSTROPHE}s safety, which stands beside this outcome above."


def local(held: Sequence[Ground], *, safety_known: bool) -> dict[str, Any]:
    """Every outcome of a page that a reader may ask about, each with its numbers or with why there is none."""
    measures: dict[str, dict[str, Any]] = {}
    for ground in held:
        one = _measure(ground, BESIDE if safety_known else UNSAFE)
        measures.setdefault(one["name"], one)
    made = list(measures.values())
    return {"measures": made, "refused": reasons(made)}


def _measure(ground: Ground, safety: str) -> dict[str, Any]:
    key = ground.analysis.pk if ground.analysis else ground.outcome.pk
    base = {"key": key, "name": name_of(ground)}
    if ground.default is None:
        return base | {"refused": _unpooled(ground)}
    taken = {row["contrast"] for row in ground.default.inputs}
    rows = [row for row in ground.contrasts if row.pk in taken]
    studies = {row.study_id: row.study for row in rows}
    three, unit = in_hundred(ground.default), ground.declared.unit
    units = {unit, *(row.unit for row in rows if row.unit)}
    why = refusal(studies=len(studies), three=three, happens=bool(ground.outcome.happened), units=units)
    if why or three is None:
        return base | {"refused": why}
    return base | {
        "refused": None,
        "unit": unit,
        "noun": "trials" if all(one.randomised for one in studies.values()) else "studies",
        "studies": len(studies),
        "low": three.low,
        "high": three.high,
        "per": 100,
        "happened": ground.outcome.happened or "had this outcome",
        "safety": safety if ground.outcome.contact else "",
        "definition": definition(rows, unit),
        "trace": ground.result.pk,
        "start": start_of(three_of(ground.default), ground.declared.metric, baseline_of(ground.default)),
    }


def _unpooled(ground: Ground) -> str:
    bare = any(one.estimate is not None and one.ci_low is None for one in ground.published)
    return BARE if bare and not ground.contrasts else NOTHING


def definition(rows: Sequence[Contrast], unit: str) -> list[dict[str, Any]]:
    """Who counts, by the studies' own words: people, unit, country, comparison, measure and time, or that it is not recorded."""
    details = {
        one.contrast_id: one
        for one in ContrastDetail.objects.filter(contrast__in=rows)
        .select_related("measure", "comparison")
        .order_by("pk")
    }

    def said(name: str, words: Callable[[Contrast, ContrastDetail | None], str]) -> dict[str, Any]:
        return {"name": name, "items": tallied((row.study_id, words(row, details.get(row.pk))) for row in rows)}

    return [
        said("Who they were", _people),
        {"name": "What was counted", "items": [unit[:1].upper() + unit[1:]]},
        said("Where", lambda row, detail: row.study.country),
        said("Compared with", _compared),
        said("What was measured", lambda row, detail: row.measured),
        said("Follow-up", lambda row, detail: row.follow_up or (f"{row.months:g} months" if row.months else "")),
    ]


def _people(row: Contrast, detail: ContrastDetail | None) -> str:
    measured = detail.measure.population if detail and detail.measure else ""
    return (detail.population if detail else "") or measured or row.study.population


def _compared(row: Contrast, detail: ContrastDetail | None) -> str:
    return row.compared_with or (detail.comparison.name if detail and detail.comparison else "")
