"""Numbers as people say them: the same effect told on any scale is the same number of people."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from whatworks.extract.methods.computing import compute
from whatworks.publish.methods.numbers import (
    LOGISTIC,
    MINUS,
    RATIOS,
    Three,
    metric_name,
    more,
    per_hundred,
    percent_change,
    plain,
    printed,
    ratio_marks,
    risk_after,
    signed,
    span,
    ticks,
)

risks = st.floats(0.01, 0.99)
effects = st.floats(-3, 3)
METRICS = ("RD", "RR", "OR", "PETO", "IRR", "HR", "SMD", "D")


@st.composite
def tables(draw: st.DrawFn) -> dict[str, int]:
    """Two groups with the outcome in some of each and not in all."""
    n1, n2 = draw(st.integers(2, 500)), draw(st.integers(2, 500))
    return {"events1": draw(st.integers(1, n1 - 1)), "n1": n1, "events2": draw(st.integers(1, n2 - 1)), "n2": n2}


@given(tables())
def test_one_table_told_on_any_scale_gives_the_risk_that_was_seen(table: dict[str, int]) -> None:
    """Difference, ratio and odds ratio of the same two groups must all lead back to the first group's risk."""
    first, second = table["events1"] / table["n1"], table["events2"] / table["n2"]
    for formula, metric in (("risk-difference", "RD"), ("log-risk-ratio", "RR"), ("log-odds-ratio", "OR")):
        effect = compute(f"{formula}-from-counts", table).yi
        assert risk_after(second, effect, metric) == pytest.approx(first, rel=1e-12), metric


@given(risks, effects)
def test_a_standardised_difference_is_the_odds_ratio_it_stands_for(baseline: float, d: float) -> None:
    """Hasselblad and Hedges (1995), Psychological Bulletin 117(1), 167-178: log odds ratio = d pi / sqrt(3)."""
    log_odds = compute("log-odds-ratio-from-d", {"d": d, "variance": 1.0}).yi
    assert risk_after(baseline, d, "SMD") == pytest.approx(risk_after(baseline, log_odds, "OR"), rel=1e-12)


@pytest.mark.parametrize(
    ("metric", "effect", "after"),
    [
        # 30 of 100 without. Cochrane Handbook 6.5, chapter 15.4.4: ratio x risk; odds ratio on the odds.
        ("RD", -0.15, 0.15),
        ("RR", math.log(0.5), 0.15),
        ("OR", math.log(0.5), 0.5 * 0.3 / (1 - 0.3 + 0.5 * 0.3)),
        ("PETO", math.log(0.5), 0.15 / 0.85),
        # Chinn (2000), Statistics in Medicine 19, 3127-3131: d = 0.5 is a log odds ratio of 0.5 x 1.81 = 0.907.
        ("SMD", 0.5, 1 / (1 + 7 / 3 * math.exp(-0.9069))),
        ("D", -0.5, 1 / (1 + 7 / 3 * math.exp(0.9069))),
    ],
)
def test_known_values(metric: str, effect: float, after: float) -> None:
    assert risk_after(0.3, effect, metric) == pytest.approx(after, abs=1e-5)  # 0.9069 is printed to four places


def test_the_logistic_spread_is_that_of_its_source() -> None:
    assert round(LOGISTIC, 2) == 1.81


@pytest.mark.parametrize("metric", METRICS)
@given(baseline=risks)
def test_no_effect_changes_nothing(metric: str, baseline: float) -> None:
    assert risk_after(baseline, 0.0, metric) == pytest.approx(baseline, rel=1e-12)


@pytest.mark.parametrize("metric", METRICS)
@given(baseline=risks, effect=effects)
def test_a_risk_stays_a_risk(metric: str, baseline: float, effect: float) -> None:
    """“120 of 100 families” has been printed elsewhere."""
    assert 0 <= risk_after(baseline, effect, metric) <= 1


@pytest.mark.parametrize("metric", METRICS)
@given(baseline=risks, ends=st.lists(effects, min_size=3, max_size=3).map(sorted))
def test_out_of_100_the_ends_stay_in_order_around_the_estimate(metric: str, baseline: float, ends: list[float]) -> None:
    three = per_hundred(Three(ends[1], ends[0], ends[2]), metric, baseline)
    assert three is not None
    assert three.low is not None and three.high is not None
    assert three.low <= three.estimate <= three.high


@given(risks, st.sampled_from(METRICS), effects, effects)
def test_more_effect_is_never_fewer_people(baseline: float, metric: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert risk_after(baseline, low, metric) <= risk_after(baseline, high, metric) + 1e-15


@pytest.mark.parametrize("metric", ["MD", "ROM", "SPCOR", "ZCOR"])
def test_what_is_no_risk_is_not_said_out_of_100(metric: str) -> None:
    """3 points on a scale are not 3 children, and a ratio of earnings is not one of risks."""
    assert per_hundred(Three(0.2, 0.1, 0.3), metric, 0.3) is None


@pytest.mark.parametrize("baseline", [None, 0.0, 1.0, 1.2, -0.1])
def test_a_ratio_without_a_risk_to_start_from_is_not_said_out_of_100(baseline: float | None) -> None:
    assert per_hundred(Three(0.2, 0.1, 0.3), "RR", baseline) is None
    assert per_hundred(Three(0.02, 0.01, 0.03), "RD", baseline) == Three(2.0, 1.0, 3.0)


def test_no_interval_is_invented() -> None:
    assert per_hundred(Three(0.5, None, None), "OR", 0.3).low is None  # type: ignore[union-attr]
    assert Three(1.0, None, 2.0).each(lambda value: -value) == Three(-1.0, None, -2.0)


def test_a_falling_function_turns_the_ends_round() -> None:
    assert Three(1.0, 0.5, 2.0).each(lambda value: -value) == Three(-1.0, -2.0, -0.5)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7.02, "7 more"), (-2.6, "3 fewer"), (0.4, "less than 1 more"), (-0.4, "less than 1 fewer"),
        (0.04, "no difference"), (0.0, "no difference"), (-0.0, "no difference"), (99.6, "100 more"),
        (0.5, "1 more"), (1.5, "2 more"), (2.5, "3 more"), (-2.5, "3 fewer"), (-4.5, "5 fewer"),
    ],
)  # fmt: skip
def test_how_many_of_100(value: float, words: str) -> None:
    """Halves are rounded away from nought, always: to the even number, 2.5 would be 2 and 3.5 would be 4."""
    assert more(value) == words


def test_other_words_for_other_readers() -> None:
    assert more(-3, words=("higher", "lower")) == "3 lower"
    assert span(Three(0, -3, 17), words=("higher", "lower")) == "from 3 lower to 17 higher"


@given(st.floats(-100, 100))
def test_the_number_said_is_within_half_a_person(value: float) -> None:
    said = more(value).split()
    number = 0.0 if said[0] in ("no", "less") else float(said[0])
    assert abs(abs(value) - number) <= (1 if said[0] == "less" else 0.5) + 1e-9
    assert (said[-1] == "more") == (value >= 0.05)


@pytest.mark.parametrize("three", [Three(1, None, None), Three(1, 0, None), Three(1, None, 2)])
def test_no_range_is_said_where_an_end_is_missing(three: Three) -> None:
    assert span(three) == ""
    assert "(" not in printed(three, "MD")


def test_a_range_is_said_from_low_to_high() -> None:
    assert span(Three(7.0, -3.1, 16.7)) == "from 3 fewer to 17 more"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.0, "no difference"), (1.06, "6% more"), (0.74, "26% fewer"), (2.0, "100% more"), (0.0, "100% fewer"),
        (1.005, "1% more"), (0.995, "1% fewer"), (1.025, "3% more"), (0.975, "3% fewer"), (1.004, "no difference"),
    ],
)  # fmt: skip
def test_a_ratio_as_a_percentage(ratio: float, words: str) -> None:
    assert percent_change(ratio) == words


@pytest.mark.parametrize(
    ("three", "metric", "words"),
    [
        (Three(0.07, -0.031, 0.167), "RD", f"+7.0 ({MINUS}3.1 to +16.7)"),
        (Three(0.0, -0.0, 0.0001), "RD", "0.0 (0.0 to 0.0)"),
        (Three(math.log(1.06), math.log(0.95), math.log(1.17)), "RR", "1.06 (0.95 to 1.17)"),
        (Three(-0.187, -1.38, 1.0), "MD", f"{MINUS}0.19 ({MINUS}1.38 to 1.00)"),
        (Three(0.17, None, None), "SPCOR", "0.17"),
    ],
)
def test_printed_as_a_statistician_reads_it(three: Three, metric: str, words: str) -> None:
    assert printed(three, metric) == words


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_numbers_have_a_true_minus_and_nought_has_no_sign(value: float, digits: int) -> None:
    for text in (plain(value, digits), signed(value, digits)):
        assert "-" not in text
        number = float(text.replace(MINUS, "-"))
        assert abs(number - value) <= 0.5 * 10**-digits + 1e-9
        assert number != 0 or not text.startswith((MINUS, "+"))
    assert signed(value, digits).startswith("+") == (float(plain(value, digits).replace(MINUS, "-")) > 0)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
@example(0.0, 1e-8)
@example(-3.1, 16.7)
@example(0.3, 0.4)
def test_ticks_hold_nought_cover_the_range_and_are_few_and_even(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(max(abs(low), abs(high)) > 1e-6)
    marks = ticks(low, high)
    step = marks[1] - marks[0]
    slack = 1e-6 * step  # a mark is rounded to ten decimals
    assert 0 in marks
    assert marks[0] <= low + slack and high - slack <= marks[-1]
    assert 2 <= len(marks) <= 8
    assert all(b - a == pytest.approx(step) for a, b in pairwise(marks))
    assert f"{step:.0e}"[0] in "125"


@pytest.mark.parametrize("end", [0.0, -0.0, 1e-300])
def test_a_range_of_nothing_still_has_two_ends(end: float) -> None:
    """One mark alone is a scale whose ends are the same place, which cannot be drawn."""
    assert ticks(0.0, end) == ticks(-end, 0.0) == [-1.0, 0.0, 1.0]


def test_an_absurd_range_still_has_its_marks() -> None:
    """Two small studies with Hartung and Knapp's interval reach odds ratios in the millions; the page must not fall over."""
    assert 2 <= len(ticks(-1e12, 3e13)) <= 8
    assert len(ratio_marks(-10.0, 14.0)) >= 2


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_marks_of_a_ratio_are_round_percentages_with_no_difference_among_them(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 0.01)
    marks = ratio_marks(low, high)
    assert (0.0, "same") in marks
    for place, words in marks:
        percent = 100 * math.expm1(place)
        assert words == "same" or words == f"{abs(percent):g}% {'more' if percent > 0 else 'fewer'}"
    assert [place for place, _ in marks] == sorted(place for place, _ in marks)


def test_nothing_is_less_than_100_per_cent_fewer() -> None:
    """The logarithm of nothing is no place on a scale."""
    assert min(place for place, _ in ratio_marks(math.log(0.01), 0.5)) > math.log(0.01)


def test_every_ratio_has_a_name_a_reader_knows() -> None:
    assert {metric for metric in RATIOS if metric_name(metric) == metric} == set()
    assert metric_name("SMD") == metric_name("d") == "standardised difference"
    assert metric_name("XYZ") == "XYZ"
