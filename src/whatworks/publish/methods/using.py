"""What a team can take from a page as it was approved: a dated paragraph, questions to talk about, prompts about fit.

Pure functions of the stored page document, of every schema. They ask and repeat; they give no verdict about a place or a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from whatworks.saying import joined, said

Content = Mapping[str, Any]

GROUPS = said("This is about groups; it cannot say what is right for this child.")
PROVISIONAL = said("The state was worked out by rule and not yet judged by people.")
USUAL = said("the comparison group")  # what a drawing says where the studies compared it with different things
MOST = 3  # outcomes that the paragraph tells beside the first; more are counted
SEEN = 2  # countries that are named in one question; more are counted


def spoken(parts: Iterable[Any]) -> str:
    """Inline text as plain words."""
    return "".join(
        part if isinstance(part, str) else str(part.get("number") or part.get("link") or "") for part in parts
    )


def supervision_paragraph(content: Content) -> str:
    """One dated paragraph to paste into supervision notes: what is known, how sure, what is not known, and its limits."""
    named = said("%(title)s, %(version)s.", title=content["title"], version=_version(content))
    told = [named, spoken(content["answer"]["strong"]).strip()]
    if content["outcomes"]:
        told.append(spoken(content["answer"]["rest"]).strip())
        told += [] if "how sure" in " ".join(told).lower() else [_certainty(content["outcomes"][0])]
        told += _beside(content)
    if content["outcomes"] and content["outcomes"][0].get("provisional"):
        told.append(PROVISIONAL)
    return joined(" ", (one for one in [*told, GROUPS] if one))


def _version(content: Content) -> str:
    """Which version of the page it is, and of when; a would-be page has not been approved."""
    approved = content.get("approved")
    if not approved:
        return said("a draft of an evidence page that nobody has approved")
    return said(
        "evidence page %(identifier)s, revision %(revision)s of %(on)s (%(by)s)",
        identifier=content["identifier"],
        revision=content["revision"],
        on=approved["on"],
        by=approved["by"],
    )


def _beside(content: Content) -> list[str]:
    """What is known of safety and of the other outcomes, in few words."""
    others = [one for one in content["outcomes"][1:] if not one["safety"]]
    named = [f"{one['name']} ({_lower(one['state']['word'])})" for one in others[:MOST]]
    more = said("; and %(count)s more on the page", count=len(others) - MOST) if len(others) > MOST else ""
    return [said("Other outcomes: %(named)s%(more)s.", named="; ".join(named), more=more)] if named else []


def _certainty(outcome: Mapping[str, Any]) -> str:
    """How sure people said they are of an outcome."""
    if outcome["certainty"]:
        return said("How sure we are: %(lower)s certainty.", lower=_lower(outcome["certainty"]["word"]))
    return said("How sure we are: %(lower)s.", lower=_lower(outcome.get("certainty_words") or said("not rated")))


def discussion_questions(content: Content) -> tuple[str, ...]:
    """Questions for a team meeting, from what the page says and leaves open."""
    outcomes = content["outcomes"]
    if not outcomes:
        return (
            said("What made us think of this, and what do we hope it would change?"),
            said("We hold no results about it. Who could tell us what happened where it was tried?"),
            said("How would we notice if it did harm?"),
        )
    first = outcomes[0]
    asked = [
        said(
            "The page begins with %(quoted)s. Is that what matters most to the children and families we have "
            "in mind? How do we know?",
            quoted=_quoted(first["name"]),
        ),
        _sure_enough(first),
        said("What do families here get now? How is that like, or unlike, what the studies compared it with?"),
    ]
    if any(one["contact"] for one in outcomes):
        asked.append(
            said(
                "Fewer or more in contact with services is neither good nor bad by itself. How would we know "
                "that children are safer?"
            )
        )
    asked += [
        said("Whom might it suit less well, or not reach at all? What would we do about that?"),
        said("What would children and families say of it? Who will ask them?"),
        said("What would we stop doing to make room for it?"),
        said("How would we notice within six months that it does not help, or does harm? Who may stop it?"),
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
        return said("We cannot be sure from this page. What would we do if it turned out to make no difference?")
    if outcome["state"]["key"] == "none":
        return said(
            "It seems to make little difference to this. Is there another reason to do it, and is that reason "
            "good enough?"
        )
    return said(
        "Certainty is %(lower)s. What would have to be the same here for it to turn out as in the studies?",
        lower=_lower(sure),
    )


def applicability_prompts(content: Content) -> tuple[str, ...]:
    """Prompts about whether it could fit another place: what the studies were, and what to hold beside it. No verdict."""
    held = content.get("studied")
    asked = []
    if held and held["studies"]:
        asked.append(
            said(
                "Where the studies were done: %(places)s. What differs here in law, services and money?",
                places=_places(held["countries"]),
            )
        )
    else:
        asked.append(
            said("Where it was studied is not held on this page. What would differ here in law, services and money?")
        )
    if held and held["missing"]:
        missing = _joined(map(_lower, held["missing"]))
        asked.append(
            said(
                "Not recorded in what we hold: %(missing)s. Are the families here like those who took part?",
                missing=missing,
            )
        )
    else:
        asked.append(said("Are the families here like those who took part? Look at who they were."))
    usual = _compared(content)
    asked.append(
        said("It was compared with %(usual)s. Is what you do now more than that, less, or the same?", usual=usual)
        if usual
        else said("What it was compared with is not held on this page. What do you do now?")
    )
    return (
        *asked,
        said("Could you do it as it was done: the same steps, training, caseload and time?"),
        said("Which other agencies must say yes, and who would pay after the first year?"),
        said("What would change your mind? Write it down before you begin."),
    )


def _places(countries: Iterable[Iterable[Any]]) -> str:
    named = [f"{name} ({count})" for name, count in countries]
    first = _joined(named[:SEEN])
    if len(named) <= SEEN:
        return first
    return said("%(named)s and %(n)s other countries", named=first, n=len(named) - SEEN)


def _compared(content: Content) -> str:
    """What the studies of the first drawn outcome compared it with, as its drawing says."""
    titles = (one["scale"]["title"] for one in content["outcomes"] if one["scale"])
    named = next((title.partition(", compared with ")[2] for title in titles), "")
    return "" if named == USUAL else named


def _joined(names: Iterable[Any]) -> str:
    *before, last = [str(name) for name in names]
    return said("%(names)s and %(last)s", names=", ".join(before), last=last) if before else last


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
