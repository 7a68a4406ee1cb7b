"""Mixed models with slopes, nested and crossed terms: against lme4, lmerTest and pbkrtest, against whole matrices, and bad input.

Numbers from `mixed_from_r.R`: lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2 on R 4.2.2, run with bobyqa to rhoend 1e-10.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import needs_shared
from tests.unit.trial.mixed_tables import crossed, periods, shared, sleep, wedge
from whatworks.errors import InputError
from whatworks.trial.methods.mixed import (
    MixedFit,
    RandomTerm,
    contrast_tests,
    fit_intercepts,
    fit_mixed,
    joint_test,
    searching,
    small_sample,
)
from whatworks.trial.methods.mixed.curving import curve
from whatworks.trial.methods.mixed.searching import _profiled, _step, value
from whatworks.trial.methods.mixed.solving import solve
from whatworks.trial.methods.mixed.terms import entries, settled, shape_of, triangles

# R's search stops at a tolerance of its own and takes second derivatives by differences: what is left of its digits.
CLOSE, CLOSE_DF = {"rel": 2e-6}, {"rel": 5e-6}


def ones(table) -> np.ndarray:
    return np.ones(len(next(iter(table.values()))))


def sleepers(related: bool = True, reml: bool = True) -> MixedFit:
    told = sleep()
    x = np.column_stack([ones(told), told["days"]])
    return fit_mixed(x, told["reaction"], [RandomTerm("person", told["person"], x, related)], reml=reml)


def pupils(slopes: bool, related: bool = True, reml: bool = True) -> MixedFit:
    told = crossed()
    x = np.column_stack([ones(told), told["arm"], told["pre"]])
    school = RandomTerm("school", told["school"], x[:, [0, 2]] if slopes else None, related)
    return fit_mixed(x, told["y"], [school, RandomTerm("area", told["area"])], reml=reml)


def stepped() -> MixedFit:
    told = wedge()
    x = np.column_stack([ones(told), *periods(told, 6), told["arm"]])
    within = RandomTerm("cluster and period", told["cluster"] * 100 + told["period"])
    return fit_mixed(x, told["y"], [RandomTerm("cluster", told["cluster"]), within])


def school_trial(slope: bool) -> MixedFit:
    told = shared("crt_cont.csv")
    x = np.column_stack([ones(told), told["trt"], told["pre"]])
    if slope:
        return fit_mixed(x, told["y"], [RandomTerm("school", told["cluster"], x[:, [0, 2]])])
    return fit_mixed(x, told["y"], [RandomTerm("school", told["cluster"]), RandomTerm("area", told["la"])])


def period_means() -> MixedFit:
    told = shared("swcrt.csv")
    x = np.column_stack([ones(told), *periods(told, 6), told["trt"]])
    return fit_mixed(x, told["events"] / told["n"], [RandomTerm("cluster", told["cluster"])])


def test_sleep_comes_out_as_in_lme4() -> None:
    fit = sleepers()
    assert fit.coefficients == pytest.approx([251.40510485, 10.46728596], rel=1e-9)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx([6.8245557763, 1.5457889324], **CLOSE)
    assert fit.criterion == pytest.approx(1743.6282719585, abs=1e-8)
    assert fit.log_likelihood == pytest.approx(-871.81413597925, abs=1e-8)
    (person,) = fit.spreads
    assert (person.name, person.groups) == ("person", 18)
    assert person.sds == pytest.approx([24.7404476167, 5.922133259579], **CLOSE)
    assert person.correlations[0, 1] == pytest.approx(0.065551342853, abs=1e-6)
    assert person.covariance[0, 1] == pytest.approx(9.6043354748, abs=2e-4)
    assert fit.within == pytest.approx(25.5918158926, **CLOSE)
    assert not fit.singular and not fit.warnings


def test_days_without_sleep_are_tested_on_seventeen_degrees_of_freedom() -> None:
    for way in ("kenward-roger", "satterthwaite"):
        found = contrast_tests(sleepers(), [0, 1], way)
        assert found.estimate[0] == pytest.approx(10.46729, abs=5e-6)
        assert found.se[0] == pytest.approx(1.545790, abs=2e-6)
        assert found.df[0] == pytest.approx(17, abs=1e-7)  # exact: the design is balanced
        assert found.p[0] == pytest.approx(3.26379e-06, rel=1e-5)
        assert found.high[0] - found.estimate[0] == pytest.approx(2.1098155778 * found.se[0], rel=1e-9)


# Coefficient: the last of each. Spreads in the order of the terms.
FROM_R = [
    ("sleep, unrelated", lambda: sleepers(related=False), 1743.6692935813, [25.0513296428, 5.9881718249], 25.5652851518,
     (10.46728596, 1.5595659963, 18.156202013, 2.5939468392e-06), (1.5595659963, 18.187476219, 2.57084654e-06)),
    ("crossed", lambda: pupils(slopes=False), 952.00937175714, [0.79160459227, 0.55937799594], 1.08199120822,
     (0.29373491021, 0.066153605424, 279.875262853, 1.2948488189e-05), (0.06622654788, 279.714018678, 1.32287785e-05)),
    ("crossed, slopes", lambda: pupils(slopes=True), 888.39149635304, [0.81319528355, 0.63545817053, 0.60333958958],
     0.923961708791, (0.28348335987, 0.18012983279, 12.551410790, 0.140398492057),
     (0.18029565251, 12.930550767, 0.140014990)),
    ("crossed, unrelated", lambda: pupils(slopes=True, related=False), 893.89285320624,
     [0.79491979185, 0.63904601413, 0.60331252566], 0.923356874269,
     (0.27967138222, 0.18116969650, 12.546858745, 0.147499818849), (0.18124151402, 12.933380702, 0.1469168437)),
    ("wedge", stepped, 1053.0207616684, [0.36807056888, 0.39489577502], 1.06596892573,
     (0.21955691557, 0.25160015087, 52.665471592, 0.386819438288), (0.26182970412, 52.462432197, 0.40552723602)),
]  # fmt: skip
SHARED_FROM_R = [
    ("areas", lambda: school_trial(slope=False), 1410.1491955249, [0.79684070192, 0.39562350856], 2.63483648231,
     (0.5767932617, 0.037375138769, 280.868136999, 2.4668784707e-39), (0.037511822962, 280.448860946, 4.08380231e-39)),
    ("edge", lambda: school_trial(slope=True), 1410.3663313876, [0.547065308741, 0.015657274437], 2.635172123861,
     (0.57784475151, 0.037513915104, 220.805210138, 7.6063957342e-37), (0.03884536656, 15.378568837, 1.53290662e-10)),
    ("means", period_means, -136.66510184337, [0.033981534129], 0.0516362409691,
     (-0.018830731051, 0.021834002514, 52.999551881, 0.39232583002), (0.022653984369, 52.999557172, 0.409571546)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "fitted", "criterion", "sds", "within", "satterthwaite", "kenward_roger"),
    [*FROM_R, *(pytest.param(*one, marks=needs_shared) for one in SHARED_FROM_R)],
)
def test_models_come_out_as_in_r(name, fitted, criterion, sds, within, satterthwaite, kenward_roger) -> None:
    fit = fitted()
    assert fit.criterion == pytest.approx(criterion, abs=1e-8)
    # At the edge the criterion is flat, and R's search stops early: five digits of the spreads.
    assert np.concatenate([one.sds for one in fit.spreads]) == pytest.approx(sds, rel=1e-5)
    assert fit.within == pytest.approx(within, **CLOSE)
    by_curve, by_expectation = contrast_tests(fit, None, "satterthwaite"), contrast_tests(fit)
    estimate, se, df, p = satterthwaite
    assert by_curve.estimate[-1] == pytest.approx(estimate, **CLOSE)
    assert by_curve.se[-1] == pytest.approx(se, **CLOSE)
    assert by_curve.df[-1] == pytest.approx(df, **CLOSE_DF)
    assert by_curve.p[-1] == pytest.approx(p, rel=2e-5)
    se, df, p = kenward_roger
    assert by_expectation.se[-1] == pytest.approx(se, **CLOSE)
    assert by_expectation.df[-1] == pytest.approx(df, **CLOSE_DF)
    assert by_expectation.p[-1] == pytest.approx(p, rel=2e-5)


def test_the_arm_of_a_trial_with_slopes_by_school_is_tested_as_in_r() -> None:
    found = contrast_tests(pupils(slopes=True))
    assert found.se[1] == pytest.approx(0.37333914769, **CLOSE)
    assert found.df[1] == pytest.approx(11.852623585, **CLOSE_DF)
    assert found.p[1] == pytest.approx(0.038255145, rel=1e-5)
    assert contrast_tests(pupils(slopes=True), way="satterthwaite").df[1] == pytest.approx(11.234251409, **CLOSE_DF)


def test_unrestricted_likelihood_comes_out_as_in_r() -> None:
    for fit, criterion, se, df in [
        (sleepers(reml=False), 1751.9393444632, 1.5022367926, 18.0),
        (pupils(slopes=True, reml=False), 885.55382010883, 0.17318508879, 13.476600065),
    ]:
        found = contrast_tests(fit, way="satterthwaite")
        assert fit.criterion == pytest.approx(criterion, abs=1e-8)
        assert found.se[-1] == pytest.approx(se, **CLOSE)
        assert found.df[-1] == pytest.approx(df, **CLOSE_DF)
    assert pupils(slopes=True, reml=False).spreads[0].correlations[0, 1] == pytest.approx(-0.71619305747, abs=1e-6)


def test_several_coefficients_together_come_out_as_in_r() -> None:
    both, later = np.eye(3)[1:], np.eye(7)[1:6]
    for fit, rows, way, f, df, p in [
        (pupils(slopes=False), both, "satterthwaite", 10.20895294, 20.69491314, 0.0008227766693),
        (pupils(slopes=False), both, "kenward-roger", 9.967114719, 29.80119823, 0.0004848729922),
        (pupils(slopes=True), both, "satterthwaite", 4.443930199, 11.84911717, 0.03630613071),
        (pupils(slopes=True), both, "kenward-roger", 3.817138259, 15.78524761, 0.04444092252),
        (stepped(), later, "satterthwaite", 1.765381054, 45.59976572, 0.1391018554),
        (stepped(), later, "kenward-roger", 1.690678532, 45.07680258, 0.1563120594),
    ]:
        found = joint_test(fit, rows, way)
        assert (found.df, found.f) == (len(rows), pytest.approx(f, **CLOSE))
        assert found.df_within == pytest.approx(df, **CLOSE_DF)
        assert found.p == pytest.approx(p, rel=1e-5)


def test_one_row_tested_together_is_the_test_of_that_row() -> None:
    for way in ("satterthwaite", "kenward-roger"):
        alone, found = (
            contrast_tests(pupils(slopes=True), [0, 1, -2], way),
            joint_test(pupils(slopes=True), [0, 1, -2], way),
        )
        assert found.f == pytest.approx(alone.t[0] ** 2, rel=1e-10)
        assert (found.df_within, found.p) == (pytest.approx(alone.df[0], rel=1e-9), pytest.approx(alone.p[0], rel=1e-9))


@needs_shared
def test_what_the_data_cannot_tell_is_said() -> None:
    fit = school_trial(slope=True)
    assert fit.singular
    assert fit.spreads[0].correlations[0, 1] == pytest.approx(1.0, abs=1e-6)
    assert "perfectly correlated" in fit.warnings[0] and "school" in fit.warnings[0]


def test_groups_that_do_not_differ_are_said_to_do_so_and_tests_are_the_ordinary_ones() -> None:
    told = crossed()
    x = np.column_stack([ones(told), told["pre"]])
    y = told["y"] - np.array([told["y"][told["school"] == one].mean() for one in told["school"]])
    fit = fit_mixed(x, y, [RandomTerm("school", told["school"])])
    assert fit.spreads[0].sds.tolist() == [0.0]
    assert "no more than by chance" in fit.warnings[0]
    assert contrast_tests(fit, way="satterthwaite").df == pytest.approx([298.0, 298.0], rel=1e-10)


@pytest.mark.parametrize("between", [0.0, 0.02, 3.0])
def test_one_random_intercept_is_what_the_other_door_fits(between) -> None:
    told = crossed()
    x = np.column_stack([ones(told), told["arm"], told["pre"]])
    y = told["y"] + between * np.sin(told["school"])
    fit, other = fit_mixed(x, y, [RandomTerm("school", told["school"])]), fit_intercepts(x, y, told["school"])
    assert fit.criterion == pytest.approx(other.criterion[0], abs=1e-9)
    assert fit.coefficients == pytest.approx(other.coefficients[0], rel=1e-8)
    for way in ("satterthwaite", "kenward-roger"):
        found, wanted = contrast_tests(fit, way=way), small_sample(other, way)
        assert found.se == pytest.approx(wanted.se[0], rel=1e-7)
        assert found.df == pytest.approx(wanted.df[0], rel=1e-6)


def made_up(seed: int, levels: tuple[int, ...], rows: int):
    """A design, an outcome and groupings made up, crossed at random; the first grouping has a slope."""
    chance = np.random.default_rng(seed)
    groups = [chance.integers(0, many, rows) for many in levels]
    x = np.column_stack([np.ones(rows), chance.normal(size=(rows, 2))])
    y = chance.normal(size=rows) + sum(chance.normal(size=many)[one] for many, one in zip(levels, groups, strict=True))
    return x, y + 0.8 * chance.normal(size=levels[0])[groups[0]] * x[:, 1], groups


def dense(fit: MixedFit, x, terms):
    """The criterion, and Kenward and Roger's covariance and degrees of freedom, by whole matrices as the paper writes them."""
    parts, values = [np.eye(len(x))], [fit.within**2]
    for term, spread in zip(terms, fit.spreads, strict=True):
        z = np.ones((len(x), 1)) if term.columns is None else term.columns
        same = (term.group[:, None] == term.group[None, :]).astype(float)
        for i in range(z.shape[1]):
            for j in range(i + 1 if term.related else 1):
                a, b = (i, j) if term.related else (i, i)
                both = np.outer(z[:, a], z[:, b])
                parts.append(same * (both if a == b else both + both.T))
                values.append(spread.covariance[a, b])
    inverse = np.linalg.inv(sum(value * part for value, part in zip(values, parts, strict=True)))
    phi = np.linalg.inv(x.T @ inverse @ x)
    turned = [inverse @ part for part in parts]
    p = [-x.T @ one @ inverse @ x for one in turned]
    q = [[x.T @ one @ other @ inverse @ x for other in turned] for one in turned]
    span = range(len(parts))
    information = np.array([[
        np.trace(turned[r] @ turned[s]) - 2 * np.trace(phi @ q[r][s]) + np.trace(phi @ p[r] @ phi @ p[s])
        for s in span] for r in span])  # fmt: skip
    w = 2 * np.linalg.inv(information)
    adjusted = phi + 2 * phi @ sum(w[r, s] * (q[r][s] - p[r] @ phi @ p[s]) for r in span for s in span) @ phi
    moves = np.array([np.diag(phi @ one @ phi) for one in p])
    spread = np.einsum("rk,rs,sk->k", moves, w, moves)
    return inverse, phi, adjusted, 2 * np.diag(phi) ** 2 / spread


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), levels=st.sampled_from([(5, 7), (9, 4), (6, 5, 4)]), related=st.booleans())
def test_blocks_give_what_whole_matrices_give(seed, levels, related) -> None:
    x, y, groups = made_up(seed, levels, 90)
    columns = [x[:, :2], *([None] * (len(levels) - 1))]
    terms = [RandomTerm(str(place), one, columns[place], related) for place, one in enumerate(groups)]
    fit = fit_mixed(x, y, terms)
    inverse, phi, adjusted, df = dense(fit, x, terms)
    residual = y - x @ fit.coefficients
    by_hand = -np.linalg.slogdet(inverse)[1] - np.linalg.slogdet(phi)[1] + residual @ inverse @ residual
    assert fit.criterion == pytest.approx(by_hand + (len(y) - 3) * np.log(2 * np.pi), rel=1e-9)
    assert fit.coefficients == pytest.approx(phi @ x.T @ inverse @ y, rel=1e-7, abs=1e-9)
    assert fit.covariance == pytest.approx(phi, rel=1e-7, abs=1e-12)
    if not fit.singular:  # at the edge the whole matrices of information have no inverse to compare with
        found = contrast_tests(fit)
        assert found.se**2 == pytest.approx(np.diag(adjusted), rel=1e-6)
        assert found.df == pytest.approx(df, rel=1e-5)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), reml=st.booleans())
def test_slopes_and_curvature_are_those_of_the_criterion(seed, reml) -> None:
    x, y, groups = made_up(seed, (6, 8), 80)
    fit = fit_mixed(x, y, [RandomTerm("a", groups[0], x[:, :2]), RandomTerm("b", groups[1])], reml=reml)
    made, at = fit.solved.products, fit.solved.theta + np.array([0.3, -0.2, 0.4, 0.25])
    slope, bend = _profiled(solve(made, at), reml)
    step = 1e-5 * np.eye(4)
    by_value = [(value(solve(made, at + one), reml) - value(solve(made, at - one), reml)) / 2e-5 for one in step]
    assert slope == pytest.approx(by_value, rel=1e-5, abs=1e-5)
    by_slope = [
        (_profiled(solve(made, at + one), reml)[0] - _profiled(solve(made, at - one), reml)[0]) / 2e-5 for one in step
    ]
    assert bend == pytest.approx(np.array(by_slope), rel=1e-5, abs=1e-4)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), reml=st.booleans())
def test_no_other_variances_are_better(seed, reml) -> None:
    x, y, groups = made_up(seed, (6, 8), 80)
    fit = fit_mixed(x, y, [RandomTerm("a", groups[0], x[:, :2]), RandomTerm("b", groups[1])], reml=reml)
    least, chance = value(fit.solved, reml), np.random.default_rng(seed)
    near = [fit.solved.theta + 0.05 * chance.normal(size=4) for _ in range(20)]
    far = [3 * chance.normal(size=4) for _ in range(40)]
    assert least <= min(value(solve(fit.solved.products, one), reml) for one in near + far) + 1e-9
    told = curve(fit.solved, reml)
    assert np.abs(told.log + fit.freedom * told.rss / fit.solved.rss).max() < 1e-4


def test_no_spread_is_left_where_spread_is_better() -> None:
    """There the slope is nought, for a parameter and its negative say the same; only the curvature tells."""
    told = crossed()
    made = fit_mixed(np.ones((300, 1)), told["y"], [RandomTerm("school", told["school"])]).solved.products
    nought = solve(made, np.zeros(1))
    slope, bend = _profiled(nought, True)
    step, gain, saddle = _step(slope, bend, nought.theta)
    assert slope[0] == 0.0 and saddle and gain > 0
    assert value(solve(made, step), True) < value(nought, True)


def test_a_search_that_creeps_ends_where_nothing_is_left_to_gain_and_says_where_something_is(monkeypatch) -> None:
    wanted = sleepers()
    monkeypatch.setattr(searching, "CLOSE", 0.0)
    assert sleepers().criterion == pytest.approx(wanted.criterion, abs=1e-9)
    monkeypatch.setattr(searching, "STEPS", 1)
    with pytest.raises(InputError, match="did not come to rest"):
        sleepers()


@given(st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_parameters_brought_in_order_say_the_same(theta) -> None:
    shapes, given_ = (shape_of(4, 3, True), shape_of(5, 2, False), shape_of(6, 1, True)), np.array(theta)
    found = settled(shapes, given_)
    assert entries(shapes, found) == pytest.approx(entries(shapes, given_), abs=1e-12)
    assert all((np.diag(one) >= 0).all() for one in triangles(shapes, found))


def test_units_change_nothing_but_units() -> None:
    told = sleep()
    x = np.column_stack([ones(told), 24e3 * told["days"]])
    fit = fit_mixed(x, told["reaction"] / 1e6, [RandomTerm("person", told["person"], x)])
    assert fit.spreads[0].sds == pytest.approx([24.7404476167e-6, 5.922133259579e-6 / 24e3], **CLOSE)
    assert contrast_tests(fit).df == pytest.approx([17, 17], rel=1e-6)


def test_terms_come_back_in_the_order_asked_for() -> None:
    told = crossed()
    x = np.column_stack([ones(told), told["arm"]])
    terms = [RandomTerm("area", told["area"]), RandomTerm("school", told["school"])]
    fit, other = fit_mixed(x, told["y"], terms), fit_mixed(x, told["y"], terms[::-1])
    assert [one.name for one in fit.spreads] == ["area", "school"]
    assert fit.spreads[0].sds == pytest.approx(other.spreads[1].sds, rel=1e-9)


def test_bad_input_is_refused_in_a_sentence() -> None:
    told = crossed()
    x, y = np.column_stack([ones(told), told["arm"]]), told["y"]
    school = RandomTerm("school", told["school"])
    for design, outcome, terms, said in [
        (x[:-1], y, [school], "as many rows"),
        (x, y, [], "needs a random term"),
        (x, np.where(np.arange(300) == 4, np.nan, y), [school], "missing or not a number"),
        (np.column_stack([x, x[:, 1]]), y, [school], "leave one of them out"),
        (x[:2], y[:2], [replace(school, group=[1, 2])], "more rows are needed"),
        (x, y, [replace(school, group=told["school"][:-1])], "“school” must have a label"),
        (x, y, [replace(school, group=np.zeros(300))], "two or more"),
        (x, y, [replace(school, group=np.arange(300))], "cannot be told from that within"),
        (x, y, [replace(school, columns=np.column_stack([x, x[:, 0]]))], "leave one of them out"),
        (x, x @ [1.0, 2.0], [school], "explains every outcome exactly"),
        (x[:, :1], told["school"], [school], "analyse their means"),
    ]:
        with pytest.raises(InputError, match=said):
            fit_mixed(design, outcome, terms)


def test_too_many_groups_to_hold_are_refused() -> None:
    rows = 14_000
    groups = [np.arange(rows) % 6_999, np.arange(rows) * 31 % 6_997]
    with pytest.raises(InputError, match="too many here"):
        fit_mixed(
            np.ones((rows, 1)), np.sin(np.arange(rows)), [RandomTerm(str(at), one) for at, one in enumerate(groups)]
        )


def test_bad_tests_are_refused_in_a_sentence() -> None:
    fit = sleepers()
    for ask, said in [
        (lambda: contrast_tests(fit, way="z"), "no way of testing"),
        (lambda: contrast_tests(fit, [1, 0, 0]), "needs 2 numbers"),
        (lambda: contrast_tests(fit, [[0, 0]]), "not all nought"),
        (lambda: joint_test(fit, [[0, 1], [0, 2]]), "a sum of others"),
        (lambda: contrast_tests(sleepers(reml=False)), "reml=True"),
    ]:
        with pytest.raises(InputError, match=said):
            ask()
