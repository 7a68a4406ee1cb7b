"""Nobody works out a withheld count, from whatever set of outputs: against an attacker written anew, and by counting.

The attacker here shares no code with the one it checks: it builds its own linear program from what is shown as text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from whatworks.stats.disclosure import (
    PUBLIC,
    RESEARCH,
    Output,
    Policy,
    Reason,
    Relation,
    Withheld,
    attack,
    crossed,
    differenced,
    withhold,
)

COUNTS = st.one_of(st.integers(0, 9), st.integers(0, 60))
POLICIES = st.sampled_from(
    [
        PUBLIC,
        RESEARCH,
        Policy("strict", 1, 5, rounding=10, rounded="large", protection=5),
        Policy("all to fives", 1, 5, rounding=5, rounded="all", protection=3),
        Policy("threes", 0, 2, protection=2, symbol="*"),
    ]
)
FEW = settings(max_examples=12, deadline=None)
Table = tuple[dict[Any, int], tuple[Relation, ...], set[Any]]


def interval(text: str, policy: Policy, large: bool, reason: Reason | None, zeros: bool) -> tuple[float, float | None]:
    """What a text says of a count; `reason`: what the attacker was told, if anything; `zeros`: a symbol may hide a 0."""
    least, most = policy.smallest, policy.largest
    assert least is not None and most is not None
    if text == policy.symbol:
        if reason is Reason.SMALL:
            return least, most
        return {None: 0 if zeros else least, Reason.COMPLEMENT: most + 1, Reason.UNSAID: least}.get(reason, 0), None
    number, step = int(text.replace(",", "")), policy.rounding
    if policy.rounded == "all" or (policy.rounded == "large" and large):
        low, high = number - step / 2, number + step / 2 - (1 if step % 2 == 0 else 0)
        return max(math.ceil(low), 0, most + 1 if number else 0), math.floor(high) if number else 0
    return number, number


def recovered(
    shown: Mapping[Any, str],
    relations: Sequence[Relation],
    policy: Policy,
    large: set[Any],
    reasons: Mapping[Any, Reason] | None = None,
    zeros: bool = False,
) -> dict[Any, int]:
    """The withheld cells of which fewer counts are possible than the policy asks for, with how many: by linprog."""
    cells = list(dict.fromkeys([*shown, *(key for one in relations for key in (one.total, *one.parts))]))
    place = {key: at for at, key in enumerate(cells)}
    sums = np.zeros((len(relations), len(cells)))
    for row, one in enumerate(relations):
        sums[row, place[one.total]] = -1
        sums[row, [place[part] for part in one.parts]] = 1
    limits = [
        interval(shown[key], policy, key in large, (reasons or {}).get(key), zeros) if key in shown else (0, None)
        for key in cells
    ]
    found = {}
    for key, text in shown.items():
        if text == policy.symbol:
            ends = [extreme(sign, place[key], sums, limits) for sign in (1, -1)]
            if ends[0] is not None and ends[1] is not None and ends[1] - ends[0] + 1 < policy.protection:
                found[key] = ends[1] - ends[0] + 1
    return found


def extreme(sign: int, at: int, sums: np.ndarray, limits: list[tuple[float, float | None]]) -> int | None:
    """The least or greatest whole number of a cell."""
    cost = np.zeros(len(limits))
    cost[at] = sign
    answer = linprog(cost, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=limits, method="highs")
    if answer.status in (3, 4):
        return None
    assert answer.status == 0, "what is shown contradicts itself"
    return math.ceil(answer.fun - 1e-6) if sign == 1 else math.floor(-answer.fun + 1e-6)


def texts(result: Withheld) -> dict[Any, str]:
    """What stands in the outputs."""
    return {key: result.text(key) for key in result.shows}


def nearest(value: int, policy: Policy, large: bool) -> int:
    """The number as it must be shown."""
    if policy.rounded == "all" or (policy.rounded == "large" and large):
        return math.floor(value / policy.rounding + 0.5) * policy.rounding
    return value


def check(
    values: Mapping[Any, int], relations: Sequence[Relation], policy: Policy, large: set[Any], got: Withheld
) -> None:
    """Every promise about one set of outputs of which nothing was known before."""
    shown = texts(got)
    zeros = Reason.ANY in got.reasons.values()
    assert recovered(shown, relations, policy, large, zeros=zeros) == {}, "from the outputs alone"
    assert recovered(shown, relations, policy, large, got.reasons) == {}, "by somebody told the reasons"
    assert got.exposed == ()
    assert all(count >= policy.protection for count in got.possible.values())
    for key, value in values.items():
        if shown[key] != policy.symbol:
            assert not policy.is_small(value)
            assert shown[key] == f"{nearest(value, policy, key in large):,}"
        else:
            assert value != 0 or policy.smallest == 0 or got.reasons[key] is Reason.ANY, "a zero is nobody"


@st.composite
def two_way(draw: st.DrawFn, largest: int = 5) -> Table:
    """A table with both margins."""
    rows, columns = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    names = [[f"{kind}{at}" for at in range(size)] for kind, size in (("r", rows), ("c", columns))]
    inner = {(row, column): draw(COUNTS) for row in names[0] for column in names[1]}
    return filled(inner, [Relation("rows", tuple(names[0]))], [Relation("columns", tuple(names[1]))])


@st.composite
def hierarchy(draw: st.DrawFn) -> Table:
    """Authorities in regions in England, by subgroup, over years with their sum."""
    regions = {
        f"R{at}": [f"R{at}A{n}" for n in range(draw(st.integers(1, 3)))] for at in range(draw(st.integers(1, 3)))
    }
    years, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    areas = [Relation(name, tuple(inside)) for name, inside in regions.items()] + [Relation("England", tuple(regions))]
    columns = crossed(
        [Relation("all", tuple(f"g{at}" for at in range(groups)))],
        [Relation("every", tuple(range(years)))],
    )
    inner = {
        (area, (f"g{group}", year)): draw(COUNTS)
        for inside in regions.values()
        for area in inside
        for group in range(groups)
        for year in range(years)
    }
    values, relations, _ = filled(inner, areas, list(columns))
    return values, relations, {key for key in values if key[0] in regions or key[0] == "England"}


def filled(inner: dict[Any, int], rows: list[Relation], columns: list[Relation]) -> Table:
    """Inner cells with every sum."""
    values, relations = dict(inner), crossed(rows, columns)
    while True:
        new = {
            one.total: sum(values[part] for part in one.parts)
            for one in relations
            if one.total not in values and all(part in values for part in one.parts)
        }
        if not new:
            return values, relations, set()
        values |= new


@FEW
@given(two_way(), POLICIES)
def test_nobody_recovers_a_count_of_a_two_way_table(table: Table, policy: Policy) -> None:
    values, relations, large = table
    check(values, relations, policy, large, withhold(values, relations, policy))


@FEW
@given(hierarchy(), POLICIES)
def test_nobody_recovers_a_count_of_areas_by_group_by_year(table: Table, policy: Policy) -> None:
    values, relations, large = table
    check(values, relations, policy, large, withhold(values, relations, policy, large=large))


@FEW
@given(hierarchy(), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_cells_and_sums_changes_nothing(table: Table, policy: Policy, order: Any) -> None:
    values, relations, large = table
    keys, sums = (
        list(values),
        [Relation(one.total, tuple(order.sample(one.parts, len(one.parts)))) for one in relations],
    )
    order.shuffle(keys)
    order.shuffle(sums)
    first = withhold(values, relations, policy, large=large)
    second = withhold({key: values[key] for key in keys}, sums, policy, large=large)
    assert texts(first) == texts(second)
    assert first.reasons == second.reasons


@FEW
@given(two_way(3), st.sampled_from([PUBLIC, RESEARCH]))
def test_whole_tables_that_look_the_same_give_enough_counts(table: Table, policy: Policy) -> None:
    """By counting tables, no solver at all: a range in fractions could hide that fewer whole counts fit."""
    values, relations, _ = table
    got = withhold(values, relations, policy)
    inner = [key for key in values if key[0] != "rows" and key[1] != "columns"]
    free = [key for key in inner if key in got.reasons]
    if len(free) > 4:
        return  # too many tables to count
    reach = policy.protection
    possible: dict[Any, set[int]] = {key: set() for key in got.reasons}
    for moves in product(range(-reach, reach + 1), repeat=len(free)):
        trial = {key: values[key] for key in inner} | {
            key: values[key] + by for key, by in zip(free, moves, strict=True)
        }
        trial = complete(trial, relations)
        if all(fits(trial[key], key, values, got, policy) for key in values):
            for key in possible:
                possible[key].add(trial[key])
    assert {key: len(found) for key, found in possible.items() if len(found) < policy.protection} == {}


def complete(inner: dict[Any, int], relations: Sequence[Relation]) -> dict[Any, int]:
    """Inner cells with their sums, the sums of sums last."""
    found = dict(inner)
    for one in sorted(relations, key=lambda one: ("rows" in str(one.total)) + ("columns" in str(one.total))):
        found[one.total] = sum(found[part] for part in one.parts)
    return found


def fits(count: int, key: Any, values: Mapping[Any, int], got: Withheld, policy: Policy) -> bool:
    """Whether a count looks like what is shown, to somebody told the reasons."""
    reason = got.reasons.get(key)
    if reason is None:
        return count == values[key]
    assert policy.largest is not None
    if reason is Reason.SMALL:
        return policy.is_small(count)
    floor = {Reason.COMPLEMENT: policy.largest + 1, Reason.UNSAID: policy.smallest or 0}.get(reason, 0)
    return count >= floor


@FEW
@given(two_way(4), st.data())
def test_a_second_output_does_not_give_away_the_first(table: Table, data: st.DataObject) -> None:
    """The same children by another breakdown, later: what was shown stays known, what was withheld stays protected."""
    values, relations, _ = table
    first = withhold(values, relations, PUBLIC)
    later, again = dict(values), list(relations)
    for key in [key for key in values if key[1] == "columns"]:
        part = data.draw(st.integers(0, values[key]))
        later |= {(key, "girls"): part, (key, "boys"): values[key] - part}
        again.append(Relation(key, ((key, "girls"), (key, "boys"))))
    second = withhold(later, again, PUBLIC, known=first.known)
    both = texts(second) | {key: text for key, text in texts(first).items() if text != PUBLIC.symbol}
    zeros = Reason.ANY in second.reasons.values()
    left = recovered(both, again, PUBLIC, set(), zeros=zeros)
    assert set(left) <= set(second.exposed), "what is not protected is said"
    small = {key for key in second.exposed if key in first.reasons}
    assert small == set(), "what the first withheld can still be protected: nothing new need be shown"


@FEW
@given(two_way(4), st.data())
def test_two_releases_do_not_give_each_other_away(table: Table, data: st.DataObject) -> None:
    """Some rows are revised; a cell that was not revised is the same number in both releases."""
    values, relations, _ = table
    inner = {key: count for key, count in values.items() if key[0] != "rows" and key[1] != "columns"}
    revised = {key: data.draw(COUNTS) if data.draw(st.booleans()) else count for key, count in inner.items()}
    first = withhold({("old", key): count for key, count in values.items()}, renamed("old", relations), PUBLIC)
    new = complete(revised, relations)
    same = [Relation(("new", key), (("old", key),)) for key in values if new[key] == values[key]]
    everything = {("old", key): count for key, count in values.items()} | {
        ("new", key): count for key, count in new.items()
    }
    sums = [*renamed("old", relations), *renamed("new", relations), *same]
    second = withhold(everything, sums, PUBLIC, known=first.known)
    both = texts(second) | {key: text for key, text in texts(first).items() if text != PUBLIC.symbol}
    zeros = Reason.ANY in second.reasons.values()
    assert set(recovered(both, sums, PUBLIC, set(), zeros=zeros)) <= set(second.exposed)
    assert not {key for key in second.exposed if key in first.reasons}


def renamed(release: str, relations: Sequence[Relation]) -> list[Relation]:
    """The sums of one release."""
    return [Relation((release, one.total), tuple((release, part) for part in one.parts)) for one in relations]


@FEW
@given(st.lists(COUNTS, min_size=3, max_size=6), st.data())
def test_sets_of_areas_that_differ_by_a_few_children_are_not_both_shown(counts: list[int], data: st.DataObject) -> None:
    """Neighbours' totals of one release and the next: no piece that follows from them is small."""
    areas = range(len(counts))
    sets = st.frozensets(st.sampled_from(list(areas)), min_size=1)
    outputs = {
        name: Output(chosen, sum(counts[area] for area in chosen))
        for name, chosen in enumerate(data.draw(st.lists(sets, min_size=2, max_size=5)))
    }
    got = differenced({}, outputs, PUBLIC)
    shown = {name: one for name, one in outputs.items() if got.text(name) != PUBLIC.symbol}
    assert got.exposed == ()
    for outer, inner in product(shown.values(), repeat=2):
        if inner.covers < outer.covers:
            assert not PUBLIC.is_small((outer.count or 0) - (inner.count or 0))


def test_withholding_small_counts_alone_is_broken() -> None:
    """The attacker is not blind: a table with small counts left out, and nothing else, gives them all away."""
    values = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 11, ("b", "y"): 2}
    values, relations, _ = filled(values, [Relation("rows", ("a", "b"))], [Relation("columns", ("x", "y"))])
    naive = {key: "c" if PUBLIC.is_small(count) else str(count) for key, count in values.items()}
    assert recovered(naive, relations, PUBLIC, set()) == {("a", "x"): 1, ("b", "y"): 1}
    ours = attack(naive, relations, PUBLIC)
    assert {key: (found.low, found.high) for key, found in ours.items()} == {("a", "x"): (3, 3), ("b", "y"): (2, 2)}


@FEW
@given(hierarchy(), st.sampled_from([PUBLIC, RESEARCH]), st.booleans())
def test_both_attackers_find_the_same(table: Table, policy: Policy, told: bool) -> None:
    """Of a naive control, which leaves something to find."""
    values, relations, large = table
    naive = {
        key: policy.symbol if policy.is_small(count) else f"{nearest(count, policy, key in large):,}"
        for key, count in values.items()
    }
    reasons = {key: Reason.SMALL for key, text in naive.items() if text == policy.symbol} if told else None
    found = attack(naive, relations, policy, large=large, reasons=reasons)
    assert set(found) == {key for key, text in naive.items() if text == policy.symbol}
    narrow = {key: one.width for key, one in found.items() if one.width is not None and one.width < policy.protection}
    mine = recovered(naive, relations, policy, large, reasons, zeros=True)
    assert set(mine) <= set(narrow), "in whole numbers no less is found than in fractions"
    assert all(found[key].low <= values[key] and values[key] <= (found[key].high or math.inf) for key in found)


@pytest.mark.parametrize("policy", [PUBLIC, RESEARCH])
def test_a_result_holds_no_withheld_count(policy: Policy) -> None:
    """A file or a log of the result must not leak what it hides."""
    got = withhold({"T": 40_044, "A": 4, "B": 17_017, "C": 23_023}, [Relation("T", ("A", "B", "C"))], policy)
    assert [got.text(key) for key in "TABC"] == ["40,044", "c", "c", "23,023"]
    said = f"{got!r} {got.to_dict()} {got.summary()} {got.known}"
    assert "40044" in said
    assert "17017" not in said
    assert "17,017" not in said
