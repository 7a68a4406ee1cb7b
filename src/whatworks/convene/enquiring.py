"""An enquiry arrives, is sorted, and one thing after the other happens to it; each leaves one event and moves the clock."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene import guarding
from whatworks.convene.enquiring_calendar import bank_holidays, clocks
from whatworks.convene.enquiring_letters import keep_theirs, write
from whatworks.convene.methods import clock
from whatworks.convene.models import Enquiry, EnquiryEvent, Letter, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue
from whatworks.saying import said
from whatworks.spoken import on_day

RECEIVED, SORTED = "received", "sorted"
# Letters of what became of an answer: of which one, is named by an identifier, which no reader needs.
OF_ANSWERS = ("told", "moved", "renewed", "gone", "back")
BESIDE = (RECEIVED, SORTED, "disclosed", "question", "wrote", *OF_ANSWERS)  # in the history, and nothing to the clock
PERSONAL = (Enquiry.ACCESS, Enquiry.COMPLAINT)  # their words say who they are: always apart
KEPT_FOR = datetime.timedelta(days=730)  # after the last thing that happened to a closed enquiry, its words go
REGIMES = ("foia", "eir", "voluntary", "held-on-behalf")


def rule_of(enquiry: Enquiry) -> clock.Rule:
    """The rule of its clock. Until somebody has said which law a request falls under, our own promise runs."""
    if enquiry.sort == Enquiry.INFORMATION:
        return clocks()[enquiry.regime or "voluntary"]
    return clocks()[enquiry.sort]


def standing_of(enquiry: Enquiry) -> clock.Standing:
    """Where an enquiry stands, worked out from what happened."""
    rows = enquiry.history.exclude(what__in=BESIDE).order_by("number")
    happened = [clock.Happened(one.what, one.on, one.exemption) for one in rows]
    return clock.run(rule_of(enquiry), enquiry.received_on, happened, bank_holidays())


@transaction.atomic
def ask(
    *,
    words: str,
    sort: str,
    by: str = guarding.PUBLIC_ACTOR,
    reply_to: str = "",
    received_on: datetime.date | None = None,
    demonstration: bool = False,
) -> Enquiry:
    """Keep an enquiry that somebody sent, or that came another way and is entered by a colleague with the day it came."""
    today = timezone.localdate()
    if sort not in (Enquiry.GENERAL, *PERSONAL, Enquiry.INFORMATION):
        raise InputError(said("“%(sort)s” is no sort of enquiry; choose one from the list.", sort=sort))
    if received_on is not None and received_on > today:
        raise InputError(said("It cannot have come on a day that is still to come; give the day it came."))
    text = guarding.take(kind="enquiry", content=words, by=by, reply_to=reply_to, apart=sort in PERSONAL)
    enquiry = Enquiry(
        subject_id=Enquiry.fresh(), text=text, sort=sort, received_on=received_on or today, demonstration=demonstration
    )
    enquiry.due_on = standing_after(enquiry, []).due_on
    Enquiry.objects.register_all([enquiry])
    happened(enquiry, RECEIVED, enquiry.received_on, by=by)
    write(
        enquiry=enquiry,
        by=by,
        words=_("We have your question, and answer it by %(day)s.")
        % {"day": on_day(enquiry.due_on or enquiry.received_on)},
    )
    return enquiry


def standing_after(enquiry: Enquiry, happened: list[clock.Happened]) -> clock.Standing:
    """Where an enquiry would stand after these; for one that is not kept yet."""
    return clock.run(rule_of(enquiry), enquiry.received_on, happened, bank_holidays())


@transaction.atomic
def sort_out(*, by: str, enquiry: Enquiry, sort: str, regime: str = "") -> Enquiry:
    """Say what kind of enquiry it is, and for a request for information which law it falls under."""
    held = _locked(enquiry)
    if held.state not in Enquiry.OPEN:
        raise ConflictError(said("This enquiry is “%(state)s”; it is not sorted any more.", state=held.state))
    if sort == Enquiry.INFORMATION and regime not in REGIMES:
        raise InputError(said("Say which law the request falls under, or that we answer of our own accord."))
    held.sort, held.regime = sort, regime if sort == Enquiry.INFORMATION else ""
    if sort not in clocks() and sort != Enquiry.INFORMATION:
        raise InputError(said("“%(sort)s” is no sort of enquiry; choose one from the list.", sort=sort))
    standing = standing_of(held)
    held.due_on, held.state = standing.due_on, standing.state
    held.save(update_fields=["sort", "regime", "due_on", "state"])
    if sort in PERSONAL:
        theirs = Text.objects.filter(letter__enquiry=held, state=Text.KEPT)
        for text in [*theirs, *([held.text] if held.text.state == Text.KEPT else [])]:
            guarding.quarantine(by=by, text=text)
    happened(held, SORTED, timezone.localdate(), by=by)
    return held


@transaction.atomic
def move(
    *,
    by: str,
    enquiry: Enquiry,
    what: str,
    words: str = "",
    on: datetime.date | None = None,
    exemption: str = "",
    to: str = "",
) -> Enquiry:
    """Let one thing happen to an enquiry (`clock.ASK`, `EXTEND`, `ANSWER`, …), with the letter that tells of it.

    Raises InputError where the clock's rule does not allow it then, where a letter is needed and has no words, or where
    it goes to nobody.
    """
    held = _locked(enquiry)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise InputError(said("It cannot have happened on a day that is still to come; give the day it was."))
    if what in LETTERS and not words.strip():
        raise InputError(said("Write what they will read; without words there is nothing to send."))
    if what == clock.TRANSFER and not to.strip():
        raise InputError(said("Say to which body it goes, such as “Department for Education”."))
    standing = _after(held, clock.Happened(what, day, exemption))
    held.due_on, held.state = standing.due_on, standing.state
    held.save(update_fields=["due_on", "state"])
    happened(held, what, day, by=by, exemption=exemption, to=to)
    if what in LETTERS:
        write(enquiry=held, by=by, words=words)
    if held.state not in Enquiry.OPEN:
        _forget_in_time(held)
    return held


def _forget_in_time(held: Enquiry) -> None:
    enqueue(
        kind="convene.forget-enquiry",
        by="rule:retention",
        key=f"convene.forget-enquiry:{held.pk}:{held.history.count()}",
        arguments={"enquiry": held.pk},
        not_before=timezone.now() + KEPT_FOR,
    )


LETTERS = (
    clock.ASK, clock.EXTEND, clock.ANSWER, clock.REFUSE, clock.TRANSFER, clock.REVIEW_LONGER, clock.REVIEWED,
)  # fmt: skip


@transaction.atomic
def write_back(*, token: str, words: str) -> Letter:
    """What somebody writes at their private address: the answer to what we asked back starts the clock again."""
    held = enquiry_at(token)
    letter = keep_theirs(enquiry=held, words=words, apart=held.sort in PERSONAL)
    if held.state == Enquiry.CLARIFYING:
        move(by=guarding.PUBLIC_ACTOR, enquiry=held, what=clock.REPLY)
    else:
        happened(held, "wrote", timezone.localdate(), by=guarding.PUBLIC_ACTOR)
    return letter


@transaction.atomic
def ask_for_review(*, token: str) -> Enquiry:
    """Somebody asks at their private address that we look at our answer again."""
    return move(by=guarding.PUBLIC_ACTOR, enquiry=enquiry_at(token), what=clock.REVIEW)


@transaction.atomic
def withdraw(*, token: str) -> Enquiry:
    """Somebody takes their enquiry back at their private address."""
    return move(by=guarding.PUBLIC_ACTOR, enquiry=enquiry_at(token), what=clock.WITHDRAW)


@transaction.atomic
def forget(*, by: str, enquiry: Enquiry) -> Enquiry:
    """Delete what was asked, who asked and every letter, for good; what happened when stays, to be counted."""
    held = _locked(enquiry)
    if held.state in Enquiry.OPEN:
        _close_unanswered(held, by=by)
    guarding.delete(by=by, text=held.text)
    for letter in held.letters.exclude(text=None).select_related("text"):
        guarding.delete(by=by, text=letter.text)
    held.letters.update(content="", state="deleted")
    record(verb="convene.forget-enquiry", by=by, about=[held])
    return held


def _close_unanswered(held: Enquiry, *, by: str) -> None:
    move(by=by, enquiry=held, what=clock.WITHDRAW)
    held.refresh_from_db()


def enquiry_at(token: str) -> Enquiry:
    """The enquiry of a private address. Raises InputError where there is none."""
    found = Enquiry.objects.filter(text__token=token).select_related("text").first() if token else None
    if found is None:
        raise InputError(said("There is no enquiry at this address; it may have been deleted."))
    return found


def _after(held: Enquiry, one: clock.Happened) -> clock.Standing:
    rows = held.history.exclude(what__in=BESIDE).order_by("number")
    happened = [clock.Happened(row.what, row.on, row.exemption) for row in rows]
    return standing_after(held, [*happened, one])


def _locked(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def happened(
    enquiry: Enquiry, what: str, on: datetime.date, *, by: str, exemption: str = "", to: str = ""
) -> EnquiryEvent:
    """Add one line to the history of an enquiry, with the day that is due now, in the caller's transaction."""
    last = enquiry.history.aggregate(last=Max("number"))["last"] or 0
    made = EnquiryEvent.objects.create(
        pk=EnquiryEvent.fresh(),
        enquiry=enquiry,
        number=last + 1,
        what=what,
        on=on,
        at=timezone.now(),
        due_on=enquiry.due_on,
        regime=enquiry.regime,
        exemption=exemption.strip(),
        to=to.strip(),
        by=by,
    )
    record(verb=f"convene.enquiry-{what}", by=by, about=[enquiry], payload={"due": str(enquiry.due_on or "")})
    return made
