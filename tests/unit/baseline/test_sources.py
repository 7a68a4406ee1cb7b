"""Official statistics as published: every shared release read whole, symbols kept apart from numbers, nothing lost silently."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.shared import needs_shared
from tests.unit.baseline.published import CARE
from whatworks.baseline.sources import RELEASES, SYMBOLS, cells, counted, release_of
from whatworks.cli.commands import app
from whatworks.errors import InputError

HEAD = (
    "time_period,geographic_level,country_code,region_code,region_name,old_la_code,la_name,new_la_code,"
    "population_type,population_estimate,children_count,rate_per_10000"
)
ROWS = (
    "2024,Local authority,E92000001,E1,North,805,Oakshire,E06000901,Children starting,1000,12,120",
    "2024,Local authority,E92000001,E1,North,806,Elmshire,E06000902,Children starting,1100,c,c",
    '2024,Regional,E92000001,E1,North,,,,Children starting,"2,100",20,95',
    "2024,National,E92000001,,,,,,Children starting,9000,k,u",
)


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def files() -> list[Path]:
    found = [*CARE.glob("dfe_*/*"), *CARE.glob("finance/*"), CARE / "lait" / "lait_csc_indicators_2016_to_2025.csv.gz"]
    return sorted(found)


def plain(path: Path) -> tuple[int, int]:
    """Rows, and cells that are no number, counted the slow and obvious way over every column."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return len(rows), sum(cell == "c" for row in rows for cell in row.values())


@needs_shared
@pytest.mark.parametrize("file", files() if CARE.is_dir() else [], ids=lambda file: file.name[:30])
def test_every_release_is_known_and_read_to_its_last_cell(file: Path) -> None:
    found = counted(file)
    rows, confidential = plain(file)
    assert found.suppressed == confidential
    measures = {kind[1] for kind in found.of_indicators}
    if found.release != "lait":
        assert found.cells == rows * len(measures)
    assert set(found.symbols) <= {*SYMBOLS, "empty"} and found.areas > (0 if "headline" in file.name else 150)
    assert bool(found.problems) == (found.release == "spending")  # regions stand there without what the ministry holds


@needs_shared
def test_each_family_is_told_from_the_others() -> None:
    assert {counted(file).release for file in files()} == {one.key for one in RELEASES}


def test_a_symbol_is_no_number_and_every_row_has_its_place(tmp_path: Path) -> None:
    problems: list[str] = []
    release, figures = cells(written(tmp_path / "a.csv", HEAD, *ROWS), problems)
    found = {(one.place.level, one.place.key, one.kind[0]): one for one in figures}
    assert release.key == "cla-numbers" and problems == []
    assert found["Local authority", "E06000901", "children_count"].value == 12
    withheld = found["Local authority", "E06000902", "children_count"]
    assert withheld.value is None and withheld.symbol == "c" and withheld.line == 3
    assert found["Regional", "E1", "population_estimate"].value == 2100
    assert (
        found["National", "E92000001", "children_count"].symbol,
        found["National", "E92000001", "rate_per_10000"].symbol,
    ) == ("k", "u")
    assert found["Local authority", "E06000901", "children_count"].kind == ("children_count", "Children starting")


def test_columns_and_words_of_other_years_mean_the_same(tmp_path: Path) -> None:
    old = HEAD.replace("population_type", "population_count").replace("children_count", "number")
    row = ROWS[0].replace("Children starting", "Children looked after at 31 March each year")
    _, figures = cells(written(tmp_path / "old.csv", old, row), [])
    assert ("children_count", "Children looked after on 31 March each year") in {one.kind for one in figures}


def test_what_cannot_be_read_is_told_by_its_line(tmp_path: Path) -> None:
    odd = (
        ROWS[0].replace(",12,", ",a dozen,"),
        "2024,Local authority,E92000001",
        ",Local authority,E92000001,E1,North,805,Oakshire,E06000901,Children starting,1000,12,120",
        ROWS[0].replace(",12,", ",,"),
    )
    found = counted(written(tmp_path / "a.csv", HEAD, *odd))
    assert [problem.partition(",")[0].partition(" has")[0].partition(" does")[0] for problem in found.problems] == [
        "Line 2", "Line 3", "Line 4", "Line 5",
    ]  # fmt: skip
    assert "“a dozen” is neither a number nor a symbol" in found.problems[0] and "is empty" in found.problems[3]


def test_a_file_of_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"b\.csv is of no release that is known: its columns are one, two"):
        counted(written(tmp_path / "b.csv", "one,two", "1,2"))
    with pytest.raises(InputError, match="cannot be read"):
        counted(tmp_path / "none.csv")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress("\n".join([HEAD, *ROWS]).encode())[:-20])
    with pytest.raises(InputError):
        counted(tmp_path / "cut.csv.gz")
    (tmp_path / "latin.csv").write_bytes(b"caf\xe9,b\n1,2\n")
    with pytest.raises(InputError, match="UTF-8"):
        counted(tmp_path / "latin.csv")
    assert release_of(HEAD.split(",")).key == "cla-numbers"


def test_the_command_counts_and_tells(tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", HEAD, *ROWS)
    told = json.loads(CliRunner().invoke(app, ["baseline", "read", str(file), "--json"]).output)
    assert {name: told[name] for name in ("release", "areas", "indicators", "cells", "suppressed", "problems")} == {
        "release": "cla-numbers", "areas": 4, "indicators": 3, "cells": 12, "suppressed": 2, "problems": [],
    }  # fmt: skip
    twice = json.loads(CliRunner().invoke(app, ["baseline", "read", str(file), str(file), "--json"]).output)
    assert (twice["areas"], twice["cells"], len(twice["files"])) == (4, 24, 2)
    said = CliRunner().invoke(app, ["baseline", "read", str(file)]).output
    assert "12 figures on 3 indicators of 4 places, 2024, 2 of them withheld as confidential." in said
