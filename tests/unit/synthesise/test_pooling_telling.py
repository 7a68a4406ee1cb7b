"""What a pooled result tells beyond its numbers: direction, doubts about the studies, report, picture, the same in R."""

from __future__ import annotations

import subprocess
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.stats import chi2_from_tail
from whatworks.synthesise import pool
from whatworks.synthesise.methods.forest import HEAD
from whatworks.synthesise.methods.likelihood import highest_peak, log_likelihood
from whatworks.synthesise.methods.profile import profile_interval

YI = [0.30, -0.05, 0.62, 0.11, 0.47]
VI = [0.020, 0.015, 0.040, 0.008, 0.055]
NAMES = ["Ash", "Birch", "Cedar", "Dogwood", "Elm"]
BAND = (-0.2, 0.2, "set with the panel in the protocol")


def warned(answer: Any, words: str) -> bool:
    return any(words in sentence for sentence in answer.warnings)


# --- a table in


class Frame:
    """A data frame as pandas and polars have it: columns by name, and a name that is not there is an error of its own."""

    def __init__(self, **columns: list[Any]) -> None:
        self._held, self.columns = columns, list(columns)

    def __getitem__(self, name: str) -> list[Any]:
        return self._held[name]


@pytest.mark.parametrize("kind", [dict, Frame])
def test_a_table_gives_the_same_result_as_its_columns(kind: Any) -> None:
    table = kind(es=YI, var=VI, study=NAMES)
    answer = pool(table, effect="es", variance="var", names="study")
    assert answer == pool(YI, VI)
    assert answer.given.names == tuple(NAMES)
    with pytest.raises(InputError, match=r"no column 'yi'; its columns are es, var, study"):
        pool(table)


def test_labels_need_a_table_or_one_for_each_effect() -> None:
    with pytest.raises(InputError, match="not 2 for 5"):
        pool(YI, VI, names=["a", "b"])
    with pytest.raises(InputError, match="a table and the name of its column"):
        pool(YI, VI, names="study")


def test_what_is_kept_cannot_be_changed_from_outside() -> None:
    yi = np.array(YI)
    answer = pool(yi, VI)
    yi[0] = 99
    assert answer.given.yi[0] == YI[0]
    assert answer.recipe.run() == answer


# --- intervals


def test_the_literatures_other_names_of_hartung_knapp() -> None:
    for name, same in (("hksj-plain", "hksj"), ("hksj-truncated", "hksj-adhoc")):
        assert pool(YI, VI, interval=name) == pool(YI, VI, interval=same)


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=2, max_size=8))
def test_the_wider_interval_is_the_wider(rows: list[tuple[float, float]]) -> None:
    yi, vi = [round(y, 3) for y, _ in rows], [round(v, 3) for _, v in rows]
    wald, hksj, wider = (pool(yi, vi, interval=one) for one in ("wald", "hksj", "hksj-wider"))
    widest = max(wald, hksj, key=lambda one: one.ci_high - one.ci_low)
    assert (wider.ci_low, wider.ci_high, wider.se) == (widest.ci_low, widest.ci_high, widest.se)


def test_prediction_intervals_take_the_standard_error_of_their_name() -> None:
    base = {
        name: pool(YI, VI, interval="hksj", prediction=name) for name in ("t-k2", "hts", "hts-hk", "hk", "veroniki")
    }
    width = {name: one.pi_high - one.pi_low for name, one in base.items()}
    assert width["hts-hk"] == width["t-k2"]  # the interval asked for is Hartung and Knapp's
    assert width["hts"] != width["hts-hk"]
    assert width["hts"] / width["veroniki"] == pytest.approx(3.182446305284263 / 2.7764451051977987, rel=1e-12)
    assert width["hts-hk"] / width["hk"] == pytest.approx(3.182446305284263 / 2.7764451051977987, rel=1e-12)
    assert pool(YI, VI, interval="hksj", prediction="normal").pi_low == pool(YI, VI).pi_low


def test_a_profile_interval_needs_a_converged_likelihood() -> None:
    for choice in ({"tau2": "DL"}, {"stop": "metafor"}):
        with pytest.raises(InputError, match="profile-likelihood"):
            pool(YI, VI, tau2_interval="pl", **choice)
    with pytest.raises(InputError, match="choose qp or pl"):
        pool(YI, VI, tau2_interval="wald")


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=2, max_size=8),
    st.booleans(),
    st.sampled_from([0.8, 0.95]),
)
def test_the_profile_interval_ends_where_the_likelihood_has_fallen(rows: Any, restricted: bool, level: float) -> None:
    y = np.array([round(y, 3) for y, _ in rows])
    v = np.array([round(v, 3) for _, v in rows])
    tau2 = highest_peak(y, v, restricted).tau2
    cut = log_likelihood(y, v, tau2, restricted) - chi2_from_tail(1 - level, 1) / 2
    low, high = profile_interval(y, v, tau2, restricted, level)
    assert 0 <= low <= tau2 <= high
    for end in (low, high):
        if end > 0:
            assert log_likelihood(y, v, end, restricted) == pytest.approx(cut, abs=1e-9)
    for beyond in (high * 1.001, high * 3, high * 1000):  # no tau2 outside is as likely
        assert log_likelihood(y, v, beyond, restricted) < cut
    if low == 0:
        assert log_likelihood(y, v, 0.0, restricted) >= cut


# --- direction


def test_intervals_that_disagree_make_the_direction_uncertain() -> None:
    answer = pool(YI, VI)
    assert answer.ci_low > 0 > answer.intervals["t"][0]
    assert answer.state == "uncertain"
    assert warned(answer, "no difference is outside wald, inside t and hksj")


@pytest.mark.parametrize(("sign", "state"), [(1, "higher"), (-1, "lower")])
def test_the_direction_is_said_where_every_interval_agrees(sign: int, state: str) -> None:
    answer = pool([sign * y for y in (0.5, 0.6, 0.55, 0.62)], [0.01] * 4)
    assert answer.state == state
    assert not warned(answer, "disagree")


def test_no_worthwhile_effect_only_inside_a_band_with_a_source() -> None:
    small = ([0.02, 0.03, 0.01, 0.04, 0.025], [0.001] * 5)
    assert pool(*small).state in ("higher", "uncertain")
    inside = pool(*small, band=BAND)
    assert inside.state == "no worthwhile effect"
    assert "set beforehand as not worthwhile (set with the panel in the protocol)" in inside.report()
    assert pool(YI, VI, band=BAND).state == "uncertain"
    for band in ((-0.2, 0.2), (-0.2, 0.2, " "), (0.1, 0.2, "x"), (0.2, -0.2, "x"), (-0.2, float("inf"), "x"), "ab"):
        with pytest.raises(InputError, match="band"):
            pool(YI, VI, band=band)


def test_results_that_happen_to_be_alike_are_not_more_certain_for_it() -> None:
    same = pool([0.5, 0.5, 0.5], [0.04, 0.04, 0.04])
    assert set(same.intervals) == {"wald", "t"}  # Hartung and Knapp's shrinks to a point, which nobody can defend


# --- doubts about the studies


def test_one_study_several_times_points_to_the_multilevel_model() -> None:
    answer = pool(YI, VI, names=["Ash", "Birch", "Ash", "Birch", "Elm"])
    assert warned(answer, "Ash gives several effects (rows 1, 3), as do 1 other studies") or warned(
        answer, "multilevel"
    )
    assert not warned(pool(YI, VI, names=NAMES), "multilevel")
    assert not warned(pool(YI, VI, names=["Ash"] * 5, safe=False), "multilevel")


def test_a_cohort_that_was_reported_twice_is_suspected() -> None:
    assert warned(pool([0.3, 0.1, 0.3], [0.04, 0.02, 0.04]), "Rows 1 and 3 have the same effect and variance")
    assert warned(pool([0.3, 0.3, 0.3], [0.04, 0.02, 0.04]), "Rows 1 and 3")
    assert not warned(pool([0.3, 0.1, 0.3], [0.04, 0.02, 0.05]), "same effect and variance")


def test_no_heterogeneity_found_is_not_proof_of_none() -> None:
    assert warned(pool([0.1, 0.2, 0.15], [0.04, 0.05, 0.03]), "do not read it as proof")
    assert not warned(pool(YI, VI), "do not read it as proof")


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        ({"metrics": ["SMD", "SMD", "logOR", "SMD", "SMD"]}, r"different scales \(SMD, logOR\): convert"),
        ({"directions": ["more", "more", "less", "more", "more"]}, r"same way \(less, more\): turn the sign"),
        ({"metrics": ["SMD"]}, "not 1 for 5"),
    ],
)
def test_what_must_not_be_mixed_is_refused(choice: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        pool(YI, VI, **choice)


def test_checks_can_be_left_out_and_the_numbers_stay() -> None:
    safe, bare = pool(YI, VI), pool(YI, VI, safe=False)
    assert bare.to_dict() == safe.to_dict() | {"warnings": list(bare.warnings)}
    assert len(bare.warnings) < len(safe.warnings)


# --- report and picture


def test_the_report_says_each_choice_with_its_source() -> None:
    text = pool(YI, VI, tau2="DL", interval="hksj-adhoc", prediction="hts", tau2_interval="qp").report()
    for source in ("DerSimonian R", "Roever C", "Higgins JPT, Thompson SG, Spiegelhalter DJ", "Viechtbauer W (2007)"):
        assert text.count(source) == 1
    assert "the true effect may lie between" in text
    for k, model in product((1, 2, 5), ("random", "common")):
        assert "nan" not in pool(YI[:k], VI[:k], model=model).report().casefold()


def test_the_forest_plot_shows_every_number_as_a_table_too() -> None:
    answer = pool(YI, VI, names=NAMES, interval="hksj")
    chart = answer.chart(
        groups=["a", "b", "a", "b", "a"], risk={"allocation": ["low", "high", "some", "unclear", "low"]}
    )
    assert chart.head == (*HEAD, "allocation")
    names = [row[0] for row in chart.rows]
    assert names[:4] == ["a", "Ash", "Cedar", "Elm"] and names[-1] == "A new setting"
    total = chart.rows[-2]
    assert total[1:4] == (answer.estimate, answer.ci_low, answer.ci_high)
    own = pool([YI[0], YI[2], YI[4]], [VI[0], VI[2], VI[4]], interval="hksj")
    assert chart.rows[4][1:4] == (own.estimate, own.ci_low, own.ci_high)
    assert chart.svg.count("<rect") == 5
    ratios = answer.chart(ratio=True, label="risk ratio")
    assert ratios.rows[0][1] == pytest.approx(np.exp(YI[0]))
    with pytest.raises(InputError, match="one entry for each"):
        answer.chart(groups=["a"])


def test_squares_grow_with_weight_and_one_study_can_be_drawn() -> None:
    svg = pool([0.1, 0.2], [0.01, 0.09], model="common").chart().svg
    sides = [float(part.split('width="')[1].split('"')[0]) for part in svg.split("<rect")[1:]]
    assert sides[0] == pytest.approx(3 * sides[1], abs=0.2)
    assert pool([0.1], [0.01]).chart().rows[-1][0] == "All studies"


# --- the same in R

CASES: list[dict[str, Any]] = [
    {},
    {"tau2": "ML", "interval": "hksj", "tau2_interval": "pl", "prediction": "hts"},
    {"tau2": "PM", "interval": "hksj-adhoc", "prediction": "hts-hk", "level": 0.9},
    {"interval": "hksj-wider", "prediction": "veroniki"},
    {"tau2": "DL", "interval": "t", "prediction": "hk"},
    {"model": "common", "prediction": "normal"},
]


@pytest.mark.r
def test_the_script_for_r_gives_the_same_numbers() -> None:
    answers = [pool(YI, VI, names=NAMES, **choice) for choice in CASES] + [pool(YI[:k], VI[:k]) for k in (1, 2)]
    marks = 'cat("== next\\n")\n'
    script = "suppressMessages(library(metafor))\n" + marks.join(one.r_script() for one in answers)
    done = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True, check=True)
    for one, text in zip(answers, done.stdout.split("== next\n"), strict=True):
        told = dict(
            line.split() for line in text.splitlines() if len(line.split()) == 2 and line.split()[0] in one.to_dict()
        )
        assert {"estimate", "ci_low"} <= set(told)
        for name, value in told.items():
            # metafor's REML stops at steps below 1e-10, its profile interval at uniroot's tolerance
            assert float(value) == pytest.approx(getattr(one, name), rel=1e-6, abs=1e-9), name
