"""Who may be here twice, for a person to decide."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.contact.methods.likeness import Somebody, alike
from whatworks.contact.models import Contact, ContactMerge
from whatworks.saying import Said


@dataclass(frozen=True, slots=True)
class Twice:
    """Two contacts that may be one, and why."""

    first: Contact
    second: Contact
    reason: Said


def suggested() -> list[Twice]:
    """Pairs that nobody merged, nor parted again."""
    held = {one.pk: one for one in Contact.objects.standing()}
    parted = {frozenset(pair) for pair in ContactMerge.objects.exclude(undone_at=None).values_list("kept", "gone")}
    found = alike(Somebody(one.pk, one.name, one.email) for one in held.values())
    return [
        Twice(held[one.first], held[one.second], one.reason)
        for one in found
        if frozenset((one.first, one.second)) not in parted
    ]
