"""Fictional places and practices for tests of the practice map."""

from __future__ import annotations

import datetime

from whatworks.baseline.methods.standing import Word
from whatworks.baseline.models import Practice
from whatworks.baseline.practising import add_practice
from whatworks.people.models import Area

BY = "rule:test"
PLACES = (
    ("X99000001", "Fernshire", None, None),
    ("X99000002", "Mereton", None, None),
    ("X99000003", "Old Combe", None, datetime.date(2019, 3, 31)),
    ("X99000004", "Combe", datetime.date(2019, 4, 1), None),
    ("X99000005", "Twin", None, datetime.date(2019, 3, 31)),
    ("X99000006", "Twin", datetime.date(2019, 4, 1), None),
)


def place(number: int) -> Area:
    """One of the places, by its number from 1 on; all are made at the first call."""
    if not Area.objects.filter(code=PLACES[0][0]).exists():
        for code, name, began, ended in PLACES:
            told = {"code": code, "name": name, "valid_from": began, "valid_to": ended, "sort": "county"}
            Area.objects.register(Area.derived(code), **told)
    return Area.objects.get(code=PLACES[number - 1][0])


def meetings() -> Practice:
    """A practice."""
    return add_practice(by=BY, name="Meetings of families", plain="The wider family meets and makes a plan.")


def mentors() -> Practice:
    """Another."""
    return add_practice(by=BY, name="Mentors", plain="Somebody who has been in care helps somebody who is.")


def word(status: str = "doing", on: str = "2026-03", **more: str) -> Word:
    """A word that is well said."""
    return Word(status, on, more.pop("source", "A call"), more.pop("said_by", "head of service"), **more)
