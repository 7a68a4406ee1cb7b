"""The lottery through the centre: in order only, and what comes out can be drawn again from the file alone."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.integration.trial.test_register import DESIGN
from whatworks.errors import ConflictError, InputError
from whatworks.stats.lot import commitment
from whatworks.trial.drawing import commit, draw, freeze, name_beacon, practise
from whatworks.trial.happening import flow_of
from whatworks.trial.methods.allocating.replaying import read_allocation, replay
from whatworks.trial.models import Trial, TrialLock
from whatworks.trial.opening import lock, open_trial

pytestmark = pytest.mark.django_db

LIST = "unit,authority\n" + "".join(f"School {n},{'North' if n % 2 else 'South'}\n" for n in range(1, 13))
PLAN = DESIGN + '[allocation]\nmethod = "stratified"\nstrata = ["authority"]\n'


def registered() -> Trial:
    trial = open_trial(by="usr:t", title="Workers in Brookfield schools", design=PLAN, demonstration=True)
    protocol = trial.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    return trial


def committed(trial: Trial) -> dict[str, str]:
    """Two custodians' secrets, the same on every run: so is then the draw, and what an analysis of it finds."""
    told = {name: hashlib.sha256(name.encode()).hexdigest()[:32] for name in ("First custodian", "Second custodian")}
    for name, secret in told.items():
        commit(by="usr:t", trial=trial, name=name, commitment=commitment(secret))
    return told


def test_a_draw_of_record_can_be_repeated_from_its_file() -> None:
    trial = registered()
    told = committed(trial)
    freeze(by="usr:t", trial=trial, listed=LIST)
    made = draw(by="usr:t", trial=trial, secrets=told)
    held = read_allocation(made.document)
    assert replay(held).reproduced and held["label"] == "draw of record"
    assert held["commitments"]["frozen"]["design"] == trial.newest().digest  # type: ignore[union-attr]
    found = flow_of(trial)
    assert found.allocated == 12 and [arm.counted["allocated"].units for arm in found.arms] == [6, 6]
    with pytest.raises(ConflictError, match="made once"):
        draw(by="usr:t", trial=trial, secrets=told)


def test_each_step_has_its_place() -> None:
    trial = open_trial(by="usr:t", title="Workers in Brookfield schools", design=PLAN)
    with pytest.raises(ConflictError, match="not registered"):
        freeze(by="usr:t", trial=trial, listed=LIST)
    protocol = trial.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    with pytest.raises(InputError, match="two custodians"):
        freeze(by="usr:t", trial=trial, listed=LIST)
    with pytest.raises(ConflictError, match="not frozen"):
        draw(by="usr:t", trial=trial, secrets={})
    told = committed(trial)
    freeze(by="usr:t", trial=trial, listed=LIST)
    with pytest.raises(InputError, match="nobody can commit after that"):
        commit(by="usr:t", trial=trial, name="Third", commitment=commitment("x"))
    with pytest.raises(InputError, match="does not match the commitment"):
        draw(by="usr:t", trial=trial, secrets=told | {"First custodian": "another"})
    with pytest.raises(InputError, match="has not told the secret"):
        draw(by="usr:t", trial=trial, secrets={"First custodian": told["First custodian"]})
    draw(by="usr:t", trial=trial, secrets=told)


def test_a_beacon_whose_time_has_come_is_refused_at_the_freeze() -> None:
    trial = registered()
    commit(by="usr:t", trial=trial, name="A custodian", commitment=commitment("secret"))
    name_beacon(
        by="usr:t", trial=trial, name="Beacon", source="a lottery", round="12", named_for="2020-01-01T00:00:00Z"
    )
    with pytest.raises(InputError, match="name a later one"):
        freeze(by="usr:t", trial=trial, listed=LIST)


def test_a_typed_seed_makes_practice_only() -> None:
    trial = registered()
    made = practise(by="usr:t", trial=trial, listed=LIST, typed="42")
    assert made.practice and json.loads(made.document)["label"] == "practice only"
    assert flow_of(trial).allocated == 0
