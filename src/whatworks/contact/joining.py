"""Somebody asks for our e-mails. Whoever they are, the page answers the same; what is so is told in their inbox only."""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.contact.composing import confirmation
from whatworks.contact.consenting import READER, answer_for, ask
from whatworks.contact.held import erase_contact, suppressed, suppression
from whatworks.contact.knowing import add_contact, address_of
from whatworks.contact.methods.deciding import ASKED
from whatworks.contact.models import ConsentRow, Contact, Follow, MailingList, Suppressed
from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.models import Subject
from whatworks.ledger.work import enqueue
from whatworks.saying import said

MOST = 3  # questions to one inbox a day: the form must not be a way to pester somebody
UNCONFIRMED = datetime.timedelta(days=14)  # then an address that nobody confirmed is forgotten


class UnsentError(WhatworksError):
    """The mail server did not take a letter. Says what to do next."""

    http_status = 503


def join(
    *, email: str, lists: Iterable[MailingList], wording: str, source: str, evidence: Mapping[str, Any], about: str = ""
) -> None:
    """Ask for a place on lists; `about` is the subject that somebody wants to hear about. Sends the question.

    Raises InputError for what is no address, or no list; UnsentError where the mail server does not take the question.
    """
    address, wanted = address_of(email), [one for one in lists if one.open]
    if not address:
        raise InputError(said("Give your e-mail address."))
    if not wanted:
        raise InputError(said("Tick at least one thing that you want to get."))
    letter = _asked(address, wanted, wording, source, evidence, about)
    if letter is not None:
        try:
            letter.send()
        except (smtplib.SMTPException, OSError) as error:
            raise UnsentError(said("Our mail server does not answer now; try again in an hour.")) from error


@transaction.atomic
def _asked(
    address: str, wanted: list[MailingList], wording: str, source: str, evidence: Mapping[str, Any], about: str
) -> Any:
    contact = Contact.objects.at(address)
    if contact is None or contact.email != address:
        if Contact.objects.filter(
            email=address
        ).exists():  # merged into somebody with another address: theirs to choose
            return None
        contact = add_contact(by=READER, email=address)
    now = timezone.now()
    recent = ConsentRow.objects.filter(contact=contact, act=ASKED, at__gt=now - datetime.timedelta(days=1), by=READER)
    if recent.values("at").distinct().count() >= MOST:
        return None
    if about and Subject.objects.filter(pk=about, kind="page").exists():
        Follow.objects.get_or_create(contact=contact, about_id=about, defaults={"id": Follow.fresh(), "at": now})
    new = [one for one in wanted if not answer_for(contact, one, now).rests_on or not _clicked(contact, one, now)]
    rows = ask(by=READER, contact=contact, lists=new, wording=wording, source=source, evidence=evidence, at=now)
    day = timezone.localdate(now) + UNCONFIRMED + datetime.timedelta(days=1)
    enqueue(
        kind="contact.tidy", by="rule:retention", key=f"contact.tidy:{day}",
        not_before=timezone.make_aware(datetime.datetime.combine(day, datetime.time(3))),
    )  # fmt: skip
    return confirmation(
        address=address, contact=contact.pk, asked=[one.pk for one in rows], titles=[one.title for one in new]
    )


def _clicked(contact: Contact, mailing_list: MailingList, at: datetime.datetime) -> bool:
    """Whether their place on the list rests on a click of their own already; a weaker basis is worth asking anew."""
    answer = answer_for(contact, mailing_list, at)
    return ConsentRow.objects.filter(pk=answer.rests_on, clicked=True).exists()


def forget_unconfirmed(now: datetime.datetime) -> int:
    """Forget who signed up and never confirmed, and is here for nothing else. Returns how many."""
    asked = ConsentRow.objects.filter(act=ASKED, by=READER, at__lt=now - UNCONFIRMED).values("contact")
    busy = ConsentRow.objects.exclude(act=ASKED, by=READER).values("contact")
    late = ConsentRow.objects.filter(at__gte=now - UNCONFIRMED).values("contact")
    idle = Contact.objects.standing().filter(pk__in=asked, name="").exclude(pk__in=busy).exclude(pk__in=late)
    idle = idle.filter(ties=None, interactions=None, letters=None, lines=None, merged=None, merges=None)
    count = 0
    for contact in list(idle.distinct()[:1000]):
        _forget(contact, now)
        count += 1
    return count


@transaction.atomic
def _forget(contact: Contact, now: datetime.datetime) -> None:
    """Nothing was agreed, so nothing of them stays. They said no to nothing, and may sign up again."""
    known = bool(suppressed([contact.email]))
    address = contact.email
    erase_contact(by="rule:retention", contact=contact, reason="never confirmed")
    if not known:
        Suppressed.objects.filter(pk=suppression(address)).delete()
