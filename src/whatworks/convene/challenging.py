"""Somebody comments on a page or challenges what it says; a challenge that is let through is a task with an answer in public."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene import guarding
from whatworks.convene.enquiring_calendar import bank_holidays
from whatworks.convene.models import Challenge, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.access import PUBLIC as OPEN_TO_ALL
from whatworks.people.access import policy_of
from whatworks.people.models import Area
from whatworks.publish.models import Guide, Page
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.trial.models import Trial

COMMENT, CHALLENGE, RATING = "comment", "challenge", "rating-challenge"
KINDS = (COMMENT, CHALLENGE, RATING)
WITHIN = 20  # working days in which a challenge is answered: our own promise
SUBJECTS = {
    "page": Page, "page_revision": Page, "page_history": Page, "ratings_compared": Page, "guide": Guide,
    "guide_revision": Guide, "review": Review, "trial": Trial,
}  # fmt: skip


def may_be_challenged(where: str) -> bool:
    """Whether an address is a public page of ours that may be named: never one whose address is a key to something private."""
    try:
        found = resolve(where)
    except Resolver404:
        return False
    open_to_all = policy_of(found.func) == OPEN_TO_ALL and len(where) <= 200
    return open_to_all and (not found.kwargs or found.url_name in SUBJECTS or found.url_name == "area")


def subject_at(where: str) -> str | None:
    """The identifier of what a public page is about; None where it has none of its own.

    Raises InputError for what is no public page of this centre.
    """
    if not may_be_challenged(where):
        raise InputError(
            said("There is no public page at that address; go to the page, and follow the link at its foot.")
        )
    found = resolve(where)
    model = SUBJECTS.get(found.url_name or "")
    if model is not None:
        held = model.objects.filter(slug=found.kwargs.get("slug")).first()
        return held.pk if held else None
    area = Area.objects.filter(code=found.kwargs["code"]).first() if found.url_name == "area" else None
    return area.pk if area else None


@transaction.atomic
def say(*, kind: str, words: str, where: str, speaks_as: str = "", reply_to: str = "") -> Text:
    """Keep a comment on, or a challenge to, a public page; it waits for a moderator."""
    if kind not in KINDS:
        raise InputError(said("“%(kind)s” is neither a comment nor a challenge; choose one.", kind=kind))
    about = subject_at(where)
    return guarding.take(kind=kind, content=words, about=about, where=where, speaks_as=speaks_as, reply_to=reply_to)


@guarding.when_shown(CHALLENGE, RATING)
def open_challenge(text: Text, by: str) -> Challenge:
    """A challenge that a moderator let through becomes a task, with the day by which we answer."""
    held = Challenge.objects.filter(text=text).first()
    if held is not None:
        return held
    today = timezone.localdate()
    challenge: Challenge = Challenge.objects.register(
        about_id=text.about_id,
        where=text.where,
        text=text,
        rating=text.kind == RATING,
        opened_on=today,
        due_on=bank_holidays().after(today, WITHIN),
    )
    about = [challenge, *([text.about_id] if text.about_id else [])]
    record(verb="convene.open-challenge", by=by, about=about, made=[challenge], audience=PUBLIC)
    return challenge


@transaction.atomic
def answer(*, by: str, challenge: Challenge, state: str, words: str) -> Challenge:
    """Answer a challenge in public: answered, upheld (they were right), or declined, each with the reason."""
    held = Challenge.objects.select_for_update().get(pk=challenge.pk)
    if held.state != Challenge.UNANSWERED:
        raise ConflictError(said("This challenge is “%(state)s” already; look at it again.", state=held.state))
    if state not in (Challenge.ANSWERED, Challenge.UPHELD, Challenge.DECLINED):
        raise InputError(said("“%(state)s” is no answer; choose answered, upheld or declined.", state=state))
    if not words.strip():
        raise InputError(said("Write the answer with its reason; everybody will read it."))
    held.state, held.answer = state, words.strip()
    held.answered_on, held.answered_by = timezone.localdate(), by
    held.save()
    about = [held, *([held.about_id] if held.about_id else [])]
    record(verb="convene.answer-challenge", by=by, about=about, made=[held], audience=PUBLIC)
    if held.text and held.text.reply_to:
        transaction.on_commit(lambda: tell(held))
    return held


def tell(challenge: Challenge) -> bool:
    """Tell whoever challenged us that the answer is public. False where it could not be sent; the answer stands all the same."""
    if challenge.text is None or not challenge.text.reply_to:
        return False
    address = settings.BASE_URL + reverse("challenges") + f"#{challenge.pk}"
    words = _("We answered what you said about a page of ours. Everybody can read it:\n%(address)s\n") % {
        "address": address
    }
    message = EmailMessage(_("Our answer to your challenge"), words, to=[challenge.text.reply_to])
    try:
        return bool(message.send())
    except OSError:
        return False
