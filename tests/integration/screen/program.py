"""A program that screens with a token, for tests, and the small team whose program it is."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.integration.screen.team import TITLE, imported, person, review_of
from whatworks.people.actions import give_roles
from whatworks.people.models import User
from whatworks.people.tokens import make_token
from whatworks.screen.models import Candidate, Review
from whatworks.screen.waves import add_search

BOTH = ("screen.read", "screen.say")


class Program:
    """A program that asks with a token, as curl would: without a cookie."""

    def __init__(self, secret: str, review: str = "staying-at-home") -> None:
        self.secret, self.review, self.client = secret, review, Client(enforce_csrf_checks=True)

    def ask(self, method: str, what: str, body: Any = None, **headers: str) -> Any:
        told = {"authorization": f"Bearer {self.secret}"} | headers
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/reviews/{self.review}/{what}", headers=told, **given)

    def get(self, what: str) -> Any:
        return self.ask("get", what)

    def post(self, what: str, body: Any, **headers: str) -> Any:
        return self.ask("post", what, body, **headers)

    def next(self, count: int = 25, **more: Any) -> list[dict[str, Any]]:
        response = self.post("next", {"stage": TITLE, "count": count} | more)
        assert response.status_code == 200, response.content
        return list(response.json()["records"])

    def say(self, candidate: str, decision: str, **more: Any) -> Any:
        return self.post("decisions", {"candidate": candidate, "decision": decision} | more)


def three_people() -> list[User]:
    """Three who may screen."""
    found = [person(name) for name in ("ada", "ben", "cas")]
    for user in found:
        give_roles(by="test", who=user.pk, roles=["screener"])
    return found


def their_review(people: list[User]) -> Review:
    """Twelve reports, each for two of the three."""
    held = review_of(*people)
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(12)])
    return held


def program(user: User, *scopes: str, **told: Any) -> Program:
    """A program of this person, with a token of its own."""
    _, secret = make_token(by=user.pk, user=user, name=f"{len(scopes)}{told}", scopes=scopes or BOTH, **told)
    return Program(secret)


def sentence(response: Any, status: int) -> str:
    """The one sentence of a failure."""
    body = response.json()
    assert response.status_code == status, body
    assert list(body) == ["error"] and body["error"].endswith(".") and "\n" not in body["error"]
    return str(body["error"])


def first(review: Review, stage: str = TITLE) -> Candidate:
    return Candidate.objects.at(review, stage).order_by("number")[0]
