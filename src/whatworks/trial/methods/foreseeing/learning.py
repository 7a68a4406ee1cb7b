"""What would one more trial do to our answer? The next pooled result foreseen, and what it is worth to know more.

Normal throughout, and the variance between studies is taken to stay what it is: a new trial's true effect is one more of those that
were pooled, N(mu, tau2), its estimate has a standard error of its own, and all are weighed by their precision. Of mu is believed what
the interval of the pooled result says. What is foreseen can be checked by drawing it; the expected values are those of the unit normal
loss integral (Raiffa and Schlaifer 1961; Wilson 2015, doi 10.1007/s40273-014-0219-x).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result

FEW = 5  # studies, below which the variance between them is hardly known


@dataclass(frozen=True, slots=True)
class Standing(Result):
    """A pooled result as it stands, on its analysis scale with no effect at nought. `by_t`: whether its interval is by t, k - 1."""

    estimate: float
    se: float
    tau2: float
    studies: int
    low: float
    high: float
    by_t: bool = False

    @property
    def doubt(self) -> float:
        """What is believed of the mean effect, as a standard deviation: the normal law with the range of the interval.

        With few studies an interval by t is wider than its standard error says, and so is what may be believed.
        """
        return float((self.high - self.low) / (2 * norm.isf(0.025)))


@dataclass(frozen=True, slots=True)
class Next(Result):
    """The next pooled result as it can be foreseen. `se`: of it; `spread`: standard deviation of where its estimate will lie;
    `below`, `above`: the chance that its interval lies wholly there; `clear_now`: whether today's lies on one side of no effect;
    `changes`: the chance that this is no longer so; `flips`: that the estimate changes sides; `wrong_now`: that the mean effect lies on
    the other side than today's estimate; `worth_all`, `worth_trial`: expected value of knowing the mean effect exactly, and of this
    trial, in units of the effect for each one who is offered it or not.
    """

    se: float
    spread: float
    below: float
    above: float
    clear_now: bool
    changes: float
    flips: float
    wrong_now: float
    worth_all: float
    worth_trial: float
    warnings: tuple[Said, ...] = field(default=())


def foresee(standing: Standing, trial_se: float) -> Next:
    """The next pooled result, given the one that stands and the standard error of a trial to come, on the same scale.

    Raises InputError for errors that are not above nought, or a variance below it.
    """
    if not (standing.se > 0 and trial_se > 0 and standing.tau2 >= 0 and standing.studies >= 1):
        raise InputError(
            said(
                "Give standard errors above nought for the pooled result and for the trial, and a variance of nought or more."
            )
        )
    doubt, old, new = standing.doubt, standing.se**-2, 1 / (standing.tau2 + trial_se**2)
    drawn = math.hypot(doubt, math.sqrt(1 / new))  # where the estimate of the trial will lie
    after, spread = (old + new) ** -0.5, drawn * new / (old + new)
    reach, far = after * _multiple(standing), abs(standing.estimate)
    above, below = (
        float(norm.sf((reach - standing.estimate) / spread)),
        float(norm.cdf((-reach - standing.estimate) / spread)),
    )
    clear, learnt = standing.low > 0 or standing.high < 0, doubt**2 / drawn
    return Next(
        se=after, spread=spread, below=below, above=above, clear_now=clear,
        changes=1 - above - below if clear else above + below, flips=float(norm.cdf(-far / spread)),
        wrong_now=float(norm.cdf(-far / doubt)), worth_all=doubt * unit_loss(far / doubt),
        worth_trial=learnt * unit_loss(far / learnt), warnings=_cautions(standing),
    )  # fmt: skip


def unit_loss(far: float) -> float:
    """The unit normal loss integral: the mean of how far a standard normal value lies above `far`, nought where it lies below."""
    return float(norm.pdf(far) - far * norm.sf(far))


def _multiple(standing: Standing) -> float:
    return float(students_t.isf(0.025, standing.studies) if standing.by_t else norm.isf(0.025))


def _cautions(standing: Standing) -> tuple[Said, ...]:
    if standing.studies == 1:
        return (
            said(
                "One study cannot show how much effects vary between places; they are taken not to vary, which promises too much of "
                "another trial."
            ),
        )
    if standing.studies < FEW:
        return (
            said(
                "From %(n)s studies it is hardly known how much effects vary between places; all of this is a rough guide.",
                n=standing.studies,
            ),
        )
    return ()
