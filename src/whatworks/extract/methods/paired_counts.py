"""Yes or no in matched pairs, or in the same people before and after. Definitions: metafor 3.8-1's escalc."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.counts import ZERO_ONE, addition
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import Input, formula
from whatworks.saying import said

BOTH = Input("both", said("pairs in which both have the outcome (or: people with it after and before)"), said("pairs"))
FIRST = Input(
    "first", said("pairs in which only the intervention member has it (or: people with it only after)"), said("pairs")
)
SECOND = Input(
    "second", said("pairs in which only the comparison member has it (or: people with it only before)"), said("pairs")
)
NEITHER = Input(
    "neither", said("pairs in which neither has it (or: people without it after and before)"), said("pairs")
)
PAIRS = (BOTH, FIRST, SECOND, NEITHER)
BECKER = "Becker and Balagtas (1993), Psychological Bulletin 113(3), 491-502"
MCNEMAR = "McNemar (1947), Psychometrika 12(2), 153-157; Zou (2007), Statistics in Medicine 26(20), 3743-3755"
CELLS = "~k = added_pairs(zero, both, first, second, neither)"
ADD = ("a = both + k", "b = first + k", "c = second + k", "d = neither + k")


def paired(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> tuple[Floats, ...]:
    """The four cells of the pairs after the rule for empty cells."""
    cells = (both, first, second, neither)
    for cell in cells:
        require(cell >= 0, cell, sentence=said("a number of pairs is below 0"))
    extra = addition(np.logical_or.reduce([cell == 0 for cell in cells]), zero)
    return tuple(cell + extra for cell in cells)


@formula(
    "paired-risk-difference",
    "MPRD",
    (*PAIRS, ZERO_ONE),
    title=said("Difference in risk in matched pairs"),
    source=MCNEMAR,
    steps=(CELLS, *ADD, "n = a + b + c + d", "yi = (b - c) / n", "vi = (b + c) / n^2 - (b - c)^2 / n^3"),
)
def paired_risk_difference(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> Effect:
    """(b - c) / n, b and c the pairs that differ; variance (b + c) / n^2 - (b - c)^2 / n^3"""
    a, b, c, d = paired(both, first, second, neither, zero)
    n = a + b + c + d
    return effect((b - c) / n, (b + c) / n**2 - (b - c) ** 2 / n**3, "MPRD", None, None, n=n)


@formula(
    "paired-log-risk-ratio",
    "MPRR",
    (*PAIRS, ZERO_ONE),
    title=said("Risk ratio in matched pairs"),
    source=MCNEMAR,
    steps=(CELLS, *ADD, "yi = log((a + b) / (a + c))", "vi = (b + c) / ((a + b) * (a + c))"),
)
def paired_log_risk_ratio(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> Effect:
    """log((a + b) / (a + c)), b and c the pairs that differ; variance (b + c) / ((a + b) (a + c))"""
    a, b, c, d = paired(both, first, second, neither, zero)
    return effect(np.log((a + b) / (a + c)), (b + c) / ((a + b) * (a + c)), "MPRR", None, None, n=a + b + c + d)


@formula(
    "paired-marginal-log-odds-ratio",
    "MPOR",
    (*PAIRS, ZERO_ONE),
    title=said("Odds ratio of the margins of matched pairs, comparable with that of two separate groups"),
    source=BECKER,
    steps=(
        CELLS, *ADD, "n = a + b + c + d", "p1 = (a + b) / n", "p2 = (a + c) / n",
        "yi = log(p1 / (1 - p1)) - log(p2 / (1 - p2))",
        "shared = (a * d - b * c) / n^2",
        "vi = 1 / (n * p1 * (1 - p1)) + 1 / (n * p2 * (1 - p2)) - 2 * shared / (n * p1 * (1 - p1) * p2 * (1 - p2))",
    ),
)  # fmt: skip
def paired_marginal_log_odds_ratio(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> Effect:
    """logit(p1) - logit(p2) with p1 = (a + b) / n, p2 = (a + c) / n; variance 1 / (n p1 q1) + 1 / (n p2 q2)
    - 2 (a d - b c) / (n^3 p1 q1 p2 q2)"""
    a, b, c, d = paired(both, first, second, neither, zero)
    n = a + b + c + d
    one, two = (a + b) * (c + d) / n**2, (a + c) * (b + d) / n**2
    vi = 1 / (n * one) + 1 / (n * two) - 2 * (a * d - b * c) / (n**3 * one * two)
    return effect(np.log((a + b) / (c + d)) - np.log((a + c) / (b + d)), vi, "MPOR", None, None, n=n)


@formula(
    "paired-log-odds-ratio",
    "MPORC",
    (*PAIRS, ZERO_ONE),
    title=said("Odds ratio within matched pairs, from the pairs that differ"),
    source=BECKER,
    steps=(CELLS, *ADD[1:3], "yi = log(b / c)", "vi = 1 / b + 1 / c"),
)
def paired_log_odds_ratio(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> Effect:
    """log(b / c), b and c the pairs that differ; variance 1 / b + 1 / c"""
    a, b, c, d = paired(both, first, second, neither, zero)
    return effect(np.log(b / c), 1 / b + 1 / c, "MPORC", None, None, n=a + b + c + d)


@formula(
    "paired-peto-log-odds-ratio",
    "MPPETO",
    (*PAIRS, ZERO_ONE),
    title=said("Odds ratio within matched pairs by Peto's method"),
    source="Yusuf et al. (1985), Progress in Cardiovascular Diseases 27(5), 335-371",
    steps=(CELLS, *ADD[1:3], "yi = 2 * (b - c) / (b + c)", "vi = 4 / (b + c)"),
)
def paired_peto_log_odds_ratio(both: Floats, first: Floats, second: Floats, neither: Floats, zero: str) -> Effect:
    """2 (b - c) / (b + c), b and c the pairs that differ; variance 4 / (b + c)"""
    a, b, c, d = paired(both, first, second, neither, zero)
    return effect(2 * (b - c) / (b + c), 4 / (b + c), "MPPETO", None, None, n=a + b + c + d)
