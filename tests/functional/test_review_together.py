"""Three people screen together: a review of the shipped evidence, from its protocol to an agreed set and a signed stop."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre
from tools.sources import ROOT

UNREAD = 400  # milliseconds in which a second key is taken for a slip of the first
SENT = 30_000  # milliseconds for what waits to be sent
FIRST = 66  # records of the first search
IN = re.compile("functional family|family group|multisystemic|drug court|kinship", re.IGNORECASE)
CONTRARY = 9  # of so many records, one about which the second screener says the opposite

# What the centre's own code says of the review's flow and of all that it keeps.
TELL = """
import json, sys
from whatworks.cli.centre import open_centre
open_centre(None)
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.verification import verify
from whatworks.screen.models import Candidate, Review
from whatworks.screen.presenters import flow_of, identities_of
review = Review.objects.get(slug=sys.argv[1])
seal_all()
flow = flow_of(review)
print(json.dumps({
    "broken": [one.sentence for one in identities_of(review) if not one.holds],
    "differences": [[one.identifier, one.what] for one in verify().differences],
    "counts": {name: flow.count(name, "held") for name in flow.boxes},
    "in": sorted(Candidate.objects.filter(review=review, stage="full text", state="include")
                 .values_list("report__title", flat=True)),
}))
"""


@dataclass(frozen=True)
class Person:
    """Somebody at a browser of their own."""

    email: str
    page: Page


def added(centre: Centre, name: str, *roles: str) -> tuple[str, str]:
    """A new user's address and password."""
    email = f"{name}@example.invalid"
    given = [part for role in roles for part in ("--role", role)]
    found = re.search(r"with the password (\S+)", centre.run("add-person", email, *given).stdout)
    assert found
    return email, found[1]


def at_a_browser(centre: Centre, pages: Pages, name: str, *roles: str) -> Person:
    email, password = added(centre, name, *roles)
    page = pages()
    page.goto(centre.url + "/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now", timeout=SENT)
    return Person(email, page)


def told(centre: Centre, slug: str) -> dict[str, Any]:
    """The counts of the flow as they stand, after every identity and every stored row was found to hold."""
    environment = centre.environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [sys.executable, "-c", TELL, slug]
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert (found["broken"], found["differences"]) == ([], [])
    return dict(found)


def open_a_review(page: Page, centre: Centre) -> str:
    """The protocol, filled in by its lead. Returns the address of the review."""
    page.goto(centre.url + "/workspace/open-review/")
    page.get_by_label("What is the review called?").fill("Families together")
    page.get_by_label("What does the review ask?").fill("What helps children to stay safely with their families?")
    page.get_by_label("Theme").select_option(index=1)
    page.get_by_label("Who does it?").fill("A team of this demonstration")
    page.get_by_label("Reasons to leave a full text out").fill("Wrong population\nNo comparison")
    page.get_by_role("group", name="On title and abstract").get_by_label("Two people decide each report, nei").check()
    page.get_by_role("group", name="At full text").get_by_label("One person decides each report").check()
    page.get_by_role("button", name="Open the review").click()
    expect(page.locator("h1")).to_have_text("Families together")
    return page.url


def add_person(page: Page, review: str, person: str) -> None:
    page.goto(review + "team/")
    page.get_by_label("Who?").select_option(label=person)
    page.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_role("heading", name=person)).to_be_visible()


def add_search(page: Page, review: str, file: str) -> None:
    page.goto(review + "searches/")
    page.get_by_label(re.compile(re.escape(file))).check()
    page.get_by_role("button", name="Add to the review").click()
    expect(page.locator(".notice").first).to_be_visible()


def now(page: Page) -> Locator:
    return page.locator("#now .record")


def all_sent(page: Page) -> None:
    """Wait until nothing is kept in the browser that the server has not heard."""
    for _ in range(SENT // 500):
        if not page.evaluate("Object.keys(localStorage).some((name) => name.startsWith('screening:'))"):
            return
        page.wait_for_timeout(500)
    raise AssertionError("Decisions are kept in the browser and are not sent.")


def screen(person: Person, review: str, most: int, *, contrary: bool = False) -> int:
    """Screen until nothing is handed out, at most so many. Returns how many were decided."""
    page, done = person.page, 0
    page.goto(review + "screen/")
    while done < most and now(page).count():
        before, title = now(page).get_attribute("data-candidate"), str(now(page).get_attribute("data-title"))
        belongs = bool(IN.search(title)) != (contrary and done % CONTRARY == 1)
        page.wait_for_timeout(UNREAD)
        page.keyboard.press("i" if belongs else "e")
        expect(page.locator(f'#now .record[data-candidate="{before}"]')).to_have_count(0)
        done += 1
        if not now(page).count():  # the one after may still be on its way
            page.wait_for_timeout(1000)
    all_sent(page)
    return done


def settle_conflicts(lead: Page, review: str) -> int:
    """Decide between those who differ, by what the titles say."""
    settled = 0
    while True:
        lead.goto(review + "conflicts/")
        links = lead.locator("main a[href*='/conflicts/cnd']")
        if not links.count():
            return settled
        links.first.click()
        expect(lead.locator("#said + ul, .said").first).to_contain_text("Screener")
        third = lead.locator("section[aria-labelledby=third]")
        belongs = IN.search(lead.locator("article.record h3").inner_text())
        third.locator(f"input[value={'include' if belongs else 'exclude'}]").check()
        third.get_by_role("button", name="Settle it").click()
        expect(lead.locator("h1")).to_have_text("Decided")
        settled += 1


def read_full_texts(person: Person, review: str) -> int:
    """Take every full text in but the first, which has no comparison."""
    page, done = person.page, 0
    page.goto(review + "full-text/")
    while now(page).count():
        before = now(page).get_attribute("data-candidate")
        page.wait_for_timeout(UNREAD)
        if done == 0:
            page.keyboard.press("2")
            page.keyboard.press("e")
        else:
            page.keyboard.press("i")
        expect(page.locator(f'#now .record[data-candidate="{before}"]')).to_have_count(0)
        done += 1
        page.wait_for_timeout(700)
    all_sent(page)
    return done


def sign(page: Page, review: str) -> None:
    """Sign the decision to stop, against the rule and therefore with a reason."""
    page.goto(review + "stopping/")
    section = page.locator("section[aria-labelledby=sign]")
    section.locator("textarea").first.fill("The second search is a demonstration; nobody needs it read.")
    for box in section.locator("input[type=text]").all():
        box.fill("stop")
    section.get_by_role("button", name="Sign and stop").click()
    expect(page.get_by_role("heading", name="What was signed")).to_be_visible()


def remove(lead: Page, review: str, person: Person) -> None:
    """Take somebody out of the team who is in the middle of it; they can go on no longer, and their decisions stay."""
    lead.goto(review + "team/")
    lead.locator("summary", has_text=f"Remove {person.email}").click()
    lead.get_by_role("button", name=f"Remove {person.email}").click()
    expect(lead.get_by_text("Who has left")).to_be_visible()
    person.page.goto(review + "screen/")
    expect(person.page.locator("main")).to_contain_text("do not take part")


def to_the_end(lead: Person, third: Person, review: str) -> int:
    """Read full texts, stop, finish what one of two had judged. Returns how many full texts were read."""
    read = read_full_texts(lead, review)
    sign(lead.page, review)
    screen(third, review, 20)
    screen(lead, review, 20)
    settle_conflicts(lead.page, review)
    return read + read_full_texts(lead, review)


def test_three_people_screen_the_shipped_evidence_together(own_centre: Centre, open_page: Pages) -> None:
    """Protocol, team, two searches, a removal, conflicts, full texts, a stop: and the flow adds up at every step."""
    lead = at_a_browser(own_centre, open_page, "ada", "lead")
    second, third = (at_a_browser(own_centre, open_page, name, "screener") for name in ("ben", "cas"))
    review = open_a_review(lead.page, own_centre)
    slug = review.rstrip("/").rpartition("/")[2]
    for person in (second, third):
        add_person(lead.page, review, person.email)
    add_search(lead.page, review, "sourced-publications.ris")
    begun = told(own_centre, slug)["counts"]
    assert (begun["records_screened"], begun["records_waiting"] + begun.get("duplicates", 0)) == (0, FIRST)

    assert screen(second, review, 30, contrary=True) == 30
    assert screen(third, review, 10) == 10
    remove(lead.page, review, second)
    told(own_centre, slug)

    screen(third, review, FIRST)
    screen(lead, review, FIRST)
    assert settle_conflicts(lead.page, review) > 0
    middle = told(own_centre, slug)["counts"]
    assert middle.get("records_waiting") in (None, 0)

    add_search(lead.page, review, "care-leavers.ris")
    assert screen(lead, review, 5) == screen(third, review, 5) == 5
    later = told(own_centre, slug)["counts"]
    assert later["records_waiting"] > 300 and later["database_results"] > FIRST

    read = to_the_end(lead, third, review)
    ended = told(own_centre, slug)
    counts = ended["counts"]
    assert counts["excluded_automatic"] > 300 and counts.get("records_waiting") in (None, 0)
    assert (read >= middle["dbr_sought_reports"], counts["new_reports"]) == (True, read - 1)
    assert len(ended["in"]) == read - 1 and all(IN.search(title) for title in ended["in"])
