"""What conftest.py promises to every test: no network, and a browser that sees what is wrong with a page."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Error, Page

from tests.browser import Pages
from tests.conftest import HOME
from tests.network import NetworkIsOff, is_here

ELSEWHERE = "192.0.2.1"  # set aside for documentation: no machine answers there


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", b"localhost", None, ""])
def test_this_machine_is_here(host: object) -> None:
    """Refusing loopback would refuse the live server and the test database."""
    assert is_here(host)


@pytest.mark.parametrize("host", [ELSEWHERE, "example.org", "localhost.example.org", "10.0.0.1", "127.0.0.1.nip.io"])
def test_other_machines_are_not_here(host: str) -> None:
    """A name that only looks like loopback is another machine."""
    assert not is_here(host)


def test_the_home_is_a_temporary_one() -> None:
    """A test that opened the centre a developer works in would change it."""
    assert Path(HOME.name).resolve() == settings.HOME


def test_the_network_is_off() -> None:
    """A test that passes only while some server answers fails for somebody else."""
    with socket.socket() as stream, pytest.raises(NetworkIsOff):
        stream.connect((ELSEWHERE, 80))
    with socket.socket(type=socket.SOCK_DGRAM) as datagram, pytest.raises(NetworkIsOff):
        datagram.sendto(b"?", (ELSEWHERE, 53))
    with pytest.raises(NetworkIsOff):
        socket.getaddrinfo("example.org", 80)


def test_loopback_is_on() -> None:
    """The live server and PostgreSQL answer there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = threading.Thread(target=lambda: server.accept()[0].close())
        answer.start()
        with socket.create_connection(server.getsockname()):
            answer.join()


def test_axe_sees_a_picture_without_words(page: Page, axe: Callable[[Page], list[str]]) -> None:
    """A check for accessibility that finds nothing anywhere would pass on every page."""
    page.set_content('<html lang="en"><title>Page</title><main><h1>Page</h1><img src="data:,"></main></html>')
    assert [line.partition(" ")[0] for line in axe(page)] == ["image-alt"]


def test_axe_finds_nothing_on_a_good_page(page: Page, axe: Callable[[Page], list[str]]) -> None:
    """And one that complains about everything would be switched off."""
    page.set_content('<html lang="en"><title>Page</title><main><h1>Page</h1><p>Words.</p></main></html>')
    assert axe(page) == []


def test_a_page_is_as_wide_as_a_phone_or_a_desk(phone: Page, desktop: Page) -> None:
    """A layout is judged at the widths that people have."""
    assert [page.evaluate("window.innerWidth") for page in (phone, desktop)] == [390, 1280]


def test_the_browser_reaches_no_other_machine(open_page: Pages) -> None:
    """A page that loads a font from elsewhere tells that place who reads it."""
    page = open_page()
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
    assert open_page.close() == ["asked for http://example.org/, which is another machine"]


def test_a_script_error_is_seen(open_page: Pages) -> None:
    """A page whose script broke may look whole."""
    open_page().goto("data:text/html,<script>nowhere()</script>")
    assert [problem.partition(":")[0] for problem in open_page.close()] == ["script error"]
