"""What stands where in a map, counted fast and counted slowly; what a reader chose; the same map out and in again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.publish.methods.mapping import (
    Filter,
    Heading,
    Item,
    Map,
    Note,
    Option,
    grouped,
    in_two_levels,
    leaves,
    places_of,
    without_empty,
)
from whatworks.publish.methods.mapping_counting import (
    all_filters,
    counted,
    facets,
    fits,
    newest_first,
    size_of,
    states,
    unplaced,
    without_kind,
)
from whatworks.publish.methods.mapping_plain import from_plain, to_plain
from whatworks.publish.methods.mapping_sentences import told

ROWS = (
    Heading("g1", "First", (Heading("r1", "Row one"), Heading("r2", "Row two"))),
    Heading("g2", "Second", (Heading("r3", "Row three"),)),
)
COLUMNS = (
    Heading("h1", "Early", (Heading("c1", "School"), Heading("c2", "Home"))),
    Heading("h2", "Late", (Heading("c3", "IT skill"),)),
)
KINDS = (Option("k1", "Trials"), Option("k2", "Reviews"))
FILTERS = (Filter("place", "Place", (Option("p1", "Here"), Option("p2", "There"))),)
MAP = Map(
    "A map",
    ROWS,
    COLUMNS,
    KINDS,
    FILTERS,
    (
        Item("i1", "Crosses", ("r1", "r2", "c1", "c2", "k1", "p1")),
        Item("i2", "Stands where it says", ("k2", "p2"), (("r3", "c3"), ("r1", "c1"))),
        Item("i3", "Has no column", ("r1", "k1", "p1")),
        Item("i4", "Has no kind", ("r1", "c1")),
    ),
    {("r2", "c3"): Note("nothing-found"), ("r1", "c1"): Note("not-poolable", 2, "Low", "/evidence/x/")},
    blank="not-searched",
)
CODES = st.lists(st.sampled_from(["r1", "r2", "r3", "c1", "c2", "c3", "k1", "k2", "p1", "p2", "zz"]), max_size=8)
PLACES = st.lists(
    st.tuples(st.sampled_from(["r1", "r3", "gone"]), st.sampled_from(["c1", "c3", "gone"])), max_size=3, unique=True
)
ITEMS = st.lists(st.tuples(CODES, PLACES), max_size=12).map(
    lambda made: tuple(
        Item(f"i{n}", f"Item {n}", tuple(codes), tuple(places)) for n, (codes, places) in enumerate(made)
    )
)
CHOSEN = st.fixed_dictionaries(
    {}, optional={"kind": st.sets(st.sampled_from(["k1", "k2"])), "place": st.sets(st.sampled_from(["p1", "p2"]))}
)


def slowly(held: Map, chosen: dict[str, set[str]], row: str, column: str) -> int:
    """How many items stand in a cell, asked of each item in turn."""
    count = 0
    for item in held.items:
        wanted = all(any(code in item.codes for code in codes) for codes in chosen.values() if codes)
        there = (row, column) in item.places if item.places else row in item.codes and column in item.codes
        count += wanted and there
    return count


@given(ITEMS, CHOSEN)
def test_every_cell_holds_what_each_item_asked_in_turn_says(
    items: tuple[Item, ...], chosen: dict[str, set[str]]
) -> None:
    """A cell counted wrong sends a reader to a gap that is none."""
    held = replace(MAP, items=items)
    found = counted(held, chosen)
    for row in ("r1", "r2", "r3"):
        for column in ("c1", "c2", "c3"):
            cell = found.cells.get((row, column))
            assert (cell.count if cell else 0) == slowly(held, chosen, row, column)
            assert len(found.within.get((row, column), [])) == (cell.count if cell else 0)
    assert sum(states(held, found).values()) + sum(cell.count > 0 for cell in found.cells.values()) == found.total == 9


@given(ITEMS)
def test_a_group_holds_each_item_once_and_exactly_what_its_cells_hold(items: tuple[Item, ...]) -> None:
    """Adding up cells would count a study twice that stands in two of them."""
    held = replace(MAP, items=items)
    fine, coarse = counted(held), counted(grouped(held))
    for group in ROWS:
        for other in COLUMNS:
            keys = [(row.key, column.key) for row in leaves((group,)) for column in leaves((other,))]
            union = {item.key for key in keys for item in fine.within.get(key, ())}
            assert {item.key for item in coarse.within.get((group.key, other.key), ())} == union


@given(ITEMS, CHOSEN)
def test_a_count_beside_an_answer_is_what_choosing_it_gives(
    items: tuple[Item, ...], chosen: dict[str, set[str]]
) -> None:
    """A count that choosing does not give is a broken promise."""
    held = replace(MAP, items=items)
    counts = facets(held, chosen)
    for one in all_filters(held):
        for option in one.options:
            alone = {**chosen, one.key: {option.key}}
            assert counts[one.key][option.key] == sum(fits(item, alone) for item in items)


@given(ITEMS)
def test_the_same_map_comes_in_that_went_out(items: tuple[Item, ...]) -> None:
    """A map that changes on its way is not the map that was approved."""
    held = replace(MAP, items=items)
    assert from_plain(json.loads(json.dumps(to_plain(held)))) == held


def test_states_of_empty_cells_are_told_apart() -> None:
    """Searched with nothing found, and never searched, are not the same absence."""
    found = counted(MAP)
    assert states(MAP, found) == {"nothing-found": 1, "not-searched": 3}
    assert found.cells["r1", "c1"].state == "not-poolable"
    assert found.cells["r2", "c3"].state == "nothing-found"
    assert [share.count for share in found.cells["r1", "c1"].shares] == [1, 1]
    assert found.cells["r1", "c1"].count == 3  # the one without a kind is counted too


def test_a_square_whose_studies_were_not_chosen_is_no_gap() -> None:
    """Who narrows a map must not be told that nobody has searched where there are studies."""
    found = counted(MAP, {"kind": {"k2"}})
    assert found.cells["r1", "c2"].state == "not-chosen"
    assert found.cells["r3", "c3"].count == 1
    assert states(MAP, found) == {"not-chosen": 3, "nothing-found": 1, "not-searched": 3}
    assert "3 hold only what does not fit what you chose" in told(MAP, found)[2]


def test_what_has_no_cell_or_no_kind_is_named_not_lost() -> None:
    """An item that is drawn nowhere must still be told."""
    assert [item.key for item in unplaced(MAP)] == ["i3"]
    assert [item.key for item in without_kind(MAP)] == ["i4"]
    assert "1 of them stands in no square." in told(MAP, counted(MAP))[0]


def test_the_sentences_say_where_the_evidence_is_and_is_not() -> None:
    """They are all that somebody gets who does not see the map."""
    assert told(MAP, counted(MAP)) == (
        "4 studies and reviews on 3 ways of working and 3 outcomes. 1 of them stands in no square.",
        "Most is held on: Row one and school (3); Row one and home (1); Row two and school (1).",
        "4 of 9 squares are empty; 1 searched and nothing found; for 3 no search is recorded here.",
    )
    assert "Row three and IT skill (1)" in told(MAP, counted(MAP, {"kind": {"k2"}}))[1]
    assert told(MAP, counted(MAP, {"place": {"nowhere"}})) == ("Nothing fits what you chose.",)


def test_a_reader_chooses_one_of_several_answers_and_all_of_several_questions() -> None:
    """Within a question any answer is enough; two questions must both be met."""
    item = MAP.items[0]
    assert fits(item, {"kind": {"k1", "k2"}, "place": {"p1"}})
    assert not fits(item, {"kind": {"k1"}, "place": {"p2"}})
    assert fits(item, {"kind": set()})


def test_the_area_of_a_shape_grows_with_the_count() -> None:
    """A width that grows with the count would make twice as much look four times as much."""
    assert [size_of(count, 100) for count in (0, 1, 4, 25, 64, 100)] == [0, 1, 1, 2, 4, 5]
    assert size_of(0, 0) == 0


def test_newest_first_and_a_year_that_is_none_last() -> None:
    """A list in no order hides what is new."""
    items = [Item(str(n), "T", year=year) for n, year in enumerate(("1999", "in press", "2021", "2019-20"))]
    assert [item.year for item in newest_first(items)] == ["2021", "2019-20", "1999", "in press"]


def test_headings_between_groups_and_leaves_are_told_with_the_leaf() -> None:
    """Two levels are drawn; a third must not vanish, nor a heading without any under it."""
    deep = (Heading("a", "A", (Heading("b", "B", (Heading("c", "C"),)), Heading("d", "D"))), Heading("e", "E"))
    two = in_two_levels(deep)
    assert [(one.title, [leaf.title for leaf in one.parts]) for one in two] == [("A", ["B: C", "D"]), ("E", ["E"])]
    assert [leaf.key for leaf in leaves(two)] == ["c", "d", "e"]


def test_rows_without_anything_can_be_left_out_but_not_those_that_were_searched() -> None:
    """That somebody searched and found nothing is something."""
    held = replace(MAP, items=MAP.items[:1])
    assert [leaf.key for leaf in leaves(without_empty(held).rows)] == ["r1", "r2"]
    assert [leaf.key for leaf in leaves(without_empty(held).columns)] == ["c1", "c2", "c3"]


def test_places_that_the_map_does_not_have_are_no_places() -> None:
    """A key of a row that is gone would be counted and never drawn."""
    item = Item("i", "T", places=(("r1", "c1"), ("gone", "c1")))
    assert places_of(item, frozenset({"r1"}), frozenset({"c1"})) == [("r1", "c1")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "other"}, "not a map of ours"),
        ({"version": 99}, "version 99"),
        ({"rows": []}, "no rows or no columns"),
        ({"rows": [{"key": "a", "title": "A"}, {"key": "a", "title": "B"}]}, "Two rows have the key"),
        ({"rows": [{"key": '"><script>', "title": "A"}]}, "not made of letters"),
        ({"items": {"key": "x"}}, "not a list"),
        ({"items": [{"key": "x", "codes": [], "title": 7}]}, "is not text"),
        ({"items": [{"key": "x", "codes": [], "places": [["r1"]]}]}, "not a pair"),
        ({"items": [{"key": f"i{n}"} for n in range(20_001)]}, "at most 20,000"),
        ({"notes": [{"row": "r1", "column": "c1", "level": 9}]}, "whole number from 0 to 4"),
        ({"title": ""}, "no title"),
    ],
)
def test_what_is_no_map_is_refused_in_a_sentence(change: dict[str, object], sentence: str) -> None:
    """Whatever somebody sends, they are told what is wrong and nothing falls over."""
    with pytest.raises(InputError, match=sentence):
        from_plain(to_plain(MAP) | change)


def test_a_tree_without_end_is_refused() -> None:
    """A file could nest headings until the program runs out of room."""
    nested: dict[str, object] = {"key": "k0", "title": "T"}
    for number in range(1, 50):
        nested = {"key": f"k{number}", "title": "T", "parts": [nested]}
    with pytest.raises(InputError, match="more than 6 levels"):
        from_plain(to_plain(MAP) | {"rows": [nested]})
