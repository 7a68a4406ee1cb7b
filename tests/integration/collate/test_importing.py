"""Large imports: invisible until one small step, resumable after a crash, and taken back without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from whatworks.collate import tasks
from whatworks.collate.actions import add_records, add_source, close_import, open_import
from whatworks.collate.following import _after_import, follow_imports
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, OthersDecision, Record, Report, Source
from whatworks.collate.tasks import CANCEL, PIECE, cancel_import, enqueue_import
from whatworks.errors import ConflictError
from whatworks.ledger import work
from whatworks.ledger.models import Event, Job, Subject
from whatworks.ledger.work import claim, work_off

pytestmark = pytest.mark.django_db

BY = "usr-librarian"
RESULT = {"sha256": "0" * 64, "format": "CSV", "encoding": "utf-8", "record_starts": 1, "records": 1, "unreadable": []}


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "centre"
    return tmp_path / "centre"


@pytest.fixture
def source() -> Source:
    return add_source(by=BY, name="A database", sort="database")


def export(path: Path, count: int) -> Path:
    path.write_text("".join(f"TY  - JOUR\nTI  - Report number {n}\nER  - \n\n" for n in range(count)))
    return path


def begun(job: Job, steps: int) -> Job:
    """The job after so many steps by a worker that is then killed."""
    mine = claim("worker")
    assert mine is not None and mine.pk == job.pk
    for _ in range(steps):
        assert work._step(mine)
    job.refresh_from_db()
    return job


def test_nobody_sees_a_record_before_all_are_here(tmp_path: Path, source: Source) -> None:
    job = enqueue_import(by=BY, path=export(tmp_path / "long.ris", 3 * PIECE), source=source)
    begun(job, 3)
    assert Record.objects.count() == 2 * PIECE
    assert Report.objects.here().count() == Report.objects.speaking().count() == 0
    assert not Event.objects.filter(verb="collate.import").exists()
    Job.objects.update(state=Job.WAITING)
    work_off()
    assert Report.objects.speaking().count() == 3 * PIECE


def test_publishing_is_one_small_step_whatever_the_size(
    tmp_path: Path, source: Source, django_assert_max_num_queries: object
) -> None:
    """A step that touched each record would make everybody wait for as long."""
    job = enqueue_import(by=BY, path=export(tmp_path / "long.ris", 3 * PIECE), source=source)
    job = begun(job, 4)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert not work._step(Job.objects.get(pk=job.pk))
    assert Import.objects.get().complete


def test_a_file_longer_than_a_piece_is_read_in_pieces_and_again_after_a_crash(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a long file in one step would hold the lock as long."""
    monkeypatch.setattr(tasks, "READ", 100)
    job = enqueue_import(by=BY, path=export(tmp_path / "long.ris", 350), source=source)
    job = begun(job, 2)
    assert job.cursor == {"read": 200}
    for held in tasks._open.values():  # the process that was reading is gone, and its file lies there half-done
        held.out.close()
        held.result.close()
    tasks._open.clear()
    Job.objects.update(state=Job.WAITING)
    work_off()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.DONE, "")
    assert Record.objects.count() == 350 == len(set(map(str, Record.objects.values_list("tags", flat=True))))


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_an_import_taken_back_leaves_nothing_and_may_come_again(
    tmp_path: Path, source: Source, home: Path, steps: int
) -> None:
    before = (Subject.objects.count(), Report.objects.count())
    path = export(tmp_path / "long.ris", 3 * PIECE)
    job = begun(enqueue_import(by=BY, path=path, source=source), steps)
    cancel_import(by=BY, job=job)
    if steps:
        with pytest.raises(ConflictError, match="is being taken back"):
            enqueue_import(by=BY, path=path, source=source)
    work_off()
    assert (Subject.objects.count(), Report.objects.count()) == before
    assert not Record.objects.exists() and not Import.objects.exists() and not OthersDecision.objects.exists()
    assert list((home / "staged").glob("*")) == []
    assert Job.objects.get(kind=CANCEL).state == Job.DONE

    again = enqueue_import(by=BY, path=path, source=source)
    work_off()
    again.refresh_from_db()
    assert (again.state, again.error) == (Job.DONE, "")
    assert Record.objects.count() == 3 * PIECE


def test_what_is_published_is_not_taken_back(tmp_path: Path, source: Source) -> None:
    """Others may have judged and matched it meanwhile."""
    job = enqueue_import(by=BY, path=export(tmp_path / "long.ris", 3), source=source)
    work_off()
    with pytest.raises(ConflictError, match="can no longer be taken back"):
        cancel_import(by=BY, job=job)
    assert Record.objects.count() == 3


def test_a_worker_that_still_runs_adds_nothing_to_an_import_taken_back(tmp_path: Path, source: Source) -> None:
    job = enqueue_import(by=BY, path=export(tmp_path / "long.ris", 3 * PIECE), source=source)
    mine = claim("worker")
    assert mine is not None and work._step(mine) and work._step(mine)
    cancel_import(by=BY, job=job)
    assert not work._step(mine)
    work_off()
    assert not Record.objects.exists()


def test_what_follows_an_import_is_asked_for_once_and_in_order(tmp_path: Path, source: Source) -> None:
    done: list[str] = []
    kept = list(_after_import)
    try:
        for kind, order in (("test.second", 99), ("test.first", 1)):
            work.task(kind)(lambda arguments, cursor, kind=kind: done.append(f"{kind} {arguments['import']}"))
            follow_imports(kind, order)
            follow_imports(kind, order)
        enqueue_import(by=BY, path=export(tmp_path / "one.ris", 1), source=source)
        work_off()
    finally:
        _after_import[:] = kept
        for kind in ("test.first", "test.second"):
            work._kinds.pop(kind, None)
    origin = Import.objects.get().pk
    assert done == [f"test.first {origin}", f"test.second {origin}"]


def test_a_zero_byte_or_half_a_character_does_not_refuse_the_rest(source: Source, tmp_path: Path) -> None:
    """PostgreSQL keeps neither in a text; a thousand good records must not be lost to one broken one."""
    origin = open_import(result=RESULT, filename="broken.csv", source=source)
    add_records(origin, [ReadRecord(1, 1, (("TY", "RPRT"), ("TI", "A ti\x00tle"), ("AU", "Le\ud800e, A.")))])
    close_import(by=BY, origin=origin)
    row = Record.objects.select_related("report").get()
    assert row.tags[1:] == [["TI", "A ti\x00tle"], ["AU", "Le\ud800e, A."]]  # as it came
    assert row.report.title.startswith("A ti") and "\x00" not in row.report.title
    assert "\ud800" not in row.report.authors
