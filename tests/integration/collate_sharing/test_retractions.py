"""Retractions: a list is taken in once, what it says marks what rests on a report, and nothing it says is lost."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.collate_sharing.conftest import SECOND, bring_in
from whatworks.collate.matching import decide
from whatworks.collate.models import NoticeHit, Report, RetractionNotice
from whatworks.collate.retractions import (
    confirm_hit,
    enqueue_list,
    load_list,
    refuse_hit,
    standing,
)
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import computed, freshen
from whatworks.ledger.models import Artefact, Event, Job
from whatworks.ledger.work import work_off

pytestmark = pytest.mark.django_db

TITLE = "Annual report of the Council of Nowhere on children in care"
COLUMNS = ["Record ID", "Title", "RetractionDate", "RetractionDOI", "OriginalPaperDate", "OriginalPaperDOI",
           "RetractionNature", "Reason"]  # fmt: skip


def a_list(folder: Path, *rows: dict[str, str], name: str = "list.csv") -> Path:
    path = folder / name
    plain = {"RetractionDate": "5/31/2024 0:00", "RetractionDOI": "10.1000/notice", "RetractionNature": "Retraction"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(plain | row for row in rows)
    return path


def load(folder: Path, *rows: dict[str, str], name: str = "list.csv") -> dict[str, Any]:
    return load_list(by="test", path=a_list(folder, *rows, name=name))


def rest_on(report: Report) -> str:
    """Something computed that rests on a report; its identifier."""
    row = Report.objects.register(title="Something computed")
    computed(output=row, method="test", version="1", inputs={}, rests_on=[report.pk])
    return str(row.pk)


def stale(identifier: str) -> str:
    """The verb of the event that marked it; empty when it is fresh."""
    uid = Artefact.objects.get(pk=identifier).stale_event
    return Event.objects.get(uid=uid).verb if uid else ""


FIRST_DOI = {"OriginalPaperDOI": "https://doi.org/10.1000/FIRST"}


def test_a_hit_marks_what_rests_on_it_and_the_rest_is_counted(reports: dict[str, Report], tmp_path: Path) -> None:
    """Every row of the list is accounted for, and the report that was withdrawn is known as such everywhere."""
    result = rest_on(reports["W1"])
    found = load(
        tmp_path,
        FIRST_DOI | {"Reason": "+Unreliable Results;"},
        {"OriginalPaperDOI": "10.1000/elsewhere"},
        {"OriginalPaperDOI": "10.1000/elsewhere"},  # the same notice twice in one list
        {"OriginalPaperDOI": "unavailable", "Title": TITLE, "OriginalPaperDate": "1/1/2019 0:00"},
        {"OriginalPaperDOI": "unavailable", "Title": ""},
    )
    assert {name: found[name] for name in ("rows", "unreadable", "known", "new", "hits", "proposed", "unmatched")} == {
        "rows": 5, "unreadable": 1, "known": 1, "new": 3, "hits": 2, "proposed": 1, "unmatched": 1,
    }  # fmt: skip
    assert found["bad"][0]["line"] == 6 and "neither a DOI" in found["bad"][0]["reason"]
    first = Report.objects.get(pk=reports["W1"].pk)
    assert (first.retracted_on, first.retraction_url) == (datetime.date(2024, 5, 31), "https://doi.org/10.1000/notice")
    assert stale(result) == "collate.retract"
    stands = standing([first.pk, reports["W2"].pk])
    assert list(stands) == [first.pk] and stands[first.pk].reason == "Unreliable Results"


def test_loading_twice_adds_nothing(reports: dict[str, Report], tmp_path: Path) -> None:
    rows = [FIRST_DOI, {"OriginalPaperDOI": "unavailable", "Title": TITLE}]
    load(tmp_path, *rows)
    before = (Event.objects.count(), RetractionNotice.objects.count(), NoticeHit.objects.count())
    again = load(tmp_path, *rows, name="under another name.csv")
    assert (again["known"], again["new"], again["hits"], again["proposed"], again["unmatched"]) == (2, 0, 0, 0, 0)
    assert (Event.objects.count(), RetractionNotice.objects.count(), NoticeHit.objects.count()) == before


@pytest.mark.parametrize(
    ("nature", "verb", "retracted"),
    [
        ("Retraction", "collate.retract", True),
        ("Expression of concern", "collate.concern", False),
        ("Correction", "collate.correction", False),
    ],
)
def test_natures_have_their_own_words(
    reports: dict[str, Report], tmp_path: Path, nature: str, verb: str, retracted: bool
) -> None:
    """A report under concern stays in its pool; a retracted one does not."""
    result = rest_on(reports["W3"])
    load(tmp_path, {"OriginalPaperDOI": "10.1000/third_one", "RetractionNature": nature})
    assert stale(result) == verb
    assert (Report.objects.get(pk=reports["W3"].pk).retracted_on is not None) is retracted


def test_a_reinstatement_is_a_new_fact_and_leaves_the_mark_to_a_person(
    reports: dict[str, Report], tmp_path: Path
) -> None:
    result = rest_on(reports["W3"])
    doi = {"OriginalPaperDOI": "10.1000/third_one"}
    load(tmp_path, doi)
    load(tmp_path, doi | {"RetractionNature": "Reinstatement", "RetractionDate": "6/1/2024"}, name="later.csv")
    assert Report.objects.get(pk=reports["W3"].pk).retracted_on is None
    assert stale(result) == "collate.retract", "the mark stays until a person has looked"
    assert standing([reports["W3"].pk])[reports["W3"].pk].nature == "reinstatement"
    freshen(result)
    load(tmp_path, doi | {"RetractionDate": "7/1/2024"}, name="again.csv")
    assert stale(result) == "collate.retract"
    assert Report.objects.get(pk=reports["W3"].pk).retracted_on == datetime.date(2024, 7, 1)


def test_lists_in_the_other_order_end_the_same(reports: dict[str, Report], tmp_path: Path) -> None:
    doi = {"OriginalPaperDOI": "10.1000/third_one"}
    load(tmp_path, doi | {"RetractionNature": "Reinstatement", "RetractionDate": "6/1/2024"}, name="later.csv")
    load(tmp_path, doi)
    assert Report.objects.get(pk=reports["W3"].pk).retracted_on is None


def test_a_report_that_comes_later_is_caught(db: None, tmp_path: Path) -> None:
    """The list was loaded years before the search: the report must not slip in as if nothing were known."""
    load(tmp_path, FIRST_DOI)
    assert not NoticeHit.objects.exists()
    bring_in(tmp_path, SECOND, "Database B", "second.ris")
    report = Report.objects.get(doi="10.1000/first")
    assert report.retracted_on == datetime.date(2024, 5, 31)


def test_a_title_is_put_before_a_person(reports: dict[str, Report], tmp_path: Path) -> None:
    """The same title may be another year's report: nothing is marked until somebody says so."""
    load(tmp_path, {"OriginalPaperDOI": "unavailable", "Title": f"RETRACTED: {TITLE.upper()}"})
    hit = NoticeHit.objects.waiting().get()
    result = rest_on(reports["W2"])
    assert Report.objects.get(pk=hit.report_id).retracted_on is None and not standing([hit.report_id])
    confirm_hit(by="usr-1", hit=hit)
    assert stale(result) == "collate.retract"
    assert Report.objects.get(pk=reports["W2"].pk).retracted_on == datetime.date(2024, 5, 31)
    with pytest.raises(ConflictError, match="judged this notice already"):
        confirm_hit(by="usr-2", hit=hit)


def test_a_title_of_another_year_is_no_question(reports: dict[str, Report], tmp_path: Path) -> None:
    found = load(tmp_path, {"OriginalPaperDOI": "unavailable", "Title": TITLE, "OriginalPaperDate": "1/1/2012 0:00"})
    assert (found["proposed"], found["unmatched"]) == (0, 1)


def test_a_wrong_hit_is_taken_back_and_stays_so(reports: dict[str, Report], tmp_path: Path) -> None:
    """A list may be wrong; a person's word about it outlives the next loading."""
    load(tmp_path, {"OriginalPaperDOI": "10.1000/third_one"})
    result = rest_on(reports["W3"])
    refuse_hit(by="usr-1", hit=NoticeHit.objects.get())
    assert Report.objects.get(pk=reports["W3"].pk).retracted_on is None and not standing([reports["W3"].pk])
    assert stale(result) == "collate.refuse-notice"
    load(tmp_path, {"OriginalPaperDOI": "10.1000/third_one"}, name="again.csv")
    assert Report.objects.get(pk=reports["W3"].pk).retracted_on is None


def test_notices_travel_in_packs(reports: dict[str, Report], tmp_path: Path) -> None:
    """A centre that is moved must not forget what it knows of retractions."""
    from whatworks.collate.pack import TABLES

    load(tmp_path, FIRST_DOI, {"OriginalPaperDOI": "unavailable", "Title": TITLE})
    for model in (RetractionNotice, NoticeHit):
        (table,) = [one for one in TABLES if one.model is model]
        files = dict(table.files("open"))
        loaded = {row.pk: row.values() for row in table.load(files)}
        assert loaded == {row.pk: row.values() for row in model.objects.all()} and loaded


def test_somebody_judges(reports: dict[str, Report], tmp_path: Path) -> None:
    load(tmp_path, {"OriginalPaperDOI": "10.1000/third_one"})
    with pytest.raises(InputError, match="say who"):
        refuse_hit(by="", hit=NoticeHit.objects.get())


def test_a_merged_report_stands_as_those_it_speaks_for(reports: dict[str, Report], tmp_path: Path) -> None:
    """And a merge taken back leaves the notice with the report that it names."""
    one, other = reports["W2"], reports["W3"]
    load(tmp_path, {"OriginalPaperDOI": "10.1000/third_one"})
    decide(by="usr-1", left=one.pk, right=other.pk, decision="same")
    anchor = Report.objects.get(pk=one.pk).speaker().pk
    assert anchor == one.pk
    assert standing([anchor])[anchor].withdrawn
    decide(by="usr-1", left=one.pk, right=other.pk, decision="different")
    assert list(standing([one.pk, other.pk])) == [other.pk]


def test_a_large_list_is_long_work_that_goes_on_after_a_crash(
    reports: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"OriginalPaperDOI": f"10.1000/none{n}"} for n in range(1200)]
    job = enqueue_list(by="test", path=a_list(tmp_path, *rows, FIRST_DOI))
    work_off()
    job.refresh_from_db()
    assert (job.state, job.cursor["counts"]["new"], job.done, job.total) == (Job.DONE, 1201, 1201, 1201)
    assert RetractionNotice.objects.count() == 1201
    assert Report.objects.get(pk=reports["W1"].pk).retracted_on
    again = enqueue_list(by="test", path=a_list(tmp_path, *rows, FIRST_DOI))
    assert again.pk != job.pk, "the same list may be loaded again, after more reports have come"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "list.csv: the file is empty"),
        (b"doi,date\n", "there is a header and no row below it"),
        (b"title,authors\na,b\n", "this is no list of retractions: it needs a header"),
        (b"PK\x03\x04\0\0", "this is no plain table"),
        (b'doi,date\n10.1000/a,"2024-05-31\n' + b"10.1000/b,2024-05-31\n" * 300, "a quotation mark opens there"),
    ],
)
def test_what_is_no_list_is_one_sentence(db: None, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        load_list(by="test", path=path)
    assert says in str(refused.value)
    assert not RetractionNotice.objects.exists()


def test_a_ragged_row_and_an_old_encoding(reports: dict[str, Report], tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(
        "doi;date;notice;reason\n10.1000/first;2024-05-31\n10.1000/first;2024-05-31;https://example.org/;Caf\xe9\n".encode(
            "cp1252"
        )
    )
    found = load_list(by="test", path=path)
    assert found["bad"] == [{"line": 2, "reason": "it has 2 cells where the header has 4"}]
    assert RetractionNotice.objects.get().reason == "Café"
