"""`whatworks effect` and `whatworks pool` as the contract in CLI.md has them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from whatworks.cli.synthesise import register
from whatworks.errors import InputError

APP = typer.Typer()
register(APP)


def run(*words: object) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; an InputError counts as exit 2, as the entry point does it."""
    result = CliRunner().invoke(APP, [str(word) for word in words])
    if isinstance(result.exception, InputError):
        return result.exception.exit_status, result.stdout, str(result.exception)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def effects(tmp_path: Path) -> Path:
    file = tmp_path / "effects.csv"
    file.write_text("study,yi,vi\na,0.1,0.04\nb,0.3,0.02\nc,-0.2,0.05\n", encoding="utf-8-sig")
    return file


def test_pool_prints_one_json_object(effects: Path) -> None:
    status, out, err = run("pool", effects, "--interval", "hksj", "--tau2", "DL", "--prediction", "t-k2", "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["k"] == 3
    assert answer["method"] == {
        "model": "random", "tau2": "DL", "interval": "hksj", "prediction": "t-k2", "level": 0.95,
        "stop": "converged",
    }  # fmt: skip
    assert answer["q"] == pytest.approx(3.631578947368421, rel=1e-12)  # by hand: sum w y^2 - (sum w y)^2 / sum w


def test_pool_prints_a_table_for_people_with_its_warnings(effects: Path) -> None:
    status, out, _ = run("pool", effects)
    assert status == 0
    assert "pooled effect" in out
    assert "Only 3 studies" in out


def test_other_columns_can_be_named(effects: Path) -> None:
    assert json.loads(run("pool", effects, "--effect", "vi", "--variance", "vi", "--json")[1])["k"] == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("yi,vi\n0.1,0.04\n0.2,-1\n", "row 2 is -1"),
        ("yi,vi\n0.1,0.04\n0.2,\n", "Row 2 of vi is empty"),
        ("yi,vi\n0.1,NA\n", "Row 1 of vi is empty"),
        ("yi,vi\n0.1,0.04\n0.2,small\n", "Row 2 of vi is 'small'"),
        ("yi,vi\n0.1,0.04,7\n", "Row 1 of bad.csv has more cells"),
        ("yi,v\n0.1,0.04\n", "no column 'vi'; its columns are yi, v"),
        ("yi,vi\n", "has no rows"),
        ("", "has no rows"),
        ("yi,vi\n1e999,0.04\n", "effect in row 1 is missing or infinite"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence_with_row_and_column(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    status, out, err = run("pool", file, "--json")
    assert (status, out) == (2, "")
    assert complaint in err


def test_a_missing_file_or_one_that_is_no_text_is_refused(tmp_path: Path) -> None:
    assert run("pool", tmp_path / "none.csv")[0] == 2
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00y")
    assert run("pool", tmp_path / "binary.csv")[0] == 2


def test_unknown_words_are_refused(effects: Path) -> None:
    assert run("pool", effects, "--tau2", "EM")[0] == 2
    assert run("effect", "XX", effects)[0] == 2
    assert run("pool", effects, "--level", "95")[0] == 2


def test_effect_writes_the_table_with_yi_and_vi_and_null_where_there_is_none(tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("study,ai,n1i,ci,n2i\na,3,10,5,10\nb,NA,10,5,10\nc,0,10,0,10\n", encoding="utf-8")
    status, printed, err = run("effect", "RR", file, "--out", out, "--zero", "none", "--json")
    answer = json.loads(printed)
    assert status == 0
    assert answer["yi"] == [pytest.approx(-0.5108256237659907, rel=1e-14), None, None]  # log(3 / 5)
    assert answer["vi"][1:] == [None, None]
    assert "row 2, 3" in err
    with out.open(encoding="utf-8") as written:
        rows = list(csv.DictReader(written))
    assert list(rows[0]) == ["study", "ai", "n1i", "ci", "n2i", "yi", "vi"]
    assert float(rows[0]["yi"]) == answer["yi"][0]
    assert rows[1]["yi"] == ""


def test_effect_prints_a_table_for_people_and_takes_codes_in_any_case(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("ri,ni\n0.3,50\n", encoding="utf-8")
    status, out, _ = run("effect", "zcor", file)
    assert status == 0
    assert "0.30952" in out


def test_effect_names_the_row_of_an_impossible_number(tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("ri,ni\n0.3,50\n1.3,50\n", encoding="utf-8")
    status, _, err = run("effect", "COR", file, "--json")
    assert status == 2
    assert "In row 2," in err


def test_the_two_commands_chain(tmp_path: Path) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("ai,bi,ci,di\n3,7,5,5\n2,18,6,14\n", encoding="utf-8")
    run("effect", "OR", file, "--out", out)
    assert json.loads(run("pool", out, "--json")[1])["k"] == 2
