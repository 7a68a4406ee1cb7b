"""Comments and challenges in words, and the facts of how to complain about a service."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.convene.challenging import COMMENT, subject_at
from whatworks.convene.guarding import words_of
from whatworks.convene.models import Challenge, Text
from whatworks.errors import InputError
from whatworks.ledger.models import Subject

STATES = {
    Challenge.UNANSWERED: gettext_lazy("Waits for our answer"),
    Challenge.ANSWERED: gettext_lazy("Explained; nothing changed"),
    Challenge.UPHELD: gettext_lazy("They were right"),
    Challenge.DECLINED: gettext_lazy("We do not agree"),
}
ADDRESSES = {"page": "/evidence/", "guide": "/guides/", "trial": "/trials/", "review": "/reviews/"}


def title_of(where: str) -> str:
    """What a public page is called; its path where it has no title of its own."""
    try:
        about = subject_at(where)
    except InputError:
        return where
    return Subject.objects.get(pk=about).title if about else where


def shown_challenge(held: Challenge) -> dict[str, Any]:
    """One challenge: what was said, where, and our answer. The words are empty where they show no more."""
    return {
        "held": held,
        "title": held.about.title if held.about else held.where,
        "where": held.where,
        "words": words_of(held.text),
        "speaks_as": held.text.speaks_as if held.text and held.text.state == Text.SHOWN else "",
        "state": STATES[held.state],
        "late": held.state == Challenge.UNANSWERED and held.due_on < timezone.localdate(),
    }


def every_challenge() -> list[dict[str, Any]]:
    """All of them, the newest first."""
    rows = Challenge.objects.select_related("text", "about").order_by("-opened_on", "-pk")
    return [shown_challenge(one) for one in rows]


def said_about(*identifiers: str) -> dict[str, Any] | None:
    """Comments and challenges about these subjects that show; None where there is nothing."""
    comments = list(Text.objects.shown().filter(about__in=identifiers, kind=COMMENT))
    rows = Challenge.objects.on(*identifiers).select_related("text", "about")
    challenges = [shown_challenge(one) for one in rows]
    return {"comments": comments, "challenges": challenges} if comments or challenges else None


@cache
def complaining() -> dict[str, Any]:
    """Who looks after what, each with its source; and what an unregistered worker means."""
    text = resources.files("whatworks.convene").joinpath("definitions", "complaining.toml").read_text("utf-8")
    told = tomllib.loads(text)
    doubtful = told["unregistered"]["unconfirmed_lines"]
    lines = [
        {"text": line, "unconfirmed": number in doubtful}
        for number, line in enumerate(told["unregistered"]["lines"], start=1)
    ]
    return told | {"lines": lines}


def section_title() -> str:
    """The heading over what people said, on the page they said it about."""
    return _("What people say about this page")
