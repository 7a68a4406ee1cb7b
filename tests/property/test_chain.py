"""Tampering shows, whatever the character; erasing does not break the chain, whoever is erased."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import assume, given
from hypothesis import strategies as st

from whatworks.ledger import triggers
from whatworks.ledger.actions import erase, record, record_node
from whatworks.ledger.models import Event, Payload, Seal, Subject
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.verification import Report, check_ledger
from whatworks.scope.models import Theme

pytestmark = pytest.mark.django_db

EVENT = ("uid", "stream", "verb", "actor", "at", "subjects", "digests", "commitment")
PAYLOAD = ("key", "body", "state", "erased_by")
SEAL = ("stream", "number", "hash")
COLUMNS = (
    [("ledger_event", "id", name) for name in EVENT]
    + [("ledger_payload", "event_id", name) for name in PAYLOAD]
    + [("ledger_seal", "event_id", name) for name in SEAL]
)
DIGITS, LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZé"


def verdict() -> Report:
    report = Report()
    check_ledger(report)
    return report


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that every example starts from the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def chain() -> list[int]:
    """A small chain: rows vouched for, a payload, an erasure, an event of the other stream. Gives the events' keys."""
    theme = Theme.objects.register("thm-00000001", slug="s", name="A theme", line="é", order=1)
    Subject.objects.create(identifier="usr-00000001", kind="user", title="A user")
    record(verb="scope.add", by="usr-00000002", made=[theme], payload={"said": "words", "n": 1.5})
    record(verb="test.act", by="usr-00000001", about=["usr-00000001", theme], payload={"name": "somebody"})
    erase(subject="usr-00000001", by="usr-00000002", reason="asked")
    record_node(verb="people.sign-in", by="usr-00000002")
    seal_all()
    assert verdict().differences == []
    triggers.remove()
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def held(table: str, key: str, column: str, event: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({column} AS text) FROM {table} WHERE {key} = %s", [event])
        return str(cursor.fetchone()[0])


def put(table: str, key: str, column: str, event: int, value: str) -> bool:
    """Change a value behind the program's back; no where the database itself refuses it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, event])
    except DatabaseError:
        return False
    return True


def seen(event: int) -> object:
    """What the program reads of an event, its payload and its seal; None where it cannot be read any more."""
    try:
        one = Event.objects.select_related("payload", "seal").get(pk=event)
        values = one.sealed_values()
    except (ValueError, AttributeError):
        return None
    payload = (one.payload.key.lower(), one.payload.body, one.payload.state, one.payload.erased_by)
    return values, payload, (one.seal.stream, one.seal.number, one.seal.hash)


def another(draw: st.DrawFn, character: str) -> str:
    """A character of the same sort, so that dates stay dates and most JSON stays JSON."""
    same = next((sort for sort in (DIGITS, LETTERS) if character in sort), DIGITS + LETTERS + ' ":,{}[]-')
    return draw(st.sampled_from([one for one in same if one != character]))


def test_any_one_changed_character_is_named(chain: list[int]) -> None:
    tried: set[tuple[str, str]] = set()

    @given(st.data())
    def is_named(data: st.DataObject) -> None:
        event, (table, key, column) = data.draw(st.sampled_from(chain)), data.draw(st.sampled_from(COLUMNS))
        before, text = seen(event), held(table, key, column, event)
        assume(text)
        place = data.draw(st.integers(0, len(text) - 1))
        changed = text[:place] + another(data.draw, text[place]) + text[place + 1 :]
        with undone():
            assume(put(table, key, column, event, changed))
            assume(seen(event) not in (None, before))
            uid = Event.objects.get(pk=event).uid
            assert uid in {one.identifier for one in verdict().differences}, (table, column, text, changed)
            tried.add((table, column))

    is_named()
    assert len(tried) >= 10


@pytest.mark.parametrize(("table", "key", "column"), COLUMNS)
def test_each_column_is_watched(chain: list[int], table: str, key: str, column: str) -> None:
    """The property above draws columns at random; here each has its turn, in the last event too."""
    found = 0
    for event in chain:
        text = held(table, key, column, event)
        digit = next((place for place, one in enumerate(text) if one in DIGITS + LETTERS[:26]), None)
        if digit is None:
            continue
        other = "7" if text[digit] in DIGITS.replace("7", "") else "6" if text[digit] == "7" else "b"
        changed = text[:digit] + (other if text[digit] != "b" else "c") + text[digit + 1 :]
        with undone():
            if put(table, key, column, event, changed):
                uid = Event.objects.get(pk=event).uid
                assert uid in {one.identifier for one in verdict().differences}, (text, changed)
                found += 1
    assert found or (table, column) == ("ledger_event", "stream")  # where the database allows no third stream


SUBJECTS = [f"sty-0000000{number}" for number in range(5)]
events = st.lists(st.sets(st.sampled_from(SUBJECTS)), min_size=1, max_size=6)


@given(about=events, erased=st.lists(st.sampled_from(SUBJECTS), max_size=6), sealed=st.booleans())
def test_whoever_is_erased_the_chain_holds_and_their_words_are_gone(
    about: list[set[str]], erased: list[str], sealed: bool
) -> None:
    with undone():
        Subject.objects.bulk_create(Subject(identifier=one, kind="study", title=f"Title of {one}") for one in SUBJECTS)
        made = [
            record(verb="test.act", by="usr-1", about=one, payload={"said": f"words {n}"})
            for n, one in enumerate(about)
        ]
        if sealed:
            seal_all()
        for subject in erased:
            erase(subject=subject, by="usr-admin", reason="asked")
        seal_all()
        report, gone = verdict(), set(erased)
        assert report.differences == []
        for event, named in zip(made, about, strict=True):
            payload = Payload.objects.get(event=event)
            assert (payload.state == Payload.ERASED) == bool(named & gone)
            assert bool(payload.body) == bool(payload.key) == (not named & gone)
        assert {one["event"] for one in report.erased} >= {
            event.uid for event, named in zip(made, about, strict=True) if named & gone
        }
        assert not Subject.objects.filter(pk__in=gone).exclude(title="(erased)").exists()
        assert Seal.objects.count() == len(about) + len(erased)
