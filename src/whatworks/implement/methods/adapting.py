"""Adapting: what FRAME asks of every change to an intervention, as words to choose from.

Stirman, Baumann and Miller (2019, doi 10.1186/s13012-019-0898-y). The eight questions are theirs; the choices are shortened to what
a practitioner can tell apart on a phone, and “other” is always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whatworks.saying import Said, said

EXPLORE, PREPARE, DELIVER, SUSTAIN = "explore", "prepare", "deliver", "sustain"
PHASES = {
    EXPLORE: said("Explore"),
    PREPARE: said("Prepare"),
    DELIVER: said("Deliver"),
    SUSTAIN: said("Sustain"),
}
STOPPED = "stopped"
STATES = {**PHASES, STOPPED: said("Stopped")}
CONSISTENT, INCONSISTENT, UNKNOWN = "consistent", "inconsistent", "unknown"
KEEPS = {
    CONSISTENT: said("Yes: every core component is still there"),
    INCONSISTENT: said("No: a core component is changed, left out or weakened"),
    UNKNOWN: said("Nobody knows yet"),
}
WHO = {
    "practitioners": said("Those who deliver it"),
    "managers": said("Managers of the place"),
    "developers": said("Those who made the intervention"),
    "researchers": said("Those who evaluate it"),
    "families": said("Children and families"),
    "funders": said("Those who pay for it"),
    "together": said("Several of these together"),
}
WHAT = {
    "content": said("The content: what is done"),
    "context": said("The way it is delivered: where, to whom, by whom, in what form"),
    "training": said("Training or supervision"),
    "evaluation": said("How it is recorded or evaluated"),
}
LEVELS = {
    "person": said("One family or child"),
    "group": said("A group or those with something in common"),
    "practitioner": said("One practitioner"),
    "team": said("A team or unit"),
    "organisation": said("The organisation"),
    "network": said("Several organisations or the area"),
}
TYPES = {
    "tailored": said("Tailored or refined"),
    "added": said("Something added"),
    "removed": said("Something left out"),
    "shortened": said("Shortened"),
    "lengthened": said("Lengthened"),
    "substituted": said("One thing in the place of another"),
    "reordered": said("In another order"),
    "loosened": said("Less structured"),
    "format": said("Another format, such as by telephone"),
    "setting": said("Another setting"),
    "staff": said("Delivered by other staff"),
    "population": said("For other children or families"),
    "other": said("Something else"),
}
GOALS = {
    "reach": said("To reach more people, or others"),
    "fit": said("To fit those it is for"),
    "outcomes": said("To do more good"),
    "feasible": said("To make it possible here"),
    "cost": said("To spend less"),
    "satisfaction": said("So that people are content with it"),
    "other": said("Something else"),
}
REASONS = {
    "policy": said("Law, policy or funding"),
    "organisation": said("The organisation: staff, time, money, what else goes on"),
    "provider": said("The practitioners: training, preference, judgement"),
    "recipient": said("The families: needs, language, culture, access"),
    "emergency": said("An emergency"),
    "other": said("Something else"),
}
CHOICES: Mapping[str, Mapping[str, Said]] = {
    "when": PHASES,
    "who": WHO,
    "what": WHAT,
    "level": LEVELS,
    "type": TYPES,
    "keeps": KEEPS,
    "goal": GOALS,
    "reason": REASONS,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One adaptation as FRAME has it. `components`: the core components that it touches."""

    when: str
    planned: bool
    who: str
    what: str
    level: str
    type: str
    keeps: str
    goal: str
    reason: str
    components: tuple[str, ...] = ()


def faults(change: Change, components: Mapping[str, str]) -> list[tuple[str, Said]]:
    """What is wrong with an adaptation, by its part. One that leaves a core component out says which."""
    found: list[tuple[str, Said]] = []
    for name, words in CHOICES.items():
        if getattr(change, name) not in words:
            found.append((name, said("Choose one of the answers.")))
    if unknown := [key for key in change.components if key not in components]:
        found.append(("components", said("The plan has no component “%(name)s”.", name=unknown[0][:60])))
    if change.keeps == INCONSISTENT and not change.components:
        found.append(("components", said("Say which core components are changed, left out or weakened.")))
    return found


def warns(change: Change) -> bool:
    """Whether the statistician of a trial must hear of it: fidelity may be lower than the trial takes it to be."""
    return change.keeps != CONSISTENT
