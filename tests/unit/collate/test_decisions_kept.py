"""Others' decisions are kept with the records that brought them, once each, and as nobody's judgement here."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.unit.collate.tables import ASREVIEW, RAYYAN, read_table
from whatworks.collate.actions import add_source, import_file
from whatworks.collate.decisions import keep_decisions
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, OthersDecision, Record

pytestmark = pytest.mark.django_db


def imported(tmp_path: Path, table: str) -> Import:
    path = tmp_path / "export.csv"
    path.write_text(table, encoding="utf-8")
    return import_file(by="usr-librarian", path=path, source=add_source(by="usr-librarian", name="R", sort="other"))


def test_each_decision_is_kept_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    origin = imported(tmp_path, RAYYAN)
    _, records = read_table(RAYYAN)
    assert keep_decisions(origin, records) == keep_decisions(origin, records) == 3
    kept = OthersDecision.objects.order_by("record__position", "position")
    assert [(one.who, one.verdict, one.labels) for one in kept] == [
        ("Ash", "include", ["England", "care leavers"]),
        ("Bo", "exclude", ["England", "care leavers"]),
        ("Ash", "maybe", []),
    ]
    assert set(kept.values_list("record", flat=True)) == set(Record.objects.values_list("pk", flat=True))


def test_what_no_database_takes_does_not_stop_an_import(tmp_path: Path) -> None:
    """PostgreSQL takes no NUL, and neither database half a character."""
    origin = imported(tmp_path, RAYYAN)
    note = 'RAYYAN-INCLUSION: {"A\0sh"=>"Included"} | RAYYAN-LABELS: \ud800'
    assert keep_decisions(origin, [ReadRecord(1, 2, (("TY", "JOUR"), ("N1", note)))]) == 1


def test_a_time_is_kept_where_there_is_one_and_the_text_in_any_case(tmp_path: Path) -> None:
    table = ASREVIEW.replace("2025-03-01 10:16:00", "on Tuesday")
    origin = imported(tmp_path, table)
    keep_decisions(origin, read_table(table)[1])
    first, second = OthersDecision.objects.order_by("record__position")
    assert first.made_at == datetime.datetime(2025, 3, 1, 10, 15, tzinfo=datetime.UTC)
    assert second.made_at is None
    assert "on Tuesday" in second.raw
