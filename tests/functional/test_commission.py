"""A call in a browser: somebody applies by the letter's link, assessors score alone, deciders see how sure it is, the public reads it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look

PASSWORD = "lamp river seventeen"


@pytest.fixture
def centre(live_server: Any, settings: Any) -> Any:
    """The made-up call with all scores in, and another that is open now."""
    from tools import founding_commission
    from whatworks.commission.calling import open_call, publish
    from whatworks.commission.models import Call
    from whatworks.people.models import User

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    founding_commission.true_calls()
    call = founding_commission.fictional_call("deciding")
    rules = founding_commission.RULES.replace("2026-03-02", "2020-03-02").replace("2026-04-10", "2099-04-10")
    other = open_call(by="test", title="More help in Mereton", text=rules, demonstration=True)
    publish(by="test", call=other)
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return Call.objects.get(pk=call.pk)


def signed_in(page: Page, url: str, name: str, way: str) -> Page:
    page.context.clear_cookies()
    host = "larkmere" if name == "panel-5" else name
    page.goto(f"{url}/account/login/?next={way}")
    page.locator("input[name=login]").fill(f"{name}@{host}.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith(way) and "login" not in address)
    page.wait_for_load_state()
    return page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_a_call_from_an_application_to_an_announcement(
    live_server: Any, centre: Any, open_page: Pages, width: int, look: Look
) -> None:
    url = live_server.url
    applies(open_page(width), url, look)
    looks_at_work(open_page(width), url, centre, look)
    decides(open_page(width), url, centre, look)
    reads(open_page(width), url, look)
    follows_up(open_page(width), url, look)


def applies(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/take-part/")
    page.get_by_role("link", name="Calls for partners, and who was chosen").click()
    look(page)
    page.get_by_role("link", name="More help in Mereton").click()
    look(page)
    page.get_by_role("link", name="Apply").click()
    page.get_by_label("Which body applies?").fill("Mereton Market")
    page.get_by_label("Your e-mail address at work").fill("market@mereton.example")
    look(page)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look at your letters")).to_be_visible()
    link = re.search(r"http\S+/applications/join/\S+", mail.outbox[-1].body)
    assert link is not None and mail.outbox[-1].to == ["market@mereton.example"]
    page.goto(link.group())
    look(page)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Go to the application").click()
    look(page)
    page.get_by_label("What would it cost").fill("120000")
    page.get_by_label("What do families where you work need").fill("Made up: a place to meet.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. You can leave and come back.")).to_be_visible()
    page.get_by_role("button", name="Save and hand in").click()
    expect(page.get_by_text("Answer yes or no")).to_be_visible()
    expect(page.get_by_label("What do families where you work need")).to_have_value("Made up: a place to meet.")
    for label in ("Has the director", "Will you take part"):
        page.get_by_label(label).select_option("yes")
    page.get_by_label("Kind").select_option("workers in schools")
    page.get_by_label("Part of the county").select_option("coast")
    page.get_by_label("Size").select_option("small")
    page.get_by_label("What would you do").fill("Made up: open it.")
    page.get_by_role("button", name="Save and hand in").click()
    expect(page.get_by_text("Your application is in.")).to_be_visible()
    look(page)


def looks_at_work(page: Page, url: str, call: Any, look: Look) -> None:
    signed_in(page, url, "keeper", "/workspace/calls/")
    look(page)
    page.set_default_timeout(8000)
    page.get_by_role("link", name=re.compile("Keep it.*Earlier help")).click()
    expect(page.get_by_text("Both write from larkmere.example.").first).to_be_visible()
    look(page)
    page.get_by_role("link", name="Brookfield North").first.click()
    look(page)
    signed_in(page, url, "panel-5", f"/workspace/calls/{call.slug}/assess/")
    expect(page.get_by_text("Mereton Town")).to_be_visible()
    expect(page.get_by_text("Larkmere East")).to_have_count(0)
    look(page)
    page.get_by_role("link", name="Mereton Town").click()
    expect(page.get_by_role("heading", name="Your scores are in")).to_be_visible()
    look(page)


def decides(page: Page, url: str, call: Any, look: Look) -> None:
    signed_in(page, url, "officer", f"/workspace/calls/{call.slug}/decide/")
    expect(page.get_by_text("Agreement of one score (ICC)")).to_be_visible()
    expect(page.get_by_text("Score given up to widen coverage")).to_be_visible()
    look(page)
    bodies = [one.split("\n")[0] for one in page.locator("tbody th a").all_inner_texts()]
    first = True
    for body in bodies:
        page.get_by_role("link", name=body, exact=True).click()
        came_out = "chosen" in page.locator(".lead").inner_text()
        if first:
            look(page)
            page.get_by_label("Decision", exact=True).select_option("declined" if came_out else "chosen")
            page.get_by_role("button", name="Keep the decision").click()
            expect(page.get_by_role("alert")).to_contain_text("departs from what came out")
            first = False
        page.get_by_label("Decision", exact=True).select_option("chosen" if came_out else "declined")
        page.get_by_label("the reasons, for the public").fill("Made up: a plan that families helped to make.")
        page.get_by_label("Feedback, for the applicant alone").fill("Made up: thank you.")
        page.get_by_role("button", name="Keep the decision").click()
        expect(page.get_by_text("It is written down.")).to_be_visible()
    page.get_by_role("button", name="Announce the decision").click()
    expect(page.get_by_text("The call is decided.")).to_be_visible()


def reads(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/calls/earlier-help-in-fernshire/")
    expect(page.get_by_role("heading", name="Who was chosen")).to_be_visible()
    expect(page.get_by_text("Score given up to widen coverage")).to_be_visible()
    expect(page.get_by_text("Fernshire Hills")).to_have_count(0)
    look(page)
    page.goto(f"{url}/calls/change-projects-2019/")
    expect(page.get_by_text("33% of the local authorities of England answered.").first).to_be_visible()
    look(page)
    page.context.clear_cookies()
    page.goto(f"{url}/account/login/?next=/applications/")
    page.locator("input[name=login]").fill("fernshire-hills@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Fernshire Hills").click()
    expect(page.get_by_text("You were not chosen this time.")).to_be_visible()
    look(page)


def follows_up(page: Page, url: str, look: Look) -> None:
    signed_in(page, url, "officer", "/workspace/calls/")
    page.get_by_role("link", name="Mereton Town").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("It is written down.")).to_be_visible()
    signed_in(page, url, "keeper", "/workspace/calls/")
    page.get_by_role("link", name="Mereton Town").click()
    look(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("is not signed by both sides yet")).to_be_visible()
    page.get_by_text("Plan a milestone").click()
    page.get_by_label("What shall be reached?").fill("Workers in post")
    page.get_by_label("By which day?").fill("2026-09-01")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", name="Workers in post")).to_be_visible()
    look(page)
    holds(page, url, look)


def holds(page: Page, url: str, look: Look) -> None:
    """Those who were chosen: straight after signing in they are where their award is; a slip keeps what was typed."""
    from whatworks.commission.models import Award

    award = Award.objects.get(body="Mereton Town")
    Award.objects.filter(pk=award.pk).update(state="running")
    page.context.clear_cookies()
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill("mereton-town@mereton.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Mereton Town").click()
    expect(page.get_by_role("heading", name="Your award")).to_be_visible()
    look(page)
    page.get_by_text("Claim money").click()
    page.get_by_label("What for?").fill("Posts of May and June")
    page.get_by_role("button", name="Put the claim in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("What for?")).to_have_value("Posts of May and June")
    look(page)
    for name, value in (("How much", "1000"), ("From which day?", "2026-05-01"), ("To which day?", "2026-06-30")):
        page.get_by_label(name).fill(value)
    page.get_by_role("button", name="Put the claim in").click()
    expect(page.get_by_text("Claim 1: £1,000")).to_be_visible()
    look(page)
