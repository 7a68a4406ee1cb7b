"""Every public address of the small centre, walked link by link: what is sent, what its markup says, what it weighs.

The same walk goes over the whole demonstration, by its real server, in tests/functional/test_quality.py.
"""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.integration.web.markup import read, style_faults
from tests.integration.web.walking import TRAVELS, UNPACKED, Answer, Walk, formulas

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
HOST = "testserver"
BESIDES = ("/evidence/?q=zones", "/evidence/?q=nothing+of+the+kind", "/reports/", "/reports/?q=zones", "/nowhere/")


def get(address: str) -> Answer:
    """An address as a browser without any cookie asks for it."""
    response = Client(headers={"Accept-Encoding": "gzip"}).get(address)
    body = b"".join(response) if response.streaming else response.content
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers | ({"set-cookie": "yes"} if response.cookies else {}), body)


def test_every_public_address_is_sent_and_written_as_it_should_be() -> None:
    walk = Walk(get, HOST).over(["/", *BESIDES])
    assert walk.faults == []
    assert len(walk.pages) > 40
    assert {"text/html", "text/csv", "application/pdf"} <= walk.kinds
    assert walk.same_titles() == []


PAGE = '<!doctype html><html lang="en"><head><title>A page</title></head><body><h1>A</h1>{}</body></html>'
WRONG = {
    '<img src="https://example.org/a.png" alt="">': "asks another machine",
    '<img src="/a.png" srcset="/a.png 1x, //example.org/b.png 2x" alt="">': "asks another machine",
    '<script src="http://example.org/a.js"></script>': "asks another machine",
    '<svg><use href="https://example.org/a.svg#b"/></svg>': "asks another machine",
    '<p style="color: red">a</p>': "style inside <p>",
    '<p onclick="a()">a</p>': "onclick inside <p>",
    "<script>a()</script>": "<script> inside the page",
    '<a href="javascript:a()">a</a>': "a script as an address",
    '<p id="a">a</p><p id="a">b</p>': "stands 2 times",
    '<input name="a">': "has no label",
    '<select name="a" id="a"></select>': "has no label",
    '<p aria-describedby="b">a</p>': "which is not there",
    '<a href="#b">a</a>': "which is not there",
    "<h1>Another</h1>": "2 h1",
    "<h3>a</h3>": "h3 follows h1",
    '<img src="/a.png">': "a picture without words",
    '<button type="submit"><svg></svg></button>': "a button without words",
    '<iframe src="/embed/a/"></iframe>': "a frame without a title",
}
RIGHT = """<h2 id="a">A</h2><h3>B</h3><h2>C</h2><label for="b">B</label><input id="b" name="b"><label>C <select></select></label>
<textarea aria-label="D"></textarea><input type="hidden" name="e"><button>F</button><a href="#a">A</a><a href="https://example.org/">G</a>
<link rel="alternate" href="https://example.org/feed"><svg aria-labelledby="t"><title id="t">T</title></svg>"""


@pytest.mark.parametrize("wrong", WRONG)
def test_the_reading_of_markup_can_fail(wrong: str) -> None:
    (fault,) = read(PAGE.format(wrong), HOST).faults()
    assert WRONG[wrong] in fault


def test_what_is_right_has_no_fault() -> None:
    assert read(PAGE.format(RIGHT), HOST).faults() == []
    assert style_faults("a { background: url(data:image/png;base64,AA) }") == []
    assert read(PAGE.replace(' lang="en"', "").replace("A page", " "), HOST).faults() == ["no language", "no title"]


@pytest.mark.parametrize(
    "css", ["@import 'b.css';", "@font-face { src: url(/a.woff2) }", 'a { background: url("//b.org") }']
)
def test_a_stylesheet_that_fetches_is_found(css: str) -> None:
    assert style_faults(css)


def _answering(body: str, **headers: str) -> Walk:
    """A walk over one page."""
    sent = {"content-type": "text/html; charset=utf-8", "content-encoding": "gzip", "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; script-src 'self'"} | headers  # fmt: skip
    packed = gzip.compress(body.encode(), 1) if sent["content-encoding"] == "gzip" else body.encode()
    return Walk(lambda address: Answer(200, sent, packed), HOST).over(["/"])


def test_the_walk_can_fail() -> None:
    assert _answering(PAGE.format("")).faults == []
    assert "sets a cookie" in str(_answering(PAGE.format(""), **{"set-cookie": "a=b"}).faults)
    unsafe = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"}
    assert "allows what is unsafe" in str(_answering(PAGE.format(""), **unsafe).faults)
    assert "travels unpacked" in str(_answering(PAGE.format("a" * 2000), **{"content-encoding": ""}).faults)
    assert "bytes of HTML" in str(_answering(PAGE.format("a" * UNPACKED)).faults)
    noise = "".join(f"<p>{number * 7919 % 999_983:x}{number:b}</p>" for number in range(9_000))
    heavy = _answering(PAGE.format(noise))
    assert heavy.pages[0].travels < TRAVELS or "more than 100,000" in str(heavy.faults)
    assert formulas("a,b\n=1+1,-2.5\n") == ["the cell “=1+1” would be run as a formula"]
