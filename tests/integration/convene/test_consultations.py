"""Consultations through the centre: answers behind the guard, two coders apart, signed messages, consent that travels, promises kept."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from whatworks.convene import guarding
from whatworks.convene.consultation_presenters import consultation_of, document_of, message_of
from whatworks.convene.consulting import by_token, change_scope, counts, open_consultation, respond, upload, withdraw
from whatworks.convene.message_slides import slides
from whatworks.convene.models import (
    Answer,
    Consultation,
    KeyMessage,
    MessageDone,
    Text,
    ThemeCoding,
    ThemeSettled,
    ThemeSuggestion,
)
from whatworks.convene.theming import (
    add_theme,
    agreement,
    code,
    counted,
    quotes_of,
    settle,
    sign_message,
    suggest,
    tell_done,
    to_code,
    to_settle,
    write_message,
)
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.verification import verify

pytestmark = pytest.mark.django_db
QUESTIONS = [
    {"key": "who", "sort": "choice", "words": "Who are you?", "options": ["A carer", "A worker"]},
    {"key": "sure", "sort": "scale", "words": "Do you feel listened to?"},
    {"key": "helps", "sort": "text", "words": "What would help?"},
]
WORDS = [
    "Workers who stay and listen to us",
    "Listen before you decide",
    "A quiet room to meet in",
    "More rooms and warm meeting places",
]


def opened() -> Consultation:
    today = timezone.localdate()
    return open_consultation(by="usr:t", title="What would help in Fernshire?", questions=QUESTIONS, opens_on=today,
                             closes_on=today + datetime.timedelta(days=5), demonstration=True)  # fmt: skip


def answered(held: Consultation, scope: str = "quote") -> list[str]:
    """Four answers that a moderator let through; gives the ends of the private addresses."""
    tokens = [
        respond(consultation=held, answers={"who": "A carer", "sure": "4", "helps": words}, scope=scope)[1]
        for words in WORDS
    ]
    for text in Text.objects.filter(kind="response"):
        guarding.show(by="usr:m", text=text)
    return tokens


def coded(held: Consultation) -> tuple[str, str]:
    """Two coders who differ on the second answer."""
    heard = add_theme(by="usr:t", consultation=held, title="Being heard", meaning="listen, decide with us").pk
    rooms = add_theme(by="usr:t", consultation=held, title="Places to meet", meaning="rooms").pk
    first, second = [[heard], [heard], [rooms], [rooms]], [[heard], [], [rooms], [rooms]]
    for coder, found in (("usr:a", first), ("usr:b", second)):
        for themes in found:
            answer = to_code(held, coder)
            assert answer is not None
            code(by=coder, answer=answer, themes=themes)
    return heard, rooms


def test_two_people_code_apart_and_a_third_does_not() -> None:
    held = opened()
    answered(held)
    heard, rooms = coded(held)
    assert to_code(held, "usr:c") is None
    first = Answer.objects.order_by("number").first()
    assert first is not None
    with pytest.raises(ConflictError, match="Two people"):
        code(by="usr:c", answer=first, themes=[rooms])
    with pytest.raises(ConflictError, match="You have coded"):
        code(by="usr:a", answer=first, themes=[rooms])
    assert [one.number for one in to_settle(held)] == [2] and ThemeSettled.objects.count() == 3
    found = {one.theme: one for one in agreement(held)}
    assert (found["Being heard"].both, found["Being heard"].first_only, found["Being heard"].neither) == (1, 1, 2)
    assert found["Places to meet"].alpha.value == 1.0
    # alpha by hand: d 1, 2N 8, yes 3, no 5: 1 - 1 * 7 / 15
    assert found["Being heard"].alpha.value == pytest.approx(1 - 7 / 15, abs=1e-12)
    with pytest.raises(InputError, match="Say why"):
        settle(by="usr:t", answer=to_settle(held)[0], themes=[heard], why="")
    settle(by="usr:t", answer=to_settle(held)[0], themes=[heard], why="It asks to be heard.")
    assert counted(held) == {heard: 2, rooms: 2} and to_settle(held) == []
    assert (
        found["Being heard"] == {one.theme: one for one in agreement(held)}["Being heard"]
    )  # settling moves no figure


def test_what_a_machine_proposes_is_no_coding_and_is_not_shown() -> None:
    """Else a suggestion could be published that nobody signed."""
    held = opened()
    answered(held)
    theme = add_theme(by="usr:t", consultation=held, title="Being heard", meaning="listen to us")
    assert suggest(by="usr:t", consultation=held) >= 2
    assert ThemeSuggestion.objects.exists() and not ThemeCoding.objects.exists() and counted(held) == {theme.pk: 0}
    message = write_message(by="rule:x", consultation=held, words="Listen.", themes=[theme])
    assert quotes_of(message) == [] and consultation_of(held)["messages"] == []
    with pytest.raises(ForbiddenError, match="A person signs"):
        sign_message(by="rule:x", message=message)


def test_consent_travels_and_withdrawal_is_gone_from_the_next_build() -> None:
    """Else a report made after somebody took an answer back would still show it."""
    held = opened()
    tokens = answered(held)
    heard, _rooms = coded(held)
    message = write_message(
        by="usr:t", consultation=held, words="Listen to people.", themes=[held.themes.get(pk=heard)]
    )
    with pytest.raises(ConflictError, match="not settled"):
        sign_message(by="usr:t", message=message)
    settle(by="usr:t", answer=to_settle(held)[0], themes=[heard], why="It asks to be heard.")
    sign_message(by="usr:t", message=message)
    assert [one.text.content for one in quotes_of(message)] == WORDS[:2]
    built = str(document_of(consultation_of(held)))
    assert all(words in built for words in WORDS[:2])
    first, second = (by_token(token) for token in tokens[:2])
    assert first is not None and second is not None
    change_scope(response=first, scope="count")
    withdraw(response=second)
    assert quotes_of(message) == []
    built = str(document_of(consultation_of(held)))
    assert not any(words in built for words in WORDS) and consultation_of(held)["withdrawn"] == 1
    assert counted(held)[heard] == 1 and counts(held)[0]["answered"] == 3
    assert not Text.objects.filter(content=WORDS[1]).exists() and Answer.objects.count() == 4
    slide = zipfile.ZipFile(io.BytesIO(slides(consultation_of(held))))
    assert not any(WORDS[0] in slide.read(name).decode("utf-8", "ignore") for name in slide.namelist())


def test_only_what_a_moderator_let_through_is_quoted() -> None:
    held = opened()
    respond(consultation=held, answers={"helps": WORDS[0]}, scope="quote")
    theme = add_theme(by="usr:t", consultation=held, title="Being heard")
    for coder in ("usr:a", "usr:b"):
        code(by=coder, answer=to_code(held, coder), themes=[theme.pk])  # type: ignore[arg-type]
    message = sign_message(
        by="usr:t", message=write_message(by="usr:t", consultation=held, words="Listen.", themes=[theme])
    )
    assert quotes_of(message) == []
    guarding.show(by="usr:m", text=Text.objects.get(kind="response"))
    assert len(quotes_of(message)) == 1


def test_an_answer_that_names_somebody_lies_apart_and_is_not_coded() -> None:
    held = opened()
    respond(
        consultation=held,
        answers={"helps": "My son Daniel Brown, born 3 May 2011, needs help, call 01632 960123."},
        scope="quote",
    )
    assert Text.objects.get(kind="response").state == Text.QUARANTINED and to_code(held, "usr:a") is None


def test_a_file_of_answers_comes_in_whole_or_not() -> None:
    held = opened()
    table = "id,said\n1,Warm rooms\n2,\n3,Time to talk\n"
    with pytest.raises(InputError, match="no column"):
        upload(by="usr:t", consultation=held, question="helps", table=table, column="text", scope="count", name="a.csv")
    with pytest.raises(InputError, match="no question with free text"):
        upload(by="usr:t", consultation=held, question="who", table=table, column="said", scope="count", name="a.csv")
    assert (
        upload(by="usr:t", consultation=held, question="helps", table=table, column="said", scope="count", name="a.csv")
        == 2
    )
    assert list(held.responses.values_list("origin", flat=True)) == ["file: a.csv"] * 2


def test_promises_are_kept_in_the_open() -> None:
    """Else "done" could be said without anything to show, or an earlier word could vanish."""
    held = open_consultation(by="usr:t", title="What stakeholders told us")
    with pytest.raises(InputError, match="theme or a source"):
        write_message(by="usr:t", consultation=held, words="Made-up message.")
    message = write_message(by="usr:t", consultation=held, words="Made-up message.", source="A made-up report")
    sign_message(by="usr:t", message=message)
    with pytest.raises(InputError, match="What is done is shown"):
        tell_done(by="usr:t", message=message, state="done", words="It is done.")
    tell_done(by="usr:t", message=message, state="promised", words="We will.")
    tell_done(by="usr:t", message=message, state="not done", words="It cost more than we had.")
    told = message_of(KeyMessage.objects.get())
    assert (told["now"].state, [one.state for one in told["before"]]) == ("not done", ["promised"])
    assert MessageDone.objects.count() == 2
    assert [one for one in verify().differences if one.identifier.startswith(("cst", "kms", "mdo"))] == []


def test_what_was_said_at_an_event_is_read_at_the_event(client: Client) -> None:
    """Notes of an evening are brought in, coded and told like any answers; nobody is asked anything online."""
    from tests.integration.convene.test_events_of_people import opened as an_event
    from whatworks.people.actions import add_user

    event = an_event()
    client.force_login(add_user(by="test", email="convener@fernshire.example", roles=["convener"])[0])
    told = {
        "title": "Said that evening",
        "about": "Notes",
        "questions": "note; text; What was said?",
        "gathering": event.pk,
    }
    client.post("/workspace/asked/", told | {"demonstration": "on"})
    held = Consultation.objects.get()
    assert held.gathering == event and held.opens_on is None
    assert f'href="/consultations/{held.slug}/"' in client.get(f"/events/{event.slug}/").content.decode()
    half = client.post("/workspace/asked/", told | {"title": "Another", "opens_on": "2026-05-01"})
    assert half.status_code == 400 and Consultation.objects.count() == 1
