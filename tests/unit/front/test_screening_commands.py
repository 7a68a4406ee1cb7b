"""`whatworks screen simulate` and `whatworks screen rank` as the contract has them, and one sentence for every mistake."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.unit.screen.records import made
from whatworks.cli.screening import register
from whatworks.errors import InputError

APP = typer.Typer()
register(APP)
TABLE, LABELS = made(40, 6, seed=9)
KEYS = {"seed", "recall10", "recall20", "wss95", "wss100", "atd", "ttl", "loss", "labels", "cpu_seconds"}


def run(*words: object) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; an InputError counts as exit 2, as the entry point does it."""
    result = CliRunner().invoke(APP, ["screen", *(str(word) for word in words)])
    if isinstance(result.exception, InputError):
        return result.exception.exit_status, result.stdout, str(result.exception)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def written(path: Path, columns: dict[str, list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, delimiter=delimiter)
        lines.writerow(columns)
        lines.writerows(zip(*columns.values(), strict=True))
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    identifiers = [f"r{row}" for row in range(40)]
    return written(tmp_path / "set.csv", {"id": identifiers, **TABLE, "included": [str(one) for one in LABELS]})


def test_simulate_prints_one_json_object(labelled: Path) -> None:
    status, out, err = run("simulate", labelled, "--seeds", "1,2", "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["n"], answer["included"], answer["learner"]) == (40, 6, "blend")
    assert [one["seed"] for one in answer["runs"]] == [1, 2]
    assert all(set(one) == KEYS for one in answer["runs"])
    assert set(answer["mean"]) == KEYS - {"seed"}


def test_simulate_prints_a_table_for_people(labelled: Path) -> None:
    status, out, _ = run("simulate", labelled, "--seeds", "3", "--learner", "margin", "--order", "file")
    assert status == 0 and out.startswith("6 relevant among 40 records; learner margin, 1 run.")
    assert len(out.splitlines()) == 4


def test_priors_are_those_of_the_file(labelled: Path, tmp_path: Path) -> None:
    """With every relevant record but one given, only that one is left, and N leaves the priors out."""
    relevant = [f"r{row}" for row in range(40) if LABELS[row]]
    priors = written(tmp_path / "priors.csv", {"seed": ["7"] * 6, "id": [*relevant[:5], f"r{LABELS.index(0)}"]})
    status, out, _ = run("simulate", labelled, "--seeds", "7", "--priors", priors, "--json")
    found = json.loads(out)["runs"][0]
    assert status == 0 and found["labels"] == found["ttl"]
    assert found["wss100"] == pytest.approx(1 - found["ttl"] / 34)


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("1.0", "0.0"), ("True", "False"), ("TRUE", "false")])
def test_ways_of_writing_decisions_and_files(tmp_path: Path, yes: str, no: str) -> None:
    """With the row number for an id, a semicolon between cells, packed by gzip."""
    said = {"Title": TABLE["title"], "label_included": [yes if one else no for one in LABELS]}
    plain = written(tmp_path / "set.csv", said, delimiter=";")
    packed = tmp_path / "set.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    answers = [json.loads(run("simulate", one, "--seeds", "1", "--json")[1])["runs"][0] for one in (plain, packed)]
    assert answers[0]["atd"] == answers[1]["atd"]


def test_rank_adds_score_and_rank(tmp_path: Path) -> None:
    given = [str(label) if row < 15 else ("" if row % 2 else "-1") for row, label in enumerate(LABELS)]
    table = written(tmp_path / "table.csv", {**TABLE, "included": given, "note": ["x, y"] * 40})
    out = tmp_path / "out.csv"
    status, said, _ = run("rank", table, "--out", out, "--json")
    answer = json.loads(said)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert status == 0 and answer["labelled"] == 15
    assert list(rows[0]) == ["title", "abstract", "included", "note", "score", "rank"]
    assert [row["rank"] for row in rows[:15]] == [""] * 15
    assert sorted(int(row["rank"]) for row in rows[15:]) == list(range(1, 26))
    assert [float(row["score"]) for row in rows] == pytest.approx(answer["scores"])
    again = tmp_path / "again.csv"
    assert run("rank", out, "--out", again)[0] == 0
    assert again.read_bytes() == out.read_bytes()  # its own columns are filled anew, not added again


def test_rank_before_the_first_decision(tmp_path: Path) -> None:
    table = written(tmp_path / "table.csv", TABLE)
    status, out, _ = run("rank", table, "--query", "kinship foster carers and children's placement")
    first = next(line for line in out.splitlines() if line.startswith("  1"))
    assert status == 0 and "40 records to read" in out
    assert LABELS[int(first.split()[1]) - 1] == 1


MISTAKES = {
    "id,title,included\n1,a,1\n1,b,0\n": "set.csv, lines 2 and 3: both records have the id '1'",
    "title,included\na,1\nb,2\n": "set.csv, line 3: '2' is not a decision",
    'title,included\n"a\nb",1\nc,\n': "set.csv, line 4: the record has no decision",
    "title,included\na,0\nb,0\n": "no record is marked as relevant",
    "title,included\na,1\nb,0\n": "known beforehand for seed 1",
    "title,decision\na,1\n": "no column included",
    "name,included\na,1\nb,0\n": "neither a column title nor abstract",
    "title,included\na,1,2\n": "line 2: 3 cells where the header has 2",
    "title,included\n": "has no rows",
    "": "has no rows",
}


@pytest.mark.parametrize(("text", "complaint"), MISTAKES.items())
def test_mistakes_in_a_table(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "set.csv"
    file.write_text(text, encoding="utf-8")
    status, out, err = run("simulate", file, "--json")
    assert (status, out) == (2, "") and complaint in err


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("seed,id\n1,r99\n", "line 2: no record has the id 'r99'"),
        ("seed,id\n2,r1\n", "no record for seed 1"),
        ("seed,id\none,r1\n", "line 2: 'one' is not a seed"),
        ("seed,id\n1,r1\n1,r1\n", "line 3: 'r1' stands twice"),
        ("id\nr1\n", "needs the columns seed and id"),
    ],
)
def test_mistakes_in_priors(labelled: Path, tmp_path: Path, text: str, complaint: str) -> None:
    priors = tmp_path / "priors.csv"
    priors.write_text(text, encoding="utf-8")
    status, _, err = run("simulate", labelled, "--seeds", "1", "--priors", priors)
    assert status == 2 and complaint in err


def test_priors_of_one_kind_are_enough(labelled: Path, tmp_path: Path) -> None:
    for row in (LABELS.index(1), LABELS.index(0)):
        priors = written(tmp_path / "priors.csv", {"seed": ["1"], "id": [f"r{row}"]})
        assert run("simulate", labelled, "--seeds", "1", "--priors", priors)[0] == 0


def test_mistakes_in_the_call(labelled: Path, tmp_path: Path) -> None:
    assert "whole numbers" in run("simulate", labelled, "--seeds", "a")[2]
    assert "choose one of" in run("simulate", labelled, "--learner", "oracle")[2]
    assert "No such file" in run("rank", tmp_path / "absent.csv")[2]
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"\x1f\x8b broken")
    assert "not a whole gzip file" in run("rank", broken)[2]
