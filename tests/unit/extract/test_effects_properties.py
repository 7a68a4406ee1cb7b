"""What must hold of effects whatever the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.extract import FORMULAE, compute

ROUNDING = 1e-9  # sums of at most six terms of like size; a slip in a formula is far larger


def counts(n: int) -> st.SearchStrategy[int]:
    return st.integers(0, n)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    n1, n2 = draw(st.integers(1, 500)), draw(st.integers(1, 500))
    return {"events1": draw(counts(n1)), "n1": n1, "events2": draw(counts(n2)), "n2": n2}


@st.composite
def groups(draw: st.DrawFn) -> dict[str, Any]:
    number = st.floats(-1e3, 1e3)
    spread = st.floats(0.1, 1e2)
    return {
        "mean1": draw(number), "sd1": draw(spread), "n1": draw(st.integers(2, 1000)),
        "mean2": draw(number), "sd2": draw(spread), "n2": draw(st.integers(2, 1000)),
    }  # fmt: skip


def swapped(given: dict[str, Any]) -> dict[str, Any]:
    other = {"1": "2", "2": "1"}
    return {name[:-1] + other[name[-1]]: value for name, value in given.items()}


FROM_TABLES = [name for name in FORMULAE if name.endswith("-from-counts") and "rate" not in name]
FROM_GROUPS = ["mean-difference", "d-from-means", "hedges-g-from-means", "standardised-difference-unequal-variances"]


@pytest.mark.parametrize("name", FROM_TABLES)
@given(table=tables())
def test_swapping_the_arms_turns_the_sign_and_keeps_the_variance(name: str, table: dict[str, Any]) -> None:
    there, back = compute(name, **table), compute(name, **swapped(table))
    assert back.yi == pytest.approx(-there.yi, rel=ROUNDING, abs=ROUNDING, nan_ok=True)
    assert back.vi == pytest.approx(there.vi, rel=ROUNDING, abs=ROUNDING, nan_ok=True)


@pytest.mark.parametrize("name", FROM_GROUPS)
@given(two=groups())
def test_swapping_the_groups_turns_the_sign_and_keeps_the_variance(name: str, two: dict[str, Any]) -> None:
    there, back = compute(name, **two), compute(name, **swapped(two))
    assert back.yi == pytest.approx(-there.yi, rel=ROUNDING, abs=ROUNDING)
    assert back.vi == pytest.approx(there.vi, rel=ROUNDING, abs=ROUNDING)


@pytest.mark.parametrize(
    "name", ["log-odds-ratio-from-counts", "risk-difference-from-counts", "peto-log-odds-ratio-from-counts"]
)
@given(table=tables())
def test_counting_those_without_the_outcome_turns_the_sign(name: str, table: dict[str, Any]) -> None:
    # True of odds ratios and risk differences, not of risk ratios: that is why the outcome's direction matters there.
    other = table | {"events1": table["n1"] - table["events1"], "events2": table["n2"] - table["events2"]}
    there, back = compute(name, **table), compute(name, **other)
    assert back.yi == pytest.approx(-there.yi, rel=ROUNDING, abs=ROUNDING, nan_ok=True)
    assert back.vi == pytest.approx(there.vi, rel=ROUNDING, abs=ROUNDING, nan_ok=True)


@given(two=groups(), scale=st.floats(0.01, 100), shift=st.floats(-100, 100))
def test_a_standardised_difference_does_not_know_the_units(two: dict[str, Any], scale: float, shift: float) -> None:
    other = two | {f"mean{arm}": scale * two[f"mean{arm}"] + shift for arm in (1, 2)}
    other |= {f"sd{arm}": scale * two[f"sd{arm}"] for arm in (1, 2)}
    for name in ("d-from-means", "g-from-means", "hedges-g-from-means"):
        here, there = compute(name, **two), compute(name, **other)
        assert there.yi == pytest.approx(here.yi, rel=1e-6, abs=1e-6)  # adding the shift loses digits of small means
        assert there.vi == pytest.approx(here.vi, rel=1e-6)


@given(two=groups())
def test_hedges_factor_shrinks_d_and_the_approximate_factor_stays_close(two: dict[str, Any]) -> None:
    d, g, near = (abs(compute(name, **two).yi) for name in ("d-from-means", "hedges-g-from-means", "g-from-means"))
    assert g <= d
    n = two["n1"] + two["n2"]
    assert near == pytest.approx(
        g, rel=0.6 / n**2 + 1e-9
    )  # the approximation errs by less than half a per cent at n = 10


@given(d=st.floats(-5, 5), variance=st.floats(1e-4, 10))
def test_d_to_log_odds_ratio_and_back(d: float, variance: float) -> None:
    there = compute("log-odds-ratio-from-d", d=d, variance=variance)
    back = compute("d-from-log-odds-ratio", log_odds_ratio=there.yi, variance=there.vi)
    assert back.yi == pytest.approx(d, rel=1e-14, abs=1e-300)  # one product and one quotient
    assert back.vi == pytest.approx(variance, rel=1e-14)


@given(t=st.floats(-8, 8), n1=st.integers(3, 400), n2=st.integers(3, 400))
def test_a_t_value_and_its_p_value_give_the_same_d(t: float, n1: int, n2: int) -> None:
    from whatworks.stats import two_sided_p

    p = float(two_sided_p(t, n1 + n2 - 2))
    from_t = compute("d-from-t", t=t, n1=n1, n2=n2)
    from_p = compute("d-from-p", p=p, direction=1 if t >= 0 else -1, n1=n1, n2=n2)
    assert from_p.yi == pytest.approx(from_t.yi, rel=1e-8, abs=1e-8)  # near p = 1 a digit of p is many of t


@given(two=groups())
def test_means_and_their_t_value_give_the_same_d(two: dict[str, Any]) -> None:
    d = compute("d-from-means", **two)
    t = float(d.yi) / (1 / two["n1"] + 1 / two["n2"]) ** 0.5
    assert compute("d-from-t", t=t, n1=two["n1"], n2=two["n2"]).yi == pytest.approx(d.yi, rel=1e-12)


@given(log_ratio=st.floats(-3, 3), se=st.floats(0.01, 2), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_an_effect_printed_with_its_interval_comes_back(log_ratio: float, se: float, level: float) -> None:
    from whatworks.extract import METRICS
    from whatworks.stats import interval

    low, high = interval(log_ratio, se, level)
    back = METRICS["OR"].back
    answer = compute("or-with-interval", estimate=back(log_ratio), low=back(low), high=back(high), level=level)
    assert answer.yi == pytest.approx(log_ratio, rel=1e-9, abs=1e-12)  # exp and log of numbers up to e^11
    assert answer.se == pytest.approx(se, rel=1e-9)


@given(r=st.floats(-0.99, 0.99), n=st.integers(4, 10_000))
def test_fishers_z_reads_back_as_the_correlation(r: float, n: int) -> None:
    answer = compute("fisher-z", r=r, n=n)
    assert answer.scale.back(answer.yi) == pytest.approx(r, rel=1e-12, abs=1e-15)
    assert answer.vi == 1 / (n - 3)


@given(table=tables(), times=st.integers(2, 9))
def test_more_of_the_same_keeps_the_effect_and_divides_the_variance(table: dict[str, Any], times: int) -> None:
    many = {name: times * value for name, value in table.items()}
    for name in ("risk-difference-from-counts", "log-risk-ratio-from-counts", "log-odds-ratio-from-counts"):
        few, more = (compute(name, **given, zero="none") for given in (table, many))
        assert more.yi == pytest.approx(few.yi, rel=ROUNDING, abs=ROUNDING, nan_ok=True)
        assert more.vi == pytest.approx(few.vi / times, rel=ROUNDING, abs=ROUNDING, nan_ok=True)
