"""Draws: every allocation that may be is as likely, numbers are kept, results are pinned, and what cannot be is refused."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from whatworks.errors import InputError
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating.constraining import by_name, constrain, exact
from whatworks.trial.methods.allocating.drawing import blocks, complete, pairs, simple, steps, within_strata
from whatworks.trial.methods.allocating.minimising import minimise

EVEN = {"offered": 1, "usual": 1}
PINNED = {
    "complete": "uoouuouoooouuuuuuooo",
    "simple": "oouooouuouuoouuoouuo",
    "blocks": "uuoouuoooouuoouuuoou",
    "steps": "33411322412423231414",
    "minimised": "ououuououoouuoououou",
}
NAMES = [f"unit {number:02}" for number in range(1, 21)]


def lot(word: str = "test") -> Lot:
    """A lot whose seed is the digest of a word."""
    return Lot(hashlib.sha256(word.encode()).hexdigest())


def test_draws_are_pinned() -> None:
    """What these seeds gave once they must give for ever: a draw that was published is drawn again from its file."""

    def said(found: dict[str, str]) -> str:
        return "".join(found[name][0] for name in sorted(found))

    assert said(complete(NAMES, EVEN, lot())) == PINNED["complete"]
    assert said(simple(NAMES, EVEN, lot())) == PINNED["simple"]
    assert said(blocks(NAMES, EVEN, [4, 6], lot())) == PINNED["blocks"]
    assert said(steps(NAMES, [5, 5, 5, 5], lot())) == PINNED["steps"]
    assert said(minimise([(name, {"size": name[-1]}) for name in NAMES], EVEN, lot())) == PINNED["minimised"]


@given(st.integers(2, 40), st.integers(1, 3), st.integers(1, 3), st.integers(0, 99))
def test_numbers_in_the_arms_are_as_even_as_their_parts_allow(count: int, one: int, other: int, word: int) -> None:
    units = [str(number) for number in range(count)]
    found = Counter(complete(units, {"a": one, "b": other}, lot(str(word))).values())
    assert sum(found.values()) == count
    for arm, parts in (("a", one), ("b", other)):
        assert parts * (count // (one + other)) <= found[arm] <= parts * -(-count // (one + other))


def test_every_complete_draw_is_as_likely() -> None:
    held = lot()
    found = Counter("".join(complete("abcd", EVEN, held).values()) for _ in range(6000))
    assert len(found) == math.comb(4, 2)
    assert chisquare(list(found.values())).pvalue > 0.001


@given(st.integers(1, 60), st.integers(0, 99))
def test_blocks_are_even_wherever_they_end(count: int, word: int) -> None:
    units = [str(number) for number in range(count)]
    found = list(blocks(units, EVEN, [2], lot(str(word))).values())
    assert len(found) == count
    for start in range(0, count - 1, 2):
        assert set(found[start : start + 2]) == set(EVEN)


def test_strata_are_drawn_each_for_itself() -> None:
    strata = {"north": NAMES[:6], "south": NAMES[6:14], "west": NAMES[14:]}
    found = within_strata(strata, EVEN, lot())
    assert set(found) == set(NAMES)
    for units in strata.values():
        assert Counter(found[unit] for unit in units)["offered"] == len(units) // 2


def test_pairs_are_split() -> None:
    matched = [NAMES[place : place + 2] for place in range(0, 20, 2)]
    found = pairs(matched, EVEN, lot())
    assert all({found[one], found[other]} == set(EVEN) for one, other in matched)


def test_each_step_of_a_wedge_has_its_clusters() -> None:
    assert Counter(steps(NAMES, [2, 3, 15], lot()).values()) == {"1": 2, "2": 3, "3": 15}


def test_minimisation_prefers_the_arm_that_balances_as_often_as_its_coin_says() -> None:
    """One factor with one value: after a unit in one arm, the other is preferred, with 4 in 5."""
    other = sum(
        minimise([("new", {"f": "x"})], EVEN, lot(str(word)), before=[({"f": "x"}, "offered")])["new"] == "usual"
        for word in range(4000)
    )
    assert other == pytest.approx(3200, abs=100)


def test_minimisation_keeps_arms_alike_in_every_factor() -> None:
    units = [(f"u{n}", {"size": "large" if n % 3 else "small", "area": str(n % 4)}) for n in range(120)]
    found = minimise(units, EVEN, lot())
    for factor in ("size", "area"):
        for value in {values[factor] for _, values in units}:
            held = Counter(found[name] for name, values in units if values[factor] == value)
            assert abs(held["offered"] - held["usual"]) <= 4


def table() -> list[list[Fraction]]:
    """Two covariates of eight units."""
    return [
        [exact(one), exact(other)]
        for one, other in zip("12345678", ["3.5", "1", "4", "1", "5", "9", "2.25", "6"], strict=True)
    ]


@pytest.mark.parametrize("measure", ["l1", "l2"])
def test_balance_is_the_formula_and_the_kept_are_the_best(measure: str) -> None:
    rows = table()
    found = constrain(rows, 4, lot(), keep=Fraction(1, 5), measure=measure)

    def score(chosen: tuple[int, ...]) -> float:
        total = 0.0
        for column in zip(*rows, strict=True):
            values = [float(one) for one in column]
            mean = sum(values) / 8
            s2 = sum((one - mean) ** 2 for one in values) / 7
            apart = sum(values[one] for one in chosen) / 4 - sum(v for n, v in enumerate(values) if n not in chosen) / 4
            total += apart**2 / s2 if measure == "l2" else abs(apart) / math.sqrt(s2)
        return total

    ranked = sorted(score(one) for one in combinations(range(8), 4))
    assert found.looked_at == 70 and float(found.cutoff) == pytest.approx(ranked[13], rel=1e-12)
    assert [float(one) for one in found.scores] == pytest.approx([score(one) for one in found.kept], rel=1e-12)
    assert len(found.kept) == sum(one <= ranked[13] + 1e-12 for one in ranked)
    assert found.chosen in found.kept


def test_the_mean_over_all_allocations_is_known_beforehand() -> None:
    """With weights 1 / s^2 it is, for each covariate, 1 / n of one arm plus 1 / n of the other, whatever the values."""
    found = constrain(table(), 3, lot(), keep=Fraction(1))
    assert sum(found.scores) / len(found.scores) == 2 * (Fraction(1, 3) + Fraction(1, 5))


def test_every_kept_allocation_is_as_likely() -> None:
    held = lot("kept")
    found = Counter(constrain(table(), 4, held, keep=Fraction(1, 5)).chosen for _ in range(4000))
    assert chisquare(list(found.values())).pvalue > 0.001


def test_units_that_are_never_apart_are_named() -> None:
    """Keep so few that some pairs are always or never in one arm: the draw then says little, and says so."""
    tight = constrain(table(), 4, lot(), keep=Fraction(1, 70))
    assert tight.always_or_never
    assert not constrain(table(), 4, lot(), keep=Fraction(1)).always_or_never
    assert constrain(table(), 4, lot(), keep=Fraction(1)).together[0, 1] == Fraction(3, 7)


def test_a_sample_holds_different_allocations() -> None:
    found = constrain(table(), 4, lot(), keep=Fraction(1, 2), sample=40)
    assert found.looked_at == 40 and len(set(found.kept)) == len(found.kept) >= 20


def test_places_become_names() -> None:
    assert by_name(["a", "b", "c"], EVEN, [1]) == {"a": "usual", "b": "offered", "c": "usual"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: complete(["a", "b", "a"], EVEN, lot()), "a is in the list twice"),
        (lambda: complete([], EVEN, lot()), "is empty"),
        (lambda: complete(["a"], {"offered": 1}, lot()), "two arms or more"),
        (lambda: blocks(NAMES, EVEN, [3], lot()), "multiple of 2"),
        (lambda: pairs([["a", "b"], ["c"]], EVEN, lot()), "The set with c has 1"),
        (lambda: steps(NAMES, [5, 5], lot()), "take 10 clusters"),
        (lambda: minimise([("a", {"f": ""})], EVEN, lot()), "lacks a value"),
        (lambda: minimise([("a", {"f": "x"})], EVEN, lot(), coin=(1, 2)), "does not prefer"),
        (lambda: constrain(table(), 8, lot()), "leaves an arm empty"),
        (lambda: constrain([[exact("1")]] * 4, 2, lot()), "the same for all units"),
        (lambda: constrain(table(), 4, lot(), measure="l3"), "no measure of balance"),
        (lambda: constrain(table(), 4, lot(), sample=71), "only 70 allocations"),
        (lambda: constrain(table(), 4, lot(), keep=Fraction(0)), "cannot be kept"),
        (lambda: constrain([[Fraction(n)] for n in range(40)], 20, lot()), "give a sample"),
        (lambda: exact("many"), "is no number"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong()
