"""A trial's entry: versions, locks, events; the pages that show them; and that a change of what was locked is seen."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from whatworks.errors import ConflictError, InputError
from whatworks.ledger import triggers
from whatworks.ledger.verification import verify
from whatworks.trial.happening import flow_of, record_events
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.models import Trial, TrialLock, TrialProtocol
from whatworks.trial.opening import add_protocol, lock, open_trial

pytestmark = pytest.mark.django_db

DESIGN = """\
[design]
kind = "cluster"
name = "brookfield"
question = "Does it help?"
[[arms]]
name = "usual"
[[arms]]
name = "offered"
gets = "a worker in the school"
[size]
clusters = 40
per_cluster = 50
icc = 0.05
[analysis]
cluster = "school"
declared = "lmm-kr"
"""
DAY = datetime.date(2026, 1, 5)


def opened() -> Trial:
    return open_trial(
        by="usr:t",
        title="Workers in Brookfield schools",
        design=DESIGN,
        particulars={"status": "planned"},
        demonstration=True,
    )


def test_a_trial_opens_with_its_protocol_and_every_change_is_a_version() -> None:
    trial = opened()
    first = trial.newest()
    assert first is not None and (first.number, first.what_changed) == (1, "")
    changed = DESIGN.replace("0.05", "0.08")
    told = {"status": "recruiting", "ethics": "Approved by a committee of Brookfield."}
    second = add_protocol(
        by="usr:t", trial=trial, seen=1, what_changed="A larger ICC.", design=changed, particulars=told
    )
    assert second.number == 2 and second.digest != first.digest
    with pytest.raises(ConflictError, match="Somebody else changed"):
        add_protocol(by="usr:t", trial=trial, seen=1, what_changed="x", design=DESIGN)
    with pytest.raises(InputError, match="Nothing is different"):
        add_protocol(by="usr:t", trial=trial, seen=2, what_changed="x", design=changed, particulars=told)
    with pytest.raises(InputError, match="Say what changed"):
        add_protocol(by="usr:t", trial=trial, seen=2, what_changed=" ", design=DESIGN)
    with pytest.raises(InputError, match="did you mean"):
        add_protocol(by="usr:t", trial=trial, seen=2, what_changed="x", design=DESIGN.replace("icc", "iccc"))
    with pytest.raises(ConflictError, match="already"):
        opened()


def test_what_is_locked_is_locked_once_and_only_where_it_stands() -> None:
    trial = opened()
    first = trial.newest()
    assert first is not None
    made = lock(by="usr:t", protocol=first, what=TrialLock.REGISTRATION)
    assert made.digest == first.digest
    assert lock(by="usr:t", protocol=first, what=TrialLock.REGISTRATION) == made
    add_protocol(by="usr:t", trial=trial, seen=1, what_changed="Words.", design=DESIGN + "# a note\n")
    with pytest.raises(ConflictError, match="no longer the newest"):
        lock(by="usr:t", protocol=first, what=TrialLock.PLAN, text="The plan.")


def test_events_make_the_flow_and_none_is_taken_out() -> None:
    trial = opened()
    record_events(
        by="usr:t",
        trial=trial,
        events=[
            Happening("A", "assessed", DAY),
            Happening("A", "allocated", DAY, arm="offered"),
            Happening("A", "enrolled", DAY, 40),
            Happening("A", "analysed", DAY, 39),
        ],
    )
    assert flow_of(trial).problems == ["A: one person is not accounted for."]
    record_events(by="usr:t", trial=trial, events=[Happening("A", "lost", DAY, 1, reason="moved away")])
    assert flow_of(trial).problems == []
    with pytest.raises(InputError, match="in the future"):
        record_events(by="usr:t", trial=trial, events=[Happening("A", "late", datetime.date(2999, 1, 1))])
    with pytest.raises(InputError, match="An arm is said"):
        record_events(by="usr:t", trial=trial, events=[Happening("B", "allocated", DAY, arm="third")])
    with pytest.raises(DatabaseError), transaction.atomic():
        trial.unit_events.all().delete()


def test_the_register_shows_it_to_anybody(client: Client) -> None:
    trial = opened()
    add_protocol(by="usr:t", trial=trial, seen=1, what_changed="A larger ICC.", design=DESIGN.replace("0.05", "0.08"))
    record_events(by="usr:t", trial=trial, events=[Happening("=A()", "assessed", DAY)])
    listed = client.get("/trials/").content.decode()
    assert "Workers in Brookfield schools" in listed and "made-up trial" in listed
    page = client.get(f"/trials/{trial.slug}/").content.decode()
    assert "No registration number is known here" in page and "a worker in the school" in page
    assert "Nothing has been drawn here" in page
    version = client.get(f"/trials/{trial.slug}/protocols/2/").content.decode()
    assert "-icc = 0.05" in version and "+icc = 0.08" in version
    file = client.get(f"/trials/{trial.slug}/protocols/1/design.toml")
    assert file.content.decode() == DESIGN
    events = client.get(f"/trials/{trial.slug}/events.csv").content.decode()
    assert "'=A()" in events
    assert client.get("/trials/none/").status_code == 404
    assert client.get(f"/trials/{trial.slug}/protocols/9/").status_code == 404


def test_a_design_that_was_changed_behind_our_back_is_named() -> None:
    trial = opened()
    protocol = trial.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    assert verify().differences == []
    triggers.remove()
    try:
        TrialProtocol.objects.filter(pk=protocol.pk).update(design=DESIGN.replace("0.05", "0.01"))
        assert protocol.pk in {one.identifier for one in verify().differences}
    finally:
        triggers.install()
