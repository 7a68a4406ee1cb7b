"""Differing: two records side by side, with the words marked that one has and the other has not."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, TypeAlias

from whatworks.collate.methods.records import Record

Runs: TypeAlias = list[Any]

LONGEST = 900  # characters of a value shown: the beginning of an abstract tells two reports apart


def fields(record: Record) -> dict[str, str]:
    """What a record says that tells it from another, by the names of its fields."""
    return {
        "Title": record.title,
        "Authors": "; ".join(record.authors),
        "Year": str(record.year or ""),
        "Published in": record.venue,
        "Volume": record.volume,
        "Issue": record.issue,
        "Pages": record.pages,
        "DOI": record.doi,
        "ISSN": record.issn,
        "Type": record.entry_type,
        "Abstract": _cut(record.abstract),
    }


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} \N{HORIZONTAL ELLIPSIS}"


def compare(left: Record, right: Record) -> dict[str, Any]:
    """Fields that differ, with the words that do marked, and fields that say the same; empty in both: left out.

    Capitals, signs and spaces make no difference: databases write them as they like.
    """
    ours, theirs = fields(left), fields(right)
    same = [name for name in ours if _bare(ours[name]) == _bare(theirs[name])]
    different = [
        {"name": name, "left": marked(value, theirs[name]), "right": marked(theirs[name], value)}
        for name, value in ours.items()
        if name not in same
    ]
    return {"different": different, "same": [(name, [ours[name]]) for name in same if ours[name]]}


def _bare(text: str) -> str:
    return "".join(map(_key, _words(text)))


def _key(word: str) -> str:
    """What counts of a word: a number as it stands, of other words their letters."""
    return word if word[-1:].isdigit() else "".join(letter for letter in word.casefold() if letter.isalnum())


def marked(text: str, other: str) -> Runs:
    """The text with the words marked that the other has not. Where one is empty there is nothing to mark."""
    if not other or not text:
        return [text] if text else []
    mine, theirs = _words(text), _words(other)
    compared = SequenceMatcher(None, [_key(word) for word in mine], [_key(word) for word in theirs], autojunk=False)
    apart = [False] * len(mine)
    for how, start, end, _, _ in compared.get_opcodes():
        apart[start:end] = [how != "equal"] * (end - start)
    for at in range(1, len(mine) - 1):  # what stands between two marked words is marked with them, and else not
        if not _key(mine[at]):
            apart[at] = apart[at - 1] and apart[at + 1]
    runs: Runs = []
    for differs, words in groupby(zip(apart, mine, strict=True), key=lambda pair: pair[0]):
        said = "".join(word for _, word in words)
        runs.append({"mark": said} if differs and _bare(said) else said)
    return runs


def _words(text: str) -> list[str]:
    """Numbers with their signs, words, and what stands between them."""
    return re.findall(r"[+\N{MINUS SIGN}]?\d+(?:[.,]\d+)*|[^\W\d]+|\s+|[^\w\s]", text)
