"""What was changed behind the centre's back is found in each place: design, list, draw, seed, data, analysis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.trial.test_analysing import data, drawn
from whatworks.ledger import triggers
from whatworks.ledger.verification import verify
from whatworks.trial import participants
from whatworks.trial.analysing import run_blind, take_in
from whatworks.trial.models import Allocation, FrozenList, Trial, TrialAnalysis, UnitEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial(settings: Any, tmp_path: Path) -> Iterator[Trial]:
    """A trial with data and a blind analysis, whose tables for once refuse nothing."""
    settings.PARTICIPANTS = tmp_path / "participants"
    made = drawn()
    run_blind(by="usr:t", trial=made, dataset=take_in(by="usr:t", trial=made, content=data(5)))
    assert verify().differences == []
    triggers.remove()
    yield made
    triggers.install()


def found() -> set[str]:
    return {one.identifier for one in verify().differences}


def test_a_unit_that_was_put_into_the_frozen_list(trial: Trial) -> None:
    held = FrozenList.objects.get()
    held.units["rows"][0][0] = "School 99"
    FrozenList.objects.filter(pk=held.pk).update(units=held.units)
    told = [one for one in verify().differences if one.identifier == held.pk]
    assert {one.what for one in told} >= {"list"}


@pytest.mark.parametrize("change", ["arm", "seed", "secret"])
def test_a_draw_that_was_changed_with_its_digest(trial: Trial, change: str) -> None:
    """Even where whoever changed it put the new digest beside it."""
    import hashlib
    import json

    held = Allocation.objects.get()
    document = json.loads(held.document)
    if change == "arm":
        unit = next(iter(document["allocation"]))
        document["allocation"][unit] = "usual" if document["allocation"][unit] == "offered" else "offered"
    elif change == "seed":
        document["seed"] = "0" * 64
    else:
        document["commitments"]["parties"][0]["secret"] = "another"
    text = json.dumps(document)
    Allocation.objects.filter(pk=held.pk).update(document=text, digest=hashlib.sha256(text.encode()).hexdigest())
    assert any(one.identifier == held.pk and "draw" in one.what for one in verify().differences)


def test_a_row_of_a_participant_that_was_changed(trial: Trial) -> None:
    held = trial.datasets.get()
    path = participants.folder_of(trial) / f"{held.digest}.csv"
    path.write_bytes(path.read_bytes().replace(b"School 1,1-0,", b"School 2,1-0,"))
    told = [one for one in verify().differences if one.identifier == TrialAnalysis.objects.get().pk]
    assert [one.what for one in told if "was changed since it was taken in" in one.what]


def test_a_number_in_a_panel_that_was_changed(trial: Trial) -> None:
    held = TrialAnalysis.objects.get()
    held.panel["panel"][0]["estimate"] += 0.01
    TrialAnalysis.objects.filter(pk=held.pk).update(panel=held.panel)
    assert held.pk in found()


def test_an_event_that_was_taken_out(trial: Trial) -> None:
    held = UnitEvent.objects.order_by("number")[0]
    UnitEvent.objects.filter(pk=held.pk).delete()
    assert held.pk in found()


def test_rows_that_are_elsewhere_are_said(trial: Trial) -> None:
    held = trial.datasets.get()
    (participants.folder_of(trial) / f"{held.digest}.csv").unlink()
    assert any("not in the store of participants" in note for note in verify().notes)
