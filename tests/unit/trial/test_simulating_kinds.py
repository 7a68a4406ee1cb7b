"""Simulated trials of every kind: against the closed form where one exists, against R's own simulation, and against data analysed.

Power is compared within three Monte Carlo errors (both together, where both are simulated): seeds are fixed, so that a test that passes
passes always, and a generator that drew something else would be found out by the size of the difference.
"""

from __future__ import annotations

import dataclasses
import json
import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.unit.trial.test_planning import design
from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.design.parts import KINDS, OUTCOMES
from whatworks.trial.methods.simulating import batched, drawing, layout, simulate
from whatworks.trial.methods.simulating.choosing import fitting
from whatworks.trial.methods.simulating.singly import rows
from whatworks.trial.methods.simulating.surviving import hazards
from whatworks.trial.methods.sizing import planning

SAMPLED = 'blocks_are = "sampled"; icc_blocks = 0.1; varies = 0.3'


def declared(text: str, method: str, more: str = ""):
    """A design that declares an analysis, and expects 70 in 100 to take the offer up."""
    return design(f'{text}|[analysis]¦declared = "{method}"¦{more}¦[compliance]¦expected = 0.7')


EXPOSED = "stepped-wedge; clusters = 24; steps = 4; per_cluster = 20; effect = 0.3; icc = 0.05; exposure_time = true"
CLOSED = [
    (f"blocked-cluster; clusters = 80; blocks = 10; per_cluster = 20; icc = 0.15; effect = 0.35; {SAMPLED}", "", 4_000),
    (f"individual; clusters = 400; blocks = 20; effect = 0.3; {SAMPLED}", "", 800),
    ("individual; clusters = 200; blocks = 10; icc_blocks = 0.1; effect = 0.4", "", 800),
    ("cluster; clusters = 24; per_cluster = 24; icc = 0.08; icc_groups = 0.06; groups = 4; effect = 0.45", "lmm-kr", 4_000),
    ("individual; clusters = 120; groups = 6; icc_groups = 0.1; effect = 0.6", "", 4_000),
    (EXPOSED, "lmm-satterthwaite", 1_000),
    ("individual time-to-event; clusters = 300; control_rate = 0.4; ratio = 0.6", "", 1_000),
    ("cluster time-to-event; clusters = 30; per_cluster = 30; icc = 0.02; control_rate = 0.3; ratio = 0.6", "", 1_000),
    ("cluster time-to-event; clusters = 30; per_cluster = 30; icc = 0.02; control_rate = 0.3; ratio = 0.6", "cluster-means-t", 4_000),
    ("individual count; clusters = 400; control_rate = 0.8; ratio = 0.75; exposure = 0.75", "", 1_000),
    ("individual count; clusters = 400; control_rate = 0.8; ratio = 0.75; dispersion = 0.4; exposure = 0.75", "", 400),
    ("individual; clusters = 200; effect = 0.4", "ols-cr2", 600),
    ("cluster count; clusters = 40; per_cluster = 200; exposure = 200; k = 0.3; control_rate = 0.1; ratio = 0.75", "", 4_000),
    ("cluster; clusters = 30; per_cluster = 20; icc = 0.05; effect = 0.3", "cace-2sls-cr2", 4_000),
]  # fmt: skip


@pytest.mark.parametrize(("text", "method", "count"), CLOSED)
def test_the_power_is_that_of_the_closed_form(text: str, method: str, count: int) -> None:
    """Of those who take an offer up the test is all but that of the offer, whose closed form is compared."""
    held = declared(text, method)
    found, expected = simulate(held, count, 5), planning.power(held).power or 0.0
    assert abs((found.power or 0) - expected) < 3 * math.sqrt(expected * (1 - expected) / count)
    assert found.failures < count / 20


WEDGE = "stepped-wedge binary; clusters = 12; steps = 3; per_cluster = 40; icc = 0.03; cac = 0.8; control_rate = 0.5; effect = -0.12"
COUNTED = "cluster count; clusters = 40; per_cluster = 200; exposure = 200; k = 0.3; control_rate = 0.1; ratio = 0.7"
TIMES = "cluster time-to-event; clusters = 20; per_cluster = 30; icc = 0.02; control_rate = 0.3; ratio = 0.6"
CLASSES = "cluster; clusters = 16; per_cluster = 24; icc = 0.08; icc_groups = 0.06; groups = 4; effect = 0.6"
BY_R = [
    (COUNTED, "glm-nb", "", 0.8328328, 1998, 1_000),
    (CLASSES, "lmm-satterthwaite", 'random = ["class"]', 0.86, 400, 300),
    (TIMES, "", "", 0.624, 1000, 1_000),
    (WEDGE, "glmm-binomial-nested", "", 0.82, 200, 40),
]  # fmt: skip


@pytest.mark.parametrize(("text", "method", "more", "share", "of", "count"), BY_R)
def test_the_power_is_that_of_another_simulation(
    text: str, method: str, more: str, share: float, of: int, count: int
) -> None:
    """simulated_from_r.R draws and analyses without any of our code."""
    found = simulate(declared(text, method, more), count, 3, workers=2)
    assert abs((found.power or 0) - share) < 3 * math.sqrt(share * (1 - share) * (1 / of + 1 / count))


TEXTS = {
    "individual": "clusters = 60; icc = 0.05", "cluster": "clusters = 8; per_cluster = 12; icc = 0.05",
    "blocked-cluster": "clusters = 8; blocks = 2; per_cluster = 12; icc = 0.05",
    "matched-pairs": "clusters = 8; per_cluster = 12; icc = 0.05; correlation = 0.3",
    "stepped-wedge": "clusters = 6; steps = 3; per_cluster = 12; icc = 0.05; cac = 0.8",
}  # fmt: skip
WANTED = {
    "continuous": "effect = 0.5", "binary": "control_rate = 0.5; effect = -0.2",
    "count": "control_rate = 0.5; ratio = 0.6; dispersion = 0.2",
    "time-to-event": "control_rate = 0.5; ratio = 0.6",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "outcome"), list(product(KINDS, OUTCOMES)))
def test_every_kind_of_every_outcome_is_simulated_by_every_method_that_fits(kind: str, outcome: str) -> None:
    """With groups, too; an analysis may fail on data so small, and then it must say so and not stop."""
    text = f"{kind} {outcome}; {TEXTS[kind]}; {WANTED[outcome]}"
    able = fitting(design(text))
    assert {"ols-cr2", "ri-sampled", "cace-2sls-cr2"} <= set(able)
    assert ("glmm-binomial" in able) == (outcome in ("binary", "time-to-event") and kind != "individual")
    for method in ("", *able):
        found = simulate(declared(text, method), 1, 1)
        assert found.simulations == 1
        assert found.failures == 0 or found.method in ("glm-nb", "glmm-nb", "glmm-poisson"), method
    assert simulate(design(f"{text}; groups = 3; icc_groups = 0.05"), 1, 1).failures == 0


LINEAR = ("ols-cr2", "ols-cr3", "cluster-means-t", "cace-2sls-cr2")
AT_ONCE = [
    *product(LINEAR, ("continuous", "binary", "count")),
    ("lmm-kr", "continuous"),
    ("lmm-kr", "binary"),
    ("poisson-naive", "count"),
]


@pytest.mark.parametrize(("method", "outcome"), AT_ONCE)
def test_all_at_once_is_what_the_panel_of_the_analysis_gives(method: str, outcome: str) -> None:
    """The very model of the plan: the same simulated data, put through the functions that analyse a trial's data."""
    held = declared(
        f"cluster {outcome}; clusters = 10; per_cluster = 15; cv = 0.4; icc = 0.1; {WANTED[outcome]}", method
    )
    rng = np.random.default_rng(4)
    place = layout.lay_out(held, 10, rng)
    drawn = drawing.draw(held, place, -0.2, 2, rng, taken=0.7 if method.startswith("cace") else None)
    as_told = (place, drawn) if method == "poisson-naive" else drawing.as_linear(held, place, drawn)
    found = batched.BATCHED[method](*as_told, rng)
    for number in range(2):
        answer = panel.one(rows(held, place, drawn, number), method)
        assert (found.estimate[number], found.p[number]) == (
            pytest.approx(answer.estimate, rel=1e-9),
            pytest.approx(answer.p, rel=1e-7),
        )


@pytest.mark.parametrize("method", ["lmm-kr", "lmm-satterthwaite", "ols-cr2", "ols-cr3"])
def test_over_periods_too(method: str) -> None:
    for more in ("", "; exposure_time = true"):
        held = declared(f"stepped-wedge; {TEXTS['stepped-wedge']}; effect = 0.4; cv = 0.3{more}", method)
        rng = np.random.default_rng(5)
        place = layout.lay_out(held, 6, rng)
        drawn = drawing.draw(held, place, 0.4, 2, rng)
        found = batched.BATCHED[method](*drawing.as_linear(held, place, drawn), rng)
        answer = panel.one(rows(held, place, drawn, 1), method)
        assert (found.estimate[1], found.p[1]) == (
            pytest.approx(answer.estimate, rel=1e-8),
            pytest.approx(answer.p, rel=1e-6),
        )


def test_the_mean_over_exposure_times_is_what_is_tested() -> None:
    """Effects of 1, 2 and 3 at three exposure times, without chance: the arm's coefficient is 2."""
    held = design(
        "stepped-wedge; clusters = 6; steps = 3; per_cluster = 9; icc = 0.1; effect = 1; exposure_time = true"
    )
    place = layout.lay_out(held, 6, np.random.default_rng(1))
    times = np.cumsum(place.rows, axis=1)[place.cluster, place.period] * place.arm
    estimates = np.linalg.lstsq(batched.with_clusters(place), times, rcond=None)[0]
    assert estimates[1] == pytest.approx(2.0, abs=1e-10)


def test_groups_have_the_share_of_the_variance_that_is_asked() -> None:
    held = design("cluster; clusters = 3000; per_cluster = 20; icc = 0.1; icc_groups = 0.2; groups = 4; effect = 0.5")
    rng = np.random.default_rng(2)
    place = layout.lay_out(held, 3000, rng)
    fine = drawing.draw(held, place, 0.0, 1, rng)
    means = fine.means[:, 0].reshape(3000, 4)
    between = np.cov(means.T)
    assert between[np.triu_indices(4, 1)].mean() == pytest.approx(
        0.1, rel=0.15
    )  # 3,000 clusters: 5 per cent, three times
    assert np.diag(between).mean() == pytest.approx(0.1 + 0.2 + 0.7 / 5, rel=0.05)
    whole, drawn = drawing.collapsed(place, fine)
    assert whole.people.tolist() == [20.0] * 3000
    people = drawn.squares.sum() + 20 * (drawn.means**2).sum()
    assert people == pytest.approx(fine.squares.sum() + 5 * (fine.means**2).sum(), rel=1e-12)


@pytest.mark.parametrize(
    "text", ["binary; control_rate = 0.4; effect = -0.1", "count; control_rate = 0.4; ratio = 0.75; dispersion = 0.3"]
)
def test_the_effect_of_an_offer_that_some_take_up_is_that_of_the_offer(text: str) -> None:
    """Whoever takes it up has a larger effect, so that all who were offered it have the one that is asked."""
    outcome, more = text.split("; ", 1)
    held = design(f"cluster {outcome}; clusters = 4000; per_cluster = 30; icc = 0.05; {more}")
    rng = np.random.default_rng(3)
    place = layout.lay_out(held, 4000, rng)
    drawn = drawing.draw(held, place, -0.1, 2, rng, taken=0.6)
    assert drawn.received is not None
    apart = drawn.means[place.arm == 1].mean() - drawn.means[place.arm == 0].mean()
    assert apart == pytest.approx(-0.1, abs=0.012)  # 8,000 clusters: a standard error of .004
    assert drawn.received[place.arm == 1].mean() == pytest.approx(0.6, abs=0.01)
    assert (drawn.received[place.arm == 0] == 0).all()


def test_hazards_are_those_of_r() -> None:
    """R's survival 3.5-3: coxph(Surv(pmin(t, 9), t < 9) ~ x + strata(g) + cluster(c)); coefficients to 1e-7 as R stops at 1e-9 of the
    likelihood.
    """
    times = np.array([1.2, 3.4, np.inf, 0.7, 5.1, 2.2, np.inf, 4.4, 6.3, np.inf, 0.9, 8.1])
    arm = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1.0])
    cluster = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    found = hazards(times, arm, np.zeros(12, int))
    assert found is not None
    summed = np.bincount(cluster, found.parts)
    told = (found.estimate, found.information**-0.5, math.sqrt(float(summed @ summed)) / found.information)
    assert told == pytest.approx((-0.789162227047, 0.689143909572, 0.528855072614), abs=1e-7)
    strata = hazards(times, arm, np.array([0, 1] * 6))
    assert strata is not None
    assert (strata.estimate, strata.information**-0.5) == pytest.approx((-1.21715602235, 0.856830120449), abs=1e-7)
    assert hazards(np.where(arm == 1, np.inf, times), arm, np.zeros(12, int)) is None


BLOCKS = '[design]\nkind = "blocked-cluster"\n' + "".join(f'[[arms]]\nname = "{one}"\n' for one in "abc")
BLOCKS += "[size]\nblocks = 4\nper_cluster = 20\nicc = 0.05\n"


def run(file: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["trial", *words, str(file)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_design_without_a_closed_form_is_answered_by_simulation_alone(tmp_path: Path) -> None:
    """Three arms within blocks: power, and the two that are looked for, agree with each other."""
    file = tmp_path / "design.toml"
    file.write_text(f"{BLOCKS}effect = 0.5\n", encoding="utf-8")
    with pytest.raises(InputError, match="three arms within blocks"):
        CliRunner().invoke(app, ["trial", "size", str(file)], catch_exceptions=False)
    size = json.loads(run(file, "size", "--simulate", "400", "--json"))
    assert size["power"] >= 0.8 and size["clusters"] % 12 == 0
    assert any("simulated alone" in one for one in size["warnings"])
    file.write_text(f"{BLOCKS}clusters = {size['clusters']}\neffect = 0.5\n", encoding="utf-8")
    power = json.loads(run(file, "power", "--simulate", "400", "--json"))
    assert power["power"] == size["power"]
    least = json.loads(run(file, "mdes", "--simulate", "400", "--json"))
    assert 0.3 < least["mdes"] <= 0.5 and least["power"] >= 0.8
    assert "simulated alone" in " ".join(run(file, "power", "--simulate", "50").split())


def test_what_no_number_reaches_is_said() -> None:
    from whatworks.trial.methods.simulating import mdes_by_simulation, size_by_simulation

    shares = design("individual; effect = 0.3; groups = 2; icc_groups = 0.4")
    with pytest.raises(InputError, match="do not reach this power"):
        size_by_simulation(dataclasses.replace(shares, design=dataclasses.replace(shares.design, power=0.99)), 40, 1)
    few = design("cluster binary; clusters = 4; per_cluster = 3; icc = 0.3; control_rate = 0.1; effect = -0.05")
    with pytest.raises(InputError, match="No effect is large enough"):
        mdes_by_simulation(few, 100, 1)
