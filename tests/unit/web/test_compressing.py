"""What readers get is compressed; what may carry a secret is not, since its length would tell of it."""

from __future__ import annotations

import gzip

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from whatworks.web.compressing import compress

LONG = "What helps children and families? " * 200


def answered(response: HttpResponse, **cookies: str) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    request.COOKIES.update(cookies)
    return compress(lambda _: response)(request)


def test_a_page_for_readers_is_compressed() -> None:
    answer = answered(HttpResponse(LONG))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]  # or a cache would give it to who cannot read it
    assert gzip.decompress(answer.content).decode() == LONG


@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME])
def test_whoever_is_signed_in_or_holds_a_token_gets_plain_pages(cookie: str) -> None:
    assert "Content-Encoding" not in answered(HttpResponse(LONG), **{cookie: "x"}).headers
    given = HttpResponse(LONG)
    given.set_cookie(cookie, "x")
    assert "Content-Encoding" not in answered(given).headers


def test_another_programs_cookie_on_the_same_host_changes_nothing() -> None:
    assert answered(HttpResponse(LONG), theme="dark").headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "response", [HttpResponse(LONG, content_type="application/zip"), HttpResponse(LONG, status=404)]
)
def test_what_is_compressed_already_or_no_page_is_left_alone(response: HttpResponse) -> None:
    assert "Content-Encoding" not in answered(response).headers
