"""What was given is shown as a reader would say it."""

from __future__ import annotations

import pytest

from whatworks.rate.methods.conditions import Value
from whatworks.rate.methods.inputs import blanks, shown
from whatworks.rate.methods.scheme import Input


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", None, "not given"),
        ("boolean", True, "yes"),
        ("boolean", False, "no"),
        ("integer", 1134, "1,134"),
        ("number", 16.6723, "16.7"),
        ("number", -2.6312, "-2.63"),
        ("number", -0.000396814817, "-0.000397"),  # never rounded to no difference
        ("number", 1e-9, "0.000000001"),  # never in powers of ten
        ("number", 12345.6, "12,346"),
        ("number", 0.0, "0"),
        ("text", "agreed with the panel", "agreed with the panel"),
        ("choice", "lower", "a lower number"),
    ],
)
def test_values_are_shown_plainly(kind: str, value: Value | None, words: str) -> None:
    """A number shown as 0 that is not 0, or as 1e-09, misleads."""
    choices = {"lower": "a lower number"} if kind == "choice" else {}
    assert shown(Input("x", "Some input.", kind, choices), value) == words


def test_blanks_finds_every_kind_and_every_stray_brace() -> None:
    """A blank that the loader overlooks would be printed as it stands."""
    assert blanks("{a} of {b:study|studies}, said {c.by}: {c.reason}") == ("a", "b", "c", "c")
    assert blanks("{a and } or {b.when}") == ("{", "}", "{", "}")
