"""Translating: the fields of another format as RIS tags, with nothing lost on the way.

A format is a table of rules by field. A field whose rule is a tag means just that, and is given under it, word for word.
One whose rule is a tuple of tags means nearly the same: it is given under them and under its own name, `source:FIELD`. One
whose rule is a function is given as the function says, and under its own name too if that changed it. A field without a
rule is kept under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from whatworks.collate.methods.fields import normalise_doi, one_line, year_in

Pair: TypeAlias = tuple[str, str]
Rule: TypeAlias = str | tuple[str, ...] | Callable[[str], Sequence[Pair]]
Rules: TypeAlias = Mapping[str, Rule]

_RANGE = re.compile(r"\s*([A-Za-z]{0,3}\d+[A-Za-z]?)\s*[-‐‑–—]{1,3}\s*([A-Za-z]{0,3}\d+[A-Za-z]?)\s*")


def translated(source: str, fields: Iterable[Pair], rules: Rules) -> list[Pair]:
    """The RIS tags and values of these fields, in their order; what already has its own name stays as it is."""
    own = f"{source}:"
    tags: list[Pair] = []
    for name, value in fields:
        give(tags, name if name.startswith(own) else own + name, value, rules.get(name))
    return tags


def give(tags: list[Pair], own: str, value: str, rule: Rule | None) -> None:
    """Put one field to the tags, by its rule; `own` is its own name, with its source."""
    if isinstance(rule, str):
        tags.append((rule, value))
        return
    if isinstance(rule, tuple):
        tags.extend([(tag, value) for tag in rule])
    elif rule is not None:
        found = rule(value)
        tags.extend(found)
        if len(found) == 1 and found[0][1] == value:
            return
    tags.append((own, value))


def split(tag: str, marks: str) -> Callable[[str], Sequence[Pair]]:
    """The parts of a value, between any of these marks, one each."""
    between = re.compile(f"[{re.escape(marks)}]")
    return lambda value: [(tag, part.strip()) for part in between.split(value) if part.strip()]


def first_and_last_page(value: str) -> Sequence[Pair]:
    """The first page and the last: `1023-9` ends on 1029. What is no such range is given as it is."""
    first, _, last = value.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        found = _RANGE.fullmatch(value)
        if not found:
            return [("SP", one_line(value))] if value.strip() else []
        first, last = found.groups()
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return [("SP", first), ("EP", last)]


def year_of(value: str) -> Sequence[Pair]:
    """The year within a date."""
    year = year_in([value])
    return [("PY", str(year))] if year else []


def doi_in(value: str) -> Sequence[Pair]:
    """The DOI within a value, where there is one."""
    doi = normalise_doi(value)
    return [("DO", doi)] if doi else []
