"""A row of a specification: what is given, what then follows, and because of which rule."""

from __future__ import annotations

from typing import Any, NamedTuple

from whatworks.rate import Outcome, evaluate
from whatworks.rate.schemes import load_scheme


class Row(NamedTuple):
    """Given this, then that, because of such a rule. The words of `given` become the name of the test."""

    given: str
    inputs: dict[str, Any]
    then: str | None
    because: str


def when_rated(scheme: str, row: Row, always: dict[str, Any]) -> Outcome:
    """The outcome of version 1 of a scheme; what a row leaves out is as in `always`, and None takes it away."""
    return evaluate(load_scheme(scheme, 1), {**always, **row.inputs})


def names(rows: list[Row]) -> list[str]:
    """The rows' names for the test report."""
    return [row.given for row in rows]


def holds(row: Row, outcome: Outcome) -> None:
    """What every row must show: level, deciding rule, a trail that ends in the level, a sentence in each step."""
    assert (outcome.level, outcome.decided_by) == (row.then, row.because)
    assert outcome.trail[-1].level == outcome.level
    assert all(step.sentence and "{" not in step.sentence for step in outcome.trail)
