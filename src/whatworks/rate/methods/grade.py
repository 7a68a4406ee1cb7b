"""Reads published GRADE judgements and says where their own arithmetic does not give the published certainty.

It finds such rows and hands them to a person; it never mends them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said

from .engine import evaluate
from .inputs import Judged
from .scheme import Scheme

LOWERING = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
RAISING = ("large_effect", "dose_response", "opposing_confounding")
_MOVE = re.compile(r"\b(down|up)(?:grad|rat)(?:e|ed|ing)\s+(?:by\s+)?(\d+|one|two|three)\s+levels?\b", re.IGNORECASE)
_STAYS = re.compile(r"\bno (?:change|downgrade|upgrade)\b|\bnot (?:downgraded|upgraded|serious)\b", re.IGNORECASE)
_COUNTS = {"one": 1, "two": 2, "three": 3}


def levels_moved(text: str) -> int:
    """How far a published reason moves certainty: below 0 for `downgrade 2 levels`, 0 for `no change`.

    Raises InputError where the text does not say, or says two things.
    """
    moves = [(way.lower(), count.lower()) for way, count in _MOVE.findall(text)]
    if len(moves) == 1 and not _STAYS.search(text):
        way, count = moves[0]
        steps = _COUNTS.get(count) or int(count)
        return -steps if way == "down" else steps
    if not moves and _STAYS.search(text):
        return 0
    raise InputError(
        said("This judgement does not say plainly how many levels it moves: '%(text)s'.", text=text.strip())
    )


def judgements(reasons: Mapping[str, str], by: str) -> dict[str, Judged]:
    """The recorded judgements of one outcome, from its published reasons by name (those of LOWERING and RAISING).

    Raises InputError for a name that is none of them, or a reason that moves certainty the wrong way.
    """
    judged = {}
    for name, text in reasons.items():
        if name not in LOWERING + RAISING:
            raise InputError(
                said(
                    "'%(name)s' is no GRADE reason; there are %(lowering)s.",
                    name=name,
                    lowering=", ".join(LOWERING + RAISING),
                )
            )
        steps = levels_moved(text) * (-1 if name in LOWERING else 1)
        if steps < 0:
            raise InputError(
                said("'%(name)s' moves certainty the wrong way: '%(text)s'.", name=name, text=text.strip())
            )
        judged[name] = Judged(steps, by, text.strip())
    return judged


@dataclass(frozen=True, slots=True)
class Published:
    """One outcome as published: its reasons by name, and the certainty printed for it."""

    outcome: str
    start: str
    reasons: Mapping[str, str]
    certainty: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An outcome whose printed certainty does not follow from its own printed reasons."""

    outcome: str
    published: str
    computed: str

    def summary(self) -> str:
        """The disagreement in one sentence."""
        return f"{self.outcome}: published as {self.published}, but its own reasons give {self.computed}."


def disagreements(scheme: Scheme, rows: Iterable[Published], by: str) -> tuple[Disagreement, ...]:
    """The rows whose reasons, added up by the scheme, do not give the certainty that was printed."""
    found = []
    for row in rows:
        outcome = evaluate(scheme, {"start": row.start, **judgements(row.reasons, by)})
        if outcome.word.casefold() != row.certainty.strip().casefold():
            found.append(Disagreement(row.outcome, row.certainty.strip(), outcome.word))
    return tuple(found)
