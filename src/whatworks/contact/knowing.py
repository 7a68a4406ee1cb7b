"""People and bodies are added, tied, noted, merged and parted again. Each act leaves one event, which names nobody."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from whatworks.contact.methods.addresses import tidy
from whatworks.contact.models import Contact, ContactMerge, ContactTie, Interaction
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record_node
from whatworks.people.models import Area
from whatworks.saying import said


def address_of(text: str) -> str:
    """An address in the form in which it is kept; empty stays empty. Raises InputError for what cannot be one."""
    if not text.strip():
        return ""
    found = tidy(text)
    if not found:
        raise InputError(said("This is no e-mail address; give one such as jo@example.org."))
    return found


@transaction.atomic
def add_contact(
    *, by: str, name: str = "", email: str = "", sort: str = Contact.PERSON, made_up: bool = False
) -> Contact:
    """Add a person or a body. Raises ConflictError where somebody has the address already."""
    told, address = " ".join(name.split()), address_of(email)
    if not told and not address:
        raise InputError(said("Give a name or an e-mail address."))
    if address and (held := Contact.objects.filter(email=address).first()):
        raise ConflictError(said("Somebody here has that address already: %(contact)s.", contact=held.pk))
    made: Contact = Contact.objects.register(
        name=told, email=address, sort=sort, made_up=made_up, made_at=timezone.now()
    )
    record_node(verb="contact.add", by=by, about=[made])
    return made


@transaction.atomic
def change_contact(*, by: str, contact: Contact, name: str, email: str) -> Contact:
    """Mend a name or an address. What was agreed for the old address does not hold for the new one."""
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    _refuse_erased(held)
    told, address = " ".join(name.split()), address_of(email)
    if not told and not address:
        raise InputError(said("Give a name or an e-mail address."))
    other = Contact.objects.filter(email=address).exclude(pk=held.pk).first() if address else None
    if other:
        raise ConflictError(said("Somebody here has that address already: %(contact)s.", contact=other.pk))
    held.name, held.email = told, address
    held.save(update_fields=["name", "email"])
    record_node(verb="contact.change", by=by, about=[held])
    return held


@transaction.atomic
def tie(
    *,
    by: str,
    contact: Contact,
    role: str,
    body: Contact | None = None,
    area: Area | None = None,
    began: datetime.date | None = None,
    ended: datetime.date | None = None,
    source: str = "",
) -> ContactTie:
    """Say that somebody has, or had, a role. One contact may have many."""
    _refuse_erased(contact)
    if not role.strip():
        raise InputError(said("Say what the role is, such as “director of children's services”."))
    if began and ended and ended < began:
        raise InputError(said("A role cannot end before it begins; mend one of the days."))
    if body is not None and body.pk == contact.pk:
        raise InputError(said("Nobody is tied to themselves; choose another body."))
    made = ContactTie.objects.create(
        id=ContactTie.fresh(), contact=contact, role=" ".join(role.split()), body=body, area=area, began=began,
        ended=ended, source=source.strip(),
    )  # fmt: skip
    record_node(verb="contact.tie", by=by, about=[contact, *([body] if body else [])], payload={"tie": made.pk})
    return made


@transaction.atomic
def end_tie(*, by: str, tied: ContactTie, ended: datetime.date) -> ContactTie:
    """Say that a role ended. It stays, with its days."""
    if tied.began and ended < tied.began:
        raise InputError(said("A role cannot end before it begins; mend one of the days."))
    tied.ended = ended
    tied.save(update_fields=["ended"])
    record_node(verb="contact.tie-ended", by=by, about=[tied.contact_id], payload={"tie": tied.pk})
    return tied


@transaction.atomic
def note(*, by: str, contact: Contact, sort: str, on: datetime.date, what: str) -> Interaction:
    """Write down that we had to do with each other."""
    _refuse_erased(contact)
    if sort not in Interaction.KINDS:
        raise InputError(said("“%(sort)s” is none of the kinds; choose one of the list.", sort=sort[:20]))
    if not what.strip():
        raise InputError(said("Say in a sentence what it was about."))
    made = Interaction.objects.create(
        id=Interaction.fresh(), contact=contact, sort=sort, on=on, what=what.strip(), by=by, at=timezone.now()
    )
    record_node(verb="contact.note", by=by, about=[contact], payload={"interaction": made.pk})
    return made


@transaction.atomic
def merge(*, by: str, kept: Contact, gone: Contact, reason: str = "") -> ContactMerge:
    """Say that two are one. The rows of both stay where they are; a no of either counts for both."""
    held = {one.pk: one for one in Contact.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk])}
    if len(held) < 2:
        raise InputError(said("Choose two different contacts."))
    for one in held.values():
        _refuse_erased(one)
        if one.merged_into_id:
            raise ConflictError(said("%(contact)s was merged into another already; look again.", contact=one.pk))
    Contact.objects.filter(pk=gone.pk).update(merged_into=kept)
    made = ContactMerge.objects.create(
        id=ContactMerge.fresh(), kept=kept, gone=gone, reason=reason.strip(), by=by, at=timezone.now()
    )
    record_node(verb="contact.merge", by=by, about=[kept, gone], payload={"merge": made.pk})
    return made


@transaction.atomic
def part(*, by: str, merged: ContactMerge) -> ContactMerge:
    """Undo a merge: both are as they were, with every row that came since at the one it was written to."""
    held = ContactMerge.objects.select_for_update().get(pk=merged.pk)
    if held.undone_at:
        raise ConflictError(said("That merge is undone already."))
    Contact.objects.filter(pk=held.gone_id).update(merged_into=None)
    held.undone_by, held.undone_at = by, timezone.now()
    held.save(update_fields=["undone_by", "undone_at"])
    record_node(verb="contact.part", by=by, about=[held.kept_id, held.gone_id], payload={"merge": held.pk})
    return held


def _refuse_erased(contact: Contact) -> None:
    if contact.erased_at:
        raise ConflictError(said("%(contact)s was erased; nothing can be added to it.", contact=contact.pk))
