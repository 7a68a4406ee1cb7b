"""The fairest lottery: against another implementation, against every panel by hand, and where no panel can be."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from whatworks.convene.methods.leximin import leximin
from whatworks.convene.methods.selecting import Pool, Quota, pool_of, why_impossible
from whatworks.errors import InputError

CATEGORIES = {
    "age": (["13-15", "16-18", "19-21", "22-24"], [4, 3, 2, 1]),
    "gender": (["girl", "boy", "other"], [6, 3, 1]),
    "care": (["care", "leaver", "edge"], [2, 2, 5]),
    "region": (["N", "M", "S", "L"], [3, 3, 2, 1]),
}
# Smallest chance by sortition-algorithms 0.12.15 (maximin, HiGHS); its leximin (Gurobi 13.0.3) gives the same to 5e-8.
ORACLE = [(2, 50, 20, 0.05555555555555554), (5, 30, 8, 0.2592592592592585), (11, 120, 24, 0.1328671328670913)]


def made_up(seed: int, people: int, places: int) -> Pool:
    """A made-up pool: bands by weights, and quotas around equal shares."""
    lot = random.Random(seed)
    applicants = {
        n + 1: {name: lot.choices(bands, weights=weights)[0] for name, (bands, weights) in CATEGORIES.items()}
        for n in range(people)
    }
    quotas = []
    for name, (bands, _) in CATEGORIES.items():
        for band in bands:
            share, have = places / len(bands), sum(one[name] == band for one in applicants.values())
            quotas.append(Quota(name, band, min(have, max(0, int(share) - 1)), int(share) + 2))
    return pool_of(applicants, quotas, places)


@pytest.mark.parametrize(("seed", "people", "places", "smallest"), ORACLE)
def test_the_smallest_chance_is_that_of_another_implementation(
    seed: int, people: int, places: int, smallest: float
) -> None:
    """1e-6: both stop their solvers at about 1e-8."""
    pool = made_up(seed, people, places)
    found = leximin(pool)
    assert found.smallest == pytest.approx(smallest, abs=1e-6)
    counted = pool.counted()
    for panel in found.panels:
        assert sum(panel) == places and all(0 <= n <= len(group) for n, group in zip(panel, pool.groups, strict=True))
        for quota, number in zip(pool.quotas, counted @ np.array(panel), strict=True):
            assert quota.low <= number <= quota.high
    chances = sum(chance * len(group) for chance, group in zip(found.chances, pool.groups, strict=True))
    assert chances == pytest.approx(places, abs=1e-6) and sum(found.weights) == pytest.approx(1, abs=1e-9)


def by_hand(pool: Pool) -> list[float]:
    """Leximin over every panel of single people: the obvious slow twin, each person a row, fixing one person at a time."""
    people = sorted(number for group in pool.groups for number in group)
    of = {number: dict(bands) for bands, group in zip(pool.bands, pool.groups, strict=True) for number in group}
    panels = [
        panel
        for panel in combinations(people, pool.places)
        if all(q.low <= sum(of[n][q.category] == q.band for n in panel) <= q.high for q in pool.quotas)
    ]
    share = np.array([[float(n in panel) for panel in panels] for n in people])
    fixed: dict[int, float] = {}

    def most(objective: np.ndarray, floor: dict[int, float]) -> float:  # type: ignore[type-arg]
        least = [-(floor.get(at, -1.0)) for at in range(len(people))]
        found = linprog(-objective, A_ub=-share, b_ub=least, A_eq=np.ones((1, len(panels))), b_eq=[1.0])
        return float(-found.fun)

    while len(fixed) < len(people):
        free = [at for at in range(len(people)) if at not in fixed]
        rows = np.array([[*-share[at], 1.0] for at in free] + [[*-share[at], 0.0] for at in fixed])
        found = linprog(
            [*np.zeros(len(panels)), -1.0], A_ub=rows, b_ub=[0.0] * len(free) + [-(fixed[at] - 1e-9) for at in fixed],
            A_eq=[[*np.ones(len(panels)), 0.0]], b_eq=[1.0], bounds=[(0, None)] * len(panels) + [(None, None)],
        )  # fmt: skip
        level = float(found.x[-1])
        floor = dict.fromkeys(free, level - 1e-09) | {at: value - 1e-9 for at, value in fixed.items()}
        fixed |= {at: level for at in free if most(share[at], floor) <= level + 1e-6}
    return [fixed[at] for at in range(len(people))]


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_it_is_the_leximin_of_every_panel(seed: int) -> None:
    """1e-5: the slow twin holds fixed chances with a slack at each level."""
    lot = random.Random(seed)
    applicants = {n + 1: {"a": lot.choice("xy"), "b": lot.choice("pqr")} for n in range(8)}
    quotas = [Quota("a", "x", 1, 2), Quota("a", "y", 0, 3), *(Quota("b", band, 0, 2) for band in "pqr")]
    pool = pool_of(applicants, quotas, 3)
    if why_impossible(pool) is not None:
        return
    found = leximin(pool)
    chances = {n: c for group, c in zip(pool.groups, found.chances, strict=True) for n in group}
    assert [chances[n] for n in sorted(chances)] == pytest.approx(by_hand(pool), abs=1e-5)


def test_without_quotas_everybody_has_the_same_chance() -> None:
    found = leximin(pool_of({n: {} for n in range(1, 51)}, [], 20))
    assert found.chances == pytest.approx((0.4,), abs=1e-9)


def test_a_conflict_is_named_with_the_smallest_change() -> None:
    """Each quota of the conflict must be needed for it; the change must make a panel possible and be the least."""
    applicants = {n: {"age": "old" if n <= 6 else "young", "area": "town"} for n in range(1, 9)}
    quotas = [Quota("age", "old", 0, 2), Quota("age", "young", 0, 1), Quota("area", "town", 0, 9)]
    why = why_impossible(pool_of(applicants, quotas, 4))
    assert why is not None and {one.band for one in why.conflict} == {"old", "young"}
    assert (
        sum(one.high for one in why.relaxed) - sum(q.high for q in quotas if q.band in {r.band for r in why.relaxed})
        == 1
    )
    mended = [next((r for r in why.relaxed if (r.category, r.band) == (q.category, q.band)), q) for q in quotas]
    assert why_impossible(pool_of(applicants, mended, 4)) is None
    with pytest.raises(InputError, match="age, old"):
        leximin(pool_of(applicants, quotas, 4))


def test_too_few_people_is_said_plainly() -> None:
    why = why_impossible(pool_of({1: {}}, [], 2))
    assert why is not None and "1 people applied" in why.reason and why.conflict == ()


@pytest.mark.parametrize(
    ("applicants", "quotas", "places", "why"),
    [
        ({1: {}}, [Quota("a", "x", 0, 1)], 1, "no known band"),
        ({1: {"a": "x"}}, [Quota("a", "x", 2, 1)], 1, "cannot be"),
        ({1: {"a": "x"}}, [Quota("a", "x", 0, 1), Quota("a", "x", 0, 1)], 1, "two quotas"),
        ({}, [], 0, "at least one place"),
    ],
)
def test_what_cannot_be_is_refused(
    applicants: dict[int, dict[str, str]], quotas: list[Quota], places: int, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        pool_of(applicants, quotas, places)
