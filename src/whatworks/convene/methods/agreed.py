"""Who must have agreed to what before a person is invited, and which checks staff need. Ages in whole years.

England: from 13 a person consents to the keeping of their own data by a service online (UK GDPR, article 8). Under 16, good practice
is that the young person and somebody with parental responsibility both agree to taking part. Agreeing to one is not agreeing to the
other.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from whatworks.saying import Said, said

OWN_DATA, OWN_PART = 13, 16
PERSON, PARENT = "person", "parental responsibility"
TAKING_PART, DATA = "taking part", "data"
Held = Collection[tuple[str, str]]  # who agreed to what, and has not taken it back


def may_agree(age: int | None, by_whom: str, to: str) -> Said | None:
    """Why somebody cannot give this agreement themselves; None where they can."""
    if by_whom == PERSON and to == DATA and age is not None and age < OWN_DATA:
        return said(
            "Under %(age)s, somebody with parental responsibility must agree that we keep your details.", age=OWN_DATA
        )
    return None


def missing_data(age: int | None, held: Held) -> list[Said]:
    """What is still to be agreed before details are kept."""
    if age is not None and age < OWN_DATA:
        return [] if (PARENT, DATA) in held else [
            said("Somebody with parental responsibility has not agreed that we keep the details of a person under 13.")
        ]  # fmt: skip
    return [] if (PERSON, DATA) in held else [said("The person has not agreed that we keep their details.")]


def missing(age: int | None, held: Held) -> list[Said]:
    """What is still to be agreed before the person is invited; empty where nothing is."""
    found = missing_data(age, held)
    if (PERSON, TAKING_PART) not in held:
        found.append(said("The person has not agreed to take part."))
    if age is not None and age < OWN_PART and (PARENT, TAKING_PART) not in held:
        found.append(said("Somebody with parental responsibility has not agreed that a person under 16 takes part."))
    return found


def why_off_duty(
    needed: str, level: str, checked_on: datetime.date | None, until: datetime.date | None, day: datetime.date,
    ranks: Mapping[str, int],
) -> Said | None:  # fmt: skip
    """Why somebody cannot be on duty on a day, by their check; None where they can. `ranks`: levels of checks, the strongest highest."""
    if not needed:
        return None
    if checked_on is None or level not in ranks:
        return said(
            "No check (DBS) of this person is on record; this panel needs one of the level “%(level)s”.", level=needed
        )
    if ranks[level] < ranks[needed]:
        return said(
            "The check of this person is “%(level)s”; this panel needs “%(needed)s”.", level=level, needed=needed
        )
    if checked_on > day:
        return said("The check of this person is dated %(on)s, after the meeting.", on=checked_on.isoformat())
    if until is None or until < day:
        return said("The check of this person has no end on record, or ended before the meeting; have it renewed.")
    return None
