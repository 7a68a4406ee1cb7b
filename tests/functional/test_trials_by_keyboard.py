"""A trial from its protocol to its result with no pointer at all: Tab, Enter, Space and typing, the focus seen wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import Pages
from tests.functional.hands import Hands
from tests.functional.test_trials import SECRETS, SIZED, published_contrast
from tests.integration.trial.test_analysing import data
from tests.integration.trial.test_drawing import LIST
from whatworks.stats.lot import commitment


@pytest.fixture
def person(live_server: Any, settings: Any, tmp_path: Path) -> tuple[str, str]:
    """Somebody who does everything in a very small centre."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    settings.PARTICIPANTS = tmp_path / "participants"
    build_roads()
    roles = ["trialist", "custodian", "statistician"]
    user, password = add_user(by="test", email="all@fernshire.example", roles=roles)
    return user.email, password


@pytest.mark.slow
def test_a_trial_by_keyboard_alone(live_server: Any, person: tuple[str, str], open_page: Pages, tmp_path: Path) -> None:
    page = open_page(1280)
    hands, about = Hands(page), published_contrast()
    page.goto(f"{live_server.url}/account/login/")
    hands.write("Email", person[0])
    hands.write("Password", person[1])
    hands.follow("Sign in")
    hands.follow("The trials, step by step")
    opens(hands, about)
    hands.follow("Lock the design for registration")
    for name, secret in SECRETS.items():
        hands.write("Your part", name)
        hands.write("Your commitment", commitment(secret))
        hands.follow("Publish my commitment")
    draws(hands, tmp_path)
    analyses(hands, tmp_path)
    expect(page.get_by_text("The declared result is with the evidence.")).to_be_visible()
    hands.follow("its entry in the register")
    expect(page.get_by_role("heading", name="The result", exact=True)).to_be_visible()
    hands.follow("Recruitment: who was asked")
    expect(page.get_by_role("heading", name="Recruitment", exact=True)).to_be_visible()


def opens(hands: Hands, about: Any) -> None:
    hands.follow("Open a trial")
    hands.write("Title", "Workers in Brookfield schools")
    hands.choose("Which intervention is tested?", about.intervention.name)
    hands.choose("Which outcome of the framework decides?", about.outcome.name)
    hands.tick("This is a demonstration")
    hands.follow("Open it")
    hands.write("The design (TOML)", SIZED)
    hands.choose("Where the trial stands", "running")
    hands.follow("Keep this version")
    expect(hands.page.get_by_text("is kept.")).to_be_visible()


def draws(hands: Hands, folder: Path) -> None:
    units = folder / "units.csv"
    units.write_text(LIST, "utf-8")
    hands.bring("The list of units", units)
    hands.follow("Freeze the list")
    for name, secret in SECRETS.items():
        hands.write(name, secret)
    hands.follow("Draw")
    expect(hands.page.get_by_text("Units are drawn.")).to_be_visible()
    hands.write("Unit", "School 3")
    hands.choose("What happened?", "withdrew")
    hands.write("Why?", "closed")
    hands.write("On which day?", "2026-01-31")
    hands.follow("Write it down")
    expect(hands.page.get_by_text("Written down.")).to_be_visible()


def analyses(hands: Hands, folder: Path) -> None:
    outcomes = folder / "outcomes.csv"
    outcomes.write_bytes(data())
    hands.bring("The file of outcomes", outcomes)
    hands.follow("Take the data in")
    hands.follow("Run the plan on scrambled arms")
    hands.follow("Lock the plan")
    hands.write("Why are the arms told now?", "The data are complete and the plan is locked.")
    hands.follow("Tell the arms")
    hands.follow("Run the plan on the arms as drawn")
    hands.to("Which review does the result join?")
    hands.page.keyboard.press("ArrowDown")
    hands.follow("Pass the declared result on")
