"""All that is held of one person, for them to read; and erasure, after which they are gone and every count is what it was.

Rooms above that keep something about a contact say so here when they load: how to tell it, and how to erase it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from whatworks.contact.models import (
    Bounce,
    ConsentRow,
    Contact,
    ContactMerge,
    ContactTie,
    Follow,
    ImportLine,
    Interaction,
    SentLetter,
    Suppressed,
)
from whatworks.errors import ConflictError
from whatworks.ledger import actions as ledger
from whatworks.ledger.models import Event
from whatworks.saying import said

Told = list[dict[str, Any]]
OWN: dict[str, tuple[type[models.Model], str]] = {
    "roles": (ContactTie, "contact"),
    "interactions": (Interaction, "contact"),
    "consents": (ConsentRow, "contact"),
    "letters": (SentLetter, "contact"),
    "bounces": (Bounce, "contact"),
    "follows": (Follow, "contact"),
    "lines of lists": (ImportLine, "contact"),
    "merges": (ContactMerge, "kept"),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """How another room tells what it holds of contacts, and erases it."""

    tell: Callable[[list[str]], Told]
    erase: Callable[[list[str], str], object]


_holders: dict[str, Holder] = {}


def offer(name: str, tell: Callable[[list[str]], Told], erase: Callable[[list[str], str], object]) -> None:
    """Say, when a room loads: of these contacts I hold this, under this name; and I erase it when asked (contacts, by)."""
    _holders[name] = Holder(tell, erase)


def held_of(contact: Contact) -> dict[str, Any]:
    """Everything that is held of one person, whatever they were merged with, as plain values."""
    everyone = contact.kept().everyone()
    addresses = list(Contact.objects.filter(pk__in=everyone).exclude(email="").values_list("email", flat=True))
    found: dict[str, Any] = {"told_at": timezone.now().isoformat()}
    found["contacts"] = [_plain(one) for one in Contact.objects.filter(pk__in=everyone).order_by("pk")]
    for name, (model, key) in OWN.items():
        rows = model._default_manager.filter(**{f"{key}__in": everyone})
        if model is ImportLine:
            rows = ImportLine.objects.filter(models.Q(contact__in=everyone) | models.Q(address__in=addresses))
        found[name] = [_plain(one) for one in rows.order_by("pk")]
    for name, holder in _holders.items():
        found[name] = holder.tell(everyone)
    found["events"] = [
        {"at": one.at.isoformat(), "what": one.verb, "by": one.actor} for one in Event.objects.about(*everyone)
    ]
    return found


def _plain(row: models.Model) -> dict[str, Any]:
    plain = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        plain[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return plain


def suppression(address: str) -> str:
    """What is kept of an address that must not come back: enough to know it again, and nothing to write to."""
    return hashlib.sha256(f"whatworks suppressed {address.casefold()}".encode()).hexdigest()


def suppressed(addresses: list[str]) -> set[str]:
    """Those of the addresses that were erased after they had said no."""
    digests = {suppression(one): one for one in addresses}
    found: set[str] = set()
    keys = list(digests)
    for at in range(0, len(keys), 500):
        rows = Suppressed.objects.filter(pk__in=keys[at : at + 500]).values_list("pk", flat=True)
        found |= {digests[one] for one in rows}
    return found


@transaction.atomic
def erase_contact(*, by: str, contact: Contact, reason: str) -> Contact:
    """Erase a person: their rows stay to be counted, and say nothing of them any more. Their address is not taken in again.

    Raises ConflictError where they are erased already.
    """
    kept = Contact.objects.select_for_update().get(pk=contact.kept().pk)
    if kept.erased_at:
        raise ConflictError(said("%(contact)s is erased already.", contact=kept.pk))
    everyone, now = kept.everyone(), timezone.now()
    addresses = set(Contact.objects.filter(pk__in=everyone).exclude(email="").values_list("email", flat=True))
    addresses |= set(
        ConsentRow.objects.filter(contact__in=everyone).exclude(address="").values_list("address", flat=True)
    )
    for address in addresses:
        Suppressed.objects.get_or_create(pk=suppression(address), defaults={"at": now})
    for holder in _holders.values():
        holder.erase(everyone, by)
    _empty(everyone, list(addresses), now)
    for one in everyone:
        ledger.erase(subject=one, by=by, reason=reason)
    return Contact.objects.get(pk=kept.pk)


def _empty(everyone: list[str], addresses: list[str], now: Any) -> None:
    """The words go, the rows stay."""
    ContactTie.objects.filter(contact__in=everyone).update(role="", body=None, area=None, source="")
    ContactTie.objects.filter(body__in=everyone).update(body=None)
    Interaction.objects.filter(contact__in=everyone).update(what="")
    ConsentRow.objects.filter(contact__in=everyone).update(address="", evidence={}, source="")
    Bounce.objects.filter(contact__in=everyone).update(address="", words="")
    SentLetter.objects.filter(contact__in=everyone, state__in=[SentLetter.WAITING, SentLetter.TAKEN]).update(
        state=SentLetter.DROPPED, why="erased"
    )
    Follow.objects.filter(contact__in=everyone).delete()
    lines = ImportLine.objects.filter(models.Q(contact__in=everyone) | models.Q(address__in=addresses))
    lines.update(given={}, address="", notes=[], reason="")
    ContactMerge.objects.filter(models.Q(kept__in=everyone) | models.Q(gone__in=everyone)).update(reason="")
    Contact.objects.filter(pk__in=everyone).update(name="", email="", organisation=None, erased_at=now)
