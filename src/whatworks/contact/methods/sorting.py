"""An old list, line by line: whom we may write to, whom we must ask, whom we may not, each with the reason."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass, field

from whatworks.contact.methods.addresses import likely_subscriber, tidy
from whatworks.contact.methods.deciding import (
    BASES,
    GIVEN,
    MAY_NOT,
    OBJECTED,
    SUBSCRIBERS,
    UNKNOWN,
    WITHDRAWN,
    Act,
    Answer,
    Known,
    may_write,
)
from whatworks.errors import InputError
from whatworks.saying import said

COLUMNS = ("email", "name", "organisation", "role", "subscriber", "basis", "collected_on", "consent_on", "source", "wording",
           "opt_out_offered", "directly", "status")  # fmt: skip
YES = {"yes", "y", "true", "1"}
GONE = {"unsubscribed": WITHDRAWN, "left": WITHDRAWN, "withdrawn": WITHDRAWN, "objected": OBJECTED}
MOST = 50_000  # lines of one file


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stood, all it said, what was understood, and the answer."""

    number: int
    given: dict[str, str]
    address: str
    act: Act | None
    answer: Answer
    notes: list[str] = field(default_factory=list)


def read_list(text: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV with their numbers; every column kept. Raises InputError where there is no column `email`."""
    rows = csv.reader(io.StringIO(text))
    header = [name.strip().casefold().replace(" ", "_").replace("-", "_") for name in next(rows, [])]
    if "email" not in header:
        raise InputError(said("The list has no column “email”; its first line must name the columns."))
    if len(set(header)) != len(header):
        raise InputError(said("Two columns of the list have the same name; give each its own."))
    found = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise InputError(
                said("Line %(line)s has %(n)s cells where the first line names %(m)s columns; mend it and bring the list again.",
                     line=rows.line_num, n=len(row), m=len(header)))  # fmt: skip
        found.append((rows.line_num, {name: cell.strip() for name, cell in zip(header, row, strict=True)}))
    if len(found) > MOST:
        raise InputError(said("The list has %(n)s lines; bring at most %(most)s at once.", n=len(found), most=MOST))
    return found


def sort_line(
    number: int, given: dict[str, str], mailing_list: str, at: datetime.datetime, known: Known | None
) -> Line:
    """The answer about one line, together with what is known of the address already; what stands there is never overruled."""
    address = tidy(given.get("email", ""))
    if not address:
        return Line(number, given, "", None, Answer(MAY_NOT, said("This is no e-mail address.")))
    notes: list[str] = []
    act = _act(number, given, mailing_list, address, at, notes)
    held = known or Known(address)
    acts = (*held.acts, act) if act else held.acts
    return Line(number, given, address, act, may_write(Known(address, acts, held.returned), mailing_list, at), notes)


def _act(
    number: int, given: dict[str, str], mailing_list: str, address: str, at: datetime.datetime, notes: list[str]
) -> Act | None:
    """What the line says about consent, as a row would. None where it says nothing."""
    gone = GONE.get(given.get("status", "").casefold())
    basis = given.get("basis", "").casefold().replace(" ", "-")
    if basis and basis not in BASES:
        notes.append(str(said("The basis “%(basis)s” is not known here.", basis=basis[:40])))
        basis = ""
    if not gone and not basis:
        return None
    collected = _day(given.get("collected_on", ""), notes)
    consented = _day(given.get("consent_on", ""), notes) or (None if basis == "consent" else collected)
    if basis == "consent" and consented is None:
        notes.append(str(said("It is not said when they agreed.")))
        if not gone:
            return None
    if consented and consented > at.date():
        notes.append(str(said("The day lies ahead of today.")))
        return None
    # A withdrawal without a day is taken as of now: then nothing that the list says can come after it.
    moment = at if gone or consented is None else datetime.datetime.combine(consented, datetime.time(), at.tzinfo)
    return Act(
        f"line {number}", gone or GIVEN, moment, "" if gone == OBJECTED else mailing_list, basis, _subscriber(given, address, notes),
        address, given.get("source", ""), given.get("wording", ""), False, collected,
        given.get("directly", "").casefold() in YES, given.get("opt_out_offered", "").casefold() in YES,
    )  # fmt: skip


def _subscriber(given: dict[str, str], address: str, notes: list[str]) -> str:
    told = given.get("subscriber", "").casefold()
    if told in SUBSCRIBERS and told != UNKNOWN:
        return told
    guessed = likely_subscriber(address)
    if guessed != UNKNOWN:
        notes.append(str(said("Taken as %(sort)s because of the address.", sort=guessed)))
    return guessed


def _day(text: str, notes: list[str]) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        notes.append(str(said("“%(text)s” is no day as 2026-01-31.", text=text[:40])))
        return None
