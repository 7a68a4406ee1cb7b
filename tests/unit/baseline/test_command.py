"""`whatworks baseline compare`: the contract's keys, symbols left out by name, refusals in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from whatworks.baseline import funnel, xmr
from whatworks.cli.commands import app
from whatworks.errors import InputError

PLACES = 'area,numerator,denominator\nOakshire,50,1000\nElmshire,c,1100\nAshshire,"1,060",13000\nBeechshire,400,1200\n'
SERIES = "area,period,value\n" + "".join(
    f"{area},{month},{value}\n"
    for area, values in {"Oakshire": [10, 12, 11, 13, 40, 9, 10, 12], "Elmshire": [1, 2, "x", 2, 1, 2, 3, 1]}.items()
    for month, value in enumerate(values, start=1)
)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["baseline", "compare", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def places(tmp_path: Path) -> str:
    file = tmp_path / "places.csv"
    file.write_text(PLACES, encoding="utf-8")
    return str(file)


def test_the_command_gives_the_numbers_of_the_library(places: str) -> None:
    told = json.loads(run("Starts", places, "--json"))
    found = funnel([50, 1060, 400], [1000, 13000, 1200], ["Oakshire", "Ashshire", "Beechshire"])
    assert {name: told[name] for name in ("phi", "tau2", "outside_unadjusted", "outside_adjusted")} == {
        name: getattr(found, name) for name in ("phi", "tau2", "outside_unadjusted", "outside_adjusted")
    }
    assert [(one["area"], one["value"], one["z"]) for one in told["areas"]] == [
        (one.area, one.value, one.z) for one in found.areas
    ]
    assert told["left_out"] == ["Elmshire"]


def test_people_read_sentences_and_take_a_drawing(places: str, tmp_path: Path) -> None:
    said = run("Starts", places, "--chart", str(tmp_path / "f.svg"))
    assert said.startswith("Starts: 3 places around") and "left out: Elmshire" in said
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg")


def test_series_are_judged_each_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    file.write_text(SERIES, encoding="utf-8")
    told = json.loads(run("Referrals", str(file), "--method", "xmr", "--json"))
    outside = xmr([10, 12, 11, 13, 40, 9, 10, 12]).outside
    assert [(one["area"], one["outside"]) for one in told["areas"]] == [("Oakshire", outside)]
    assert (told["mean_outside"], told["left_out"]) == (outside, ["Elmshire"])
    assert "left out: Elmshire" in run("Referrals", str(file), "--method", "xmr")


@pytest.mark.parametrize(
    ("text", "words", "complaint"),
    [
        ("area,count\nA,1\n", (), "no column 'numerator'"),
        ("area,numerator,denominator\nA,1,2\nB,many,3\n", (), "Row 2 of numerator is 'many'"),
        ("area,numerator,denominator\nA,1,2\nB,c,3\n", (), "of two places at least"),
        (PLACES, ("--method", "xmr"), "no column 'period'"),
        ("area,period,value\nA,1,c\nA,2,3\n", ("--method", "xmr"), "number in every period"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, text: str, words: tuple[str, ...], complaint: str) -> None:
    file = tmp_path / "given.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        run("Starts", str(file), *words)
