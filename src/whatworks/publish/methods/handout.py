"""What somebody takes away from a page: its title, answer, outcomes and chapters, from what is stored of one revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whatworks.publish.methods.handout_parts import (
    Block,
    Bullets,
    Certainty,
    Dots,
    Handout,
    Heading,
    Outcome,
    Paragraph,
    Run,
    Section,
    Table,
    Words,
    trimmed,
    words,
)
from whatworks.publish.methods.handout_parts import (
    said as in_text,
)
from whatworks.publish.methods.summary import summary
from whatworks.publish.methods.using import GROUPS
from whatworks.saying import said

NOTE = said("This is a note, not an answer. We hold too little to say whether it helps.")
DEMONSTRATION = "Software demonstration. Not the What Works Centre or its successor, and not advice."
UNSAID = "This revision does not say who is missing from the evidence."
ABSENT = "Not recorded"  # what a page says of a particular that nobody has taken out of the studies
MISSING = "who is missing"  # in the title of the chapter that says so, whichever schema wrote it


def handout(content: Mapping[str, Any]) -> Handout:
    """The handout of a page's revision, from what is stored of it and nothing else, whichever schema wrote it."""
    slug, number = str(content.get("slug", "")), int(content.get("revision", 0))
    approved = content.get("approved") or {}
    note = content.get("kind") == "note"
    banner = in_text(words(content.get("banner")))
    return Handout(
        label=said("Evidence note") if note else said("Evidence summary"),
        theme=(content.get("theme") or {}).get("name", ""),
        title=str(content["title"]),
        lead=content.get("lead") or "",
        strong=words(content["answer"]["strong"]),
        rest=trimmed(words(content["answer"]["rest"])),
        notices=tuple(one for one in (NOTE if note else "", banner) if one),
        outcomes_title=said("What we hold") if note else said("What happens"),
        outcomes=tuple(_outcome(one) for one in content["outcomes"]),
        missing=_missing(content) or (Run(UNSAID),),
        sections=tuple(_sections(content)),
        closing=GROUPS,
        standing=DEMONSTRATION,
        revision=number,
        on=str(approved.get("on", "")),
        by=str(approved.get("by", "")),
        identifier=str(content.get("identifier", "")),
        address=f"/evidence/{slug}/revisions/{number}/",
        home=f"/evidence/{slug}/",
    )


def _outcome(held: Mapping[str, Any]) -> Outcome:
    sure, dots, state = held["certainty"], held["hundred"], held["state"]
    names = ("before", "after", "before_label", "after_label", "of")
    return Outcome(
        name=held["name"],
        shape=state["shape"],
        css=state["css"],
        word=state["word"],
        sentence=words(held["sentence"]),
        certainty=Certainty(sure["level"], sure["of"], sure["word"], sure.get("by") or "") if sure else None,
        unrated=held["certainty_words"],
        provisional=bool(held["provisional"]),
        standing=_standing(held),
        contact=bool(held["contact"]),
        safety=bool(held["safety"]),
        studies=words(held["eyebrow"]),
        dots=Dots(**{name: dots[name] for name in names}) if dots else None,
    )


def _standing(held: Mapping[str, Any]) -> str:
    """Who judged the state and why another than by rule, and that people judged an earlier one; "" where only the rule did."""
    judged = str(held.get("standing") or "")
    lines = [f"{judged[:1].upper()}{judged[1:]}." if judged else ""]
    lines.append(
        f"Why: \N{LEFT DOUBLE QUOTATION MARK}{held['override']}\N{RIGHT DOUBLE QUOTATION MARK}"
        if held.get("override")
        else ""
    )
    return " ".join(line for line in (*lines, *(held.get("earlier") or ())) if line)


def _missing(content: Mapping[str, Any]) -> Words:
    """What the page says of who is missing from the evidence, in one paragraph."""
    chapter = next((one for one in content.get("chapters") or () if MISSING in one["title"].casefold()), None)
    lines = [line for block in (chapter["blocks"] if chapter else ()) for line in _lines(block)]
    ended = [line if line.endswith((".", "!", "?", ":")) else f"{line}." for line in lines if line]
    return (Run(" ".join(ended)),) if ended else ()


def _lines(block: Mapping[str, Any]) -> Iterable[str]:
    """A block as lines: of what is recorded only the countries, for the rest stands on the page; of what is not, all."""
    if block["type"] == "text":
        yield in_text(words(block["parts"]))
    elif block["type"] == "list":
        yield "; ".join(in_text(words(item)) for item in block["items"])
    elif block["type"] == "pairs":
        told = [(name, in_text(words(value))) for name, value in block["pairs"]]
        yield from (f"{name}: {value}" for name, value in told if name == "Countries" and value != ABSENT)
        absent = [name.lower() for name, value in told if value == ABSENT]
        yield f"{ABSENT}: {', '.join(absent)}" if absent else ""


def _sections(content: Mapping[str, Any]) -> Iterable[Section]:
    """Everything else that the page says, in its order."""
    if together := summary(content):
        yield Section("All outcomes in one table", (_table(together),))
    for one in content["outcomes"]:
        if one["table"]:
            yield Section(f"Results: {one['name']}", tuple(_results(one)))
    for chapter in content.get("chapters") or ():
        yield Section(chapter["title"], tuple(_blocks(chapter["blocks"])))
    if others := content.get("others"):
        yield Section("What others say", (Bullets(tuple(_other(one) for one in others)),))
    if sources := content.get("sources"):
        yield Section("Sources", (Bullets(tuple((Run(one["text"], one.get("href") or ""),) for one in sources)),))
    if method := content.get("method"):
        yield Section("How this was worked out", (Paragraph(words(method)),))


def _results(outcome: Mapping[str, Any]) -> Iterable[Block]:
    """Every result held for an outcome, put together or not and why not."""
    table = outcome["table"]
    rows = [*table["rows"], *(table[name] for name in ("total", "second") if table.get(name))]
    yield Table(
        table["caption"], ("Study", table.get("unit") or "Result", "Notes"), tuple(_row(row) for row in rows), (1,)
    )
    if outcome["also"]:
        yield Bullets(tuple(words(line) for line in outcome["also"]))


def _row(row: Mapping[str, Any]) -> tuple[Words, ...]:
    number = Run(row["text"], f"/trace/{row['trace']}/" if row.get("trace") else "")
    notes = [note for note in (row["detail"], row.get("raw"), row.get("why_not")) if note]
    return ((Run(row["name"]),), (number,), (Run(". ".join(str(note).rstrip(".") for note in notes)),))


def _blocks(blocks: Iterable[Mapping[str, Any]]) -> Iterable[Block]:
    for block in blocks:
        kind = block["type"]
        if kind == "heading":
            yield Heading(block["text"])
        elif kind == "text":
            yield Paragraph(words(block["parts"]))
        elif kind in ("list", "links"):
            yield Bullets(tuple(words(item) for item in block["items"]))
        elif kind == "pairs":
            yield Bullets(tuple((Run(f"{name}: "), *words(value)) for name, value in block["pairs"]))
        elif kind in ("quote", "absent", "formula", "check"):
            yield Paragraph(words(block["text"]))
        elif kind == "trail":
            yield Bullets(tuple((Run(item["text"]),) for item in block["items"]))
        elif kind == "table":
            yield _table(block)


def _table(held: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(words(cell) for cell in row) for row in held["rows"])
    return Table(held.get("caption") or "", tuple(held["head"]), rows, tuple(held.get("numeric") or ()))


def _other(one: Mapping[str, Any]) -> Words:
    note = f" {one['note']}" if one.get("note") else ""
    return (Run(one["text"], one.get("href") or ""), *((Run(note),) if note else ()))
