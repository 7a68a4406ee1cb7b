"""Reading: a frame from plain data (TOML, JSON), or one that extends another; every fault with where it stands."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.coding.faults import DEEPEST, faults
from whatworks.extract.methods.coding.frame import GROUP, Allowed, Condition, Extends, Frame, Item
from whatworks.saying import said

_FRAME = {"key", "version", "title", "description", "extends", "source", "licence", "items"}
_ITEM = {
    "key", "label", "kind", "help", "values", "required", "critical", "repeats", "when", "unit", "minimum", "maximum",
    "tolerance", "source", "items", "under", "after",
}  # fmt: skip
Parents = Callable[[str, int], Frame]


def no_parent(key: str, version: int) -> Frame:
    """What is called where a frame may not extend another. Raises InputError."""
    raise InputError(
        said(
            "It extends %(key)r version %(version)s, which is not here; bring that frame in first.",
            key=key,
            version=version,
        )
    )


def from_toml(text: str, *, where: str = "The frame", parents: Parents = no_parent) -> Frame:
    """The frame in a TOML text. Raises InputError: where, what, how to mend it."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            said("%(where)s: this is not TOML (%(error)s); mend the line it names.", where=where, error=str(error))
        ) from error
    return from_plain(data, where=where, parents=parents)


def from_plain(data: Any, *, where: str = "The frame", parents: Parents = no_parent) -> Frame:
    """The frame in plain data, such as `to_plain` gives; `parents` finds the frame that it extends, if it does.

    A frame that is stored extends another and holds all of its items; one that a person writes holds the additions
    only: each says with `under` in which group of the parent it stands, or with `after` behind which item.
    Raises InputError for the first fault, with how many more there are.
    """
    held = _mapping(data, where)
    _known(held, _FRAME, where)
    extends = _extends(held, where)
    entries = [_mapping(one, said("%(where)s: an item", where=where)) for one in _list(held, "items", where)]
    whole = extends is None or not any({"under", "after"} & set(one) for one in entries)
    items: tuple[Item, ...]
    if whole:
        items = tuple(_item(one, where, "study", 0) for one in entries)
    else:
        assert extends is not None
        items = parents(extends.frame, extends.version).items
        for one in entries:
            items = _added(items, one, where)
    frame = Frame(
        key=_text(held, "key", where),
        version=_whole(held, "version", where, default=1),
        title=_text(held, "title", where),
        items=items,
        description=_prose(held, "description", where),
        extends=extends,
        source=_text(held, "source", where),
        licence=_text(held, "licence", where),
    )
    return checked(frame, where)


def checked(frame: Frame, where: str = "The frame") -> Frame:
    """The frame, if nothing is wrong with it. Raises InputError for the first fault, with how many more there are."""
    wrong = faults(frame)
    if wrong:
        more = said(" (and %(count)s more)", count=len(wrong) - 1) if len(wrong) > 1 else ""
        raise InputError(
            said(
                "%(where)s, %(wrong_where)s: %(sentence)s%(more)s",
                where=where,
                wrong_where=wrong[0].where,
                sentence=wrong[0].sentence,
                more=more,
            )
        )
    return frame


def extended(
    parent: Frame, additions: Iterable[Mapping[str, Any]], *, key: str, title: str, description: str = ""
) -> Frame:
    """A frame of its own with all that the parent asks and the additions. Raises InputError for what does not fit."""
    items = parent.items
    for one in additions:
        items = _added(items, _mapping(one, title), title)
    made = Frame(key, 1, title, items, description, Extends(parent.key, parent.version), licence=parent.licence)
    return checked(made, title)


def copied(frame: Frame, *, key: str, title: str) -> Frame:
    """The same under another name, to be changed freely; it says where it came from."""
    source = frame.source or f"copied from {frame.key} version {frame.version}"
    return replace(frame, key=key, version=1, title=title, source=source)


def _added(items: tuple[Item, ...], entry: Mapping[str, Any], where: str) -> tuple[Item, ...]:
    under, after = _text(entry, "under", where), _text(entry, "after", where)
    anchor = after or under
    if not anchor:
        return (*items, _item(entry, where, "study", 0))
    put = _put(items, entry, where, under="" if after else under, after=after, outer="study")
    if put is None:
        raise InputError(
            said(
                "%(where)s: %(key)r is to stand by %(anchor)r, which the parent does not have.",
                where=where,
                key=entry.get("key"),
                anchor=anchor,
            )
        )
    return put


def _put(
    items: tuple[Item, ...], entry: Mapping[str, Any], where: str, *, under: str, after: str, outer: str
) -> tuple[Item, ...] | None:
    """The items with one more behind `after`, or at the end of the group `under`; None where neither is here."""
    for at, item in enumerate(items):
        if after and item.key == after:
            return (*items[: at + 1], _item(entry, where, outer, 0), *items[at + 1 :])
        inner = _inner(item, outer)
        if under and item.key == under:
            below: tuple[Item, ...] | None = (*item.items, _item(entry, where, inner, 0))
        else:
            below = _put(item.items, entry, where, under=under, after=after, outer=inner)
        if below is not None:
            return (*items[:at], replace(item, items=below), *items[at + 1 :])
    return None


def _inner(item: Item, outer: str) -> str:
    return item.repeats if item.repeats != "study" else outer


def _item(data: Mapping[str, Any], above: str, outer: str, depth: int) -> Item:
    where = f"{above}, {data.get('key', 'an item without a key')!s:.60}"
    _known(data, _ITEM, where)
    if depth > DEEPEST + 1:
        raise InputError(
            said(
                "%(where)s: it stands more than %(deepest)s groups deep; make the frame flatter.",
                where=where,
                deepest=DEEPEST,
            )
        )
    below = _list(data, "items", where)
    repeats = _text(data, "repeats", where) or outer
    return Item(
        key=_text(data, "key", where),
        label=_text(data, "label", where),
        kind=_text(data, "kind", where) or (GROUP if below else "text"),
        help=_prose(data, "help", where),
        values=tuple(_allowed(one, where) for one in _list(data, "values", where)),
        required=_flag(data, "required", where, default=False),
        critical=_flag(data, "critical", where, default=True),
        repeats=repeats,
        when=_when(data.get("when"), where),
        unit=_text(data, "unit", where),
        minimum=_number(data, "minimum", where),
        maximum=_number(data, "maximum", where),
        tolerance=_number(data, "tolerance", where) or 0.0,
        source=_text(data, "source", where),
        items=tuple(_item(_mapping(one, where), above, repeats, depth + 1) for one in below),
    )


def _allowed(value: Any, where: str) -> Allowed:
    if isinstance(value, str):
        return Allowed(" ".join(value.split()))
    held = _mapping(value, said("%(where)s: an allowed value", where=where))
    _known(held, {"value", "label", "help", "source"}, where)
    return Allowed(
        _text(held, "value", where),
        _text(held, "label", where),
        _prose(held, "help", where),
        _text(held, "source", where),
    )


def _when(value: Any, where: str) -> tuple[Condition, ...]:
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    found = []
    for entry in entries:
        held = _mapping(entry, said("%(where)s: when", where=where))
        _known(held, {"item", "is"}, said("%(where)s: when", where=where))
        words = held.get("is", [])
        words = words if isinstance(words, list | tuple) else [words]
        told = ["yes" if word is True else "no" if word is False else word for word in words]
        if not all(isinstance(word, str) for word in told):
            raise InputError(
                said("%(where)s: when: `is` holds a value that is no word; write it in quotes.", where=where)
            )
        found.append(Condition(_text(held, "item", where), tuple(map(str, told))))
    return tuple(found)


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(
            said(
                "%(where)s: a table with names and values is expected, not %(value)r.",
                where=where,
                value=str(value)[:40],
            )
        )
    return value


def _known(held: Mapping[str, Any], names: set[str], where: str) -> None:
    if stray := sorted(set(held) - names):
        raise InputError(
            said(
                "%(where)s: there is no %(stray)r; it may have %(names)s.",
                where=where,
                stray=stray[0],
                names=", ".join(sorted(names)),
            )
        )


def _list(held: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = held.get(name, [])
    if not isinstance(value, list | tuple):
        raise InputError(
            said("%(where)s: %(name)s must be a list, not %(value)r.", where=where, name=name, value=str(value)[:40])
        )
    return list(value)


def _extends(held: Mapping[str, Any], where: str) -> Extends | None:
    if held.get("extends") is None:
        return None
    parent = _mapping(held["extends"], said("%(where)s: extends", where=where))
    _known(parent, {"frame", "version"}, said("%(where)s: extends", where=where))
    return Extends(_text(parent, "frame", where), _whole(parent, "version", where, default=1))


def _prose(held: Mapping[str, Any], name: str, where: str) -> str:
    value = held.get(name, "")
    if not isinstance(value, str):
        raise InputError(
            said(
                "%(where)s: %(name)s must be words, not %(value)r; write it in quotes.",
                where=where,
                name=name,
                value=str(value)[:40],
            )
        )
    return value.replace("\0", "").strip()


def _text(held: Mapping[str, Any], name: str, where: str) -> str:
    return " ".join(_prose(held, name, where).split())


def _flag(held: Mapping[str, Any], name: str, where: str, *, default: bool) -> bool:
    value = held.get(name, default)
    if not isinstance(value, bool):
        raise InputError(
            said(
                "%(where)s: %(name)s must be true or false, not %(value)r.",
                where=where,
                name=name,
                value=str(value)[:40],
            )
        )
    return value


def _whole(held: Mapping[str, Any], name: str, where: str, *, default: int) -> int:
    value = held.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(
            said(
                "%(where)s: %(name)s must be a whole number, not %(value)r.",
                where=where,
                name=name,
                value=str(value)[:40],
            )
        )
    return value


def _number(held: Mapping[str, Any], name: str, where: str) -> float | None:
    value = held.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(
            said("%(where)s: %(name)s must be a number, not %(value)r.", where=where, name=name, value=str(value)[:40])
        )
    return float(value)
