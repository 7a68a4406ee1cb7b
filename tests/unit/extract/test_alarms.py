"""An alarm must sound where an entry is wrong, and must not where honest numbers were merely rounded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.extract.methods.alarms import alarms
from whatworks.extract.methods.consistency import asymmetry, p_of_interval, p_of_statistic
from whatworks.extract.methods.entered import decimals_of
from whatworks.extract.methods.granularity import grim_possible, grimmer_possible, percent_possible, sd_limits
from whatworks.stats.intervals import interval, two_sided_p

MEANS = {"mean1": "18.2", "sd1": "6.1", "n1": "40", "mean2": "15.1", "sd2": "6.7", "n2": "38"}
FEW = settings(max_examples=60)


def codes(inputs: dict[str, Any], **more: Any) -> list[str]:
    return [alarm.code for alarm in alarms(inputs, **more)]


def test_plausible_numbers_raise_none() -> None:
    assert alarms(MEANS, direction="higher") == ()
    assert alarms({"estimate": "1.25", "low": "0.77", "high": "2.05"}, metric="OR") == ()
    assert alarms({"events1": 12, "n1": 40, "events2": 20, "n2": 41}) == ()
    assert alarms({}) == ()


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a huge effect": (MEANS | {"mean1": 45}, {}, "large-effect"),
    "standard errors as deviations": (MEANS | {"sd1": 0.96, "sd2": 1.09}, {}, "sd-or-se"),
    "one of two spreads is an error": (MEANS | {"sd2": 1.09}, {}, "unlike-spreads"),
    "an error that is not of n": (MEANS | {"se1": 2.0}, {}, "se-not-of-n"),
    "more events than people": ({"events1": 50, "n1": 40, "events2": 3, "n2": 40}, {}, "events-above-n"),
    "more analysed than randomised": (MEANS | {"n_randomised1": 30}, {}, "analysed-above-randomised"),
    "half a person": ({"events1": 12.5, "n1": 40, "events2": 20, "n2": 41}, {}, "part-of-a-person"),
    "nobody": ({"events1": 0, "n1": 40, "events2": 0, "n2": 41}, {}, "no-events"),
    "a correlation of 3": ({"r": 3, "n": 40}, {}, "correlation-outside"),
    "an ICC of 5": ({"icc": 5, "estimate": 1, "se": 2}, {}, "share-outside"),
    "a percentage of 130": ({"percent1": 130, "n1": 10, "percent2": 20, "n2": 10}, {}, "percent-outside"),
    "a level of 95": ({"estimate": 1.4, "low": 1.1, "high": 1.8, "level": 95}, {"metric": "OR"}, "level-outside"),
    "no spread": (MEANS | {"sd1": 0}, {}, "spread-not-positive"),
    "limits swapped": ({"estimate": 1.4, "low": 1.8, "high": 1.1}, {"metric": "OR"}, "interval-backwards"),
    "outside": ({"estimate": 2.4, "low": 1.1, "high": 1.8}, {"metric": "OR"}, "outside-interval"),
    "a log odds ratio": ({"estimate": 0.4, "low": -0.1, "high": 0.9}, {"metric": "OR"}, "ratio-not-positive"),
    "a typing slip": ({"estimate": 1.40, "low": 1.10, "high": 2.80}, {"metric": "OR"}, "interval-asymmetric"),
    "the other direction": (MEANS, {"direction": "lower"}, "direction-contradicts"),
    "no difference said": (MEANS, {"direction": "same"}, "direction-contradicts"),
    "33 per cent of 10": ({"percent1": 33, "n1": 10, "percent2": 20, "n2": 10}, {}, "percent-not-a-count"),
    "a mean of whole answers": (
        {"mean1": "5.19", "sd1": "1.2", "n1": 28, "mean2": "5.00", "sd2": "1.1", "n2": 28}, {"whole_numbers": True}, "grim",
    ),
    "off the scale": (MEANS, {"scale": (0, 10)}, "mean-off-scale"),
    "more spread than the scale": (MEANS | {"sd1": 14}, {"scale": (0, 24)}, "sd-off-scale"),
    "p against t": ({"t": "2.20", "n1": 15, "n2": 15, "p": "0.30"}, {}, "p-contradicts"),
    "p against F": ({"f": "4.84", "n1": 15, "n2": 15, "p": "0.30", "direction": 1}, {}, "p-contradicts"),
    "p against the interval": (
        {"estimate": "1.40", "low": "1.10", "high": "1.78", "p": "0.20"}, {"metric": "OR"}, "p-contradicts",
    ),
    "p against r": ({"r": "0.30", "n": 100, "p": "0.60"}, {}, "p-contradicts"),
    "quartiles swapped": ({"lower1": 9, "median1": 5, "upper1": 4, "n1": 30}, {}, "out-of-order"),
    "a skewed outcome": ({"lower1": 1, "median1": 1.2, "upper1": 9, "n1": 60}, {}, "skewed"),
    "changes that cannot be": ({"sd_after1": 3, "sd_before1": 3, "sd_change1": 9}, {}, "change-spread-impossible"),
    "an odds ratio too exact": (
        {"estimate": 1.4, "se": 0.05, "n1": 30, "n2": 30}, {"formula": "or-with-se"}, "se-impossible",
    ),
    "a cluster above its group": ({"cluster_size": 60, "n1": 40, "n2": 40}, {}, "cluster-above-group"),
    "a treacherous scale": ({"events": 3, "n": 40}, {"formula": "double-arcsine-proportion"}, "freeman-tukey"),
    "estimated spreads": (
        {"lower1": 4, "median1": 5, "upper1": 6, "n1": 30, "lower2": 4, "median2": 5.1, "upper2": 6, "n2": 30}, {},
        "estimated-spread",
    ),
    "a bound": ({"p": 0.05, "bound": "below", "direction": 1, "n1": 30, "n2": 30}, {}, "p-at-bound"),
    "an odds ratio of 40": ({"estimate": 40, "low": 20, "high": 80}, {"metric": "OR"}, "large-effect"),
}  # fmt: skip


@pytest.mark.parametrize(("inputs", "more", "code"), CASES.values(), ids=list(CASES))
def test_a_slip_sounds_its_alarm_in_one_sentence(inputs: dict[str, Any], more: dict[str, Any], code: str) -> None:
    found = {alarm.code: alarm for alarm in alarms(inputs, **more)}
    assert code in found
    assert found[code].sentence.strip().endswith((".", "?"))
    assert "\n" not in found[code].sentence


def test_the_worst_comes_first() -> None:
    severities = [alarm.severity for alarm in alarms(MEANS | {"mean1": 45, "n_randomised1": 30})]
    assert severities == sorted(severities, key=("stop", "check", "note").index)
    assert severities[0] == "stop"


def test_an_alarm_across_the_line_of_significance_is_graver() -> None:
    near = alarms({"t": "2.20", "n1": 15, "n2": 15, "p": "0.041"})  # p is 0.0362 to 0.0366
    far = alarms({"t": "2.20", "n1": 15, "n2": 15, "p": "0.30"})
    assert [(one.code, one.severity) for one in near] == [("p-contradicts", "check")]
    assert [(one.code, one.severity) for one in far] == [("p-contradicts", "stop")]
    assert "on the other side of 0.05" in far[0].sentence


def test_p_printed_below_a_bound_or_one_sided_is_read_so() -> None:
    assert codes({"t": "2.20", "n1": 15, "n2": 15, "p": "0.05", "bound": "below", "direction": 1}) == ["p-at-bound"]
    assert codes({"t": "2.20", "n1": 15, "n2": 15, "p": "0.01", "bound": "below", "direction": 1})[0] == "p-contradicts"
    assert codes({"t": "2.20", "n1": 15, "n2": 15, "p": "0.018", "sides": "one", "direction": 1}) == []


def test_a_difference_read_as_a_ratio_is_suspected() -> None:
    found = alarms({"estimate": "5.0", "low": "1.0", "high": "9.0"}, metric="OR")
    assert "is it a difference?" in found[0].sentence


def test_words_where_a_number_should_be_are_refused() -> None:
    with pytest.raises(InputError, match="mean1 must be a number, not 'many'"):
        alarms(MEANS | {"mean1": "many"})
    with pytest.raises(InputError, match="no formula"):
        alarms(MEANS, formula="no-such")


@pytest.mark.parametrize(
    ("value", "places"), [("4.50", 2), (4.5, 1), (40, 0), ("40", 0), ("1e-3", 3), (0.001, 3), (1e-7, 7)]
)
def test_printed_decimals(value: Any, places: int) -> None:
    assert decimals_of(value) == places


@FEW
@given(st.lists(st.integers(0, 10), min_size=2, max_size=60), st.integers(1, 3))
def test_whole_answers_pass_grim_and_grimmer(answers: list[int], decimals: int) -> None:
    """A check that accuses honest data is worse than none."""
    mean, sd = round(float(np.mean(answers)), decimals), round(float(np.std(answers, ddof=1)), decimals)
    assert grim_possible(mean, len(answers), decimals)
    assert grimmer_possible(mean, sd, len(answers), decimals, decimals)
    low, high = sd_limits(float(np.mean(answers)), len(answers), 0, 10)
    assert low <= np.std(answers, ddof=1) <= high + 1e-9


def test_grim_and_grimmer_on_published_examples() -> None:
    # Brown and Heathers (2017): 28 whole answers cannot average 5.19 (145/28 = 5.18, 146/28 = 5.21)
    assert not grim_possible(5.19, 28, 2)
    assert grim_possible(5.18, 28, 2)
    # By hand: two answers with mean 2.0 sum to 4; their squares' sum is even, so sd^2 = q - 8 is 0, 2, 8: never 1
    assert not grimmer_possible(2.0, 1.0, 2, 1, 1)
    assert grimmer_possible(2.0, 1.4, 2, 1, 1)


@FEW
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.integers(0, 2))
def test_a_true_percentage_is_possible(pair: tuple[int, int], decimals: int) -> None:
    events, n = pair
    assert percent_possible(round(100 * events / n, decimals), n, decimals)


@FEW
@given(st.floats(-6, 6), st.integers(4, 300), st.integers(2, 4))
def test_an_honest_t_and_p_agree(t: float, df: int, decimals: int) -> None:
    printed_t, p = round(t, 2), float(two_sided_p(t, df))
    found = p_of_statistic(printed_t, 2, df)
    assert found.allows(round(p, decimals), decimals)


@FEW
@given(st.floats(-1.5, 1.5), st.floats(0.05, 1.0), st.booleans())
def test_an_honest_interval_is_symmetric_and_fits_its_p(effect: float, se: float, ratio: bool) -> None:
    low, high = interval(effect, se)
    back = np.exp if ratio else float
    three = [round(float(back(one)), 3) for one in (effect, low, high)]
    if ratio and min(three) <= 0.02:
        return  # rounded away to nothing: the checks say so elsewhere
    assert asymmetry(*three, ratio, 3) == 0
    assert p_of_interval(*three, 0.95, ratio, 3).allows(round(float(two_sided_p(effect / se)), 3), 3)
