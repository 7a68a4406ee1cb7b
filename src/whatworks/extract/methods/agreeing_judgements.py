"""Agreeing on judgements: how far two appraisers say the same, domain by domain: shares, kappa, and kappa that weighs.

Cohen's kappa (1960) counts every difference alike; weighted kappa (Cohen 1968) counts one by how many steps apart two
judgements lie on the instrument's own order, by linear weights. Standard errors are the large-sample ones of Fleiss,
Cohen and Everitt (1969).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whatworks.extract.methods.coding.agreeing import kappa
from whatworks.saying import said
from whatworks.screen.methods.two_screeners import UNKNOWN, Estimate, around, wilson
from whatworks.stats.results import Result

Floats = NDArray[np.float64]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DomainAgreement(Result):
    """How far two appraisers agree on one domain (or overall) over n things judged.

    agreed: judged the same; share: agreed / n with Wilson's interval; kappa: every difference counts alike; weighted: by
    steps apart, over the `ordered` pairs in which both judgements are on the instrument's order. None where it cannot be
    known, and `warnings` say why.
    """

    key: str
    name: str
    n: int
    agreed: int
    share: Estimate
    kappa: Estimate
    weighted: Estimate
    ordered: int
    warnings: tuple[str, ...]


def of_domain(key: str, name: str, pairs: Pairs, order: Sequence[str], *, level: float = 0.95) -> DomainAgreement:
    """Agreement on one domain from the first and second appraiser's judgements; `order` is best to worst."""
    n, agreed = len(pairs), sum(first == second for first, second in pairs)
    placed = [pair for pair in pairs if pair[0] in order and pair[1] in order]
    plain = UNKNOWN if _one_sided(pairs) else kappa(pairs, level=level)
    weighing = weighted_kappa(placed, order, level=level)
    share = wilson(agreed / n, n, level) if n else UNKNOWN
    said = _warnings(n, plain, n - len(placed))
    return DomainAgreement(key, name, n, agreed, share, plain, weighing, len(placed), said)


def weighted_kappa(pairs: Pairs, order: Sequence[str], *, level: float = 0.95) -> Estimate:
    """Cohen's weighted kappa (1968) with linear weights 1 - |i - j| / (k - 1) over the k judgements of `order`.

    Unknown where one of the two used a single judgement throughout, since agreement beyond chance has no meaning then;
    so also without pairs or with one. Raises KeyError for a judgement that is not on the order.
    """
    if _one_sided(pairs):
        return UNKNOWN
    at = {word: place for place, word in enumerate(order)}
    first, second = (np.array([at[pair[side]] for pair in pairs]) for side in (0, 1))
    steps = np.arange(len(order))
    weights: Floats = 1 - np.abs(steps[:, None] - steps[None, :]) / (len(order) - 1)
    table = np.zeros((len(order), len(order)))
    np.add.at(table, (first, second), 1 / len(pairs))
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    seen, chance = float((weights * table).sum()), float(rows @ weights @ columns)
    # How each pair moves kappa: the mean square is n times its large-sample variance.
    beside = (weights @ columns)[first] + (rows @ weights)[second] - 2 * chance
    moved = ((weights[first, second] - seen) * (1 - chance) - (1 - seen) * beside) / (1 - chance) ** 2
    return around((seen - chance) / (1 - chance), float(moved @ moved) / len(pairs) ** 2, level)


def _one_sided(pairs: Pairs) -> bool:
    """Whether one of the two used a single judgement throughout."""
    return any(len({pair[side] for pair in pairs}) < 2 for side in (0, 1))


def _warnings(n: int, plain: Estimate, beside: int) -> tuple[str, ...]:
    told = []
    if n and plain.value is None:
        told.append(said("Kappa is not defined: one of the two gave one and the same judgement throughout."))
    if beside:
        told.append(
            said(
                "%(beside)s with a judgement beside the order %(what)s not weighed.",
                beside=beside,
                what=said("is") if beside == 1 else said("are"),
            )
        )
    return tuple(told)
