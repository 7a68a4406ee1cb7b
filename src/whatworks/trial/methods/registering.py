"""What a registry asks of a trial, what one version of a protocol changed in another, and what a reader should be told of both."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import Said, said

STATES = (
    said("planned"),
    said("recruiting"),
    said("running"),
    said("finished"),
    said("reported"),
    said("stopped"),
)
DATES = ("registered_on", "began", "ended")
LONGEST = 4000

# The fields of a registry entry after the WHO Trial Registration Data Set (version 1.3.1), those that a design does not hold.
FIELDS: dict[str, Said] = {
    "status": said("Where the trial stands"),
    "registry": said("Registry"),
    "registration": said("Registration number"),
    "registered_on": said("Registered on"),
    "began": said("First unit recruited on"),
    "ended": said("Ended on"),
    "summary": said("In plain words"),
    "setting": said("Where"),
    "eligibility": said("Who can take part"),
    "sponsor": said("Who answers for it"),
    "funding": said("Who pays"),
    "ethics": said("Ethical review"),
    "data_protection": said("Data protection"),
    "team": said("Who evaluates it, and who delivers it"),
    "logic": said("How it is meant to work (logic model)"),
    "qualitative": said("What is asked besides effects: feasibility, acceptability, promise"),
    "sharing": said("Where data and code will be"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two versions: what it said and what it says now. `lines` holds what differs in longer texts."""

    field: str
    before: str
    after: str
    lines: tuple[str, ...] = ()


def checked(particulars: Mapping[str, str]) -> dict[str, str]:
    """The particulars that say something. Raises InputError for a field or state not known, a date that is none, or a long text."""
    found = {}
    for name, text in particulars.items():
        if name not in FIELDS:
            raise InputError(said("A registry entry has no field “%(name)s”.", name=name))
        if not (told := text.strip()):
            continue
        if len(told) > LONGEST:
            raise InputError(
                said(
                    "“%(field)s” has %(n)s characters; shorten it to %(most)s.",
                    field=FIELDS[name],
                    n=len(told),
                    most=LONGEST,
                )
            )
        if name in DATES:
            _date(told, FIELDS[name])
        if name == "status" and told not in STATES:
            raise InputError(
                said("“%(told)s” is no state of a trial; it can be: %(all)s.", told=told, all=", ".join(STATES))
            )
        found[name] = told
    if "began" in found and "ended" in found and found["ended"] < found["began"]:
        raise InputError(
            said(
                "The trial ended on %(ended)s, before it began on %(began)s; mend one of the two.",
                ended=found["ended"],
                began=found["began"],
            )
        )
    return found


def _date(text: str, field: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            said("“%(field)s” is %(text)r; write a date as 2026-01-31.", field=field, text=text)
        ) from error


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """The fields, the design's text among them as "design", in which two versions differ, in the order of the entry."""
    names = [*FIELDS, "design"]
    names += [name for name in {**before, **after} if name not in names]
    return [
        Difference(name, before.get(name, ""), after.get(name, ""), _lines(before.get(name, ""), after.get(name, "")))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _lines(before: str, after: str) -> tuple[str, ...]:
    """Lines taken out (-) and put in (+) where either text has several."""
    if "\n" not in before.strip() + after.strip():
        return ()
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return tuple(line for line in told if not line.startswith(("---", "+++", "@@")))


def cautions(particulars: Mapping[str, str]) -> list[Said]:
    """What a careful reader of the entry would ask."""
    found = []
    registered, began = particulars.get("registered_on", ""), particulars.get("began", "")
    if registered and began and registered > began:
        found.append(
            said(
                "Registered after the first unit was recruited: on %(registered)s, not before %(began)s.",
                registered=registered,
                began=began,
            )
        )
    if not particulars.get("registration"):
        found.append(said("No registration number is known here."))
    if not particulars.get("ethics"):
        found.append(said("Nothing is said here about ethical review."))
    if not particulars.get("data_protection"):
        found.append(said("Nothing is said here about data protection."))
    return found
