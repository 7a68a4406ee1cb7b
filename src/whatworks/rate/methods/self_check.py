"""Before a study starts: which levels its design could meet, and what each of them asks.

It works from the rules of any scheme and from the answers that are already sure. What it says of a level is what each
single answer must be for the level to be open at all; whether answers within those limits are enough together is for
the rules to say once all are known, and `example` shows one set of answers that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from .conditions import Value, Values
from .engine import Outcome, evaluate
from .inputs import contradiction
from .reach import Option, compared, in_words, optional, options, possible
from .scheme import Scheme

MET = "met"
OPEN = "open"
OUT_OF_REACH = "out of reach"
LONGEST_SEARCH = 500
"""How many sets of answers are tried before a level is left open without an example."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one answer must be."""

    name: str
    words: str
    """The input as a reader calls it."""
    must_be: str
    """The answers that will do, in words."""

    def sentence(self) -> str:
        """The need in a few words."""
        return said("%(what)s: %(must_be)s.", what=f"{self.words[:1].upper()}{self.words[1:]}", must_be=self.must_be)

    def to_dict(self) -> dict[str, str]:
        """The need as plain values."""
        return {"name": self.name, "words": self.words, "must_be": self.must_be}


@dataclass(frozen=True, slots=True)
class Prospect:
    """One level, and how a design stands to it."""

    level: str
    word: str
    standing: str
    """`met` (whatever is still open), `open` or `out of reach`; each for this level or a higher one."""
    needs: tuple[Need, ...]
    """For an open level: what each answer not yet given must be. Any other answer rules the level out."""
    instead: tuple[Need, ...]
    """For a level out of reach: answers already given that would have to be different, and what instead."""
    example: Mapping[str, Value]
    """For an open level: answers to what is not yet given that together reach it; empty where none was found."""

    def summary(self) -> str:
        """The level's standing in a few sentences."""
        asked = " ".join(need.sentence() for need in self.needs or self.instead)
        if self.standing == MET:
            return f"{self.word}: met, whatever is still open."
        if self.standing == OPEN:
            return f"{self.word}: open. {asked or 'No single answer rules it out, but all must be known.'}"
        return f"{self.word}: out of reach. {'To reach it, change: ' + asked if asked else 'No other answer was found that would help.'}"

    def to_dict(self) -> dict[str, Any]:
        """The prospect as plain values."""
        return {
            "level": self.level,
            "word": self.word,
            "standing": self.standing,
            "needs": [need.to_dict() for need in self.needs],
            "instead": [need.to_dict() for need in self.instead],
            "example": dict(self.example),
        }


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What a design could come to by one scheme, level by level, from the top."""

    scheme: Scheme = field(repr=False)
    outcome: Outcome
    """What the answers given so far come to by themselves."""
    unanswered: tuple[str, ...]
    """Inputs not yet given that could still bear on the level."""
    prospects: tuple[Prospect, ...]

    def summary(self) -> str:
        """Every level's standing, and a warning that this is no rating."""
        said = " ".join(prospect.summary() for prospect in self.prospects)
        return f"{said} This is a check of a plan by its maker, not a rating ({self.scheme.title}, {self.scheme.standing})."

    def to_dict(self) -> dict[str, Any]:
        """The check as plain values."""
        return {
            "scheme": self.scheme.to_dict(),
            "level": self.outcome.level,
            "unanswered": list(self.unanswered),
            "prospects": [prospect.to_dict() for prospect in self.prospects],
            "would_change": [change.to_dict() for change in self.outcome.would_change],
        }


def self_check(scheme: Scheme, answers: Mapping[str, object]) -> SelfCheck:
    """What a planned design would need for each level of a scheme, from the answers that are already sure.

    Inputs that a scheme treats as optional count as left out until they are given. Raises InputError as `evaluate` does,
    and for a scheme whose levels do not stand on a ladder.
    """
    if not scheme.ladder:
        raise InputError(
            said(
                "%(title)s: its levels are in no order from bad to good, so no plan can aim for one.",
                title=scheme.title,
            )
        )
    outcome = evaluate(scheme, answers)
    plan = _Plan(scheme, dict(outcome.told.values))
    prospects = tuple(plan.prospect(level) for level in reversed(scheme.ladder))
    return SelfCheck(scheme, outcome, tuple(plan.free), prospects)


class _Plan:
    """Answers that are sure, and the questions they leave."""

    def __init__(self, scheme: Scheme, given: dict[str, Value]) -> None:
        self.scheme = scheme
        self.given = given
        self.pairs = compared(scheme)
        self.alike = options(scheme, given)
        self.leaves = optional(scheme)
        self.free = self._free(given)

    def prospect(self, level: str) -> Prospect:
        aim = frozenset(self.scheme.ladder[self.scheme.ladder.index(level) :])
        word = self.scheme.word(level)
        if possible(self.scheme, self.given) <= aim:
            return Prospect(level, word, MET, (), (), {})
        example = self._example(self.given, aim)
        if example is None:
            return Prospect(level, word, OUT_OF_REACH, (), self._instead(aim), {})
        return Prospect(level, word, OPEN, self._needs(self.given, self.free, aim), (), example)

    def _free(self, given: Values) -> list[str]:
        """The inputs not given and not optional that a rule, not settled without them, asks for."""
        moving = [rule.when for rule in self.scheme.rules if rule.moves and rule.when.holds(given) is None]
        asked = {name for when in moving for name in when.names()} - set(given) - self.leaves
        return [name for name in self.scheme.inputs if name in asked]

    def _options(self, given: Values) -> dict[str, tuple[Option, ...]]:
        """The kinds of answer to each question; what is given matters where inputs are compared with each other."""
        return options(self.scheme, given) if self.pairs else self.alike

    def _needs(self, given: Values, names: Iterable[str], aim: frozenset[str]) -> tuple[Need, ...]:
        """The limits on each answer; an input whose every answer will do is left out."""
        needs = []
        for name in names:
            every = self._options(given)[name]
            allowed = tuple(option for option in every if self._example({**given, name: option.value}, aim) is not None)
            if 0 < len(allowed) < len(every):
                declared = self.scheme.inputs[name]
                words = declared.words.removeprefix("a judgement of ")
                needs.append(Need(name, words, in_words(declared, every, allowed)))
        return tuple(needs)

    def _instead(self, aim: frozenset[str]) -> tuple[Need, ...]:
        """The answers given that stand in the way, and what they would have to be; the first are kept first."""
        kept: dict[str, Value] = {}
        blocked = []
        for name in self.scheme.inputs:
            if name in self.given:
                tried = {**kept, name: self.given[name]}
                if self._example(tried, aim) is None:
                    blocked.append(name)
                else:
                    kept = tried
        return self._needs(kept, blocked, aim)

    def _example(self, given: Values, aim: frozenset[str]) -> dict[str, Value] | None:
        """Further answers that reach the aim: empty where none was found in time, None where there are none."""
        if contradiction(self.scheme, given) or not possible(self.scheme, given) & aim:
            return None
        left = [LONGEST_SEARCH]
        free = self._free(given)
        asked = {name: alike for name, alike in self._options(given).items() if alike and name in free}
        found = self._search(dict(given), list(asked.items()), aim, left)
        if found is not None and possible(self.scheme, found) <= aim:
            return self._bare({name: value for name, value in found.items() if name not in given}, given, aim)
        tied = any(one in free and other in free for one, other in self.pairs)
        return None if found is None and left[0] > 0 and not tied else {}

    def _search(
        self,
        values: dict[str, Value],
        asked: list[tuple[str, tuple[Option, ...]]],
        aim: frozenset[str],
        left: list[int],
    ) -> dict[str, Value] | None:
        """Answers to every question asked, in turn, that leave the aim possible; None where there are none."""
        left[0] -= 1
        if left[0] <= 0 or contradiction(self.scheme, values) or not possible(self.scheme, values) & aim:
            return None
        if not asked:
            return values
        name, alike = asked[0]
        for option in alike:
            found = self._search({**values, name: option.value}, asked[1:], aim, left)
            if found is not None:
                return found
        return None

    def _bare(self, found: dict[str, Value], given: Values, aim: frozenset[str]) -> dict[str, Value]:
        """What is left of the answers found when those that make no difference are taken away."""
        for name in list(found)[::-1]:
            rest = {other: value for other, value in found.items() if other != name}
            if possible(self.scheme, {**given, **rest}) <= aim:
                found = rest
        return found
