"""Data come in by digest, the plan runs blind and is locked, the arms are told, and the result joins the evidence."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.integration.trial.test_drawing import LIST, committed
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Artefact
from whatworks.ledger.verification import verify
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.trial import participants
from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
from whatworks.trial.drawing import draw, freeze
from whatworks.trial.models import Correlation, Trial, TrialLock
from whatworks.trial.opening import lock, open_trial
from whatworks.trial.reporting import deposit

DESIGN = """\
[design]
kind = "cluster"
name = "brookfield"
[[arms]]
name = "usual"
[[arms]]
name = "offered"
gets = "a worker in the school"
[estimand]
population = "children of Brookfield"
endpoint = "wellbeing at 12 months"
units = "children"
[allocation]
method = "stratified"
strata = ["authority"]
[analysis]
outcome = "y"
cluster = "school"
declared = "lmm-kr"
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> Path:
    settings.PARTICIPANTS = tmp_path / "participants"
    return settings.PARTICIPANTS


def drawn(**about: Any) -> Trial:
    trial = open_trial(by="usr:t", title="Workers in Brookfield schools", design=DESIGN, demonstration=True, **about)
    protocol = trial.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    told = committed(trial)
    freeze(by="usr:t", trial=trial, listed=LIST)
    draw(by="usr:t", trial=trial, secrets=told)
    return trial


def data(children: int = 15) -> bytes:
    """Made-up children of made-up schools; no arm is in it."""
    lines = ["school,child,y"]
    for school in range(1, 13):
        for child in range(children):
            y = 10 + math.sin(school * 1.7) + 2 * math.sin(school * 31 + child * 12.9898)
            lines.append(f"School {school},{school}-{child},{y:.6f}")
    return ("\n".join(lines) + "\n").encode()


def test_blind_then_locked_then_open(store: Path) -> None:
    trial = drawn()
    held = take_in(by="usr:t", trial=trial, content=data())
    assert take_in(by="usr:t", trial=trial, content=data()) == held
    assert (held.rows, held.columns) == (180, ["school", "child", "y"])
    assert [path.name for path in store.rglob("*.csv")] == [f"{held.digest}.csv"]
    with pytest.raises(ConflictError, match="run the plan on scrambled arms first"):
        lock_plan(by="usr:t", trial=trial)
    with pytest.raises(ConflictError, match="not locked yet"):
        unblind(by="usr:t", trial=trial, reason="The data are complete.")
    blind = run_blind(by="usr:t", trial=trial, dataset=held)
    assert blind.blind and blind.panel["blind"]
    lock_plan(by="usr:t", trial=trial)
    with pytest.raises(ConflictError, match="not told yet"):
        run_open(by="usr:t", trial=trial, dataset=held)
    with pytest.raises(InputError, match="Say why"):
        unblind(by="usr:t", trial=trial, reason=" ")
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    opened = run_open(by="usr:t", trial=trial, dataset=held)
    assert opened.panel["lock"] == {"same": True, "digest": blind.digest, "differences": []}
    assert [row["method"] for row in opened.panel["panel"] if row["declared"]] == ["lmm-kr"]
    bank = Correlation.objects.get(analysis=opened)
    assert bank.measure == "icc" and bank.low is not None and bank.low <= bank.value <= (bank.high or 0)
    assert verify().differences == []


def test_no_row_of_a_participant_is_in_the_database(store: Path) -> None:
    """Every text of every table, looked through for one child's own value."""
    from django.apps import apps

    trial = drawn()
    held = take_in(by="usr:t", trial=trial, content=data())
    run_blind(by="usr:t", trial=trial, dataset=held)
    value = data().decode().splitlines()[1].rpartition(",")[2]
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            assert value not in str(row), model
            assert "1-0" not in [str(cell) for cell in row]


def test_a_file_that_was_changed_or_is_gone_is_not_computed_with(store: Path) -> None:
    trial = drawn()
    held = take_in(by="usr:t", trial=trial, content=data())
    path = participants.folder_of(trial) / f"{held.digest}.csv"
    path.write_bytes(path.read_bytes().replace(b"School 1,1-0,", b"School 2,1-0,"))
    with pytest.raises(InputError, match="was changed since it was taken in"):
        run_blind(by="usr:t", trial=trial, dataset=held)
    path.unlink()
    with pytest.raises(InputError, match="is not in the store"):
        run_blind(by="usr:t", trial=trial, dataset=held)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not a CSV"),
        (b"school,child,y\nSchool 1,1\n", "Line 2 has 2 cells"),
        (b"school,y,y\n", "a name of its own"),
        (b"child,y\n1,2\n", "no column “school”"),
        (b"school,y\nSchool 99,2\n", "School 99, which was not drawn"),
        (b"school,y\nSchool 1,many\n", "many"),
    ],
)
def test_data_that_cannot_be_are_refused_and_nothing_is_kept(store: Path, content: bytes, said: str) -> None:
    trial = drawn()
    with pytest.raises(InputError, match=said):
        take_in(by="usr:t", trial=trial, content=content)
    assert list(store.rglob("*.csv")) == [] and not trial.datasets.exists()


def test_the_result_joins_the_evidence_and_pages_go_stale(roads: None, store: Path) -> None:
    review = Review.objects.order_by("pk")[0]
    contrast = review.studies.order_by("pk")[0].contrasts.order_by("pk")[0]
    about = {
        "intervention": Intervention.objects.get(pk=contrast.intervention_id),
        "outcome": Outcome.objects.get(pk=contrast.outcome_id),
    }
    trial = drawn(**about)
    held = take_in(by="usr:t", trial=trial, content=data())
    run_blind(by="usr:t", trial=trial, dataset=held)
    lock_plan(by="usr:t", trial=trial)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    with pytest.raises(ConflictError, match="before its result is passed on"):
        deposit(by="usr:t", trial=trial, review=review)
    opened = run_open(by="usr:t", trial=trial, dataset=held)
    before = Artefact.objects.exclude(stale_event="").count()
    made = deposit(by="usr:t", trial=trial, review=review)
    assert deposit(by="usr:t", trial=trial, review=review) == made
    row = next(one for one in opened.panel["panel"] if one["declared"])
    finding = made.contrast.findings.get()
    assert (finding.yi, finding.vi) == (row["estimate"], pytest.approx(row["se"] ** 2, rel=1e-12))
    assert Artefact.objects.exclude(stale_event="").count() > before
    assert json.dumps(made.contrast.inputs)
    assert verify().differences == []
