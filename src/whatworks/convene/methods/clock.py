"""When an answer is due, from what happened in order: received, clarified, extended, answered, reviewed. Pure.

What happened is never changed; the day that is due and how late we are are worked out from it whenever they are read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from whatworks.convene.methods.working_days import Calendar, months_after
from whatworks.errors import InputError
from whatworks.saying import dated, said

Day = datetime.date
WORKING_DAY, MONTH, DAY = "working-day", "month", "day"
RESTART, PAUSE = "restart", "pause"
RECEIVED, CLARIFYING, ANSWERED, REFUSED = "received", "clarifying", "answered", "refused"
TRANSFERRED, WITHDRAWN, REVIEWING = "transferred", "withdrawn", "reviewing"
VERY_LATE = 20  # working days after the day that was due

ASK, REPLY, EXTEND, ANSWER, REFUSE = "clarification-asked", "clarified", "extended", "answered", "refused"
TRANSFER, WITHDRAW, REVIEW, REVIEW_LONGER, REVIEWED = (
    "transferred", "withdrawn", "review-asked", "review-extended", "reviewed",
)  # fmt: skip
ALLOWED: dict[str, tuple[str, ...]] = {
    RECEIVED: (ASK, EXTEND, ANSWER, REFUSE, TRANSFER, WITHDRAW),
    CLARIFYING: (REPLY, ANSWER, REFUSE, TRANSFER, WITHDRAW),
    ANSWERED: (REVIEW,),
    REFUSED: (REVIEW,),
    REVIEWING: (REVIEW_LONGER, REVIEWED, WITHDRAW),
    TRANSFERRED: (),
    WITHDRAWN: (),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How long an answer may take under one law, as `definitions/clocks.toml` says."""

    key: str
    title: str
    unit: str
    within: int
    longer: int
    longer_needs_exemption: bool
    clarified: str
    review_within: int
    review_longer: int
    review_asked_within: int
    source: str
    source_url: str
    checked_on: Day
    unconfirmed: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to an enquiry after it was received."""

    what: str
    on: Day
    exemption: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an enquiry stands: its state, the day from which its time runs, when it is due (None: nobody waits for us)."""

    state: str
    since: Day
    due_on: Day | None
    last: Day  # of what happened last: nothing can happen before it
    first_due: Day  # before any extension
    extended: bool = False
    review_extended: bool = False
    reviewed: bool = False
    asked_on: Day | None = None  # when we asked back
    closed_on: Day | None = None


Step = Callable[[Rule, Standing, Happened, Calendar], Standing]


def run(rule: Rule, received_on: Day, happened: Iterable[Happened], calendar: Calendar) -> Standing:
    """Where an enquiry stands after all that happened. Raises InputError for what the rule does not allow."""
    due = due_day(rule, received_on, rule.within, calendar)
    standing = Standing(RECEIVED, received_on, due, received_on, due)
    for one in happened:
        if one.what not in ALLOWED[standing.state]:
            raise InputError(
                said(
                    "“%(what)s” cannot follow while the enquiry is “%(state)s”; look at its history.",
                    what=one.what,
                    state=standing.state,
                )
            )
        if one.on < standing.last:
            raise InputError(
                said(
                    "%(on)s is before %(last)s, when something happened last; give that day or a later one.",
                    on=dated(one.on),
                    last=dated(standing.last),
                )
            )
        standing = replace(_STEPS[one.what](rule, standing, one, calendar), last=one.on)
    return standing


def has(rule: Rule, what: str) -> bool:
    """Whether a rule has such a thing at all; whether it is allowed now, `run` says."""
    lacking = {
        ASK: rule.clarified not in (RESTART, PAUSE),
        EXTEND: not rule.longer,
        REVIEW: not rule.review_within,
        REVIEW_LONGER: not rule.review_longer,
    }
    return not lacking.get(what, False)


def due_day(rule: Rule, start: Day, number: int, calendar: Calendar) -> Day:
    """The last day for something that has so many units from a day on."""
    if rule.unit == WORKING_DAY:
        return calendar.after(start, number)
    if rule.unit == MONTH:  # a month that ends on a day without work ends on the next working day
        return calendar.on_or_after(months_after(start, number))
    return start + datetime.timedelta(days=number)


def lateness(standing: Standing, today: Day, calendar: Calendar) -> int:
    """Working days since the day that was due; 0 where it is not over, or nobody waits for us."""
    if standing.due_on is None:
        return 0
    return calendar.between(standing.due_on, today)


def very_late(standing: Standing, today: Day, calendar: Calendar) -> bool:
    """Whether it is later by another twenty working days than it may be."""
    return lateness(standing, today, calendar) > VERY_LATE


def left(standing: Standing, today: Day, calendar: Calendar) -> int | None:
    """Working days until it is due; None where nobody waits for us."""
    return None if standing.due_on is None else calendar.between(today, standing.due_on)


def _ask(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    if rule.clarified not in (RESTART, PAUSE):
        raise InputError(said("Asking back does not stop this clock; answer with what there is."))
    if held.extended:
        raise InputError(said("The time was made longer already; a question back no longer stops the clock."))
    if held.due_on is not None and one.on > held.due_on:
        raise InputError(
            said("It was due on %(due)s; a question back after that does not stop the clock.", due=dated(held.due_on))
        )
    return replace(held, state=CLARIFYING, due_on=None, asked_on=one.on)


def _reply(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    asked = held.asked_on or held.since
    if rule.clarified == RESTART:
        due = due_day(rule, one.on, rule.within, calendar)
        return replace(held, state=RECEIVED, since=one.on, due_on=due, first_due=due, asked_on=None)
    waited = calendar.on_or_after(held.first_due + (one.on - asked))
    return replace(held, state=RECEIVED, due_on=waited, first_due=waited, asked_on=None)


def _extend(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    if not rule.longer:
        raise InputError(said("There is no longer time for this; answer by the day that is due."))
    if held.extended:
        raise InputError(said("The time was made longer once; it cannot be made longer again."))
    if one.on > held.first_due:
        raise InputError(
            said(
                "More time must be told by %(due)s, inside the first time; it is too late for that.",
                due=dated(held.first_due),
            )
        )
    if rule.longer_needs_exemption and not one.exemption.strip():
        raise InputError(
            said("Name the exemption whose public interest is weighed, such as “s22”; the Act asks for it.")
        )
    due = due_day(rule, held.since, rule.within + rule.longer, calendar)
    if rule.clarified == PAUSE:
        due = calendar.on_or_after(months_after(held.first_due, rule.longer))
    return replace(held, due_on=due, extended=True)


def _close(state: str) -> Step:
    def step(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
        return replace(held, state=state, due_on=None, asked_on=None, closed_on=one.on)

    return step


def _review(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    if held.reviewed:
        raise InputError(said("It was reviewed once; after that the Information Commissioner decides."))
    if not rule.review_within:
        raise InputError(said("There is no internal review of this; tell them of the Information Commissioner."))
    closed = held.closed_on or one.on
    if calendar.between(closed, one.on) > rule.review_asked_within:
        raise InputError(
            said(
                "A review can be asked for within %(days)s working days of the answer of %(on)s; that is over.",
                days=rule.review_asked_within,
                on=dated(closed),
            )
        )
    due = due_day(rule, one.on, rule.review_within, calendar)
    return replace(held, state=REVIEWING, since=one.on, due_on=due, first_due=due)


def _review_longer(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    if not rule.review_longer or held.review_extended:
        raise InputError(said("The time for this review cannot be made longer."))
    if one.on > held.first_due:
        raise InputError(
            said(
                "More time for the review must be told by %(due)s; it is too late for that.", due=dated(held.first_due)
            )
        )
    due = due_day(rule, held.since, rule.review_within + rule.review_longer, calendar)
    return replace(held, due_on=due, review_extended=True)


def _reviewed(rule: Rule, held: Standing, one: Happened, calendar: Calendar) -> Standing:
    return replace(held, state=ANSWERED, due_on=None, reviewed=True)


_STEPS: dict[str, Step] = {
    ASK: _ask,
    REPLY: _reply,
    EXTEND: _extend,
    ANSWER: _close(ANSWERED),
    REFUSE: _close(REFUSED),
    TRANSFER: _close(TRANSFERRED),
    WITHDRAW: _close(WITHDRAWN),
    REVIEW: _review,
    REVIEW_LONGER: _review_longer,
    REVIEWED: _reviewed,
}
