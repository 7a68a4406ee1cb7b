"""Screening by program: what a token opens, what it never opens, and what is said of what cannot be."""

from __future__ import annotations

import datetime
import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.screen.program import Program, first, program, sentence
from tests.integration.screen.team import FULL, REASONS, TITLE
from whatworks.collate.api import limits
from whatworks.people.actions import take_roles
from whatworks.people.models import Token, User
from whatworks.people.tokens import revoke_token
from whatworks.screen.deciding import say
from whatworks.screen.models import Opinion, Place, Review, Screener
from whatworks.screen.reviewing import join, leave

pytestmark = pytest.mark.django_db


WAYS = [
    ("get", "screening", None),
    ("get", f"includes?stage={TITLE}", None),
    ("post", "next", {"stage": TITLE}),
    ("post", "decisions", {"candidate": "cnd-none", "decision": "include"}),
    ("delete", "decisions/cnd-none", None),
    ("post", "release", {}),
]


@pytest.mark.parametrize(("method", "what", "body"), WAYS, ids=lambda one: str(one)[:12])
def test_nothing_is_open_without_a_good_token(
    people: list[User], review: Review, method: str, what: str, body: Any
) -> None:
    """A session opens nothing here: another site could make a browser use it."""
    good = program(people[0])
    signed_in = Program("")
    signed_in.client.force_login(people[0])
    plain = {} if body is None else {"data": body, "content_type": "application/json"}
    cookie_only = getattr(signed_in.client, method)(f"/api/reviews/{review.slug}/{what}", **plain)
    assert "needs a token" in sentence(cookie_only, 401)
    for secret in ("ww_" + "a" * 43, "nonsense", good.secret[:-1], good.secret + "x"):
        response = Program(secret).ask(method, what, body)
        assert "not known here" in sentence(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Access-Control-Allow-Origin" not in response.headers and not response.cookies
    basic = good.ask(method, what, body, authorization=f"Basic {good.secret}")
    assert "needs a token" in sentence(basic, 401)
    opened = good.ask(method, what, body, origin="https://elsewhere.example.org")
    assert opened.status_code not in (401, 403), opened.content
    assert opened.headers["Cache-Control"] == "no-store" and "Authorization" in opened.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in opened.headers and not opened.cookies


@pytest.mark.parametrize(("method", "what", "body"), WAYS, ids=lambda one: str(one)[:12])
def test_a_token_that_ended_was_revoked_or_whose_person_left_opens_nothing(
    people: list[User], review: Review, method: str, what: str, body: Any
) -> None:
    ask = lambda one: one.ask(method, what, body)  # noqa: E731
    ended, revoked, left = program(people[0]), program(people[1]), program(people[2])
    past = timezone.now() - datetime.timedelta(days=100)
    Token.objects.filter(user=people[0]).update(made_at=past, expires_at=past + datetime.timedelta(days=90))
    assert "This token ended on" in sentence(ask(ended), 401)
    revoke_token(by=people[1].pk, token=Token.objects.get(user=people[1]))
    assert "This token was revoked" in sentence(ask(revoked), 401)
    leave(by=people[0].pk, review=review, user=people[2])
    assert "do not take part in this review" in sentence(ask(left), 403)
    join(by=people[0].pk, review=review, user=people[2], part=Screener.SCREENER)
    take_roles(by="test", who=people[2].pk, roles=["screener"])
    assert "needs the role Lead of reviews or Screener" in sentence(ask(left), 403)
    User.objects.filter(pk=people[2].pk).update(is_active=False)
    assert "can no longer sign in" in sentence(ask(left), 401)


@pytest.mark.parametrize(("method", "what", "body"), WAYS, ids=lambda one: str(one)[:12])
def test_a_token_is_for_its_scope_and_its_review(
    people: list[User], review: Review, method: str, what: str, body: Any
) -> None:
    needed, other = ("screen.read", "screen.say") if method == "get" else ("screen.say", "screen.read")
    assert f"has not the scope {needed}" in sentence(program(people[0], other).ask(method, what, body), 403)
    elsewhere = program(people[0], needed, review="another-review")
    assert "only for the review another-review" in sentence(elsewhere.ask(method, what, body), 403)
    for name in (review.slug, review.pk):
        assert program(people[0], needed, review=name).ask(method, what, body).status_code not in (401, 403)
    nowhere = program(people[0], needed, needed)
    nowhere.review = "no-such-review"
    assert "no review no-such-review" in sentence(nowhere.ask(method, what, body), 404)


def test_the_protocol_and_how_far_i_am(people: list[User], review: Review) -> None:
    ada = program(people[0])
    body = ada.get("screening").json()
    assert (body["review"], body["question"]) == (review.slug, "What helps children to stay at home?")
    assert (tuple(body["reasons"]), body["protocol"], body["terms_for"]) == (REASONS, 1, [])
    assert [(one["stage"], one["done"], one["left"]) for one in body["stages"]] == [(TITLE, 0, 12), (FULL, 0, 0)]
    assert body["stages"][0]["people"].startswith("Two people decide each report")
    say(by=people[1].pk, candidate=first(review).pk, decision="exclude")
    assert ada.get("screening").json() == body, "what another said must not show"
    ada.say(first(review).pk, "include")
    mine = ada.get("screening").json()["stages"][0]
    assert (mine["done"], mine["left"]) == (1, 11)
    assert ada.ask("head", "screening").status_code == 200


@pytest.mark.parametrize(
    ("what", "body", "says"),
    [
        ("next", {"stage": TITLE, "count": 51}, "count cannot be read"),
        ("next", {"stage": TITLE, "count": 0}, "count cannot be read"),
        ("next", {"stage": "abstracts"}, "stage cannot be read"),
        ("next", {}, "stage cannot be read"),
        ("next", {"stage": TITLE, "cuont": 5}, "There is no field cuont"),
        ("next", "{", "cannot be read; send JSON"),
        ("next", "", "body cannot be read"),
        ("next", "[" * 100_000, "cannot be read; send JSON"),
        ("next?count=5", {"stage": TITLE}, "There is no parameter count; this address takes none"),
        ("decisions", [], "1 to 100 decisions"),
        ("decisions", [{}] * 101, "1 to 100 decisions; this one has 101"),
        ("decisions", 7, "A decision is an object"),
        ("decisions", {"candidate": "cnd-none", "decision": "withdrawn"}, "decision cannot be read"),
        ("decisions", {"candidate": "cnd\0none", "decision": "include"}, "candidate cannot be read"),
        ("decisions", {"candidate": "cnd-none", "decision": "exclude", "reason": "r" * 121}, "reason cannot be read"),
        ("decisions", {"candidate": "cnd-none", "decision": "include", "note": "n" * 5001}, "note cannot be read"),
        ("release", {"candidates": "cnd-none"}, "candidates cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    people: list[User], review: Review, what: str, body: Any, says: str
) -> None:
    assert says in sentence(program(people[0]).post(what, body), 400)
    assert not Opinion.objects.exists() and not Place.objects.exists()


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "stage= is none"),
        ("stage=abstracts", "stage=abstracts is none"),
        ("stage=full+text&limit=0", "limit=0 cannot be read"),
        ("stage=full+text&cursor=x", "cursor=x cannot be read"),
        ("stage=full+text&page=2", "There is no parameter page"),
        ("stage=full+text&stage=full+text", "stage is given 2 times"),
    ],
)
def test_a_list_that_cannot_be_read_is_one_sentence(people: list[User], review: Review, query: str, says: str) -> None:
    assert says in sentence(program(people[0]).get(f"includes?{query}"), 400)


def test_a_review_that_is_not_screened_here_says_so(people: list[User], review: Review) -> None:
    bare = Review.objects.register(
        slug="bare", title="Bare", question="?", theme=review.theme, sort="sourced", conducted_by="Others"
    )
    Screener.objects.create(id="scr-bare", review=bare, user=people[0], part=Screener.SCREENER, since=timezone.now())
    ada = program(people[0])
    ada.review = "bare"
    assert "not screened here" in sentence(ada.get("screening"), 400)
    assert "not screened here" in sentence(ada.post("next", {"stage": TITLE}), 400)


def test_too_often_is_said_by_token_and_a_long_list_counts_as_many(
    people: list[User], review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "time", lambda: 20_000 * 86_400.0)  # so that no minute ends between two requests
    monkeypatch.setattr(limits, "MOST", 10)
    ada, again = program(people[0]), program(people[0], "screen.read")
    rows = [one["candidate"] for one in ada.next(12)]
    response = ada.post("decisions", [{"candidate": one, "decision": "maybe"} for one in rows])
    assert response.headers["RateLimit-Remaining"] == "7", "twelve count as two"
    for _ in range(7):
        assert ada.get("screening").status_code == 200
    refused = ada.get("screening")
    assert "with this token" in sentence(refused, 429) and int(refused.headers["Retry-After"]) > 0
    assert again.get("screening").status_code == 200, "each token has its own"
    answers = [Program("ww_" + "a" * 43).get("screening").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429], "guessing is counted by address"


def test_too_much_at_once_is_refused(people: list[User], review: Review) -> None:
    big = '{"candidate": "' + "x" * 2_000_001 + '"}'
    assert "at most 2,000,000 bytes" in sentence(program(people[0]).post("decisions", big), 413)


@pytest.mark.parametrize(
    ("method", "what", "status"),
    [
        ("get", "decisions", 405),
        ("post", "screening", 405),
        ("options", "next", 405),
        ("put", "decisions/cnd-none", 405),
        ("get", "nonsense", 404),
        ("post", "nonsense", 404),
        ("get", "a/b/c", 404),
    ],
)
def test_what_is_not_offered_is_one_sentence(
    people: list[User], review: Review, method: str, what: str, status: int
) -> None:
    response = program(people[0]).ask(method, what, origin="https://elsewhere.example.org")
    assert sentence(response, status)
    assert status == 404 or response.headers["Allow"]
    assert "Access-Control-Allow-Origin" not in response.headers


def test_no_log_and_no_answer_holds_the_secret(
    people: list[User], review: Review, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are read by more people than tokens are for."""
    caplog.set_level(logging.DEBUG)
    ada = program(people[0])
    texts = [ada.ask(method, what, body).content.decode() for method, what, body in WAYS]
    revoke_token(by="test", token=Token.objects.get())
    texts += [ada.ask(method, what, body).content.decode() for method, what, body in WAYS]
    assert caplog.records, "refusals are logged, so there was something to look through"
    assert ada.secret not in caplog.text + "".join(texts)


def test_that_a_token_is_used_is_noted(people: list[User], review: Review) -> None:
    ada = program(people[0])
    ada.get("screening")
    used = Token.objects.get().used_at
    ada.get("screening")
    assert used is not None and Token.objects.get().used_at == used


def test_the_description_says_what_needs_a_token(review: Review) -> None:
    described = Client().get("/api/openapi.json").json()
    assert described["components"]["securitySchemes"] == {"Bearer": {"type": "http", "scheme": "bearer"}}
    for address, ways in described["paths"].items():
        for one in ways.values():
            assert bool(one.get("security")) == ("/reviews/" in address), address
            assert "/reviews/" not in address or re.search(r"Scope `screen\.(read|say)`", one["description"])
    page = Client().get("/api/").content.decode()
    assert "<script" not in page and "made up" in page and "Idempotency-Key" in page
    assert all(f"<code>{name}</code>" in page for name in ("screen.read", "screen.say", "held_until", "cursor"))
