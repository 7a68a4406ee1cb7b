"""The integer programme against looking at every set, which is slow and obviously right."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.commission.methods.portfolio import Bid, Limits, Quota, best, frequencies, portfolio
from whatworks.errors import InputError

GROUPS = {"kind": ("x", "y"), "region": ("n", "s", "w")}


def fits(bids: tuple[Bid, ...], limits: Limits) -> bool:
    """Whether a set of bids fulfils the limits, read off them one by one."""
    if sum(one.cost for one in bids) > limits.budget or not limits.least <= len(bids) <= limits.most:
        return False
    counts = [(rule, sum(one.groups.get(rule.group) == rule.value for one in bids)) for rule in limits.quotas]
    return all(rule.least <= n and (rule.most is None or n <= rule.most) for rule, n in counts)


def by_hand(bids: list[Bid], limits: Limits) -> float | None:
    """The best sum of scores of all sets, or None."""
    sets = (one for n in range(limits.most + 1) for one in itertools.combinations(bids, n))
    sums = [sum(bid.score for bid in one) for one in sets if fits(one, limits)]
    return max(sums) if sums else None


@st.composite
def instances(draw: st.DrawFn) -> tuple[list[Bid], Limits]:
    number = draw(st.integers(1, 11))
    bids = [
        Bid(
            f"b{n}", draw(st.integers(0, 1000)) / 10, draw(st.integers(0, 700_000)),
            {name: draw(st.sampled_from(values)) for name, values in GROUPS.items()},
        )
        for n in range(number)
    ]  # fmt: skip
    quotas = []
    for name, values in GROUPS.items():
        for value in values:
            least = draw(st.sampled_from([0, 0, 0, 1, 2]))
            quotas.append(Quota(name, value, least, draw(st.sampled_from([None, least, least + 1, least + 3]))))
    most = draw(st.integers(0, number))
    return bids, Limits(draw(st.integers(0, 2_500_000)), most, draw(st.integers(0, min(2, most))), tuple(quotas))


@given(instances())
@settings(max_examples=60)
def test_it_is_the_best_of_all_sets(instance: tuple[list[Bid], Limits]) -> None:
    """A choice that could be bettered within the rules would be wrong in public."""
    bids, limits = instance
    found, wanted = portfolio(bids, limits), by_hand(bids, limits)
    if wanted is None:
        assert found.chosen is None and found.conflict
        return
    assert found.chosen is not None and found.price is not None and found.free is not None
    assert found.chosen.score == pytest.approx(wanted, abs=1e-6)  # sums of at most eleven scores of one decimal
    assert fits(tuple(bid for bid in bids if bid.name in found.chosen.names), limits)
    assert found.price == pytest.approx(
        by_hand(bids, Limits(limits.budget, limits.most, limits.least)) - wanted, abs=1e-6
    )
    assert all(swap.gain >= 0 for swap in found.swaps)


@given(instances())
@settings(max_examples=30)
def test_it_says_truly_whether_another_set_is_as_good(instance: tuple[list[Bid], Limits]) -> None:
    """A tie between sets must not look like a finding."""
    bids, limits = instance
    found = best(bids, limits)
    if found is None:
        return
    sets = [one for n in range(limits.most + 1) for one in itertools.combinations(bids, n) if fits(one, limits)]
    equal = [one for one in sets if sum(bid.score for bid in one) > found.score - 1e-7]
    assert found.only == (len(equal) == 1)


def test_twenty_bids() -> None:
    """At the size that the bar names, with costs that fill the budget to the pound."""
    rng = np.random.default_rng(5)
    bids = [
        Bid(f"b{n:02}", float(rng.integers(200, 900)) / 10, int(rng.integers(90, 420)) * 1000, {"kind": "xy"[n % 2]})
        for n in range(20)
    ]
    limits = Limits(1_500_000, 6, 6, (Quota("kind", "x", 3, 3), Quota("kind", "y", 3, 3)))
    found, wanted = best(bids, limits), by_hand(bids, limits)
    assert found is not None and found.score == pytest.approx(wanted, abs=1e-9)


def test_a_pound_too_much_is_too_much() -> None:
    """A solver's tolerance on sums in the millions must not let a budget be broken."""
    bids = [Bid("a", 10.0, 1_200_000), Bid("b", 10.0, 1_200_001), Bid("c", 1.0, 1_200_000)]
    found = best(bids, Limits(2_400_000, 2))
    assert found is not None and found.names == ("a", "c") and found.cost == 2_400_000


def test_what_a_rule_costs_is_told_with_who_would_come_in() -> None:
    """Deciders must see whom a rule keeps out."""
    bids = [Bid("a", 9.0, 1, {"r": "n"}), Bid("b", 8.0, 1, {"r": "n"}), Bid("c", 5.0, 1, {"r": "s"})]
    found = portfolio(bids, Limits(10, 2, 2, (Quota("r", "s", 1),)))
    assert found.chosen is not None and found.chosen.names == ("a", "c") and found.price == pytest.approx(3)
    assert [(one.gain, one.enters, one.leaves) for one in found.swaps] == [(3.0, ("b",), ("c",))]


def test_rules_that_cannot_hold_together_are_named_and_no_others() -> None:
    """Without any one of those named, the rest could hold."""
    bids = [Bid("a", 9.0, 100, {"r": "n", "k": "x"}), Bid("b", 8.0, 100, {"r": "s", "k": "x"})]
    quotas = (Quota("r", "n", 1), Quota("r", "s", 1), Quota("k", "x", 0, 1))
    assert portfolio(bids, Limits(500, 2, 0, quotas)).conflict == ("r: n", "r: s", "k: x")
    assert portfolio(bids, Limits(150, 2, 2)).conflict == ("budget", "number")


def test_how_often_each_is_chosen() -> None:
    """Over draws in which one is always best and two take turns."""
    bids = [Bid("a", 0.0, 1), Bid("b", 0.0, 1), Bid("c", 0.0, 1)]
    draws = np.array([[9.0, 5.0, 4.0], [9.0, 4.0, 5.0]])
    assert frequencies(draws, bids, Limits(2, 2)) == {"a": 1.0, "b": 0.5, "c": 0.5}


def test_fifty_bids_in_six_groups_within_two_seconds() -> None:
    """What a page can wait for."""
    rng = np.random.default_rng(2)
    bids = [
        Bid(f"b{n}", float(rng.normal(60, 8)), int(rng.integers(100, 700)) * 1000, {"g": "abcdef"[n % 6]})
        for n in range(50)
    ]
    limits = Limits(2_400_000, 6, 6, tuple(Quota("g", value, 0, 2) for value in "abcdef"))
    began = time.process_time()
    assert best(bids, limits) is not None
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("bids", "limits", "says"),
    [
        ([], Limits(1, 1), "no bids"),
        ([Bid("a", 1.0, 1), Bid("a", 1.0, 1)], Limits(1, 1), "one name"),
        ([Bid("a", 1.0, -1)], Limits(1, 1), "below nought"),
        ([Bid("a", 1.0, 1)], Limits(1, 1, 2), "number of bids"),
        ([Bid("a", 1.0, 1)], Limits(1, 1, 0, (Quota("g", "x", 2, 1),)), "at least more"),
    ],
)
def test_what_cannot_be_is_refused(bids: list[Bid], limits: Limits, says: str) -> None:
    """A sentence instead of a strange answer."""
    with pytest.raises(InputError, match=says):
        portfolio(bids, limits)
