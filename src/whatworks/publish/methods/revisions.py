"""What changed between two revisions of a page: its sentences, its numbers, and the evidence under it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

Content = Mapping[str, Any]
Parts = list[Any]

KEPT, ADDED, TAKEN_OUT = "kept", "added", "taken out"
_END = re.compile(r"(?<=[.!?])\s+|\n")
FEW = 6  # sentences: of a longer place only those that changed are shown, with their neighbours


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a place, and whether it stayed, came or went."""

    kind: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that reads otherwise than before: where, what it was and is, and the traces of both."""

    place: str
    old: str
    new: str
    old_trace: str
    new_trace: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the page whose words changed, sentence by sentence."""

    name: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two revisions."""

    places: tuple[Place, ...]
    numbers: tuple[Moved, ...]
    evidence_added: tuple[Parts, ...]
    evidence_gone: tuple[Parts, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not (self.places or self.numbers or self.evidence_added or self.evidence_gone)


def compared(old: Content, new: Content) -> Comparison:
    """What the later of two page documents says and the earlier does not, and the other way round."""
    before, after = places(old), places(new)
    names = [*after, *(name for name in before if name not in after)]
    changed = [name for name in names if words(before.get(name, [])) != words(after.get(name, []))]
    evidence_before, evidence_after = dict(_evidence(old)), dict(_evidence(new))
    return Comparison(
        places=tuple(Place(name, _near(_sentences(before.get(name, []), after.get(name, [])))) for name in changed),
        numbers=tuple(moved for name in changed for moved in _moved(name, before.get(name, []), after.get(name, []))),
        evidence_added=tuple(parts for key, parts in evidence_after.items() if key not in evidence_before),
        evidence_gone=tuple(parts for key, parts in evidence_before.items() if key not in evidence_after),
    )


def places(content: Content) -> dict[str, Parts]:
    """Every place of a page document that holds words, by its name, in the sequence of the page."""
    found: dict[str, Parts] = {}
    if content.get("lead"):
        found["What it is"] = [content["lead"]]
    answer = content["answer"]
    found["Answer"] = [*answer["strong"], " ", *answer["rest"]]
    if content.get("banner"):
        found["What to keep in mind"] = list(content["banner"])
    for outcome in content["outcomes"]:
        found |= _outcome(outcome)
    for chapter in content.get("chapters", ()):
        parts = [part for block in chapter["blocks"] for part in _block(block)]
        if parts:
            found[chapter["title"]] = parts
    for number, item in enumerate(content.get("others", ())):
        found[f"What others say {number + 1}"] = [item["text"]]
    if content.get("method"):
        found["How this was worked out"] = list(content["method"])
    return found


def _outcome(outcome: Mapping[str, Any]) -> dict[str, Parts]:
    name, sure = outcome["name"], outcome["certainty"]
    said = (
        f" {sure['word']} certainty."
        if sure
        else f" {outcome['certainty_words']}."
        if outcome["certainty_words"]
        else ""
    )
    found = {name: [f"{outcome['state']['word']}. ", *outcome["sentence"], said]}
    table = outcome["table"] or {"rows": []}
    for row in table["rows"]:
        found[f"{name}: {row['name']}, {row['detail']}"] = [row["raw"], ". ", _traced(row["text"], row)]
    if total := table.get("total"):
        found[f"{name}: together"] = [_traced(total["text"], total)]
    return found


def _traced(text: Any, row: Mapping[str, Any]) -> Any:
    trace = row.get("trace") or row.get("identifier") or ""
    return {"number": text, "trace": trace} if isinstance(text, str) and trace else text


def _block(block: Mapping[str, Any]) -> Iterator[Any]:
    kind = block["type"]
    if kind in ("text",):
        yield from [*block["parts"], "\n"]
    elif kind in ("list", "links"):
        for item in block["items"]:
            yield from [*item, "\n"]
    elif kind == "trail":
        for item in block["items"]:
            yield f"{item['text'].rstrip('.')}.\n"
    elif kind in ("heading", "absent", "quote"):
        yield f"{block['text'].rstrip('.')}.\n"
    elif kind == "pairs":
        for name, value in block["pairs"]:
            yield from [f"{name}: ", *([value] if isinstance(value, str) else value), ".\n"]
    elif kind == "table":
        for row in block["rows"]:
            yield from _cells(row)


def _cells(row: Sequence[Any]) -> Iterator[Any]:
    """A row of a table as one sentence: its cells one after another, those that hold nothing left out."""
    cells = [[cell] if isinstance(cell, str) else list(cell) for cell in row if cell]
    for at, cell in enumerate(cells):
        *before, last = cell
        ends = ".\n" if at == len(cells) - 1 else "; "
        yield from [*before, last.rstrip(". ") if isinstance(last, str) else last, ends]


def words(parts: Sequence[Any]) -> str:
    """What inline parts say, without their links."""
    return "".join(_said(part) for part in parts)


def _said(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping):
        return str(part.get("number", part.get("link", "")))
    return words(part)


def _cut(parts: Sequence[Any]) -> list[Parts]:
    """Inline parts as sentences, each still with its links."""
    found: list[Parts] = [[]]
    for part in parts:
        if not isinstance(part, str):
            found[-1].append(part)
            continue
        first, *rest = _END.split(part)
        found[-1].append(first)
        for piece in rest:
            found.append([piece])
    return [sentence for sentence in found if words(sentence).strip()]


def _sentences(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Sentence]:
    before, after = _cut(old), _cut(new)
    matcher = SequenceMatcher(
        None, [words(one).strip() for one in before], [words(one).strip() for one in after], False
    )
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield from (Sentence(KEPT, one) for one in after[k:m])
            continue
        yield from (Sentence(TAKEN_OUT, one) for one in before[i:j])
        yield from (Sentence(ADDED, one) for one in after[k:m])


def _near(sentences: Iterator[Sentence]) -> tuple[Sentence, ...]:
    """The sentences of a place; of a long one those that came or went, and the one before and after each."""
    held = tuple(sentences)
    if len(held) <= FEW:
        return held
    moved = {at for at, one in enumerate(held) if one.kind != KEPT}
    return tuple(one for at, one in enumerate(held) if moved & {at - 1, at, at + 1})


def _numbers(parts: Sequence[Any]) -> list[tuple[str, str]]:
    return [
        (str(part["number"]), str(part.get("trace", "")))
        for part in parts
        if isinstance(part, Mapping) and "number" in part
    ]


def _moved(name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Moved]:
    """Numbers side by side, where a place has as many before as after; else none, and the sentences tell."""
    before, after = _numbers(old), _numbers(new)
    if len(before) == len(after):
        for (was, earlier), (now, later) in zip(before, after, strict=True):
            if was != now:
                yield Moved(name, was, now, earlier, later)


def _evidence(content: Content) -> Iterator[tuple[str, Parts]]:
    """What a page rests on that a reader can name: its sources, and the studies in its tables."""
    for source in content.get("sources", ()):
        key = str(source.get("identifier") or source["text"])
        href = f"/reports/{source['identifier']}/" if source.get("identifier") else ""
        yield key, [{"link": source["text"], "href": href} if href else source["text"]]
    for outcome in content["outcomes"]:
        for row in (outcome["table"] or {"rows": []})["rows"]:
            yield f"{outcome['name']}|{row['name']}|{row['detail']}", [f"{row['name']}, on {outcome['name'].lower()}"]
