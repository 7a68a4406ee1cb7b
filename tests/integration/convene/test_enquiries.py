"""Enquiries from the box to the answer: the clock, letters by real mail, the log for everybody, questions, and forgetting."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from tests.fakes.smtp import Sink, sinking
from whatworks.convene import enquiring, enquiring_further, enquiring_offers, guarding
from whatworks.convene.enquiring_calendar import bank_holidays
from whatworks.convene.enquiring_letters import send
from whatworks.convene.enquiring_retention import forget_enquiry, forget_text
from whatworks.convene.methods import clock
from whatworks.convene.models import Disclosure, Enquiry, EnquiryEvent, Letter, Offered, Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Job, Payload
from whatworks.ledger.verification import verify
from whatworks.ledger.work import claim
from whatworks.people.actions import add_user
from whatworks.scope.models import Question

pytestmark = pytest.mark.django_db

WORDS = "How much did the change projects of 2019 cost altogether, and who was paid for what in which year?"
TO = "asks@fernshire.example"


def asked(sort: str = "information", reply_to: str = "", **more: Any) -> Enquiry:
    return enquiring.ask(words=WORDS, sort=sort, reply_to=reply_to, demonstration=True, **more)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real mail server on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with sinking() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def test_its_clock_runs_from_the_day_it_came() -> None:
    """Stored for the list, worked out anew whenever it is read; and verified."""
    enquiry = asked(received_on=datetime.date(2018, 3, 1), by="usr:e")
    assert enquiry.due_on == datetime.date(2018, 4, 3)
    enquiring.sort_out(by="usr:e", enquiry=enquiry, sort="information", regime="foia")
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ASK, words="Which?", on=datetime.date(2018, 3, 20))
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.due_on) == ("clarifying", None)
    moved = enquiring.move(by="usr:e", enquiry=enquiry, what=clock.REPLY, on=datetime.date(2018, 7, 2))
    assert moved.due_on == datetime.date(2018, 7, 31)
    with pytest.raises(InputError, match="by 31 July 2018"):
        enquiring.move(by="usr:e", enquiry=moved, what=clock.EXTEND, words="More.", exemption="s22")
    assert [one.what for one in enquiry.history.order_by("number")] == [
        "received", "sorted", "clarification-asked", "clarified",
    ]  # fmt: skip
    assert verify().differences == []
    Enquiry.objects.filter(pk=enquiry.pk).update(due_on=datetime.date(2018, 8, 30))
    assert [one.what for one in verify().differences] == ["where an enquiry stands"]


def test_the_history_is_append_only() -> None:
    """A day that was told to somebody cannot be made another."""
    event = asked().history.get()
    for change in (lambda: EnquiryEvent.objects.filter(pk=event.pk).update(on="2018-01-01"), event.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("sort", ["own-data", "data-complaint"])
def test_what_is_about_oneself_lies_apart(sort: str, client: Client) -> None:
    """Its words say who somebody is, whatever a pattern finds; whoever answers enquiries hears only that it waits."""
    enquiry = asked(sort)
    assert Quarantined.objects.get(text=enquiry.text).content == WORDS
    user, _password = add_user(by="test", email="e@fernshire.example", roles=["enquiries"])
    client.force_login(user)
    for address in ("/workspace/enquiries/", f"/workspace/enquiries/{enquiry.pk}/"):
        page = client.get(address).content.decode()
        assert "apart" in page and "change projects" not in page


def test_sorted_as_ones_own_data_it_is_put_apart_then() -> None:
    """Also what was written back in the meantime."""
    enquiry = asked("general")
    enquiring.write_back(token=enquiry.text.token, words="It is about me and my brother.")
    enquiring.sort_out(by="usr:e", enquiry=enquiry, sort="own-data")
    assert set(Text.objects.values_list("state", flat=True)) == {"quarantined"}
    with pytest.raises(InputError, match="own data"):
        enquiring_further.raise_question(by="usr:e", enquiry=enquiry, wording="Does it help?")


def test_letters_go_by_real_mail(sink: Sink, django_capture_on_commit_callbacks: Any) -> None:
    """With the private address, and no word of the enquiry; a letter goes once."""
    with django_capture_on_commit_callbacks(execute=True):
        enquiry = asked(reply_to=TO)
    with django_capture_on_commit_callbacks(execute=True):
        enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ANSWER, words="It cost what the log says.")
    first, second = sink.took()
    assert second["To"] == TO and enquiry.pk in second["Subject"]
    body = second.get_content()
    assert "It cost what the log says." in body and f"/mine/{enquiry.text.token}/" in body
    assert "change projects" not in first.get_content() + body
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    with pytest.raises(ConflictError, match="sent"):
        send(Letter.objects.latest("at"))


def test_a_letter_that_could_not_go_can_be_sent_again(
    settings: Any, sink: Sink, django_capture_on_commit_callbacks: Any
) -> None:
    """The answer stands at the private address meanwhile."""
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    with django_capture_on_commit_callbacks(execute=True):
        enquiry = asked(reply_to=TO)
    letter = enquiry.letters.get()
    assert letter.state == "failed"
    settings.EMAIL_PORT = port
    assert send(letter).state == "sent"
    assert len(sink.took()) == 1


def test_at_the_private_address_it_is_seen_answered_and_deleted(client: Client) -> None:
    """Without an account and without a cookie; deleted, the words and the letters are gone and the counts stay."""
    enquiry = asked()
    address = f"/mine/{enquiry.text.token}/"
    page = client.get(address)
    assert page.status_code == 200 and not page.cookies
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "no-referrer"
    assert "challenge/?of=" not in page.content.decode()
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ASK, words="Which year do you mean?")
    assert "Which year do you mean?" in client.get(address).content.decode()
    assert client.post(address, {"step": "write", "words": ""}).status_code == 400
    assert client.post(address, {"step": "write", "words": "Every year until now, please."}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.due_on) == ("received", bank_holidays().after(timezone.localdate(), 20))
    assert client.post(address, {"step": "review"}).status_code == 400
    assert client.post(address, {"step": "delete"}).status_code == 302
    enquiry.refresh_from_db()
    kept = "\n".join(
        [*Text.objects.values_list("content", flat=True), *Letter.objects.values_list("content", flat=True)]
    )
    assert not kept.strip() and enquiry.state == "withdrawn" and enquiry.history.count() == 4
    assert "change projects" not in " ".join(Payload.objects.values_list("body", flat=True))
    assert "deleted" in client.get(address).content.decode()
    assert client.get("/mine/nobodys/").status_code == 404
    assert verify().differences == []


def test_a_review_is_asked_for_at_the_private_address(client: Client) -> None:
    """Where the rule has one; its own clock runs."""
    enquiry = asked()
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ANSWER, words="No.")
    assert client.post(f"/mine/{enquiry.text.token}/", {"step": "review"}).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.due_on) == ("reviewing", bank_holidays().after(timezone.localdate(), 20))


def test_an_answer_for_everybody_is_in_our_words(client: Client) -> None:
    """Not theirs, naming nobody, and only once it is answered."""
    enquiry = asked()
    told: dict[str, Any] = {
        "title": "Cost of the projects",
        "answered": "2.4 million pounds were set aside.",
        "outcome": "full",
    }
    mine = "What the projects of 2019 cost."
    with pytest.raises(InputError, match="not answered yet"):
        enquiring_further.disclose(by="usr:e", enquiry=enquiry, asked=mine, **told)
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ANSWER, words="See the log.")
    with pytest.raises(InputError, match="how they put it"):
        enquiring_further.disclose(by="usr:e", enquiry=enquiry, asked=WORDS, **told)
    with pytest.raises(InputError, match="a name"):
        enquiring_further.disclose(by="usr:e", enquiry=enquiry, asked="What Mr Smith asked.", **told)
    made = enquiring_further.disclose(by="usr:e", enquiry=enquiry, asked=mine, **told)
    with pytest.raises(ConflictError):
        enquiring_further.disclose(by="usr:e", enquiry=enquiry, asked=mine, **told)
    for address in ("/answers/", f"/answers/{made.number}/", "/answers/answers.csv"):
        page = client.get(address)
        assert page.status_code == 200 and "Cost of the projects" in page.content.decode()
        assert enquiry.pk not in page.content.decode() and not page.cookies
    enquiring.forget(by="usr:e", enquiry=enquiry)
    assert Disclosure.objects.get().answered.startswith("2.4 million")
    assert verify().differences == []


def test_an_enquiry_becomes_a_question_and_those_who_asked_are_told_once(
    sink: Sink, django_capture_on_commit_callbacks: Any
) -> None:
    """By e-mail, or at the private address; never twice, and not where they deleted what they sent."""
    from tests.integration.journey.centres import build_roads
    from whatworks.publish.models import Page

    build_roads()
    answer = Page.objects.exclude(revisions=None).order_by("pk")[0]
    with django_capture_on_commit_callbacks(execute=True):
        first, second, gone = asked("general", reply_to=TO), asked("general"), asked("general", reply_to=TO)
    with pytest.raises(InputError, match="how they put it"):
        enquiring_further.raise_question(by="usr:e", enquiry=first, wording=WORDS[:90])
    wording = "What do projects of change cost for each child who takes part?"
    question = enquiring_further.raise_question(by="usr:e", enquiry=first, wording=wording)
    assert (question.origin_id, question.origin_kind, question.state) == (first.pk, "enquiry", "open")
    for one in (second, gone):
        enquiring_further.link_question(by="usr:e", enquiry=one, question=question)
    enquiring.forget(by="usr:e", enquiry=gone)
    before = len(sink.took())
    with django_capture_on_commit_callbacks(execute=True):
        assert enquiring_further.answer_and_tell(by="usr:e", question=question, answer=answer.pk) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert enquiring_further.tell_enquirers(by="usr:e", subject=answer.pk) == 0
        assert enquiring_further.tell_enquirers(by="usr:e", subject=question.pk) == 0
    letters = sink.took()[before:]
    assert [one["To"] for one in letters] == [TO]
    assert f"/evidence/{answer.slug}/" in letters[0].get_content()
    assert any(f"/evidence/{answer.slug}/" in one.content for one in second.letters.all())
    assert Question.objects.get().state == "answered"
    offers = enquiring_offers.offers(answer.title)
    assert f"/evidence/{answer.slug}/" in [one["href"] for one in offers]
    assert verify().differences == []


def test_published_answers_come_first_and_it_is_counted_whether_they_were_enough(client: Client) -> None:
    """Shown, opened, sent all the same: counted without who, without what, without a cookie."""
    enquiry = asked()
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ANSWER, words="See the log.")
    enquiring_further.disclose(
        by="usr:e", enquiry=enquiry, title="Cost of the projects of change", asked="What those projects cost.",
        answered="It is in the accounts.", outcome="part", exemption="s22",
    )  # fmt: skip
    page = client.get("/ask/")
    assert page.status_code == 200 and not page.cookies
    for _ in range(2):
        looked = client.post("/ask/", {"step": "look", "words": "What did the projects cost?"})
        assert "Cost of the projects of change" in looked.content.decode() and not looked.cookies
    first, second = Offered.objects.order_by("pk")
    assert client.get(f"/ask/to/{first.pk}/answer/1/").headers["Location"] == "/answers/1/"
    assert client.get(f"/ask/to/{first.pk}/elsewhere/1/").status_code == 404
    told = {"step": "send", "words": WORDS, "sort": "general", "reply_to": "", "offer": second.pk}
    sent = client.post("/ask/", told)
    assert sent.status_code == 302 and sent.headers["Location"].startswith("/mine/")
    assert enquiring_offers.deflection() == {"shown": 2, "followed": 1, "submitted": 1, "enough": 1}
    count = Enquiry.objects.count()
    assert client.post("/ask/", told | {"website": "https://buy.example"}).status_code == 302
    assert Enquiry.objects.count() == count
    assert client.post("/ask/", told | {"sort": ""}).status_code == 400


def test_colleagues_take_each_step_in_the_workspace(client: Client) -> None:
    """Only the steps that can be taken now are there; what is wrong is said where it is."""
    user, _password = add_user(by="test", email="e@fernshire.example", roles=["enquiries"])
    client.force_login(user)
    entered = client.post(
        "/workspace/enquiries/enter/", {"words": WORDS, "sort": "information", "received_on": "2018-03-01"}
    )
    enquiry = Enquiry.objects.get()
    address = f"/workspace/enquiries/{enquiry.pk}/"
    assert entered.headers["Location"] == address
    page = client.get(address).content.decode()
    assert "Very late" in page and "3 April 2018" in page and "step-review-asked" not in page
    assert client.post(address, {"step": "sort", "sort": "information", "regime": ""}).status_code == 400
    assert client.post(address, {"step": "sort", "sort": "information", "regime": "foia"}).status_code == 302
    late = client.post(address, {"step": "extended", "words": "More time.", "exemption": "s22"})
    assert late.status_code == 400 and "too late" in late.content.decode()
    assert client.post(address, {"step": "answered", "words": ""}).status_code == 400
    assert client.post(address, {"step": "answered", "words": "Here it is."}).status_code == 302
    assert "step-review-asked" in client.get(address).content.decode()
    assert client.post(address, {"step": "forget"}).status_code == 302
    assert guarding.words_of(Enquiry.objects.get().text) == ""
    for path in ("/workspace/enquiries/", "/workspace/enquiries/questions/"):
        assert client.get(path).status_code == 200


def test_a_closed_enquiry_is_forgotten_when_its_time_is_over() -> None:
    """By the worker, at the moment that was set when it was closed; not before, and not one that is open again."""
    enquiry = asked("general")
    enquiring.move(by="usr:e", enquiry=enquiry, what=clock.ANSWER, words="It is in the log.")
    job = Job.objects.get(kind="convene.forget-enquiry")
    assert job.lease_until is not None and job.lease_until - timezone.now() > datetime.timedelta(days=729)
    assert claim("worker") is None
    for days, state in ((0, "kept"), (731, "deleted")):
        then = timezone.now() + datetime.timedelta(days=days)
        with patch("whatworks.convene.enquiring_retention.timezone.now", return_value=then):
            forget_enquiry({"enquiry": enquiry.pk}, {})
        assert Text.objects.get().state == state
    assert not Letter.objects.exclude(content="").exists()


def test_a_text_that_was_not_shown_goes_after_its_time() -> None:
    """And one that shows stays."""
    refused, shown = (guarding.take(kind="comment", content=f"It says nothing. {n}") for n in "ab")
    guarding.refuse(by="usr:m", text=refused, reason="elsewhere")
    guarding.show(by="usr:m", text=shown)
    assert Job.objects.filter(kind="convene.forget-text").count() == 1
    then = timezone.now() + datetime.timedelta(days=181)
    with patch("whatworks.convene.enquiring_retention.timezone.now", return_value=then):
        for one in (refused, shown):
            forget_text({"text": one.pk}, {})
    assert [Text.objects.get(pk=one.pk).state for one in (refused, shown)] == ["deleted", "shown"]
