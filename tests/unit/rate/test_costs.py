"""Cost bands: each edge where it was printed, and a price year that is never guessed at."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.rate import evaluate, load_scheme

BANDS = ("very-low", "low", "middle", "high", "very-high")
OURS: dict[str, Any] = {
    "price_year": 2024,
    "per": "child",
    "perspective": "public-services",
    "counts": "additional",
    "source_told": "study",
}


def band(key: str, version: int, cost: float, **more: Any) -> int:
    """Which of the five bands a cost falls in, from 1."""
    return BANDS.index(evaluate(load_scheme(key, version), {"cost": cost, **more}).level or "") + 1


@pytest.mark.parametrize(
    ("cost", "wanted"),
    [(0, 1), (99, 1), (100, 2), (499, 2), (499.5, 2), (500, 3), (999, 3), (1000, 4), (2000, 4), (2001, 5)],
)
def test_guidebook_edges(cost: float, wanted: int) -> None:
    """1 is under £100, 2 is £100 to £499, 3 is £500 to £999, 4 is £1,000 to £2,000, 5 is over £2,000."""
    assert band("eif-cost", 1, cost) == wanted


@pytest.mark.parametrize(
    ("cost", "wanted"), [(79, 1), (80, 2), (200, 2), (201, 3), (720, 3), (721, 4), (1200, 4), (1201, 5)]
)
def test_toolkit_edges(cost: float, wanted: int) -> None:
    """The bands as they are now."""
    assert band("eef-cost", 2, cost) == wanted


def test_toolkit_edges_for_a_class() -> None:
    """For a class of 25 the edges are £2,000, £5,000, £18,000 and £30,000."""
    assert [band("eef-cost", 2, total / 25) for total in (1_999, 5_000, 18_000, 30_000, 30_001)] == [1, 2, 3, 4, 5]


def test_bands_that_moved_under_unchanged_signs() -> None:
    """£190 had three pounds in 2014 and has two since: the version says which, and the old one still runs."""
    assert (band("eef-cost", 1, 190), band("eef-cost", 2, 190)) == (3, 2)
    assert (band("eef-cost", 1, 710), band("eef-cost", 2, 710)) == (4, 3)
    assert [band("eef-cost", 1, cost) for cost in (79, 170, 700, 1_200, 1_201)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("cost", "wanted"), [(99.99, 1), (100, 2), (499.99, 2), (500, 3), (2_000, 4), (9_999, 4), (10_000, 5)]
)
def test_our_edges(cost: float, wanted: int) -> None:
    """Each band begins at its first number, so that none is between two."""
    assert band("cost-scale", 1, cost, **OURS) == wanted


@pytest.mark.parametrize(
    "other", [{"price_year": 2019}, {"per": "family"}, {"perspective": "everybody"}, {"counts": "all"}]
)
def test_another_year_unit_or_perspective_is_not_put_into_a_band(other: dict[str, Any]) -> None:
    """£90 of 2009 is not under £100 of 2024; somebody must restate it."""
    outcome = evaluate(load_scheme("cost-scale", 1), {"cost": 90, **OURS, **other})
    assert (outcome.level, outcome.state) == ("not-comparable", "needs a person")
    assert outcome.needs_person[0].startswith("Somebody must restate the cost in 2024 prices")


def test_a_price_year_must_be_told() -> None:
    """A cost without its year has no band."""
    outcome = evaluate(load_scheme("cost-scale", 1), {"cost": 90, **OURS, "price_year": None})
    assert (outcome.level, outcome.missing) == (None, ("price_year",))


def test_every_band_of_ours_names_its_price_year() -> None:
    """A name without a year is how bands come to move unseen."""
    scheme = load_scheme("cost-scale", 1)
    assert all("2024 prices" in scheme.levels[key].word for key in BANDS)


@pytest.mark.parametrize(("key", "version"), [("cost-scale", 1), ("eef-cost", 1), ("eef-cost", 2), ("eif-cost", 1)])
def test_cheap_is_not_better(key: str, version: int) -> None:
    """A ladder of costs would invite somebody to climb it."""
    assert load_scheme(key, version).ladder == ()
