"""Differing: what a new version of a frame changes, and whether what was coded before still answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from whatworks.extract.methods.coding.frame import Asked, Frame, Item
from whatworks.stats.results import Result

_WORDS = {
    "label": "label", "kind": "kind", "help": "help", "required": "whether it is required",
    "critical": "whether it must be agreed", "repeats": "what it repeats by", "when": "when it is shown",
    "unit": "unit", "minimum": "least value", "maximum": "greatest value", "tolerance": "tolerance", "source": "source",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change(Result):
    """One change: `what` (added, removed, moved, changed, or title and the like), the item, a sentence.

    `recode`: an answer that was given before may not be an answer any more.
    """

    what: str
    item: str
    sentence: str
    recode: bool = False


def differences(before: Frame, after: Frame) -> tuple[Change, ...]:
    """What is different in the second frame, in its order; what it does not ask any more comes last."""
    return tuple(_changes(before, after))


def _changes(before: Frame, after: Frame) -> Iterator[Change]:
    for name in ("title", "description"):
        if getattr(before, name) != getattr(after, name):
            yield Change(name, "", f"The {name} of the frame is different.")
    was = {one.item.key: one for one in before.everything()}
    now = {one.item.key: one for one in after.everything()}
    shared_before = [key for key in was if key in now]
    shared_after = [key for key in now if key in was]
    order = {key: at for at, key in enumerate(shared_before)}
    place = {key: at for at, key in enumerate(shared_after)}
    for key, one in now.items():
        if key not in was:
            yield Change("added", key, f"“{one.item.label}” is new.", recode=one.item.required)
            continue
        yield from _item(was[key].item, one.item)
        if _above(was[key]) != _above(one) or (order[key] != place[key] and _jumped(key, shared_before, shared_after)):
            yield Change("moved", key, f"“{one.item.label}” stands in another place.")
    for key, one in was.items():
        if key not in now:
            yield Change("removed", key, f"“{one.item.label}” is not asked any more.", recode=False)


def _above(one: Asked) -> tuple[str, ...]:
    return tuple(above.key for above in one.above)


def _jumped(key: str, before: list[str], after: list[str]) -> bool:
    """Whether what stands directly before the item is another than it was."""
    was, now = before.index(key), after.index(key)
    return (before[was - 1] if was else "") != (after[now - 1] if now else "")


def _item(was: Item, now: Item) -> Iterator[Change]:
    yield from _values(was, now)
    for field in fields(Item):
        name = field.name
        if name in ("key", "values", "items") or getattr(was, name) == getattr(now, name):
            continue
        said = f"“{now.label}”: the {_WORDS[name]} is {_told(getattr(now, name))}, and was {_told(getattr(was, name))}."
        yield Change("changed", now.key, said, recode=_recode(name, was, now))


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(f"{one.item} is {' or '.join(one.values)}" for one in value) or "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    return f"“{value}”" if value else "nothing"


def _recode(name: str, was: Item, now: Item) -> bool:
    if name in ("kind", "repeats", "unit"):
        return True
    if name == "required":
        return now.required
    if name == "minimum":
        return now.minimum is not None and (was.minimum is None or now.minimum > was.minimum)
    if name == "maximum":
        return now.maximum is not None and (was.maximum is None or now.maximum < was.maximum)
    return name == "when"


def _values(was: Item, now: Item) -> Iterator[Change]:
    before, after = {one.value: one for one in was.values}, {one.value: one for one in now.values}
    for value in (value for value in after if value not in before):
        yield Change("changed", now.key, f"“{now.label}”: {after[value].shown!r} can be chosen now.")
    for value in (value for value in before if value not in after):
        said = f"“{now.label}”: {before[value].shown!r} cannot be chosen any more."
        yield Change("changed", now.key, said, recode=True)
    for value in (value for value in after if value in before and after[value] != before[value]):
        yield Change("changed", now.key, f"“{now.label}”: the words about {value!r} are different.")
