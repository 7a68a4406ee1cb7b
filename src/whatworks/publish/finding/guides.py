"""Guides and packages among what is found: a kind of entry of their own, in the order of how well they fit a question.

They are looked for with the same words as pages, and stand beside them: never among them, never by the size of an effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import words
from whatworks.ledger.models import Event
from whatworks.publish.guides.presenters import packages
from whatworks.publish.listing import text_of
from whatworks.publish.methods.finding import Concept, Document, Shelf
from whatworks.publish.methods.finding_asking import SMALL
from whatworks.publish.models import Guide, Package

PART = 0.6  # of what a question asks for: a guide that speaks of less of it is no answer
GUIDE, PACKAGE = "guide", "package"


@dataclass(frozen=True, slots=True)
class Guides:
    """The guides and packages in use, ready to be looked for; `spoken` has a word for each stem."""

    shelf: Shelf = field(default_factory=Shelf)
    spoken: Mapping[str, str] = field(default_factory=dict)


def current() -> Guides:
    """Those in use now. Read again as soon as anything was done in the centre."""
    return _read(Event.objects.order_by("-id").values_list("uid", flat=True).first() or "")


@lru_cache(maxsize=1)
def _read(last: str) -> Guides:
    spoken: dict[str, str] = {}
    made = [*(_guide(one, spoken) for one in in_use()), *(_package(one, spoken) for one in packages())]
    return Guides(Shelf().with_changed(made), spoken)


def in_use() -> Iterator[Guide]:
    """The guides that readers see and that are not withdrawn."""
    for one in Guide.objects.shown().select_related("theme").order_by("theme__order", "title"):
        if one.withdrawn() is None:
            yield one


def _guide(guide: Guide, spoken: dict[str, str]) -> Document:
    frozen = guide.newest() or guide.consulted()
    assert frozen is not None  # shown() takes care of it
    content = frozen.content
    titles = [text_of(one["title"]) for one in content["recommendations"]]
    answer = [text_of(run) for run in content["answer"]]
    rest = [guide.theme.name, *content["stages"], *(text_of(run) for run in content["who_for"])]
    return _document(guide, GUIDE, (content["title"],), titles, answer, rest, spoken)


def _package(package: Package, spoken: dict[str, str]) -> Document:
    items = package.items.select_related("guide", "intervention").order_by("order")
    named = [one.guide.title if one.guide else one.intervention.name for one in items]
    rest = [package.theme.name, *(one.stage for one in items)]
    return _document(package, PACKAGE, (package.title,), named, [package.lead], rest, spoken)


def _document(held: Guide | Package, kind: str, *given: Any) -> Document:
    *texts, spoken = given
    fields = tuple(f" {' | '.join(_stems(text, spoken) for text in one)} " for one in texts)
    place = (int(kind == PACKAGE), held.theme.order)
    return Document(held.pk, held.slug, held.title, place, fields, {"theme": [held.theme.slug], "kind": [kind]})


def _stems(text: str, spoken: dict[str, str]) -> str:
    said = [word for word in words(text) if word not in SMALL and not word.isdigit()]
    for word in said:
        spoken.setdefault(stem(word), word)
    return " ".join(map(stem, said))


def found(held: Guides, concepts: Sequence[Concept], chosen: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The guides and packages that answer, by identifier: all of them without a question.

    Of the filters only the theme is known of guides; under any other none is shown, since nobody recorded it of them.
    """
    if any(values and name != "theme" for name, values in chosen.items()):
        return ()
    keys = held.shelf.find(concepts, chosen).keys
    if not concepts:
        return keys
    return tuple(key for key in keys if _fits(held.shelf.documents[held.shelf.slots[key]], concepts))


def _fits(document: Document | None, concepts: Sequence[Concept]) -> bool:
    said = "".join(document.fields) if document else ""
    told = sum(any(f" {' '.join(run)} " in said for run in concept.runs) for concept in concepts)
    return told >= PART * len(concepts)
