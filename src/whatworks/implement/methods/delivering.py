"""Delivering: was it done as meant, and how much of it? Core components have thresholds that were fixed beforehand.

A form says of each component how often it was due and how often it was done. A component's share is done over due; the score of
a period is the mean of the shares by their weights; the period complies by the rule of the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result

EVERY, SCORE = "every", "score"
RULES = {
    EVERY: said("every essential component reaches its threshold"),
    SCORE: said("the mean of all components reaches the threshold"),
}


@dataclass(frozen=True, slots=True)
class Component:
    """A core component: what is counted, and the share that must be done. `essential`: without it the rest is not the intervention."""

    key: str
    name: str
    counted: str
    threshold: float
    essential: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """When a period complies: `every` essential component at its threshold, or the `score` at this one; and the dose that is the least."""

    kind: str = EVERY
    threshold: float = 0.8
    least_dose: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """Of one component in one period: due so often, done so often."""

    due: int
    done: int


@dataclass(frozen=True, slots=True)
class Delivered(Result):
    """One period. shares: by component, None where nothing was due; score: their mean by weight; complied: by the rule, None where it
    cannot be known; fell_short: components below their threshold."""

    shares: Mapping[str, float | None]
    score: float | None
    dose: int
    complied: bool | None
    fell_short: tuple[str, ...]


def check_plan(components: Sequence[Component], rule: Rule) -> list[Said]:
    """What is wrong with a plan's components and rule, a sentence each."""
    found: list[Said] = []
    keys = [one.key for one in components]
    if not components:
        found.append(said("Name at least one core component: what must be there for it to be the intervention."))
    if len(set(keys)) < len(keys):
        found.append(said("Two components have the same name; give each its own."))
    for one in components:
        if not one.name or not 0 < one.threshold <= 1 or one.weight <= 0:
            found.append(
                said("%(name)s: a component has a name, a threshold above 0 and up to 1, and a weight.", name=one.name)
            )
    if rule.kind not in RULES or not 0 < rule.threshold <= 1 or rule.least_dose < 0:
        found.append(said("The rule is “every” or “score”, with a threshold above 0 and up to 1."))
    if rule.kind == EVERY and components and not any(one.essential for one in components):
        found.append(said("No component is essential, so the rule “every” would hold of nothing; mark at least one."))
    return found


def check_done(components: Sequence[Component], given: Mapping[str, Done], dose: int) -> None:
    """InputError where a form cannot be: a component that the plan lacks, one left out, more done than due."""
    if unknown := sorted(set(given) - {one.key for one in components}):
        raise InputError(said("The plan has no component “%(name)s”.", name=unknown[0][:60]))
    for one in components:
        if one.key not in given:
            raise InputError(said("%(name)s: say how often it was due and how often it was done.", name=one.name))
        held = given[one.key]
        if not 0 <= held.done <= held.due:
            raise InputError(
                said(
                    "%(name)s: done %(done)s times of %(due)s due; it cannot be more than was due.",
                    name=one.name, done=held.done, due=held.due,
                )
            )  # fmt: skip
    if dose < 0:
        raise InputError(said("The number of sessions cannot be below 0."))


def delivered(components: Sequence[Component], rule: Rule, given: Mapping[str, Done], dose: int) -> Delivered:
    """What the counts of a period come to. Raises InputError for a form that cannot be."""
    check_done(components, given, dose)
    shares = {one.key: given[one.key].done / given[one.key].due if given[one.key].due else None for one in components}
    known = [(one, share) for one in components if (share := shares[one.key]) is not None]
    weight = sum(one.weight for one, _ in known)
    score = sum(one.weight * share for one, share in known) / weight if known else None
    short = tuple(one.key for one, share in known if share < one.threshold - 1e-12)
    return Delivered(shares, score, dose, _complied(components, rule, shares, score, short, dose), short)


def _complied(
    components: Sequence[Component],
    rule: Rule,
    shares: Mapping[str, float | None],
    score: float | None,
    short: Sequence[str],
    dose: int,
) -> bool | None:
    if dose < rule.least_dose:
        return False
    if rule.kind == SCORE:
        return None if score is None else score >= rule.threshold - 1e-12
    essential = [one.key for one in components if one.essential]
    if any(key in short for key in essential):
        return False
    return None if any(shares[key] is None for key in essential) else True


def together(forms: Sequence[Mapping[str, Done]]) -> dict[str, Done]:
    """Several forms of one period as one: due and done added up."""
    found: dict[str, Done] = {}
    for given in forms:
        for key, one in given.items():
            held = found.get(key, Done(0, 0))
            found[key] = Done(held.due + one.due, held.done + one.done)
    return found
