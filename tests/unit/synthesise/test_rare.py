"""Pooling counts: what is refused, what is told, and each likelihood against a slow plain twin."""

from __future__ import annotations

import json
import subprocess
from math import comb, exp, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.rare.beta_binomial import log_likelihood
from whatworks.synthesise.methods.rare.families import Binomial, Poisson, hypergeometric
from whatworks.synthesise.methods.rare.mixing import mixed
from whatworks.synthesise.methods.rare.models import FITS, MEASURED
from whatworks.synthesise.methods.rare.pooling_tables import pool_tables
from whatworks.synthesise.methods.rare.tables import Tables, read_tables
from whatworks.synthesise.methods.rare.unconditional import ONES, PLACES, pair, profiled, random_baselines
from whatworks.synthesise.methods.rare.words import METHODS, advice

COUNTS: dict[str, Any] = {
    "ai": [1, 3, 0, 5, 2],
    "n1i": [50, 60, 40, 80, 30],
    "ci": [4, 6, 3, 9, 1],
    "n2i": [52, 58, 44, 75, 33],
}
RATES: dict[str, Any] = {
    "x1i": [1, 3, 0, 5],
    "t1i": [500, 612, 404, 800],
    "x2i": [4, 6, 3, 9],
    "t2i": [520, 580, 440, 750.5],
}


def counted(**other: Any) -> Any:
    return pool_tables(**COUNTS, **other)


# --- what comes in


def test_every_way_of_giving_the_counts_gives_the_same() -> None:
    want = counted()
    cells = {"ai": COUNTS["ai"], "ci": COUNTS["ci"]}
    cells["bi"] = [n - x for x, n in zip(COUNTS["ai"], COUNTS["n1i"], strict=True)]
    cells["di"] = [n - x for x, n in zip(COUNTS["ci"], COUNTS["n2i"], strict=True)]
    words = dict(zip(("events1", "n1", "events2", "n2"), COUNTS.values(), strict=True))
    assert pool_tables(**cells) == pool_tables(**words) == pool_tables(COUNTS | {"study": list("abcde")}) == want
    assert want.recipe.arguments["ai"] == COUNTS["ai"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"ai": [1, 3, 0, 5, None]}, "row 5 is missing"),
        ({"ai": [1, 3, 0, 5, 31]}, "Row 5 has more events than people"),
        ({"ai": [1, 3, 0.5, 5, 2]}, "row 3 must be whole"),
        ({"ai": [1, -3, 0, 5, 2]}, "row 2 must be whole numbers, 0 or above"),
        ({"n1i": [50, 60, 0, 80, 30]}, "row 3 has nobody in it"),
        ({"n1i": [50, 60.5, 40, 80, 30]}, "people in row 2 must be whole"),
        ({"ai": [1, 3]}, "one number for each"),
        ({"ai": ["few"] * 5}, "must be numbers"),
        ({"measure": "IRR"}, "IRR needs the columns"),
        ({"measure": "HR"}, "measure 'HR' is not known"),
        ({"method": "IV"}, "method 'IV' is not known"),
        ({"method": "PETO", "measure": "RR"}, "PETO gives OR, not RR"),
        ({"interval": "hksj"}, "interval 'hksj' is not known"),
        ({"nodes": 0}, "1 to 101 nodes"),
        ({"level": 95}, "confidence level"),
        ({"names": ["a"]}, "one name for each study"),
    ],
)
def test_bad_counts_and_words_are_refused_in_a_sentence(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        pool_tables(**COUNTS | change)


def test_no_events_in_one_group_has_no_ratio_but_a_difference() -> None:
    none = COUNTS | {"ai": [0] * 5}
    for method in ("MH", "CM.EL", "CM.AL", "UM.FS"):
        with pytest.raises(InputError, match=r"no events|no peak"):
            pool_tables(method=method, **none)
    with pytest.raises(InputError, match="have no events in any study"):
        pool_tables(method="BB", **none)
    assert pool_tables(measure="RD", **none).estimate < 0
    with pytest.raises(InputError, match="no ratio to pool"):
        pool_tables(method="CM.EL", ai=[0], n1i=[10], ci=[0], n2i=[12])


# --- what comes out


@pytest.mark.parametrize("method", list(FITS))
def test_every_method_tells_itself(method: str) -> None:
    measure = MEASURED[method][0]
    given = {"xi": COUNTS["ai"], "ni": COUNTS["n1i"]} if method == "GLMM" else COUNTS
    one = pool_tables(measure=measure, method=method, **given)
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["estimate"] == one.estimate
    assert one.summary() and METHODS[method][0] in one.report() and "nan" not in one.report()
    assert one.chart().rows[-1][0] == "All studies"
    assert pool_tables(**{key: value for key, value in one.recipe.arguments.items() if value is not None}) == one
    assert method in advice()


def test_studies_without_events_are_left_out_by_name_of_the_method_and_kept_by_others() -> None:
    empty = {name: [*numbers, 0 if name in ("ai", "ci") else 25] for name, numbers in COUNTS.items()}
    exact = pool_tables(method="CM.EL", **empty)
    assert (exact.k, exact.k_used) == (6, 5)
    assert any("Left out" in sentence for sentence in exact.warnings)
    assert exact.estimate == counted(method="CM.EL").estimate
    assert pool_tables(method="BB", **empty).estimate != counted(method="BB").estimate
    assert pool_tables(measure="RD", **empty).estimate != counted(measure="RD").estimate
    assert exact.chart().rows[5][1] is None


def test_one_study_has_no_heterogeneity() -> None:
    for method in ("MH", "PETO", "CM.EL", "UM.FS"):
        one = pool_tables(method=method, ai=[3], n1i=[40], ci=[8], n2i=[42])
        assert one.tau2 in (None, 0.0) and one.i2 is None and one.df is None
        assert any("One study" in sentence for sentence in one.warnings)
    with pytest.raises(InputError, match="at least two studies"):
        pool_tables(method="UM.RS", ai=[3], n1i=[40], ci=[8], n2i=[42])


def test_warnings_say_when_a_method_is_not_meant_for_this() -> None:
    unequal = pool_tables(method="PETO", ai=[3, 4], n1i=[40, 50], ci=[9, 20], n2i=[142, 190])
    assert any("Peto's method is biased" in sentence for sentence in unequal.warnings)
    assert any("Laplace" in sentence for sentence in counted(method="UM.RS").warnings)
    assert any(
        "only 3 events" in one for one in pool_tables(ai=[1, 2], n1i=[40, 50], ci=[9, 20], n2i=[42, 50]).warnings
    )


def test_too_many_events_for_the_exact_model_point_elsewhere() -> None:
    big = {"ai": [40_000] * 4, "n1i": [100_000] * 4, "ci": [50_000] * 4, "n2i": [100_000] * 4}
    with pytest.raises(InputError, match=r"use CM\.AL, UM\.FS or MH"):
        pool_tables(method="CM.EL", **big)


def test_more_nodes_than_needed_change_nothing() -> None:
    for method in ("CM.EL", "UM.FS"):
        usual, more = counted(method=method), counted(method=method, nodes=61)
        assert more.estimate == pytest.approx(usual.estimate, rel=1e-9)
        assert more.se == pytest.approx(usual.se, rel=1e-7)


def test_turning_the_groups_round_turns_the_sign() -> None:
    turned = {"ai": COUNTS["ci"], "n1i": COUNTS["n2i"], "ci": COUNTS["ai"], "n2i": COUNTS["n1i"]}
    for method in ("MH", "PETO", "CM.EL", "CM.AL", "UM.FS", "BB"):
        one, other = counted(method=method), pool_tables(method=method, **turned)
        assert other.estimate == pytest.approx(-one.estimate, rel=1e-6), method
        assert other.se == pytest.approx(one.se, rel=1e-5), method


# --- each likelihood against a slow plain twin

GRID = np.linspace(-12, 12, 6001)  # a trapezium over a normal density to twelve sds is exact to rounding
NORMAL = np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi) * (GRID[1] - GRID[0])
studies = st.lists(
    st.tuples(st.integers(0, 6), st.integers(6, 40), st.integers(0, 6), st.integers(6, 40)), min_size=1, max_size=4
)
effect, spread = st.floats(-2, 2), st.floats(0.05, 2)


def tables(rows: Any) -> Tables:
    x1, n1, x2, n2 = (np.array(each, dtype=float) for each in zip(*rows, strict=True))
    return Tables(x1, n1, x2, n2)


@given(studies, effect, spread)
@settings(max_examples=20)
def test_the_hypergeometric_normal_likelihood(rows: Any, theta: float, tau: float) -> None:
    family, want = hypergeometric(tables(rows)), 0.0
    for x1, n1, x2, n2 in rows:
        support = range(max(0, x1 + x2 - n2), min(n1, x1 + x2) + 1)
        total = sum(comb(n1, s) * comb(n2, x1 + x2 - s) * np.exp((theta + tau * GRID) * s) for s in support)
        want += log(float(NORMAL @ (comb(n1, x1) * comb(n2, x2) * np.exp((theta + tau * GRID) * x1) / total)))
    height, _ = mixed(family, 61)(np.array([theta, tau]))
    assert height + family.constant == pytest.approx(want, abs=1e-9)


@given(studies, effect, spread)
@settings(max_examples=20)
def test_the_binomial_and_poisson_normal_likelihoods_and_their_slopes(rows: Any, theta: float, tau: float) -> None:
    t = tables(rows)
    for family in (Binomial(t.x1, t.size1, np.zeros(t.x1.size)), Poisson(t.x1, t.size1)):
        want = 0.0
        for x, n, *_ in rows:
            log_odds = theta + tau * GRID
            logs = x * log_odds - (
                n * np.logaddexp(0, log_odds) if isinstance(family, Binomial) else n * np.exp(log_odds)
            )
            want += log(float(NORMAL @ np.exp(logs)))
        slope = mixed(family, 61)
        at, step = np.array([theta, tau]), 1e-5
        height, steep = slope(at)
        assert height == pytest.approx(want, abs=1e-8)
        for place in range(2):
            move = np.eye(2)[place] * step
            rise = (slope(at + move)[0] - slope(at - move)[0]) / (2 * step)  # good to step squared
            assert steep[place] == pytest.approx(rise, rel=1e-5, abs=1e-5)


@given(studies, effect, spread)
@settings(max_examples=10, deadline=None)
def test_the_model_with_fixed_baselines(rows: Any, theta: float, tau: float) -> None:
    rows = [one for one in rows if one[0] + one[2] > 0]
    if not rows:
        return
    want = 0.0
    for x1, n1, x2, n2 in rows:

        def at_baseline(a: float, x1: int = x1, n1: int = n1, x2: int = x2, n2: int = n2) -> float:
            first, second = a + (theta + tau * GRID) / 2, a - (theta + tau * GRID) / 2
            logs = x1 * first - n1 * np.logaddexp(0, first) + x2 * second - n2 * np.logaddexp(0, second)
            return log(float(NORMAL @ np.exp(logs)))

        low, high = -12.0, 12.0  # golden section: slow, obvious
        for _ in range(90):
            third = (high - low) * 0.381966
            low, high = (
                (low + third, high) if at_baseline(low + third) < at_baseline(high - third) else (low, high - third)
            )
        want += at_baseline((low + high) / 2)
    both = pair(tables(rows), rates=False)
    height, _ = profiled(both, 61, np.zeros(len(rows)), ONES, PLACES)(np.array([theta, tau]))
    assert height == pytest.approx(want, abs=1e-7)


@given(studies, effect, spread, st.floats(-3, 0), st.floats(0.1, 1.5))
@settings(max_examples=5, deadline=None)
def test_the_model_with_random_baselines(rows: Any, theta: float, tau: float, mu: float, sigma: float) -> None:
    fine = np.linspace(-9, 9, 361)
    density = np.exp(-(fine**2) / 2) / np.sqrt(2 * np.pi) * (fine[1] - fine[0])
    u, v = np.meshgrid(fine, fine, indexing="ij")
    want = 0.0
    for x1, n1, x2, n2 in rows:
        first, second = (mu + sigma * u + sign * (theta + tau * v) / 2 for sign in (1, -1))
        logs = x1 * first - n1 * np.logaddexp(0, first) + x2 * second - n2 * np.logaddexp(0, second)
        want += log(float(density @ np.exp(logs) @ density))
    height, _ = random_baselines(pair(tables(rows), rates=False), 31)(np.array([mu, log(sigma), theta, tau]))
    assert height == pytest.approx(want, abs=1e-6)


@given(studies, st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.01, 0.8))
@settings(max_examples=20)
def test_the_beta_binomial_likelihood(rows: Any, p1: float, p2: float, rho: float) -> None:
    """By the urn: every person drawn changes the chance of the next."""
    want = 0.0
    for x1, n1, x2, n2 in rows:
        for x, n, p in ((x1, n1, p1), (x2, n2, p2)):
            chance = float(comb(n, x))
            for i in range(x):
                chance *= (p * (1 - rho) + i * rho) / (1 - rho + i * rho)
            for i in range(n - x):
                chance *= ((1 - p) * (1 - rho) + i * rho) / (1 - rho + (x + i) * rho)
            want += log(chance)
    assert log_likelihood(tables(rows), p1, p2, rho) == pytest.approx(want, rel=1e-9)


@given(studies)
@settings(max_examples=10, deadline=None)
def test_no_better_parameters_nearby(rows: Any) -> None:
    """A climb that stopped on a slope would show here."""
    t = read_tables(
        dict(zip(("ai", "n1i", "ci", "n2i"), (list(one) for one in zip(*rows, strict=True)), strict=True)), "OR", None
    )
    try:
        found = pool_tables(method="CM.EL", ai=t.x1, n1i=t.size1, ci=t.x2, n2i=t.size2)
    except InputError:
        return
    family = hypergeometric(t.only(~t.empty))
    slope = mixed(family, 31)
    tau = found.tau2**0.5 if found.tau2 else 0.0
    top = slope(np.array([found.estimate, tau]))[0]
    for move in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3), (0.5, 0.5), (0, 1), (0, 3)):
        assert slope(np.array([found.estimate + move[0], abs(tau + move[1])]))[0] <= top + 1e-9


@pytest.mark.r
def test_the_scripts_for_r_give_the_same_numbers() -> None:
    answers = [counted(method=method) for method in ("MH", "PETO", "UM.FS", "CM.AL", "BB")]
    answers += [
        counted(measure="RD"),
        pool_tables(measure="IRR", **RATES),
        pool_tables(measure="IRR", method="CM.EL", **RATES),
    ]
    answers.append(pool_tables(measure="PLO", xi=COUNTS["ai"], ni=COUNTS["n1i"]))
    marks = 'cat("== next\\n")\n'
    script = "suppressMessages(library(metafor))\n" + marks.join(one.r_script() for one in answers)
    done = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True, check=True)
    for one, text in zip(answers, done.stdout.split("== next\n"), strict=True):
        told = dict(
            line.split() for line in text.splitlines() if len(line.split()) == 2 and line.split()[0] in one.to_dict()
        )
        assert {"estimate", "ci_low"} <= set(told), one.method
        loose = 1e-8 if one.method in ("MH", "PETO") else 5e-3  # lme4's default tolerances
        for name, value in told.items():
            assert float(value) == pytest.approx(getattr(one, name), rel=loose, abs=loose), (one.method, name)


def test_a_ratio_is_said_as_a_ratio() -> None:
    one = counted()
    assert f"OR {exp(one.estimate):.4g}" in one.summary()
    assert one.chart().rows[-1][1] == pytest.approx(exp(one.estimate))
