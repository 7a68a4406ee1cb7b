"""Which pages answer a question, and how many would be left by each filter? An index of pages, kept in memory.

Words are looked up by their stems; filters are sets of pages, each one whole number with a bit for each page, so that ten
thousand pages are counted in microseconds. Nothing here knows of effects or their size: a page is never ranked by them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

NOT_RECORDED = "not-recorded"
WEIGHTS = (6.0, 3.0, 2.0, 1.0)  # of a page's name, its outcomes, its first sentence, and all else it says
BY_FACET = 2.0  # a page that is recorded so, where its words do not say so
BY_SYNONYM = 0.8  # another word for what was asked, beside the reader's own word
ENOUGH = 0.4  # of what the fullest match has: a page that has less of the question is no answer to it
SPARE = 1000  # slots of pages that changed: more than these and as many as there are pages, and all are put in anew

Stems: TypeAlias = tuple[str, ...]
Chosen: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Document:
    """A page as it is looked for: the stems of its four fields in one line each, and its values for each filter."""

    key: str
    slug: str
    title: str
    place: tuple[int, ...]
    fields: tuple[str, ...]
    facets: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question asks for: any of these runs of stems, or being recorded under any of these facets.

    The first `own` runs are the reader's own words; the others are other words for the same.
    """

    runs: tuple[Stems, ...]
    facets: tuple[tuple[str, str], ...] = ()
    own: int = 1
    required: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The pages that answer, in order; how many each filter's value would leave; how many do not record a filter."""

    keys: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    unrecorded: Mapping[str, int]


@dataclass(slots=True)
class Shelf:
    """All pages that can be found. `with_changed` gives another one: whoever reads this one is not disturbed."""

    documents: list[Document | None] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)
    postings: dict[str, dict[int, float]] = field(default_factory=dict)
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    all: int = 0
    order: list[int] = field(default_factory=list)

    def with_changed(self, documents: Iterable[Document], gone: Iterable[str] = ()) -> Shelf:
        """The same pages with these in place of their earlier selves, and without those that are gone."""
        if len(self.documents) > 2 * len(self.slots) + SPARE:
            kept = [one for one in self.documents if one is not None]
            return Shelf().with_changed(kept).with_changed(documents, gone)
        other = Shelf(list(self.documents), dict(self.slots), dict(self.postings), {}, self.all, [])
        other.facets = {name: dict(values) for name, values in self.facets.items()}
        fresh: set[str] = set()  # postings that are this shelf's own by now
        for key in gone:
            other._take_out(key, fresh)
        for document in documents:
            other._take_out(document.key, fresh)
            other._put_in(document, fresh)
        held = [(one.place, one.title, one.key, slot) for slot, one in enumerate(other.documents) if one]
        other.order = [slot for *_, slot in sorted(held)]
        return other

    def _own(self, stem: str, fresh: set[str]) -> dict[int, float]:
        if stem not in fresh:
            self.postings[stem] = dict(self.postings.get(stem, ()))
            fresh.add(stem)
        return self.postings[stem]

    def _take_out(self, key: str, fresh: set[str]) -> None:
        slot = self.slots.pop(key, None)
        document = None if slot is None else self.documents[slot]
        if slot is None or document is None:
            return
        for stem in _weighed(document):
            self._own(stem, fresh).pop(slot, None)
            if not self.postings[stem]:
                del self.postings[stem]
                fresh.discard(stem)
        for values in self.facets.values():
            for value in values:
                values[value] &= ~(1 << slot)
        self.all &= ~(1 << slot)
        self.documents[slot] = None

    def _put_in(self, document: Document, fresh: set[str]) -> None:
        slot = len(self.documents)
        self.documents.append(document)
        self.slots[document.key] = slot
        self.all |= 1 << slot
        for stem, weight in _weighed(document).items():
            self._own(stem, fresh)[slot] = weight
        for name, held in document.facets.items():
            values = self.facets.setdefault(name, {})
            for value in held or (NOT_RECORDED,):
                values[value] = values.get(value, 0) | 1 << slot

    def find(self, concepts: Sequence[Concept], chosen: Chosen) -> Found:
        """The pages that have what is asked and are under the filters chosen, most relevant first, ties by name.

        Without anything asked: all pages under the filters, in their own order.
        """
        scores = self._scores(concepts) if concepts else None
        asked = self.all if scores is None else _bits(scores, len(self.documents))
        masks = {name: self._under(name, values) for name, values in chosen.items() if values}
        kept = asked
        for mask in masks.values():
            kept &= mask
        slots = self._in(kept)
        if scores is not None:
            slots.sort(key=lambda slot: (-round(scores[slot], 9), self._title(slot)))
        counts, unrecorded = self._counts(asked, masks, chosen)
        return Found(tuple(self._key(slot) for slot in slots), counts, unrecorded)

    def _in(self, kept: int) -> list[int]:
        held = kept.to_bytes(len(self.documents) // 8 + 1, "little")
        return [slot for slot in self.order if held[slot >> 3] >> (slot & 7) & 1]

    def _key(self, slot: int) -> str:
        document = self.documents[slot]
        return document.key if document else ""

    def _title(self, slot: int) -> str:
        document = self.documents[slot]
        return document.title if document else ""

    def _under(self, name: str, values: Sequence[str]) -> int:
        held = self.facets.get(name, {})
        mask = 0
        for value in values:
            mask |= held.get(value, 0)
        return mask

    def _counts(
        self, asked: int, masks: Mapping[str, int], chosen: Chosen
    ) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        unrecorded: dict[str, int] = {}
        for name, values in self.facets.items():
            others = asked
            for other, mask in masks.items():
                if other != name:
                    others &= mask
            counts[name] = {value: (others & mask).bit_count() for value, mask in values.items()}
            if chosen.get(name) and NOT_RECORDED not in chosen[name]:
                unrecorded[name] = counts[name].get(NOT_RECORDED, 0)
        return counts, unrecorded

    def _scores(self, concepts: Sequence[Concept]) -> dict[int, float]:
        """How well each page answers. A page that has much less than the fullest match has is left out."""
        sums: dict[int, float] = {}
        covered: dict[int, float] = {}
        needed: set[int] | None = None
        for concept in concepts:
            held = self._matching(concept)
            rare = math.log(1 + len(self.slots) / (1 + len(held)))
            for slot, weight in held.items():
                sums[slot] = sums.get(slot, 0.0) + weight * rare
                covered[slot] = covered.get(slot, 0.0) + rare
            if concept.required:
                needed = set(held) if needed is None else needed & set(held)
        least = ENOUGH * max(covered.values(), default=0.0) - 1e-9
        return {
            slot: score * covered[slot]
            for slot, score in sums.items()
            if covered[slot] >= least and (needed is None or slot in needed)
        }

    def _matching(self, concept: Concept) -> dict[int, float]:
        found: dict[int, float] = {}
        for at, run in enumerate(concept.runs):
            share = 1.0 if at < concept.own else BY_SYNONYM
            for slot, weight in self._having(run).items():
                if weight * share > found.get(slot, 0.0):
                    found[slot] = weight * share
        for name, value in concept.facets:
            for slot in self._in(self.facets.get(name, {}).get(value, 0)):
                found.setdefault(slot, BY_FACET)
        return found

    def _having(self, run: Stems) -> dict[int, float]:
        """The pages with a run of stems one after another in one field, with the weight of that field."""
        lists: list[dict[int, float]] = [self.postings.get(stem, {}) for stem in run]
        if len(lists) == 1:
            return lists[0]
        shortest = min(lists, key=len)
        slots = set(shortest).intersection(*lists)
        sought = f" {' '.join(run)} "
        found = {}
        for slot in slots:
            document = self.documents[slot]
            at = next((at for at, text in enumerate(document.fields if document else ()) if sought in text), None)
            if at is not None:
                found[slot] = WEIGHTS[at]
        return found

    def vocabulary(self) -> Iterable[str]:
        """Every stem that some page has."""
        return self.postings.keys()


def _weighed(document: Document) -> dict[str, float]:
    """The stems of a page, each with the weight of the first field that has it, a little more where it is said often."""
    weights: dict[str, float] = {}
    for weight, text in zip(WEIGHTS, document.fields, strict=True):
        for stem, times in Counter(text.replace("|", " ").split()).items():
            weights.setdefault(stem, weight + min(times - 1, 4) / 20)
    return weights


def _bits(slots: Iterable[int], size: int) -> int:
    held = bytearray(size // 8 + 1)
    for slot in slots:
        held[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(held, "little")
