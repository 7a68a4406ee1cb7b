"""Questions of practice answered from the store: two people, a citation for each paragraph, word to who asked, and a mark when it moves."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.integration.journey.centres import build_roads
from whatworks.convene import enquiring, enquiring_further
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.learn import answering
from whatworks.learn.looping_work import work
from whatworks.learn.models import AnswerDraft, PracticeAnswer
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.addresses import link_to
from whatworks.ledger.models import Subject
from whatworks.ledger.verification import verify
from whatworks.people.actions import add_user
from whatworks.publish.models import Page
from whatworks.scope.models import Question
from whatworks.scope.questioning import decline_question, take_up

pytestmark = pytest.mark.django_db
WRITER, SECOND = "usr:w", "usr:s"


@pytest.fixture
def page(db: None) -> Page:
    """A published page of the tiny pack."""
    build_roads()
    found: Page = Page.objects.exclude(revisions=None).order_by("pk")[0]
    return found


def question(words: str = "Does it help on roads near schools?") -> Question:
    made: Question = take_up(by="usr:t", wording=words, demonstration=True)
    return made


def test_an_answer_is_read_by_a_second_person_cites_the_revision_and_tells_who_asked(
    page: Page, client: Client
) -> None:
    enquiry = enquiring.ask(words="Please say whether this does any good where we are.", sort="general")
    asked = enquiring_further.raise_question(by="usr:t", enquiry=enquiry, wording="Does it help on roads near schools?")
    text = f"Fewer cars went too fast. [{page.pk}]\n\nWe do not know for how long. [{page.pk}]"
    draft = answering.write_answer(by=WRITER, question=asked, text=text, asked_as="practitioner")
    newest = page.newest()
    assert newest is not None and draft.parts[0]["cites"] == [newest.pk]
    assert "Fewer cars" not in client.get(f"/questions/{asked.pk}/").content.decode()
    with pytest.raises(ForbiddenError, match="You wrote this answer"):
        answering.approve_answer(by=WRITER, draft=draft)
    made = answering.approve_answer(by=SECOND, draft=draft)
    asked.refresh_from_db()
    assert (asked.state, asked.answer_id, AnswerDraft.objects.count()) == ("answered", made.pk, 0)
    shown = client.get(f"/questions/{asked.pk}/")
    words = shown.content.decode()
    assert (
        "Fewer cars went too fast." in words and f"/revisions/{newest.number}/" in words and "a practitioner" in words
    )
    assert not shown.cookies and "has moved since" not in words
    assert link_to(Subject.objects.get(pk=made.pk))["href"] == f"/questions/{asked.pk}/#our-answer"
    assert enquiry.history.filter(what="told", to=made.pk).count() == 1
    assert "asked by a practitioner" in client.get("/questions/?state=answered").content.decode()
    assert verify().differences == []


def test_an_answer_is_marked_when_its_ground_moves_and_a_new_one_stands_beside_it(page: Page, client: Client) -> None:
    asked = question()
    first = answering.approve_answer(
        by=SECOND, draft=answering.write_answer(by=WRITER, question=asked, text=f"It may help. [{page.pk}]")
    )
    newest = page.newest()
    assert newest is not None and not answering.has_moved(first)
    report = newest.subject.rests_on.order_by("input").values_list("input_id", flat=True)[0]
    mark_stale(report, event=record(verb="collate.retract", by="usr:t", about=[report]))
    assert answering.moved_since(first) == [newest.pk] and [one.about for one in work(["moved"])] == [asked.pk]
    assert "has moved since" in client.get(f"/questions/{asked.pk}/").content.decode()
    rating = Subject.objects.filter(kind="rating").order_by("pk")[0]
    second = answering.approve_answer(
        by=SECOND, draft=answering.write_answer(by=WRITER, question=asked, text=f"We look again. [{rating.pk}]")
    )
    assert second.number == 2 and list(PracticeAnswer.objects.newest()) == [second]
    assert "1 earlier answer is kept" in client.get(f"/questions/{asked.pk}/").content.decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It helps.", "says nothing of what it rests on"),
        ("Jane Smith, aged 7, of 4 High Street, LS1 4AB was helped. [{page}]", "looks like"),
        ("It helps. [pag-nowhere]", "no page, guide, result or rating"),
    ],
)
def test_an_answer_without_ground_or_that_names_somebody_is_refused(page: Page, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        answering.write_answer(by=WRITER, question=question(), text=text.replace("{page}", page.pk))
    assert AnswerDraft.objects.count() == 0


def test_it_is_sent_back_and_a_declined_question_is_not_answered(page: Page, client: Client) -> None:
    asked, text = question(), f"It may help. [{page.pk}]"
    editor, _ = add_user(by="test", email="ed@fernshire.example", roles=["editor"])
    writer, _ = add_user(by="test", email="w@fernshire.example", roles=["loop"])
    client.force_login(writer)
    sent = client.post(f"/workspace/answers/{asked.pk}/", {"text": text, "asked_as": "young person"})
    assert sent.status_code == 302 and client.get(f"/workspace/answers/{asked.pk}/check/").status_code == 403
    client.force_login(editor)
    assert "Answers that wait for a second person" in client.get("/workspace/").content.decode()
    assert client.post(f"/workspace/answers/{asked.pk}/check/", {"step": "back", "why": " "}).status_code == 400
    assert (
        client.post(f"/workspace/answers/{asked.pk}/check/", {"step": "back", "why": "Say where."}).status_code == 302
    )
    assert AnswerDraft.objects.get().sent_back == "Say where."
    assert client.post(f"/workspace/answers/{asked.pk}/check/", {"step": "approve"}).status_code == 302
    assert PracticeAnswer.objects.get().approved_by == editor.actor
    other = question("Does it help on other roads?")
    decline_question(by="usr:t", question=other, reason="Too wide.")
    with pytest.raises(ConflictError, match="was declined"):
        answering.write_answer(by=WRITER, question=other, text=text)
