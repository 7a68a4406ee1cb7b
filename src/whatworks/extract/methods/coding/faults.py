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
from whatworks.saying import said

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
        yield Fault(
            "frame", said("The key %(key)r is not small letters, digits and single hyphens.", key=frame.key[:60])
        )
    if frame.version < 1:
        yield Fault("frame", said("The version is %(version)s; count from 1.", version=frame.version))
    if not frame.title:
        yield Fault("frame", said("The frame has no title; say in a few words what it is for."))
    asked = tuple(frame.everything())
    if all(one.item.kind == GROUP for one in asked):
        yield Fault("frame", said("Nothing is asked: a frame needs at least one item."))
    for key, times in Counter(one.item.key for one in asked).items():
        if times > 1:
            yield Fault(
                key,
                said(
                    "%(times)s items have the key %(key)r; an answer could belong to any of them.", times=times, key=key
                ),
            )
    before: dict[str, Asked] = {}
    for one in asked:
        for sentence in (*_item(one.item), *_place(one), *_conditions(one, before)):
            yield Fault(one.item.key, sentence)
        before.setdefault(one.item.key, one)


def _item(item: Item) -> Iterator[str]:
    if not KEY.fullmatch(item.key) or len(item.key) > LONGEST_KEY:
        yield said(
            "The key %(key)r is not small letters, digits and single hyphens, at most %(longest_key)s.",
            key=item.key[:60],
            longest_key=LONGEST_KEY,
        )
    if not item.label or len(item.label) > LONGEST_LABEL:
        yield said(
            "The label has %(count)s characters; give it between 1 and %(longest_label)s.",
            count=len(item.label),
            longest_label=LONGEST_LABEL,
        )
    if item.kind not in KINDS:
        yield said("There is no kind %(kind)r; choose one of %(kinds)s.", kind=item.kind, kinds=", ".join(KINDS))
    if item.repeats not in REPEATS:
        yield said(
            "Nothing repeats by %(repeats)r; choose one of %(repeats_repeats)s.",
            repeats=item.repeats,
            repeats_repeats=", ".join(REPEATS),
        )
    if item.items and item.kind != GROUP:
        yield said("Only a group holds items; make it one, or move what is below it beside it.")
    if item.kind == GROUP and (item.required or item.values):
        yield said("A group takes no answer, so it is neither required nor has allowed values.")
    yield from _values(item)
    yield from _numbers(item)


def _values(item: Item) -> Iterator[str]:
    words = [one.value for one in item.values]
    if item.kind in ("choice", "choices"):
        if not words:
            yield said("It asks to choose, but there is nothing to choose from; list the allowed values.")
        for word, times in Counter(words).items():
            if times > 1:
                yield said("The value %(word)r is listed %(times)s times; list it once.", word=word, times=times)
        for word in words:
            if not word or len(word) > LONGEST_VALUE:
                yield said(
                    "The value %(word)r has %(count)s characters; give it between 1 and %(longest_value)s.",
                    word=word[:60],
                    count=len(word),
                    longest_value=LONGEST_VALUE,
                )
            if "|" in word:
                yield said(
                    "The value %(word)r has a bar in it, which stands between values in a table; leave it out.",
                    word=word[:60],
                )
            if word in STATUSES:
                yield said(
                    "%(word)r is a status that every item can have; leave it out of the allowed values.", word=word
                )
    elif words:
        yield said(
            "It has allowed values, but its kind is %(kind)s; make it choice or choices, or take them out.",
            kind=item.kind,
        )


def _numbers(item: Item) -> Iterator[str]:
    limits = item.minimum is not None or item.maximum is not None or item.tolerance
    if limits and item.kind not in MEASURED:
        yield said("It has limits or a tolerance, but its kind is %(kind)s, not number or integer.", kind=item.kind)
    if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
        yield said(
            "Its least value %(minimum)s is above its greatest %(maximum)s.",
            minimum=f"{item.minimum:g}",
            maximum=f"{item.maximum:g}",
        )
    if not item.tolerance >= 0:
        yield said("Its tolerance is %(tolerance)s; give 0 or more.", tolerance=f"{item.tolerance:g}")


def _place(one: Asked) -> Iterator[str]:
    if len(one.above) > DEEPEST:
        yield said("It stands %(count)s groups deep; %(deepest)s is the most.", count=len(one.above), deepest=DEEPEST)
    outer = [above.repeats for above in one.above if above.repeats != "study"]
    if outer and one.item.repeats != outer[-1]:
        yield said(
            "It repeats by %(repeats)s, but stands in a group that repeats by %(outer)s; move one of them.",
            repeats=one.item.repeats,
            outer=outer[-1],
        )


def _conditions(one: Asked, before: dict[str, Asked]) -> Iterator[str]:
    for condition in one.item.when:
        other = before.get(condition.item)
        if other is None:
            yield said(
                "It is shown when %(item)r has a value, which is no item that comes before it.", item=condition.item
            )
            continue
        yield from _condition(one.item, condition, other.item)


def _condition(item: Item, condition: Condition, other: Item) -> Iterator[str]:
    if other.kind not in CHOSEN:
        yield said(
            "It is shown when %(key)r has a value, but that is %(kind)s, not something chosen.",
            key=other.key,
            kind=other.kind,
        )
        return
    if not condition.values:
        yield said("It is shown when %(key)r has a value, but no value is named.", key=other.key)
    for value in condition.values:
        if value not in other.allowed and value not in STATUSES:
            yield said(
                "It is shown when %(key)r is %(value)r, which is not one of %(allowed)s.",
                key=other.key,
                value=value,
                allowed=", ".join(other.allowed),
            )
    if other.repeats not in ("study", item.repeats):
        yield (
            f"It repeats by {item.repeats} and is shown by the value of {other.key!r}, which repeats by "
            f"{other.repeats}: which of its values counts?"
        )
