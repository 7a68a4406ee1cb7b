"""The risk without the intervention: from the comparison groups of the studies that were pooled, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def comparison_group(inputs: Mapping[str, Any]) -> tuple[float, float] | None:
    """Events and people of a comparison group from raw inputs (counts, or a proportion and a size); None otherwise."""
    people = inputs.get("n2")
    if not people:
        return None
    if inputs.get("events2") is not None:
        return float(inputs["events2"]), float(people)
    for name in ("p2", "proportion2", "prop2"):
        if inputs.get(name) is not None:
            return float(inputs[name]) * float(people), float(people)
    return None


def pooled_baseline(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """Events over people of all comparison groups together; None when any of them does not tell."""
    events = people = 0.0
    for row in rows:
        group = comparison_group(row)
        if group is None:
            return None
        events, people = events + group[0], people + group[1]
    return events / people if people else None


def raw_words(inputs: Mapping[str, Any]) -> str:
    """The raw numbers in words, where they are counts, shares or means; empty otherwise."""
    if inputs.get("events1") is not None and inputs.get("events2") is not None:
        return f"{inputs['events1']:g} of {inputs['n1']:g} against {inputs['events2']:g} of {inputs['n2']:g}"
    for name in ("p", "proportion", "prop"):
        first, second = inputs.get(f"{name}1"), inputs.get(f"{name}2")
        if first is not None and second is not None:
            return f"{100 * first:.1f}% of {inputs['n1']:g} against {100 * second:.1f}% of {inputs['n2']:g}"
    for first, second in (("mean1", "mean2"), ("m1", "m2")):
        if inputs.get(first) is not None and inputs.get(second) is not None:
            return f"mean {inputs[first]:g} against {inputs[second]:g}"
    return ""
