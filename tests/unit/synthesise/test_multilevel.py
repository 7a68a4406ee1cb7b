"""Multilevel models: what is refused, what is said, what a result tells. The numbers are in tests/oracles."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.synthesise.methods.multilevel.correlated import rve
from whatworks.synthesise.methods.multilevel.modelling import multilevel
from whatworks.synthesise.methods.multilevel.working import che

YI = [0.30, 0.21, -0.05, 0.10, 0.62, 0.48, 0.55, 0.11, 0.02, 0.47, 0.33, 0.39, 0.20, -0.14]
VI = [0.020, 0.025, 0.015, 0.018, 0.040, 0.030, 0.035, 0.008, 0.012, 0.055, 0.050, 0.045, 0.022, 0.031]
STUDY = ["a", "a", "b", "b", "c", "c", "c", "d", "d", "e", "e", "e", "f", "g"]
ROWS = list(range(1, 15))
YEAR = [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2]
TABLE = {"yi": YI, "vi": VI, "study": STUDY, "row": ROWS, "year": YEAR}
NESTED = {"study": STUDY, "row": ROWS}
CONTRACT = {"coefficients", "sigma2", "loglik", "qe", "n_clusters"}
ROW = {"name", "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high"}


@pytest.mark.parametrize("robust", [None, "CR2", "CR3"])
def test_the_keys_of_the_contract_are_there_and_it_is_json(robust: Any) -> None:
    answer = multilevel(YI, VI, nested=NESTED, robust=robust).to_dict()
    assert set(answer) >= CONTRACT and set(answer["coefficients"][0]) == ROW
    assert len(answer["sigma2"]) == 2
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_arrays_a_table_and_names_give_the_same() -> None:
    by_array = multilevel(YI, VI, x={"year": YEAR}, nested=NESTED, rho=0.5, robust="CR2")
    by_table = multilevel(table=TABLE, formula="yi ~ year", nested="study/row", rho=0.5, robust="CR2", cluster="study")
    assert by_array.to_dict() | {"settings": 0} == by_table.to_dict() | {"settings": 0}


def test_blocks_a_matrix_and_rho_are_the_same_covariance() -> None:
    together = np.array([[one == other for one in STUDY] for other in STUDY])
    v = 0.6 * together * np.sqrt(np.outer(VI, VI)) + 0.4 * np.diag(VI)
    sizes = [STUDY.count(one) for one in dict.fromkeys(STUDY)]
    ends = np.cumsum(sizes)
    blocks = [v[end - size : end, end - size : end] for end, size in zip(ends, sizes, strict=True)]
    ways = [{"rho": 0.6}, {"v": v}, {"v": blocks}]
    found = [multilevel(YI, VI, nested=NESTED, robust="CR2", **way) for way in ways]
    for one in found[1:]:
        assert one.loglik == pytest.approx(found[0].loglik, rel=1e-12)
        assert one.coefficients[0].df == pytest.approx(found[0].coefficients[0].df, rel=1e-8)


def test_one_effect_for_each_study_is_ordinary_pooling() -> None:
    from whatworks.synthesise import pool

    ours, plain = multilevel(YI, VI, nested={"study": ROWS}), pool(YI, VI)
    assert ours.sigma2[0] == pytest.approx(plain.tau2, rel=1e-7)
    assert ours.loglik == pytest.approx(plain.loglik, rel=1e-10)
    assert (ours.pi_low, ours.i2) == (pytest.approx(plain.pi_low, rel=1e-6), pytest.approx(plain.i2, rel=1e-6))


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ({"yi": [0.1], "vi": [0.1], "nested": None}, "1 effect cannot give 1 coefficient and"),
        ({"yi": YI[:2], "vi": VI[:1]}, "variance has 1 values for 2 effects"),
        ({"vi": [*VI[:3], 0.0, *VI[4:]]}, "variance in row 4 is 0"),
        ({"yi": [None, *YI[1:]]}, "effect in row 1"),
        ({"nested": {"study": STUDY[:3]}}, "study has 3 values for 14 effects"),
        ({"nested": {"study": [None, *STUDY[1:]]}}, "Row 1 of study is empty"),
        ({"nested": "study/row"}, "named 'study', but there is no table"),
        ({"nested": "study//row", "table": TABLE}, "cannot be read; write the outer first"),
        ({"rho": 1.0}, "not possible with up to 3 effects"),
        ({"rho": -0.6}, "between -0.5 and 1"),
        ({"rho": 0.5, "nested": None}, "needs clusters"),
        ({"robust": "CR2", "nested": None}, "no clusters; say with cluster="),
        ({"robust": "CR2", "cluster": ["a"] * 14}, "at least two clusters"),
        ({"robust": "HC1"}, "not known; choose one of CR2"),
        ({"method": "DL"}, "choose one of REML, ML"),
        ({"test": "knha"}, "choose one of z, t, contain"),
        ({"level": 95}, "between 0 and 1"),
        ({"x": [[1.0, 2.0]] * 14}, "collinear|made of"),
        ({"x": [1.0] * 3}, "14 rows"),
        ({"x": {"year": ["late"] * 14}}, "must be numbers"),
        ({"x": YEAR, "formula": "yi ~ year"}, "by formula or by x"),
        ({"formula": "yi ~ year"}, "needs table="),
        ({"v": np.eye(3)}, "3 x 3, but there are 14"),
        ({"v": -np.diag(VI)}, "not that on the diagonal"),
        ({"v": np.ones((14, 14)), "vi": None}, "not positive definite in the block of row 1"),
        ({"v": np.diag(VI), "rho": 0.5}, "by v or by rho"),
        ({"v": np.diag(VI), "rhos": (0.1,)}, "leave rhos out"),
        ({"v": [np.eye(3)]}, "make 14 rows together, not 3"),
        ({"sigma2": [0.1]}, "must have 2 entries"),
        ({"sigma2": [0.1, -1]}, "0 or above"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(call: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        multilevel(**{"yi": YI, "vi": VI, "nested": NESTED} | call)


def test_an_indefinite_v_that_is_not_symmetric_is_refused() -> None:
    v = np.diag(VI)
    v[0, 1] = 0.01
    with pytest.raises(InputError, match="not symmetric"):
        multilevel(YI, VI, nested=NESTED, v=v)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({}, "take robust='CR2'"),
        ({}, "give rho="),
        ({"nested": {"all": ["x"] * 14, "row": ROWS}}, "all has a single level"),
        ({"nested": {"study": ROWS, "row": ROWS}}, "cannot be told apart"),
        ({"nested": {"study": STUDY}}, "No factor has a level for each effect"),
        ({"robust": "CR1"}, "intervals that are too narrow"),
        ({"robust": "CR2"}, "few even for CR2"),
        ({"sigma2": [0.02, None]}, "held at 0.02, as asked"),
        ({"nested": {"study": [*STUDY[:-1], "a"], "row": ROWS}}, "may hide as one"),
        ({"yi": [*YI[:-1], YI[0]], "vi": [*VI[:-1], VI[0]]}, "entered twice"),
        ({"yi": YI[:4], "vi": VI[:4], "nested": {"study": STUDY[:4], "row": ROWS[:4]}}, "Only 2 independent groups"),
    ],
)
def test_what_a_reader_must_know_is_said(call: dict[str, Any], sentence: str) -> None:
    found = multilevel(**{"yi": YI, "vi": VI, "nested": NESTED} | call)
    assert any(sentence in one for one in found.warnings), found.warnings


def test_rows_without_a_value_are_left_out_and_said() -> None:
    holes = TABLE | {"year": [None, *YEAR[1:]], "vi": [*VI[:-1], ""]}
    found = multilevel(table=holes, formula="yi ~ year", nested="study/row", rho=0.4, robust="CR2")
    inside = slice(1, 13)
    whole = multilevel(
        YI[inside], VI[inside], x={"year": YEAR[inside]}, nested={"study": STUDY[inside], "row": ROWS[inside]},
        rho=0.4, robust="CR2",
    )  # fmt: skip
    assert found.k == 12 and "2 of 14 rows" in found.warnings[0]
    assert found.to_dict()["coefficients"] == whole.to_dict()["coefficients"]


def test_the_same_effect_everywhere_has_no_heterogeneity_and_no_failure() -> None:
    found = multilevel([0.2] * 14, VI, nested=NESTED, intervals=True)
    assert found.sigma2 == (0.0, 0.0) and found.coefficients[0].estimate == pytest.approx(0.2)
    assert found.qe == pytest.approx(0, abs=1e-12)


def test_boundary_variances_are_exactly_zero() -> None:
    calm = [0.2 + 0.01 * (one % 3) for one in range(14)]
    found = multilevel(calm, VI, nested=NESTED, intervals=True)
    assert found.sigma2 == (0.0, 0.0)
    assert [row.lrt_p for row in found.components] == [1.0, 1.0] and all(row.ci_low == 0 for row in found.components)
    assert any("estimated as 0" in one for one in found.warnings)


def test_moderators_that_give_each_study_its_mean_leave_no_variance_between_studies() -> None:
    """The restricted likelihood is then flat in it; any number would be as good, so none is invented."""
    found = multilevel(table=TABLE, formula="yi ~ study - 1", nested="study/row")
    assert found.sigma2[0] == 0.0 and any("moderator of its own" in one for one in found.warnings)


def test_no_prediction_interval_below_three_studies_or_with_moderators() -> None:
    assert multilevel(YI, VI, nested=NESTED).pi_low is not None
    assert multilevel(YI[:4], VI[:4], nested={"study": STUDY[:4], "row": ROWS[:4]}).pi_low is None
    assert multilevel(YI, VI, nested=NESTED, x=YEAR).pi_low is None


def test_large_and_small_units_give_the_same_fit() -> None:
    """Effects in thousands or thousandths must not change where the optimiser stops."""
    plain = multilevel(YI, VI, nested=NESTED, robust="CR2", intervals=True)
    for unit in (1e-4, 1e4):
        scaled = multilevel(
            [unit * y for y in YI], [unit**2 * v for v in VI], nested=NESTED, robust="CR2", intervals=True
        )
        assert np.array(scaled.sigma2) / unit**2 == pytest.approx(np.array(plain.sigma2), rel=1e-6, abs=1e-9)
        assert scaled.coefficients[0].df == pytest.approx(plain.coefficients[0].df, rel=1e-6)
        ends = [[row.ci_low, row.ci_high] for row in scaled.components]
        assert np.array(ends, dtype=float) / unit**2 == pytest.approx(
            np.array([[row.ci_low, row.ci_high] for row in plain.components], dtype=float), rel=1e-5, abs=1e-8
        )


def test_che_is_the_default_with_its_reason_and_its_sensitivity() -> None:
    found = che(table=TABLE, intervals=True)
    same = multilevel(YI, VI, nested={"study": STUDY, "effect": ROWS}, rho=0.6, robust="CR2")
    assert found.coefficients == same.coefficients and found.settings.working == "CHE"
    assert [one.rho for one in found.sensitivity] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert found.sensitivity[3].coefficients == found.coefficients
    report = found.report()
    assert "even where the assumed correlations are wrong" in report and "Pustejovsky JE, Tipton E (2022)" in report
    assert "With assumed correlations from 0 to 0.8" in report


def test_a_direction_that_hangs_on_rho_is_called_uncertain() -> None:
    shifted = [y - 0.115 for y in YI]
    found = che(shifted, VI, STUDY, rhos=(0.0, 0.3, 0.95))
    sides = {(one.coefficients[0].ci_low or 0) > 0 for one in found.sensitivity}
    assert (len(sides) > 1) == any("direction as uncertain" in one for one in found.warnings)


@pytest.mark.parametrize("x", [None, {"year": YEAR}])
def test_a_result_tells_itself(x: Any) -> None:
    found = multilevel(YI, VI, x=x, nested=NESTED, rho=0.6, robust="CR2", intervals=True)
    assert "14 effects from 7 groups" in found.summary() and "intercept" in found.summary()
    assert "References" in found.report() and "profile interval" in found.report()
    chart = found.chart()
    assert chart.svg.startswith("<svg") and len(chart.rows) == (9 if x is None else 2)
    again = found.recipe
    assert again.function == "multilevel" and again.arguments["rho"] == 0.6
    assert multilevel(**again.arguments) == found


def test_the_wild_bootstrap_is_at_hand() -> None:
    found = multilevel(YI, VI, x={"year": YEAR}, nested=NESTED, rho=0.6, robust="CR2")
    by_name, by_row = found.wild("year"), found.wild([0, 1])
    assert by_name == by_row == found.wild() and by_name.exact and by_name.n_clusters == 7
    with pytest.raises(InputError, match="no coefficient 'month'"):
        found.wild("month")
    with pytest.raises(InputError, match="no robust variance"):
        multilevel(YI, VI, nested=NESTED).test([1.0])


def test_clusters_coarser_than_studies_and_clusters_across_them() -> None:
    """Laboratories that ran several studies, and clusters that cut through studies, are both allowed."""
    coarse = ["x" if one in "abc" else "y" if one in "de" else one for one in STUDY]
    assert multilevel(YI, VI, nested=NESTED, robust="CR2", cluster=coarse).n_clusters == 4
    across = [str(row % 5) for row in ROWS]
    found = multilevel(YI, VI, nested=NESTED, robust="CR2", cluster=across)
    assert found.coefficients[0].df is not None and 0 < found.coefficients[0].df < 5


def test_simple_weights_tell_themselves() -> None:
    for weights in ("CORR", "HIER"):
        found = rve(table=TABLE, formula="yi ~ year", weights=weights)  # type: ignore[arg-type]
        assert "robust variance estimation" in found.report() and found.chart().svg and "robu(" in found.r_script()
        assert rve(**found.recipe.arguments) == found
        assert json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        ({"weights": "USER"}, "CORR or HIER"),
        ({"rho": 1.5}, "from 0 to 1"),
        ({"study": ["a"] * 14}, "1 studies cannot give 1 coefficients"),
        ({"study": ROWS, "weights": "HIER"}, "cannot tell the two variances apart"),
    ],
)
def test_what_simple_weights_refuse(call: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        rve(**{"yi": YI, "vi": VI, "study": STUDY} | call)


def test_text_among_numbers_is_named_by_its_row_in_the_table_as_given() -> None:
    """A row left out before it must not shift the number that is told."""
    table = {"study": list("aabbcc"), "row": list("123456"), "yi": [0.1, None, 0.2, "0,3", 0.1, 0.2], "vi": [0.1] * 6}
    with pytest.raises(InputError, match="Row 4 of yi is '0,3', which is not a number"):
        multilevel(table=table, nested="study/row", formula="yi ~ 1")


def test_a_factor_called_subgroup_is_no_subgroup() -> None:
    """Its name must not change inside what the sampling errors correlate."""
    kind = [str(row % 2) for row in ROWS]
    by_name = multilevel(YI, VI, nested={"study": STUDY, "subgroup": kind}, rho=0.6)
    assert by_name.loglik == multilevel(YI, VI, nested={"study": STUDY, "kind": kind}, rho=0.6).loglik
    inside = multilevel(YI, VI, nested={"study": STUDY, "kind": kind}, rho=0.6, subgroup=kind, rhos=(0.6,))
    assert inside.loglik != by_name.loglik and inside.sensitivity[0].coefficients == inside.coefficients
