"""Reports of trials of other kinds: shares with missing values, rates in three arms, a stepped wedge. None loses what its panel holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
from whatworks.trial.opening import open_trial
from whatworks.trial.reports.archive import archive
from whatworks.trial.reports.gathering import Gathered, gather
from whatworks.trial.reports.pdf import pdf
from whatworks.trial.reports.plan import plan
from whatworks.trial.reports.protocol import protocol
from whatworks.trial.reports.report import report, result_card
from whatworks.trial.reports.text import text

pytestmark = pytest.mark.django_db

PEOPLE = """\
[design]
kind = "individual"
outcome = "binary"
stage = "pilot"
[estimand]
endpoint = "in school at 12 months"
units = "children"
[[arms]]
name = "usual"
[[arms]]
name = "offered"
gets = "a conference"
[size]
clusters = 600
control_rate = 0.5
effect = 0.1
[analysis]
outcome = "y"
secondary = ["z"]
subgroups = ["group"]
declared = "ols-cr2"
draws = 199
[[progression]]
name = "families that agree"
red = 0.2
green = 0.5
[compliance]
measure = "conferences held"
enough = 1
"""
RATES = """\
[design]
kind = "cluster"
outcome = "count"
[estimand]
endpoint = "enquiries in a year"
[[arms]]
name = "usual"
[[arms]]
name = "light"
[[arms]]
name = "full"
[analysis]
outcome = "y"
cluster = "school"
offset = "years"
declared = "glm-nb"
draws = 199
"""
WEDGE = """\
[design]
kind = "stepped-wedge"
[[arms]]
name = "usual"
[[arms]]
name = "offered"
[size]
steps = 4
clusters = 16
per_cluster = 10
icc = 0.05
cac = 0.8
effect = 0.4
[allocation]
method = "stepped-wedge"
[analysis]
outcome = "y"
cluster = "school"
period = "time"
declared = "lmm-kr"
draws = 199
"""


def of_people(random: np.random.Generator) -> str:
    lines = ["person,arm,y,z,group"]
    for n in range(600):
        arm, group = n % 2, "ab"[int(random.integers(2))]
        y = "" if random.random() < 0.08 else str(int(random.random() < 0.5 + 0.02 * arm))
        lines.append(f"p{n},{('usual', 'offered')[arm]},{y},{int(random.random() < 0.3)},{group}")
    return "\n".join(lines) + "\n"


def of_rates(random: np.random.Generator) -> str:
    lines = ["school,arm,y,years"]
    for n in range(45):
        years = random.uniform(200, 400)
        events = random.poisson(years * 0.05 * random.gamma(10, 0.1))
        lines.append(f"s{n},{('usual', 'light', 'full')[n % 3]},{events},{years:.1f}")
    return "\n".join(lines) + "\n"


def of_wedge(random: np.random.Generator) -> str:
    lines = ["school,time,arm,y"]
    for school in range(16):
        level = random.normal(0, 0.3)
        for time in range(5):
            arm = int(time > school // 4)
            for _ in range(10):
                lines.append(f"s{school},{time},{('usual', 'offered')[arm]},{level + 0.1 * time + random.normal():.3f}")
    return "\n".join(lines) + "\n"


def ran(design: str, made: Callable[[np.random.Generator], str], slug: str, demonstration: bool = False) -> Gathered:
    trial = open_trial(
        by="usr:t", title=f"A trial called {slug}", slug=slug, design=design, demonstration=demonstration
    )
    data = take_in(by="usr:t", trial=trial, content=made(np.random.default_rng(7)).encode())
    run_blind(by="usr:t", trial=trial, dataset=data)
    lock_plan(by="usr:t", trial=trial)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    run_open(by="usr:t", trial=trial, dataset=data)
    held = gather(trial)
    assert held is not None
    return held


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.PARTICIPANTS = tmp_path / "participants"


def sound(held: Gathered) -> dict[str, str]:
    """Every document as one line of words; each can be set, and every line of the panel and every archive is there."""
    for make in (protocol, plan, report, result_card):
        assert pdf(make(held)).startswith(b"%PDF")
    words = {make.__name__: " ".join(text(make(held)).split()) for make in (protocol, plan, report, result_card)}
    for row in held.panel["panel"]:
        assert row["method"] in words["report"]
    assert "(DECLARED)" in words["report"]
    with zipfile.ZipFile(io.BytesIO(archive(held))) as file:
        words["twin"] = file.read("synthetic/twin.csv").decode()
        words["counts"] = file.read("tables/counts-by-arm.csv").decode()
    assert "demonstration" not in words["report"].lower(), "nobody said that it is one"
    return words


def test_shares_are_told_out_of_a_hundred_with_further_outcomes_subgroups_and_missing_values() -> None:
    held = ran(PEOPLE, of_people, "people")
    words = sound(held)
    card, told = words["result_card"], words["report"]
    assert " of 100 with " in card and "cannot tell whether" in card and "bell-shaped" not in card
    assert f"{sum(one['rows'] for one in held.panel['groups'])} children are counted in it." in card
    (secondary,) = held.panel["secondary"]
    assert f"{secondary['p_adjusted']:.4f}" in told and "* z " in told
    assert "By group: p of a difference between levels" in told
    assert "With missing outcomes imputed" in told and held.panel["filled"] is not None
    assert (
        "Criterion" not in told and "families that agree" in words["protocol"] and "Red up to: 20%" in words["protocol"]
    )
    assert "CONSORT for pilot and feasibility trials" in told and "CONSORT for cluster trials" not in told
    assert "Nothing has been drawn yet" in told
    assert words["twin"].splitlines()[0] == "person,arm,y,z,group" and "p17," not in words["twin"]
    lost = sum(one["left_out"] for one in held.panel["groups"])
    assert lost >= 20 and f"all,has none,{lost}" in words["counts"]


def test_rates_are_told_per_thousand_and_every_arm_has_its_panel() -> None:
    held = ran(RATES, of_rates, "rates")
    words = sound(held)
    card = words["result_card"]
    assert " of 1,000 with " in card and "30 units are counted in it" in card and "30 people" not in card
    assert "This compares light with usual. The report tells of full." in card
    assert "full against usual" in words["report"]
    for arm in ("usual", "light", "full"):
        assert f"* {arm} Units: 15" in words["report"]
    assert "The design does not say enough to compute a sample size" in words["report"]


def test_a_stepped_wedge_is_told_with_its_steps_and_its_own_checklist() -> None:
    held = ran(WEDGE, of_wedge, "wedge")
    words = sound(held)
    assert "800 people of 16 units are counted in it" in words["result_card"], "each cluster is in both arms"
    assert "a stepped-wedge cluster randomised trial" in words["report"]
    assert "CONSORT for stepped-wedge trials (2018)" in words["report"]
    assert "teps: 4; periods before the first: 1; after the last: 0" in words["report"]
    assert "not yet compared with the source" in words["report"]
