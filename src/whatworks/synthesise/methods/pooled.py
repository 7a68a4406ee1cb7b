"""A pooled result: its numbers, how they were made, and how it tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from whatworks.stats.chart import Chart
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.direction import Band, Limits, State, defensible
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.prediction import Mean, Prediction
from whatworks.synthesise.methods.weighing import Floats

Model = Literal["random", "common"]
Interval = Literal["wald", "t", "hksj", "hksj-adhoc", "hksj-wider", "hksj-plain", "hksj-truncated"]
Tau2Interval = Literal["qp", "pl"]
SAME: dict[str, Interval] = {"hksj-plain": "hksj", "hksj-truncated": "hksj-adhoc"}  # the literature's other names
WORDS = (
    ("model", Model),
    ("tau2", Estimator),
    ("interval", Interval),
    ("prediction", Prediction),
    ("stop", Stop),
)


@dataclass(frozen=True, slots=True)
class Method(Result):
    """How a result was made. model: one true effect (common) or a distribution of them (random); tau2: estimator."""

    model: Model = "random"
    tau2: Estimator = "REML"
    interval: Interval = "wald"
    prediction: Prediction = "metafor"
    level: float = 0.95
    stop: Stop = "converged"

    def __post_init__(self) -> None:
        check_level(self.level)
        for name, words in WORDS:
            check_word(name, getattr(self, name), get_args(words))


class Given(NamedTuple):
    """What was pooled, kept with the result. mean: the uncertainty of the mean, in every form."""

    yi: Floats
    vi: Floats
    names: tuple[str, ...] | None
    mean: Mean
    safe: bool


@dataclass(frozen=True, slots=True)
class Pooled(Told):
    """What k studies say together, on the scale of the effects given (logarithm for ratios). None: cannot be known.

    estimate, se, statistic (z, or t with df), p, ci_low, ci_high: the mean of the true effects. tau2 with its interval
    (tau2_interval: Q-profile or profile likelihood): the variance of the true effects; i2: per cent of the variation that
    is not chance; h2 = 1 / (1 - i2). q, q_df, q_p: the test that all true effects are equal. pi_low, pi_high: where the
    true effect in a new setting like these may lie. loglik: the restricted one under REML, else the full one. weights: per
    cent, in the order given. state: the direction, if all of `intervals` agree on it. band: effects too small to be
    worthwhile, as set beforehand, with the source.
    """

    k: int
    estimate: float
    se: float
    statistic: float | None
    df: int | None
    p: float | None
    ci_low: float
    ci_high: float
    tau2: float | None
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    pi_low: float | None
    pi_high: float | None
    loglik: float
    weights: tuple[float, ...]
    method: Method
    warnings: tuple[str, ...]
    tau2_interval: Tau2Interval
    state: State
    band: Band | None
    given: Given = kept()

    @property
    def intervals(self) -> dict[str, Limits]:
        """The intervals of the mean that could be defended (Wald, t, Hartung-Knapp), by name."""
        common = self.method.model == "common"
        return defensible(self.estimate, self.given.mean, self.k, self.method.level, common)

    def summary(self) -> str:
        """The result in one sentence of numbers."""
        level = f"{100 * self.method.level:g}% interval"
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        text = f"{studies}: {self.estimate:.4g} ({level} {self.ci_low:.4g} to {self.ci_high:.4g})"
        if self.tau2 is not None and self.i2 is not None:
            text += f"; tau2 {self.tau2:.4g}, I2 {self.i2:.0f}%"
        if self.pi_low is not None and self.pi_high is not None:
            text += f"; a new setting {self.pi_low:.4g} to {self.pi_high:.4g}"
        return text + "."

    def report(self) -> str:
        """Methods and results as a paragraph, each choice with its reference."""
        from whatworks.synthesise.methods.reporting import pooled_report

        return pooled_report(self)

    def chart(
        self,
        *,
        groups: Sequence[str] | None = None,
        risk: Mapping[str, Sequence[str]] | None = None,
        ratio: bool = False,
        label: str = "effect",
    ) -> Chart:
        """The forest plot. groups: a subgroup for each study, each pooled by the same method under its studies.

        risk: for each domain, a judgement for each study (low, some, high, unclear). ratio: effects are logarithms, and
        the axis shows ratios.
        """
        from whatworks.synthesise.methods.forest import pooled_forest

        return pooled_forest(self, groups, risk or {}, ratio, label)

    def r_script(self) -> str:
        """The same analysis for R's metafor, with its data in it; it ends by printing its numbers by name."""
        from whatworks.synthesise.methods.r_script import script_with_data

        yi, vi, names, *_ = self.given
        return script_with_data(self.method.to_dict(), yi.tolist(), vi.tolist(), names, self.tau2_interval.upper())

    @property
    def recipe(self) -> Recipe:
        """Enough to pool again."""
        yi, vi, names, _, safe = self.given
        rest = {"tau2_interval": self.tau2_interval, "band": self.band, "safe": safe}
        return recipe("pool", {"yi": yi.tolist(), "vi": vi.tolist(), "names": names, **self.method.to_dict(), **rest})
