"""Sets of outputs: what is withheld, why, and what is said where nothing helps."""

from __future__ import annotations

import csv
import gzip
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.stats.disclosure import (
    INTERNAL,
    PUBLIC,
    RESEARCH,
    Output,
    Range,
    Reason,
    Relation,
    attack,
    counts_behind,
    crossed,
    differenced,
    withhold,
)

ROW = Relation("all", ("a", "b", "d"))


def test_one_small_count_takes_the_cheapest_other_with_it() -> None:
    got = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC)
    assert {key: got.shown(key) for key in ("all", "a", "b", "d")} == {"all": 42, "a": "c", "b": "c", "d": 30}
    assert [got.reason(key) for key in ("all", "a", "b", "d")] == [None, "small", "would give a away", None]
    assert got.summary() == "2 of 4 counts are withheld: 1 small, 1 because they would give another away."
    assert got.rate("d", 10_000, 10_000) == "30.0"
    assert got.rate("b", 10_000, 10_000) == "c"


def test_a_table_without_small_counts_stays_whole() -> None:
    got = withhold({"all": 40, "a": 10, "b": 30, "d": 0}, [ROW], PUBLIC)
    assert got.summary() == "0 of 4 counts are withheld."
    assert got.text("d") == "0"


def test_no_sums_no_complements() -> None:
    got = withhold({"a": 3, "b": 9}, [], PUBLIC)
    assert (got.text("a"), got.text("b")) == ("c", "9")
    assert withhold({}, [], PUBLIC).summary() == "0 of 0 counts are withheld."


def test_internal_readers_see_everything_but_what_the_publisher_withheld() -> None:
    got = withhold({"all": 12, "a": 3, "b": 9, "d": None}, [ROW], INTERNAL)
    assert [got.text(key) for key in ("all", "a", "b", "d")] == ["12", "3", "9", "c"]
    assert got.reason("d") == "withheld by its publisher"


def test_two_small_counts_that_give_each_other_away_need_a_third() -> None:
    """5 and 5: their sum of 10 leaves nothing else, for somebody who knows that both are at most 5."""
    got = withhold({"all": 40, "a": 5, "b": 5, "d": 30}, [ROW], PUBLIC)
    assert got.text("d") == "c" or got.text("all") == "c"
    ranges = attack({key: got.shown(key) for key in got.shows}, [ROW], PUBLIC, reasons=got.reasons)
    assert all(found.width is None or found.width >= 3 for found in ranges.values())


def test_where_only_the_reason_gives_it_away_the_reason_is_kept_back() -> None:
    """A total of 5 that is said to be small, over five parts that are not 0: each is 1."""
    parts = tuple(f"part {at}" for at in range(5))
    got = withhold({"all": 5, **dict.fromkeys(parts, 1)}, [Relation("all", parts)], PUBLIC)
    assert Reason.UNSAID in got.reasons.values()
    assert got.exposed == ()
    assert "not said" in str(got.reason(next(key for key, why in got.reasons.items() if why is Reason.UNSAID)))


def test_where_only_a_zero_gives_it_away_the_zero_is_withheld() -> None:
    """That d has girls and boys, and a girls only, narrows a table that was out before: the new cells must say nothing."""
    before = {"all": 10, "a": 1, "b": 6, "d": 3}
    first = withhold(before, [ROW], PUBLIC)
    assert (first.text("all"), first.text("b"), first.text("a")) == ("10", "6", "c")
    sexes = [Relation(name, ((name, "girls"), (name, "boys"))) for name in ("a", "d")]
    now = before | {("a", "girls"): 1, ("a", "boys"): 0, ("d", "girls"): 1, ("d", "boys"): 2}
    second = withhold(now, [ROW, *sexes], PUBLIC, known=first.known)
    assert second.exposed == ()
    assert "it may be 0" in " ".join(filter(None, map(second.reason, now)))


def test_what_was_shown_before_is_not_chosen_again() -> None:
    """b was public, so it protects nothing; d must go."""
    got = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC, known={"b": 9})
    assert (got.text("b"), got.text("d")) == ("9", "c")


def test_what_nothing_protects_any_more_is_said() -> None:
    got = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC, known={"all": 42, "b": 9, "d": 30})
    assert got.exposed == ("a",)
    assert "1 withheld counts can be narrowed down from what was public before" in got.warnings[0]
    assert got.possible["a"] == 1
    again = withhold({"a": 3}, [], PUBLIC, known={"a": 3})
    assert again.exposed == ("a",)


def test_a_rate_that_is_public_counts_as_known() -> None:
    known = {"b": counts_behind(9.0, 10_000, 10_000)}
    got = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC, known=known)
    assert got.text("d") == "c"


def test_what_is_out_is_known_to_the_next() -> None:
    first = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC, large={"all"})
    assert first.known == {"all": (35, 44), "b": 9, "d": 30}, "the rounded total hides enough by itself"
    second = withhold({"all": 42, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC, known=first.known)
    assert second.text("all") == "c", "unrounded it would give a away now"
    assert second.known == first.known


def test_a_cell_that_its_publisher_withheld_is_not_worked_out_for_the_reader() -> None:
    """The publisher's own table gives it away; ours does not."""
    got = withhold({"all": 100, "a": None, "b": 60, "d": 37}, [ROW], PUBLIC)
    assert got.reason("a") == "withheld by its publisher"
    assert len(got.reasons) == 2
    assert got.exposed == ()


def test_a_count_rounded_by_its_publisher_may_miss_its_parts_by_half_a_step() -> None:
    got = withhold({"all": 100, "a": 64, "b": 32, "d": 0}, [ROW], PUBLIC, rounded={"all": 10})
    assert got.summary() == "0 of 4 counts are withheld."
    with pytest.raises(InputError, match="No whole counts fit"):
        withhold({"all": 100, "a": 64, "b": 20, "d": 0}, [ROW], PUBLIC, rounded={"all": 10})


def test_a_small_difference_between_two_totals_is_protected_though_nobody_shows_it() -> None:
    got = withhold({"with": 103, "without": 100}, [Relation("with", ("without", "what is left"))], PUBLIC)
    assert len(got.reasons) == 1
    assert got.reason(next(iter(got.reasons))) == "would give what is left away"
    same = withhold({"with": 109, "without": 100}, [Relation("with", ("without", "what is left"))], PUBLIC)
    assert same.reasons == {}


def test_outputs_for_sets_that_differ_by_a_few_children_are_refused() -> None:
    before = {"ten neighbours": Output(frozenset(range(10)), 400)}
    now = {"nine neighbours": Output(frozenset(range(9)), 397), "others": Output(frozenset({20, 21}), 80)}
    got = differenced(before, now, PUBLIC)
    assert (got.text("nine neighbours"), got.text("others")) == ("c", "80")
    assert got.reason("nine neighbours") == "would give what ten neighbours has more than nine neighbours away"
    far = differenced(before, {"nine neighbours": Output(frozenset(range(9)), 390)}, PUBLIC)
    assert far.reasons == {}


def test_pieces_that_follow_from_overlapping_sets_are_found() -> None:
    """No set lies inside another here: {1, 2}, {2, 3}, {1, 3} give each area by itself."""
    sets = {"x": Output(frozenset({1, 2}), 23), "y": Output(frozenset({2, 3}), 43), "z": Output(frozenset({1, 3}), 26)}
    got = differenced({}, sets, PUBLIC)
    assert len(got.reasons) == 1  # area 1 has 3 children


def test_two_counts_of_one_set_are_one_count() -> None:
    one, other = Output(frozenset({1}), 30), Output(frozenset({1}), 31)
    assert differenced({"x": one}, {"x": one}, PUBLIC).text("x") == "30"
    with pytest.raises(InputError, match="add up"):
        differenced({"x": one}, {"y": other}, PUBLIC)
    with pytest.raises(InputError, match="at least one"):
        Output(frozenset(), 3)


def test_zeros_are_withheld_in_a_research_environment() -> None:
    got = withhold({"all": 60, "a": 0, "b": 20, "d": 40}, [ROW], RESEARCH)
    assert got.text("a") == "c"
    assert got.possible["a"] >= 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (({"all": 50, "a": 3, "b": 9, "d": 30}, [ROW], PUBLIC), "The parts of 'all' do not add up"),
        (({"all": 5, "a": None, "b": 9, "d": None}, [ROW], PUBLIC), "No whole counts fit"),
        (({"a": 1.5}, [], PUBLIC), "whole number"),
    ],
)
def test_counts_that_cannot_be_are_refused(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        withhold(*arguments)
    assert not {"3", "9", "30", "50"} & set(str(caught.value).split()), "a sentence that repeats counts leaks them"


def test_what_is_known_must_fit() -> None:
    with pytest.raises(InputError, match="a key of its own"):
        withhold({"a": 7}, [], PUBLIC, known={"a": 8})
    with pytest.raises(InputError, match="ends before it begins"):
        withhold({"a": 7}, [], PUBLIC, known={"a": (8, 7)})
    with pytest.raises(InputError, match="has no count"):
        withhold({"a": 7}, [], PUBLIC, large={"b"})
    with pytest.raises(InputError, match="1 or more"):
        withhold({"a": 7}, [], PUBLIC, rounded={"a": 0})


@pytest.mark.parametrize("parts", [(), ("all",), ("a", "a")])
def test_a_sum_that_is_none_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="mend the relation"):
        Relation("all", parts)


def test_a_cell_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="not one of the cells"):
        withhold({"a": 7}, [], PUBLIC).text("b")


def test_the_attacker_reads_outputs_or_says_why_not() -> None:
    assert attack({"all": "1,200", "a": "c", "b": "1,197"}, [Relation("all", ("a", "b"))], PUBLIC) == {"a": Range(3, 3)}
    assert attack({"a": "c"}, [], PUBLIC)["a"].width is None
    with pytest.raises(InputError, match="whole numbers or c"):
        attack({"a": "few"}, [], PUBLIC)
    with pytest.raises(InputError, match="No whole counts fit"):
        attack({"all": 5, "a": "c", "b": 9}, [Relation("all", ("a", "b"))], PUBLIC)


def test_crossed_sums_hold_in_each_row_and_column() -> None:
    held = crossed([Relation("England", ("x", "y"))], [Relation("all", ("boys", "girls")), 2025])
    assert Relation(("England", 2025), (("x", 2025), ("y", 2025))) in held
    assert Relation(("y", "all"), (("y", "boys"), ("y", "girls"))) in held
    assert len(held) == 4 + 3


def england(rng: np.random.Generator) -> tuple[dict[Any, int], Any, set[Any]]:
    """160 authorities in 10 regions, by subgroup and year, some counts small."""
    regions = [Relation(f"R{r}", tuple(f"LA{at:03}" for at in range(r, 160, 10))) for r in range(10)]
    areas = [*regions, Relation("England", tuple(one.total for one in regions))]
    years = range(2019, 2026)
    groups = crossed([Relation("all", ("uasc", "others"))], years)
    relations = crossed(areas, [*groups, *((name, year) for name in ("all", "uasc", "others") for year in years)])
    values: dict[Any, int] = {}
    for area in (part for one in regions for part in one.parts):
        for year in years:
            uasc, others = int(rng.poisson(30)) if rng.random() > 0.01 else 3, int(rng.poisson(180))
            values |= {
                (area, ("uasc", year)): uasc,
                (area, ("others", year)): others,
                (area, ("all", year)): uasc + others,
            }
    for one in areas:
        for column in {key[1] for key in list(values)}:
            values[one.total, column] = sum(values[part, column] for part in one.parts)
    return values, relations, {key for key in values if key[0] == "England" or key[0].startswith("R")}


def test_england_by_group_and_year_is_protected_with_few_cells() -> None:
    """3,591 cells: as many again as are small, and no region or England among them."""
    values, relations, large = england(np.random.default_rng(7))
    got = withhold(values, relations, PUBLIC, large=large)
    small = sum(PUBLIC.is_small(count) for count in values.values())
    assert 5 <= small <= 40
    assert small < len(got.reasons) <= 3 * small
    assert not large & set(got.reasons)
    ranges = attack({key: got.shown(key) for key in values}, relations, PUBLIC, large=large, reasons=got.reasons)
    assert set(ranges) == set(got.reasons)
    assert all(found.width is None or found.width >= 3 for found in ranges.values())


@needs_shared
def test_the_published_breakdown_has_no_count_that_the_policy_would_withhold() -> None:
    """The publisher's own rule, read off its files: PUBLIC is that rule."""
    path = SHARED / "social_care" / "dfe_cla" / "cla_starting_by_characteristics_2021_to_2025.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["geographic_level"] == "Local authority"]
    counts = {int(row["placements_number"]) for row in rows if row["placements_number"].isdigit()}
    assert min(counts) == 0
    assert len(counts) > 100
    assert not any(PUBLIC.is_small(count) for count in counts)
