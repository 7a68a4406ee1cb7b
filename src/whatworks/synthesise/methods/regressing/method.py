"""How a regression of effects is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level
from whatworks.stats.results import Result
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop

Model = Literal["random", "common"]
Interval = Literal["wald", "t", "hksj", "hksj-adhoc"]
WORDS = (("model", Model), ("tau2", Estimator), ("interval", Interval), ("stop", Stop))


@dataclass(frozen=True, slots=True)
class Method(Result):
    """model: effects that differ beyond the moderators (random) or not (common); tau2: estimator; interval: of means.

    interval: normal (`wald`), t with studies less coefficients degrees of freedom (`t`), Knapp and Hartung (`hksj`),
    the same never narrower than t (`hksj-adhoc`). stop: REML and ML to the last digits (`converged`), or where metafor
    stops by default, up to 1e-5 of tau2 short (`metafor`).
    """

    model: Model = "random"
    tau2: Estimator = "REML"
    interval: Interval = "wald"
    level: float = 0.95
    stop: Stop = "converged"

    def __post_init__(self) -> None:
        check_level(self.level)
        for name, words in WORDS:
            check_word(name, getattr(self, name), get_args(words))
