"""Writers: what goes out holds what came in, and a file appears whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.collate.exports import RIS, read_text, record
from whatworks.collate.methods.exports import ROW_COLUMNS, as_csl, as_object
from whatworks.collate.sources import read, write
from whatworks.collate.sources.writers import Filed
from whatworks.errors import InputError


def filed() -> list[Filed]:
    return [("export.ris", one) for one in read_text(RIS)[1]]


def test_ris_out_is_ris_in(tmp_path: Path) -> None:
    assert write(filed(), tmp_path / "out.ris") == 2
    assert [one.tags for one in read(tmp_path / "out.ris")] == [one.tags for _, one in filed()]


def test_the_table_has_the_columns_that_other_commands_read(tmp_path: Path) -> None:
    write(filed(), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == ROW_COLUMNS
    assert rows[0]["authors"] == "Prince, Dana M.; Vidal, Sarah"
    assert [row["year"] for row in rows] == ["2019", "2019"]
    assert [row["id"] for row in rows] == ["prince_effects_2019", "2"]
    assert {row["file"] for row in rows} == {"export.ris"}


def test_a_table_of_no_records_still_has_its_heading(tmp_path: Path) -> None:
    assert write([], tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text().startswith("file,line,id,")


def test_json_lines_keep_every_tag(tmp_path: Path) -> None:
    write(filed(), tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [tuple(map(tuple, row["tags"])) for row in rows] == [one.tags for _, one in filed()]
    assert rows[0]["authors"] == ["Prince, Dana M.", "Vidal, Sarah"]


def test_csl_is_one_array_that_citation_programs_know(tmp_path: Path) -> None:
    write(filed(), tmp_path / "out.json")
    items = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [item["type"] for item in items] == ["article-journal", "report"]
    assert items[0]["author"][0] == {"family": "Prince", "given": "Dana M."}
    assert items[0]["issued"] == {"date-parts": [[2019]]}
    assert items[0]["page"] == "33-44"


def test_a_body_is_one_name_and_a_missing_year_is_left_out() -> None:
    item = as_csl(record(TI="Leaving care", AU="Department for Education"))
    assert item["author"] == [{"literal": "Department for Education"}]
    assert "issued" not in item


def test_a_missing_year_is_null_in_json() -> None:
    assert as_object(record(TI="Leaving care"))["year"] is None


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written as \.xls; end the name in \.ris"):
        write(filed(), tmp_path / "out.xls")


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write(filed(), tmp_path / "nowhere" / "out.ris")


def test_a_reading_that_fails_half_way_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    def fails() -> Iterator[Filed]:
        yield filed()[0]
        raise InputError("export.ris: the file ends in the middle of a record.")

    out = tmp_path / "out.ris"
    out.write_text("what was here")
    with pytest.raises(InputError):
        write(fails(), out)
    assert out.read_text() == "what was here"
    assert list(tmp_path.iterdir()) == [out]
