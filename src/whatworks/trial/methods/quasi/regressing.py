"""Regression of shares and counts by iteratively reweighted least squares: what series and propensity scores share.

Canonical links only, so that the curvature is the same expected or observed (McCullagh and Nelder 1989, Generalized Linear Models,
section 2.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.checking import refuse_dependent, refuse_missing

Floats = NDArray[np.float64]
POISSON, BINOMIAL = "poisson", "binomial"
STEPS, EXACT, FAR = 100, 1e-11, 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """`coefficients` (p,) with their `covariance` (p, p) as if the family held; fitted `mean` (rows,), its slope `weight` (rows,) in
    the predictor, which is also the variance by the family; Pearson's `dispersion`.
    """

    x: Floats
    y: Floats
    coefficients: Floats
    covariance: Floats
    mean: Floats
    weight: Floats

    @property
    def freedom(self) -> int:
        """Rows less coefficients."""
        return int(self.x.shape[0] - self.x.shape[1])

    @property
    def pearson(self) -> Floats:
        """Residuals in units of the family's standard deviation (rows,)."""
        found: Floats = (self.y - self.mean) / np.sqrt(self.weight)
        return found

    @property
    def dispersion(self) -> float:
        """How much more the outcome varies than the family says."""
        return float(self.pearson @ self.pearson) / self.freedom


def regress(x: ArrayLike, y: ArrayLike, family: str, offset: ArrayLike | None = None) -> Regression:
    """Fit counts by log ("poisson") or noughts and ones by logit ("binomial"); `offset` (rows,) is added to the predictor.

    Raises InputError for a design that has no single answer, outcomes that the family cannot have, and where no coefficients are best,
    as when one column tells all noughts from all ones.
    """
    design, outcome = np.asarray(x, float), np.asarray(y, float)
    shift = np.zeros(len(outcome)) if offset is None else np.asarray(offset, float)
    if design.ndim != 2 or not outcome.shape == shift.shape == (len(design),):
        raise InputError(said("The design, the outcome and the offset must have as many rows."))
    refuse_missing(design, outcome, shift)
    refuse_dependent(design)
    if len(outcome) <= design.shape[1]:
        raise InputError(
            said("%(rows)s rows cannot carry %(columns)s coefficients; more rows are needed.",
                 rows=len(outcome), columns=design.shape[1])
        )  # fmt: skip
    if outcome.min() < 0 or (family == BINOMIAL and outcome.max() > 1):
        raise InputError(said("An outcome is below nought, or above one where it must be nought or one."))
    scales = np.sqrt((design**2).mean(axis=0))
    b, mean, weight, information = _found(design / scales, outcome, family, shift)
    covariance = np.linalg.inv(information) / np.outer(scales, scales)
    return Regression(design, outcome, b / scales, covariance, mean, weight)


def _found(x: Floats, y: Floats, family: str, shift: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    start = (y + 0.5) / 2 if family == BINOMIAL else y + 0.1
    eta = np.log(start / (1 - start)) if family == BINOMIAL else np.log(start)
    b = np.zeros(x.shape[1])
    for step in range(STEPS):
        mean = expit(eta) if family == BINOMIAL else np.exp(eta)
        weight = mean * (1 - mean) if family == BINOMIAL else mean
        information = (x * weight[:, None]).T @ x
        try:
            new = np.linalg.solve(information, x.T @ (weight * (eta - shift) + y - mean))
        except np.linalg.LinAlgError:
            break
        eta = x @ new + shift
        if not np.abs(eta - shift).max() < FAR * (1 + np.abs(np.log(start)).max()):
            break
        if step and np.abs(new - b).max() <= EXACT * (1 + np.abs(new).max()):
            return new, mean, weight, information
        b = new
    raise InputError(
        said(
            "No coefficients are best: some column tells apart rows with and without events; leave it out or make it coarser."
        )
    )
