"""Planning a review on a finished one: from the file to the curves, by work that goes on when the page is left."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.screen.team import imported, review_of
from tests.integration.screen.test_leading_numbers import decide
from tests.integration.screen.test_leading_pages import able, signed_in
from tests.unit.screen.test_planning import past
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import claim, run, work_off
from whatworks.people.models import User
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.planning import LEARNERS, PLAN
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db
AT = "/workspace/planning/"


@pytest.fixture
def lead() -> User:
    return able("Lead Lark", "lead")


def table(header: str = "title,abstract,included", said: str = "") -> str:
    titles, _, labels = past(60, 6)
    rows = [f"{title},,{label}" for title, label in zip(titles, labels, strict=True)]
    return "\n".join([header, *rows, *([f"A title,,{said}"] if said else [])])


def upload(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("past.csv", text if isinstance(text, bytes) else text.encode())


def given(**changed: Any) -> dict[str, Any]:
    return {"file": upload(table()), "target": "95", "confidence": "95"} | changed


def test_a_file_is_read_again_by_every_learner(lead: User) -> None:
    client = signed_in(lead)
    response = client.post(AT, given())
    assert response.status_code == 302, response.content.decode()
    job = Job.objects.get(kind=PLAN)
    shown = client.get(response.url)  # type: ignore[attr-defined]
    assert shown["Refresh"] == "3" and f"0 of {len(LEARNERS)}" in shown.content.decode()
    work_off()
    job.refresh_from_db()
    assert (job.state, job.done) == (Job.DONE, len(LEARNERS))
    shown = client.get(f"{AT}{job.pk}/")
    page = shown.content.decode()
    assert page.count("<svg") == len(LEARNERS) and "The every-urn test" in page
    assert page.count("The SAFE procedure") == len(LEARNERS) - 1 and "cannot be tried out here" in page
    assert all(f"After {run} irrelevant in a row (a warning)" in page for run in (50, 100, 200))
    assert "Refresh" not in shown
    assert "past.csv" in client.get(AT).content.decode()


def test_a_review_held_here_is_read_again(lead: User) -> None:
    review = review_of(lead, title_rules=StageRules("single"))
    add_search(by=lead.pk, review=review, name="x", imports=[imported(30)])
    decide(lead, review, [1, 0, 1] + [0] * 20)
    client = signed_in(lead)
    assert client.post(AT, {"review": review.pk, "target": "95", "confidence": "95"}).status_code == 302
    work_off()
    assert "Staying at home" in client.get(f"{AT}{Job.objects.get(kind=PLAN).pk}/").content.decode()


def kept(settings: LazySettings) -> list[Path]:
    """What is left of the files that were brought for plans."""
    return list((Path(settings.HOME) / "plans").glob("*"))


def test_the_file_goes_when_the_plan_is_made(lead: User, settings: LazySettings) -> None:
    """Decisions of a review that may not be published must not lie about for ever; two plans share no file."""
    client = signed_in(lead)
    for _ in range(2):
        client.post(AT, given())
    assert len(kept(settings)) == 2
    run(claim("one"))
    assert len(kept(settings)) == 1
    work_off()
    assert kept(settings) == []
    assert set(Job.objects.values_list("state", flat=True)) == {Job.DONE}


def test_the_file_goes_when_the_plan_fails(lead: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(lead).post(AT, given())

    def broken(*_: Any, **__: Any) -> None:
        raise InputError("It cannot be.")

    monkeypatch.setattr("whatworks.screen.methods.planning.plan", broken)
    work_off()
    assert Job.objects.get(kind=PLAN).state == Job.FAILED and kept(settings) == []


def test_what_a_lost_worker_left_goes_with_the_next_plan(lead: User, settings: LazySettings) -> None:
    """A job that kills its worker again and again ends without a step; what waits keeps its file."""
    client = signed_in(lead)
    for _ in range(2):
        client.post(AT, given())
    lost, waiting = Job.objects.filter(kind=PLAN).order_by("pk")
    Job.objects.filter(pk=lost.pk).update(state=Job.FAILED)
    for path in (Path(settings.HOME) / "plans").glob("*/*"):
        os.utime(path, (0, 0))
    client.post(AT, given())
    assert not Path(lost.arguments["path"]).exists()
    assert Path(waiting.arguments["path"]).exists() and len(kept(settings)) == 2


def test_of_a_file_that_cannot_be_read_nothing_stays(lead: User, settings: LazySettings) -> None:
    signed_in(lead).post(AT, given(file=upload(b"title,abstract\na,b\n")))
    assert kept(settings) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"file": None}, "Choose a file or a review"),
        ({"file": b"title,abstract\na,b\n"}, "The table needs a column title or abstract"),
        ({"file": table(said="perhaps")}, "Row 62 says &#x27;perhaps&#x27;"),
        ({"file": "title,included\na,1\nb,0\n"}, "a plan needs at least 10"),
        ({"file": b"title,included\n\xff\xfe,1\n"}, "not text in UTF-8"),
        ({"target": "100"}, "only reading everything finds all"),
        ({"confidence": "a lot"}, "Enter a number"),
    ],
)
def test_a_plan_that_cannot_be(lead: User, changed: dict[str, Any], said: str) -> None:
    sent = given(**{key: value if key != "file" else value and upload(value) for key, value in changed.items()})
    sent = {key: value for key, value in sent.items() if value is not None}
    page = signed_in(lead).post(AT, sent).content.decode()
    assert said in page
    assert not Job.objects.filter(kind=PLAN).exists()


def test_a_plan_is_its_asker_s(lead: User) -> None:
    """The name of a file may tell of a review that nobody knows of yet."""
    signed_in(lead).post(AT, given())
    other = able("Other", "lead")
    assert signed_in(other).get(f"{AT}{Job.objects.get(kind=PLAN).pk}/").status_code == 404
    assert "past.csv" not in signed_in(other).get(AT).content.decode()
    assert signed_in(able("Sam", "screener")).get(AT).status_code == 403
