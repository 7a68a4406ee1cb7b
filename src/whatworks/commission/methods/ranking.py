"""How sure the order of applications is: draws from the posterior of a hierarchical model, expected ranks, and who cannot be told apart.

The model is that of Heyard and others (2022, doi 10.1080/2330443X.2022.2086190): a score is the mean of all scores, plus the application's
worth, plus how the assessor leans to it, plus a normal rest. Leanings are normal about the assessor's severity. The standard deviations of
worths, leanings and the rest have uniform priors from nought to 2/5 of the scale's width, severities a normal prior with a tenth of it: on
the six-point scale of that paper its U(0, 2) and N(0, 0.5²). Gibbs draws, all worths and severities at once, leanings integrated out.
The expected rank is ER_i = 1 + sum over j of P(worth_j > worth_i) (Laird and Louis 1989).

The rule for near ties: applications are funded in the order of ER while money and places last; the line is the ER of the last one
funded; those whose posterior rank interval (50% unless a call says otherwise) holds the line could not be told apart from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dpotrf, dtrtrs
from scipy.special import gammainc, gammaincinv

from whatworks.commission.methods.ratings import Floats, Ratings
from whatworks.commission.methods.reliability import design_of
from whatworks.errors import InputError
from whatworks.saying import said

DRAWS, BURN, SEED = 10_000, 1000, 20180724
MOST, LENIENT = 0.4, 0.1  # of the scale's width: the largest standard deviation, and that of severities
LEVEL = 0.5
ABOVE, TIED, BELOW = "above the line", "cannot be told apart", "below the line"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One application: the middle of its worth, its expected rank, its rank interval, the chance to be among the best `places`."""

    application: str
    worth: float
    expected: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Line:
    """The provisional line: `at` (None where nothing can be funded), who is in its order funded, and where each stands to it."""

    at: float | None
    funded: tuple[str, ...]
    stands: Mapping[str, str]

    @property
    def tied(self) -> tuple[str, ...]:
        """Those that could not be told apart from the line."""
        return tuple(name for name, where in self.stands.items() if where == TIED)


def posterior(ratings: Ratings, *, span: float, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Draws of every application's worth (draws, applications), on the scale of the scores. `span`: the scale's width, from which the
    priors follow. The same ratings and seed give the same draws.

    Raises InputError with fewer than three applications or two assessors, or for a span that is not above nought.
    """
    n, m, rows = len(ratings.applications), len(ratings.assessors), len(ratings.scores)
    if n < 3 or m < 2 or rows <= n:
        raise InputError(
            said("An order with its uncertainty needs three applications, two assessors, and some with two scores.")
        )
    if not span > 0:
        raise InputError(said("The scale of the scores has no width; give its lowest and highest score."))
    chance, design = np.random.default_rng(seed), design_of(ratings)[:, 1:]
    middle = float(ratings.scores.mean())
    scores = ratings.scores - middle
    both, towards = design.T @ design, design.T @ scores
    least, counts = 1 / (MOST * span) ** 2, np.array([n, rows, rows])
    lenient = np.full(m, 1 / (LENIENT * span) ** 2)
    precision = np.full(3, 4 * least)  # of worths, of an assessor's leaning to one application, of the rest
    kept = np.empty((draws, n))
    for step in range(BURN + draws):
        shared = 1 / (1 / precision[1] + 1 / precision[2])  # a leaning and the rest stand in one score together
        held = _together(shared * both, shared * towards, np.concatenate([np.full(n, precision[0]), lenient]), chance)
        rest = scores - design @ held
        share = shared / precision[1]
        leaning = share * rest + np.sqrt(share / precision[2]) * chance.standard_normal(rows)
        sums = np.array([held[:n] @ held[:n], leaning @ leaning, (rest - leaning) @ (rest - leaning)])
        precision = _precisions(counts, sums, least, chance)
        if step >= BURN:
            kept[step - BURN] = middle + held[:n]
    return kept


def _together(both: Floats, towards: Floats, prior: Floats, chance: np.random.Generator) -> Floats:
    """One draw of all worths and severities from their joint normal: precision `both` + diag(`prior`), mean that times `towards`."""
    root, _ = dpotrf(both + np.diag(prior), lower=1)  # the library's own, since it is asked some ten thousand times
    middle, _ = dtrtrs(root, towards, lower=1)
    drawn, _ = dtrtrs(root, middle + chance.standard_normal(len(prior)), lower=1, trans=1)
    found: Floats = drawn
    return found


def _precisions(counts: Floats, sums: Floats, least: float, chance: np.random.Generator) -> Floats:
    """Draws of three precisions: gamma with shape (count - 1) / 2, cut off below `least`."""
    shape, rate = (counts - 1) / 2, np.maximum(sums / 2, 1e-12)
    floor = gammainc(shape, least * rate)
    found: Floats = gammaincinv(shape, floor + (1 - floor) * chance.random(3)) / rate
    return np.clip(np.nan_to_num(found, posinf=1e12), least, 1e12)


def ranked(ratings: Ratings, draws: Floats, *, places: int, level: float = LEVEL) -> tuple[Ranked, ...]:
    """Every application in the order of its expected rank. `draws` as `posterior` gives; `level`: of the rank intervals."""
    ranks = np.argsort(np.argsort(-draws, axis=1, kind="stable"), axis=1) + 1
    expected = ranks.mean(axis=0)
    low, high = np.quantile(ranks, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = (
        np.minimum(low, expected),
        np.maximum(high, expected),
    )  # a rank's own interval always holds its expectation
    told = [
        Ranked(
            name, float(np.median(draws[:, at])), float(expected[at]), float(low[at]), float(high[at]),
            float((ranks[:, at] <= places).mean()),
        )
        for at, name in enumerate(ratings.applications)
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda one: (one.expected, one.application)))


def line(order: tuple[Ranked, ...], costs: Mapping[str, int], *, budget: int, places: int) -> Line:
    """Where the money or the places end in the order of expected ranks, and where each application stands to that."""
    funded: list[Ranked] = []
    left = budget
    for one in order:
        if len(funded) == places or costs[one.application] > left:
            break
        funded.append(one)
        left -= costs[one.application]
    if not funded:
        return Line(None, (), {one.application: BELOW for one in order})
    at = funded[-1].expected
    stands = {}
    for one in order:
        stands[one.application] = TIED if one.low <= at <= one.high else ABOVE if one.high < at else BELOW
    if len(funded) == len(order):
        stands = {one.application: ABOVE for one in order}  # there is enough for everybody, so nothing to tell apart
    return Line(at, tuple(one.application for one in funded), stands)
