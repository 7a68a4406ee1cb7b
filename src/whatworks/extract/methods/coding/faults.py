"""Faults: what cannot be so in a frame, one sentence each, with where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from whatworks.extract.methods.coding.frame import (
    CHOSEN,
    GROUP,
    KINDS,
    MEASURED,
    REPEATS,
    STATUSES,
    Asked,
    Condition,
    Frame,
    Item,
)

KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_KEY, LONGEST_LABEL, LONGEST_VALUE = 60, 300, 120
DEEPEST = 12  # groups within groups; more is a mistake, or an attack


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a frame may not be: in which item (or `frame`), and a sentence."""

    where: str
    sentence: str


def faults(frame: Frame) -> tuple[Fault, ...]:
    """Everything that is wrong with a frame; empty when it may be used."""
    return tuple(_all(frame))


def _all(frame: Frame) -> Iterator[Fault]:
    if not KEY.fullmatch(frame.key) or len(frame.key) > LONGEST_KEY:
        yield Fault("frame", f"The key {frame.key[:60]!r} is not small letters, digits and single hyphens.")
    if frame.version < 1:
        yield Fault("frame", f"The version is {frame.version}; count from 1.")
    if not frame.title:
        yield Fault("frame", "The frame has no title; say in a few words what it is for.")
    asked = tuple(frame.everything())
    if all(one.item.kind == GROUP for one in asked):
        yield Fault("frame", "Nothing is asked: a frame needs at least one item.")
    for key, times in Counter(one.item.key for one in asked).items():
        if times > 1:
            yield Fault(key, f"{times} items have the key {key!r}; an answer could belong to any of them.")
    before: dict[str, Asked] = {}
    for one in asked:
        for sentence in (*_item(one.item), *_place(one), *_conditions(one, before)):
            yield Fault(one.item.key, sentence)
        before.setdefault(one.item.key, one)


def _item(item: Item) -> Iterator[str]:
    if not KEY.fullmatch(item.key) or len(item.key) > LONGEST_KEY:
        yield f"The key {item.key[:60]!r} is not small letters, digits and single hyphens, at most {LONGEST_KEY}."
    if not item.label or len(item.label) > LONGEST_LABEL:
        yield f"The label has {len(item.label)} characters; give it between 1 and {LONGEST_LABEL}."
    if item.kind not in KINDS:
        yield f"There is no kind {item.kind!r}; choose one of {', '.join(KINDS)}."
    if item.repeats not in REPEATS:
        yield f"Nothing repeats by {item.repeats!r}; choose one of {', '.join(REPEATS)}."
    if item.items and item.kind != GROUP:
        yield "Only a group holds items; make it one, or move what is below it beside it."
    if item.kind == GROUP and (item.required or item.values):
        yield "A group takes no answer, so it is neither required nor has allowed values."
    yield from _values(item)
    yield from _numbers(item)


def _values(item: Item) -> Iterator[str]:
    words = [one.value for one in item.values]
    if item.kind in ("choice", "choices"):
        if not words:
            yield "It asks to choose, but there is nothing to choose from; list the allowed values."
        for word, times in Counter(words).items():
            if times > 1:
                yield f"The value {word!r} is listed {times} times; list it once."
        for word in words:
            if not word or len(word) > LONGEST_VALUE:
                yield f"The value {word[:60]!r} has {len(word)} characters; give it between 1 and {LONGEST_VALUE}."
            if "|" in word:
                yield f"The value {word[:60]!r} has a bar in it, which stands between values in a table; leave it out."
            if word in STATUSES:
                yield f"{word!r} is a status that every item can have; leave it out of the allowed values."
    elif words:
        yield f"It has allowed values, but its kind is {item.kind}; make it choice or choices, or take them out."


def _numbers(item: Item) -> Iterator[str]:
    limits = item.minimum is not None or item.maximum is not None or item.tolerance
    if limits and item.kind not in MEASURED:
        yield f"It has limits or a tolerance, but its kind is {item.kind}, not number or integer."
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield f"Its least value {item.minimum:g} is above its greatest {item.maximum:g}."
    if not item.tolerance >= 0:
        yield f"Its tolerance is {item.tolerance:g}; give 0 or more."


def _place(one: Asked) -> Iterator[str]:
    if len(one.above) > DEEPEST:
        yield f"It stands {len(one.above)} groups deep; {DEEPEST} is the most."
    outer = [above.repeats for above in one.above if above.repeats != "study"]
    if outer and one.item.repeats != outer[-1]:
        yield f"It repeats by {one.item.repeats}, but stands in a group that repeats by {outer[-1]}; move one of them."


def _conditions(one: Asked, before: dict[str, Asked]) -> Iterator[str]:
    for condition in one.item.when:
        other = before.get(condition.item)
        if other is None:
            yield f"It is shown when {condition.item!r} has a value, which is no item that comes before it."
            continue
        yield from _condition(one.item, condition, other.item)


def _condition(item: Item, condition: Condition, other: Item) -> Iterator[str]:
    if other.kind not in CHOSEN:
        yield f"It is shown when {other.key!r} has a value, but that is {other.kind}, not something chosen."
        return
    if not condition.values:
        yield f"It is shown when {other.key!r} has a value, but no value is named."
    for value in condition.values:
        if value not in other.allowed and value not in STATUSES:
            yield f"It is shown when {other.key!r} is {value!r}, which is not one of {', '.join(other.allowed)}."
    if other.repeats not in ("study", item.repeats):
        yield (
            f"It repeats by {item.repeats} and is shown by the value of {other.key!r}, which repeats by "
            f"{other.repeats}: which of its values counts?"
        )
