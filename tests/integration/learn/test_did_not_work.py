"""What did not work comes by rule: a trial by its interval, a pilot by its decision, the rest by what is on record."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.journey.centres import build_roads
from whatworks.collate.models import Report
from whatworks.learn.undone import DECLINED, RETRACTED, WITHDRAWN, everything
from whatworks.learn.undone_trials import HARM, MORE, NOT_SHOWN, PILOT, interval_of
from whatworks.publish.models import Page
from whatworks.publish.writing.withdrawing import withdraw
from whatworks.scope.models import Outcome, OutcomeGroup
from whatworks.scope.questioning import decline_question, take_up
from whatworks.screen.models import Judgement
from whatworks.trial.models import ProgressionDecision, PublishedResult, Trial
from whatworks.trial.opening import open_trial

pytestmark = pytest.mark.django_db


def outcome(direction: str) -> Outcome:
    group = OutcomeGroup.objects.first() or OutcomeGroup.objects.create(id=OutcomeGroup.fresh(), name="Any", order=1)
    made: Outcome = Outcome.objects.register(slug=direction, name=direction, group=group, direction=direction, order=9)
    return made


def trial(title: str, of: Outcome, numbers: dict[str, Any]) -> Trial:
    made: Trial = open_trial(
        by="usr:t", title=title, outcome=of, particulars={"setting": "Mereton"}, demonstration=True
    )
    PublishedResult.objects.create(
        id=PublishedResult.fresh(), trial=made, measured="What it was", primary=True, said="as printed", numbers=numbers,
        source="A made-up paper",
    )  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("direction", "numbers", "kind"),
    [
        ("good-high", {"measure": "RR", "low": 0.9, "high": 1.2}, NOT_SHOWN),
        ("good-high", {"measure": "RR", "low": 1.1, "high": 1.2}, None),
        ("good-high", {"measure": "RR", "low": 0.7, "high": 0.9}, HARM),
        ("good-low", {"measure": "MD", "low": 0.1, "high": 0.3}, HARM),
        ("contact", {"events": [109, 48], "families": [275, 167]}, MORE),
        ("contact", {"events": [61, 55], "families": [172, 171]}, NOT_SHOWN),
        ("contact", {"measure": "RR", "low": 0.7, "high": 0.9}, None),
        ("neutral", {"measure": "RR", "low": 1.1, "high": 1.9}, None),
        ("good-high", {"arms": [36.2, 44.8], "measure": "percent"}, None),
    ],
)
def test_a_trial_is_told_by_the_side_of_its_interval_and_by_nothing_else(
    direction: str, numbers: dict[str, Any], kind: str | None
) -> None:
    """More contact is never called harm, and what cannot be told is not told."""
    trial("A trial", outcome(direction), numbers)
    assert [one.kind for one in everything()] == ([kind] if kind else [])


def test_an_interval_of_counts_is_that_of_two_shares() -> None:
    """By hand: 0.3964 - 0.2874 = 0.1089; standard error 0.0458; 1.96 of them is 0.0897."""
    found = interval_of({"events": [109, 48], "families": [275, 167]})
    assert found is not None and found == pytest.approx((0.0192, 0.1987), abs=2e-4)


def test_everything_that_was_stopped_withdrawn_declined_or_retracted_is_there_and_can_be_found(client: Client) -> None:
    build_roads()
    stopped = trial("A pilot in Mereton", outcome("good-high"), {})
    ProgressionDecision.objects.create(
        pk=ProgressionDecision.fresh(), trial=stopped, protocol=stopped.newest(), number=1, decision="stop",
        decided_by="The board", why="Too few schools wanted it.", signal={}, answers=[], on=timezone.localdate(), by="usr:t",
        at=timezone.now(),
    )  # fmt: skip
    page = Page.objects.exclude(revisions=None).order_by("pk")[0]
    withdraw(by="usr:t", page=page, why="A number on it was wrong.")
    question = take_up(by="usr:t", wording="Do hedgehogs slow cars?", demonstration=True)
    decline_question(by="usr:t", question=question, reason="Nobody studies it.")
    report = Report.objects.filter(pk__in=Judgement.objects.filter(decision="include").values("report")).first()
    if report is None:
        report = Report.objects.filter(contrasts__isnull=False).order_by("pk")[0]
    Report.objects.filter(pk=report.pk).update(retracted_on=datetime.date(2026, 2, 3))
    rows = {one.kind: one for one in everything()}
    assert {PILOT, WITHDRAWN, DECLINED, RETRACTED} <= set(rows)
    assert rows[PILOT].found == "Too few schools wanted it." and rows[WITHDRAWN].found == "A number on it was wrong."
    assert rows[DECLINED].at is not None and "3 February 2026" in rows[RETRACTED].found
    words = client.get("/what-did-not-work/?kind=declined").content.decode()
    assert "Do hedgehogs slow cars?" in words and "Too few schools" not in words
    feed = client.get("/what-did-not-work/feed.atom").content.decode()
    assert feed.count("<entry>") == len(everything()) and "A pilot in Mereton" in feed
    found = client.get("/evidence/?q=hedgehogs").content.decode()
    assert "What did not work" in found and "Nobody studies it." in found
    assert "A pilot in Mereton" not in found
    assert "/what-did-not-work/" in client.get("/evidence/").content.decode()
