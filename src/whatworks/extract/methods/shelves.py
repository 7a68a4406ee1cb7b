"""The shelves on which formulae stand, in the order they were put up: where two fit, the one that stood first is taken.

A finding names its formula; the order only matters where an analysis asks for another scale. So a new shelf goes last,
and no stored finding is computed in another way because a formula was added.
"""

from __future__ import annotations

from whatworks.extract.methods import (
    association,
    baselines,
    changes,
    clusters,
    coefficients,
    control_spread,
    conversions,
    correlations,
    count_models,
    counts,
    described,
    means,
    one_group,
    one_mean,
    paired_counts,
    percentages,
    published,
    rates,
    standardised,
    tested,
    variability,
)
from whatworks.extract.methods.formula import FORMULAE, Formula

FIRST = (correlations, count_models, counts, means, one_group, published, standardised)
LATER = (control_spread, changes, variability, association, one_mean, rates, paired_counts)
PRINTED = (described, percentages, tested, coefficients, baselines, clusters, conversions)
SHELVES = (*FIRST, *LATER, *PRINTED)


def in_order() -> tuple[Formula, ...]:
    """Every formula, shelf by shelf; one that changes the kind of measure on an assumption stands after all others."""
    place = {shelf.__name__: number for number, shelf in enumerate(SHELVES)}
    return tuple(sorted(FORMULAE.values(), key=lambda one: (one.converts, place[one.function.__module__])))


def put_in_order() -> None:
    """Have the register itself in this order, whichever module happened to be imported first."""
    listed = {one.name: one for one in in_order()}
    FORMULAE.clear()
    FORMULAE.update(listed)


put_in_order()
