"""`whatworks multilevel`: the contract's options and keys, and its refusals in one sentence."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.unit.synthesise.test_multilevel import TABLE
from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.synthesise.methods.multilevel.modelling import multilevel


@pytest.fixture
def file(tmp_path: Path) -> Path:
    target = tmp_path / "effects.csv"
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(TABLE)
        writer.writerows(zip(*TABLE.values(), strict=True))
    return target


def run(*words: Any) -> str:
    result = CliRunner().invoke(app, ["multilevel", *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_gives_the_numbers_of_the_library(file: Path) -> None:
    said = run(
        file, "--nested", "study/row", "--formula", "yi ~ year", "--rho", 0.6, "--robust", "CR2", "--cluster", "study", "--json"
    )  # fmt: skip
    whole = multilevel(
        table=TABLE, formula="yi ~ year", nested="study/row", rho=0.6, robust="CR2", cluster="study"
    ).to_dict()
    assert json.loads(said) == json.loads(json.dumps(whole))


def test_without_json_people_read_tables_and_warnings(file: Path) -> None:
    said = run(file, "--nested", "study/row", "--intervals")
    assert "intercept" in said and "sigma2 between study (7)" in said and "robust='CR2'" in said


def test_the_r_script_comes_alone(file: Path) -> None:
    assert run(file, "--nested", "study/row", "--r-script").startswith("# A multilevel meta-analysis with metafor")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--nested", "study/school"), "no column"),
        (("--nested", "study/row", "--variance", "se"), "no column"),
        (("--nested", "study/row", "--formula", "yi ~ month"), "no column"),
        (("--nested", "study/row", "--rho", "2"), "is not possible"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(file: Path, words: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        run(file, *words, "--json")
