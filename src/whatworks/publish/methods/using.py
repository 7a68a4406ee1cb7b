"""What a team can take from a page as it was approved: a dated paragraph, questions to talk about, prompts about fit.

Pure functions of the stored page document, of every schema. They ask and repeat; they give no verdict about a place or a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Content = Mapping[str, Any]

GROUPS = "This is about groups; it cannot say what is right for this child."
PROVISIONAL = "The state was worked out by rule and not yet judged by people."
USUAL = "the comparison group"  # what a drawing says where the studies compared it with different things
MOST = 3  # outcomes that the paragraph tells beside the first; more are counted
SEEN = 2  # countries that are named in one question; more are counted


def spoken(parts: Iterable[Any]) -> str:
    """Inline text as plain words."""
    return "".join(
        part if isinstance(part, str) else str(part.get("number") or part.get("link") or "") for part in parts
    )


def supervision_paragraph(content: Content) -> str:
    """One dated paragraph to paste into supervision notes: what is known, how sure, what is not known, and its limits."""
    said = [f"{content['title']}, {_version(content)}.", spoken(content["answer"]["strong"]).strip()]
    if content["outcomes"]:
        said.append(spoken(content["answer"]["rest"]).strip())
        said += [] if "how sure" in " ".join(said).lower() else [_certainty(content["outcomes"][0])]
        said += _beside(content)
    if content["outcomes"] and content["outcomes"][0].get("provisional"):
        said.append(PROVISIONAL)
    return " ".join(one for one in [*said, GROUPS] if one)


def _version(content: Content) -> str:
    """Which version of the page it is, and of when; a would-be page has not been approved."""
    approved = content.get("approved")
    if not approved:
        return "a draft of an evidence page that nobody has approved"
    return (
        f"evidence page {content['identifier']}, revision {content['revision']} of {approved['on']} ({approved['by']})"
    )


def _beside(content: Content) -> list[str]:
    """What is known of safety and of the other outcomes, in few words."""
    others = [one for one in content["outcomes"][1:] if not one["safety"]]
    named = [f"{one['name']} ({_lower(one['state']['word'])})" for one in others[:MOST]]
    more = f"; and {len(others) - MOST} more on the page" if len(others) > MOST else ""
    return [f"Other outcomes: {'; '.join(named)}{more}."] if named else []


def _certainty(outcome: Mapping[str, Any]) -> str:
    """How sure people said they are of an outcome."""
    if outcome["certainty"]:
        return f"How sure we are: {_lower(outcome['certainty']['word'])} certainty."
    return f"How sure we are: {_lower(outcome.get('certainty_words') or 'not rated')}."


def discussion_questions(content: Content) -> tuple[str, ...]:
    """Questions for a team meeting, from what the page says and leaves open."""
    outcomes = content["outcomes"]
    if not outcomes:
        return (
            "What made us think of this, and what do we hope it would change?",
            "We hold no results about it. Who could tell us what happened where it was tried?",
            "How would we notice if it did harm?",
        )
    first = outcomes[0]
    asked = [
        f"The page begins with {_quoted(first['name'])}. Is that what matters most to the children and families we "
        "have in mind? How do we know?",
        _sure_enough(first),
        "What do families here get now? How is that like, or unlike, what the studies compared it with?",
    ]
    if any(one["contact"] for one in outcomes):
        asked.append(
            "Fewer or more in contact with services is neither good nor bad by itself. How would we know that children are safer?"
        )
    asked += [
        "Whom might it suit less well, or not reach at all? What would we do about that?",
        "What would children and families say of it? Who will ask them?",
        "What would we stop doing to make room for it?",
        "How would we notice within six months that it does not help, or does harm? Who may stop it?",
    ]
    return tuple(asked)


def _sure_enough(outcome: Mapping[str, Any]) -> str:
    """A question that fits the state and the certainty of an outcome."""
    sure = outcome["certainty"]["word"] if outcome["certainty"] else ""
    if outcome["state"]["key"] in ("not-searched", "nothing-found", "not-poolable", "uncertain", "mixed") or sure in (
        "Low",
        "Very low",
        "",
    ):
        return "We cannot be sure from this page. What would we do if it turned out to make no difference?"
    if outcome["state"]["key"] == "none":
        return "It seems to make little difference to this. Is there another reason to do it, and is that reason good enough?"
    return f"Certainty is {_lower(sure)}. What would have to be the same here for it to turn out as in the studies?"


def applicability_prompts(content: Content) -> tuple[str, ...]:
    """Prompts about whether it could fit another place: what the studies were, and what to hold beside it. No verdict."""
    held = content.get("studied")
    asked = []
    if held and held["studies"]:
        asked.append(
            f"Where the studies were done: {_places(held['countries'])}. What differs here in law, services and money?"
        )
    else:
        asked.append(
            "Where it was studied is not held on this page. What would differ here in law, services and money?"
        )
    if held and held["missing"]:
        missing = _joined(map(_lower, held["missing"]))
        asked.append(f"Not recorded in what we hold: {missing}. Are the families here like those who took part?")
    else:
        asked.append("Are the families here like those who took part? Look at who they were.")
    usual = _compared(content)
    asked.append(
        f"It was compared with {usual}. Is what you do now more than that, less, or the same?"
        if usual
        else "What it was compared with is not held on this page. What do you do now?"
    )
    return (
        *asked,
        "Could you do it as it was done: the same steps, training, caseload and time?",
        "Which other agencies must say yes, and who would pay after the first year?",
        "What would change your mind? Write it down before you begin.",
    )


def _places(countries: Iterable[Iterable[Any]]) -> str:
    named = [f"{name} ({count})" for name, count in countries]
    return _joined(named[:SEEN]) + (f" and {len(named) - SEEN} other countries" if len(named) > SEEN else "")


def _compared(content: Content) -> str:
    """What the studies of the first drawn outcome compared it with, as its drawing says."""
    titles = (one["scale"]["title"] for one in content["outcomes"] if one["scale"])
    named = next((title.partition(", compared with ")[2] for title in titles), "")
    return "" if named == USUAL else named


def _joined(names: Iterable[Any]) -> str:
    *before, last = [str(name) for name in names]
    return f"{', '.join(before)} and {last}" if before else last


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
