"""Kept pages are sent as long as nothing has changed, to readers without an account, and never anybody's own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from whatworks.people.access import PUBLIC, access
from whatworks.web import storing

LONG = "What helps children and families? " * 100


class House:
    """A server with one view behind the store, a mark that the test moves, and a count of how often the view was asked."""

    def __init__(self, answer: Callable[[], HttpResponse], policy: str = PUBLIC) -> None:
        self.asked, self._answer = 0, answer
        self._view = access(policy)(lambda request: None)
        self.store = storing.store(self._serve)

    def _serve(self, request: HttpRequest) -> HttpResponse:
        self.asked += 1
        request.resolver_match = ResolverMatch(self._view, (), {})
        return self._answer()

    def get(self, path: str = "/evidence/", cookies: dict[str, str] | None = None, **headers: str) -> HttpResponse:
        request = RequestFactory().get(path, headers={n.replace("_", "-"): v for n, v in headers.items()})
        request.COOKIES.update(cookies or {})
        return self.store(request)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    held: dict[str, str | None] = {"mark": "1"}
    monkeypatch.setattr(storing, "mark", lambda: held["mark"])
    return held


def test_a_page_is_made_once_and_sent_again(now: dict[str, Any]) -> None:
    house = House(lambda: HttpResponse(LONG))
    first, second = house.get(), house.get()
    assert (first.content, second.content, house.asked) == (LONG.encode(), LONG.encode(), 1)
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_after_any_change_it_is_made_anew(now: dict[str, Any]) -> None:
    """A notice that comes after the page was kept must be on it at once."""
    said = ["before"]
    house = House(lambda: HttpResponse(said[0]))
    house.get()
    said[0], now["mark"] = "after", "2"
    assert house.get().content == b"after"
    now["mark"] = None
    assert (house.get().content, house.get().content, house.asked) == (b"after", b"after", 4)


def test_a_new_day_makes_pages_anew(now: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on a page can depend on today."""
    import datetime

    house = House(lambda: HttpResponse("x"))
    house.get()
    tomorrow = datetime.date(2999, 1, 1)
    monkeypatch.setattr(storing.timezone, "localdate", lambda: tomorrow)
    house.get()
    assert house.asked == 2


def test_who_holds_the_page_is_told_so(now: dict[str, Any]) -> None:
    house = House(lambda: HttpResponse(LONG))
    plain, packed = house.get(), house.get(accept_encoding="gzip")
    assert gzip.decompress(packed.content).decode() == LONG and packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] != packed.headers["ETag"]  # other bytes, another strong tag
    for answer in (plain, packed):
        again = house.get(if_none_match=answer.headers["ETag"], accept_encoding="gzip")
        assert (again.status_code, again.content) == (304, b"")
        assert "Content-Encoding" not in again.headers and "ETag" in again.headers
    assert house.get(if_none_match='"other"').status_code == 200
    assert "Content-Encoding" not in house.get(accept_encoding="gzip;q=0, br").headers


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "messages"])
def test_who_may_be_somebody_gets_their_own(now: dict[str, Any], cookie: str) -> None:
    house = House(lambda: HttpResponse("x"))
    house.get()
    house.get(cookies={cookie: "1"})
    assert house.asked == 2


def with_cookie() -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("csrftoken", "secret")
    return response


@pytest.mark.parametrize(
    "answer",
    [
        with_cookie,
        lambda: HttpResponse("x", status=404),
        lambda: HttpResponse("x", headers={"Cache-Control": "private"}),
        lambda: HttpResponse("x", headers={"Cache-Control": "no-store"}),
        lambda: HttpResponse("x", headers={"Vary": "Accept-Language"}),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(now: dict[str, Any], answer: Callable[[], HttpResponse]) -> None:
    house = House(answer)
    house.get()
    house.get()
    assert house.asked == 2


def test_a_closed_page_is_not_kept(now: dict[str, Any]) -> None:
    house = House(lambda: HttpResponse("x"), policy="publish.approve")
    house.get()
    house.get()
    assert house.asked == 2


@pytest.mark.parametrize("path", ["/api/results", "/static/a.css", "/health/", "/workspace/", "/account/login/"])
def test_some_addresses_keep_their_own(now: dict[str, Any], path: str) -> None:
    house = House(lambda: HttpResponse("x"))
    house.get(path)
    house.get(path)
    assert house.asked == 2


def test_the_static_site_and_posts_pass_by(now: dict[str, Any]) -> None:
    """A page without its forms must not be sent to a reader of the served site."""
    house = House(lambda: HttpResponse("x"))
    house.get(x_static_site="1")
    house.get()
    house.store(RequestFactory().post("/evidence/"))
    assert house.asked == 3


def test_other_hosts_and_questions_are_other_pages(now: dict[str, Any]) -> None:
    house = House(lambda: HttpResponse("x"))
    house.get("/evidence/")
    house.get("/evidence/?theme=a")
    house.get("/evidence/?theme=b")
    house.get("/evidence/", host="localhost")
    assert house.asked == 4
    assert house.get("/evidence/", host="elsewhere.example").content == b"x"  # refused further in, and never kept
    assert house.asked == 5


def test_questions_do_not_push_pages_out_and_memory_is_bounded(now: dict[str, Any], monkeypatch) -> None:
    """Anybody can ask the same page with endless questions that mean nothing."""
    monkeypatch.setattr(storing, "QUESTIONS", 20_000)
    house = House(lambda: HttpResponse(LONG))
    house.get("/evidence/")
    for number in range(100):
        house.get(f"/evidence/?x={number}")
    assert len(house.store.questions._pages) < 10 and house.store.questions._size <= 20_000
    asked = house.asked
    house.get("/evidence/")
    assert house.asked == asked
    house.get(f"/evidence/?{'x' * 300}")
    house.get(f"/evidence/?{'x' * 300}")
    assert house.asked == asked + 2
