"""Long work: done once, from its cursor, whoever dies meanwhile."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.utils import timezone

from whatworks.errors import InputError
from whatworks.ledger import work
from whatworks.ledger.models import Job, Subject
from whatworks.ledger.work import ATTEMPTS, claim, enqueue, run, task, work_off

pytestmark = pytest.mark.django_db


@task("test.count")
def count_up(arguments: dict, cursor: dict) -> dict | None:
    """Adds one subject a step."""
    done = cursor.get("done", 0)
    if done == arguments["to"]:
        return None
    Subject.objects.create(identifier=f"{arguments['name']}-{done}", kind="test", title="counted")
    return {"done": done + 1, "total": arguments["to"]}


@task("test.fail")
def fail(arguments: dict, cursor: dict) -> dict | None:
    raise InputError("The file is empty; give another.")


def test_work_runs_step_by_step_to_its_end() -> None:
    job = enqueue(kind="test.count", by="usr-1", arguments={"to": 3, "name": "one"})
    assert work_off() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.DONE, 3, 3)
    assert Subject.objects.filter(kind="test").count() == 3


def test_the_same_key_is_the_same_job() -> None:
    first = enqueue(kind="test.count", by="usr-1", key="once", arguments={"to": 1, "name": "two"})
    assert enqueue(kind="test.count", by="usr-1", key="once").pk == first.pk


def test_unknown_work_is_refused() -> None:
    with pytest.raises(InputError, match="No room does work"):
        enqueue(kind="test.unknown", by="usr-1")


def test_a_failure_says_why_and_ends() -> None:
    job = enqueue(kind="test.fail", by="usr-1")
    work_off()
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.FAILED, "The file is empty; give another.")


def test_a_job_under_a_living_lease_is_not_taken() -> None:
    enqueue(kind="test.count", by="usr-1", arguments={"to": 1, "name": "three"})
    assert claim("first") is not None
    assert claim("second") is None


def test_a_job_whose_lease_ran_out_goes_on_from_its_cursor() -> None:
    job = enqueue(kind="test.count", by="usr-1", arguments={"to": 5, "name": "four"})
    mine = claim("first")
    assert mine is not None and work._step(mine) and work._step(mine)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert work_off("second") == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == (Job.DONE, 2, "second")
    assert Subject.objects.filter(kind="test").count() == 5


def test_a_worker_that_lost_its_lease_writes_nothing_more() -> None:
    enqueue(kind="test.count", by="usr-1", arguments={"to": 5, "name": "five"})
    mine = claim("first")
    assert mine is not None
    Job.objects.filter(pk=mine.pk).update(worker="second")
    assert run(mine).state == Job.RUNNING
    assert not Subject.objects.filter(kind="test").exists()


def test_a_job_that_kills_every_worker_is_put_aside() -> None:
    job = enqueue(kind="test.count", by="usr-1", arguments={"to": 1, "name": "six"})
    Job.objects.filter(pk=job.pk).update(attempts=ATTEMPTS)
    work_off()
    job.refresh_from_db()
    assert job.state == Job.FAILED and "Given up" in job.error


WORKER = """
import time, django
django.setup()
from whatworks.ledger.models import Subject
from whatworks.ledger.work import task, work_off
@task("test.slow")
def slow(arguments, cursor):
    done = cursor.get("done", 0)
    if done == 40:
        return None
    Subject.objects.create(identifier=f"slow-{done}", kind="slow", title="x")
    time.sleep(0.02)  # killed here, the row above is rolled back with the cursor
    return {"done": done + 1}
work_off()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_nine_is_found_and_its_job_finished_once(tmp_path, settings) -> None:
    """Real processes, a real database file or server, a real SIGKILL, three times."""
    from django.db import connection

    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        environment = _own_centre(tmp_path)
    else:
        environment = dict(os.environ) | _address(connection)
    subprocess.run([sys.executable, "-c", ENQUEUE], env=environment, check=True)
    for _ in range(3):
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
        time.sleep(1.2)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        subprocess.run([sys.executable, "-c", EXPIRE], env=environment, check=True)
    subprocess.run([sys.executable, "-c", WORKER], env=environment, check=True, timeout=60)
    told = subprocess.run([sys.executable, "-c", TELL], env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "done 40"


ENQUEUE = """
import django; django.setup()
from whatworks.archive.opening import bring_up_to_date; bring_up_to_date()
from whatworks.ledger import work
work.task("test.slow")(lambda arguments, cursor: None)
work.enqueue(kind="test.slow", by="usr-1")
"""
EXPIRE = """
import datetime, django; django.setup()
from django.utils import timezone
from whatworks.ledger.models import Job
Job.objects.filter(state="running").update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
"""
TELL = """
import django; django.setup()
from whatworks.ledger.models import Job, Subject
print(Job.objects.get().state, Subject.objects.filter(kind="slow").count())
"""


def _own_centre(tmp_path) -> dict[str, str]:
    return dict(os.environ) | {"WHATWORKS_HOME": str(tmp_path / "centre"), "DATABASE_URL": ""}


def _address(connection) -> dict[str, str]:
    given = connection.settings_dict
    host, port = given["HOST"], given["PORT"]
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@/{given['NAME']}?host={host}" + (
        f"&port={port}" if port else ""
    )
    return {"DATABASE_URL": url}


@pytest.mark.django_db
def test_patient_work_gives_way_to_what_a_person_waits_for() -> None:
    """An index of a million reports would else keep a small upload waiting for an hour."""
    done: list[str] = []

    @work.task("test.patient", patient=True)
    def patiently(arguments: dict, cursor: dict) -> dict | None:
        done.append(f"patient {cursor.get('at', 0)}")
        if not cursor:
            work.enqueue(kind="test.prompt", by="usr-1", key="prompt")
        return {"at": cursor.get("at", 0) + 1} if cursor.get("at", 0) < 2 else None

    @work.task("test.prompt")
    def promptly(arguments: dict, cursor: dict) -> None:
        done.append("prompt")

    work.enqueue(kind="test.patient", by="usr-1", key="patient")
    work.work_off()
    assert done == ["patient 0", "prompt", "patient 1", "patient 2"]
    assert set(Job.objects.values_list("key", "state", "attempts")) == {("patient", "done", 1), ("prompt", "done", 1)}
