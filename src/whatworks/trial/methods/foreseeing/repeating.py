"""Would a definitive trial find again what a pilot seemed to show? The predictive power, for the record of the decision to go on.

Three answers, each with what it takes for granted: that the pilot is exactly right; that nothing was known before it (a flat prior);
that large effects are rare (a sceptical prior centred on no effect). Closed forms for normal estimates: Spiegelhalter, Freedman and
Parmar (1994), doi 10.2307/2983527; Goodman (1992), doi 10.1002/sim.4780110705.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result

BEYOND = 0.05  # a sceptic's chance that the truth lies beyond the effect that was planned for


@dataclass(frozen=True, slots=True)
class Repeated(Result):
    """The chance that a definitive trial refuses no effect on the pilot's side. `if_right`: where the pilot's estimate is the truth;
    `flat`, `sceptical`: averaged over what the truth may be, given the pilot and either prior; `sceptic_sd`: of the sceptical prior;
    `shrunk`, `wrong_side`: the effect that a sceptic expects after the pilot, and the chance that the truth lies on the other side.
    """

    estimate: float
    se: float
    next_se: float
    alpha: float
    if_right: float
    flat: float
    sceptical: float
    sceptic_sd: float
    shrunk: float
    wrong_side: float


def repeated(
    estimate: float, se: float, next_se: float, *, alpha: float = 0.05, planned: float | None = None
) -> Repeated:
    """The chance that a pilot's signal is found again, two-sided at `alpha` and on the same side, all on one scale (ratios: logarithms).

    `planned`: the effect that the definitive trial is sized for, from which the sceptical prior is made (its chance to be exceeded is
    `BEYOND`); without it, what a trial of `next_se` finds with power .8. Raises InputError for what cannot be.
    """
    if not (se > 0 and next_se > 0 and math.isfinite(se + next_se + estimate)):
        raise InputError(
            said("Give an estimate, and standard errors above nought for the pilot and for the next trial.")
        )
    if not 0 < alpha < 1:
        raise InputError(said("An alpha of %(alpha)s cannot be; give a share such as 0.05.", alpha=alpha))
    size, reach = abs(estimate), float(norm.isf(alpha / 2))
    goal = abs(planned) if planned else (reach + float(norm.ppf(0.8))) * next_se
    sceptic = goal / float(norm.isf(BEYOND))
    kept = sceptic**2 / (sceptic**2 + se**2)
    shrunk, left = kept * size, math.sqrt(kept) * se
    return Repeated(
        estimate=estimate, se=se, next_se=next_se, alpha=alpha, if_right=_found(size, 0.0, next_se, reach),
        flat=_found(size, se, next_se, reach), sceptical=_found(shrunk, left, next_se, reach), sceptic_sd=sceptic,
        shrunk=math.copysign(shrunk, estimate), wrong_side=float(norm.cdf(-shrunk / left)),
    )  # fmt: skip


def _found(mean: float, sd: float, next_se: float, reach: float) -> float:
    """The chance of an estimate beyond its critical value, the truth being normal with this mean and standard deviation."""
    return float(norm.cdf((mean - reach * next_se) / math.hypot(sd, next_se)))


def in_words(one: Repeated) -> tuple[Said, ...]:
    """For the record: what to expect of a definitive trial after such a pilot, out of 100."""
    return (
        said(
            "After a pilot like this one, about %(flat)s of 100 definitive trials would find an effect on the same side, if nothing was "
            "known beforehand; about %(sceptical)s of 100 where large effects are taken to be rare, as they mostly are.",
            flat=round(100 * one.flat), sceptical=round(100 * one.sceptical),
        ),
        said(
            "Taking the pilot's estimate for the truth would promise %(promised)s of 100: too many, because a pilot that is followed up "
            "was picked for looking good.",
            promised=round(100 * one.if_right),
        )
        if one.if_right > one.sceptical
        else said(
            "Taking the pilot's estimate for the truth would promise %(promised)s of 100.", promised=round(100 * one.if_right)
        ),
        said(
            "To a sceptic the chance that the true effect lies on the other side is %(wrong)s of 100.",
            wrong=round(100 * one.wrong_side),
        ),
    )  # fmt: skip
