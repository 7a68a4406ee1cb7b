"""`whatworks screen stop` as the contract in CLI.md has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from whatworks.cli.screening import screen_app
from whatworks.cli.stopping import register
from whatworks.errors import InputError

APP = typer.Typer()
if not any(command.name == "stop" or command.callback.__name__ == "stop" for command in screen_app.registered_commands):  # type: ignore[union-attr]
    register(APP)
APP.add_typer(screen_app)


def run(*words: object) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; an InputError counts as exit 2, as the entry point does it."""
    result = CliRunner().invoke(APP, ["screen", *(str(word) for word in words)])
    if isinstance(result.exception, InputError):
        return result.exception.exit_status, result.stdout, str(result.exception)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def labels(folder: Path, *cells: object, header: str = "included") -> Path:
    """A table of labels, with the mark that spreadsheets put before the first cell."""
    file = folder / "labels.csv"
    file.write_text("\n".join([header, *map(str, cells)]) + "\n", encoding="utf-8-sig")
    return file


def test_one_json_object_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    file = labels(tmp_path, *[1] * 40, *[0] * 860)
    status, out, err = run("stop", file, "--target", 0.95, "--confidence", 0.95, "--total", 1000, "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["stop"] is True
    assert (answer["found"], answer["screened"], answer["missing_upper"]) == (40, 900, 1)
    assert 0 < answer["p"] < 0.05


def test_words_for_people(tmp_path: Path) -> None:
    status, out, _ = run("stop", labels(tmp_path, 1, 0, "1.0", "0.0"), "--total", 1000)
    assert status == 0
    assert out.startswith("No, do not stop yet.")
    assert "4 of 1,000 records read, 2 relevant" in out


def test_nothing_found_is_not_a_reason_to_stop(tmp_path: Path) -> None:
    status, out, _ = run("stop", labels(tmp_path, *[0] * 199), "--total", 200, "--json")
    answer = json.loads(out)
    assert (status, answer["stop"], answer["found"]) == (0, False, 0)
    assert "No relevant study has been found yet" in answer["sentence"]


def test_the_target_and_the_confidence_matter(tmp_path: Path) -> None:
    file = labels(tmp_path, *[1] * 40, *[0] * 700)
    told = {
        (target, sure): json.loads(
            run("stop", file, "--target", target, "--confidence", sure, "--total", 1000, "--json")[1]
        )
        for target in (0.8, 0.99)
        for sure in (0.8, 0.99)
    }
    assert told[0.8, 0.8]["p"] < told[0.99, 0.8]["p"]
    assert told[0.8, 0.8]["missing_upper"] < told[0.8, 0.99]["missing_upper"]
    assert told[0.8, 0.8]["stop"] and not told[0.99, 0.99]["stop"]


def test_the_column_of_published_sets_is_understood(tmp_path: Path) -> None:
    file = labels(tmp_path, "a,1", "b,0", header="title,label_included")
    assert json.loads(run("stop", file, "--total", 2, "--json")[1])["found"] == 1


@pytest.mark.parametrize(
    ("cells", "header", "words", "says"),
    [
        ((1, 0), "relevant", ("--total", 5), "no column `included`; its columns are relevant"),
        ((1, 2), "included", ("--total", 5), "Row 2 of labels.csv says '2'"),
        ((1, ""), "included,x", ("--total", 5), "Row 2 of labels.csv says ''"),
        ((1, 0), "included", ("--total", 1), "less than the 2 records"),
        ((1, 0), "included", ("--total", 5, "--target", 1), "target 1 must lie between 0 and 1"),
        ((1, 0), "included", ("--total", 5, "--target", "nan"), "target nan must lie between 0 and 1"),
        ((1, 0), "included", ("--total", 5, "--confidence", 0), "confidence 0 must lie between 0 and 1"),
        ((), "included", ("--total", 5), "has no rows"),
        ((1, 0), "included", (), "--total"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_exit_status_2(
    tmp_path: Path, cells: tuple[object, ...], header: str, words: tuple[object, ...], says: str
) -> None:
    rows = [f"{cell},y" if "," in header else cell for cell in cells]
    status, out, err = run("stop", labels(tmp_path, *rows, header=header), *words)
    assert (status, out) == (2, "")
    assert says in err
    assert "\n" not in err.strip()


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    empty, other = tmp_path / "empty.csv", tmp_path / "other.csv"
    empty.write_text("", encoding="utf-8")
    other.write_bytes(b"\xff\xfe\x00included")
    for file, says in ((empty, "is empty"), (other, "not a CSV file"), (tmp_path / "none.csv", "cannot be read")):
        status, _, err = run("stop", file, "--total", 5)
        assert (status, says in err) == (2, True)
