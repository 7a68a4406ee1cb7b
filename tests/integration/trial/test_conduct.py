"""A trial as it is run: the funnel on its pages, what was delivered joined to the data by the locked rule, the pilot and its decision."""

from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.trial.test_analysing import DESIGN, data
from tests.integration.trial.test_drawing import LIST, committed
from whatworks.errors import InputError
from whatworks.trial.analysing import lock_plan, run_blind, run_open, take_in, unblind
from whatworks.trial.delivering import record_fidelity, taken_up
from whatworks.trial.drawing import draw, freeze
from whatworks.trial.happening import record_events
from whatworks.trial.methods.flowing import Happening
from whatworks.trial.models import Delivered, Trial, TrialLock
from whatworks.trial.opening import add_protocol, lock, open_trial
from whatworks.trial.piloting import answer_question, decide_progression
from whatworks.trial.reports.archive import archive
from whatworks.trial.reports.gathering import gather
from whatworks.trial.reports.report import report
from whatworks.trial.reports.text import text
from whatworks.trial.sighting import whole

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 2)
PLAN = (
    DESIGN.replace("[design]", '[design]\nstage = "pilot"', 1).replace(
        'declared = "lmm-kr"', 'declared = "lmm-kr"\nreceived = "took"'
    )
    + """
[compliance]
variable = "took"
measure = "sessions"
enough = 6

[[target]]
on = "2026-03-31"
units = 6
[[target]]
on = "2026-04-30"
units = 12

[[logic]]
part = "input"
says = "A worker in each school"
[[logic]]
part = "outcome"
says = "Children feel supported"
indicator = "the scale of the trial"

[[pilot]]
name = "room"
about = "feasibility"
question = "Is there room for a worker in the school?"
method = "visits"
criterion = "a room in three schools of four"

[[progression]]
name = "schools that agree"
red = 0.3
green = 0.6
"""
)


@pytest.fixture
def trial(settings: Any, tmp_path: Path) -> Trial:
    settings.PARTICIPANTS = tmp_path / "participants"
    made = open_trial(by="usr:t", title="Workers in Brookfield schools", design=PLAN, demonstration=True)
    events = [Happening(f"School {n}", kind, DAY) for n in range(1, 15) for kind in ("approached", "assessed")]
    events += [
        Happening("School 13", "declined", DAY, reason="no room"),
        Happening("School 14", "ineligible", DAY, reason="closing"),
    ]
    events += [Happening(f"School {n}", "agreed", DAY) for n in range(1, 13)]
    record_events(by="usr:t", trial=made, events=events)
    protocol = made.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    told = committed(made)
    freeze(by="usr:t", trial=made, listed=LIST)
    draw(by="usr:t", trial=made, secrets=told)
    return made


def delivers(trial: Trial) -> dict[str, str]:
    """Offered schools have seven sessions each, but School 1 or the first offered one only three."""
    held = whole(trial)
    assert held is not None
    arms: dict[str, str] = held["allocation"]
    offered = [unit for unit, arm in arms.items() if arm == "offered"]
    for unit in offered:
        for period, value in (("spring", 3.0), ("summer", 0.0 if unit == offered[0] else 4.0)):
            record_fidelity(
                by="usr:t",
                trial=trial,
                unit=unit,
                period=period,
                measure="sessions",
                value=value,
                at=DAY,
                source="log of sessions",
            )
    return arms


def test_the_funnel_on_its_page_and_as_a_file(trial: Trial, client: Client) -> None:
    page = client.get(f"/trials/{trial.slug}/recruitment/").content.decode()
    assert "Recruitment over time: Drawn" in page and "Broken line: what the design means to reach" in page
    assert "School 13" not in page  # counts alone for the public
    told = client.get(f"/trials/{trial.slug}/recruitment.csv").content.decode().splitlines()
    assert told == [
        "stage,units,left,waiting",
        "approached,14,1,0",
        "eligible,13,1,0",
        "agreed,12,0,0",
        "baseline,,0,0",
        "drawn,12,0,0",
        "stopped,0,0,0",
    ]


def test_what_was_delivered_becomes_the_compliance_variable_of_the_analysis(trial: Trial) -> None:
    arms = delivers(trial)
    taken = {one.unit: one.taken for one in taken_up(trial)}
    assert sum(value == 1 for value in taken.values()) == 5
    assert {taken[unit] for unit, arm in arms.items() if arm == "usual"} == {0}
    shown = finished(trial).panel
    rows = {row["method"]: row for row in shown["panel"]}
    itt = rows["ols-cr2"]
    assert rows["cace-2sls-cr2"]["estimate"] == pytest.approx(
        itt["estimate"] / (5 / 6), rel=1e-9
    )  # equal schools: ITT over uptake
    assert shown["lock"]["same"]
    held_now = gather(trial)
    assert held_now is not None
    words = " ".join(text(report(held_now)).split())
    for line in (
        "sessions: 6 or more, all periods together",
        "offered Took it up: 5 Did not: 1",
        "The design that ran says in every field what the one that was registered says.",
        "The same, from the standard error that was found",
        "Criterion: not answered yet",
        "How it is meant to work",
        "Drawn Units: 12",
    ):
        assert line in words, line


def test_the_archive_by_command_is_the_one_by_address(
    trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from whatworks.cli import trial_archive

    monkeypatch.setattr(trial_archive, "open_centre", lambda home: home)  # the centre of the tests is open already
    with pytest.raises(InputError, match="has no result yet"):
        trial_archive.archive(trial.slug, tmp_path / "out")
    with pytest.raises(InputError, match="There is no trial “other” here; it can be: workers-in-brookfield-schools"):
        trial_archive.archive("other", tmp_path / "out")
    finished(trial)
    trial_archive.archive(trial.slug, tmp_path / "out", as_json=True)
    told = json.loads(capsys.readouterr().out)
    body = Path(told["file"]).read_bytes()
    held = gather(trial)
    assert held is not None
    assert body == archive(held) and told["sha256"] == hashlib.sha256(body).hexdigest()


def finished(trial: Trial) -> Any:
    """Blind, locked, told, open."""
    held = take_in(by="usr:t", trial=trial, content=data())
    run_blind(by="usr:s", trial=trial, dataset=held)
    lock_plan(by="usr:s", trial=trial)
    unblind(by="usr:t", trial=trial, reason="The data are complete.")
    return run_open(by="usr:s", trial=trial, dataset=held)


def test_the_rule_is_the_one_that_was_registered(trial: Trial) -> None:
    """A later protocol may not move the threshold under what was seen."""
    delivers(trial)
    before = taken_up(trial)
    add_protocol(
        by="usr:t",
        trial=trial,
        seen=1,
        what_changed="Fewer sessions are enough.",
        design=PLAN.replace("enough = 6", "enough = 1"),
    )
    assert taken_up(trial) == before


def test_a_later_value_puts_right_and_both_are_kept(trial: Trial) -> None:
    told: dict[str, Any] = {
        "by": "usr:t",
        "trial": trial,
        "unit": "School 1",
        "period": "spring",
        "measure": "sessions",
        "at": DAY,
    }
    record_fidelity(**told, value=2.0, source="log")
    record_fidelity(**told, value=7.0, source="log, corrected")
    assert Delivered.objects.count() == 2
    assert next(one for one in taken_up(trial) if one.unit == "School 1").components[0].value == 7.0
    with pytest.raises(InputError, match="is no measure of this design; it has: sessions"):
        record_fidelity(**told | {"measure": "visits"}, value=1.0, source="log")
    with pytest.raises(InputError, match="School 99 was not drawn"):
        record_fidelity(**told | {"unit": "School 99"}, value=1.0, source="log")


def test_data_may_not_bring_the_variable_that_is_made(trial: Trial) -> None:
    delivers(trial)
    lines = data().decode().splitlines()
    body = "\n".join([lines[0] + ",took", *(line + ",1" for line in lines[1:])])
    with pytest.raises(InputError, match="made of what was delivered"):
        take_in(by="usr:t", trial=trial, content=body.encode())


def test_a_pilot_is_answered_without_anybodys_words_and_decided_by_people(trial: Trial, client: Client) -> None:
    told: dict[str, Any] = {
        "by": "usr:t",
        "trial": trial,
        "question": "room",
        "asked": "visits to twelve schools",
        "on": DAY,
    }
    with pytest.raises(InputError, match="keep nobody's own words"):
        answer_question(**told, summary="A head said “no room”.", outcome="met")
    answer_question(**told, summary="Eleven of twelve schools had a room.", outcome="met")
    with pytest.raises(InputError, match="Nothing was counted for schools that agree"):
        decide_progression(
            by="usr:t", trial=trial, decision="go on", decided_by="the steering group", why="Enough.", counts=[], on=DAY
        )
    made = decide_progression(
        by="usr:t", trial=trial, decision="change and look again", decided_by="the steering group",
        why="Green, but two councils only.", counts=[("schools that agree", 12, 14)], on=DAY,
    )  # fmt: skip
    assert (made.signal["colour"], made.answers) == ("green", [1])
    page = client.get(f"/trials/{trial.slug}/pilot/").content.decode()
    for words in (
        "A worker in each school",
        "Eleven of twelve schools had a room.",
        "Change and look again",
        "12 of 14",
        "signal-green",
    ):
        assert words in page


def test_verification_finds_a_value_that_was_changed(trial: Trial) -> None:
    from whatworks.ledger import triggers
    from whatworks.ledger.verification import Report
    from whatworks.trial.checks import check_trials

    delivers(trial)
    triggers.remove()
    Delivered.objects.filter(number=1).update(value=99.0)
    report = Report()
    check_trials(report)
    triggers.install()
    assert [one.what for one in report.differences] == ["what was delivered"]
