"""Synthesis without pooling: votes, combined p values, arrows, albatross, ranges and the reporting checklist."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, combine_pvalues, irwinhall

from whatworks.errors import InputError
from whatworks.stats.telling import Told
from whatworks.synthesise.methods.narrative.arrows import agreed, effect_direction
from whatworks.synthesise.methods.narrative.contours import Setting
from whatworks.synthesise.methods.narrative.flight import albatross
from whatworks.synthesise.methods.narrative.p_values import CombinedP, combine_p
from whatworks.synthesise.methods.narrative.ranges import effect_range
from whatworks.synthesise.methods.narrative.reporting import ITEMS, NOT_STATED, swim
from whatworks.synthesise.methods.narrative.votes import vote_count

P = [0.01, 0.2, 0.03, 0.5, 0.04]
WAYS = ["higher", "higher", "lower", "higher", "higher"]
needs_r = pytest.mark.r


def in_r(script: str) -> list[list[str]]:
    """What the script prints, line by line, word by word."""
    ran = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [line.split() for line in ran.stdout.splitlines() if line.strip()]


def said_well(result: Any) -> None:
    """What every result promises."""
    assert result.summary() in result.report()
    assert "References" in result.report()
    assert result.chart().svg.startswith("<svg") and result.chart().rows
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.warnings


# votes


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_votes_are_the_exact_binomial(higher: int, lower: int, level: float) -> None:
    """Doubling a tail, or an interval a step off, would pass by eye."""
    if higher + lower == 0:
        return
    found = vote_count([1.5] * higher + [-0.1] * lower, level=level)
    test = binomtest(higher, higher + lower)
    exact, wilson = (test.proportion_ci(level, method) for method in ("exact", "wilson"))
    assert found.p == pytest.approx(test.pvalue, rel=1e-9)
    assert (found.exact_low, found.exact_high) == pytest.approx((exact.low, exact.high), rel=1e-8, abs=1e-12)
    assert (found.wilson_low, found.wilson_high) == pytest.approx((wilson.low, wilson.high), rel=1e-9, abs=1e-12)


def test_votes_without_a_direction_are_not_in_the_test() -> None:
    """An unclear result is no vote for either side."""
    found = vote_count(["higher", "+", "lower", "unclear", 0, None, float("nan"), "", "up"])
    assert (found.k, found.higher, found.lower, found.unclear, found.missing) == (9, 3, 1, 2, 3)
    assert found.share == 0.75
    said_well(found)
    assert vote_count(**found.recipe.arguments).p == found.p


def test_a_vote_of_nobody() -> None:
    """No direction anywhere: nothing to test, and no number."""
    found = vote_count([None, 0.0])
    assert (found.share, found.p, found.exact_low) == (None, None, None)
    assert "none with a clear direction" in found.summary()
    assert "nothing to test" in found.r_script()
    said_well(found)


@pytest.mark.parametrize("given_", [[], ["better"], [{}]])
def test_votes_that_cannot_be_read_are_refused(given_: list[Any]) -> None:
    """A word of another language must not count as a vote."""
    with pytest.raises(InputError):
        vote_count(given_)


@needs_r
def test_votes_in_r() -> None:
    found = vote_count([1] * 9 + [-1] * 3)
    for name, value in in_r(found.r_script()):
        assert getattr(found, name) == pytest.approx(float(value), rel=1e-9), name


# p values


def by_name(found: CombinedP) -> dict[str, Any]:
    return {one.method: one for one in found.combinations}


@given(
    st.lists(st.tuples(st.floats(1e-5, 1), st.booleans(), st.floats(0.1, 9)), min_size=1, max_size=10),
)
def test_combined_p_values_are_scipys(rows: list[tuple[float, bool, float]]) -> None:
    """Five formulas, each with a twin."""
    p, up, weights = (list(part) for part in zip(*rows, strict=True))
    found = by_name(combine_p(p, directions=[1 if one else -1 for one in up], weights=weights))
    one_sided = np.where(up, np.asarray(p) / 2, 1 - np.asarray(p) / 2)
    for method in ("fisher", "pearson", "stouffer", "tippett"):
        extra = {"weights": weights} if method == "stouffer" else {}
        theirs = combine_pvalues(one_sided, method=method, **extra)
        # one-sided p values near 1 have lost digits in the twin, which is given no complement
        assert found[method].p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-9), method
    assert found["edgington"].p == pytest.approx(irwinhall.cdf(one_sided.sum(), len(p)), rel=1e-5, abs=1e-6)


def test_tiny_p_values_keep_their_digits_on_both_sides() -> None:
    """1 - p/2 of a tiny p is 1 to a computer, whose logarithm is not the number wanted."""
    found = by_name(combine_p([1e-30, 1e-25], directions=["lower", "lower"]))
    assert found["fisher"].p == pytest.approx(1)
    assert found["fisher"].p_lower == pytest.approx(by_name(combine_p([1e-30, 1e-25], directions=[1, 1]))["fisher"].p)
    assert all(np.isfinite(one.statistic) for one in found.values())


def test_edgington_by_hand_and_far_out() -> None:
    """Two values below 1 together: half the square; many: the symmetric middle; very many: normal."""
    assert by_name(combine_p([0.1, 0.3], sides="one"))["edgington"].p == pytest.approx(0.08)
    assert by_name(combine_p([0.5] * 41, sides="one"))["edgington"].p == pytest.approx(0.5)
    assert by_name(combine_p([0.5] * 400, sides="one"))["edgington"].p == pytest.approx(0.5)
    assert by_name(combine_p([0.01] * 40, sides="one"))["edgington"].p == pytest.approx(0.4**40 / 8.15915283247898e47)


def test_two_sided_p_values_need_their_direction() -> None:
    """Half of p is evidence for one side only."""
    found = combine_p(P, directions=WAYS)
    assert found.one_sided == pytest.approx((0.005, 0.1, 0.985, 0.25, 0.02))
    assert "halved where the effect is higher" in found.report()
    said_well(found)
    assert combine_p(**found.recipe.arguments) == found


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"p": P}, "need the direction"),
        ({"p": P, "directions": WAYS[:2]}, "one direction for each"),
        ({"p": P, "directions": [*WAYS[:4], None]}, "Row 5"),
        ({"p": [0.0, 0.1], "sides": "one"}, "row 1 is 0"),
        ({"p": [0.1, 1.0], "sides": "one"}, "row 2 is 1"),
        ({"p": [0.1, 1.2], "directions": [1, 1]}, "row 2"),
        ({"p": [], "sides": "one"}, "no p value"),
        ({"p": ["a"], "sides": "one"}, "must be a number"),
        ({"p": [0.1], "sides": "both"}, "one or two"),
        ({"p": [0.1, 0.2], "sides": "one", "weights": [1, -1]}, "weights above 0"),
    ],
)
def test_p_values_that_cannot_be_combined(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        combine_p(**arguments)


@needs_r
def test_p_values_in_r() -> None:
    found = combine_p(P, directions=WAYS, weights=[1, 2, 3, 4, 5])
    for name, p, lower in in_r(found.r_script()):
        assert (by_name(found)[name].p, by_name(found)[name].p_lower) == pytest.approx(
            (float(p), float(lower)), rel=1e-8
        )


# arrows

STUDY = ["A", "A", "A", "B", "B", "C", "D"]
DOMAIN = ["care", "care", "school", "care", "school", "care", "care"]
ARROW = ["higher", "higher", "lower", -0.3, None, "unclear", "up"]


def test_several_results_of_a_study_are_one_arrow() -> None:
    """Counting every result would let one study outvote the others."""
    found = effect_direction(
        STUDY, DOMAIN, ARROW, n=[400, 400, 400, 20, 20, 100, None], risk_of_bias=["low"] * 6 + ["high"]
    )
    assert [(a.study, a.domain, a.direction, a.results) for a in found.arrows] == [
        ("A", "care", "higher", 2),
        ("A", "school", "lower", 1),
        ("B", "care", "lower", 1),
        ("C", "care", "unclear", 1),
        ("D", "care", "higher", 1),
    ]
    assert (found.votes["care"].higher, found.votes["care"].lower, found.votes["care"].unclear) == (2, 1, 1)
    assert any("1 results report no direction" in one for one in found.warnings)
    said_well(found)
    assert len(found.chart().rows) == 5
    assert effect_direction(**found.recipe.arguments) == found


def test_seventy_per_cent_agree() -> None:
    """Seven of ten is a direction, six of ten is not."""
    assert agreed(["higher"] * 7 + ["lower"] * 3) == "higher"
    assert agreed(["lower"] * 6 + ["higher"] * 3) == "unclear"
    assert agreed(["unclear"]) == "unclear"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"study": []}, "no results"),
        ({"domain": ["care"]}, "equally long"),
        ({"risk_of_bias": ["medium"] * 7}, "low, some or high"),
        ({"direction": ["good"] * 7}, "higher, lower or unclear"),
    ],
)
def test_arrows_that_cannot_be_drawn(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        effect_direction(**{"study": STUDY, "domain": DOMAIN, "direction": ARROW} | change)


@needs_r
def test_arrows_in_r() -> None:
    found = effect_direction(STUDY, DOMAIN, ARROW)
    told = {domain: float(p) for domain, p in in_r(found.r_script())}
    assert told == pytest.approx({domain: vote.p for domain, vote in found.votes.items()})


# albatross

SETTINGS = [
    Setting("SMD", 2.0),
    Setting("MD", 1.0, sd=4.0),
    Setting("COR"),
    Setting("OR", 1.5, baseline=0.2),
    Setting("RR", 1.0, baseline=0.3),
    Setting("RD", 1.0, baseline=0.3),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.metric)
@pytest.mark.parametrize("higher", [True, False])
def test_the_effect_read_off_needs_just_those_people(setting: Setting, higher: bool) -> None:
    """Contours and readings are inverse to each other, or the plot contradicts its table."""
    for n, z in ((200.0, 2.0), (1000.0, 0.5), (5000.0, 4.0)):
        effect = setting.implied(n, z, higher)
        assert effect is not None
        assert setting.people(effect, z) == pytest.approx(n, rel=1e-8)


def test_people_are_those_of_the_large_sample_variances() -> None:
    """Against variances written out for two groups of given sizes."""
    n1, n0 = 60.0, 40.0
    d, z = 0.4, 0.4 / np.sqrt(1 / n1 + 1 / n0 + 0.4**2 / 200)
    assert Setting("SMD", 1.5).people(d, float(z)) == pytest.approx(100)
    p1, p0 = 0.3, 0.2
    log_or = np.log(p1 / (1 - p1) / (p0 / (1 - p0)))
    z = log_or / np.sqrt(1 / (n1 * p1) + 1 / (n1 * (1 - p1)) + 1 / (n0 * p0) + 1 / (n0 * (1 - p0)))
    assert Setting("OR", 1.5, p0).people(float(np.exp(log_or)), float(z)) == pytest.approx(100)
    z = np.log(p1 / p0) / np.sqrt((1 - p1) / (n1 * p1) + (1 - p0) / (n0 * p0))
    assert Setting("RR", 1.5, p0).people(p1 / p0, float(z)) == pytest.approx(100)
    z = (p1 - p0) / np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    assert Setting("RD", 1.5, p0).people(p1 - p0, float(z)) == pytest.approx(100)
    assert Setting("COR").people(0.3, float(np.arctanh(0.3) * np.sqrt(97))) == pytest.approx(100)
    assert Setting("RR", 1.0, 0.6).people(2.0, 1.0) is None


@pytest.mark.parametrize("metric", ["SMD", "MD", "COR", "OR", "RR", "RD"])
def test_the_albatross_flies(metric: Any) -> None:
    """Every metric has contours, readings and a table."""
    extra = {"baseline": 0.2} if metric in ("OR", "RR", "RD") else {"sd": 10.0} if metric == "MD" else {}
    found = albatross(P, [50, 100, 200, 400, 80], WAYS, metric=metric, **extra)
    assert found.median is not None
    assert len(found.contours) == 8
    said_well(found)
    assert albatross(**found.recipe.arguments) == found


def test_p_from_too_few_people() -> None:
    """Three people cannot give a correlation; that is said, not drawn."""
    found = albatross([0.01, 1.0], [3, 50], ["higher", "lower"], metric="COR")
    assert found.studies[0].implied is None
    assert found.studies[1].implied == 0
    assert any("no effect is large enough" in one for one in found.warnings)
    alone = albatross([0.01], [3], ["higher"], metric="COR")
    assert alone.median is None and "no size can be read off" in alone.summary()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"p": [0.0] * 5}, "above 0"),
        ({"p": ["x"] * 5}, "must be numbers"),
        ({"n": [10]}, "one n for each"),
        ({"n": [10, 20, -1, 5, 5]}, "row 3"),
        ({"directions": [1, 1, 0, 1, 1]}, "needs a direction"),
        ({"metric": "OR"}, "baseline"),
        ({"metric": "MD"}, "sd"),
        ({"metric": "HR"}, "metric 'HR'"),
        ({"ratio": 0}, "ratio"),
        ({"contours": [-0.2]}, "contour"),
        ({"labels": ["a"]}, "one label"),
    ],
)
def test_albatrosses_that_cannot_fly(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        albatross(**{"p": P, "n": [50, 100, 200, 400, 80], "directions": WAYS} | change)


@needs_r
@pytest.mark.parametrize("metric", ["SMD", "MD", "COR", "OR", "RR", "RD"])
def test_the_albatross_in_r(metric: Any) -> None:
    extra = {"baseline": 0.2} if metric in ("OR", "RR", "RD") else {"sd": 10.0} if metric == "MD" else {}
    found = albatross(P, [150, 100, 200, 400, 80], WAYS, metric=metric, ratio=1.5, **extra)
    told = [float(line[0]) for line in in_r(found.r_script())]
    assert told == pytest.approx([one.implied for one in found.studies], rel=1e-7)


# ranges and reporting


def test_ranges_by_group() -> None:
    """Quartiles as R has them by default."""
    found = effect_range([0.1, 0.4, -0.2, 0.9, 0.3], groups=["a", "b", "a", "b", "a"])
    assert (found.overall.median, found.overall.lower_quartile, found.overall.upper_quartile) == (0.3, 0.1, 0.4)
    assert [(one.group, one.k, one.median) for one in found.groups] == [("a", 3, 0.1), ("b", 2, 0.65)]
    said_well(found)
    assert effect_range(**found.recipe.arguments) == found
    assert any("Only 2 effects" in one for one in effect_range([1, 2]).warnings)
    for wrong in ({"yi": []}, {"yi": [np.nan]}, {"yi": ["x"]}, {"yi": [1, 2], "groups": ["a"]}):
        with pytest.raises(InputError):
            effect_range(**wrong)  # type: ignore[arg-type]


@needs_r
def test_ranges_in_r() -> None:
    found = effect_range([0.1, 0.4, -0.2, 0.9, 0.3], groups=["a", "b", "a", "b", "a"])
    for line, one in zip(in_r(found.r_script()), (found.overall, *found.groups), strict=True):
        ours = (one.k, one.median, one.lower_quartile, one.upper_quartile, one.least, one.most)
        assert [float(word) for word in line] == pytest.approx(ours)


def test_swim_says_what_is_not_stated() -> None:
    """An empty item must be seen, not hidden."""
    empty = swim()
    assert empty.stated == 0 and len(empty.items) == 9
    assert all(item.said == NOT_STATED for item in empty.items)
    assert "9 items are not stated" in empty.warnings[0]
    whole = swim(**dict.fromkeys(ITEMS, "said"))
    assert whole.stated == 9 and whole.warnings == ()
    with pytest.raises(InputError, match="no item"):
        swim(groups="x")


def test_swim_is_filled_by_results() -> None:
    """What a result knows of itself need not be typed again; what is stated by people stays."""
    found: list[Told] = [vote_count([1, 1, -1, 1, 1, 1, 1]), combine_p(P, directions=WAYS)]
    checklist = swim(found, grouping="By outcome domain.", results="Written by hand.")
    said = {item.name: item.said for item in checklist.items}
    assert said["grouping"] == "By outcome domain."
    assert said["results"] == "Written by hand."
    assert "sign test" in said["synthesis"] and "Fisher" in said["synthesis"]
    assert "Direction of effects" in said["presentation"]
    assert said["certainty"] == NOT_STATED
    assert checklist.stated == 5
    assert "Campbell" in checklist.report()
    assert len(checklist.table()) == 9
