"""What came back is taken in: an address that is gone is written to no more, one that is full for now is counted."""

from __future__ import annotations

import hashlib
from collections import Counter

from django.db import transaction
from django.utils import timezone

from whatworks.contact.methods.bouncing import Told, answers_in
from whatworks.contact.models import Bounce, Contact, SentLetter
from whatworks.errors import InputError
from whatworks.ledger.actions import record_node
from whatworks.saying import said


@transaction.atomic
def take_bounces(*, by: str, text: str) -> dict[str, int]:
    """Take in a letter or a mailbox file of answers. Returns how many of which kind; the same brought twice counts once.

    Raises InputError where there is no answer of a mail server in it.
    """
    counted: Counter[str] = Counter()
    found = list(answers_in(text))
    if not found:
        raise InputError(
            said("There is no delivery notification in this; bring the letters as the mail server sent them.")
        )
    for told in found:
        counted[_take(by, told)] += 1
    record_node(verb="contact.bounces", by=by, payload={"counted": dict(counted)})
    return dict(counted)


def _take(by: str, told: Told) -> str:
    """One answer: whose it is (by our own Message-ID, else by the address), kept once."""
    letter = SentLetter.objects.select_related("contact").filter(pk=told.message).first() if told.message else None
    contact = letter.contact if letter else Contact.objects.at(told.address)
    if contact is None or contact.erased_at:
        return "unknown"
    whole = "\x1f".join(
        (told.sort, told.address or contact.pk, told.status, told.message, "" if letter else told.words)
    )
    made, new = Bounce.objects.get_or_create(
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        defaults={
            "id": Bounce.fresh(), "contact": contact, "letter": letter, "sort": told.sort, "status": told.status,
            "address": told.address or contact.email, "words": told.words, "at": timezone.now(),
        },
    )  # fmt: skip
    if not new:
        return "known"
    record_node(verb=f"contact.bounce-{told.sort}", by=by, about=[contact], payload={"bounce": made.pk})
    return told.sort
