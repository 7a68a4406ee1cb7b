"""What answers a question may be a guide: those who asked hear of it, of its revisions, and that it is out of use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.journey.centres import build_roads
from tests.integration.publish import guides as made
from whatworks.convene import enquiring, enquiring_further
from whatworks.convene.models import Enquiry
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.models import Job
from whatworks.ledger.work import work_off
from whatworks.publish.guides.guiding import reinstate_guide, withdraw_guide
from whatworks.scope.models import Question

pytestmark = pytest.mark.django_db
BY, WHY = "usr:t", "What it rests on was retracted."


@pytest.fixture
def enquiry(settings: Any, tmp_path: Path) -> Enquiry:
    """Somebody asked, and it became a question."""
    settings.HOME = tmp_path
    build_roads()
    held = enquiring.ask(words="What makes the streets of a town safer?", sort="general", demonstration=True)
    enquiring_further.raise_question(by=BY, enquiry=held, wording="Which ways are there to make a street safer?")
    return held


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return re.sub(r"\s+", " ", response.content.decode())


def told(enquiry: Enquiry) -> list[str]:
    work_off()
    assert not Job.objects.filter(state=Job.FAILED).exists()
    return [one.what for one in enquiry.history.order_by("number")]


def last(enquiry: Enquiry) -> str:
    return str(enquiry.letters.order_by("-at", "-pk")[0].content)


def test_a_guide_that_answers_is_told_of_like_a_page(enquiry: Enquiry) -> None:
    question, revision = Question.objects.get(), made.published()
    guide = revision.guide
    assert enquiring_further.answer_and_tell(by=BY, question=question, answer=guide.pk) == 1
    assert f"/guides/{guide.slug}/" in last(enquiry)
    shown = read(f"/questions/{question.pk}/")
    assert f"{guide.title} (the guide, revision 1)" in shown and "Ask the people who live there" in shown
    assert "The question it answers" in read(f"/guides/{guide.slug}/")
    made.published("It says who pays.", answer="Ask, look, and ask again.")
    assert told(enquiry)[-1] == "renewed" and "It says who pays." in last(enquiry)
    withdraw_guide(by=BY, guide=guide, why=WHY)
    assert told(enquiry)[-1] == "gone" and WHY in last(enquiry)
    assert WHY in read(f"/questions/{question.pk}/") and WHY in read(f"/mine/{enquiry.text.token}/")
    assert enquiring_further.tell_enquirers(by=BY, subject=guide.pk) == 0, "nobody is sent to what is out of use"
    made.published("Written anew.", answer="Look, and ask.")
    assert told(enquiry)[-1] == "gone", "of what is out of use nothing else is told"
    reinstate_guide(by=BY, guide=guide, why="It rests on something else now.")
    assert told(enquiry)[-1] == "back" and "It rests on something else now." in last(enquiry)
    assert told(enquiry).count("told") == 1


def test_why_a_guide_is_checked_again_is_said_where_it_answers(enquiry: Enquiry) -> None:
    question, revision = Question.objects.get(), made.published()
    enquiring_further.answer_and_tell(by=BY, question=question, answer=revision.guide.pk)
    analysis = made.analysis()
    event = record(verb="extract.move-test", by=BY, about=[analysis])
    assert revision.pk in mark_stale(analysis.pk, event=event)
    assert told(enquiry)[-1] == "moved" and "Something behind this guide has changed." in last(enquiry)
    assert "We have been checking it since" in read(f"/questions/{question.pk}/")
    assert "We are checking it." in read(f"/mine/{enquiry.text.token}/")
