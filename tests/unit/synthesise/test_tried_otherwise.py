"""Methods for rare events and few studies, as a declared analysis tries them: the library's numbers, and why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import whatworks as ww
from whatworks.synthesise.methods.otherwise import otherwise
from whatworks.synthesise.methods.otherwise_choices import combined, every_choice
from whatworks.synthesise.methods.otherwise_influence import MEDIAN
from whatworks.synthesise.methods.otherwise_tables import COUNTS, counts_in
from whatworks.synthesise.methods.running import result_of, run_plan, weights_in

SETTINGS: dict[str, Any] = {"model": "random", "tau2": "REML", "interval": "hksj", "floor": "wald", "metric": "OR"}
DEPENDENT: dict[str, Any] = {"model": "multilevel", "tau2": "REML", "metric": "SMD", "rho": 0.6}
# Nissen and Wolski's kind of table: few events, one study with none in a group.
TABLES = [(2, 357, 1, 176), (2, 391, 0, 207), (1, 774, 1, 185), (5, 213, 1, 109), (3, 98, 2, 100)]


def counted(tables: list[tuple[int, int, int, int]] = TABLES) -> list[dict[str, Any]]:
    columns = {name: [row[place] for row in tables] for place, name in enumerate(("ai", "n1i", "ci", "n2i"))}
    found = ww.effects("OR", **columns)
    return [
        {"study": f"S{n}", "study_id": f"sty-{n}", "contrast": f"con-{n}", "yi": float(y), "vi": float(v), "risk": ""}
        | {"counts": dict(zip(COUNTS, row, strict=True))}
        for n, (row, y, v) in enumerate(zip(tables, found.yi, found.vi, strict=True))
    ]


ROWS = [
    {"study": f"S{n}", "study_id": f"sty-{n}", "yi": y, "vi": v, "risk": risk}
    for n, (y, v, risk) in enumerate(
        [(0.1, 0.02, "low"), (0.3, 0.05, "high"), (0.2, 0.03, ""), (0.9, 0.04, "low"), (0.15, 0.06, "high")]
    )
]
SEVERAL = [row | {"study_id": f"sty-{place // 2}", "study": f"S{place // 2}"} for place, row in enumerate(ROWS)]


def one(rows: list[dict[str, Any]], settings: dict[str, Any], asked: Any) -> dict[str, Any]:
    (found,) = otherwise(rows, settings, [asked])
    return found


def test_counts_are_put_together_as_the_library_does() -> None:
    rows = one(counted(), SETTINGS, "tables")["rows"]
    columns = {name: [row[place] for row in TABLES] for place, name in enumerate(COUNTS)}
    for row, method in zip(rows, ("MH", "PETO", "CM.EL", "CM.AL", "UM.FS", "UM.RS", "BB"), strict=True):
        told = ww.pool_tables(measure="OR", method=method, **columns)
        assert (row["estimate"], row["ci_low"], row["k"]) == (told.estimate, told.ci_low, told.k_used), method


@pytest.mark.parametrize(
    ("metric", "said"), [("RR", "it gives odds ratios, not risk ratios"), ("SMD", "the plan is on another scale")]
)
def test_a_method_that_has_no_such_scale_says_so(metric: str, said: str) -> None:
    rows = one(counted(), SETTINGS | {"metric": metric}, "tables")["rows"]
    assert said in next(row for row in rows if row["what"] == "Peto's method")["why_not"]


def test_a_result_that_is_not_counts_is_named() -> None:
    rows = counted()
    del rows[2]["counts"]
    assert "S2 is not held as numbers of people" in one(rows, SETTINGS, "tables")["rows"][0]["why_not"]


def test_no_event_anywhere_is_said_and_does_not_fail() -> None:
    rows = [row | {"counts": dict(zip(COUNTS, (0, 50, 0, 50), strict=True))} for row in counted()]
    found = one(rows, SETTINGS, "tables")
    assert all(row["why_not"] for row in found["rows"]) and found["said"] == "This could not be tried."


@pytest.mark.parametrize(
    ("inputs", "held"),
    [
        ({"events1": 1, "n1": 2, "events2": 3, "n2": 4}, True),
        ({"events1": 1, "n1": 2, "events2": 3, "n2": 4, "zero": "only0"}, True),
        ({"events1": 1, "n1": 2, "events2": 3, "n2": 4, "icc": 0.05}, False),
        ({"estimate": 1.2, "ci_low": 1.0, "ci_high": 1.4}, False),
    ],
)
def test_only_plain_counts_are_counts(inputs: dict[str, Any], held: bool) -> None:
    """Counts of clusters taken as people would look far too certain."""
    assert (counts_in(inputs, 1) is not None) == held


def test_a_result_that_counts_the_other_way_has_its_groups_change_places() -> None:
    assert counts_in({"events1": 1, "n1": 2, "events2": 3, "n2": 4}, -1) == {
        "events1": 3, "n1": 4, "events2": 1, "n2": 2,
    }  # fmt: skip


def test_a_common_outcome_is_said_beside_methods_for_rare_ones() -> None:
    rows = counted([(40, 100, 30, 100), (50, 90, 41, 95), (33, 80, 29, 84)])
    assert "not rare here (41% of people)" in one(rows, SETTINGS, "tables")["said"]
    assert "not rare" not in one(counted(), SETTINGS, "tables")["said"]


def test_each_prior_gives_the_posterior_of_the_library_and_its_chances() -> None:
    found = one(ROWS, SETTINGS, {"key": "priors", "band": [-0.1, 0.2, "A panel"]})
    yi, vi = [row["yi"] for row in ROWS], [row["vi"] for row in ROWS]
    for row in found["rows"]:
        told = ww.pool_bayes(yi, vi, prior=row["what"], threshold=0.2)
        assert row["p_above_band"] == pytest.approx(told.p_above, abs=1e-12)
        assert row["ci_low"] == told.effect.low and row["p_below_band"] < 1 - row["p_above"] + 1e-12
    assert "A panel" in found["said"] and "more than 0.2" in found["said"]


def test_priors_meant_for_another_scale_say_so() -> None:
    assert "meant for logarithms" in one(ROWS, SETTINGS | {"metric": "MD"}, "priors")["said"]
    assert "meant for logarithms" not in one(ROWS, SETTINGS, "priors")["said"]


def test_one_study_has_a_posterior_and_no_influence() -> None:
    assert all(not row["why_not"] for row in one(ROWS[:1], SETTINGS, "priors")["rows"])
    assert "at least 3 studies" in one(ROWS[:1], SETTINGS, "influence")["rows"][0]["why_not"]
    assert "at least 2 results" in one(ROWS[:1], SETTINGS, "every-choice")["rows"][0]["why_not"]


def test_the_study_that_moves_the_result_is_named_with_the_limits_it_passes() -> None:
    rows = [*ROWS[:3], ROWS[3] | {"yi": 3.0, "vi": 0.001, "study": "Loud"}, ROWS[4]]
    found = one(rows, SETTINGS | {"model": "common"}, "influence")
    told = ww.influence([row["yi"] for row in rows], [row["vi"] for row in rows], model="common")
    assert [row["cook_d"] for row in found["rows"]] == list(told.cook_d)
    assert "Loud (Cook's distance, DFFITS, leverage)" in found["said"]
    assert found["rows"][3]["cook_d"] > MEDIAN and told.influential[3]


def test_two_choices_at_a_time_are_all_tried_and_the_declared_one_is_marked() -> None:
    made = every_choice(ROWS, SETTINGS)
    declared = run_plan(ROWS, SETTINGS)
    assert made.declared.estimate == pytest.approx(declared["estimate"], rel=1e-6)
    assert (made.declared.ci_low, made.declared.ci_high) == pytest.approx(
        (declared["ci_low"], declared["ci_high"]), rel=1e-6
    )
    assert made.n == 2 * (8 * 4 + 1), "eight estimators by four intervals and the common effect, with and without"


def test_a_common_effect_that_was_declared_is_the_one_marked() -> None:
    settings = {"model": "common", "tau2": "REML", "interval": "wald", "metric": "SMD"}
    assert every_choice(ROWS, settings).declared.estimate == pytest.approx(run_plan(ROWS, settings)["estimate"])


def test_a_model_of_dependence_that_had_none_to_model_is_marked_as_it_was_shown() -> None:
    made, shown = every_choice(ROWS, DEPENDENT).declared, run_plan(ROWS, DEPENDENT)
    assert (made.ci_low, made.ci_high) == pytest.approx((shown["ci_low"], shown["ci_high"]), rel=1e-6)


def test_no_study_or_every_study_at_high_risk_is_no_choice() -> None:
    for risk in ("low", "high"):
        assert every_choice([row | {"risk": risk} for row in ROWS], SETTINGS).n == 33


def test_several_results_of_a_study_are_put_together_before_and_every_correlation_is_tried() -> None:
    found = one(SEVERAL, DEPENDENT, "every-choice")
    assert {"assumed correlation: 0.6", "assumed correlation: 0"} <= {row["what"] for row in found["rows"]}
    assert "first put together into one" in found["said"]


@given(
    vi=st.lists(st.floats(0.01, 2), min_size=1, max_size=5),
    rho=st.floats(0, 0.99),
)
def test_the_mean_of_dependent_results_has_the_variance_of_its_covariance_matrix(vi: list[float], rho: float) -> None:
    """The slow plain twin: a sum over all pairs."""
    rows = [{"study_id": "a", "study": "A", "yi": float(place), "vi": v} for place, v in enumerate(vi)]
    (made,) = combined(rows, rho)
    pairs = [(i, j) for i in range(len(vi)) for j in range(len(vi))]
    whole = sum((1.0 if i == j else rho) * (vi[i] * vi[j]) ** 0.5 for i, j in pairs)
    assert made["vi"] == pytest.approx(whole / len(vi) ** 2, rel=1e-12)
    assert made["yi"] == pytest.approx((len(vi) - 1) / 2)


@pytest.mark.parametrize("key", ["tables", "priors", "influence"])
def test_methods_for_one_result_of_each_study_refuse_several(key: str) -> None:
    rows = [row | {"counts": dict(zip(COUNTS, (2, 50, 3, 50), strict=True))} for row in SEVERAL]
    found = one(rows, DEPENDENT | {"metric": "OR"}, key)
    assert "one result of each study" in found["rows"][0]["why_not"] and found["said"] == "This could not be tried."


def test_the_weights_of_dependent_results_give_their_mean() -> None:
    result = run_plan(SEVERAL, DEPENDENT)
    weights = weights_in(SEVERAL, result["sigma2"], DEPENDENT["rho"])
    mean = sum(weight * row["yi"] for weight, row in zip(weights, SEVERAL, strict=True)) / 100
    assert sum(weights) == pytest.approx(100) and mean == pytest.approx(result["estimate"], rel=1e-9)
    assert result_of(SEVERAL, DEPENDENT).coefficients[0].estimate == result["estimate"]  # type: ignore[attr-defined]
