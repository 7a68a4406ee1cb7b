"""What is said of a practice in a place: is it well said, and which of several words stands now?

A date is as exact as it is known: 2019, 2019-01 or 2019-01-25. It stands for all the days that it may mean.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Protocol, TypeVar

from whatworks.errors import InputError
from whatworks.saying import said

DOING, TRIED, STOPPED, PLANNED, NOT_KNOWN = "doing", "tried", "stopped", "planned", "not-known"
STATUSES = (DOING, TRIED, STOPPED, PLANNED, NOT_KNOWN)
EARLIEST = 1900  # a year before this is a slip of the finger
SPAN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
BRITISH = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


@dataclass(frozen=True, slots=True)
class Word:
    """What a source says: status, the day it is of, the source, who said so; the rest where it is known."""

    status: str
    on: str
    source: str
    said_by: str
    since: str = ""
    until: str = ""
    scale: str = ""
    delivered_by: str = ""
    partners: str = ""
    cost: str = ""
    cost_of: str = ""
    source_url: str = ""

    def trimmed(self) -> Word:
        """The same word without blanks at the ends of its parts, and with single ones inside."""
        return Word(**{name: " ".join(getattr(self, name).split()) for name in NAMES})

    def parts(self) -> tuple[str, ...]:
        """Everything it says, in a fixed order."""
        return tuple(getattr(self, name) for name in NAMES)


NAMES = tuple(one.name for one in fields(Word))
Fault = tuple[str, str]  # the part of the word that is wrong, and a sentence that says how to mend it


class Said(Protocol):
    """A word that was entered."""

    on: str
    entered_at: datetime.datetime

    @property
    def identifier(self) -> str: ...


Entered = TypeVar("Entered", bound=Said)


def days(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that a date may mean. Raises InputError where it is no date."""
    found = SPAN.fullmatch(text)
    try:
        if found is None or int(found[1]) < EARLIEST:
            raise ValueError
        year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
        first = datetime.date(year, month, day)
    except ValueError as error:
        raise InputError(said("“%(text)s” is no date; %(instead)s.", text=text[:20], instead=_instead(text))) from error
    if found[3]:
        return first, first
    last = 12 if found[2] is None else month
    return first, datetime.date(year, last, calendar.monthrange(year, last)[1])


def _instead(text: str) -> str:
    british = BRITISH.fullmatch(text)
    if british and int(british[2]) <= 12:
        return said("write %(day)s", day=f"{british[3]}-{int(british[2]):02}-{int(british[1]):02}")
    return said("write it as exactly as you know it: 2019, 2019-01 or 2019-01-25")


def in_words(text: str) -> str:
    """A date as people write it; what is no date stays as it is, since a pack is not asked.

    >>> in_words("2019"), in_words("2019-01"), in_words("2019-01-05")
    ('2019', 'January 2019', '5 January 2019')
    """
    try:
        first, _ = days(text)
    except InputError:
        return text
    month = f"{calendar.month_name[first.month]} {first.year}"
    return {4: text, 7: month}.get(len(text), f"{first.day} {month}")


def newest(words: Iterable[Entered]) -> Entered:
    """The word that stands now: the latest by the day it is of, then by when it was entered.

    Of two dates that may mean the same day the more exact one counts as later: 2019 before 2019-01 before 2019-01-25.
    Raises ValueError where there is no word.
    """
    return max(words, key=lambda one: (one.on, one.entered_at, one.identifier))


def faults(
    word: Word,
    today: datetime.date,
    place: str = "",
    began: datetime.date | None = None,
    ended: datetime.date | None = None,
) -> list[Fault]:
    """Everything that is wrong with a word about a place that existed from `began` to `ended` (None: not known, or still
    there). Empty where it is well said."""
    found = list(_missing(word))
    spans = {}
    for name in ("on", "since", "until"):
        if text := getattr(word, name):
            try:
                spans[name] = days(text)
            except InputError as error:
                found.append((name, error.args[0]))
    found += _disordered(word, spans, today)
    found += _no_place_then(spans, place, began, ended)
    return found


def _missing(word: Word) -> Iterator[Fault]:
    if word.status not in STATUSES:
        yield (
            "status",
            said(
                "“%(status)s” is no status; choose one of %(statuses)s.",
                status=word.status[:20],
                statuses=", ".join(STATUSES),
            ),
        )
    if not word.on:
        yield "on", said("Say which day this is of, as exactly as you know it: 2019, 2019-01 or 2019-01-25.")
    if not word.source:
        yield "source", said("Say where this is from, such as the title of a report, or “A call with the council”.")
    if not word.said_by:
        yield "said_by", said("Say what part they have who said so, such as “the council's head of service”.")
    if "@" in word.said_by:
        yield "said_by", said("Give the part of who said so, such as “head of service”; no names and no addresses.")
    if word.source_url and not ADDRESS.fullmatch(word.source_url):
        yield "source_url", said("A web address begins with https:// and has no blanks; correct it or leave it empty.")
    if word.cost_of and not word.cost:
        yield (
            "cost",
            said(
                "The cost of “%(cost_of)s” has no amount; write one such as 2600 GBP 2024, or leave both empty.",
                cost_of=word.cost_of[:40],
            ),
        )


def _disordered(
    word: Word, spans: dict[str, tuple[datetime.date, datetime.date]], today: datetime.date
) -> Iterator[Fault]:
    """Dates that cannot be together, whichever days they mean."""
    on, since, until = (spans.get(name) for name in ("on", "since", "until"))
    if on and on[0] > today:
        yield (
            "on",
            said(
                "%(in_words)s is still to come; give the day on which this was so or was said.",
                in_words=in_words(word.on),
            ),
        )
    if since and until and since[0] > until[1]:
        yield (
            "until",
            said(
                "It ends (%(in_words)s) before it begins (%(in_words_since)s); correct one of them.",
                in_words=in_words(word.until),
                in_words_since=in_words(word.since),
            ),
        )
    if since and on and word.status in (DOING, TRIED, STOPPED) and since[0] > on[1]:
        yield (
            "since",
            said(
                "It begins (%(in_words)s) after the day this is of; choose “planned” or correct a date.",
                in_words=in_words(word.since),
            ),
        )
    if until and on and word.status in (TRIED, STOPPED) and until[0] > on[1]:
        yield (
            "until",
            said(
                "It ends (%(in_words)s) after the day this is of; choose “doing” or correct a date.",
                in_words=in_words(word.until),
            ),
        )


def _no_place_then(
    spans: dict[str, tuple[datetime.date, datetime.date]],
    place: str,
    began: datetime.date | None,
    ended: datetime.date | None,
) -> Iterator[Fault]:
    what = {
        "on": said("give another day or another place"),
        "since": said("say since when it was done there, or leave this empty"),
    }
    for name in ("on", "since"):
        first, last = spans.get(name, (None, None))
        if began and last and last < began:
            yield (
                name,
                said(
                    "%(place)s did not exist before %(in_words)s; %(what)s.",
                    place=place,
                    in_words=in_words(began.isoformat()),
                    what=what[name],
                ),
            )
        if ended and first and first > ended:
            yield (
                name,
                said(
                    "%(place)s existed until %(in_words)s; %(what)s.",
                    place=place,
                    in_words=in_words(ended.isoformat()),
                    what=what[name],
                ),
            )
