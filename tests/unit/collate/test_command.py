"""The `read` command: its keys, its exit statuses, and silence where a terminal is not listening."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.unit.collate.exports import RIS
from tests.unit.collate.samples import SAMPLES
from whatworks.cli.collate import register
from whatworks.errors import InputError


def run(*arguments: object) -> tuple[int, str]:
    """Exit status and standard output; an InputError passes through, to be made a sentence by the caller of the app."""
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    result = CliRunner().invoke(app, ["read", *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.ris"
    path.write_text(RIS)
    return path


def test_one_json_object_with_the_promised_keys(export: Path) -> None:
    status, out = run(export, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["records"] == 2
    wanted = {
        "path": str(export),
        "format": "RIS",
        "encoding": "utf-8",
        "record_starts": 2,
        "records": 2,
        "unreadable": [],
    }
    assert found["files"][0].items() >= wanted.items()


def test_several_files_are_one_list(export: Path, tmp_path: Path) -> None:
    status, out = run(export, export, "--out", tmp_path / "both.csv", "--json")
    assert (status, json.loads(out)["records"]) == (0, 4)
    assert (tmp_path / "both.csv").read_text().count("prince_effects_2019") == 2


def test_a_cut_file_is_refused_and_with_partial_read(export: Path) -> None:
    export.write_text(RIS[: RIS.index("Background")])
    with pytest.raises(InputError) as caught:
        run(export, "--json")
    assert caught.value.exit_status == 2
    status, out = run(export, "--partial", "--json")
    found = json.loads(out)
    assert (status, found["records"], found["files"][0]["unreadable"][0]["line"]) == (0, 1, 16)


def test_a_refused_file_leaves_no_output(export: Path, tmp_path: Path) -> None:
    export.write_text(RIS[: RIS.index("Background")])
    with pytest.raises(InputError):
        run(export, "--out", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ["absent.ris", "."])
def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        run(tmp_path / name)


def test_an_unknown_ending_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written as"):
        run(tmp_path / "absent.ris", "--out", tmp_path / "out.xls")


def test_people_see_what_was_odd(export: Path) -> None:
    export.write_text("heading\n" + RIS.replace("ER  -\n", "", 1))
    status, out = run(export)
    assert status == 0
    assert "line 1 stands outside every record" in out
    assert "no end line" in out
    assert "2 records." in out


def test_many_odd_lines_are_counted_not_printed(export: Path) -> None:
    export.write_text("".join(f"TY  - JOUR\nTI  - {n}\nER  -\nstray {n}\n" for n in range(50)))
    out = run(export)[1]
    assert out.count("stands outside") == 20
    assert "30 more notes" in out


def test_columns_may_be_named_and_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Rubrik,Jahr,title\nLeaving care,2019,wrong\nKinship care,2020,wrong too\n")
    status, out = run(path, "--map", "title=Rubrik", "--json")
    found = json.loads(out)["files"][0]
    assert (status, found["mapping"]["title"]) == (0, "Rubrik")
    assert "title from 'Rubrik'" in run(path, "--map", "title=Rubrik")[1].replace("\n", "")


def test_a_format_may_be_named_where_it_cannot_be_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("A letter says:\nTY  - JOUR\n@misc{one,\n  title = {Leaving care},\n}\n")
    assert json.loads(run(path, "--format", "bibtex", "--json")[1])["files"][0]["format"] == "BibTeX"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--map", "title"], "give it as FIELD=COLUMN"),
        (["--map", "title=Titel"], "RIS has no columns to map"),
        (["--format", "word"], "'word' is no format that is read here; name one of"),
    ],
)
def test_a_wrong_wish_is_one_sentence(export: Path, arguments: list[str], says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        run(export, *arguments)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_can_be_written_in_every_form(tmp_path: Path, name: str) -> None:
    path = tmp_path / "in"
    path.write_bytes(SAMPLES[name])
    for ending in (".ris", ".bib", ".csv", ".xlsx", ".jsonl", ".json"):
        status, out = run(path, "--out", tmp_path / f"out{ending}", "--json")
        again = json.loads(run(tmp_path / f"out{ending}", "--json")[1])
        assert (status, again["records"]) == (0, json.loads(out)["records"]), ending
