"""The pages of an analysis: who may declare and lock, what each form says to what cannot be, what everybody reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.integration.journey.centres import BY, ROADS
from tests.integration.screen.team import person
from whatworks.archive.loading import load_pack
from whatworks.ledger.work import work_off
from whatworks.people.models import Assignment, User
from whatworks.synthesise.models import Analysis, Declaration, Lock, Synthesis

pytestmark = pytest.mark.django_db


def able(name: str, role: str) -> Client:
    user: User = person(name)
    Assignment.objects.create(user=user, role=role, given_by="cli")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def first(db: None) -> Analysis:
    load_pack(folder=ROADS, by=BY)
    return Analysis.objects.get()


@pytest.fixture
def statistician(first: Analysis) -> Client:
    return able("Stat", "statistician")


def given(first: Analysis, **changed: Any) -> dict[str, Any]:
    told = {
        "title": "Lower limits and injuries",
        "review": first.review_id,
        "intervention": first.intervention_id,
        "outcome": first.outcome_id,
        "unit": "streets",
        "question": "Do lower limits reduce injuries?",
        "metric": "RD",
        "model": "random",
        "tau2": "REML",
        "interval": "hksj",
        "take": "longest",
        "designs": "any",
        "rho": "0.6",
        "sensitivity": ["leave-one-out", "intervals"],
    }
    return told | changed


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_statistician_declares_locks_runs_and_reads(first: Analysis, statistician: Client) -> None:
    page = statistician.post("/workspace/declare/", given(first), follow=True)
    assert page.redirect_chain == [("/workspace/analyses/lower-limits-and-injuries/", 302)]
    assert "had been extracted" in text(page) and "Lock the plan" in text(page)
    here = "/workspace/analyses/lower-limits-and-injuries/"
    statistician.post(f"{here}lock/", {"seen": 1})
    statistician.post(f"{here}run/")
    assert "waits to be run" in text(statistician.get(here))
    work_off()
    shown = text(statistician.get(here))
    assert "Forest plot" in shown and "<svg" in shown and "Each study left out in turn" in shown
    drawing = shown.partition("<svg")[2].partition("</svg>")[0]
    assert "Oak Town 2017" in drawing and "risk difference" in drawing, "studies by name, on a scale with a name"
    assert "library(metafor)" in text(statistician.get(f"{here}analysis.R"))
    assert text(statistician.get(f"{here}inputs.csv")).startswith("study,yi,vi")
    assert statistician.get(f"{here}analysis.json").json()["result"]["k"] == 3


def test_who_read_another_version_does_not_lock_this_one(first: Analysis, statistician: Client) -> None:
    statistician.post("/workspace/declare/", given(first))
    here = "/workspace/analyses/lower-limits-and-injuries/"
    statistician.post(f"{here}change/", given(first, tau2="PM", seen=1))
    assert Declaration.objects.count() == 2
    assert "meanwhile" in text(statistician.post(f"{here}lock/", {"seen": 1}, follow=True))
    assert "meanwhile" in text(statistician.post(f"{here}lock/", {"seen": "x"}, follow=True))
    assert not Lock.objects.exists()


def test_a_deviation_asks_for_its_reason_and_is_shown(first: Analysis, statistician: Client) -> None:
    statistician.post("/workspace/declare/", given(first))
    here = "/workspace/analyses/lower-limits-and-injuries/"
    statistician.post(f"{here}lock/", {"seen": 1})
    assert "why you depart" in text(statistician.post(f"{here}change/", given(first, tau2="PM", seen=1)))
    statistician.post(f"{here}change/", given(first, tau2="PM", seen=1, why="The referee asked."))
    shown = text(statistician.get(here))
    assert "Deviation" in shown and "The referee asked." in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"question": ""}, "what the analysis asks"),
        ({"take": "every"}, "depend on each other"),
        ({"months_from": "12", "months_to": "6"}, "ends before it begins"),
        ({"title": "…"}, "letters or digits"),
        ({"outcome": "out-none"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    first: Analysis, statistician: Client, wrong: dict[str, Any], said: str
) -> None:
    page = statistician.post("/workspace/declare/", given(first, **wrong))
    assert page.status_code == 200 and said in text(page) and "There is a problem" in text(page)
    assert not Declaration.objects.exists()


def test_others_read_but_do_not_declare(first: Analysis) -> None:
    screener = able("Sam", "screener")
    assert screener.get("/workspace/analyses/").status_code == 200
    page = screener.get(f"/workspace/analyses/{first.slug}/")
    assert page.status_code == 200 and "Lock the plan" not in text(page)
    assert "How this analysis was declared is not recorded" in text(page)
    assert screener.get("/workspace/declare/").status_code == 403
    assert screener.post(f"/workspace/analyses/{first.slug}/run/").status_code == 403
    assert Client().get("/workspace/analyses/").status_code == 302


def test_what_has_no_result_cannot_be_taken_away(first: Analysis) -> None:
    screener = able("Sam", "screener")
    assert not Synthesis.objects.filter(analysis=first).exists()
    page = screener.get(f"/workspace/analyses/{first.slug}/analysis.R", follow=True)
    assert "has no result yet" in text(page)
