"""What the script of the screening page says: in the page, so that it speaks the language of the centre and can be translated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NUMBERS = range(200)  # a larger number takes the form of its last two digits: no language asks for more


def words() -> str:
    """Every sentence and name that the script may show, by its key, as JSON; {…} is what the script puts in."""
    return json.dumps(_decided() | _waiting() | _aside(), ensure_ascii=False)


def by_number(forms: Iterable[str]) -> dict[str, Any]:
    """The forms that a sentence takes, and which of them each number has, a digit for each number from 0 on.

    >>> by_number(["{n} ways", "{n} way", "{n} ways"])
    {'forms': ['{n} ways', '{n} way'], 'of': '010'}
    """
    said = list(forms)
    different = list(dict.fromkeys(said))
    return {"forms": different, "of": "".join(str(different.index(one)) for one in said)}


def _decided() -> dict[str, Any]:
    """After a decision, a note, or a step back."""
    return {
        "include": _("Included."),
        "exclude": _("Excluded."),
        "maybe": _("Maybe."),
        "skip": _("Skipped."),
        "next": _("Next: {title}"),
        "again": _("Taken back. Again: {title}"),
        "back": _("Taken back."),
        "nothing": _("There is nothing of yours to take back."),
        "choose": _("Choose a reason: a number, or the arrow keys and e."),
        "reason": _("Reason: {reason}"),
        "write": _("Write the note first."),
        "noted": _("The note is kept."),
        "moment": _("One moment."),
    }


def _waiting() -> dict[str, Any]:
    """While decisions are kept in the browser, and when the server refuses one."""
    waiting = (
        ngettext("{n} decision is kept here and will be sent.", "{n} decisions are kept here and will be sent.", n)
        for n in NUMBERS
    )
    return {
        "no-more": _("Nothing more is here until there is a connection. What you decided is kept."),
        "out": _("You are signed out."),
        "other": _("Somebody else is signed in in this browser."),
        "shut": _("You have no access just now."),
        "silent": _("The centre does not answer."),
        "offline": _("No connection."),
        "waiting": by_number(waiting),
        "sign-in": _("Sign in to send"),
        "lasting": _("This browser keeps nothing when it is closed, so leave this page open."),
        "sent": _("All your decisions are sent."),
        "refused": _("Not kept: {error}"),
        "refused-of": _("Not kept: {what}, “{title}”. {error}"),
        "refused-what": _("Not kept: {what}. {error}"),
        "kinds": {
            "include": _("include"),
            "exclude": _("exclude"),
            "maybe": _("maybe"),
            "undo": _("undo"),
            "note": _("note"),
        },
        "look": _("Look at it again"),
        "let-go": _("Let it go"),
        "not-now": _("It cannot be shown just now. Try again in a moment."),
    }


def _aside() -> dict[str, Any]:
    """On the switches beside."""
    here = (ngettext("{n} records are here for you.", "{n} records are here for you.", n) for n in NUMBERS)
    fewer = (ngettext("{n} are here: fetch no more", "{n} are here: fetch no more", n) for n in NUMBERS)
    return {
        "keys-on": _("Keys are on"),
        "keys-off": _("Keys are off"),
        "here": by_number(here),
        "no-more-ahead": by_number(fewer),
        "ahead": _("Fetch ten ahead"),
    }
