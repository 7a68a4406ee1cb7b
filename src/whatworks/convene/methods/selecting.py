"""Who applied, what they said of themselves, and which panels the quotas allow.

People who chose the same bands are alike to every quota, so a panel is first a number of people for each such group. Whole numbers by
HiGHS (`scipy.optimize.milp`). Names of people never come here: an applicant is a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from whatworks.errors import InputError
from whatworks.saying import Said, said

Floats = NDArray[np.float64]
Bands = Mapping[str, str]  # what somebody chose in each category


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `low` and at most `high` people of the panel chose this band in this category."""

    category: str
    band: str
    low: int
    high: int

    def words(self) -> str:
        """The quota in words."""
        return said(
            "%(category)s, %(band)s: from %(low)s to %(high)s",
            category=self.category, band=self.band, low=self.low, high=self.high,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody who applied, in groups of people who chose the same; how many places there are; and the quotas.

    `groups` holds the numbers of the applicants of each group, `bands` what those people chose.
    """

    places: int
    quotas: tuple[Quota, ...]
    bands: tuple[tuple[tuple[str, str], ...], ...]
    groups: tuple[tuple[int, ...], ...]

    @property
    def sizes(self) -> Floats:
        """How many people are in each group."""
        return np.array([len(group) for group in self.groups], dtype=float)

    def counted(self) -> Floats:
        """Quotas by groups: 1 where the people of the group chose the band of the quota."""
        rows = [[float(dict(held).get(one.category) == one.band) for held in self.bands] for one in self.quotas]
        return np.array(rows, dtype=float).reshape(len(self.quotas), len(self.groups))


def pool_of(applicants: Mapping[int, Bands], quotas: Sequence[Quota], places: int) -> Pool:
    """The pool. Raises InputError where somebody left a category open, chose a band that no quota knows, or a quota cannot be."""
    known: dict[str, set[str]] = {}
    for one in quotas:
        if not 0 <= one.low <= one.high:
            raise InputError(said("The quota “%(quota)s” cannot be: 0 ≤ least ≤ most.", quota=one.words()))
        if one.band in known.setdefault(one.category, set()):
            raise InputError(said("There are two quotas for %(quota)s.", quota=f"{one.category}, {one.band}"))
        known[one.category].add(one.band)
    if places < 1:
        raise InputError(said("A panel has at least one place."))
    groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for number, bands in sorted(applicants.items()):
        for category, allowed in known.items():
            if bands.get(category) not in allowed:
                raise InputError(
                    said("Applicant %(n)s has no known band for %(category)s.", n=number, category=category)
                )
        groups.setdefault(tuple((name, bands[name]) for name in sorted(known)), []).append(number)
    ordered = sorted(groups.items(), key=lambda entry: entry[1][0])
    return Pool(places, tuple(quotas), tuple(key for key, _ in ordered), tuple(tuple(one) for _, one in ordered))


def best_panel(pool: Pool, worth: Floats) -> Floats | None:
    """The panel, as people of each group, that is worth most; None where the quotas allow no panel at all."""
    sizes = pool.sizes
    if not len(sizes):
        return None
    counted = pool.counted()
    rules = [LinearConstraint(np.ones((1, len(sizes))), pool.places, pool.places)]
    if len(counted):
        low, high = ([float(getattr(one, end)) for one in pool.quotas] for end in ("low", "high"))
        rules.append(LinearConstraint(csr_array(counted), low, high))
    found = milp(
        -worth, constraints=rules, integrality=np.ones(len(sizes)), bounds=Bounds(0, sizes),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return np.round(found.x) if found.status == 0 else None


def possible(pool: Pool) -> bool:
    """Whether the quotas allow any panel."""
    return best_panel(pool, np.zeros(len(pool.groups))) is not None


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why no panel meets the quotas: some that cannot hold together, and the smallest changes that would make a panel possible."""

    reason: Said
    conflict: tuple[Quota, ...]
    relaxed: tuple[Quota, ...]  # the quotas to change, as they would be


def why_impossible(pool: Pool) -> Impossible | None:
    """None where a panel is possible.

    The conflict is irreducible: without any one of its quotas the others can be met. The relaxations change the fewest people in sum.
    """
    if possible(pool):
        return None
    people = int(pool.sizes.sum())
    if people < pool.places:
        told = said(
            "%(people)s people applied, and the panel has %(places)s places.", people=people, places=pool.places
        )
        return Impossible(told, (), ())
    held = list(pool.quotas)
    for one in pool.quotas:
        without = [other for other in held if other != one]
        if not possible(replace(pool, quotas=tuple(without))):
            held = without
    told = said(
        "These quotas cannot all be met by a panel of %(places)s from those who applied: %(quotas)s.",
        places=pool.places, quotas="; ".join(one.words() for one in held),
    )  # fmt: skip
    return Impossible(told, tuple(held), _relaxed(pool))


def _relaxed(pool: Pool) -> tuple[Quota, ...]:
    """The least relaxation: each person below a lower bound or above an upper one costs one."""
    groups, quotas = len(pool.groups), len(pool.quotas)
    counted, none, one = pool.counted(), np.zeros((quotas, quotas)), np.eye(quotas)
    rules = [
        LinearConstraint(np.concatenate([np.ones(groups), np.zeros(2 * quotas)])[None, :], pool.places, pool.places),
        LinearConstraint(np.hstack([counted, one, none]), [float(q.low) for q in pool.quotas], np.inf),
        LinearConstraint(np.hstack([counted, none, -one]), -np.inf, [float(q.high) for q in pool.quotas]),
    ]
    most = np.concatenate([pool.sizes, [float(q.low) for q in pool.quotas], np.full(quotas, float(pool.places))])
    cost = np.concatenate([np.zeros(groups), np.ones(2 * quotas)])
    found = milp(cost, constraints=rules, integrality=np.ones(len(cost)), bounds=Bounds(0, most))
    under, over = np.round(found.x[groups : groups + quotas]), np.round(found.x[groups + quotas :])
    changed = [
        replace(quota, low=quota.low - int(down), high=quota.high + int(up))
        for quota, down, up in zip(pool.quotas, under, over, strict=True)
        if down or up
    ]
    return tuple(changed)
