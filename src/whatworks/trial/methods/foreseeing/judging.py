"""Would one more trial change how strong the evidence is called? A scheme's rules asked again, with the inputs a trial would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.rate.methods.engine import evaluate
from whatworks.rate.methods.reach import possible
from whatworks.rate.methods.scheme import Scheme
from whatworks.stats.results import Result

RANDOMISED, LOW_RISK = "studies_randomised", "studies_randomised_low_risk"


@dataclass(frozen=True, slots=True)
class Level(Result):
    """What the rules give: the level's word, empty where people must judge first; then `reach` holds what is possible, lowest first."""

    word: str
    reach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Strength(Result):
    """The level as it stands, with one more randomised trial, and with one more that is judged at low risk of bias."""

    now: Level
    with_trial: Level
    with_low_risk: Level
    randomised: int
    low_risk: int

    @property
    def changes(self) -> bool:
        """Whether either would be another level, or open other levels."""
        return not self.now == self.with_trial == self.with_low_risk


def strength(scheme: Scheme, inputs: Mapping[str, Any]) -> Strength:
    """A scheme that counts randomised studies, asked with its inputs as held and as they would be. Raises InputError as `evaluate`."""
    many, low = int(inputs.get(RANDOMISED) or 0), int(inputs.get(LOW_RISK) or 0)
    more = {**inputs, RANDOMISED: many + 1, LOW_RISK: low}
    return Strength(
        _level(scheme, inputs), _level(scheme, more), _level(scheme, {**more, LOW_RISK: low + 1}), many, low
    )


def _level(scheme: Scheme, inputs: Mapping[str, Any]) -> Level:
    found = evaluate(scheme, inputs)
    if found.level is not None and not found.missing:
        return Level(found.word, (found.word,))
    reach = possible(scheme, found.told.values)
    return Level("", tuple(scheme.word(key) for key in scheme.levels if key in reach))
