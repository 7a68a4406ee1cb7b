"""Consent: asked, given, withdrawn, objected, each a row; and the one question to them, whether somebody may be written to."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.contact.held import suppression
from whatworks.contact.methods.deciding import (
    ACTS,
    ASKED,
    BASES,
    CONSENT,
    GIVEN,
    INDIVIDUAL,
    OBJECTED,
    SUBSCRIBERS,
    UNKNOWN,
    WITHDRAWN,
    Answer,
    Known,
    acts_on,
    may_write,
)
from whatworks.contact.models import Bounce, ConsentRow, Contact, MailingList, Suppressed
from whatworks.contact.wordings import wordings
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record_node
from whatworks.saying import said

READER = "reader"  # the actor where somebody acts for themselves, by a link that we sent them


def known_of(contacts: Iterable[Contact]) -> dict[str, Known]:
    """All that the rule needs of many contacts, by identifier, in a handful of queries; what was merged into one counts as its own."""
    held = list(contacts)
    stands_for = {one.pk: one.pk for one in held}
    new = list(stands_for)
    while new:
        found = list(Contact.objects.filter(merged_into__in=new).values_list("pk", "merged_into"))
        stands_for |= {pk: stands_for[into] for pk, into in found}
        new = [pk for pk, _ in found]
    acts, returned = defaultdict(list), defaultdict(list)
    for row in ConsentRow.objects.filter(contact__in=stands_for):
        acts[stands_for[row.contact_id]].append(row.as_act())
    for bounce in Bounce.objects.filter(contact__in=stands_for):
        returned[stands_for[bounce.contact_id]].append(bounce.as_returned())
    return {one.pk: Known(one.email, tuple(acts[one.pk]), tuple(returned[one.pk])) for one in held}


def answer_for(contact: Contact, mailing_list: MailingList, at: datetime.datetime | None = None) -> Answer:
    """Whether somebody may be written to on a list, and why."""
    kept = contact.kept()
    return may_write(known_of([kept])[kept.pk], mailing_list.pk, at or timezone.now())


@transaction.atomic
def record_consent(
    *,
    by: str,
    contact: Contact,
    mailing_list: MailingList | None,
    basis: str,
    subscriber: str,
    source: str,
    wording: str = "",
    words: str = "",
    agreed_on: datetime.date | None = None,
    collected_on: datetime.date | None = None,
    directly: bool = False,
    opt_out_offered: bool = False,
    evidence: Mapping[str, Any] | None = None,
) -> ConsentRow:
    """Write down a basis that somebody here knows of, such as a signed form. It never undoes a withdrawal or an objection."""
    if basis not in BASES or subscriber not in SUBSCRIBERS:
        raise InputError(said("Choose the basis and the kind of subscriber from the lists."))
    if not source.strip():
        raise InputError(said("Say where this comes from; without a source nobody can check it."))
    if not contact.email:
        raise InputError(said("There is no address to agree for; add it first."))
    if basis == CONSENT and (not wording.strip() or agreed_on is None):
        raise InputError(said("Consent needs the day on which they agreed, and the words that they agreed to."))
    now = timezone.now()
    day = agreed_on or timezone.localdate(now)
    if day > timezone.localdate(now):
        raise InputError(said("The day lies ahead of today; mend it."))
    at = now if day == timezone.localdate(now) else timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    return keep(
        by=by, contact=contact, mailing_list=mailing_list, act=GIVEN, at=at, basis=basis, subscriber=subscriber,
        source=source.strip(), wording=wording.strip(), words=words or wordings().get(wording.strip(), ""),
        collected_on=collected_on, directly=directly, opt_out_offered=opt_out_offered, address=contact.email,
        evidence=dict(evidence or {}),
    )  # fmt: skip


def keep(*, by: str, contact: Contact, act: str, at: datetime.datetime, **told: Any) -> ConsentRow:
    """One row on consent, with its event."""
    row = ConsentRow.objects.create(
        id=told.pop("id", None) or ConsentRow.fresh(), contact=contact, act=act, at=at, by=by, **told
    )
    record_node(verb=f"contact.consent-{act}", by=by, about=[contact], payload={"consent": row.pk})
    return row


@transaction.atomic
def ask(
    *,
    by: str,
    contact: Contact,
    lists: Iterable[MailingList],
    wording: str,
    source: str,
    evidence: Mapping[str, Any],
    at: datetime.datetime | None = None,
) -> list[ConsentRow]:
    """Write down that somebody asked to be on lists. Until they confirm it from their inbox they are written nothing else."""
    when = at or timezone.now()
    return [
        keep(
            by=by, contact=contact, mailing_list=one, act=ASKED, at=when, basis=CONSENT, subscriber=INDIVIDUAL,
            wording=wording, words=wordings()[wording], source=source, address=contact.email, evidence=dict(evidence),
            collected_on=timezone.localdate(when), directly=True, opt_out_offered=True,
        )
        for one in lists
    ]  # fmt: skip


@transaction.atomic
def confirm(*, contact: Contact, asked: Iterable[str], evidence: Mapping[str, Any]) -> list[ConsentRow]:
    """What was asked is confirmed from the inbox. Done twice, it is done once, even where they left in between.

    Raises ConflictError where the address changed since it was asked.
    """
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    made, now = [], timezone.now()
    for row in ConsentRow.objects.filter(pk__in=list(asked), contact=held, act=ASKED).select_related("mailing_list"):
        if held.erased_at or row.address != held.email:
            raise ConflictError(said("This link was for another address; sign up again."))
        identifier = ConsentRow.derived("confirmed", row.pk)
        if ConsentRow.objects.filter(pk=identifier).exists():
            continue
        made.append(
            keep(
                id=identifier, by=READER, contact=held, mailing_list=row.mailing_list, act=GIVEN, at=now, basis=CONSENT,
                subscriber=row.subscriber, wording=row.wording, words=row.words, source=row.source, clicked=True,
                address=row.address, collected_on=row.collected_on, directly=True, opt_out_offered=True,
                evidence={"asked": row.pk, "asked_at": row.at.isoformat(), **evidence},
            )
        )  # fmt: skip
        Suppressed.objects.filter(pk=suppression(row.address)).delete()  # they came back by themselves
    return made


@transaction.atomic
def leave(*, by: str, contact: Contact, mailing_list: MailingList | None, source: str) -> ConsentRow | None:
    """Take somebody off a list, or off all. None where they had left already: done twice, it is done once."""
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    if held.erased_at:
        return None
    kept = held.kept()
    if not _receives(known_of([kept])[kept.pk], mailing_list.pk if mailing_list else None):
        return None
    return keep(
        by=by, contact=held, mailing_list=mailing_list, act=WITHDRAWN, at=timezone.now(), source=source,
        subscriber=UNKNOWN, address=held.email,
    )  # fmt: skip


def _receives(known: Known, mailing_list: str | None) -> bool:
    """Whether leaving would change anything: for one list the latest word is not a no; for all, that of any list is not."""
    for one in {act.mailing_list for act in known.acts} if mailing_list is None else {mailing_list}:
        words = [act for act in acts_on(known.acts, one) if act.act != ASKED]
        last = max(words, key=lambda act: (act.at, ACTS.index(act.act)), default=None)
        if last is None or last.act == GIVEN:
            return True
    return mailing_list is None and not known.acts


@transaction.atomic
def object_to_all(*, by: str, contact: Contact, source: str) -> ConsentRow:
    """Write down that somebody objects to being written to. It holds for every list and basis."""
    return keep(
        by=by, contact=contact, mailing_list=None, act=OBJECTED, at=timezone.now(), source=source, address=contact.email
    )
