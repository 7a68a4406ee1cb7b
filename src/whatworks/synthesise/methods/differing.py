"""Do effects differ with what studies have in common? One declared moderator at a time: groups side by side, or a slope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.synthesise.methods.plan import MODERATORS

NUMBERS = ("months",)  # moderators that are numbers; the others are words
UNKNOWN = "not recorded"
FEWEST = 4  # results: below that a difference and what is left over cannot both be told
ECOLOGICAL = (
    "These are differences between studies: what goes with larger effects across studies need not hold for people within "
    "one, and other things that differ between the studies may lie behind it."
)
Inputs = Sequence[Mapping[str, Any]]


def differing(inputs: Inputs, moderator: str) -> dict[str, Any]:
    """Effects by a moderator, in the shape of the other choices: rows with estimates, and what they say together."""
    title = f"differences by {MODERATORS[moderator]}"
    known = [row for row in inputs if row.get(moderator) not in (None, "")] if moderator in NUMBERS else list(inputs)
    try:
        if len(known) < FEWEST:
            raise InputError(f"it needs at least {FEWEST} results that say so")
        rows, said = _slope(known, moderator) if moderator in NUMBERS else _groups(known, moderator)
    except InputError as error:
        rows, said = [{"what": title, "k": len(known), "why_not": str(error)}], "This could not be tried."
    left = len(inputs) - len(known)
    apart = f" {left} result{'' if left == 1 else 's'} without it left out." if left else ""
    return {"key": f"by:{moderator}", "title": title, "rows": rows, "said": said + apart}


def _slope(inputs: Inputs, moderator: str) -> tuple[list[dict[str, Any]], str]:
    from whatworks.synthesise.methods.regressing.regression import regress

    values = [[float(row[moderator])] for row in inputs]
    found = regress(*_effects(inputs), values, names=[moderator], interval="hksj-adhoc")
    slope = found.coefficients[1]
    row = {"what": f"for each of the {MODERATORS[moderator]} more", "estimate": slope.estimate}
    row |= {"k": len(inputs), "ci_low": slope.ci_low, "ci_high": slope.ci_high, "tau2": found.tau2, "i2": found.i2}
    return [row | {"why_not": ""}], f"{_test(slope.p)} {ECOLOGICAL}"


def _groups(inputs: Inputs, moderator: str) -> tuple[list[dict[str, Any]], str]:
    from whatworks.synthesise.methods.regressing.subgroups import subgroups

    words = [_word(row.get(moderator)) for row in inputs]
    if len(set(words)) < 2:
        raise InputError(f"all results are of one kind: {words[0]}")
    found = subgroups(*_effects(inputs), words)
    names = ("k", "estimate", "ci_low", "ci_high", "tau2", "i2")
    rows = [{"what": one.name, **{name: getattr(one, name) for name in names}, "why_not": ""} for one in found.groups]
    return rows, f"{_test(found.p)} {ECOLOGICAL}"


def _effects(inputs: Inputs) -> tuple[list[float], list[float]]:
    return [row["yi"] for row in inputs], [row["vi"] for row in inputs]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else UNKNOWN


def _test(p: float | None) -> str:
    return "No test of a difference." if p is None else f"The test of a difference gives p = {p:.3g}."
