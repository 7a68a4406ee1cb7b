"""Random slopes, crossed and nested levels through the command: as lme4, lmerTest and pbkrtest have them, and how they are written.

R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, by mixed_from_r.R. lme4's search stops some 1e-6 before the least criterion.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.trial.mixed_tables import crossed, sleep
from tests.unit.trial.test_analysing_observed import answered, lines, run
from whatworks.errors import InputError
from whatworks.trial.methods.analysing.varying import read

DESIGN = """
[design]
kind = "KIND"
[analysis]
outcome = "OUTCOME"
arm = "ARM"
cluster = "CLUSTER"
covariates = ["COVARIATE"]
random = RANDOM
declared = "lmm-kr"
draws = 199
"""


def design(kind: str, outcome: str, arm: str, cluster: str, covariate: str, random: str) -> str:
    """A design with these columns."""
    named = {"KIND": kind, "OUTCOME": outcome, "ARM": arm, "CLUSTER": cluster, "COVARIATE": covariate, "RANDOM": random}
    text = DESIGN
    for name, value in named.items():
        text = text.replace(name, value)
    return text


def people(random: str) -> str:
    """Ten days of 18 people, every other one in the arm."""
    return design("cluster", "reaction", "arm", "person", "days", random)


def pupils(random: str) -> str:
    """300 pupils of 14 schools, who live in 9 areas."""
    return design("cluster", "y", "arm", "school", "pre", random)


def columns(table: dict[str, np.ndarray], **more: Any) -> dict[str, list[Any]]:
    """A table for a file, labels and arms as whole numbers."""
    whole = ("person", "school", "area", "arm")
    held = {name: (one.astype(int) if name in whole else one).tolist() for name, one in table.items()}
    return held | {name: list(one) for name, one in more.items()}


def nights() -> dict[str, list[Any]]:
    """The nights with an arm."""
    return columns(sleep(), arm=sleep()["person"].astype(int) % 2)


@pytest.mark.parametrize(
    ("random", "estimate", "kenward_roger", "satterthwaite"),
    [
        ('["(1 + days | person)"]', 7.295516054, (14.670616518, 16.0, 0.6257504382), (13.831589899, 16.00000254, 0.6051165825)),
        ('["(days || person)"]', 5.406957845, (13.940256609, 16.0, 0.7032264568), (13.883976548, 15.98596838, 0.7020906829)),
    ],
)  # fmt: skip
def test_slopes_of_people_are_as_in_r(
    tmp_path: Path, random: str, estimate: float, kenward_roger, satterthwaite
) -> None:
    panel = lines(answered(tmp_path, people(random), nights()))
    for name, wanted in (("lmm-kr", kenward_roger), ("lmm-satterthwaite", satterthwaite)):
        row = panel[name]
        assert row["estimate"] == pytest.approx(estimate, abs=3e-5)
        assert [row["se"], row["p"]] == pytest.approx([wanted[0], wanted[2]], abs=2e-5)
        assert row["df"] == pytest.approx(wanted[1], abs=1e-3)


def test_variances_and_correlation_of_slopes_are_told(tmp_path: Path) -> None:
    row = lines(answered(tmp_path, people('["(1 + days | person)"]'), nights()))["lmm-kr"]
    assert row["model"] == "(1 + days | person)"
    told = row["variances"]
    assert np.sqrt([told["cluster"], told["cluster:days"], told["residual"]]) == pytest.approx(
        [25.3275593765, 5.9221330034, 25.5918158330], rel=1e-5
    )
    assert told["cluster: correlation of level, days"] == pytest.approx(0.1239058321, abs=1e-5)
    assert told["reml"] == pytest.approx(1736.31276358, abs=1e-6)


def test_slopes_by_school_crossed_with_areas_are_as_in_r(tmp_path: Path) -> None:
    panel = lines(answered(tmp_path, pupils('["(1 + pre | school)", "(1 | area)"]'), columns(crossed())))
    row = panel["lmm-kr"]
    assert row["model"] == "(1|area) + (1 + pre | school)"
    assert [row["estimate"], row["se"], row["df"], row["p"]] == pytest.approx(
        [0.8702051561, 0.3733391477, 11.85262358, 0.03825514503], rel=1e-5
    )
    row = panel["lmm-satterthwaite"]
    assert [row["se"], row["df"], row["p"]] == pytest.approx([0.3450497559, 11.23425141, 0.02798223135], rel=1e-5)


def test_an_arm_whose_effect_differs_between_sites_is_as_in_r(tmp_path: Path) -> None:
    """People drawn within schools. The fit is singular, which is said; lme4 stops at a criterion that is larger by 1e-6."""
    table = columns(crossed(), on=((np.arange(1, 301) % 3 == 0) * 1).tolist())
    row = lines(answered(tmp_path, design("individual", "y", "on", "school", "pre", '["(1 + on | school)"]'), table))[
        "lmm-kr"
    ]
    assert [row["estimate"], row["se"]] == pytest.approx([0.1260217805, 0.15985322334], rel=2e-4)
    assert row["df"] == pytest.approx(12.51757708, rel=5e-3)
    assert row["p"] == pytest.approx(0.4451605585599, abs=1e-3)
    assert "perfectly correlated" in row["warnings"][0]


def test_a_bracket_without_slopes_is_the_column_itself(tmp_path: Path) -> None:
    one, other = (answered(tmp_path, pupils(random), columns(crossed())) for random in ('["area"]', '["(1 | area)"]'))
    assert one["panel"] == other["panel"] and one["icc"] == other["icc"]


def test_a_school_within_its_area_is_not_taken_twice(tmp_path: Path) -> None:
    """Where each school lies in one area, area/school is the area and the school."""
    table = columns(crossed())
    table["area"] = [one % 4 for one in table["school"]]
    one, other = (
        lines(answered(tmp_path, pupils(random), table))["lmm-kr"] for random in ('["area"]', '["(1 | area/school)"]')
    )
    assert other["model"] == "(1|area) + (1|area:school)"
    assert [other["se"], other["df"]] == pytest.approx([one["se"], one["df"]], rel=1e-6)


def test_models_that_have_levels_alone_say_so(tmp_path: Path) -> None:
    table = columns(crossed())
    table["y"] = [int(one > 1) for one in table["y"]]
    design_text = pupils('["(1 + pre | school)"]').replace('kind = "cluster"', 'kind = "cluster"\noutcome = "binary"')
    row = lines(answered(tmp_path, design_text, table))["glmm-binomial"]
    assert any("(1 + pre | school) it takes the levels alone" in one for one in row["warnings"])


def test_rows_without_a_value_of_a_slope_are_left_out(tmp_path: Path) -> None:
    table = nights() | {"dose": [float(one % 3) for one in range(180)]}
    table["dose"][7] = ""
    found = answered(tmp_path, people('["(1 + dose | person)"]'), table)
    assert sum(one["left_out"] for one in found["groups"]) == 1


@pytest.mark.parametrize(
    ("random", "said"),
    [
        ('["(1 + days | person"]', "write a column, or (1 + time | school)"),
        ('["(1 + days)"]', "write a column"),
        ('["(0 | person)"]', "in which nothing varies"),
        ('["(1 + days | person)", "(1 | person)"]', "names a group twice"),
        ('["(1 + hours | person)"]', "no column “hours”"),
        ('["(1 | night)"]', "no column “night”"),
    ],
)
def test_terms_that_cannot_be_are_one_sentence(tmp_path: Path, random: str, said: str) -> None:
    result = run(tmp_path, people(random), nights(), "--json")
    assert isinstance(result.exception, InputError), result.output
    assert said in str(result.exception)


def test_terms_are_read_as_lme4_reads_them() -> None:
    one, other, nested, inner = read(["(0 + time || school)", "teacher", "(1 | area/ward)"])
    assert (one.group, one.intercept, one.related) == (("school",), False, False)
    assert (other.group, other.intercept, other.slopes) == (("teacher",), True, None)
    assert (nested.group, inner.group) == (("area",), ("area", "ward"))
