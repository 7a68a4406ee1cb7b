"""A posterior as a result: its numbers, what was held before, and how it tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from whatworks.stats.chart import Chart
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.forest import Row, forest
from whatworks.synthesise.methods.reporting import reach
from whatworks.synthesise.methods.weighing import Floats

Kind = Literal["shortest", "central"]
QUADRATURE = "Roever C (2020). Journal of Statistical Software 93(6), 1-51."
WEAKLY = "Roever C et al. (2021). Research Synthesis Methods 12(4), 448-474."


@dataclass(frozen=True, slots=True)
class Known(Result):
    """One quantity after the studies: mean and sd (None where they do not exist), median, interval."""

    mean: float | None
    median: float
    sd: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Shrunk(Result):
    """A study's own true effect, drawn towards the mean: as reported, and after the others."""

    name: str
    yi: float
    mean: float
    sd: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sensitive(Result):
    """The answer under another prior of tau."""

    prior: str
    mean: float
    low: float
    high: float
    tau: float
    p_above: float
    new_low: float
    new_high: float


class GivenBayes(NamedTuple):
    """What was pooled, kept with the result."""

    yi: Floats
    vi: Floats
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PooledBayes(Told):
    """What k studies and a prior say together, on the scale of the effects given (logarithm for ratios).

    effect: the mean of true effects; tau: their sd; new: the true effect in a new setting like these (None below three
    studies). threshold, p_above, p_new_above: the chance that the mean, and that a new setting, lies above the threshold.
    shrunk: each study's own effect. log_marginal: the logarithm of the chance of the data, where both priors are proper.
    against_zero, against_homogeneity: Bayes factors for a mean of 0 and for tau = 0 (above 1: the data favour it); None
    where the priors do not define them. mu_prior: (mean, sd) or None for flat.
    """

    k: int
    effect: Known
    tau: Known
    new: Known | None
    threshold: float
    p_above: float
    p_new_above: float | None
    shrunk: tuple[Shrunk, ...]
    log_marginal: float | None
    against_zero: float | None
    against_homogeneity: float | None
    prior: str
    mu_prior: tuple[float, float] | None
    level: float
    interval: Kind
    warnings: tuple[str, ...]
    given: GivenBayes = kept()

    def summary(self) -> str:
        """The result in one sentence of numbers."""
        level, one = f"{100 * self.level:g}% credible interval", self.effect
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        text = f"{studies} and the prior {self.prior}: {_said(one)} ({level} {reach(one.low, one.high)}); "
        text += f"tau {self.tau.median:.3g} ({reach(self.tau.low, self.tau.high)}); "
        text += f"chance of an effect above {self.threshold:g}: {100 * self.p_above:.1f}%"
        return text + ("." if self.new is None else f"; a new setting {reach(self.new.low, self.new.high)}.")

    def report(self) -> str:
        """Methods and results as a paragraph, with references."""
        flat = "a flat prior"
        prior = (
            flat if self.mu_prior is None else f"a normal prior (mean {self.mu_prior[0]:g}, sd {self.mu_prior[1]:g})"
        )
        lines = [
            f"Effects of {self.k} studies were pooled with a Bayesian normal-normal random-effects model, with {prior} of the "
            f"mean and {self.prior} as the prior of tau; posteriors were computed by quadrature, without sampling.",
            f"Intervals are {self.interval} {100 * self.level:g}% credible intervals.",
            self.summary(),
        ]
        if self.against_homogeneity is not None:
            lines.append(f"The Bayes factor for no heterogeneity is {self.against_homogeneity:.3g}.")
        if self.against_zero is not None:
            lines.append(f"The Bayes factor for a mean of 0 is {self.against_zero:.3g}.")
        return paragraph([*lines, *self.warnings], (QUADRATURE, WEAKLY))

    def chart(self, *, ratio: bool = False, label: str = "effect") -> Chart:
        """The forest plot: each study as reported, and drawn towards the mean; the posterior mean; a new setting."""
        rows = []
        for one, y, v in zip(self.shrunk, self.given.yi.tolist(), self.given.vi.tolist(), strict=True):
            off = 1.959963984540054 * v**0.5
            rows.append(Row(one.name, y, y - off, y + off, None))
            rows.append(Row("  after the others", one.mean, one.low, one.high, None, "accent"))
        centre = self.effect.median if self.effect.mean is None else self.effect.mean
        rows.append(Row("Mean of true effects", centre, self.effect.low, self.effect.high, None, "total"))
        if self.new is not None:
            rows.append(Row("A new setting", None, self.new.low, self.new.high, None, "prediction"))
        note = "Each study as reported (95% interval), and its true effect given all studies; the diamond is the posterior mean."
        return forest(f"Forest plot: {self.summary()}", rows, note, ratio=ratio, label=label)

    def sensitivity(self, priors: Sequence[str] | None = None) -> tuple[Sensitive, ...]:
        """The answer under other priors of tau; by default the named weakly informative ones and DuMouchel's."""
        from whatworks.synthesise.methods.bayes.pooling_bayes import sensitive

        return sensitive(self, priors)

    def r_script(self) -> str:
        """The same analysis for R's bayesmeta where it is installed, and by plain integrals where not."""
        from whatworks.synthesise.methods.bayes.scripts import bayes_script

        return bayes_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to pool again."""
        yi, vi, names = self.given
        rest = {"prior": self.prior, "mu_prior": self.mu_prior, "level": self.level, "interval": self.interval}
        given = {"yi": yi.tolist(), "vi": vi.tolist(), "names": names, "threshold": self.threshold}
        return recipe("pool_bayes", given | rest)


def _said(one: Known) -> str:
    return f"{one.median if one.mean is None else one.mean:.4g}"
