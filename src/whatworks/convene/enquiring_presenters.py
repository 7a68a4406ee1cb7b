"""Enquiries in words: where one stands, what happened, how late it is; for those who work here and for whoever asked."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.convene import enquiring
from whatworks.convene.enquiring_calendar import bank_holidays, clocks
from whatworks.convene.guarding_policy import policy
from whatworks.convene.methods import clock
from whatworks.convene.models import Enquiry, EnquiryEvent, Letter, Text
from whatworks.ledger.addresses import link_to
from whatworks.people.naming import names
from whatworks.publish.answering import standing_of

SORTS = {
    Enquiry.GENERAL: gettext_lazy("A question about the evidence, or about us"),
    Enquiry.INFORMATION: gettext_lazy("Information that you hold (Freedom of Information)"),
    Enquiry.ACCESS: gettext_lazy("What you hold about me"),
    Enquiry.COMPLAINT: gettext_lazy("A complaint about how you use what you hold about me"),
}
REGIMES = {
    "foia": gettext_lazy("Freedom of Information Act 2000"),
    "eir": gettext_lazy("Environmental Information Regulations 2004"),
    "voluntary": gettext_lazy("No law binds us; we answer as if it did"),
    "held-on-behalf": gettext_lazy("Held for a public authority, which answers"),
}
STATES = {
    Enquiry.RECEIVED: gettext_lazy("We are working on it"),
    Enquiry.CLARIFYING: gettext_lazy("We asked back, and wait for the answer"),
    Enquiry.ANSWERED: gettext_lazy("Answered"),
    Enquiry.REFUSED: gettext_lazy("Refused, with the reason"),
    Enquiry.TRANSFERRED: gettext_lazy("Sent on to another body"),
    Enquiry.WITHDRAWN: gettext_lazy("Taken back"),
    Enquiry.REVIEWING: gettext_lazy("Our answer is being looked at again"),
}
HAPPENED = {
    "received": gettext_lazy("It reached us"),
    "sorted": gettext_lazy("It was sorted"),
    clock.ASK: gettext_lazy("We asked back: the clock stands still"),
    clock.REPLY: gettext_lazy("The answer came: the clock runs anew"),
    clock.EXTEND: gettext_lazy("We took more time"),
    clock.ANSWER: gettext_lazy("We answered"),
    clock.REFUSE: gettext_lazy("We refused, and said why"),
    clock.TRANSFER: gettext_lazy("It was sent on"),
    clock.WITHDRAW: gettext_lazy("It was taken back"),
    clock.REVIEW: gettext_lazy("A review of our answer was asked for"),
    clock.REVIEW_LONGER: gettext_lazy("The review takes longer"),
    clock.REVIEWED: gettext_lazy("The review is done"),
    "question": gettext_lazy("It became a question that we look into"),
    "told": gettext_lazy("We told them of something published that answers it"),
    "moved": gettext_lazy("We told them that the answer is being checked again"),
    "renewed": gettext_lazy("We told them that the answer has changed"),
    "gone": gettext_lazy("We told them that the answer is withdrawn"),
    "back": gettext_lazy("We told them that the answer is in use again"),
    "wrote": gettext_lazy("They wrote again"),
}
PUBLIC_STATES = {
    Text.WAITING: gettext_lazy("It waits for somebody to read it. It shows to nobody before."),
    Text.SHOWN: gettext_lazy("It shows on the page."),
    Text.KEPT: gettext_lazy("We read it; it shows to nobody else."),
    Text.REFUSED: gettext_lazy("It does not show."),
    Text.QUARANTINED: gettext_lazy(
        "It may say who somebody is. It lies apart, where few can read it, until one of them has looked."
    ),
    Text.DELETED: gettext_lazy("It is deleted. We no longer have your words or your address."),
}


def due_words(standing: clock.Standing, today: datetime.date) -> str:
    """How long there is, or how late it is; worked out now, and stored nowhere."""
    calendar = bank_holidays()
    if standing.due_on is None:
        return ""
    if late := clock.lateness(standing, today, calendar):
        words = ngettext("Late by %(n)s working day", "Late by %(n)s working days", late) % {"n": late}
        return f"{words}. {_('Very late')}" if clock.very_late(standing, today, calendar) else words
    days = clock.left(standing, today, calendar)
    return ngettext("%(n)s working day left", "%(n)s working days left", days or 0) % {"n": days}


def row(enquiry: Enquiry, today: datetime.date) -> dict[str, Any]:
    """One enquiry in the list of those that wait."""
    standing = enquiring.standing_of(enquiry)
    return {
        "enquiry": enquiry,
        "sort": SORTS[enquiry.sort],
        "state": STATES[standing.state],
        "due": standing.due_on,
        "late": bool(clock.lateness(standing, today, bank_holidays())),
        "words": due_words(standing, today),
        "opening": enquiry.text.content[:140],
        "apart": enquiry.text.state == Text.QUARANTINED,
    }


def inbox() -> list[dict[str, Any]]:
    """Every enquiry that waits, the one that is due first before the others."""
    today = timezone.localdate()
    return [row(one, today) for one in Enquiry.objects.open().select_related("text")]


def one(enquiry: Enquiry, *, colleagues: bool) -> dict[str, Any]:
    """An enquiry with its history and its letters. Names of colleagues are for colleagues."""
    today, standing = timezone.localdate(), enquiring.standing_of(enquiry)
    rule = enquiring.rule_of(enquiry)
    history = list(enquiry.history.order_by("number"))
    called = names({event.by for event in history}) if colleagues else {}
    return {
        "enquiry": enquiry,
        "sort": SORTS[enquiry.sort],
        "regime": REGIMES.get(enquiry.regime, ""),
        "rule": rule,
        "state": STATES[standing.state],
        "standing": standing,
        "words": due_words(standing, today),
        "late": bool(clock.lateness(standing, today, bank_holidays())),
        "history": [_event(event, called) for event in history],
        "letters": [_letter(letter) for letter in enquiry.letters.select_related("text")],
        "answered_by": _answered_by(enquiry),
        "review_until": _review_until(rule, standing),
    }


def _event(event: EnquiryEvent, called: dict[str, str]) -> dict[str, Any]:
    beside = event.exemption or ("" if event.what in enquiring.OF_ANSWERS else event.to)
    who = "" if event.by == "public" else called.get(event.by, "")
    return {
        "on": event.on,
        "what": HAPPENED.get(event.what, event.what),
        "beside": beside,
        "due": event.due_on,
        "who": who,
    }


def _letter(letter: Letter) -> dict[str, Any]:
    apart = letter.text is not None and letter.text.state == Text.QUARANTINED
    words = letter.content if letter.text is None else letter.text.content
    return {"letter": letter, "words": words, "apart": apart}


def _answered_by(enquiry: Enquiry) -> dict[str, Any] | None:
    question = enquiry.question
    if question is None or question.answer is None:
        return None
    link = link_to(question.answer)
    return {"title": link["text"], "href": link["href"], **standing_of(question.answer_id)}


def _review_until(rule: clock.Rule, standing: clock.Standing) -> datetime.date | None:
    """Until when a review can be asked for; None where there is none, or it was."""
    closed = standing.state in (clock.ANSWERED, clock.REFUSED) and standing.closed_on is not None
    if not closed or standing.reviewed or not rule.review_within or standing.closed_on is None:
        return None
    until = bank_holidays().after(standing.closed_on, rule.review_asked_within)
    return until if until >= timezone.localdate() else None


def said_of(text: Text) -> dict[str, Any]:
    """A comment or a challenge as whoever sent it sees it at their private address."""
    reason = policy().reasons.get(text.reason)
    return {
        "text": text,
        "kind": policy().kinds[text.kind].title if text.kind in policy().kinds else text.kind,
        "state": PUBLIC_STATES[text.state],
        "reason": reason,
        "challenge": getattr(text, "challenge", None),
    }


def promises() -> list[clock.Rule]:
    """Every clock, for the page that says how long we take."""
    return list(clocks().values())
