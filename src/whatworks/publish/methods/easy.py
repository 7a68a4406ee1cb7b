"""A page as the outline of an Easy Read version: one idea a line, each with the picture that should stand beside it.

Easy Read pairs short sentences with pictures. A picture that means its sentence is drawn: the state of an outcome, how many
of 100, how sure we are, where studies were done. No picture stands there for show: what we cannot draw is named in words, for
the person who will choose it. An Easy Read version is finished with people who use it, never by rule alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from whatworks.saying import said, said_of

LONG = 15  # words: a longer line is marked for cutting
_END = re.compile(r"(?<=[.!?;])\s+(?=[\w“‘{(])")
STATE, BARS, DOTS, PLACES = "state", "bars", "dots", "places"
SURE = "How sure we are:"
MOST = 12  # studies of a country that are drawn one by one


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that means its sentence: its kind, and what it shows in that kind's own terms."""

    kind: str
    shape: str = ""  # of a state
    css: str = ""
    count: int = 0  # of 100, of bars, of studies
    of: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One idea: its words, whether it is still too long, and its drawing or, where it has none, what a picture should show."""

    words: str
    picture: str
    long: bool
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines."""

    heading: str
    lines: tuple[Line, ...]


def outline(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """The outline of a page document: what it is, what was found for each outcome, what people wrote for the young."""
    answer = [*content["answer"]["strong"], " ", *content["answer"]["rest"]]
    doing = said("somebody doing this: %(title)s", title=content["title"])
    found = [Part(content["title"], _lines(content.get("lead") or "", doing))]
    found.append(Part(said("What we know"), tuple(_answer(_said(answer), content["outcomes"]))))
    for outcome in content["outcomes"]:
        found.append(Part(outcome["name"], tuple(_outcome(outcome))))
    found.append(Part(said("Where the studies were done"), tuple(_places(content.get("studied") or {}))))
    for chapter in content.get("chapters", ()):
        found.append(Part(chapter["title"], tuple(_chapter(chapter))))
    return tuple(part for part in found if part.lines)


def _chapter(chapter: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of a chapter that tells; one that reasons (rules, tables) is for other readers."""
    kinds = {block["type"] for block in chapter["blocks"] if not block.get("findings")}
    if kinds & {"trail", "table"}:
        return
    picture = said("something about “%(title)s”", title=chapter["title"])
    for block in chapter["blocks"]:
        items = [block["parts"]] if block["type"] == "text" else block["items"] if block["type"] == "list" else []
        items = [[row[0]] for row in block["rows"]] if block.get("findings") else items
        for text in (_said(item) for item in items):
            if not text.startswith(("Source:", "Sources:")):
                yield from _lines(text, picture)


def _outcome(outcome: Mapping[str, Any]) -> Iterator[Line]:
    state = outcome["state"]
    yield Line(_whole(state["word"]), "", False, Drawing(STATE, shape=state["shape"], css=state["css"]))
    yield from _lines(_said(outcome["sentence"]), "")
    yield from _of_hundred(outcome.get("hundred"))
    sure = outcome.get("certainty")
    if sure:
        yield Line(f"{SURE} {sure['word'].lower()}.", "", False, _bars(sure))


def _bars(sure: Mapping[str, Any]) -> Drawing:
    return Drawing(BARS, count=sure["level"], of=sure["of"], label=sure["word"])


def _answer(text: str, outcomes: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """The answer, its words on certainty beside the bars for them."""
    levels = {
        f"{SURE} {one['certainty']['word'].lower()} certainty.": one["certainty"]
        for one in outcomes
        if one["certainty"]
    }
    for line in _lines(text, ""):
        sure = levels.get(line.words)
        yield replace(line, drawing=_bars(sure)) if sure else line


def _of_hundred(dots: Mapping[str, Any] | None) -> Iterator[Line]:
    """How many of 100 without it and with it, each beside its dots."""
    if not dots:
        return
    for when, css in (("before", "unsure"), ("after", dots["css"])):
        count, label = round(dots[when]), dots[f"{when}_label"]
        said = f"{count} of 100 {dots['of']} {label}."
        yield Line(said, "", len(said.split()) > LONG, Drawing(DOTS, css=css, count=count, of=100, label=said))


def _places(studied: Mapping[str, Any]) -> Iterator[Line]:
    """A line for each country, with a pin for each study."""
    for country, count in studied.get("countries", ()):
        pins = Drawing(PLACES, count=min(count, MOST), of=count, label=country)
        yield Line(
            said_of(
                count,
                "%(n)s study was done here: %(country)s.",
                "%(n)s studies were done here: %(country)s.",
                n=count,
                country=country,
            ),
            "",
            False,
            pins,
        )


def _said(parts: Sequence[Any]) -> str:
    named = ("number", "link")
    return "".join(
        one if isinstance(one, str) else str(next((one[name] for name in named if name in one), "")) for one in parts
    )


def _lines(text: str, picture: str) -> tuple[Line, ...]:
    """A text cut at its stops and semicolons, one idea a line."""
    ideas = [idea.strip().rstrip(";") for idea in _END.split(text) if idea.strip()]
    return tuple(Line(_whole(idea), picture, len(idea.split()) > LONG) for idea in ideas)


def _whole(idea: str) -> str:
    return f"{idea[:1].upper()}{idea[1:]}" + ("" if idea[-1:] in ".!?:" else ".")
