"""The index is as the reports are: after imports, edits, merges and rebuilds, and verification sees when it is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.integration.collate_search.holding import SAID, found
from whatworks.collate.actions import add_records, add_source, close_import, open_import
from whatworks.collate.methods.query import Term
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.methods.tokens import Written
from whatworks.collate.models import Document, Entry, IndexState, Report, Word
from whatworks.collate.search import find, refresh, work
from whatworks.collate.search.checking import check_index
from whatworks.collate.search.store import store
from whatworks.ledger.models import Job
from whatworks.ledger.verification import Report as Verdict
from whatworks.ledger.work import claim, run

pytestmark = pytest.mark.django_db


def test_files_are_found_by_people_inside_alone(held: list[tuple[Report, Written]]) -> None:
    """The text of a PDF is somebody's copyright: a reader outside must not find by it, word by word."""
    document = Document(
        subject_id="doc-1",
        report=held[3][0],
        filename="a.pdf",
        sha256="0",
        size=1,
        state=Document.READ,
        text="secret file words",
    )
    Document.objects.register_all([document])
    assert refresh(["rep-3"]) == 1
    assert found("secret", inside=True) == ["rep-3"]
    assert found('"file words"', inside=True) == ["rep-3"]
    assert found("secret") == []
    assert found("-secret", inside=True) == [key for key in found("") if key != "rep-3"]


def test_changes_reach_the_index(held: list[tuple[Report, Written]]) -> None:
    """A new title, a new year, a merge and its undo: the old words are gone, the new are there, nothing is twice."""
    report = held[0][0]
    report.title, report.year = "Adoption breakdown", 2001
    report.save()
    assert refresh([report.pk]) == 1
    assert refresh([report.pk]) == 0, "what has not changed is left alone"
    assert found("title:kinship") == ["rep-4"]
    assert found("adoption year:2001") == ["rep-0"]
    Report.objects.filter(pk="rep-1").update(merged_into="rep-0")
    refresh(["rep-1"])
    assert "rep-1" not in found("")
    Report.objects.filter(pk="rep-1").update(merged_into=None)
    refresh(["rep-1"])
    assert found("leaving") == ["rep-1"]
    assert store().unlike() == []
    assert Entry.objects.count() == len(SAID)


def test_an_import_is_found_when_it_is_published_and_not_before() -> None:
    """Half an import must not show in anybody's search."""
    source = add_source(by="test", name="Test base", sort="database")
    tags = (
        ("TY", "JOUR"),
        ("TI", "Foster placements"),
        ("AB", "Stability matters"),
        ("KW", "resilience"),
        ("PY", "2011"),
    )
    result = {
        "sha256": "1" * 64,
        "format": "RIS",
        "encoding": "utf-8",
        "record_starts": 1,
        "records": 1,
        "unreadable": [],
    }
    origin = open_import(result=result, filename="a.ris", source=source)
    add_records(origin, [ReadRecord(1, 1, tags)])
    keys = list(origin.rows.values_list("report_id", flat=True))
    refresh(keys)
    assert found("stability") == []
    close_import(by="test", origin=origin)
    refresh(keys)
    assert found("stability resilience") == keys
    page = find("stability")
    assert [(one.label, one.count) for group in page.groups if group.name == "source" for one in group.options] == [
        ("Test base", 1)
    ]


def test_long_work_indexes_everything_and_goes_on(
    held: list[tuple[Report, Written]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild that is broken off goes on where it was, and ends with what is there now."""
    monkeypatch.setattr(work, "PIECE", 2)
    job = work.enqueue_index(by="test", anew=True)
    steps, real = [], work.refresh

    def breaks(piece: Any) -> int:
        steps.append(tuple(piece))
        if len(steps) == 2:
            raise RuntimeError("the power went")
        return real(piece)

    monkeypatch.setattr(work, "refresh", breaks)
    claimed = claim("one")
    assert claimed is not None
    assert claimed.pk == job.pk
    assert run(claimed).state == Job.FAILED
    assert Entry.objects.count() == 2, "the first piece stays"
    assert work.current().building
    Job.objects.filter(pk=job.pk).update(state=Job.WAITING, error="")
    assert run(claim("two")).state == Job.DONE
    assert steps[1] == steps[2], "the piece that failed is done again, the first is not"
    assert sorted(found("")) == sorted(report.pk for report, _ in held)
    assert not work.current().building


def test_nothing_is_left_in_the_index_of_what_left_it(held: list[tuple[Report, Written]]) -> None:
    """After an erasure no word of it may lead anywhere, not even to nothing."""
    places = list(Entry.objects.filter(report="rep-0").values_list("place", flat=True))
    Report.objects.filter(pk="rep-0").update(merged_into="rep-1")
    refresh(["rep-0"])
    sql, parameters = store().condition(Term(("k:foster",)))
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.fetchall() == []
    assert store().tokens_at(places[0]) == ""


def test_verification_sees_a_wrong_index(held: list[tuple[Report, Written]]) -> None:
    """A title changed behind the index's back, a report that is not in it, an entry that should not be."""
    refresh([report.pk for report, _ in held])
    clean = Verdict()
    check_index(clean)
    assert clean.differences == []
    assert clean.checked["index entries"] == len(SAID)
    Report.objects.filter(pk="rep-2").update(title="Changed in secret")
    Report.objects.filter(pk="rep-3").update(merged_into="rep-4")
    Report.objects.register("rep-new", title="Not indexed")
    seen = Verdict()
    check_index(seen)
    assert {(one.identifier, one.what) for one in seen.differences} >= {
        ("rep-2", "indexed under other words"),
        ("rep-3", "found by search, and should not be"),
    }
    assert any("1 reports cannot be found" in note for note in seen.notes)


def test_words_are_counted_once_for_each_report(held: list[tuple[Report, Written]]) -> None:
    """Rarity rests on these counts: a word twice in a report counts once, an edit does not count it again."""
    assert Word.objects.get(word="kinship").seen == 2
    refresh(["rep-0"])
    assert Word.objects.get(word="kinship").seen == 2
    assert IndexState.objects.get().sampled == len(SAID)


def test_a_merge_and_its_undo_reach_the_index(held: list[tuple[Report, Written]]) -> None:
    """The room that merges tells; nobody has to remember the index."""
    from whatworks.collate.following import Regrouped, tell

    Report.objects.filter(pk="rep-1").update(merged_into="rep-0")
    tell(Regrouped({"rep-0": "rep-0", "rep-1": "rep-1"}, {"rep-0": "rep-0", "rep-1": "rep-0"}), None)
    assert "rep-1" not in found("")
    Report.objects.filter(pk="rep-1").update(merged_into=None)
    tell(Regrouped({"rep-0": "rep-0", "rep-1": "rep-0"}, {"rep-0": "rep-0", "rep-1": "rep-1"}), None)
    assert "rep-1" in found("")


def test_catching_up_adds_what_is_missing_and_takes_out_strays(held: list[tuple[Report, Written]]) -> None:
    """After a pack was loaded its reports are found, and a second time changes nothing."""
    Report.objects.register("rep-packed", title="Packed away", year=2020)
    Report.objects.filter(pk="rep-4").update(merged_into="rep-0")
    assert work.behind() == 1
    assert work.catch_up() == 2
    assert work.catch_up() == 0
    assert found("packed") == ["rep-packed"]
    assert "rep-4" not in found("")


def test_building_from_the_command_line_tells_how_far_it_is(held: list[tuple[Report, Written]]) -> None:
    """Somebody who waits for a million reports wants to see it move."""
    told: list[tuple[int, int]] = []
    answer = work.build(by="cli", anew=True, told=lambda name, done, total: told.append((done, total)))
    assert answer == {"reports": len(SAID), "entries": len(SAID)}
    assert told == [(len(SAID), len(SAID))]
    assert sorted(found("")) == sorted(report.pk for report, _ in held)
