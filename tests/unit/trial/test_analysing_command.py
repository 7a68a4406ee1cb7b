"""`whatworks trial analyse`: its JSON is the contract, its text can be read, its mistakes are one sentence and status 2."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import whatworks as ww
from tests.shared import SHARED, needs_shared
from tests.unit.trial.trials import COUNTS, QUICK, WEDGE, rows_of
from whatworks.cli import BLAS, main
from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.trial.methods.design.parts import METHODS

pytestmark = needs_shared
LINE = {"method", "estimate", "se", "df", "p", "ci_low", "ci_high", "declared"}


def run(folder: Path, design: str, data: str, *options: str) -> Result:
    """The command on a design and a reference file."""
    file = folder / "design.toml"
    file.write_text(design, "utf-8")
    return CliRunner().invoke(
        app, ["trial", "analyse", str(file), str(SHARED / "trial" / data), *options], env={"COLUMNS": "150"}
    )


def numbers(value: Any) -> list[float]:
    """Every number in a JSON value."""
    if isinstance(value, dict):
        return [one for inner in value.values() for one in numbers(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in numbers(inner)]
    return [value] if isinstance(value, float) else []


def test_json_is_the_contract(tmp_path: Path) -> None:
    result = run(tmp_path, QUICK, "crt_cont.csv", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert {"panel", "icc", "variance", "warnings", "failed"} <= set(found)
    assert all(set(row) >= LINE for row in found["panel"])
    assert {row["method"] for row in found["panel"]} <= set(METHODS)
    assert [row["method"] for row in found["panel"] if row["declared"] is True] == ["lmm-kr"]
    assert found["variance"]["cluster"] == pytest.approx(0.74982296, abs=1e-7)
    exact = next(row for row in found["panel"] if row["method"] == "ri-exact")
    assert (exact["se"], exact["df"]) == (None, None)
    assert all(math.isfinite(one) for one in numbers(found))


def test_text_marks_what_is_declared_and_what_not_to_report(tmp_path: Path) -> None:
    result = run(tmp_path, QUICK, "crt_cont.csv")
    assert result.exit_code == 0, result.output
    told = result.stdout
    assert "> lmm-kr" in told and "> ols" not in told
    assert "0.0072!" in told and "0.0215!" not in told
    assert (
        "By the declared analysis (lmm-kr) the mean is 1.27 higher with intervention than with control "
        "(95% interval 0.2108 to 2.33, p = 0.0215)." in told
    )
    assert "p runs from 0.0072 (gee-exchangeable: estimating equations, by the normal distribution)" in told
    assert "Intra-cluster correlation 0.0974 (" in told
    assert "Per protocol, NOT randomised" in told


def test_a_rate_is_told_as_a_ratio_and_per_thousand(tmp_path: Path) -> None:
    told = run(tmp_path, COUNTS + "draws = 199\n", "swis_counts.csv").stdout
    assert (
        "By the declared analysis (glmm-nb) the rate is 28.0% higher with intervention than with control, 3.3 more per 1,000 "
        "(ratio 1.280, 95% interval 0.9956 to 1.645, p = 0.0542)." in told
    )
    assert "poisson-naive: It takes every event as standing alone" in told
    assert "ri-exact was not fitted: There are" in told


def test_a_share_is_told_per_thousand_and_a_wedge_by_exposure(tmp_path: Path) -> None:
    told = run(tmp_path, WEDGE + "draws = 199\n", "swcrt.csv").stdout
    assert "the share is 30.0 per 1,000 lower with intervention than with control" in told
    assert "Mean over exposure times" in told
    assert "lmm-kr: 53 degrees of freedom with 10 clusters suppose" in told


def test_blind_then_locked_then_open(tmp_path: Path) -> None:
    blind = run(tmp_path, QUICK, "crt_cont.csv", "--blind", "--json")
    lock = tmp_path / "lock.json"
    lock.write_text(blind.stdout, "utf-8")
    assert json.loads(blind.stdout)["blind"] is True
    told = run(tmp_path, QUICK, "crt_cont.csv", "--locked", str(lock)).stdout
    assert f"The plan is the one that was locked ({json.loads(blind.stdout)['digest']})." in told
    other = run(tmp_path, QUICK.replace('["pre"]', "[]"), "crt_cont.csv", "--locked", str(lock))
    assert other.exit_code == 0
    assert "This is NOT the plan that was locked" in other.stdout
    assert '[analysis] covariates was ["pre"] and is empty.' in other.stdout
    shown = run(tmp_path, QUICK, "crt_cont.csv", "--blind").stdout
    assert shown.startswith("BLIND")
    assert "By the declared analysis" not in shown


@pytest.mark.parametrize(
    ("design", "data", "options", "said"),
    [
        (QUICK.replace("trt", "treat"), "crt_cont.csv", (), "The data have no column “treat”"),
        (QUICK.replace("cluster", "clusters", 1), "crt_cont.csv", (), "[design] kind is “clusters”"),
        (QUICK, "absent.csv", (), "cannot be read"),
        (QUICK, "crt_cont.csv", ("--locked", "absent.json"), "absent.json cannot be read"),
        (QUICK, "crt_cont.csv", ("--allocation", str(SHARED / "trial" / "crt_mixed.json")), "is not a file that"),
        (QUICK, "crt_cont.csv", ("--allocation", str(SHARED / "trial" / "crt_cont.csv")), "is not readable JSON"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, design, data, options, said) -> None:
    result = run(tmp_path, design, data, *options, "--json")
    assert isinstance(result.exception, InputError)
    assert result.exception.exit_status == 2
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)


def test_the_library_says_what_the_command_says(tmp_path: Path) -> None:
    file = tmp_path / "design.toml"
    file.write_text(QUICK, "utf-8")
    rows = rows_of(QUICK)
    by_path, by_text = (
        ww.analyse_trial(file, rows),
        ww.analyse_trial(QUICK, {k: [row[k] for row in rows] for k in rows[0]}),
    )
    assert by_path.to_dict() == by_text.to_dict()
    told = json.loads(run(tmp_path, QUICK, "crt_cont.csv", "--json").stdout)
    assert told.pop("cpu_seconds") > 0
    assert told == json.loads(json.dumps(by_path.to_dict()))
    with pytest.raises(AttributeError):
        by_path.blind = True


def test_linear_algebra_keeps_to_one_thread_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads on a small matrix wait for each other longer than they work."""
    monkeypatch.setattr(sys, "argv", ["whatworks", "trial", "--help"])
    for before, after in ((None, "1"), ("4", "4")):
        monkeypatch.delenv(BLAS, raising=False)
        if before is not None:
            monkeypatch.setenv(BLAS, before)
        with pytest.raises(SystemExit):
            main()
        assert os.environ[BLAS] == after
