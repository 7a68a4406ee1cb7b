"""Imports as long work: every record once, refused files tried again, the same file twice said so, nothing left over."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.unit.collate.exports import RIS
from whatworks.collate.actions import add_source
from whatworks.collate.models import Import, MatchProposal, Record, Source
from whatworks.collate.tasks import PIECE, PROPOSE, enqueue_import
from whatworks.errors import ConflictError, InputError
from whatworks.ledger import work
from whatworks.ledger.models import Job
from whatworks.ledger.work import claim, work_off

pytestmark = pytest.mark.django_db

BY = "usr-librarian"
CUT = RIS.rpartition("ER")[0]


@pytest.fixture
def source() -> Source:
    return add_source(by=BY, name="A database", sort="database")


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> Path:
    """A centre's folder of this test's own."""
    settings.HOME = tmp_path / "centre"
    return tmp_path / "centre"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "search.ris"
    path.write_text(RIS)
    return path


def long_export(path: Path, count: int) -> Path:
    path.write_text("".join(f"TY  - JOUR\nTI  - Report number {n}\nER  - \n\n" for n in range(count)))
    return path


def finished(job: Job) -> Job:
    """The job after the worker has done what there is to do."""
    work_off()
    return Job.objects.get(pk=job.pk)


def test_a_file_is_taken_in_piece_by_piece_and_leaves_no_plain_file(tmp_path: Path, source: Source, home: Path) -> None:
    path = long_export(tmp_path / "long.ris", 2 * PIECE + 7)
    job = finished(enqueue_import(by=BY, path=path, source=source))
    assert (job.state, job.error, job.done) == (Job.DONE, "", 2 * PIECE + 7)
    assert Record.objects.count() == 2 * PIECE + 7
    assert Import.objects.get().complete
    assert list((home / "staged").iterdir()) == []
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["long.ris"]  # nothing beside the file itself


def test_a_cut_file_is_refused_and_then_taken_in_with_partial(tmp_path: Path, source: Source, home: Path) -> None:
    """The refusal says how: it must then work, though it is the same file from the same source."""
    path = tmp_path / "cut.ris"
    path.write_text(CUT)
    refused = finished(enqueue_import(by=BY, path=path, source=source))
    assert refused.state == Job.FAILED
    assert refused.error.startswith("cut.ris, record on line") and "--partial" in refused.error
    assert not Import.objects.exists() and list((home / "staged").iterdir()) == []

    accepted = finished(enqueue_import(by=BY, path=path, source=source, partial=True))
    assert (accepted.state, accepted.error) == (Job.DONE, "")
    assert accepted.pk != refused.pk
    origin = Import.objects.get()
    assert (origin.record_starts, origin.records, len(origin.unreadable)) == (2, 1, 1)


def test_a_failed_import_is_tried_again_where_the_file_lies_now(tmp_path: Path, source: Source, export: Path) -> None:
    """The first time the file was gone before the worker came; the same bytes from elsewhere are the same job."""
    gone = tmp_path / "gone.ris"
    gone.write_text(RIS)
    job = enqueue_import(by=BY, path=gone, source=source)
    gone.unlink()
    failed = finished(job)
    assert failed.state == Job.FAILED and failed.error.startswith("gone.ris: the file cannot be read")

    again = enqueue_import(by=BY, path=export, source=source)
    assert (again.pk, again.state, again.error) == (job.pk, Job.WAITING, "")
    assert finished(again).state == Job.DONE
    assert Import.objects.get().filename == "search.ris"


def test_the_same_file_from_the_same_source_says_so(source: Source, export: Path) -> None:
    finished(enqueue_import(by=BY, path=export, source=source))
    for partial in (False, True):
        with pytest.raises(ConflictError, match=r"^search\.ris has been imported from A database before; nothing was"):
            enqueue_import(by=BY, path=export, source=source, partial=partial)
    other = add_source(by=BY, name="Another database", sort="database")
    assert finished(enqueue_import(by=BY, path=export, source=other)).state == Job.DONE
    assert Import.objects.count() == 2


def test_a_file_that_is_waiting_is_one_job(source: Source, export: Path) -> None:
    first = enqueue_import(by=BY, path=export, source=source)
    assert enqueue_import(by=BY, path=export, source=source).pk == first.pk


def test_a_half_finished_import_goes_on_with_the_job_that_began_it(tmp_path: Path, source: Source) -> None:
    """Asked for again less strictly, it is still that file: a second job would refuse it as imported before."""
    path = long_export(tmp_path / "long.ris", 2 * PIECE)
    job = enqueue_import(by=BY, path=path, source=source)
    mine = claim("first")
    assert mine is not None and work._step(mine) and work._step(mine)
    Job.objects.filter(pk=job.pk).update(state=Job.FAILED, error="Given up")
    again = enqueue_import(by=BY, path=path, source=source, partial=True)
    assert again.pk == job.pk
    assert finished(again).state == Job.DONE
    assert Record.objects.count() == 2 * PIECE


def test_an_upload_keeps_the_name_it_came_with(tmp_path: Path, source: Source) -> None:
    path = tmp_path / ("0" * 64)
    path.write_text(RIS)
    finished(enqueue_import(by=BY, path=path, source=source, filename="Leaving care.ris"))
    assert Import.objects.get().filename == "Leaving care.ris"


def test_matches_are_looked_for_afterwards_when_asked(tmp_path: Path, source: Source, export: Path) -> None:
    finished(enqueue_import(by=BY, path=export, source=source))
    assert not Job.objects.filter(kind=PROPOSE).exists()
    twin = tmp_path / "twin.ris"
    twin.write_text(RIS.replace("ID  - prince", "ID  - other"))
    finished(enqueue_import(by=BY, path=twin, source=source, propose=True))
    assert Job.objects.get(kind=PROPOSE).state == Job.DONE
    assert MatchProposal.objects.count() == 2


def test_a_file_that_is_not_there_is_refused_at_once(tmp_path: Path, source: Source) -> None:
    with pytest.raises(InputError, match="There is no file"):
        enqueue_import(by=BY, path=tmp_path / "absent.ris", source=source)
