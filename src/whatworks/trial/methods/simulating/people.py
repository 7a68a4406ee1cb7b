"""Simulated trials of people drawn one by one: a t test of means, and a z test of shares."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, Design
from whatworks.trial.methods.simulating.batched import Tested
from whatworks.trial.methods.sizing.assuming import allocated, compared, control_rate, covariates, other_rate


def people_tested(design: Design, people: int, effect: float, sets: int, rng: np.random.Generator) -> Tested:
    """So many sets of outcomes of `people` in all, each tested. Raises InputError for outcomes and blocks that are not simulated."""
    if design.design.outcome not in (CONTINUOUS, BINARY) or design.size.blocks:
        raise InputError(said("Trials of people are simulated with a continuous or binary outcome and without blocks."))
    share = allocated(design)
    treated = round(people * compared(design) * share)
    usual = round(people * compared(design)) - treated
    if design.design.outcome == BINARY:
        rates = control_rate(design), other_rate(design, effect) if effect else control_rate(design)
        return _shares(rng.binomial(usual, rates[0], sets), rng.binomial(treated, rates[1], sets), usual, treated)
    variance = design.size.sd**2 * (1 - design.size.r2_1)
    estimate = effect + rng.standard_normal(sets) * np.sqrt(variance * (1 / usual + 1 / treated))
    df = usual + treated - 2 - covariates(design)
    spread = variance * rng.chisquare(df, sets) / df
    t = estimate / np.sqrt(spread * (1 / usual + 1 / treated))
    return Tested(estimate, 2 * students_t.sf(np.abs(t), df))


def _shares(one: np.ndarray, other: np.ndarray, usual: int, treated: int) -> Tested:
    middle = (one + other) / (usual + treated)
    apart = other / treated - one / usual
    with np.errstate(divide="ignore", invalid="ignore"):
        z = apart / np.sqrt(middle * (1 - middle) * (1 / usual + 1 / treated))
    return Tested(apart, np.where((middle > 0) & (middle < 1), 2 * norm.sf(np.abs(z)), np.nan))
