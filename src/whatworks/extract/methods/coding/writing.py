"""Writing: a frame as plain data, TOML, and rows of a table; what is written is read back as the same frame."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from whatworks.extract.methods.coding.frame import Allowed, Frame, Item

COLUMNS = (
    "frame", "version", "path", "key", "label", "kind", "repeats", "required", "critical", "values", "when", "unit",
    "minimum", "maximum", "tolerance", "help",
)  # fmt: skip
_BARE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


def to_plain(frame: Frame) -> dict[str, Any]:
    """The frame as JSON types, all of its items in it; what is as usual is left out."""
    told: dict[str, Any] = {"key": frame.key, "version": frame.version, "title": frame.title}
    told |= _worded(frame, "description", "source", "licence")
    if frame.extends:
        told["extends"] = {"frame": frame.extends.frame, "version": frame.extends.version}
    return told | {"items": [_item(one, "study") for one in frame.items]}


def _item(item: Item, outer: str) -> dict[str, Any]:
    told: dict[str, Any] = {"key": item.key, "label": item.label, "kind": item.kind}
    told |= _worded(item, "help", "unit", "source")
    if item.values:
        told["values"] = [_allowed(one) for one in item.values]
    if item.required:
        told["required"] = True
    if not item.critical:
        told["critical"] = False
    if item.repeats != outer:
        told["repeats"] = item.repeats
    if item.when:
        told["when"] = [{"item": one.item, "is": list(one.values)} for one in item.when]
    told |= {name: value for name in ("minimum", "maximum") if (value := getattr(item, name)) is not None}
    if item.tolerance:
        told["tolerance"] = item.tolerance
    if item.items:
        told["items"] = [_item(one, item.repeats) for one in item.items]
    return told


def _worded(held: Any, *names: str) -> dict[str, str]:
    return {name: value for name in names if (value := getattr(held, name))}


def _allowed(one: Allowed) -> dict[str, str]:
    return {"value": one.value} | _worded(one, "label", "help", "source")


def to_toml(frame: Frame) -> str:
    """The frame as TOML: readable, and read back as the same frame."""
    plain = to_plain(frame)
    items = plain.pop("items")
    lines = [f"{name} = {_value(value)}" for name, value in plain.items()]
    return "\n".join([*lines, *_tables(items, "items")]) + "\n"


def _tables(items: list[dict[str, Any]], path: str) -> Iterator[str]:
    for item in items:
        yield ""
        yield f"[[{path}]]"
        for name, value in item.items():
            if name == "values":
                yield "values = ["
                yield from (f"  {_value(one)}," for one in value)
                yield "]"
            elif name != "items":
                yield f"{name} = {_value(value)}"
        yield from _tables(item.get("items", []), f"{path}.items")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_name(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}"
    return f"[{', '.join(_value(one) for one in value)}]"


def _name(name: str) -> str:
    return name if name and set(name) <= _BARE else json.dumps(name)


def rows(frame: Frame) -> list[dict[str, str | int]]:
    """A row for each item and group under COLUMNS, for a spreadsheet."""
    return [_row(frame, one.item, one.path) for one in frame.everything()]


def _row(frame: Frame, item: Item, path: str) -> dict[str, str | int]:
    def limit(value: float | None) -> str:
        return "" if value is None else f"{value:g}"

    return {
        "frame": frame.key,
        "version": frame.version,
        "path": path,
        "key": item.key,
        "label": item.label,
        "kind": item.kind,
        "repeats": item.repeats,
        "required": "yes" if item.required else "no",
        "critical": "yes" if item.critical else "no",
        "values": " | ".join(f"{one.value} = {one.label}" if one.label else one.value for one in item.values),
        "when": " and ".join(f"{one.item} is {' or '.join(one.values)}" for one in item.when),
        "unit": item.unit,
        "minimum": limit(item.minimum),
        "maximum": limit(item.maximum),
        "tolerance": limit(item.tolerance or None),
        "help": item.help,
    }
