"""How effects from the same people hang together: several outcomes, several times, or both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Floats
from whatworks.extract.methods.sharing import checked
from whatworks.saying import said


def correlation(given: ArrayLike, k: int, name: str) -> Floats:
    """A correlation for every pair, from one number or a k by k matrix; InputError outside -1 to 1."""
    r = np.array(np.broadcast_to(np.asarray(given, dtype=float), (k, k)))
    if not (np.abs(r) <= 1).all():
        raise InputError(said("%(name)s holds a correlation outside -1 to 1.", name=name))
    np.fill_diagonal(r, 1.0)
    if not np.allclose(r, r.T, rtol=0, atol=1e-12):
        raise InputError(said("%(name)s must be the same whichever way round two outcomes are taken.", name=name))
    return r


def covariance_of_smds(yi: ArrayLike, n1: float, n2: float, r: ArrayLike) -> Floats:
    """The covariance matrix of standardised differences of several outcomes in the same two groups (k by k).

    yi: k effects; n1, n2: people in the groups; r: correlation of the outcomes, one number or k by k. Covariance
    r (1/n1 + 1/n2) + r^2 y_i y_j / (2 (n1 + n2)). Source: Gleser and Olkin (2009), equation 19.27. Raises InputError.
    """
    effects = np.atleast_1d(np.asarray(yi, dtype=float))
    if not (n1 > 0 and n2 > 0):
        raise InputError(
            said("Groups of %(n1)s and %(n2)s people have no standardised difference.", n1=f"{n1:g}", n2=f"{n2:g}")
        )
    rho = correlation(r, effects.size, "r")
    return checked(rho * (1 / n1 + 1 / n2) + rho**2 * np.outer(effects, effects) / (2 * (n1 + n2)))


def covariance_of_log_ratios(vi: ArrayLike, r: ArrayLike) -> Floats:
    """The covariance matrix r sqrt(v_i v_j) of effects of several outcomes in the same people (k by k).

    vi: k sampling variances; r: correlation of the outcomes, one number or k by k. For ratios and any other effect
    whose own formula is not at hand. Source: Cochrane Handbook 10.10.4; Wei and Higgins (2013), Statistics in Medicine
    32(7), 1191-1205. Raises InputError.
    """
    se = spread(vi)
    return checked(correlation(r, se.size, "r") * np.outer(se, se))


def spread(vi: ArrayLike) -> Floats:
    """The standard errors of sampling variances; InputError where one is negative or missing."""
    variances = np.atleast_1d(np.asarray(vi, dtype=float))
    if variances.ndim != 1 or not (np.isfinite(variances) & (variances >= 0)).all():
        raise InputError(said("A sampling variance is missing or below 0; mend it or leave the row out."))
    return np.asarray(np.sqrt(variances))


def sampling_covariance(
    vi: ArrayLike,
    group: Sequence[Any],
    r: float,
    *,
    outcome: Sequence[Any] | None = None,
    time: ArrayLike | None = None,
    phi: float | None = None,
) -> Floats:
    """The covariance matrix of all effects of a review (k by k): none between groups of people, r within them.

    vi: k sampling variances; group: which people each effect is of (such as the study); r: the correlation of two
    outcomes of the same people at the same time. With time and phi: two times d apart of the same outcome correlate
    phi^d, and two outcomes at different times r phi^d. outcome: what each effect measures; needed with time. Raises InputError.
    Source: Wei and Higgins (2013); Viechtbauer (2010), the same structure as metafor's vcalc.
    """
    se = spread(vi)
    if len(group) != se.size:
        raise InputError(
            said("There are %(size)s effects but %(count)s groups; give one for each.", size=se.size, count=len(group))
        )
    if not -1 <= r <= 1:
        raise InputError(said("The correlation r = %(r)s lies outside -1 to 1.", r=f"{r:g}"))
    _, people = np.unique([str(one) for one in group], return_inverse=True)
    same_people = people[:, None] == people[None, :]
    rho = np.where(same_people, r, 0.0)
    if time is not None:
        rho = np.where(same_people, _over_time(se.size, r, outcome, time, phi), 0.0)
    np.fill_diagonal(rho, 1.0)
    return checked(rho * np.outer(se, se))


def _over_time(k: int, r: float, outcome: Sequence[Any] | None, time: ArrayLike, phi: float | None) -> Floats:
    when = np.asarray(time, dtype=float)
    if outcome is None or phi is None or len(outcome) != k or when.shape != (k,) or not np.isfinite(when).all():
        raise InputError(
            said("Several times need, for each effect, its outcome and its time, and the correlation phi.")
        )
    if not 0 <= phi < 1:
        raise InputError(
            said("The correlation phi = %(phi)s of one time apart must lie from 0 to below 1.", phi=f"{phi:g}")
        )
    _, what = np.unique([str(one) for one in outcome], return_inverse=True)
    apart = np.abs(when[:, None] - when[None, :])
    return np.asarray(np.where(what[:, None] == what[None, :], 1.0, r) * phi**apart)
