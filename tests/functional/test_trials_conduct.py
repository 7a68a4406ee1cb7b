"""The pages beside a trial's steps in a browser, desk and phone: recruitment, what was delivered, the pilot, a look at concealed arms."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, PHONE, Pages
from tests.functional.test_trials import signed_in
from tests.integration.trial.test_concealing import SECRETS
from tests.integration.trial.test_conduct import PLAN
from tests.integration.trial.test_drawing import LIST
from whatworks.stats.lot import commitment

DAY = datetime.date(2026, 3, 2)
CONCEALED = PLAN.replace("[allocation]", "[allocation]\nconcealed = true", 1)


@pytest.fixture
def trial(live_server: Any, settings: Any, tmp_path: Path) -> Any:
    """A concealed trial whose units were approached over six weeks, and then drawn."""
    from whatworks.trial.drawing import commit, draw, freeze
    from whatworks.trial.happening import record_events
    from whatworks.trial.methods.flowing import Happening
    from whatworks.trial.models import TrialLock
    from whatworks.trial.opening import lock, open_trial

    settings.PARTICIPANTS = tmp_path / "participants"
    made = open_trial(by="usr:t", title="Workers in Brookfield schools", design=CONCEALED, demonstration=True)
    events = []
    for n in range(1, 15):
        on = DAY + datetime.timedelta(days=3 * n)
        events += [Happening(f"School {n}", kind, on) for kind in ("approached", "assessed")]
        if n <= 12:
            events.append(Happening(f"School {n}", "agreed", on + datetime.timedelta(days=2)))
    events.append(Happening("School 13", "declined", DAY + datetime.timedelta(days=50), reason="no room"))
    record_events(by="usr:t", trial=made, events=events)
    protocol = made.newest()
    assert protocol is not None
    lock(by="usr:t", protocol=protocol, what=TrialLock.REGISTRATION)
    for name, secret in SECRETS.items():
        commit(by="usr:t", trial=made, name=name, commitment=commitment(secret))
    freeze(by="usr:t", trial=made, listed=LIST)
    draw(by="usr:t", trial=made, secrets=SECRETS)
    return made


@pytest.fixture
def people(live_server: Any) -> dict[str, tuple[str, str]]:
    from whatworks.people.actions import add_user

    found = {}
    for name, roles in (("runs", ["trialist"]), ("keeps", ["unblinded"])):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=roles)
        found[name] = (user.email, password)
    return found


@pytest.mark.slow
def test_what_is_kept_beside_the_steps(
    live_server: Any, trial: Any, people: dict[str, tuple[str, str]], open_page: Pages, axe: Callable[[Page], list[str]]
) -> None:
    def look(page: Page) -> None:
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    for width in (PHONE, DESKTOP):
        runs = signed_in(open_page(width), live_server.url, people["runs"])
        runs.get_by_role("link", name="Workers in Brookfield schools").click()
        expect(runs.get_by_text("The arms are concealed from the public")).to_be_visible()
        delivers(runs, look)
        answers(runs, look)
        runs.goto(f"{live_server.url}/workspace/trials/run/{trial.slug}/recruitment/")
        expect(runs.get_by_role("heading", name="Unit by unit")).to_be_visible()
        look(runs)
        keeps = signed_in(open_page(width), live_server.url, people["keeps"])
        sees(keeps, look)
        public = open_page(width)
        for path in ("recruitment/", "pilot/", ""):
            public.goto(f"{live_server.url}/trials/{trial.slug}/{path}")
            look(public)
        expect(public.get_by_text("looked at arms").first).to_be_visible()


def delivers(page: Page, look: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="What was delivered, and who took it up").click()
    expect(page.get_by_text("It can be seen by a keeper of arms")).to_be_visible()
    page.get_by_label("Unit", exact=True).fill("School 99")
    page.get_by_label("Period").fill("spring")
    page.get_by_label("How much?").fill("7")
    page.get_by_label("On which day was it known?").fill("2026-03-30")
    page.get_by_label("Where does this come from?").fill("log of sessions")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("School 99 was not drawn")
    look(page)
    page.get_by_label("Unit", exact=True).fill("School 1")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Written down.")).to_be_visible()
    page.get_by_role("link", name="Workers in Brookfield schools").click()


def answers(page: Page, look: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Logic model, pilot and the decision on going on").click()
    page.get_by_label("Whom does the answer rest on?").fill("visits to twelve schools")
    page.get_by_label("What was found?").fill("Eleven of twelve schools had a room.")
    page.get_by_label("On which day?").first.fill("2026-03-30")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Eleven of twelve schools had a room.").first).to_be_visible()
    page.get_by_label("By whom?").fill("the steering group")
    page.get_by_label("Why?").fill("Enough schools agree; a second county is to be asked.")
    page.get_by_label("On which day?").nth(1).fill("2026-03-31")
    page.get_by_label("schools that agree: how many?").fill("7")
    page.get_by_label("schools that agree: out of how many?").fill("14")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_text("amber", exact=False).first).to_be_visible()
    look(page)


def sees(page: Page, look: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Workers in Brookfield schools").click()
    page.get_by_role("link", name="The arms, for whoever must know them").click()
    look(page)
    page.get_by_label("Which unit?").fill("School 2")
    page.get_by_label("Why do you need to know?").fill("A child at the school must be placed today.")
    page.get_by_role("button", name="Look; it will stand in the record").click()
    expect(page.get_by_role("rowheader", name="School 2")).to_be_visible()
    look(page)
