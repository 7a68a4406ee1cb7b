"""The text of a practice guide as its writers hold it: its parts, and what can be done to its recommendations. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

FEWEST, MOST = 5, 8  # recommendations of a guide
LINE, TEXT, LIST, RESTS, DAY, CHOICE = "line", "text", "list", "rests", "day", "choice"

Text = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a guide or of a recommendation: its key, what it is called, what belongs into it, how it is typed."""

    key: str
    title: str
    kind: str = TEXT
    help: str = ""
    needed: str = ""  # the sentence that asks for it where it is missing; empty where it may be


GUIDE = (
    Part(
        "question",
        said("The question"),
        LINE,
        said("One question that somebody asks at work."),
        said("Ask one question."),
    ),
    Part(
        "answer",
        said("The answer in short"),
        TEXT,
        said("Two or three sentences. Readers see this first."),
        said("Answer the question."),
    ),
    Part(
        "who_for", said("Who it is for"), TEXT, said("Who should read it, and which children and families it is about.")
    ),
    Part(
        "stages",
        said("Stages of the child\N{RIGHT SINGLE QUOTATION MARK}s way"),
        LIST,
        said("One a line, in the sequence in which a child meets them."),
        said("Name at least one stage, one a line."),
    ),
    Part(
        "review_on",
        said("To be reviewed by"),
        DAY,
        said("Such as 2027-11-30."),
        said("Give the day by which somebody reviews it."),
    ),
)
RECOMMENDATION = (
    Part(
        "title",
        said("What to do"),
        LINE,
        said("One sentence that begins with a verb."),
        said("Say what to do, in one sentence."),
    ),
    Part("stage", said("At which stage"), CHOICE, "", said("Choose a stage of the guide.")),
    Part(
        "rests_on",
        said("What it rests on"),
        RESTS,
        said("One identifier a line: of an analysis, a result, a rating, a published result or a page."),
        said("Name at least one result or rating that it rests on."),
    ),
    Part(
        "why",
        said("Why"),
        TEXT,
        said("What the results say. Numbers only as references."),
        said("Say why, from the results."),
    ),
    Part(
        "harms",
        said("What could go wrong"),
        TEXT,
        said("What was looked for, and what was found. If nobody looked, say so."),
        said("Say what could go wrong, or that nobody has looked."),
    ),
    Part("steps", said("Steps"), LIST, said("One a line, in sequence."), said("Give the steps, one a line.")),
    Part(
        "cost",
        said("What it costs"),
        TEXT,
        said("With the year of the prices and who pays. If it is not recorded, say so."),
        said("Say what it costs, or that no cost is recorded."),
    ),
    Part("dont", said("Do not"), TEXT, said("Leave it empty where there is nothing to warn of.")),
    Part(
        "dont_rests_on",
        said("Evidence of harm behind the \N{LEFT DOUBLE QUOTATION MARK}do not\N{RIGHT DOUBLE QUOTATION MARK}"),
        RESTS,
        said("Identifiers, one a line."),
    ),
    Part(
        "dont_by",
        said("Or by whose judgement"),
        LINE,
        said("Such as a group of practice leaders. Never a name of a child or family."),
    ),
    Part(
        "practitioners", said("What practitioners say"), TEXT, said("Leave it empty where nobody has been asked yet.")
    ),
    Part("practitioners_who", said("Which practitioners said so"), LINE, said("How many, who, where and when.")),
    Part("young", said("What young people say"), TEXT, said("Leave it empty where nobody has been asked yet.")),
    Part("young_who", said("Which young people said so"), LINE, said("How many, who, where and when. Never a name.")),
    Part(
        "review_on",
        said("To be reviewed by"),
        DAY,
        said("Such as 2027-11-30."),
        said("Give the day by which somebody reviews it."),
    ),
)
PARTS = {part.key: part for part in RECOMMENDATION}
SAID = (("practitioners", "practitioners_who"), ("young", "young_who"))


def blank(part: Part) -> Any:
    """What a part holds before anybody has written it."""
    return [] if part.kind in (LIST, RESTS) else ""


def blank_recommendation(key: str) -> Text:
    """A recommendation in which nothing is written yet."""
    return {"key": key} | {part.key: blank(part) for part in RECOMMENDATION}


def blank_guide(question: str) -> Text:
    """A guide with its question only."""
    held = {part.key: blank(part) for part in GUIDE}
    return held | {"question": question, "recommendations": [], "removed": []}


def whole(text: Mapping[str, Any]) -> Text:
    """The text with every part there is, those that are missing blank, and nothing else. Raises InputError for nonsense."""
    made = {part.key: _fitting(part, text.get(part.key)) for part in GUIDE}
    for name in ("recommendations", "removed"):
        made[name] = [_whole_recommendation(one) for one in text.get(name) or []]
    keys = [one["key"] for name in ("recommendations", "removed") for one in made[name]]
    if len(set(keys)) < len(keys):
        raise InputError(said("Two recommendations have one key; take one of them away."))
    return made


def _whole_recommendation(one: Mapping[str, Any]) -> Text:
    key = str(one.get("key", ""))
    if not re.fullmatch(r"[a-z0-9-]{1,24}", key):
        raise InputError(
            said(
                "“%(key)s” is no key of a recommendation; use up to 24 small letters, digits and hyphens.", key=key[:40]
            )
        )
    return {"key": key} | {part.key: _fitting(part, one.get(part.key)) for part in RECOMMENDATION}


def _fitting(part: Part, value: Any) -> Any:
    if part.kind in (LIST, RESTS):
        lines = value.splitlines() if isinstance(value, str) else [str(one) for one in value or []]
        found = [line.strip() for line in lines if line.strip()]
        return list(dict.fromkeys(_identifier(line) for line in found)) if part.kind == RESTS else found
    return " ".join(str(value or "").split()) if part.kind != TEXT else str(value or "").replace("\r\n", "\n").strip()


def _identifier(line: str) -> str:
    """The identifier in a line: somebody may put in a whole reference, or the address of a trace."""
    held = re.search(r"\b[a-z]{3}-[0-9a-z]{6,16}\b", line)
    return held[0] if held else line


def fresh_key(text: Text) -> str:
    """A key that no recommendation of the guide has or had."""
    taken = {one["key"] for name in ("recommendations", "removed") for one in text[name]}
    return next(f"r{number}" for number in range(1, len(taken) + 2) if f"r{number}" not in taken)


def changed(text: Text, action: str, key: str = "") -> Text:
    """The text after a recommendation was added, moved up or down, removed, or put back. Raises InputError."""
    kept, removed = list(text["recommendations"]), list(text["removed"])
    if action == "add":
        if len(kept) >= MOST:
            raise InputError(
                said("A guide has at most %(most)s recommendations; remove one, or put two together.", most=MOST)
            )
        kept.append(blank_recommendation(fresh_key(text)))
    elif action in ("up", "down"):
        at = _at(kept, key)
        to = min(max(at + (-1 if action == "up" else 1), 0), len(kept) - 1)
        kept.insert(to, kept.pop(at))
    elif action == "remove":
        removed.append(kept.pop(_at(kept, key)))
    elif action == "put-back":
        kept.append(removed.pop(_at(removed, key)))
    else:
        raise InputError(said("“%(action)s” cannot be done to a recommendation; reload the page.", action=action))
    return text | {"recommendations": kept, "removed": removed}


def _at(rows: list[Text], key: str) -> int:
    for number, row in enumerate(rows):
        if row["key"] == key:
            return number
    raise InputError(said("The recommendation “%(key)s” is not there any more; reload the page.", key=key))


def day_of(value: str) -> datetime.date | None:
    """A day as typed (2027-11-30); None where it is none."""
    try:
        return datetime.date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None
    except ValueError:
        return None


def texts_of(text: Text) -> list[tuple[str, str, str]]:
    """Every running text that says something: the address of its field, what it is called, and its words.

    The question is not among them: it asks.
    """
    found = [(part.key, part.title, text[part.key]) for part in GUIDE if part.kind == TEXT]
    for number, one in enumerate(text["recommendations"], 1):
        for part in RECOMMENDATION:
            title = f"Recommendation {number}: {part.title.lower()}"
            if part.kind in (TEXT, LINE) and not part.key.endswith(("_who", "_by")):
                found.append((f"{one['key']}-{part.key}", title, one[part.key]))
            if part.key == "steps":
                found.append((f"{one['key']}-{part.key}", title, "\n".join(one[part.key])))
    return [row for row in found if row[2]]


def lowest(levels: Iterable[int | None]) -> int | None:
    """The certainty of a recommendation: the lowest of what it rests on; None where any of it, or nothing, is rated."""
    found = list(levels)
    held = [level for level in found if level is not None]
    return min(held) if held and len(held) == len(found) else None
