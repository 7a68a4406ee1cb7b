"""Interrupted series, difference in differences and matching: against R and Python's csdid, against algebra, and against bad input.

R's numbers from `quasi_from_r.R`: R 4.2.2, sandwich 3.0-2, clubSandwich 0.5.8, MatchIt 4.5.1 (balance only: this version passes over
nearer units and over the caliper, kosukeimai/MatchIt issue 163, so pairs are by twelve lines of R). Effects by group and time: csdid
0.4.3, whose numbers are those of R's did; est_method "reg", without bootstrap.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trial.quasi_tables import NEVER, families, months, places
from whatworks.errors import InputError
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.quasi import (
    balance,
    e_value,
    group_times,
    interrupted_series,
    match,
    matched_effect,
    regress,
    two_way,
)

R = {"rel": 1e-8}  # the digits that R printed


def series(**asked):
    told = months()
    return interrupted_series(told["count"], told["month"], 30, at_risk=told["people"], lags=3, **asked)


def covariates() -> np.ndarray:
    told = families()
    return np.column_stack([told["need"], told["age"], told["area"]])


def by_group(**asked):
    told = places()
    began = np.where(told["began"] == NEVER, math.inf, told["began"])
    return group_times(told["y"], told["place"], told["year"], began, **asked)


def test_a_change_of_level_comes_out_as_in_r() -> None:
    found = series()
    (change,) = found.changes
    assert (change.estimate, change.se_poisson) == pytest.approx((-0.289729456619, 0.037554356078), **R)
    assert (change.se, change.p) == pytest.approx((0.087705212344, 1.878259782e-03), **R)
    assert change.se_lagged == pytest.approx(0.098356702297, **R)
    assert (change.df, found.dispersion) == (45, pytest.approx(5.454188824, **R))
    assert (found.autocorrelation, found.p_alike) == pytest.approx((0.4028064671, 0.01878914695), rel=1e-7)
    assert "Newey and West" in found.warnings[0]  # the seasons are not in this model


def test_changes_of_level_and_slope_with_seasons_come_out_as_in_r() -> None:
    found = series(changes=("level", "slope"), waves=1)
    level, slope = found.changes
    assert (level.estimate, level.se, level.p) == pytest.approx((-0.206310347606, 0.071069178785, 5.867288909e-03), **R)
    assert (slope.estimate, slope.se, slope.p) == pytest.approx((-0.009472543416, 0.005979686681, 1.206681320e-01), **R)
    assert (level.se_lagged, slope.se_lagged) == pytest.approx((0.056910743835, 0.005733109070), **R)
    assert (found.autocorrelation, found.p_alike) == pytest.approx((-0.1003787109, 0.4259383984), rel=1e-7)
    assert found.warnings == ()


def test_what_was_averted_is_what_the_change_took_away() -> None:
    found, told = series(changes=("level", "slope")), months()
    after = told["month"] >= 30
    assert found.without[~after] == pytest.approx(found.fitted[~after])
    log = found.changes[0].estimate + found.changes[1].estimate * (told["month"][after] - 30)
    assert found.fitted[after] / found.without[after] == pytest.approx(np.exp(log))
    assert found.averted == pytest.approx((found.without - found.fitted)[after].sum())
    assert found.fitted.sum() == pytest.approx(told["count"].sum())  # as every Poisson model with a constant


def test_time_may_be_counted_from_anywhere() -> None:
    told, plain = months(), series(changes=("level", "slope"), waves=2)
    moved = interrupted_series(
        told["count"],
        told["month"] + 24_000,
        24_030,
        at_risk=told["people"],
        lags=3,
        changes=("level", "slope"),
        waves=2,
    )
    assert [one.estimate for one in moved.changes] == pytest.approx([one.estimate for one in plain.changes], rel=1e-7)


def test_few_points_are_said_to_be_few() -> None:
    told = months()
    found = interrupted_series(told["count"][:34], told["month"][:34], 30)
    assert any("fewer than eight" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"counts": [-1.0] + [5.0] * 9}, "below nought"),
        ({"counts": [5.0] * 9}, "a time for each count"),
        ({"time": [0, 1, 2, 3, 4, 5, 6, 8, 9, 10]}, "equally far apart"),
        ({"time": [0, 1, 2, 2, 4, 5, 6, 7, 8, 9]}, "equally far apart"),
        ({"began": 8}, "three points before"),
        ({"at_risk": [0.0] + [1.0] * 9}, "at risk above nought"),
        ({"changes": ("step",)}, "which change"),
        ({"changes": ("level", "level")}, "which change"),
        ({"lags": 0}, "number of lags"),
        ({"counts": [3, 5, 4, 6, 0, 0, 0, 0, 0, 0], "began": 4}, "No coefficients are best"),
    ],
)
def test_a_series_that_cannot_be_is_refused_in_a_sentence(change, said) -> None:
    usual = {"counts": [3, 5, 4, 6, 5, 4, 3, 4, 2, 3], "time": np.arange(10), "began": 5}
    with pytest.raises(InputError, match=said):
        interrupted_series(**(usual | change))


def test_one_effect_for_all_comes_out_as_in_r() -> None:
    told = places()
    found = two_way(told["y"], told["place"], told["year"], told["on"])
    assert (found.estimate, found.se) == pytest.approx((5.234547215e-01, 1.001701550e-01), **R)
    assert (found.df, found.p) == pytest.approx((4.505258289e01, 4.312337045e-06), **R)
    found = two_way(told["y"], told["place"], told["year"], told["on"], cluster=told["region"])
    assert (found.se, found.df, found.p) == pytest.approx((8.018525098e-02, 1.097678417e01, 4.303720385e-05), **R)


def test_units_taken_out_first_are_columns_of_their_own() -> None:
    """Also where some rows are missing, against every column written out."""
    told = places()
    kept = np.arange(288) % 11 != 4
    y, place, year, on = (told[name][kept] for name in ("y", "place", "year", "on"))
    dummies = [(place == one).astype(float) for one in np.unique(place)] + [
        (year == one).astype(float) for one in range(2, 7)
    ]
    groups = clustered(place.tolist())
    wanted = robust(least_squares(np.column_stack([on, *dummies]), y, groups), groups)
    found = two_way(y, place, year, on)
    assert (found.estimate, found.se) == pytest.approx((wanted.estimates[0], wanted.se[0]), rel=1e-9)
    assert found.df == pytest.approx(wanted.df[0], rel=1e-7)


# group, time, effect and standard error against units never treated, and against those not yet treated
CELLS = [
    (3, 2, 0.16971428571, 0.2716155854, -0.1134957983, 0.2290614661),
    (3, 3, 0.18371428571, 0.3134398125, 0.6585042017, 0.2541304762),
    (3, 6, 1.42985714286, 0.3057180931, 1.4298571429, 0.3057180931),
    (4, 3, -0.64578571429, 0.2654130843, -0.2906928571, 0.2144743800),
    (4, 5, 0.60735714286, 0.3077626714, 0.7949500000, 0.2068263210),
    (6, 6, 1.07063736264, 0.2546310853, 1.0706373626, 0.2546310852),
]


def test_effects_by_group_and_time_come_out_as_in_csdid() -> None:
    never, not_yet = by_group(), by_group(against="not yet")
    assert len(never.cells) == len(not_yet.cells) == 15
    for group, time, *wanted in CELLS:
        for found, estimate, se in [(never, *wanted[:2]), (not_yet, *wanted[2:])]:
            (cell,) = [one for one in found.cells if (one.group, one.time) == (group, time)]
            assert (cell.effect.estimate, cell.effect.se) == pytest.approx((estimate, se), abs=2e-10)
            assert cell.before == (time < group)


def test_means_of_effects_come_out_as_in_csdid() -> None:
    never, not_yet = by_group(), by_group(against="not yet")
    for effect, estimate, se in [
        (never.overall, 0.7299665379665, 0.1677813685125),
        (never.over_groups, 0.8190293263647, 0.1496132007761),
        (never.over_exposure, 0.8379560104530, 0.1879231370844),
        (not_yet.overall, 0.9400157165569, 0.1403247694079),
        (not_yet.over_groups, 0.9680319208171, 0.1372311754554),
        (not_yet.over_exposure, 1.0252265346382, 0.1574543675046),
        (dict(not_yet.by_group)[4.0], 0.9043309524, 0.1934228703),
        (dict(not_yet.by_exposure)[-2.0], -0.0003068783, 0.1528626064),
        (dict(never.by_exposure)[1.0], 0.4566785714, 0.2155880902),
    ]:
        assert (effect.estimate, effect.se) == pytest.approx((estimate, se), abs=1e-10)
    assert never.overall.low == pytest.approx(never.overall.estimate - 1.959963985 * never.overall.se, rel=1e-9)


def test_regions_as_clusters_add_up_the_influence_of_their_places() -> None:
    """One cell is a difference of two means, whose cluster-robust variance without correction can be had from a regression."""
    told = places()
    found = by_group(cluster=told["region"])
    (cell,) = [one for one in found.cells if (one.group, one.time) == (4.0, 5.0)]
    table = told["y"].reshape(48, 6)
    began, region = told["began"].reshape(48, 6)[:, 0], told["region"].reshape(48, 6)[:, 0]
    kept = (began == 4) | (began == NEVER)
    groups = clustered(region[kept].tolist())
    x = np.column_stack([np.ones(kept.sum()), began[kept] == 4])
    wanted = robust(least_squares(x, (table[:, 4] - table[:, 2])[kept], groups), groups, "CR0")
    assert (cell.effect.estimate, cell.effect.se) == pytest.approx((wanted.estimates[1], wanted.se[1]), rel=1e-10)


def test_places_that_began_before_they_were_seen_are_left_out_and_small_groups_named() -> None:
    told = places()
    began = np.where(told["began"] == NEVER, math.inf, told["began"])
    early = told["place"] <= 5
    found = group_times(told["y"], told["place"], told["year"], np.where(early, 1.0, began))
    alone = group_times(*(told[name][~early] for name in ("y", "place", "year")), began[~early])
    assert found.overall == alone.overall
    assert "5 units began at the first time" in found.warnings[-1]
    few = (began == 3.0) & (told["place"] > 12)
    found = group_times(told["y"], told["place"], told["year"], np.where(few, 6.0, began))
    assert any(one.startswith("The group that began at 3 has") for one in found.warnings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"y": np.zeros(5)}, "for each outcome"),
        ({"unit": np.array([1, 1, 1, 2, 2, 2])}, "one row at every time"),
        ({"began": np.array([2, 3, 2, 2, math.inf, math.inf])}, "several beginnings"),
        ({"began": np.full(6, math.inf)}, "no differences to compare"),
        ({"began": np.full(6, 2.0)}, "no differences to compare"),
        ({"against": "always"}, "no comparison here"),
        ({"y": np.array([1, 2, 3, 4, 5, math.nan])}, "missing or not a number"),
    ],
)
def test_a_panel_that_cannot_be_is_refused_in_a_sentence(change, said) -> None:
    usual = {
        "y": np.arange(6.0), "unit": np.array([1, 1, 2, 2, 3, 3]), "time": np.array([1, 2, 1, 2, 1, 2]),
        "began": np.array([2, 2, 2, 2, math.inf, math.inf]),
    }  # fmt: skip
    with pytest.raises(InputError, match=said):
        group_times(**(usual | change))


def test_one_effect_for_all_is_refused_where_nothing_tells_it() -> None:
    told = places()
    for treated, cluster, said in [
        (told["year"] > 3, None, "nothing tells the effect"),
        (told["place"] > 24, None, "nothing tells the effect"),
        (told["on"], told["year"], "in several clusters"),
        (told["on"][:-1], None, "for each outcome"),
    ]:
        with pytest.raises(InputError, match=said):
            two_way(told["y"], told["place"], told["year"], treated, cluster=cluster)


def test_the_propensity_comes_out_as_in_r() -> None:
    fit = regress(np.column_stack([np.ones(240), covariates()]), families()["served"], "binomial")
    assert fit.coefficients == pytest.approx([0.3616013064, 0.6910145203, -0.1113686303, 0.6365886397], **R)
    wanted = [0.49233668368, 0.15966478754, 0.04734922674, 0.28787284887]
    # R's standard errors are from the step before the last.
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(wanted, rel=1e-7)


# ratio, caliper; how many; difference and ratio of variances of each covariate; effect, standard error, degrees of freedom
MATCHED = [
    (1, None, 94, 94, [(0.2408432424, 1.1135129328), (-0.1104485073, 1.2380348684), (0.06384423981, None)],
     (6.287340426e-01, 1.722884328e-01, 93.0)),
    (1, 0.2, 85, 85, [(0.03456279976, 0.89241989021), (-0.05738314093, 1.13828169861), (0.0, None)],
     (0.41577647059, 0.17084693657, 84.0)),
    (2, None, 94, 146, [(0.6841673364, 1.1348928103), (-0.3206023515, 1.1982691305), (0.2660176659, None)],
     (1.087696809, 1.854838570e-01, 91.08490147)),
    (2, 0.2, 85, 109, [(0.02118690792, 0.94937564562), (-0.06299912662, 1.12897998897), (0.04706947876, None)],
     (0.39567647059, 0.17615022647, 82.77222857797)),
]  # fmt: skip


@pytest.mark.parametrize(("ratio", "caliper", "treated", "untreated", "alike", "effect"), MATCHED)
def test_matches_come_out_as_in_r(ratio, caliper, treated, untreated, alike, effect) -> None:
    told = families()
    matching = match(covariates(), told["served"], ratio=ratio, caliper=caliper)
    found = matched_effect(told["y"], matching)
    assert (found.treated, found.untreated, matching.unmatched) == (treated, untreated, 94 - treated)
    assert (found.estimate, found.se, found.df) == pytest.approx(effect, rel=1e-8)
    for one, (difference, spread) in zip(balance(covariates(), ["need", "age", "area"], matching), alike, strict=True):
        assert one.difference_after == pytest.approx(difference, abs=2e-10)
        assert one.ratio_after == (None if spread is None else pytest.approx(spread, rel=1e-9))
        assert one.alike == (abs(difference) <= 0.1)


def test_balance_before_is_that_of_matchit() -> None:
    matching = match(covariates(), families()["served"])
    columns = np.column_stack([matching.score, covariates()])
    found = balance(columns, ["score", "need", "age", "area"], matching)
    assert [one.difference_before for one in found] == pytest.approx(
        [0.7641053139, 0.6245267034, -0.3198467732, 0.2664549552], abs=1e-9
    )
    assert [one.ratio_before for one in found[:3]] == pytest.approx([1.015552292, 1.042294133, 1.143523074], rel=1e-9)
    assert found[3].ratio_before is None


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), ratio=st.integers(1, 3))
def test_matches_are_near_and_used_once(seed, ratio) -> None:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(60, 2))
    treated = (chance.random(60) < 0.4) * 1.0
    treated[:4] = [0, 0, 1, 1]
    try:
        matching = match(x, treated, ratio=ratio)
    except InputError:
        return
    reach = 0.2 * matching.score.std(ddof=1)
    groups, arm = matching.groups, treated == 1
    assert all(groups[one] in (one, -1) for one in np.flatnonzero(arm))
    for one in np.flatnonzero(arm):
        mates = np.flatnonzero((groups == one) & ~arm)
        assert len(mates) <= ratio and (len(mates) > 0) == (groups[one] == one)
        assert all(abs(matching.score[mate] - matching.score[one]) <= reach for mate in mates)
    for one in np.flatnonzero(arm & (groups < 0)):  # whoever found nobody had nobody left within reach
        free = ~arm & (groups < 0)
        assert not (np.abs(matching.score[free] - matching.score[one]) <= reach).any()
    assert matching.weights[~arm].sum() == pytest.approx((groups[~arm] >= 0).sum())


def test_who_found_no_match_is_said() -> None:
    matching = match(covariates(), families()["served"])
    assert matching.warnings[0].startswith("9 of 94 treated units found no match")
    assert matching.outside == 2 and "every untreated one" in matching.warnings[1]


def test_an_outcome_that_is_missing_matters_only_where_it_is_used() -> None:
    told = families()
    matching = match(covariates(), told["served"])
    y = np.where(matching.weights > 0, told["y"], math.nan)
    assert matched_effect(y, matching) == matched_effect(told["y"], matching)
    with pytest.raises(InputError, match="missing"):
        matched_effect(np.full(240, math.nan), matching)


def test_e_values_are_those_published() -> None:
    """VanderWeele and Ding 2017, table 2: a risk ratio of 3.9 with interval from 1.8."""
    assert round(e_value(3.9), 2) == 7.26
    assert round(e_value(1.8), 1) == 3.0
    assert e_value(0.5) == e_value(2.0)
    assert e_value(1.0) == 1.0


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda x, t: match(x, t[:-1]), "a row for each unit"),
        (lambda x, t: match(x, np.ones(240)), "there must be both"),
        (lambda x, t: match(x, t, ratio=0), "ratio must be 1"),
        (lambda x, t: match(x, t, caliper=0.0), "caliper above nought"),
        (lambda x, t: match(np.column_stack([x, x[:, 0]]), t), "leave one of them out"),
        (lambda x, t: match(t[:, None], t), "No coefficients are best"),
        (lambda x, t: match(x, t, caliper=1e-12), "wider caliper"),
        (lambda x, t: balance(x, ["need"], match(x, t)), "a name for each column"),
        (lambda x, t: matched_effect(t[:-1], match(x, t)), "an outcome for each unit"),
        (lambda x, t: e_value(0.0), "above nought"),
        (lambda x, t: regress(x, t * 2, "binomial"), "nought or one"),
        (lambda x, t: regress(x[:3], t[:3], "poisson"), "more rows are needed"),
        (lambda x, t: regress(x, t[:-1], "poisson"), "as many rows"),
    ],
)
def test_what_cannot_be_matched_is_refused_in_a_sentence(ask, said) -> None:
    with pytest.raises(InputError, match=said):
        ask(covariates(), families()["served"])
