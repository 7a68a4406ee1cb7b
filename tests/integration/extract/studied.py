"""A small team with a study to code, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.integration.screen.team import imported, review_of
from tests.unit.extract_coding.small import small
from whatworks.collate.models import Report
from whatworks.extract.coding import Said, answer_all, assign_coder, finish, open_coding
from whatworks.extract.framing import write_frame
from whatworks.extract.models import Arm, Coding, CodingFrame, Study
from whatworks.extract.studying import add_arm, attach_report, open_study
from whatworks.people.models import User
from whatworks.scope.models import Intervention, Outcome, OutcomeGroup
from whatworks.screen.models import Review

FILLED: dict[str, Any] = {"randomised": "no", "joined": 40}


@dataclass
class Team:
    """Who is there, and what they work on."""

    lead: User
    first: User
    second: User
    third: User
    review: Review
    reports: list[Report]
    study: Study
    arms: tuple[Arm, Arm]
    frame: CodingFrame


def person(name: str) -> User:
    """Somebody who takes part, with no password: to make one takes half a second."""
    user: User = User.objects.create_user(f"{name}@example.invalid", None, name=name)
    user.as_subject().save(force_insert=True)
    return user


def team(*, reports: int = 3) -> Team:
    """A lead, three others, a study with two arms that one of the reports tells of, and the small frame."""
    lead, first, second, third = (person(name) for name in ("lead", "first", "second", "third"))
    review = review_of(lead, first, second, third)
    imported(reports)
    held = list(Report.objects.order_by("pk"))
    study = open_study(
        by=lead.pk, review=review, name="Oak 2019", design="randomised trial", randomised=True, report=held[0]
    )
    arms = (
        add_arm(by=lead.pk, study=study, name="Service", role="intervention", n_randomised=50, n_analysed=40),
        add_arm(by=lead.pk, study=study, name="Usual", role="comparison", n_analysed=41),
    )
    return Team(lead, first, second, third, review, held, study, arms, write_frame(by=lead.pk, frame=small()))


def put_up(held: Team, *coders: User, needed: int = 2) -> Coding:
    """The study put up for coding, with coders."""
    coding = open_coding(by=held.lead.pk, study=held.study, frame=held.frame, needed=needed)
    for user in coders:
        assign_coder(by=held.lead.pk, coding=coding, user=user)
    return coding


def fill(held: Team, coding: Coding, user: User, *, done: bool = True, **more: Any) -> None:
    """Answer what is required, and more; None stands for not reported."""
    said = [_said(item, value) for item, value in (FILLED | more).items()]
    said += [
        Said("offered", value=value, unit=arm.pk) for arm, value in zip(held.arms, ("service", "usual"), strict=True)
    ]
    answer_all(by=user.pk, coding=coding, answers=said)
    if done:
        finish(by=user.pk, coding=coding)


def _said(item: str, value: Any) -> Said:
    return Said(item, status="not reported") if value is None else Said(item, value=value)


def framework(held: Team) -> tuple[Intervention, Outcome]:
    """Something done, and an outcome of the framework."""
    if there := Outcome.objects.filter(slug="attendance").first():
        return Intervention.objects.get(slug="service"), there
    group = OutcomeGroup.objects.create(id=OutcomeGroup.fresh(), name="School", order=1)
    outcome = Outcome.objects.register(
        slug="attendance", name="Attendance", group=group, direction="good-high", order=1
    )
    done = Intervention.objects.register(slug="service", name="A service", theme=held.review.theme)
    return done, outcome


__all__ = ["FILLED", "Team", "attach_report", "fill", "framework", "put_up", "team"]
