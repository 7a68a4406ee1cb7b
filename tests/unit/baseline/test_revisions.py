"""Releases beside each other: England's as others counted their revisions, symbols, and what is empty."""

from __future__ import annotations

import pytest

from tests.shared import needs_shared
from tests.unit.baseline.published import release
from whatworks.baseline import revisions


# Counted independently on the same files (shared facts, fact 2): revised, compared.
@needs_shared
@pytest.mark.parametrize(
    ("old", "new", "revised", "compared"), [("2023", "2024", 281, 1791), ("2024", "2025", 226, 1812)]
)
def test_revisions_of_englands_counts(old: str, new: str, revised: int, compared: int) -> None:
    found = revisions(release(old), release(new))
    assert (len(found.revised), found.compared) == (revised, compared)
    assert found.typical == pytest.approx(0.005, abs=0.0005)  # a half per cent, as counted
    assert found.largest is not None and found.largest < 0.0725


def test_a_symbol_is_no_number_and_no_revision() -> None:
    found = revisions({"a": 1.0, "b": None, "c": 3.0, "gone": 4.0}, {"a": 2.0, "b": 5.0, "c": None, "new": 1.0})
    assert (found.compared, found.appeared, found.withdrawn) == (1, 1, 1)
    (one,) = found.revised
    assert (one.key, one.before, one.after, one.change) == ("a", 1.0, 2.0, 1.0)
    assert found.summary() == "1 of 1 cells were revised (100.0 per cent), typically by 100.0% and at most by 100.0%."


def test_nothing_shared_is_said() -> None:
    assert "no cell" in revisions({"a": None}, {"a": 1.0}).summary()
    found = revisions({"a": 0.0}, {"a": 2.0})
    assert found.revised[0].change is None and found.typical is None
