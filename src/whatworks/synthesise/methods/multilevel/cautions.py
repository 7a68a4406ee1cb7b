"""What a reader must know before using a multilevel result, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from whatworks.stats.robust.sandwich import Robust
from whatworks.synthesise.methods.multilevel.fitting import Peak
from whatworks.synthesise.methods.multilevel.given import Given
from whatworks.synthesise.methods.multilevel.inferring import AtRho, Coefficient, Component

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.result import Settings

FEW = 5  # below five groups their variance is hardly known
FEW_ROBUST = 10


def cautions(
    given: Given, settings: Settings, free: Sequence[bool], peak: Peak, components: Sequence[Component],
    variances: Robust | None, groups: int,
) -> tuple[str, ...]:  # fmt: skip
    """The sentences that apply."""
    said = [given.left_out] if given.left_out else []
    said += _fixed(given, free, components)
    said += _about(given, settings, groups)
    if peak.peaks > 1:
        said.append(
            f"The likelihood has {peak.peaks} peaks; the highest is reported, where other programs may not look."
        )
    said += _unseen(components, free)
    said += variances.warnings if variances is not None else ()
    return tuple(said)


def wavering(rows: Sequence[Coefficient], others: Sequence[AtRho]) -> tuple[str, ...]:
    """Whether the direction of a coefficient is as sure under other assumed correlations."""
    said = []
    for place, row in enumerate(rows):
        sides = {_side(row), *(_side(other.coefficients[place]) for other in others)}
        if len(sides) > 1:
            said.append(
                f"Whether {row.name} is told apart from 0 depends on the correlation assumed within studies; treat its "
                "direction as uncertain."
            )
    return tuple(said)


def _side(row: Coefficient) -> int:
    """1 or -1 where the whole interval lies on one side of 0, else 0."""
    if row.ci_low is None or row.ci_high is None or row.ci_low <= 0 <= row.ci_high:
        return 0
    return 1 if row.ci_low > 0 else -1


def _fixed(given: Given, free: Sequence[bool], components: Sequence[Component]) -> Iterator[str]:
    for row, is_free in zip(components, free, strict=True):
        if not is_free and row.sigma2 > 0:
            yield f"The variance between {row.name} was not estimated: it is held at {row.sigma2:g}, as asked."
        elif not is_free and row.levels == 1:
            yield f"{row.name} has a single level, so its variance cannot be estimated and is held at 0."
        elif not is_free:
            yield (
                f"The levels of {row.name} are those of another factor, or each has a moderator of its own, so its "
                "variance cannot be told apart and is held at 0."
            )


def _about(given: Given, settings: Settings, groups: int) -> Iterator[str]:
    """On dependence: what was assumed, and what was not."""
    k = given.y.size
    if groups < FEW:
        yield f"Only {groups} independent groups: how much effects differ between them is hardly known."
    if given.cluster is not None and k > given.cluster.size and settings.robust is None:
        yield (
            "Standard errors are the model's own, right only if the assumed dependence is; with several effects from a "
            "study take robust='CR2'."
        )
    if given.cluster is not None and k > given.cluster.size and settings.working in ("HE", "independent"):
        yield (
            "Sampling errors within a study are taken as independent, though effects from the same people are not; "
            "give rho= (0.6 is usual, then try 0.2 and 0.8)."
        )
    if settings.robust in ("CR0", "CR1", "CR1S") and groups < 40:
        yield f"With {groups} clusters {settings.robust} gives intervals that are too narrow; CR2 is made for few clusters."
    elif settings.robust == "CR2" and groups < FEW_ROBUST:
        yield f"{groups} clusters are few even for CR2: look at the degrees of freedom, or use the wild bootstrap."
    if given.factors and all(one.size < k for one in given.factors.values()):
        yield (
            "No factor has a level for each effect, so effects that share all levels are taken to share one true "
            "effect; add the effect as the innermost level unless that is meant."
        )
    if given.cluster is not None and given.cluster.size > 1:
        yield from _doubtful(given)


def _doubtful(given: Given) -> Iterator[str]:
    """Studies that may be one, and one that may be several."""
    assert given.cluster is not None
    if twins := _twins(given):
        yield (
            f"{twins} effects of different {given.cluster_name or 'clusters'} have the same effect and variance to the "
            "last digit; check that no study was entered twice under two names."
        )
    labels = given.labels[given.cluster_name]
    codes = given.cluster.codes
    runs = np.flatnonzero(np.diff(codes, prepend=-1))
    seen = np.bincount(codes[runs], minlength=given.cluster.size)
    scattered = np.flatnonzero(seen > 1)
    if 0 < scattered.size <= max(1, given.cluster.size // 5):
        names = ", ".join(str(labels[int(np.argmax(codes == one))]) for one in scattered[:3].tolist())
        yield (
            f"Rows of {names} stand apart from one another in the data: separate studies may hide as one under the same "
            "name; give each study a name of its own."
        )


def _twins(given: Given) -> int:
    """How many effects have a double, to the last digit, in another cluster."""
    assert given.cluster is not None
    values, which, counts = np.unique(given.y + 1j * given.sampling.v, return_inverse=True, return_counts=True)
    if values.size == given.y.size:
        return 0
    places = np.unique(which * given.cluster.size + given.cluster.codes) // given.cluster.size
    return int(counts[np.bincount(places, minlength=values.size) > 1].sum())


def _unseen(components: Sequence[Component], free: Sequence[bool]) -> Iterator[str]:
    zero = [row.name for row, is_free in zip(components, free, strict=True) if is_free and row.sigma2 == 0]
    if zero:
        yield (
            f"The variance between {' and '.join(zero)} is estimated as 0: with so few groups that does not show "
            "there is none."
        )
