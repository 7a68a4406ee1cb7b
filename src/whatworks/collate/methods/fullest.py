"""Fullest: from which of several records each field of a merged report comes.

The rule is the same for everybody and can be read on the page of a merge: the fullest value that is not plainly
broken; between equals the one that most records give, then the report that was here first. A person may choose another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

NO_TITLE = "(no title)"
NOBODY = ("anonymous", "anon", "no author", "no authors listed")
VAGUE = ("", "GEN", "UNPB", "ELEC")  # types that say only that it is some text

RULES = {
    "title": "the longest title that is not all in capitals",
    "authors": "the list with the most names, then with the fullest names",
    "year": "the year that most records give",
    "venue": "the longest name of the journal or book",
    "doi": "the DOI that most records give",
    "url": "the first address that is given",
    "sort": "the first type that is more than general",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What one report says of itself, by field."""

    report: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a field comes from, and why."""

    field: str
    report: str
    by_person: bool

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def choose(tellings: Sequence[Telling], picked: Mapping[str, str]) -> list[Choice]:
    """One choice for each field of RULES; the tellings in their order, the speaking report first.

    `picked` names by field the report whose value a person wants; one that is not among the tellings counts for nothing.
    """
    here = {one.report for one in tellings}
    choices = []
    for field in RULES:
        wanted = picked.get(field)
        by_person = wanted in here
        report = str(wanted) if by_person else _by_rule(field, tellings)
        choices.append(Choice(field, report, by_person))
    return choices


def _by_rule(field: str, tellings: Sequence[Telling]) -> str:
    times = Counter(str(one.fields[field]).casefold() for one in tellings)
    best = max(range(len(tellings)), key=lambda at: (*_worth(field, tellings[at].fields[field], times), -at))
    return tellings[best].report


def _worth(field: str, value: Any, times: Counter[str]) -> tuple[float, ...]:
    """How much a value is worth, more first; every tuple of one field is of one length."""
    if value in (None, "", NO_TITLE):
        return (0.0, 0.0, 0.0)
    said = times[str(value).casefold()]
    if field == "title":
        return (1.0 + (not str(value).isupper()), len(str(value)), said)
    if field == "authors":
        names = [name for name in str(value).split("; ") if name.strip(" []().").casefold() not in NOBODY]
        return (1.0 if names else 0.5, len(names), sum(map(len, names)))
    if field == "venue":
        return (1.0 + (not str(value).isupper()), len(str(value)), said)
    if field == "sort":
        return (1.0 if value in VAGUE else 2.0, 0.0, 0.0)
    return (1.0, said if field in ("year", "doi") else 0.0, 0.0)
