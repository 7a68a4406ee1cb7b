"""Where a subject is read, and what it is called there: a room says so for its kinds when it loads; whoever cites asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from whatworks.ledger.models import Subject

Told = tuple[str, str] | None  # title and public address; None where readers cannot see it (yet)
_leads: dict[str, Callable[[str], Told]] = {}


def lead(*kinds: str) -> Callable[[Callable[[str], Told]], Callable[[str], Told]]:
    """Declare how a subject of these kinds is found by its identifier: its title for readers, and its public address."""

    def declare(find: Callable[[str], Told]) -> Callable[[str], Told]:
        _leads.update(dict.fromkeys(kinds, find))
        return find

    return declare


def link_to(subject: Subject) -> dict[str, str]:
    """The words and the address by which a subject is cited; the address is empty where readers cannot see it."""
    find = _leads.get(subject.kind)
    title, href = (find(subject.pk) if find else None) or (subject.title, "")
    return {"text": title, "href": href, "identifier": subject.pk, "kind": subject.kind}


def links_to(identifiers: Iterable[str]) -> list[dict[str, str]]:
    """The same for several identifiers, in their order; what is not here is left out."""
    wanted = list(identifiers)
    held = Subject.objects.in_bulk(wanted)
    return [link_to(held[key]) for key in wanted if key in held]
