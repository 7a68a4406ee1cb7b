"""A panel, an event and a consultation in a browser: applied for, drawn, met; signed up for; answered, coded, signed, taken back."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look
from whatworks.stats.lot import commitment

SECRETS = {"First custodian": "made-up-secret-one", "Second custodian": "made-up-secret-two"}
QUOTAS = "Age, Under 16, 1, 2\nAge, 16 and over, 1, 2"


@pytest.fixture
def people(live_server: Any) -> dict[str, tuple[str, str]]:
    from whatworks.people.actions import add_user

    found = {}
    for name, roles in (
        ("runs", ["convener", "panel-keeper", "moderator"]),
        ("custodian", ["custodian"]),
        ("first", ["theme-coder"]),
        ("second", ["theme-coder"]),
    ):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=roles)
        found[name] = (user.email, password)
    return found


def signed_in(page: Page, url: str, who: tuple[str, str]) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("workspace"))
    return page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_people_are_heard(
    live_server: Any, people: dict[str, tuple[str, str]], open_page: Pages, width: int, look: Look
) -> None:
    url = live_server.url
    runs = signed_in(open_page(width), url, people["runs"])
    opens_a_panel(runs, url, look)
    public = open_page(width)
    own = applies(public, url, look)
    is_drawn(runs, signed_in(open_page(width), url, people["custodian"]), url, look)
    meets(runs, url, look)
    reads_and_deletes(public, own, look)
    comes_to_an_event(runs, public, url, look)
    coders = [signed_in(open_page(width), url, people[name]) for name in ("first", "second")]
    is_consulted(runs, public, coders, url, look)


def opens_a_panel(page: Page, url: str, look: Look) -> None:
    today = timezone.localdate()
    page.goto(f"{url}/workspace/panels/")
    look(page)
    page.get_by_text("Set a rate").click()
    for label, value in (
        ("For what", "A meeting"),
        ("Pence", "2500"),
        ("From which day", today.isoformat()),
        ("Where it comes from", "Made up"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("£25.00")).to_be_visible()
    page.get_by_role("link", name="Open a panel").click()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page)
    for label, value in (
        ("Title", "Young people of Fernshire"), ("What it is, in plain words", "You tell us what you think. We listen."),
        ("What happens at a meeting", "We talk and eat."), ("What we pay, and what else people get", "A voucher."),
        ("Safeguarding contact", "Safeguarding lead of Fernshire, by telephone"), ("Places", "2"), ("From which age", "11"),
        ("To which age", "24"), ("Quotas", QUOTAS), ("First day of the call", today.isoformat()),
        ("Last day of the call", (today + datetime.timedelta(days=3)).isoformat()),
        ("What everybody is offered who is not drawn", "Answer our questions by post."),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Which check (DBS) staff need").select_option("enhanced")
    page.get_by_label("This is a demonstration").check()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", name="1. The call")).to_be_visible()
    look(page)


def applies(page: Page, url: str, look: Look) -> str:
    """An application by somebody of 12, refused until a person with parental responsibility agrees; gives the private address."""
    page.goto(f"{url}/panels/")
    look(page)
    page.get_by_role("link", name="Young people of Fernshire").click()
    look(page)
    page.get_by_role("link", name="Apply").click()
    look(page)
    page.get_by_label("Your name").fill("A young person in Mereton")
    page.get_by_label("E-mail address").fill("young@mereton.example")
    page.get_by_label("How old are you?").fill("12")
    page.get_by_label("Age", exact=True).select_option("Under 16")
    page.get_by_label("I want to take part").check()
    page.get_by_label("You may keep my name").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("Under 13")
    look(page)
    page.get_by_label("You may keep my name").uncheck()
    page.get_by_label("Name of a person with parental responsibility").fill("A parent in Mereton")
    page.get_by_label("How to reach them").fill("by telephone")
    page.get_by_label("They are").select_option("parent")
    for words in ("and I agree that they take part", "and I agree that you keep their details"):
        page.get_by_label(words).check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", name="Your page")).to_be_visible()
    look(page)
    assert page.context.cookies() == []
    return page.url


def is_drawn(page: Page, custodian: Page, url: str, look: Look) -> None:
    from whatworks.convene.models import Panel, PanelContact
    from whatworks.convene.paneling import apply

    panel = Panel.objects.get()
    for n in range(5):
        apply(
            panel=panel,
            name=f"Somebody {n}",
            email=f"s{n}@larkmere.example",
            age=17,
            bands={"Age": "16 and over"},
            agrees=["taking part", "data"],
        )
    Panel.objects.update(
        opens_on=timezone.localdate() - datetime.timedelta(days=9),
        closes_on=timezone.localdate() - datetime.timedelta(days=1),
    )
    here = f"{url}/workspace/panels/run/{panel.slug}/"
    for name, secret in SECRETS.items():
        custodian.goto(here)
        custodian.get_by_label("Your part").fill(name)
        custodian.get_by_label("Your commitment").fill(commitment(secret))
        custodian.get_by_role("button", name="Publish my commitment").click()
        expect(custodian.get_by_text("Your commitment is published.")).to_be_visible()
    page.goto(here)
    page.get_by_role("button", name="Freeze the list").click()
    expect(page.get_by_text("A list of 6 people was frozen")).to_be_visible()
    look(page)
    draws(custodian, here, look)
    assert PanelContact.objects.get(age=12).state == "drawn"  # the only one under 16, whom the quota needs
    is_invited(page, f"{url}/workspace/panels/run/{panel.slug}/people/", look)


def draws(custodian: Page, here: str, look: Look) -> None:
    custodian.goto(here)
    for name, secret in SECRETS.items():
        custodian.get_by_label(name).fill("guessed" if name.startswith("First") else secret)
    custodian.get_by_role("button", name="Draw", exact=True).click()
    expect(custodian.get_by_role("alert")).to_contain_text("does not match")
    for name, secret in SECRETS.items():
        custodian.get_by_label(name).fill(secret)
    custodian.get_by_role("button", name="Draw", exact=True).click()
    expect(custodian.get_by_text("was drawn.")).to_be_visible()
    look(custodian)


def is_invited(page: Page, people_page: str, look: Look) -> None:
    page.goto(people_page)
    look(page)
    page.get_by_role("button", name="Invite A young person in Mereton").click()
    expect(page.get_by_text("Done.")).to_be_visible()


def meets(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/panels/run/young-people-of-fernshire/")
    page.get_by_text("Set a meeting").click()
    page.get_by_label("Title").fill("First meeting")
    page.get_by_label("Day", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Set it").click()
    page.get_by_role("link", name="First meeting").click()
    look(page)
    page.get_by_label("A young person in Mereton").first.check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("1 person.")).to_be_visible()
    page.locator("#id_pay-contact").select_option(label="A young person in Mereton")
    page.locator("#id_pay-rate").select_option(index=1)
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_role("alert")).to_contain_text("voucher")
    page.get_by_label("What", exact=True).select_option("voucher")
    page.get_by_role("button", name="Offer it").click()
    page.locator("#id_note-contact").select_option(label="A young person in Mereton")
    page.get_by_label("What they said, in their words").fill("Ask us first.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("Say what happened to it").click()
    page.get_by_label("What happened", exact=True).select_option("used")
    page.get_by_label("How, or why not").fill("It is our first rule.")
    page.get_by_role("button", name="Tell them").click()
    look(page)


def reads_and_deletes(page: Page, own: str, look: Look) -> None:
    page.goto(own)
    expect(page.get_by_text("It is our first rule.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("you accepted it")).to_be_visible()
    page.get_by_role("button", name="Delete everything about me").click()
    expect(page.get_by_role("heading", name="You are deleted here")).to_be_visible()
    look(page)
    response = page.goto(own)
    assert response is not None and response.status == 404


def comes_to_an_event(runs: Page, page: Page, url: str, look: Look) -> None:
    starts = timezone.localtime() + datetime.timedelta(days=5)
    runs.goto(f"{url}/workspace/events/")
    for label, value in (
        ("Title", "Open day in Brookfield"), ("Starts", starts.strftime("%Y-%m-%dT%H:%M")), ("Places", "1"),
        ("Whom to ask", "The centre, by post"),
        ("Ends", (starts + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")), ("Place", "Town hall, Brookfield"),
    ):  # fmt: skip
        runs.get_by_label(label, exact=True).fill(value)
    runs.get_by_role("button", name="Open it").click()
    look(runs)
    addresses = []
    for n in range(2):
        page.goto(f"{url}/events/")
        look(page)
        page.get_by_role("link", name="Open day in Brookfield").click()
        look(page)
        page.get_by_label("Your name").fill(f"Visitor {n}")
        page.get_by_label("E-mail address").fill(f"v{n}@larkmere.example")
        page.get_by_role("button", name=re.compile("Ask for a place|Join the waiting list")).click()
        addresses.append(page.url)
    expect(page.get_by_text("You are on the waiting list.")).to_be_visible()
    page.goto(addresses[0])
    look(page)
    page.get_by_role("button", name="Cancel").click()
    page.goto(addresses[1])
    expect(page.get_by_text("You have a place.")).to_be_visible()
    runs.reload()
    runs.get_by_label("Visitor 1 came").check()
    runs.get_by_role("button", name="Write down who came").click()
    expect(runs.get_by_text("Done.")).to_be_visible()
    look(runs)


def is_consulted(runs: Page, page: Page, coders: list[Page], url: str, look: Look) -> None:
    today = timezone.localdate()
    runs.goto(f"{url}/workspace/asked/")
    for label, value in (
        ("Title", "What would help in Fernshire?"), ("What it is about, in plain words", "We want to know."),
        ("Questions", "who; choice; Who are you?; A carer; A worker\nhelps; text; What would help?"),
        ("First day", today.isoformat()), ("Last day", today.isoformat()),
    ):  # fmt: skip
        runs.get_by_label(label, exact=True).fill(value)
    runs.get_by_role("button", name="Open it").click()
    page.goto(f"{url}/consultations/")
    look(page)
    page.get_by_role("link", name="What would help in Fernshire?").click()
    page.get_by_role("link", name="Answer").first.click()
    look(page)
    page.get_by_label("Who are you?").select_option("A carer")
    page.get_by_label("What would help?").fill("Workers who listen to us.")
    page.get_by_label("You may show my words").check()
    page.get_by_role("button", name="Send it").click()
    own = page.url
    look(page)
    is_coded(runs, coders, look)
    page.goto(f"{url}/messages/")
    look(page)
    page.get_by_role("link", name="Listen to people.").click()
    look(page)
    expect(page.get_by_text("Workers who listen to us.")).to_be_visible()
    message = page.url
    page.goto(f"{url}/consultations/what-would-help-in-fernshire/")
    look(page)
    for form, start in (("PDF", b"%PDF"), ("Word", b"PK"), ("Slides", b"PK")):
        href = page.get_by_role("link", name=form, exact=True).get_attribute("href")
        assert page.request.get(f"{url}{href}").body().startswith(start)
    page.goto(own)
    page.get_by_role("button", name="Take my answer back").click()
    expect(page.get_by_text("You took it back.")).to_be_visible()
    page.goto(message)
    expect(page.get_by_text("Workers who listen to us.")).to_have_count(0)


def is_coded(runs: Page, coders: list[Page], look: Look) -> None:
    from whatworks.convene import guarding
    from whatworks.convene.models import Text

    guarding.show(by="usr:m", text=Text.objects.get(kind="response"))
    runs.reload()
    runs.get_by_label("Name of the theme").fill("Being heard")
    runs.get_by_label("What belongs to it").fill("workers listen")
    runs.get_by_role("button", name="Add the theme").click()
    runs.get_by_role("button", name="Let the machine propose").click()
    expect(runs.get_by_text("They code nothing.")).to_be_visible()
    for number, coder in enumerate(coders):
        coder.get_by_role("link", name="Answers to code").click()
        look(coder)
        coder.get_by_role("link", name="What would help in Fernshire?").click()
        look(coder)
        if number == 0:
            coder.get_by_label("Being heard").check()
        coder.get_by_role("button", name="Keep it and go on").click()
        expect(coder.get_by_role("heading", name="Nothing left")).to_be_visible()
    runs.reload()
    look(runs)
    settle = runs.get_by_role("region", name="3. Differences")
    settle.get_by_label("Being heard").check()
    settle.get_by_label("Why").fill("It asks for it.")
    settle.get_by_role("button", name="Settle it").click()
    runs.get_by_label("The message, in a sentence").fill("Listen to people.")
    runs.get_by_role("region", name="4. Key messages").get_by_label("Being heard").check()
    runs.get_by_role("button", name="Write the message").click()
    runs.get_by_role("button", name="Sign message 1").click()
    runs.get_by_text("Say where message 1 stands").click()
    runs.get_by_label("What was done, or why not").fill("We will ask again in a year.")
    runs.get_by_role("button", name="Tell everybody").click()
    expect(runs.get_by_text("Written down, for everybody to read.")).to_be_visible()
    look(runs)
