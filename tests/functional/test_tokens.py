"""The journey of somebody who lets a program of theirs in: make a token, use it, end it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages


@pytest.fixture
def jo(live_server: Any) -> tuple[str, str, str]:
    """A centre's address, and somebody who screens there."""
    from whatworks.people.actions import add_user

    user, password = add_user(by="test", email="jo@fernshire.example", roles=["screener"])
    return live_server.url, user.email, password


def signed_in(page: Page, jo: tuple[str, str, str]) -> Page:
    page.goto(f"{jo[0]}/account/login/?next=/workspace/tokens/")
    page.locator("input[name=login]").fill(jo[1])
    page.locator("input[name=password]").fill(jo[2])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Tokens for programs")).to_be_visible()
    return page


def well_made(page: Page, axe: Callable[[Page], list[str]]) -> None:
    assert axe(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def asked(page: Page, url: str, secret: str) -> int:
    """The status that a program gets with the token."""
    told = {"Authorization": f"Bearer {secret}"}
    return page.request.get(f"{url}/api/reviews/none/screening", headers=told).status


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_token_is_made_shown_once_used_and_ended(
    jo: tuple[str, str, str], open_page: Pages, width: int, scheme: str, axe: Callable[[Page], list[str]]
) -> None:
    page = signed_in(open_page(width, color_scheme=scheme), jo)
    well_made(page, axe)
    page.get_by_label("Days until it ends").fill("1000")
    page.get_by_label("What it is for").fill("A screening script with quite a long name")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem.")
    well_made(page, axe)
    page.get_by_label("Days until it ends").fill("30")
    page.get_by_role("button", name="Make the token").click()
    secret = page.locator("#secret").inner_text()
    assert re.fullmatch(r"ww_[\w-]{43}", secret)
    well_made(page, axe)
    assert asked(page, jo[0], secret) == 404, "the token is good, and there is no such review"
    page.goto(f"{jo[0]}/workspace/tokens/")
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke A screening script with quite a long name").click()
    expect(page.get_by_role("status")).to_contain_text("is revoked")
    well_made(page, axe)
    assert asked(page, jo[0], secret) == 401
    page.get_by_role("link", name="page about the API").click()
    expect(page.get_by_role("heading", name="Screening by program")).to_be_in_viewport()
    well_made(page, axe)
