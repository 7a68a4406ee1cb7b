"""Interrupted series of means or log rates: least squares with Newey and West's errors, and errors that carry over to the next point.

Errors that carry over are autoregressive of the first order, by restricted maximum likelihood, as nlme's gls with corAR1 has them
(Pinheiro and Bates 2000, Mixed-Effects Models in S and S-PLUS, section 5.3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.checking import refuse_dependent
from whatworks.trial.methods.quasi.regressing import Floats
from whatworks.trial.methods.quasi.series import (
    LEVEL,
    neighbours,
    newey_west,
    refuse_series,
    segments,
    series_warnings,
)

EDGE = 0.999  # errors that carry over more than this have no level of their own


@dataclass(frozen=True, slots=True)
class MeanChange:
    """A change (`what`: "level", or "slope" per unit of time) by least squares with its plain and its Newey-West standard error, and with
    errors that carry over, each with `df` degrees of freedom.
    """

    what: str
    estimate: float
    se: float
    se_lagged: float
    estimate_carried: float
    se_carried: float
    df: int


@dataclass(frozen=True, slots=True, eq=False)
class SeriesOfMeans:
    """The `changes` asked for; `fitted` values by least squares, and those expected `without` the change, (rows,) each; `carried`: the
    share of an error that carries over to the next point; `autocorrelation` of neighbours' residuals, and `p_alike` by Ljung and Box.
    """

    changes: tuple[MeanChange, ...]
    fitted: Floats
    without: Floats
    carried: float
    autocorrelation: float
    p_alike: float
    warnings: tuple[Said, ...]


def series_of_means(
    values: ArrayLike, time: ArrayLike, began: float, *, changes: Sequence[str] = (LEVEL,), waves: int = 0, year: float = 12.0,
    lags: int = 1,
) -> SeriesOfMeans:  # fmt: skip
    """Values (rows,) at equally spaced times (rows,), of which those at `began` and later are after the change.

    The rest as `interrupted_series` has it. Agrees with R's lm, sandwich and nlme. Raises InputError as that does, and for a series
    without any spread.
    """
    y, at = np.asarray(values, float), np.asarray(time, float)
    refuse_series(y, at, began, changes, lags)
    x = segments(at, began, changes, waves, year)
    refuse_dependent(x)
    freedom = len(y) - x.shape[1]
    if freedom < 1:
        raise InputError(
            said("%(rows)s points do not carry %(p)s coefficients; leave waves out.", rows=len(y), p=x.shape[1])
        )
    bread: Floats = np.linalg.inv(x.T @ x).astype(float)
    b = bread @ x.T @ y
    left = y - x @ b
    if not float(left @ left) > 1e-20 * float(y @ y):
        raise InputError(said("The points lie on their lines, so that chance cannot be seen."))
    plain = np.sqrt(np.diag(bread) * float(left @ left) / freedom)
    lagged = np.sqrt(np.diag(newey_west(bread, x * left[:, None], lags)))
    share, carried, errors = carried_over(x, y)
    first, alike = x.shape[1] - len(changes), neighbours(left, lags)
    columns = np.column_stack([b, plain, lagged, carried, errors])[first:].tolist()
    found = tuple(
        MeanChange(what, one, se, wide, other, its, freedom)
        for what, (one, se, wide, other, its) in zip(changes, columns, strict=True)
    )
    without = x @ b - x[:, first:] @ b[first:]
    return SeriesOfMeans(found, x @ b, without, share, *alike, series_warnings(at >= began, alike[1]))


def carried_over(x: Floats, y: Floats) -> tuple[float, Floats, Floats]:
    """The share of an error that carries over, the coefficients, and their standard errors."""

    def at(share: float) -> tuple[float, Floats, Floats]:
        root = math.sqrt(1 - share**2)
        xs, ys = np.vstack([root * x[:1], x[1:] - share * x[:-1]]), np.append(root * y[:1], y[1:] - share * y[:-1])
        bread = np.linalg.inv(xs.T @ xs)
        b = bread @ xs.T @ ys
        rss = float(((ys - xs @ b) ** 2).sum())
        freedom = len(y) - x.shape[1]
        worth = freedom * math.log(rss) - float(np.linalg.slogdet(bread)[1]) - math.log(1 - share**2)
        return worth, b, np.sqrt(np.diag(bread) * rss / freedom)

    grid = np.linspace(-0.95, 0.95, 39)  # the criterion may have two dips: the search starts in the deeper one
    near = float(grid[int(np.argmin([at(float(one))[0] for one in grid]))])
    ends = (max(near - 0.06, -EDGE), min(near + 0.06, EDGE))
    best = minimize_scalar(lambda share: at(float(share))[0], bounds=ends, method="bounded", options={"xatol": 1e-10})
    share = float(best.x)
    return share, *at(share)[1:]
