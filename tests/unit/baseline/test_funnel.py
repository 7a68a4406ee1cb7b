"""The funnel: England's published figures as others found them, formulas against a plain twin, and what is refused."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import needs_shared
from tests.unit.baseline.published import number, starting
from whatworks.baseline import funnel
from whatworks.errors import InputError

# Facts measured independently on the same file (shared facts, section 4.2): outside by chance alone, adjusted, phi.
MEASURED = {2019: (75, 8, 17.8), 2022: (81, 6, 15.3), 2023: (78, 7, 12.5), 2025: (75, 5, 13.2)}


def starts(year: int) -> list[tuple[str, float, float]]:
    """Children who started to be looked after in each authority, of how many; rows with symbols left out."""
    rows = [
        (row["la_name"], number(row["children_count"]), number(row["population_estimate"])) for row in starting(year)
    ]
    return [(name, count, of) for name, count, of in rows if count is not None and of]


@needs_shared
@pytest.mark.parametrize("year", sorted(MEASURED))
def test_englands_starts_as_they_were_measured(year: int) -> None:
    names, counts, of = zip(*starts(year), strict=True)
    found = funnel(counts, of, names)
    chance, adjusted, phi = MEASURED[year]
    assert (found.outside_unadjusted, found.outside_adjusted) == (chance, adjusted)
    assert found.phi == pytest.approx(phi, abs=0.05)  # the fact has one decimal place
    if year == 2025:
        assert math.sqrt(found.tau2) == pytest.approx(0.121, abs=0.0005)
        assert found.target == pytest.approx(26, abs=0.5)  # the published rate for England, a whole number
        assert {one.area for one in found.areas if one.side > 0} >= {"Kent", "Blackpool"}


def plain(counts: list[int], of: list[int]) -> tuple[float, float]:
    """phi and tau2 written out slowly, with the standard library's quantiles."""
    rate = sum(counts) / sum(of)
    expected = [rate * one for one in of]
    z = [2 * (math.sqrt(o) - math.sqrt(e)) for o, e in zip(counts, expected, strict=True)]
    tenths = statistics.quantiles(z, n=10, method="inclusive")
    drawn = [min(max(one, tenths[0]), tenths[-1]) for one in z]
    phi = sum(one * one for one in drawn) / len(z)
    w = [4 * e for e in expected]
    tau2 = (len(z) * phi - (len(z) - 1)) / (sum(w) - sum(one * one for one in w) / sum(w))
    return phi, max(tau2, 0.0)


places = st.lists(st.tuples(st.integers(0, 400), st.integers(500, 90_000)), min_size=3, max_size=40)


@given(places.filter(lambda rows: any(count for count, _ in rows)))
def test_phi_and_tau2_are_the_formulas_written_out(rows: list[tuple[int, int]]) -> None:
    counts, of = map(list, zip(*rows, strict=True))
    found = funnel(counts, of)
    phi, tau2 = plain(counts, of)
    assert found.phi == pytest.approx(phi, rel=1e-9, abs=1e-12)  # sums in another order
    assert found.tau2 == pytest.approx(tau2, rel=1e-7, abs=1e-12)
    assert found.outside_adjusted <= found.outside_unadjusted  # wider limits never catch more


@given(places.filter(lambda rows: any(count for count, _ in rows)), st.floats(0.95, 0.999))
def test_a_place_lies_beyond_the_limits_just_where_its_z_says(rows: list[tuple[int, int]], level: float) -> None:
    from whatworks.stats.intervals import critical

    counts, of = map(list, zip(*rows, strict=True))
    found = funnel(counts, of)
    import numpy as np

    low, high = found.limits(np.array([one.expected for one in found.areas]), level)
    for one, least, most in zip(found.areas, low, high, strict=True):
        if abs(abs(one.z_adjusted) - critical(level)) > 1e-6 and one.observed > 0:
            assert (one.value < least or one.value > most) == (abs(one.z_adjusted) > critical(level))


def test_alike_places_have_no_more_than_chance() -> None:
    found = funnel([100] * 12, [1000] * 12)
    assert (found.phi, found.tau2, found.outside_adjusted) == (0, 0, 0)


def test_a_target_from_elsewhere_moves_the_middle() -> None:
    found = funnel([10, 20], [1000, 1000], target=150.0)
    assert found.target == 150 and [one.expected for one in found.areas] == pytest.approx([15, 15])


def test_what_extremes_do_is_chosen_and_told() -> None:
    counts, of = [12, 14, 9, 11, 200, 13, 10, 12, 11, 8], [1000] * 10
    by = {how: funnel(counts, of, extremes=how) for how in ("winsorised", "truncated", "kept")}  # type: ignore[arg-type]
    assert by["winsorised"].phi < by["kept"].phi and len({one.phi for one in by.values()}) == 3
    assert "left out" in by["truncated"].report() and "drawn in" in by["winsorised"].report()


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ({"observed": [1, -2]}, "The count of b is -2"),
        ({"observed": [1, float("nan")]}, "The count of b is nan"),
        ({"population": [10, 0]}, "The population of b is 0"),
        ({"population": [10]}, "a population for each count"),
        ({"observed": ["x", 2]}, "must be numbers"),
        ({"areas": ["a"]}, "1 names for 2 places"),
        ({"observed": [0, 0]}, "rate of all is 0"),
        ({"observed": [0, 5], "scale": "log"}, "no logarithm"),
        ({"scale": "cube"}, "choose one of root, log"),
        ({"share": 0.5}, "below 0.5"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(call: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        funnel(**{"observed": [5, 6], "population": [100, 110], "areas": ["a", "b"]} | call)


def test_it_tells_itself_and_runs_again() -> None:
    found = funnel([50, 60, 70, 400, 3], [1000, 1100, 1300, 1200, 20], list("abcde"))
    assert "not ranked" in found.report() and "d" in found.summary()
    assert [row[0] for row in found.chart().rows] == list("abcde")
    assert funnel(**found.recipe.arguments) == found
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert any("fewer than five" in one for one in found.warnings)


@pytest.mark.r
def test_the_scripts_for_r_give_the_same_numbers() -> None:
    found = funnel([50, 60, 70, 400, 3, 90], [1000, 1100, 1300, 1200, 20, 1500])
    done = subprocess.run(["Rscript", "-e", found.r_script()], capture_output=True, text=True, timeout=60)
    told = [float(cell) for cell in done.stdout.splitlines()[-1].split()]
    assert told == pytest.approx([found.phi, found.tau2, found.outside_adjusted], rel=1e-9)
