"""A concealed draw: nobody sees an arm by any page or file until arms are told, but by a look that stands in the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.trial.test_analysing import DESIGN, data
from tests.integration.trial.test_drawing import LIST
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.verification import verify
from whatworks.stats.lot import commitment
from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
from whatworks.trial.drawing import commit, draw, freeze
from whatworks.trial.happening import flow_of, record_events
from whatworks.trial.methods.flowing import RECEIVED, Happening
from whatworks.trial.models import ConcealedDraw, Trial, TrialLock, UnitEvent
from whatworks.trial.opening import lock, open_trial
from whatworks.trial.sighting import see_arms

pytestmark = pytest.mark.django_db

CONCEALED = DESIGN.replace("[allocation]", "[allocation]\nconcealed = true")
SECRETS = {"First custodian": "11" * 16, "Second custodian": "22" * 16}
OTHERS = {"First custodian": "33" * 16, "Second custodian": "44" * 16}


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.PARTICIPANTS = tmp_path / "participants"
    return settings.PARTICIPANTS


def concealed(secrets: dict[str, str] = SECRETS, design: str = CONCEALED) -> Trial:
    trial = open_trial(by="usr:t", title="Workers in Brookfield schools", design=design, demonstration=True)
    protocol = trial.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    for name, secret in secrets.items():
        commit(by="usr:t", trial=trial, name=name, commitment=commitment(secret))
    freeze(by="usr:t", trial=trial, listed=LIST)
    draw(by="usr:t", trial=trial, secrets=secrets)
    return trial


def arms_of(trial: Trial) -> dict[str, str]:
    document = ConcealedDraw.objects.get(allocation__trial=trial).document
    found: dict[str, str] = json.loads(document)["allocation"]
    return found


def test_what_is_published_at_once_tells_no_arm() -> None:
    trial = concealed()
    drawn = trial.allocations.get()
    held = json.loads(drawn.document)
    assert not {"seed", "allocation", "counts", "balance", "candidates"} & set(held)
    assert not any("secret" in party for party in held["commitments"]["parties"])
    assert not any(secret in drawn.document for secret in SECRETS.values())
    assert set(UnitEvent.objects.filter(trial=trial).values_list("arm", flat=True)) == {""}
    found = flow_of(trial)
    assert found.allocated == 12 and len(found.arms) == 1


def test_a_whole_concealed_trial_comes_to_the_same_as_an_open_one(store: Path) -> None:
    trial = concealed()
    told = take_in(by="usr:t", trial=trial, content=data())
    blind = run_blind(by="usr:s", trial=trial, dataset=told)
    lock_plan(by="usr:s", trial=trial)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    drawn = trial.allocations.get()
    assert json.loads(drawn.whole_file())["allocation"] == arms_of(trial)
    assert [arm.counted["allocated"].units for arm in flow_of(trial).arms] == [6, 6]
    shown = run_open(by="usr:s", trial=trial, dataset=told)
    assert shown.panel["lock"] == {"same": True, "digest": blind.digest, "differences": []}
    held = verify()
    assert held.differences == []


def test_a_blind_run_is_the_same_whatever_was_drawn(store: Path) -> None:
    """A public exchange of the true arms could be undone; so nothing of a blind run may hang on them."""
    from django.db import transaction

    digests, drawn = [], []
    for secrets in (SECRETS, OTHERS):
        with transaction.atomic():
            trial = concealed(secrets)
            told = take_in(by="usr:t", trial=trial, content=data())
            digests.append((run_blind(by="usr:s", trial=trial, dataset=told).digest, told.counts, told.checks))
            drawn.append(arms_of(trial))
            transaction.set_rollback(True)
    assert drawn[0] != drawn[1]
    assert digests[0] == digests[1]


def test_a_look_stands_in_the_record_and_bars_from_blind_work(store: Path) -> None:
    trial = concealed()
    told = take_in(by="usr:t", trial=trial, content=data())
    with pytest.raises(InputError, match="Say why you need to know"):
        see_arms(by="usr:m", trial=trial, reason=" ")
    with pytest.raises(InputError, match="School 99 was not drawn"):
        see_arms(by="usr:m", trial=trial, reason="An emergency.", unit="School 99")
    assert see_arms(by="usr:m", trial=trial, reason="An emergency.", unit="School 1") == {
        "School 1": arms_of(trial)["School 1"]
    }
    assert [(one.unit, one.by) for one in trial.sights.all()] == [("School 1", "usr:m")]
    with pytest.raises(ConflictError, match="You have looked at the arms"):
        run_blind(by="usr:m", trial=trial, dataset=told)
    run_blind(by="usr:s", trial=trial, dataset=told)
    with pytest.raises(ConflictError, match="You have looked at the arms"):
        lock_plan(by="usr:m", trial=trial)
    assert verify().differences == []


def test_nothing_that_would_tell_an_arm_is_taken_while_arms_are_concealed(store: Path) -> None:
    import datetime

    trial = concealed()
    with pytest.raises(InputError, match="would tell the arm"):
        record_events(by="usr:t", trial=trial, events=[Happening("School 1", RECEIVED, datetime.date(2026, 1, 1))])
    lines = data().decode().splitlines()
    with_arm = "\n".join([lines[0] + ",arm", *(line + ",usual" for line in lines[1:])])
    with pytest.raises(InputError, match="take that column out"):
        take_in(by="usr:t", trial=trial, content=with_arm.encode())


def test_a_whole_file_that_was_changed_is_found() -> None:
    from whatworks.ledger import triggers

    concealed()
    assert verify().differences == []
    triggers.remove()
    held = ConcealedDraw.objects.get()
    changed = held.document.replace('"School 1": "usual"', '"School 1": "offered"', 1)
    if changed == held.document:
        changed = held.document.replace('"School 1": "offered"', '"School 1": "usual"', 1)
    ConcealedDraw.objects.filter(pk=held.pk).update(document=changed)
    told = {one.what for one in verify().differences}
    triggers.install()
    assert "concealed draw: digest of the whole file" in told


def test_a_stepped_wedge_is_not_concealed() -> None:
    from whatworks.trial.methods.design import read

    with pytest.raises(InputError, match="in view of all"):
        read('[design]\nkind = "stepped-wedge"\n[allocation]\nmethod = "stepped-wedge"\nconcealed = true\n')
