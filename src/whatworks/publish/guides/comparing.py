"""What differs between two versions of a guide, place by place: what readers read, and what writers wrote."""

from __future__ import annotations

from typing import Any

from whatworks.publish.methods.guide_text import GUIDE, PARTS, RECOMMENDATION, Text
from whatworks.publish.writing.pairs import highlighted

Runs = list[Any]


def guide_changes(old: dict[str, Any] | None, new: dict[str, Any]) -> list[dict[str, Any]]:
    """Each place whose words or numbers differ, with what the other has not marked, in the sequence of the guide."""
    return _differing(_places(old) if old else {}, _places(new))


def text_changes(theirs: Text, mine: Text) -> list[dict[str, Any]]:
    """Each field in which two writers' texts differ."""
    return _differing(_fields(theirs), _fields(mine))


def _differing(before: dict[str, Runs], after: dict[str, Runs]) -> list[dict[str, Any]]:
    names = [*after, *(name for name in before if name not in after)]
    found = []
    for name in names:
        old, new = before.get(name, []), after.get(name, [])
        if said(old) != said(new):
            found.append({"place": name, "old": highlighted(old, new), "new": highlighted(new, old)})
    return found


def said(runs: Runs) -> str:
    """Inline text without its links."""
    return "".join(run if isinstance(run, str) else str(run.get("number", run.get("link", ""))) for run in runs)


def _joined(paragraphs: list[Runs]) -> Runs:
    return [run for number, one in enumerate(paragraphs) for run in ([" "] if number else []) + list(one)]


def _places(content: dict[str, Any]) -> dict[str, Runs]:
    places: dict[str, Runs] = {
        "The question": [content["title"]],
        "The answer in short": _joined(content["answer"]),
        "Who it is for": _joined(content["who_for"]),
        "To be reviewed by": [content["review_on"]],
    }
    for one in content["recommendations"]:
        at = f"Recommendation {said(one['title'])}".strip()
        sure = f"{one['certainty']['word']} certainty. " if one["certainty"] else "Not rated. "
        places |= {
            f"{at}": [one["stage"], ": ", *one["title"]],
            f"{at}: how sure": [sure, one["certainty_words"]],
            f"{at}: why": _joined(one["why"]),
            f"{at}: what could go wrong": _joined(one["harms"]),
            f"{at}: do not": _joined(one["dont"]["said"]) if one["dont"] else [],
            f"{at}: steps": _joined(one["steps"]),
            f"{at}: cost": _joined(one["cost"]),
            f"{at}: to be reviewed by": [one["review_on"]],
        }
        places |= {f"{at}: what {row['of']} say": [*_joined(row["said"]), " ", row["who"]] for row in one["asked"]}
        for rest in one["rests"]:
            word = f"{rest['certainty']['word']} certainty." if rest["certainty"] else rest["certainty_words"]
            places[f"{at}: {rest['title']}"] = [*rest["said"], " ", word]
    return places


def _fields(text: Text) -> dict[str, Runs]:
    fields: dict[str, Runs] = {part.title: _typed(text[part.key]) for part in GUIDE}
    fields["The recommendations and their sequence"] = _typed(
        [one["title"] or one["key"] for one in text["recommendations"]]
    )
    for one in text["recommendations"]:
        for part in RECOMMENDATION:
            fields[f"{one['title'] or one['key']}: {PARTS[part.key].title.lower()}"] = _typed(one[part.key])
    return fields


def _typed(value: Any) -> Runs:
    words = "; ".join(value) if isinstance(value, list) else value
    return [words] if words else []
