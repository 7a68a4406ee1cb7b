"""Every reference number on the size of trials, through the command line: one row for each number that a package or a paper prints.

Versions as in test_planning.py, and clusterPower 0.7.0's manual for cpa.sw.binary. Not among them, and why: swPwr's .78667 with the mean
of the two variances, which its authors do not use; and .7992842, which cpa.sw.binary prints through a slip that the last test here shows.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, norm
from typer.testing import CliRunner

from tests.unit.trial.test_planning import DRAWN, FADES, POWERS, SIXES, SIZES, SMALLEST, VARIANCES, WEDGES
from whatworks.cli.commands import app
from whatworks.trial.methods.design import read

EACH = 1e-6
ML = 'stepped-wedge binary; steps = 3; clusters = 9; per_cluster = 14; icc = 0.05; control_rate = 0.2; effect = 0.11; likelihood = "{}"'
HOOPER = 'stepped-wedge; steps = 5; per_cluster = 50; icc = 0.2; cac = 0.8; sd = 4; sd_of = "total"; effect = 1.5'
HELD = "cluster count; clusters = 280; exposure = 1000; per_cluster = 1000; control_rate = 0.027; k = {}"
ROWS: list[tuple[str, str, str, float, float]] = [
    *(("power", text, "power", value, near) for text, value, near in POWERS),
    *(("power", text, "power", value, EACH) for text, value in WEDGES),
    *(("power", text, "se", value**0.5, 6e-7 * value**0.5) for text, value in VARIANCES),
    *(("mdes", text, "mdes", value, EACH) for text, value, _ in SMALLEST),
    *(("mdes", text, "df", df, 0) for text, _, df in SMALLEST),
    *(("size", text, "per_arm", value, near) for text, value, near, _ in SIZES),
    *(("size", text, "clusters", whole, 0) for text, _, _, whole in SIZES),
    *(("mdes", HELD.format(k), "mdes_ratio", value, 6e-4) for k, value in ((0.3, 0.886), (0.5, 0.833), (0.7, 0.780))),
    ("power", ML.format("no-periods"), "power", 0.7991909, EACH),
    ("size", HOOPER, "per_arm", 1.288772, 1.2e-4),  # R's uniroot stops within 1.2e-4
    # n per arm over clusters per arm: the design effects 2.45 and 2.99
    ("size", 'individual; effect = 0.25; reference = "z"', "per_arm", 251.16, 0.005),
]  # fmt: skip


def asked(tmp_path: Path, what: str, text: str) -> dict:
    first, *fields = (one.strip() for one in text.split(";"))
    kind, _, outcome = first.partition(" ")
    told = f'[design]\nkind = "{kind}"\noutcome = "{outcome or "continuous"}"\n[size]\n' + "\n".join(fields) + "\n"
    read(told)
    file = tmp_path / "design.toml"
    file.write_text(told, encoding="utf-8")
    done = CliRunner().invoke(app, ["trial", what, str(file), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


@pytest.mark.parametrize(("what", "text", "key", "printed", "near"), ROWS)
def test_the_command_prints_the_reference(
    tmp_path: Path, what: str, text: str, key: str, printed: float, near: float
) -> None:
    found = asked(tmp_path, what, text)[key]
    assert (found[0] if key == "per_arm" else found) == pytest.approx(printed, abs=near)


@pytest.mark.parametrize(
    ("clusters", "level"),
    [(6, "0.1216"), (8, "0.0977"), (10, "0.0857"), (12, "0.0784"), (20, "0.0657"), (40, "0.0574"), (70, "0.0541")],
)
def test_the_command_says_what_z_does_to_few_clusters(tmp_path: Path, clusters: int, level: str) -> None:
    text = f'cluster; clusters = {clusters}; per_cluster = 20; icc = 0.05; effect = 0.4; reference = "z"'
    assert any(f"in {level} of trials" in one for one in asked(tmp_path, "power", text)["warnings"])


def test_the_table_has_every_kind_of_row() -> None:
    """Lists that are taken from elsewhere could be empty there without anyone seeing it here."""
    assert len(ROWS) >= 65
    assert any(DRAWN in row[1] for row in ROWS) and any(row[1].startswith(FADES) for row in ROWS)
    assert any(row[1].startswith(SIXES) for row in ROWS)


def by_hand(slip: bool) -> float:
    """A twin of the information of the likelihood without periods, outcome by outcome; with a slip, as cpa.sw.binary 0.7.0 has it."""
    usual, effect, people, steps = 0.2, 0.11, 14, 3
    spread, low, high = 0.05 * usual * (1 - usual), -usual, 1 - usual - effect
    node, weight = np.polynomial.legendre.leggauss(100)
    u, weight = (high - low) / 2 * node + (high + low) / 2, (high - low) / 2 * weight
    law, information = weight * np.exp(-(u**2) / 2 / spread), np.zeros((3, 3))
    ends, mass = [np.exp(-(one**2) / 2 / spread) for one in (low, high)], law.sum()
    for step in range(1, steps + 1):
        before, after = people * step, people * (steps + 1 - step)
        for one, other in product(range(before + 1), range(after + 1)):
            p, q = usual + u, usual + effect + u
            chance = law * binom.pmf(one, before, p) * binom.pmf(other, after, q)
            whole = chance.sum()
            first, second = one / p - (before - one) / (1 - p), other / q - (after - other) / (1 - q)
            at_low = ends[0] * float(one == 0) * binom.pmf(other, after, effect)
            at_high = ends[1] * float(other == after) * binom.pmf(one, before, 1 - effect)
            level = ((chance @ (first + second)) + at_low - at_high) / whole - (ends[0] - ends[1]) / mass
            apart = ((chance @ second) - at_high) / whole + ends[1] / mass
            ways = binom.pmf(one, before, 0.5) * 2.0**before * binom.pmf(other, after, 0.5) * 2.0**after
            under = mass * ways if slip else whole
            variance = ((chance @ u**2) / under - (law @ u**2) / mass) / (2 * spread**2)
            score = np.array([level, apart, variance])
            information += whole / mass * np.outer(score, score)
    error = (np.linalg.inv(information * 9 / steps)[1, 1]) ** 0.5
    return float(sum(norm.cdf(sign * effect / error - 1.959963984540054) for sign in (1, -1)))


def test_why_the_number_of_cpa_sw_binary_is_another(tmp_path: Path) -> None:
    """Its manual prints .7992842; with the score for the variance as it should be the same sum gives ours. And periods cost half of it."""
    assert by_hand(slip=True) == pytest.approx(0.7992842, abs=1e-7)
    right = asked(tmp_path, "power", ML.format("no-periods"))
    assert right["power"] == pytest.approx(by_hand(slip=False), abs=1e-9)
    assert "promises far too much" in right["warnings"][0]
    assert asked(tmp_path, "power", ML.format("periods"))["power"] == pytest.approx(0.4075747, abs=1e-6)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ("; cac = 0.8", "no cac"),
        ("; cv = 0.4", "clusters of one size"),
        ("; iac = 0.2", "other people each time"),
        ("; per_cluster = 400", "too many to count"),
        ("; icc = 0", "above 0"),
    ],
)
def test_what_the_likelihood_does_not_reach_is_said(changed: str, says: str) -> None:
    from tests.unit.trial.test_planning import design
    from whatworks.errors import InputError
    from whatworks.trial.methods.sizing import planning

    name = changed.partition(" = ")[0].strip("; ")
    text = "; ".join(one for one in ML.format("periods").split("; ") if not one.startswith(f"{name} ="))
    with pytest.raises(InputError, match=says):
        planning.power(design(text + changed))
