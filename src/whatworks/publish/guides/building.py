"""The would-be guide as plain data, with everything it rests on: the writers' words, each number resolved now. Reads."""

from __future__ import annotations

from typing import Any

from whatworks.ledger.canonical import canonical
from whatworks.publish.guides.resting import Rest, Rests
from whatworks.publish.methods.guide_text import SAID, Text, lowest, texts_of
from whatworks.publish.models import Guide
from whatworks.publish.page.building import Built
from whatworks.publish.writing.referring import Part, resolved, rests

SCHEMA = 1
WORDS = {1: "Very low", 2: "Low", 3: "Moderate", 4: "High"}
NOBODY = "Nobody has been asked yet."
APART = ("revision", "approved", "identifier", "consultation")  # what approval adds to what a guide says


def build_guide(guide: Guide, text: Text) -> Built:
    """The guide that this text makes from what is held now."""
    found = Rests()
    made = [_recommendation(found, one) for one in by_stage(text)]
    rows = {guide.pk, *(row for _, named in made for row in named)}
    for _, _, words in texts_of(text):
        rows |= set(rests(words))
    content = {
        "schema": SCHEMA,
        "kind": "guide",
        "slug": guide.slug,
        "title": text["question"],
        "theme": {"slug": guide.theme.slug, "name": guide.theme.name},
        "illustration": guide.illustration,
        "answer": paragraphs(text["answer"]),
        "who_for": paragraphs(text["who_for"]),
        "stages": text["stages"],
        "review_on": text["review_on"],
        "recommendations": [content | {"number": number} for number, (content, _) in enumerate(made, 1)],
    }
    return Built(content, tuple(sorted(row for row in rows if row)))


def by_stage(text: Text) -> list[Text]:
    """The recommendations as a child's way meets them; within a stage as their writers put them."""
    stages = {stage: number for number, stage in enumerate(text["stages"])}
    return sorted(text["recommendations"], key=lambda one: stages.get(one["stage"], len(stages)))


def paragraphs(text: str) -> list[list[Part]]:
    """A running text as paragraphs of inline parts."""
    return [resolved(" ".join(one.split())) for one in text.split("\n\n") if one.strip()]


def _recommendation(found: Rests, one: Text) -> tuple[dict[str, Any], set[str]]:
    named, _ = found.all_of(one["rests_on"])
    warned, _ = found.all_of(one["dont_rests_on"])
    content = {
        "key": one["key"],
        "title": resolved(one["title"]),
        "stage": one["stage"],
        "rests": [rest.shown for rest in named],
        **certainty_of(named),
        "why": paragraphs(one["why"]),
        "harms": paragraphs(one["harms"]),
        "dont": _warning(one, warned),
        "steps": [resolved(step) for step in one["steps"]],
        "cost": paragraphs(one["cost"]),
        "asked": [_asked(one, said, who) for said, who in SAID],
        "review_on": one["review_on"],
    }
    return content, {row for rest in (*named, *warned) for row in rest.rows}


def certainty_of(named: list[Rest]) -> dict[str, Any]:
    """How sure a recommendation can be: never typed, the lowest of what it rests on, and which that is."""
    rated = [rest for rest in named if rest.rated]
    level = lowest(rest.level for rest in rated)
    least = next((rest for rest in rated if rest.level == level), None)
    if level is not None and least is not None:
        words = _lowest_words(rated, least)
        held = {"level": level, "of": 4, "word": WORDS[level]}
        return {"certainty": held, "certainty_words": words, "provisional": any(r.shown["provisional"] for r in rated)}
    unrated = [rest.shown["title"] for rest in rated if rest.level is None]
    words = f"People have not rated {unrated[0]}." if unrated else "No result with a rating is named."
    return {"certainty": None, "certainty_words": words, "provisional": False}


def _lowest_words(rated: list[Rest], least: Rest) -> str:
    if len(rated) == 1:
        return "This is how sure people are of the one result it rests on."
    if all(rest.level == least.level for rest in rated):
        return f"People are this sure of each of the {len(rated)} results it rests on."
    return f"This is the lowest of the {len(rated)} results it rests on: {least.shown['title']}."


def _warning(one: Text, warned: list[Rest]) -> dict[str, Any] | None:
    if not one["dont"]:
        return None
    return {
        "said": paragraphs(one["dont"]),
        "rests": [rest.shown for rest in warned],
        "by": "" if any(rest.harm for rest in warned) else one["dont_by"],
    }


def _asked(one: Text, said: str, who: str) -> dict[str, Any]:
    return {"of": said, "said": paragraphs(one[said]), "who": one[who] if one[said] else ""}


def says(content: dict[str, Any]) -> str:
    """What a guide says, without when and by whom it was approved."""
    return canonical({key: value for key, value in content.items() if key not in APART})
