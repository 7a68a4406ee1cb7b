"""The chain: every action leaves one event, tampering shows, erasing does not break it, writers do not wait for it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from whatworks.errors import InputError
from whatworks.ledger import triggers
from whatworks.ledger.actions import commitment, erase, record, record_node
from whatworks.ledger.models import Event, Payload, Pending, Seal, Subject
from whatworks.ledger.sealer import GENESIS, chain_hash, head, seal_all
from whatworks.ledger.verification import Report, check_ledger

pytestmark = pytest.mark.django_db


def verdict() -> Report:
    report = Report()
    check_ledger(report)
    return report


def subject(identifier: str = "sty-00000001") -> str:
    Subject.objects.create(identifier=identifier, kind="study", title="A study")
    return identifier


def test_an_event_needs_an_actor() -> None:
    with pytest.raises(InputError, match="no actor"):
        record(verb="test.act", by="")


def test_an_event_waits_for_the_sealer_and_is_then_numbered() -> None:
    events = [record(verb="test.act", by="usr-1", payload={"n": n}) for n in range(3)]
    assert Event.objects.unsealed().count() == 3
    assert verdict().unsealed == 3
    assert seal_all() == 3
    assert [(s.number, s.event_id) for s in Seal.objects.all()] == [(n + 1, e.id) for n, e in enumerate(events)]
    assert Seal.objects.get(number=1).hash == chain_hash(GENESIS, events[0])
    assert not Pending.objects.exists()
    assert verdict().differences == []


def test_content_and_node_events_are_separate_chains() -> None:
    record(verb="test.act", by="usr-1")
    record_node(verb="people.sign-in", by="usr-1")
    seal_all()
    assert head("content")[0] == head("node")[0] == 1


@pytest.mark.parametrize("statement", ["UPDATE ledger_event SET actor = 'usr-2'", "DELETE FROM ledger_eventsubject"])
def test_the_database_refuses_to_change_or_delete_events(statement: str) -> None:
    record(verb="test.act", by="usr-1", about=[subject()])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_changed_event_breaks_the_chain_at_its_number() -> None:
    for n in range(4):
        record(verb="test.act", by="usr-1", payload={"n": n})
    seal_all()
    second = Seal.objects.get(number=2).event
    triggers.remove()
    Event.objects.filter(pk=second.pk).update(actor="usr-9")
    triggers.install()
    found = verdict().differences
    assert [one.identifier for one in found] == [second.uid]
    assert "number 2" in found[0].what


def test_a_removed_seal_is_found() -> None:
    for _ in range(3):
        record(verb="test.act", by="usr-1")
    seal_all()
    triggers.remove()
    Seal.objects.filter(number=2).delete()
    triggers.install()
    assert any("neither sealed nor waiting" in one.what for one in verdict().differences)


def test_a_changed_payload_no_longer_matches_its_commitment() -> None:
    event = record(verb="test.act", by="usr-1", payload={"said": "one"})
    Payload.objects.filter(event=event).update(body='{"said":"two"}')
    assert [one.what for one in verdict().differences] == ["payload changed"]


def test_a_commitment_says_nothing_without_its_key() -> None:
    assert commitment("00" * 32, "yes") != commitment("11" * 32, "yes")


def test_erasing_a_subject_keeps_the_chain_valid_and_says_so() -> None:
    who = subject("usr-12345678")
    event = record(verb="test.act", by="usr-1", about=[who], payload={"name": "somebody"})
    seal_all()
    erasure = erase(subject=who, by="usr-admin", reason="asked to be forgotten")
    seal_all()
    report = verdict()
    payload = Payload.objects.get(event=event)
    assert report.differences == []
    assert report.erased == [{"event": event.uid, "on": erasure.at.date().isoformat(), "by": erasure.uid}]
    assert (payload.state, payload.body, payload.key) == (Payload.ERASED, "", "")
    assert Subject.objects.get(pk=who).title == "(erased)"


def test_a_payload_that_vanished_without_an_erasure_is_found() -> None:
    event = record(verb="test.act", by="usr-1", payload={"name": "somebody"})
    Payload.objects.filter(event=event).update(body="", key="", state=Payload.ERASED)
    assert [one.what for one in verdict().differences] == ["payload erased by no event"]


def test_a_missing_trigger_is_found() -> None:
    triggers.remove()
    found = {one.identifier for one in verdict().differences}
    triggers.install()
    assert {"ledger_event_no_update", "ledger_event_no_delete", "ledger_seal_no_update"} <= found


def test_an_event_rolled_back_with_its_action_leaves_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(verb="test.act", by="usr-1")
        raise RuntimeError
    assert not Event.objects.exists()
