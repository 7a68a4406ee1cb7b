"""A page's outcomes as one summary-of-findings table, from the page as approved: what, from how many, how much, how sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.saying import said

HEAD = (
    said("Outcome"),
    said("From"),
    said("Out of 100 without it"),
    said("Out of 100 with it"),
    said("Result (95% interval)"),
    said("How sure"),
    said("What we say"),
)
CAPTION = said("Summary of findings: every outcome of this page, as approved.")
NOTHING = "\N{EN DASH}"


def summary(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The table; None where no outcome has a result that was put together."""
    outcomes = content["outcomes"]
    if not any(outcome["scale"] for outcome in outcomes):
        return None
    return {"caption": CAPTION, "head": list(HEAD), "rows": [_row(one) for one in outcomes], "numeric": [2, 3]}


def _row(outcome: Mapping[str, Any]) -> list[Any]:
    hundred, total = outcome["hundred"], _total(outcome)
    return [
        outcome["name"],
        outcome["eyebrow"] or NOTHING,
        f"{hundred['before']}" if hundred else NOTHING,
        f"{hundred['after']}" if hundred else NOTHING,
        [total, _scale(outcome)] if total else said("Not put together"),
        _sure(outcome),
        outcome["state"]["word"],
    ]


def _total(outcome: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result as the outcome's table prints it, with the thread that its sentence has."""
    trace = next((part["trace"] for part in outcome["sentence"] if isinstance(part, Mapping) and "trace" in part), None)
    if not outcome["scale"] or not trace:
        return None
    rows = (outcome["table"] or {}).get("total")
    return {"number": rows["text"] if rows else outcome["scale"]["label"], "trace": trace}


def _scale(outcome: Mapping[str, Any]) -> str:
    """What the result is measured in, as the outcome's own table says."""
    unit = (outcome["table"] or {}).get("unit", "").removesuffix(" (95% interval)")
    return f", {unit[0].lower()}{unit[1:]}" if unit else ""


def _sure(outcome: Mapping[str, Any]) -> list[Any]:
    sure = outcome["certainty"]
    if not sure:
        return [outcome["certainty_words"] or NOTHING]
    return [{"number": sure["word"], "trace": sure["trace"]}, f" (GRADE, {sure['by']})"]
