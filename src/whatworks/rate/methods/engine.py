"""Turns inputs into a level by a scheme's rules, and says how: which rule did what, what is missing, who decides.

Pure and deterministic: the same scheme and the same inputs always give the same outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from .conditions import Value, Values
from .inputs import Told, checked, contradiction, fill, read
from .scheme import Alternative, Effect, Rule, Scheme

COMPUTED = "computed"
NEEDS_PERSON = "needs a person"
MISSING = "missing inputs"
NO_LEVEL = "no rule gives a level"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule as it was asked: what it says, whether it fired, and the level after it."""

    rule: str
    sentence: str
    fired: bool | None
    """None where a missing input leaves it open."""
    effect: str
    level: str | None

    def to_dict(self) -> dict[str, Any]:
        """The step as plain values."""
        return {
            "rule": self.rule,
            "sentence": self.sentence,
            "fired": self.fired,
            "effect": self.effect,
            "level": self.level,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change the level, and to what; level None means it would have to be worked out again."""

    sentence: str
    level: str | None

    def to_dict(self) -> dict[str, Any]:
        """The change as plain values."""
        return {"sentence": self.sentence, "level": self.level}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scheme makes of its inputs: a level, or why there is none, with the whole trail of reasons."""

    scheme: Scheme = field(repr=False)
    told: Told = field(repr=False)
    level: str | None
    state: str
    """`computed`, `needs a person`, `missing inputs` or `no rule gives a level`; signing is for people, elsewhere."""
    decided_by: str
    """The rule that last moved the level; empty when there is no level."""
    trail: tuple[Step, ...]
    missing: tuple[str, ...]
    needs_person: tuple[str, ...]

    @property
    def word(self) -> str:
        """The plain word of the level."""
        return self.scheme.word(self.level)

    @property
    def would_change(self) -> tuple[Change, ...]:
        """What, of the things the scheme declares could happen, would give another level. Searched when asked for."""
        return tuple(changes(self.scheme, self.told.values, self.level))

    def summary(self) -> str:
        """The level and the rules that fired, in one paragraph."""
        reasons = " ".join(step.sentence for step in self.trail if step.fired)
        absent = f" Missing: {', '.join(self.missing)}." if self.missing else ""
        return f"{self.word} ({self.scheme.title}, version {self.scheme.version}; {self.state}). {reasons}{absent}"

    def to_dict(self) -> dict[str, Any]:
        """The outcome as plain values, ready to be stored."""
        return {
            "scheme": self.scheme.to_dict(),
            "level": self.level,
            "word": self.word,
            "state": self.state,
            "decided_by": self.decided_by,
            "trail": [step.to_dict() for step in self.trail],
            "missing": list(self.missing),
            "needs_person": list(self.needs_person),
            "would_change": [change.to_dict() for change in self.would_change],
        }


def evaluate(scheme: Scheme, inputs: Mapping[str, object]) -> Outcome:
    """Apply a scheme to its inputs (name to value, or to Judged where a person judged it).

    An input that is left out leaves open only the rules that need it. Raises InputError for inputs the scheme does
    not know, that are of the wrong kind, or that contradict each other.
    """
    told = read(scheme, inputs)
    trail: list[Step] = []
    wanting: set[str] = set()
    people: list[str] = []
    decided_by, before = "", None
    for rule, fired, level in _walk(scheme, told.values):
        trail.append(_step(scheme, rule, told, fired, level))
        if fired is None and rule.moves:
            wanting.update(rule.when.wanting(told.values))
        elif fired:
            people += [fill(scheme, rule.person, told)] if rule.person else []
            decided_by = rule.id if level != before or rule.effect.kind == "set" else decided_by
        before = level
    people += _unsigned(scheme, told)
    level = trail[-1].level
    missing = tuple(name for name in scheme.inputs if name in wanting) if level is None else ()
    state = _state(level, missing, people)
    return Outcome(scheme, told, level, state, decided_by if level else "", tuple(trail), missing, tuple(people))


def changes(scheme: Scheme, values: Values, level: str | None) -> Iterator[Change]:
    """Try each declared alternative on its own, and give those that lead to another level."""
    for alternative in scheme.alternatives:
        altered = _altered(scheme, values, alternative)
        if altered is None:
            continue
        *_, (_, _, found) = _walk(scheme, altered)
        if found == level:
            continue
        if found is None:
            yield Change(f"{alternative.sentence} would mean working this out again.", None)
        else:
            yield Change(f"{alternative.sentence} would make this “{scheme.word(found)}”.", found)


def _walk(scheme: Scheme, values: Values) -> Iterator[tuple[Rule, bool | None, str | None]]:
    """Each rule asked, whether it fired, and the level after it (None once a rule that could move it is open)."""
    level: str | None = None
    settled = True
    for rule in scheme.rules:
        fired = rule.when.holds(values)
        if fired is None:
            settled = settled and not rule.moves
        elif fired:
            level = moved(scheme, rule.effect, level, values)
        yield rule, fired, level if settled else None
        if fired and rule.final:
            return


def moved(scheme: Scheme, effect: Effect, level: str | None, values: Values) -> str | None:
    """The level after an effect. A level beside the ladder cannot be lowered, raised or capped."""
    if effect.kind == "set":
        return effect.level
    if effect.kind == "note" or level not in scheme.ladder:
        return level
    place = scheme.ladder.index(level)
    if effect.kind == "cap" and effect.level is not None:
        return scheme.ladder[min(place, scheme.ladder.index(effect.level))]
    steps = _steps(effect, values) * (-1 if effect.kind == "lower" else 1)
    return scheme.ladder[max(0, min(len(scheme.ladder) - 1, place + steps))]


def _steps(effect: Effect, values: Values) -> int:
    amount = None if effect.steps is None else effect.steps.value(values)
    if amount is None or isinstance(amount, str) or amount < 0:
        raise InputError(
            said(
                "A rule moves the level by %(amount)r steps; it must first ask for a number of 0 or more.",
                amount=amount,
            )
        )
    return int(amount)


def _step(scheme: Scheme, rule: Rule, told: Told, fired: bool | None, level: str | None) -> Step:
    if fired is None:
        absent = " and ".join(dict.fromkeys(scheme.inputs[name].words for name in rule.when.wanting(told.values)))
        return Step(rule.id, f"This cannot be said without {absent}.", None, "", level)
    sentence = fill(scheme, rule.sentence if fired or not rule.otherwise else rule.otherwise, told)
    return Step(rule.id, sentence, fired, _effect_words(scheme, rule, told.values) if fired else "", level)


def _effect_words(scheme: Scheme, rule: Rule, values: Values) -> str:
    effect = rule.effect
    if effect.kind == "set":
        return f"set to {scheme.word(effect.level)}"
    if effect.kind == "cap":
        return f"no higher than {scheme.word(effect.level)}"
    if effect.kind == "note":
        return "needs a person" if rule.person else "noted"
    return f"{'lowered' if effect.kind == 'lower' else 'raised'} by {_steps(effect, values)}"


def _unsigned(scheme: Scheme, told: Told) -> list[str]:
    """One sentence for each judgement that was given without anybody's name."""
    unsigned = []
    for name in told.values:
        judged = told.judgements.get(name)
        if scheme.inputs[name].judged and not (judged and judged.by):
            words = scheme.inputs[name].words
            unsigned.append(f"{words[:1].upper()}{words[1:]}: nobody has put their name to it.")
    return unsigned


def _state(level: str | None, missing: tuple[str, ...], people: list[str]) -> str:
    if level is None and missing:
        return MISSING
    if people:
        return NEEDS_PERSON
    return NO_LEVEL if level is None else COMPUTED


def _altered(scheme: Scheme, values: Values, alternative: Alternative) -> dict[str, Value] | None:
    """The inputs after an alternative, or None where it cannot happen from here."""
    altered = dict(values)
    for name, amount in alternative.sets:
        value = amount.value(values)
        if value is None:
            return None
        try:
            altered[name] = checked(scheme, scheme.inputs[name], value)
        except InputError:
            return None
    return None if contradiction(scheme, altered) else altered
