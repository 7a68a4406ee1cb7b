"""The allocations that a lot may give: all of them where they are few and as likely, each one that the lot gives, no other."""

from __future__ import annotations

import hashlib
import math
from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from tests.unit.trial import draws
from whatworks.errors import InputError
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating.admissible import admissible, as_numbers
from whatworks.trial.methods.allocating.ways import draw
from whatworks.trial.methods.design import read

NUMBERS = {
    "simple": 2**12,
    "complete": math.comb(12, 6),
    "complete, three arms": math.comb(12, 6) * math.comb(6, 3),
    "complete in strata": 6 * 6 * 6,
    "stratified": 6 * 6 * 6,
    "stratified in blocks": 2**6,
    "pairs": 2**6,
    "constrained": 92,
    "constrained in strata": 108,
    "constrained in batches": 100,
    "steps, by sequences": math.factorial(12) // (6 * 24 * 120),
    "steps in batches": 90**2,
}


@pytest.mark.parametrize("name", NUMBERS)
def test_all_are_listed_and_each_draw_is_one_of_them(name: str) -> None:
    """The number is known by counting; what the lot gives is among them, whatever the seed."""
    plan, units = read(draws.design(*draws.CASES[name])), draws.units()
    found = admissible(plan, units)
    rows = {row.tobytes() for row in found.schemes}
    assert found.exact and found.schemes.shape == (len(rows), 12) and len(rows) == NUMBERS[name]
    for word in range(20):
        drawn = draw(plan, units, Lot(hashlib.sha256(str(word).encode()).hexdigest()))
        assert np.array(as_numbers(plan, drawn, units), dtype=np.int64).tobytes() in rows


@pytest.mark.parametrize("name", ["complete in strata", "stratified in blocks", "constrained in strata"])
def test_each_that_is_listed_is_as_likely(name: str) -> None:
    """A set that was too wide, or whose members are not as likely, would make a randomisation test lie."""
    plan, units = read(draws.design(*draws.CASES[name])), draws.units()
    listed = {tuple(row): 0 for row in admissible(plan, units).schemes}
    times = 12 * len(listed)
    seen = Counter(
        tuple(as_numbers(plan, draw(plan, units, Lot(hashlib.sha256(f"likely {n}".encode()).hexdigest())), units))
        for n in range(times)
    )
    assert set(seen) <= set(listed)
    assert chisquare([seen[one] for one in listed]).pvalue > 0.001


def test_an_odd_number_between_two_even_arms_is_still_as_likely() -> None:
    plan, units = read(draws.design('method = "complete"')), draws.units()[:5]
    found = admissible(plan, units)
    assert found.exact and len(found.schemes) == 2 * math.comb(5, 2)
    assert Counter(found.schemes.sum(axis=1)) == {2: 10, 3: 10}


@pytest.mark.parametrize("name", ["blocks", "minimisation", "minimisation, three arms", "blocks in strata and batches"])
def test_where_some_are_likelier_they_are_drawn(name: str) -> None:
    plan, units = read(draws.design(*draws.CASES[name])), draws.units()
    found = admissible(plan, units, draws=200)
    assert not found.exact and found.schemes.shape == (200, 12) and set(np.unique(found.schemes)) <= {0, 1, 2}
    assert np.array_equal(found.schemes, admissible(plan, units, draws=200).schemes)
    assert not np.array_equal(found.schemes, admissible(plan, units, draws=200, seed=1).schemes)


def test_unequal_arms_that_do_not_divide_are_drawn() -> None:
    """Who gets one more is drawn by parts, which makes some allocations likelier than others."""
    arms = '[[arms]]\nname = "a"\nparts = 2\n[[arms]]\nname = "b"\n'
    plan = read(draws.design('method = "complete"', "cluster", arms))
    assert not admissible(plan, draws.units()[:7], draws=50).exact
    assert admissible(plan, draws.units()[:6]).exact


def test_too_many_to_list_are_drawn() -> None:
    plan, units = read(draws.design('method = "complete"')), draws.units()
    assert not admissible(plan, units, draws=50, most=900).exact


def test_the_candidates_of_a_sample_are_those_of_the_draw() -> None:
    name = "constrained, sampled"
    text, units = draws.design(*draws.CASES[name]), draws.units()
    with pytest.raises(InputError, match="give the published allocation"):
        admissible(read(text), units)
    held = draws.record(text, units)
    listed = held["candidates"][0]["listed"]
    found = admissible(read(text), units, drawn=held)
    assert ["".join(map(str, row)) for row in found.schemes.tolist()] == listed
    assert listed[held["candidates"][0]["chosen"]] == "".join(
        "0" if arm == "control" else "1" for arm in held["allocation"].values()
    )
