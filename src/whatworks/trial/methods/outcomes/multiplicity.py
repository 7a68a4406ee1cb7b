"""p-values of several outcomes, corrected so that one of them is not found by looking often."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]
WAYS = ("none", "holm", "hochberg", "bh")
NEAR = 1e-12


def adjusted(p: ArrayLike, way: str = "holm") -> Floats:
    """p-values (m,) corrected, as R's p.adjust. Raises InputError for another way, or what is no p-value.

    "holm" (1979, Scandinavian Journal of Statistics 6(2), 65-70); "hochberg" (1988, Biometrika 75(4), 800-802; for outcomes that do not
    pull against one another); "bh" (Benjamini and Hochberg 1995, JRSS B 57(1), 289-300: the share of false findings rather than any);
    "none".
    """
    values = np.asarray(p, float)
    if way not in WAYS:
        raise InputError(said("“%(way)s” is no correction here; say %(all)s.", way=way, all=", ".join(WAYS)))
    if values.ndim != 1 or not ((values >= 0) & (values <= 1)).all():
        raise InputError(said("p-values are numbers from 0 to 1, in one row; leave out what could not be tested."))
    m, order = len(values), np.argsort(values, kind="stable")
    if way == "none" or not m:
        return values
    ranked, rank = values[order], np.arange(1, m + 1)
    if way == "holm":
        stepped = np.maximum.accumulate((m - rank + 1) * ranked)
    else:
        stepped = np.minimum.accumulate(((m - rank + 1 if way == "hochberg" else m / rank) * ranked)[::-1])[::-1]
    found = np.empty(m)
    found[order] = np.minimum(stepped, 1.0)
    return found


def westfall_young(observed: ArrayLike, drawn: ArrayLike) -> Floats:
    """Corrected p-values (m,) by the largest statistic in each draw, stepping down (Westfall and Young 1993, Resampling-Based
    Multiple Testing, algorithm 2.8): it uses how the outcomes go together.

    observed: (m,) statistics whose size counts; drawn: (draws, m) the same under other allocations of whole clusters. The observed ones are
    counted as one draw more. Raises InputError where the shapes do not fit or a number is missing.
    """
    seen, others = np.abs(np.asarray(observed, float)), np.abs(np.asarray(drawn, float))
    if (
        others.ndim != 2
        or seen.shape != others.shape[1:]
        or not (np.isfinite(seen).all() and np.isfinite(others).all())
    ):
        raise InputError(said("Give a statistic of each outcome, and as many in every draw, none of them missing."))
    order = np.argsort(-seen, kind="stable")
    largest = np.maximum.accumulate(others[:, order][:, ::-1], axis=1)[:, ::-1]
    as_far = (largest >= seen[order] * (1 - NEAR)).sum(axis=0)
    stepped = np.maximum.accumulate((as_far + 1) / (len(others) + 1))
    found = np.empty(len(seen))
    found[order] = stepped
    return found
