"""What people do with a centre without a pointer: sign up, ask, challenge, vote, say how ready they are; and staff who read it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.browser import Pages
from tests.functional.hands import Hands

PASSWORD = "a-long-password-of-fernshire"
ASKED = "How much does a road hump cost, and who decides where one is built in our town?"
CONFIRM = re.compile(r"http://127\.0\.0\.1:8000(/newsletter/confirm/\S+)")


@pytest.fixture
def centre(live_server: Any) -> dict[str, str]:
    """A small centre with a list of readers, a vote and a wave of readiness open, and two of its staff."""
    from tests.integration.implement.places import BY, site_at
    from tests.integration.journey.centres import build_roads
    from whatworks.contact.editing import open_list
    from whatworks.implement.asking import open_wave
    from whatworks.people.actions import add_user

    build_roads()
    open_list(by=BY, title="Newsletter of Fernshire", plain="What is new in Fernshire, once a month.")
    for role in ("enquiries", "moderator"):
        user, _ = add_user(by="test", email=f"{role}@fernshire.example", roles=[role])
        user.set_password(PASSWORD)
        user.save()
    _wave, codes = open_wave(by=BY, site=site_at(), key="oric-1", asked=5)
    return {"url": str(live_server.url), "ready": codes[0], "vote": _vote()}


def _vote() -> str:
    from tests.integration.decide.test_priorities import BY, voting
    from whatworks.decide.prioritising import hand_out

    return str(hand_out(by=BY, setting=voting(), group="young people", number=5)[0])


@pytest.mark.slow
def test_readers_and_staff_need_no_pointer(centre: dict[str, str], open_page: Pages) -> None:
    hands = Hands(open_page(1280))
    signs_up(hands, centre["url"])
    asks(hands, centre["url"])
    challenges(hands, centre["url"])
    votes(hands, centre["url"], centre["vote"])
    says_how_ready(hands, centre["url"], centre["ready"])
    assert hands.page.context.cookies() == []
    moderates(signed_in(open_page(1280), centre["url"], "moderator"))
    answers(signed_in(open_page(1280), centre["url"], "enquiries"))


def signed_in(page: Any, url: str, who: str) -> Hands:
    hands = Hands(page)
    page.goto(f"{url}/account/login/")
    hands.write("Email", f"{who}@fernshire.example")
    hands.write("Password", PASSWORD)
    hands.follow("Sign in")
    return hands


def signs_up(hands: Hands, url: str) -> None:
    hands.page.goto(f"{url}/take-part/")
    hands.follow("Get our e-mails")
    hands.write("Your e-mail address", "reader@fernshire.example")
    hands.tick("Newsletter of Fernshire")
    hands.follow("Sign up")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Look in your inbox")
    found = CONFIRM.search(str(mail.outbox[-1].body))
    assert found
    hands.page.goto(url + found[1])
    hands.follow("Yes, I want them")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Confirmed")


def asks(hands: Hands, url: str) -> None:
    hands.page.goto(f"{url}/take-part/")
    hands.follow("Ask us")
    hands.write("What do you want to know?", ASKED)
    hands.follow("Go on")
    hands.follow("Send it")
    expect(hands.page.get_by_text("We are working on it.")).to_be_visible()


def challenges(hands: Hands, url: str) -> None:
    from whatworks.publish.models import Page

    hands.page.goto(f"{url}/evidence/{Page.objects.exclude(revisions=None).order_by('pk')[0].slug}/")
    hands.follow("Comment on this page, or challenge it")
    hands.write("Your words", "Only one small study is behind this; nobody can be that sure.")
    hands.follow("Send it")
    expect(hands.page.get_by_text("It waits for somebody to read it.")).to_be_visible()


def votes(hands: Hands, url: str, code: str) -> None:
    from tests.integration.decide.test_priorities import WORDINGS

    hands.page.goto(f"{url}/priorities/what-to-find-out-in-fernshire/")
    hands.follow("Vote with your code")
    hands.write("Your code", code)
    hands.follow("Open my ballot")
    hands.tick(WORDINGS[0])
    hands.follow("Cast my ballot")
    expect(hands.page.get_by_text("Your ballot is cast.")).to_be_visible()


def says_how_ready(hands: Hands, url: str, code: str) -> None:
    hands.page.goto(f"{url}/take-part/")
    hands.follow("Answer questions on readiness, with a code")
    hands.write("Your code", code)
    hands.follow("Begin")
    hands.tick("Disagree")
    hands.follow("Send my answers")
    expect(hands.page.get_by_role("heading", name="Thank you")).to_be_visible()


def moderates(hands: Hands) -> None:
    hands.follow("Texts that wait")
    hands.follow("Comment")
    hands.follow("Let it show as it is")
    expect(hands.page.get_by_text("Decided, and in the public log.")).to_be_visible()


def answers(hands: Hands) -> None:
    hands.follow("Enquiries")
    hands.follow("A question about the evidence")
    hands.tick("Answer")
    hands.write("The letter they get", "It costs what the accounts say.")
    hands.follow("Answer")
    expect(hands.page.get_by_text("Done, and in its history.")).to_be_visible()
