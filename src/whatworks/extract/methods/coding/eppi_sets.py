"""A frame from a code set of EPPI-Reviewer, and answers from the codes given there. Every item keeps its number there.

A code with codes below it becomes a group. Those directly below it that can be given become the allowed values of one
question about it; those that have codes of their own become groups again, shown when their value was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from whatworks.collate.methods.eppi import Code, CodeSet, Coding
from whatworks.errors import InputError
from whatworks.extract.methods.coding.answers import Coded
from whatworks.extract.methods.coding.faults import DEEPEST, LONGEST_KEY, LONGEST_LABEL, LONGEST_VALUE
from whatworks.extract.methods.coding.frame import CODED, GROUP, STATUSES, Allowed, Condition, Frame, Item
from whatworks.extract.methods.coding.reading import checked
from whatworks.saying import said

PREFIX = "eppi:"
_NOT_GIVEN = re.compile(r"not selectable", re.IGNORECASE)
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """One answer that came with the codes of an item there: the note beside the code, and the passage it was given to."""

    study: str  # the item's number there
    item: str
    arm: str
    arm_title: str
    coded: Coded
    note: str
    quote: str


def frame_of(one: CodeSet, *, key: str = "", version: int = 1) -> Frame:
    """The frame that asks what a code set asks. Raises InputError where it holds no code that can be given."""
    keys = _Keys()
    items = _group(one.identifier or "set", one.name or "Codes", one.description, one.codes, keys, 0, ())
    if items is None or not any(_answered(items)):
        raise InputError(
            said("The code set “%(name)s” holds no code that can be given; export it with its codes.", name=one.name)
        )
    name = _clean(one.name, LONGEST_LABEL) or "A code set"
    made = Frame(
        key=key or keys.slug(one.name, "code-set"),
        version=version,
        title=name,
        items=items.items if len(items.items) > 1 or items.items[0].kind == GROUP else (items,),
        description=one.description.strip(),
        source=f"{PREFIX}{one.identifier}" if one.identifier else "EPPI-Reviewer",
    )
    return checked(made, f"The code set “{name}”")


def _answered(item: Item) -> Iterator[Item]:
    if item.kind != GROUP:
        yield item
    for one in item.items:
        yield from _answered(one)


class _Keys:
    """Keys that no other item of the frame has."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def slug(self, text: str, otherwise: str) -> str:
        held = _SLUG.sub("-", text.casefold().encode("ascii", "ignore").decode()).strip("-")[:40].strip("-")
        return held if held[:1].isalpha() else f"{otherwise}-{held}".strip("-")

    def of(self, text: str, otherwise: str) -> str:
        first = key = self.slug(text, otherwise)[: LONGEST_KEY - 5].strip("-")
        number = 1
        while key in self._taken:
            number += 1
            key = f"{first}-{number}"
        self._taken.add(key)
        return key


def _clean(text: str, longest: int) -> str:
    return " ".join(text.replace("|", "/").replace("\0", "").split())[:longest].strip()


def _group(
    number: str,
    name: str,
    description: str,
    codes: tuple[Code, ...],
    keys: _Keys,
    depth: int,
    when: tuple[Condition, ...],
) -> Item | None:
    """The group for codes that stand together; None where there is nothing to ask."""
    label, source = _clean(name, LONGEST_LABEL) or "Codes", f"{PREFIX}{number}"
    key = keys.of(name, "codes")
    given = [code for code in codes if not _NOT_GIVEN.search(code.kind)]
    items: list[Item] = []
    words: dict[str, str] = {}
    question = ""
    if given:
        question = keys.of(f"{key}-is", "codes")
        allowed = tuple(_allowed(given, words))
        items.append(Item(question, label, "choices", description.strip(), allowed, critical=True, source=source))
    for code in (code for code in codes if code.children and depth < DEEPEST - 1):
        shown = (Condition(question, (words[code.identifier],)),) if code.identifier in words else ()
        below = _group(code.identifier, code.name, code.description, code.children, keys, depth + 1, shown)
        if below is not None:
            items.append(below)
    if not items:
        return None
    return Item(key, label, GROUP, "" if given else description.strip(), when=when, source=source, items=tuple(items))


def _allowed(codes: list[Code], words: dict[str, str]) -> Iterator[Allowed]:
    taken = {*STATUSES}
    for code in codes:
        first = word = _clean(code.name, LONGEST_VALUE - 10) or f"code {code.identifier}"
        number = 1
        while word.casefold() in taken:
            number += 1
            word = f"{first} ({number})"
        taken.add(word.casefold())
        words[code.identifier] = word
        label = _clean(code.name, LONGEST_LABEL)
        yield Allowed(word, "" if label == word else label, code.description.strip(), f"{PREFIX}{code.identifier}")


def answers_of(frame: Frame, codings: Iterable[Coding]) -> tuple[Imported, ...]:
    """The answers that codes given there come to, by the frame made of their code set.

    Codes given to the same item for the same question are one answer with several values; codes that the frame does
    not know are left out.
    """
    homes: dict[str, tuple[Item, str]] = {}
    for asked in frame.asked():
        for allowed in asked.item.values:
            homes.setdefault(allowed.source.removeprefix(PREFIX), (asked.item, allowed.value))
    found: dict[tuple[str, str, str], list[tuple[Coding, str]]] = {}
    items: Mapping[str, Item] = {one.item.key: one.item for one in frame.asked()}
    for coding in codings:
        if coding.code in homes:
            item, value = homes[coding.code]
            found.setdefault((coding.item, item.key, coding.arm), []).append((coding, value))
    return tuple(_imported(study, items[key], given) for (study, key, _), given in found.items())


def _imported(study: str, item: Item, given: list[tuple[Coding, str]]) -> Imported:
    chosen = {value for _, value in given}
    values = tuple(word for word in item.allowed if word in chosen)
    return Imported(
        study=study,
        item=item.key,
        arm=given[0][0].arm,
        arm_title=given[0][0].arm_title,
        coded=Coded(CODED, values if item.kind == "choices" else values[0]),
        note="\n".join(dict.fromkeys(one.note.strip() for one, _ in given if one.note.strip())),
        quote="\n".join(quote.text.strip() for one, _ in given for quote in one.quotes if quote.text.strip()),
    )
