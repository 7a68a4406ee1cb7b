"""People who rate, and the steps that they take, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from whatworks.ledger.verification import Report
from whatworks.people.models import Assignment, User
from whatworks.rate.approving import sign_off
from whatworks.rate.asking import ask_two
from whatworks.rate.checks_judging import check_judging
from whatworks.rate.judging import keep_rating, say_no_interest
from whatworks.rate.models import Assessment, Moderation, Rating, Signoff
from whatworks.rate.moderating import moderate, seen_of
from whatworks.rate.rated_things import Thing, thing_of
from whatworks.synthesise.models import Synthesis

GRADE = {"start": "randomised", "risk_of_bias": 1, "inconsistency": 0, "indirectness": 1, "imprecision": 0,
         "publication_bias": 0, "large_effect": 0, "dose_response": 0, "opposing_confounding": 0}  # fmt: skip


@dataclass
class Raters:
    """Who is there."""

    mia: User
    noa: User
    third: User
    approver: User
    lead: User

    @property
    def two(self) -> list[User]:
        return [self.mia, self.noa]


def somebody(name: str, *roles: str) -> User:
    """Somebody with roles and no password: to make one takes half a second."""
    user: User = User.objects.create_user(f"{name.split()[0].casefold()}@example.invalid", None, name=name)
    user.as_subject().save(force_insert=True)
    Assignment.objects.bulk_create([Assignment(user=user, role=role, given_by="test") for role in roles])
    return user


def raters() -> Raters:
    return Raters(
        somebody("Mia Quill", "rater"),
        somebody("Noa Perch", "rater"),
        somebody("Tess Third", "rater", "approver"),
        somebody("Ada Finch", "approver"),
        somebody("Lia Heron", "lead"),
    )


def at_work(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def a_rating(scheme: str = "outcome-state") -> Rating:
    rating: Rating | None = (
        Rating.objects.current().filter(scheme=scheme, synthesis__isnull=False).order_by("pk").first()
    )
    assert rating is not None
    return rating


def a_result() -> Synthesis:
    result: Synthesis | None = Synthesis.objects.current().filter(role=Synthesis.DEFAULT).order_by("pk").first()
    assert result is not None
    return result


def answers(**other: Any) -> dict[str, dict[str, Any]]:
    """Answers by GRADE, each with a reason."""
    return {name: {"value": value, "reason": f"Because of {name}."} for name, value in (GRADE | other).items()}


def asked(team: Raters, thing: Thing | None = None) -> Assessment:
    return ask_two(by=team.lead.pk, thing=thing or thing_of(a_rating().pk), users=team.two)


def rated(held: Assessment, user: User, level: str, given: dict[str, Any] | None = None) -> None:
    """One person rates to the end."""
    say_no_interest(by=user.pk, assessment=held)
    keep_rating(by=user.pk, assessment=held, answers=given, level=level, reason=f"{user.name} thinks so.", done=True)


def compared(team: Raters, levels: tuple[str, str], thing: Thing | None = None) -> Assessment:
    """Both rated to the end."""
    held = asked(team, thing)
    for user, level in zip(team.two, levels, strict=True):
        rated(held, user, level)
    held.refresh_from_db()
    return held


def agreed(held: Assessment, by: User, level: str, **told: Any) -> Moderation:
    return moderate(by=by.pk, assessment=held, seen=seen_of(held), level=level, **told)


def signed(held: Assessment, by: User, **told: Any) -> Signoff:
    return sign_off(by=by.pk, assessment=held, seen=seen_of(held), **told)


def levels(rating: Rating) -> tuple[str, str]:
    """The level that the rules give, and another."""
    computed = rating.result["level"]
    return computed, next(key for key in ("mixed", "uncertain") if key != computed)


def differences() -> list[Any]:
    report = Report()
    check_judging(report)
    return report.differences
