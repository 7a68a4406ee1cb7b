"""Leaving out, adding one by one, drawing again: each in one array, the same as one refit after another."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.influence.bootstrapping import bootstrap
from whatworks.synthesise.methods.influence.diagnosing import influence, influence_of
from whatworks.synthesise.methods.influence.leaving_out import cumulative, leave_one_out
from whatworks.synthesise.methods.pooling import pool
from whatworks.synthesise.methods.regressing.regression import regress

Y = [0.30, -0.05, 0.62, 0.11, 0.47, 0.80, -0.30, 0.20]
V = [0.020, 0.015, 0.040, 0.008, 0.055, 0.030, 0.012, 0.060]
STUDY = ["a", "a", "b", "c", "c", "c", "d", "e"]
FIELDS = ("estimate", "se", "p", "ci_low", "ci_high", "tau2", "i2", "h2", "q", "q_p")


def alike(ours: Any, theirs: Any) -> bool:
    """The same numbers, or both missing. 1e-8: limits and tails of p magnify the last digits of tau2."""
    return all(
        one is None if other is None else one == pytest.approx(other, rel=1e-8, abs=1e-12)
        for one, other in zip(ours, theirs, strict=True)
    )


@settings(max_examples=25, deadline=None)
@given(
    k=st.integers(2, 9),
    seed=st.integers(0, 10**6),
    interval=st.sampled_from(["wald", "t", "hksj", "hksj-adhoc"]),
    tau2=st.sampled_from(["REML", "ML", "DL", "PM", "SJ", "HE"]),
    model=st.sampled_from(["random", "common"]),
)
def test_leaving_out_is_pooling_the_others(k: int, seed: int, interval: Any, tau2: Any, model: Any) -> None:
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 0.5, k)
    y = rng.normal(0, 0.5, k) + rng.normal(0, np.sqrt(v))
    found = leave_one_out(y, v, interval=interval, tau2=tau2, model=model)
    for place, row in enumerate(found.rows):
        slow = pool(np.delete(y, place), np.delete(v, place), interval=interval, tau2=tau2, model=model)
        skip = {"tau2"} if slow.k == 1 else set()  # a single study's is unknown there, and 0 in the refit
        names = [name for name in FIELDS if name not in skip]
        assert alike([getattr(row, name) for name in names], [getattr(slow, name) for name in names])
    whole = pool(y, v, interval=interval, tau2=tau2, model=model)
    assert alike([getattr(found.whole, name) for name in FIELDS], [getattr(whole, name) for name in FIELDS])


def test_leaving_out_a_study_takes_all_of_its_effects() -> None:
    found = leave_one_out(Y, V, study=STUDY)
    assert found.label == ("a", "b", "c", "d", "e") and found.k == (6, 7, 5, 7, 7)
    kept = np.array(STUDY) != "c"
    slow = pool(np.array(Y)[kept], np.array(V)[kept])
    assert (found.estimate[2], found.tau2[2]) == pytest.approx((slow.estimate, slow.tau2), rel=1e-9)
    assert "all of its effects" in found.report()


def test_as_studies_arrived() -> None:
    order = [3, 1, 2, 8, 7, 6, 5, 4]
    found = cumulative(Y, V, order=order, names=list("abcdefgh"))
    assert "".join(found.label) == "bcahgfed"
    slow = pool([Y[1], Y[2], Y[0]], [V[1], V[2], V[0]])
    assert (found.estimate[2], found.ci_high[2]) == pytest.approx((slow.estimate, slow.ci_high), rel=1e-9)
    assert found.i2[0] is None and found.q[0] is None and found.k == tuple(range(1, 9))
    with pytest.raises(InputError, match="one number for each effect"):
        cumulative(Y, V, order=[1, 2])


def test_a_study_on_which_the_side_hangs_is_named() -> None:
    found = leave_one_out([0.9, 0.2, 0.25, 0.2], [0.02, 0.03, 0.03, 0.03], model="common")
    assert "No single one changes" in found.summary()
    found = leave_one_out([0.9, 0.05, 0.1, 0.0], [0.02, 0.03, 0.03, 0.03], model="common")
    assert "hangs on 1." in found.summary()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from(["wald", "hksj"]))
def test_diagnostics_are_refits_without_each_study(seed: int, wide: int, interval: Any) -> None:
    """The slow twin: one regression after another, and Viechtbauer and Cheung's (2010) formulas as printed."""
    rng = np.random.default_rng(seed)
    k = 8
    x = rng.normal(size=(k, wide - 1))
    v = rng.uniform(0.02, 0.4, k)
    y = rng.normal(0, 0.4, k) + rng.normal(0, np.sqrt(v))
    found = influence(y, v, x, interval=interval)
    whole = regress(y, v, x, interval=interval)
    full = np.column_stack((np.ones(k), x))
    for i in range(k):
        rest = regress(np.delete(y, i), np.delete(v, i), np.delete(x, i, axis=0), interval=interval)
        scale = (
            1.0 if interval == "wald" else _factor(np.delete(y, i), np.delete(v, i), np.delete(full, i, axis=0), rest)
        )
        moved, row = whole.estimates - rest.estimates, full[i]
        spread = row @ np.array(rest.covariance) @ row
        assert found.tau2_del[i] == pytest.approx(rest.tau2, rel=1e-7, abs=1e-12)
        assert found.qe_del[i] == pytest.approx(rest.qe, rel=1e-9)
        assert found.rstudent[i] == pytest.approx(
            (y[i] - row @ rest.estimates) / np.sqrt(scale * (v[i] + rest.tau2) + spread), rel=1e-7
        )
        assert found.dffits[i] == pytest.approx(
            row @ moved / np.sqrt(scale * whole.hat[i] * (v[i] + rest.tau2)), rel=1e-6, abs=1e-9
        )
        assert found.cook_d[i] == pytest.approx(
            moved @ np.linalg.solve(np.array(whole.covariance), moved), rel=1e-6, abs=1e-12
        )
        ratio = np.linalg.det(np.array(rest.covariance)) / np.linalg.det(np.array(whole.covariance))
        assert found.cov_r[i] == pytest.approx(ratio, rel=1e-7)
        assert found.baujat_y[i] == pytest.approx((row @ moved) ** 2 / spread, rel=1e-6, abs=1e-12)


def _factor(y: np.ndarray, v: np.ndarray, x: np.ndarray, fit: Any) -> float:
    w = 1 / (v + fit.tau2)
    return float(w @ (y - x @ fit.estimates) ** 2 / (len(y) - x.shape[1]))


def test_a_study_that_alone_fixes_a_coefficient_cannot_be_left_out() -> None:
    column = [1.0, *[0.0] * 7]
    found = influence(Y, V, column)
    assert found.rstudent[0] is None and found.dfbetas[0] == (None, None) and found.influential[0]
    assert found.rstudent[1] is not None and found.hat[0] == pytest.approx(1)
    assert "cannot be left out" in found.warnings[0]
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_an_outlier_is_marked() -> None:
    found = influence([0.1, 0.12, 0.09, 0.11, 3.0], [0.01] * 5, names=list("abcde"))
    assert found.influential[4] and "e" in found.summary() and abs(found.rstudent[4]) > 10
    assert "None of the" in influence([0.1, 0.2, 0.3, 0.25], [0.1] * 4).summary()


def test_one_and_two_studies() -> None:
    with pytest.raises(InputError, match="only one study"):
        leave_one_out([0.1], [0.1])
    with pytest.raises(InputError, match="only one study"):
        leave_one_out(Y, V, study=["a"] * 8)
    two = leave_one_out([0.1, 0.4], [0.1, 0.2], interval="hksj")
    assert two.estimate == pytest.approx((0.4, 0.1)) and two.i2 == (None, None) and "unknown there" in two.warnings[0]
    with pytest.raises(InputError, match="too few"):
        influence([0.1], [0.1])
    assert cumulative([0.1], [0.1]).estimate == (0.1,)
    with pytest.raises(InputError, match="3 names for 8"):
        leave_one_out(Y, V, names=list("abc"))
    with pytest.raises(InputError, match="row 1 is missing"):
        leave_one_out(Y, V, study=["", *STUDY[1:]])
    with pytest.raises(InputError, match="2 study labels for 8"):
        leave_one_out(Y, V, study=["a", "b"])


def test_a_bootstrap_comes_out_the_same_again_and_near_the_model() -> None:
    found = bootstrap(Y, V, 2000, seed=7)
    assert bootstrap(**found.recipe.arguments) == found
    assert found.means.size == 2000 and found.ci_low < found.estimate < found.ci_high
    usual = pool(Y, V)
    assert found.estimate == pytest.approx(usual.estimate, rel=1e-9)
    assert found.se == pytest.approx(usual.se, rel=0.15)  # the model's own standard error, with 2,000 draws
    drawn = bootstrap(Y, V, 2000, seed=7, kind="nonparametric")
    assert drawn != found and drawn.se == pytest.approx(usual.se, rel=0.3) and "hardly varies" in drawn.warnings[0]
    assert json.dumps(drawn.to_dict(), allow_nan=False) and "seed 7" in drawn.report() and len(drawn.chart().rows) == 40


@pytest.mark.parametrize("kind", ["parametric", "nonparametric"])
def test_a_bootstrap_is_pooling_each_sample(kind: Any) -> None:
    """The slow twin draws the same samples."""
    found, usual = bootstrap(Y, V, 30, seed=3, kind=kind), pool(Y, V)
    draw = np.random.default_rng(3)
    if kind == "parametric":
        samples = usual.estimate + draw.standard_normal((30, 8)) * np.sqrt(np.array(V) + usual.tau2)
        slow = [pool(sample, V).estimate for sample in samples]
    else:
        counts = draw.multinomial(8, np.full(8, 1 / 8), size=30)
        slow = [pool(np.repeat(Y, one), np.repeat(V, one)).estimate for one in counts]
    assert found.means == pytest.approx(slow, rel=1e-8)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(InputError, match="cannot be drawn again"):
        bootstrap([0.1], [0.1])
    with pytest.raises(InputError, match="no bootstrap 'both'"):
        bootstrap(Y, V, kind="both")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="cannot be drawn"):
        bootstrap(Y, V, times=1)


def test_every_result_tells_itself() -> None:
    moved = influence_of(regress(Y, V, STUDY and [1, 2, 3, 4, 5, 6, 7, 8]))
    for found in (leave_one_out(Y, V), leave_one_out(Y, V, study=STUDY), cumulative(Y, V), influence(Y, V), moved):
        assert json.dumps(found.to_dict(), allow_nan=False)
        assert "References" in found.report() and found.chart().svg.startswith("<svg")
        function = {"leave_one_out": leave_one_out, "cumulative": cumulative, "influence": influence}[
            found.recipe.function
        ]
        assert function(**found.recipe.arguments) == found


@pytest.mark.r
def test_the_r_scripts_give_the_same_numbers(tmp_path: Path) -> None:
    left, moved = leave_one_out(Y, V, study=STUDY), influence(Y, V, interval="hksj")
    file = tmp_path / "all.R"
    last = "cat(sprintf('%.12g', influence(fit)$inf$cook.d), '\\n')\n"
    file.write_text(left.r_script() + moved.r_script() + last, encoding="utf-8")
    done = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for line, row in zip(lines, left.rows, strict=False):
        theirs = [float(part) for part in line.split()]
        assert theirs == pytest.approx([row.estimate, row.se, row.tau2, row.i2, row.q], rel=1e-6)
    assert [float(part) for part in lines[-1].split()] == pytest.approx(moved.cook_d, rel=1e-6)
