"""Studies that two people coded alike, for analyses that ask about what was coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whatworks.extract.coding import Said, answer_all, assign_coder, finish, open_coding
from whatworks.extract.framing import write_frame
from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.methods.coding.reading import from_toml
from whatworks.extract.models import Coding, CodingFrame, Study
from whatworks.people.models import User

DELIVERY = """
key = "delivery"
version = 1
title = "How it was delivered"

[[items]]
key = "by-whom"
label = "Who delivered it?"
kind = "choice"
values = [{ value = "staff", label = "Social workers" }, { value = "peers", label = "Other parents" }]

[[items]]
key = "manual"
label = "Was there a manual?"
kind = "yes-no"

[[items]]
key = "sessions"
label = "Sessions planned"
kind = "integer"
minimum = 0
unit = "sessions"

[[items]]
key = "measured-blind"
label = "Was it measured blind?"
kind = "yes-no"
repeats = "contrast"

[[items]]
key = "aim"
label = "Aim"
critical = false

[[items]]
key = "offered"
label = "What was offered?"
kind = "choice"
values = ["more", "less"]
repeats = "arm"
"""


def delivery() -> Frame:
    """A frame with an item of each kind that may be asked about, and two that may not."""
    return from_toml(DELIVERY)


def kept_frame(by: str) -> CodingFrame:
    """The frame, kept once."""
    return CodingFrame.objects.named("delivery") or write_frame(by=by, frame=delivery())


def coder(name: str) -> User:
    """Somebody who codes, with no password: to make one takes half a second."""
    user: User = User.objects.create_user(f"{name}@example.invalid", None, name=name)
    user.as_subject().save(force_insert=True)
    return user


def coded(study: Study, coders: Iterable[User], values: Mapping[str, Any], *others: Mapping[str, Any]) -> Coding:
    """The study coded by the frame: each coder says the same, or the second what `others` has. None: not reported.

    A key may be `item@unit`, for an item that is asked of a result.
    """
    coders = list(coders)
    frame = kept_frame(coders[0].pk)
    coding = open_coding(by=coders[0].pk, study=study, frame=frame, needed=len(coders))
    for user in coders:
        assign_coder(by=coders[0].pk, coding=coding, user=user)
    for place, user in enumerate(coders):
        told = {**values, **(others[0] if place and others else {})}
        answer_all(by=user.pk, coding=coding, answers=[_said(name, value) for name, value in told.items()])
        finish(by=user.pk, coding=coding)
    coding.refresh_from_db()
    return coding


def _said(name: str, value: Any) -> Said:
    item, _, unit = name.partition("@")
    told = {"status": "not reported"} if value is None else {"value": value}
    return Said(item, unit=unit, **told)
