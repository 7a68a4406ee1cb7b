"""Walks through page documents: their traced nodes, their words, their outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def traced(value: Any, key: str = "trace") -> Iterator[dict[str, Any]]:
    """Every node that says where it came from; with another `key`, every node that has that."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for part in value.values():
            yield from traced(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from traced(part, key)


def numbers(value: Any) -> Iterator[dict[str, Any]]:
    """Every published number inside running text."""
    return traced(value, "number")


def words(value: Any) -> Iterator[str]:
    """Every text that a reader could meet, without keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)


def said(parts: list[Any]) -> str:
    """Inline text as one string."""
    return "".join(one if isinstance(one, str) else one.get("number", one.get("link", "")) for one in parts)


def rows(outcome: Document) -> list[Document]:
    """Every row of an outcome's table, the results under it included."""
    table = outcome["table"]
    return [*table["rows"], *(table[name] for name in ("total", "second") if table[name])] if table else []
