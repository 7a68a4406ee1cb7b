"""What the front page says of the store: how many questions are answered, the first answers of each theme, one to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from whatworks.publish.finding.listed import current
from whatworks.publish.methods.finding import Shelf
from whatworks.publish.models import Listed, Revision


@dataclass(frozen=True, slots=True)
class Front:
    """`answered`: pages with an answer. `first`: for each theme's slug, its first entries, answers before notes."""

    answered: int
    first: dict[str, list[dict[str, Any]]]
    shown: dict[str, Any] | None


def front(themes: Iterable[str], few: int) -> Front:
    """The front page's share of the store, from the list alone; withdrawn pages are no part of it."""
    shelf = current().shelf
    answers = _bits(shelf, "kind", "page")
    chosen = {theme: _keys(shelf, _bits(shelf, "theme", theme), few) for theme in themes}
    wanted = [key for keys in chosen.values() for key in keys]
    entries = dict(Listed.objects.filter(page__in=wanted).values_list("page", "entry"))
    first = {theme: [entries[key] for key in keys if key in entries] for theme, keys in chosen.items()}
    return Front(answers.bit_count(), first, _shown(_in_order(shelf, answers)))


def _bits(shelf: Shelf, facet: str, value: str) -> int:
    return shelf.facets.get(facet, {}).get(value, 0) & shelf.all


def _in_order(shelf: Shelf, bits: int) -> Iterator[str]:
    for slot in shelf.order:
        document = shelf.documents[slot]
        if document is not None and bits >> slot & 1:
            yield document.key


def _keys(shelf: Shelf, bits: int, few: int) -> list[str]:
    return [key for key, _ in zip(_in_order(shelf, bits), range(few), strict=False)]


def _shown(pages: Iterable[str]) -> dict[str, Any] | None:
    """The first page in the list's order whose first outcome is said out of 100; contents are read one at a time."""
    for page in pages:
        revision = Revision.objects.filter(page=page).order_by("-number").first()
        outcomes = revision.content["outcomes"] if revision else []
        if revision and outcomes and outcomes[0]["hundred"]:
            content: dict[str, Any] = revision.content
            return content
    return None
