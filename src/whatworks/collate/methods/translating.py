"""Translating: the fields of another format as RIS tags, with nothing lost on the way.

A format is a table of rules by field. A field whose rule is a tag means just that, and is given under it, word for word.
A field whose rule is a function had to be changed to fit, or means only nearly the same: what the function gives comes
first, and the field itself follows under its own name, `source:FIELD`. A field without a rule is kept under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from whatworks.collate.methods.fields import normalise_doi, one_line, year_in

Pair: TypeAlias = tuple[str, str]
Rule: TypeAlias = str | Callable[[str], Iterable[Pair]]
Rules: TypeAlias = Mapping[str, Rule]

_RANGE = re.compile(r"\s*([A-Za-z]{0,3}\d+[A-Za-z]?)\s*[-‐‑–—]{1,3}\s*([A-Za-z]{0,3}\d+[A-Za-z]?)\s*")


def translated(source: str, fields: Iterable[Pair], rules: Rules) -> Iterator[Pair]:
    """The RIS tags and values of these fields, in their order; what already has its own name stays as it is."""
    own = f"{source}:"
    for name, value in fields:
        if name.startswith(own):
            yield name, value
            continue
        rule = rules.get(name)
        if isinstance(rule, str):
            yield rule, value
            continue
        if rule is not None:
            yield from rule(value)
        yield own + name, value


def nearly(*tags: str) -> Rule:
    """The value under these tags; its own field is kept too, since it means more, or less, than they say."""
    return lambda value: ((tag, value) for tag in tags)


def split(tag: str, marks: str) -> Rule:
    """The parts of a value, between any of these marks, one each."""
    between = re.compile(f"[{re.escape(marks)}]")
    return lambda value: ((tag, part.strip()) for part in between.split(value) if part.strip())


def first_and_last_page(value: str) -> Iterator[Pair]:
    """The first page and the last: `1023-9` ends on 1029. What is no such range is given as it is."""
    found = _RANGE.fullmatch(value)
    if not found:
        if value.strip():
            yield "SP", one_line(value)
        return
    first, last = found.groups()
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    yield "SP", first
    yield "EP", last


def year_of(value: str) -> Iterator[Pair]:
    """The year within a date."""
    year = year_in([value])
    if year:
        yield "PY", str(year)


def doi_in(value: str) -> Iterator[Pair]:
    """The DOI within a value, where there is one."""
    if doi := normalise_doi(value):
        yield "DO", doi
