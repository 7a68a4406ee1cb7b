"""`whatworks dedupe`: what it writes, that order plays no part, and that bad input gets one sentence."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.shared import SHARED, needs_shared
from whatworks.cli.commands import app
from whatworks.errors import InputError

HEADER = ["ID", "title", "author", "year", "journal", "volume", "number", "pages", "doi", "mine"]
COHORT = "Leaving care in Norway: a cohort study"
ROWS = [
    line.split("|")
    for line in (
        f"r1|{COHORT}|Nilsen, Odd and Lund, P.|2014|Child Welfare|12|3|101-120||kept",
        f"r2|{COHORT.upper()}|Nilsen, O.; Lund, Petra|2014|Child Welf|12|3|101-20|10.5555/abc|kept, too",
        f"r3|{COHORT}|Nilsen, Odd; Lund, P.|2013|SocArXiv|||||a preprint",
        "r4|Foster carers in Chile|Reyes, Daniel|2014||||||",
    )
]


def table(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def dedupe(*arguments: object) -> dict[str, object]:
    ran = CliRunner().invoke(app, ["dedupe", *map(str, arguments), "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_input_columns_come_out_with_cluster_and_file(tmp_path: Path) -> None:
    source, out, pairs = table(tmp_path / "in.csv", ROWS), tmp_path / "out.csv", tmp_path / "pairs.csv"
    told = dedupe(source, "--out", out, "--pairs", pairs)
    assert {key: told[key] for key in told if key != "cpu_seconds"} == {
        "records": 4,
        "clusters": 3,
        "removed": 1,
        "pairs_same": 1,
        "pairs_ask": 0,
        "pairs_linked": 2,
    }
    assert isinstance(told["cpu_seconds"], float)
    written = read_csv(out)
    assert list(written[0]) == [*HEADER, "cluster_id", "file"]
    assert [[row[name] for name in HEADER] for row in written] == ROWS
    assert [row["cluster_id"] for row in written] == ["1", "1", "2", "3"]
    assert {row["file"] for row in written} == {"in.csv"}
    listed = read_csv(pairs)
    assert list(listed[0]) == ["file_a", "id_a", "file_b", "id_b", "decision", "probability", "reason"]
    assert [(row["id_a"], row["id_b"], row["decision"]) for row in listed] == [
        ("r1", "r2", "same"),
        ("r1", "r3", "linked"),
        ("r2", "r3", "linked"),
    ]
    assert all(0 <= float(row["probability"]) <= 1 and row["reason"].endswith(".") for row in listed)


def test_the_order_of_the_records_plays_no_part(tmp_path: Path) -> None:
    """Not even in the numbers of clusters or in which record of a pair is named first."""
    shuffled = list(ROWS)
    random.Random(7).shuffle(shuffled)
    told = []
    for name, rows in (("one", ROWS), ("two", shuffled)):
        (tmp_path / name).mkdir()
        source = table(tmp_path / name / "in.csv", rows)
        dedupe(source, "--out", tmp_path / name / "out.csv", "--pairs", tmp_path / name / "pairs.csv")
        clusters = {row["ID"]: row["cluster_id"] for row in read_csv(tmp_path / name / "out.csv")}
        told.append((clusters, (tmp_path / name / "pairs.csv").read_text("utf-8")))
    assert told[0] == told[1]


def test_several_files_of_several_kinds(tmp_path: Path) -> None:
    one = table(tmp_path / "one.csv", ROWS[:1])
    ris = tmp_path / "two.ris"
    ris.write_text(
        "TY  - JOUR\nTI  - Leaving care in Norway: a cohort study\nAU  - Nilsen, Odd\nAU  - Lund, Petra\nPY  - 2014\n"
        "JO  - Child Welfare\nVL  - 12\nSP  - 101\nEP  - 120\nER  - \n",
        "utf-8",
    )
    dedupe(one, ris, "--out", tmp_path / "out.csv", "--pairs", tmp_path / "pairs.csv")
    written = read_csv(tmp_path / "out.csv")
    assert [row["cluster_id"] for row in written] == ["1", "1"]
    assert [row["file"] for row in written] == ["one.csv", "two.ris"]
    assert (written[1]["id"], written[1]["author"]) == ("1", "Nilsen, Odd and Lund, Petra")  # its number, having no id
    assert read_csv(tmp_path / "pairs.csv")[0]["file_b"] == "two.ris"


def test_a_record_without_an_id_has_its_number(tmp_path: Path) -> None:
    source = table(tmp_path / "in.csv", [["Leaving care", "2014"], ["Leaving care", "2014"]], ["title", "year"])
    dedupe(source, "--pairs", tmp_path / "pairs.csv", "--out", tmp_path / "out.csv")
    assert len(read_csv(tmp_path / "out.csv")) == 2
    assert all((row["id_a"], row["id_b"]) == ("1", "2") for row in read_csv(tmp_path / "pairs.csv"))


def test_a_table_of_a_western_spreadsheet(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(
        "ID;title;year\na;Über die Hilfe für Kinder;2014\nb;Uber die Hilfe fur Kinder;2014\n".encode("cp1252")
    )
    assert dedupe(source, "--out", tmp_path / "out.csv")["records"] == 2
    assert read_csv(tmp_path / "out.csv")[0]["title"] == "Über die Hilfe für Kinder"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"ID,title,year\n", "no record"),
        (b"ID,title,year\na,b,2014,d,e\n", "5 cells where the header has 3"),
    ],
    ids=["empty", "header only", "ragged"],
)
def test_bad_input_gets_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(InputError, match=said) as refused:
        CliRunner().invoke(app, ["dedupe", str(source), "--out", str(tmp_path / "out.csv")], catch_exceptions=False)
    assert refused.value.exit_status == 2
    assert not (tmp_path / "out.csv").exists()


def test_what_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    for arguments in (
        [tmp_path / "none.csv"],
        [tmp_path],
        [table(tmp_path / "a.csv", ROWS), "--out", tmp_path / "no" / "o.csv"],
    ):
        with pytest.raises(InputError, match=r"\.$"):
            CliRunner().invoke(app, ["dedupe", *map(str, arguments)], catch_exceptions=False)


def test_people_are_told_in_words(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["dedupe", str(table(tmp_path / "in.csv", ROWS))])
    assert "4 records are 3 publications: 1 duplicates" in ran.stdout


@needs_shared
def test_a_labelled_set_through_the_command(tmp_path: Path) -> None:
    """As the library: nothing is lost between the file and the rules."""
    told = dedupe(SHARED / "dedup" / "stroke" / "records_pre_merged.csv")
    assert (told["records"], told["removed"]) == (1292, 312)
