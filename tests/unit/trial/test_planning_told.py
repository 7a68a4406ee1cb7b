"""What is said beside a plan: warnings for each optimistic assumption, assurance, curves, the paragraph, and the command."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from tests.unit.trial.test_planning import design
from tools.designs import FOLDER
from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.parts import KINDS
from whatworks.trial.methods.sizing import planning
from whatworks.trial.methods.sizing.cautions import allocations, type_one_of_z
from whatworks.trial.methods.sizing.curving import curve
from whatworks.trial.methods.sizing.power import power_of
from whatworks.trial.methods.sizing.telling import told

CAREFUL = (
    "stepped-wedge; clusters = 40; steps = 5; per_cluster = 30; effect = 0.2; icc = 0.05; cac = 0.8; cv = 0.4; attrition = 0.1; "
    'sd_of = "total"; reference = "t"|[analysis]¦declared = "lmm-kr"'
)


@pytest.mark.parametrize(
    ("clusters", "level"),
    [(6, 0.1216), (8, 0.0977), (10, 0.0857), (12, 0.0784), (20, 0.0657), (40, 0.0574), (70, 0.0541)],
)
def test_the_true_level_of_z(clusters: int, level: float) -> None:
    """Exact, for two equal arms; in R 2 * pt(-qnorm(.975), G - 2), printed to four places."""
    assert type_one_of_z(clusters) == pytest.approx(level, abs=5e-5)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (("cac = 0.8", "cac = 1"), r"cac = 1.* With cac = 0.8 the power is 0.\d{3}"),
        (("cac = 0.8; ", ""), r"because \[size\] cac is left out"),
        (('; reference = "t"', ""), r"The test is by z.* 0\.0574 of trials, not in 0\.05\. With t the power is 0.\d{3}"),
        (("cv = 0.4; ", ""), r"one size \(cv = 0\)\. With a cv of 0\.5 the power is 0.\d{3}"),
        (('; sd_of = "total"', ""), "sd is taken as the residual's"),
        (("icc = 0.05", "icc = 0"), r"nothing in common \(icc = 0\)"),
        (("attrition = 0.1; ", ""), "Nobody is taken to be lost"),
        (("clusters = 40", "clusters = 10"), "needs a method|can fall in 113400 ways"),
        (('clusters = 40; steps = 5', 'clusters = 5; steps = 5'), r"can fall in 120 ways.*no p below 0\.0083"),
    ],
)  # fmt: skip
def test_each_optimistic_assumption_is_said_and_no_other(changed: tuple[str, str], says: str) -> None:
    careful = planning.power(design(CAREFUL))
    assert careful.warnings == ()
    warned = planning.power(design(CAREFUL.replace(*changed)))
    assert any(re.search(says, one) for one in warned.warnings), warned.warnings


def test_few_clusters_need_a_method_for_them() -> None:
    text = "cluster; clusters = 20; per_cluster = 30; cv = 0.3; effect = 0.4; icc = 0.05; attrition = 0.1"
    none, naive, right = (
        planning.power(design(f"{text}|[analysis]¦declared = {json.dumps(name)}")).warnings
        for name in ("", "gee-exchangeable", "ri-exact")
    )
    assert "declares none" in none[0]
    assert "gee-exchangeable makes no allowance" in naive[0]
    assert right == ()


def test_covariates_cost_a_degree_of_freedom_unless_it_is_denied() -> None:
    text = "cluster; clusters = 20; per_cluster = 30; cv = 0.3; effect = 0.4; icc = 0.05; attrition = 0.1; r2_2 = 0.5"
    assert planning.power(design(text)).df == 17
    denied = planning.power(design(f"{text}; covariates = 0"))
    assert denied.df == 18
    assert any("cost no degree of freedom" in one for one in denied.warnings)


def test_what_is_beside_is_the_design_with_that_changed() -> None:
    text = "stepped-wedge; clusters = 10; steps = 5; per_cluster = 30; effect = 0.25; icc = 0.05"
    beside = planning.power(design(text)).beside
    for name, changed in {
        "t": 'reference = "t"',
        "cac 0.8": "cac = 0.8",
        "cac 0.8, t": 'cac = 0.8; reference = "t"',
        "cv 0.5": "cv = 0.5",
    }.items():
        assert beside[name] == planning.power(design(f"{text}; {changed}")).power
    assert beside["cac 0.8, t"] < beside["cac 0.8"] < 0.8638


def test_in_how_many_ways_the_lot_can_fall() -> None:
    assert allocations(design("cluster; clusters = 8; per_cluster = 9; icc = 0.1"), 8) == 70
    assert allocations(design("matched-pairs; clusters = 8; per_cluster = 9; icc = 0.1"), 8) == 16
    assert allocations(design("blocked-cluster; clusters = 8; blocks = 2; per_cluster = 9; icc = 0.1"), 8) == 36
    assert allocations(design("stepped-wedge; clusters = 6; steps = 3; per_cluster = 9; icc = 0.1"), 6) == 90


@pytest.mark.parametrize(("mean", "sd"), [(0.3, 0.1), (0.1, 0.3), (-0.05, 0.15)])
def test_assurance_is_the_mean_of_power_over_the_prior(mean: float, sd: float) -> None:
    """By numerical integration; and with z, where the mean of a normal curve over a normal prior is known exactly."""
    text = "cluster; clusters = 30; per_cluster = 20; icc = 0.05; effect = 0.3; prior = "
    plan = planning.power(design(f"{text}[{mean}, {sd}]"))
    se, df = plan.se, plan.df

    def right(effect: float) -> float:
        own = power_of(effect, se, df=df, both=False)
        return own if effect > 0 else power_of(effect, se, df=df) - own

    node, weight = np.polynomial.legendre.leggauss(240)
    mass = 0.0
    for low, high in ((min(mean - 9 * sd, -sd), 0.0), (0.0, mean + 9 * sd)):
        at = (low + high) / 2 + (high - low) / 2 * node
        chances = [right(float(one)) for one in at] * norm.pdf(at, mean, sd)
        mass += (high - low) / 2 * float(weight @ chances)
    assert plan.assurance == pytest.approx(mass, abs=1e-7)  # scipy's noncentral t is good to about 1e-9
    by_z = planning.power(design(f'{text}[{mean}, {sd}]; reference = "z"'))
    exact = norm.cdf((mean - 1.959963984540054 * by_z.se) / math.hypot(by_z.se, sd))
    assert by_z.assurance == pytest.approx(exact, abs=1e-9)


def test_assurance_of_a_ratio_is_over_its_logarithm() -> None:
    """Where the prior is all but certain, assurance is power; where it is wide, what cannot be does not stop it."""
    text = "individual binary; clusters = 2000; control_rate = 0.3; ratio = 0.8; prior = [{}, {}]"
    sure = planning.power(design(text.format(math.log(0.8), 1e-6)))
    assert sure.assurance == pytest.approx(sure.power, abs=1e-5)
    wide = planning.power(design(text.format(math.log(0.8), 0.5)))
    assert 0.5 < (wide.assurance or 0) < (wide.power or 0)


def test_a_curve_rises_with_units_and_falls_with_what_clusters_share() -> None:
    points = curve(design("cluster; clusters = 20; per_cluster = 30; effect = 0.3; icc = 0.05"), 20)
    power = {(one.clusters, one.differ): one.power for one in points}
    assert {one.clusters for one in points} == {10, 16, 20, 26, 30, 40}
    assert (
        power[20, 0.05]
        == planning.power(design("cluster; clusters = 20; per_cluster = 30; effect = 0.3; icc = 0.05")).power
    )
    assert power[10, 0.05] < power[20, 0.05] < power[40, 0.05]
    assert power[20, 0.1] < power[20, 0.05] < power[20, 0.025]
    by_k = curve(design("cluster count; clusters = 40; exposure = 90; control_rate = 0.2; ratio = 0.8; k = 0.3"), 40)
    assert {one.differ for one in by_k} == {0.15, 0.3, 0.6}
    assert {one.differ for one in curve(design("individual; clusters = 90; effect = 0.3"), 90)} == {None}


def test_the_paragraph_says_what_was_assumed_and_by_whom_it_is_computed() -> None:
    held = design(CAREFUL)
    text = told(held, planning.size(held))
    for words in (
        "power of 80% at a two-sided level of 0.05", "intra-cluster correlation of 0.05", "cluster autocorrelation of 0.8",
        "coefficient of variation of 0.4", "10% of people", "t with clusters less 2", "Hooper and others (2016)",
    ):  # fmt: skip
        assert words in text


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["trial", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_there_is_an_example_of_each_kind() -> None:
    assert {read(file.read_text("utf-8")).design.kind for file in FOLDER.glob("*.toml")} >= set(KINDS)


DRAWN = [file for file in sorted(FOLDER.glob("*.toml")) if read(file.read_text("utf-8")).design.kind in KINDS]


@pytest.mark.parametrize("file", DRAWN, ids=lambda file: file.stem)
def test_the_command_gives_the_numbers_of_the_library(file: Path) -> None:
    held = read(file.read_text("utf-8"))
    for asked in ("power", "size", "mdes"):
        answer = json.loads(run(asked, str(file), "--json"))
        plan = getattr(planning, asked)(held)
        assert {"power", "clusters", "mdes", "method", "mc_error", "failures", "warnings"} <= set(answer)
        assert (answer["power"], answer["clusters"], answer["mdes"]) == (plan.power, plan.clusters, plan.mdes)
        assert answer["mc_error"] is None


def test_a_simulation_stands_in_place_of_the_closed_form_and_beside_it() -> None:
    file = str(FOLDER / "cluster.toml")
    answer = json.loads(run("power", file, "--simulate", "400", "--seed", "7", "--json"))
    again = json.loads(run("power", file, "--simulate", "400", "--seed", "7", "--json"))
    assert answer == again
    assert (answer["method"], answer["failures"]) == ("lmm-kr", 0)
    assert answer["mc_error"] == pytest.approx(math.sqrt(answer["power"] * (1 - answer["power"]) / 400))
    assert abs(answer["power"] - answer["power_closed_form"]) < 0.08
    small = json.loads(run("mdes", file, "--simulate", "400", "--json"))
    assert small["simulated"]["effect"] == small["mdes"]
    assert abs(small["power"] - 0.8) < 0.08


def test_people_can_read_it() -> None:
    shown = " ".join(run("power", str(FOLDER / "cluster-counts.toml"), "--curve", "--simulate", "100").split())
    for words in ("power", "units in all", "k 0.5", "Simulated with 280 units", "Hayes and Bennett", "Note: "):
        assert words in shown


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[design", "not readable TOML"),
        ('[design]\nkind = "cluster"\n[size]\nclusters = 9\neffect = 1\n', "has no icc"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "design.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        CliRunner().invoke(app, ["trial", "power", str(file)], catch_exceptions=False)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    with pytest.raises(InputError, match="cannot be read"):
        CliRunner().invoke(app, ["trial", "size", str(file)], catch_exceptions=False)
    file.write_bytes(b"\xff\xfe[\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        CliRunner().invoke(app, ["trial", "size", str(file)], catch_exceptions=False)
