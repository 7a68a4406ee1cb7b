"""A real browser for the tests: Chromium, at the widths of a desk and of a phone, that can reach only this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.network import is_here
from tools import browser as chromium

DESKTOP, PHONE = 1280, 390
HEIGHT = 844

# Without a sandbox because tests may run as root in a container. The rest keeps the browser from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]

# WCAG 2.2 at levels A and AA.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser to drive; without one the test is skipped, and in continuous integration fails."""
    path = chromium.find()
    if path is None and os.environ.get("CI"):
        pytest.fail("There is no Chromium here, and with CI set the browser tests may not be left out.")
    if path is None:
        pytest.skip("the browser tests need Chromium: install it, or name it in WHATWORKS_CHROMIUM")
    return path


def _read_whole(act: Callable[..., None]) -> Callable[..., None]:
    """An act on a page that is over only when the page it leads to is read whole.

    The browser's driver returns as soon as the next page begins to come, so a count taken then would be of a part.
    """

    @wraps(act)
    def done(where: Locator, *values: Any, **options: Any) -> None:
        act(where, *values, **options)
        where.page.wait_for_load_state("domcontentloaded")

    return done


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser for the session; each test gets a fresh profile of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press"):
            patch.setattr(Locator, name, _read_whole(getattr(Locator, name)))
        yield from _running(chromium_path)


def _running(chromium_path: str) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, which makes Django think it is called from asynchronous code. It is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield running
        running.close()


class Pages:
    """Opens pages of a given width, and remembers what must not happen on any of them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def __call__(self, width: int = DESKTOP, **options: Any) -> Page:
        """A page of a fresh profile: no cookie and no cache of another test."""
        context = self.browser.new_context(viewport={"width": width, "height": HEIGHT}, locale="en-GB", **options)
        context.on("request", lambda request: self._watch(request.url))
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        self.contexts.append(context)
        return context.new_page()

    def _watch(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and not is_here(parts.hostname):
            self.problems.append(f"asked for {url}, which is another machine")

    def close(self) -> list[str]:
        """Close every page; gives the problems there were, each once."""
        for context in self.contexts:
            context.close()
        problems, self.contexts, self.problems = list(dict.fromkeys(self.problems)), [], []
        return problems


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Pages]:
    """Open pages of a given width. At the end no page may have had a script error or asked another machine."""
    pages = Pages(browser)
    yield pages
    assert pages.close() == []


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Pages) -> Page:
    """A page; the test runs once on a desk and once on a phone."""
    return open_page(request.param)


@pytest.fixture
def desktop(open_page: Pages) -> Page:
    """A page on a desk, for journeys that the width does not change."""
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: Pages) -> Page:
    """A page on a phone."""
    return open_page(PHONE)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Check a page for accessibility: ``assert axe(page) == []``. Each violation is one line that says where."""

    def violations(page: Page) -> list[str]:
        found = Axe().run(page, options=RULES).response["violations"]
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
            for violation in found
            for node in violation["nodes"]
        ]

    return violations
