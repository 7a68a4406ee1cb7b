"""The library's way in: tables of any kind, pairs, clusters, the merged view; and matching new records against held ones."""

from __future__ import annotations

import json

import pytest

from tests.unit.collate.exports import record
from whatworks import deduplicate
from whatworks.collate.methods.matching import Sketch, compare_records, keys_of, match_new, propose, sketch
from whatworks.errors import InputError

ROWS = [
    {"title": "Leaving care in Norway: a cohort study", "author": "Nilsen, Odd and Lund, P.", "year": 2014}
    | {"journal": "Child Welfare", "volume": "12", "pages": "101-120", "doi": ""},
    {"title": "LEAVING CARE IN NORWAY: A COHORT STUDY", "author": "Nilsen, O.; Lund, Petra", "year": 2014.0}
    | {"journal": "Child Welf", "volume": "12", "pages": "101-20", "doi": "https://doi.org/10.5555/ABC"},
    {"title": "Erratum: Leaving care in Norway: a cohort study", "author": "Nilsen, Odd and Lund, P.", "year": 2014}
    | {"journal": "Child Welfare", "volume": "12", "pages": "300", "doi": None},
    {"title": "Foster carers in Chile", "author": "Reyes, Daniel", "year": None}
    | {"journal": float("nan"), "volume": "", "pages": "", "doi": ""},
]


class Frame:
    """As much of a pandas frame as is used."""

    columns = tuple(ROWS[0])

    def to_dict(self, how: str) -> list[dict[str, object]]:
        assert how == "records"
        return [dict(row) for row in ROWS]


class Polars:
    """As much of a polars frame as is used."""

    def to_dicts(self) -> list[dict[str, object]]:
        return [dict(row) for row in ROWS]


@pytest.mark.parametrize(
    "table",
    [ROWS, {name: [row[name] for row in ROWS] for name in ROWS[0]}, Frame(), Polars()],
    ids=["rows", "columns", "pandas", "polars"],
)
def test_a_table_may_come_in_any_form(table: object) -> None:
    found = deduplicate(table)
    assert found.clusters == [(0, 1), (2,), (3,)]
    assert [(one.a, one.b, one.decision) for one in found.pairs] == [(0, 1, "same"), (0, 2, "ask"), (1, 2, "ask")]
    assert found.counts() == {
        "records": 4,
        "clusters": 3,
        "removed": 1,
        "pairs_same": 1,
        "pairs_ask": 2,
        "pairs_linked": 0,
    }


def test_the_merged_view_says_where_each_field_came_from() -> None:
    merged = deduplicate(ROWS).merged[0]
    assert (merged.fields["title"], merged.sources["title"]) == ("Leaving care in Norway: a cohort study", 0)
    assert (merged.fields["doi"], merged.sources["doi"]) == ("https://doi.org/10.5555/ABC", 1)


def test_a_result_is_json_and_one_sentence() -> None:
    found = deduplicate(ROWS)
    told = json.loads(json.dumps(found.to_dict()))
    assert told["pairs"][0]["reason"].startswith("The titles are equal; authors, year, journal, volume")
    assert told["clusters"] == [[0, 1], [2], [3]]
    assert found.summary() == (
        "4 records are 3 publications (1 duplicates); 2 pairs to ask a person about, 0 linked and kept apart."
    )


def test_records_are_a_table_too() -> None:
    records = [record(TI="Leaving care in Norway", AU="Nilsen, Odd", PY="2014", JO="Child Welfare") for _ in range(2)]
    assert deduplicate(records).clusters == [(0, 1)]
    assert deduplicate([]).clusters == []


@pytest.mark.parametrize("table", [[1, 2], ["a title"], {"title": ["a"], "year": []}])
def test_what_is_no_table_is_refused_in_a_sentence(table: object) -> None:
    with pytest.raises(InputError, match=r"^deduplicate: .*\.$"):
        deduplicate(table)


def test_all_pairs_of_a_cluster_are_listed_up_to_fifty_and_a_star_beyond() -> None:
    whole = deduplicate([ROWS[0]] * 50)
    assert len(whole.pairs) == 50 * 49 // 2
    star = deduplicate([ROWS[0]] * 51)
    assert {one.a for one in star.pairs} == {0} and len(star.pairs) == 50


# --- incremental ------------------------------------------------------------------------------------------------

OLD = record(
    TI="Leaving care in Norway: a cohort study", AU="Nilsen, Odd", PY="2014", JO="Child Welfare", VL="3", SP="7-19"
)
NEW = record(TI="Leaving care in Norway: a cohort study.", AU="Nilsen O", PY="2014", JO="Child Welf", VL="3", SP="7-19")
OTHER = record(TI="Foster carers in Chile", AU="Reyes, Daniel", PY="2014")


def test_keys_are_the_same_in_every_run() -> None:
    """They are stored; another Python, or another day, must find them again. They change with KEYS_VERSION alone."""
    assert keys_of(OTHER) == (-7606969287714532919, 7294940287292230543)
    assert set(keys_of(OLD)) & set(keys_of(NEW))
    assert not set(keys_of(OLD)) & set(keys_of(OTHER))
    assert all(-(2**63) <= key < 2**63 for key in keys_of(OLD))


def test_a_sketch_is_kept_as_text() -> None:
    kept = sketch(OLD).to_text()
    assert Sketch.from_text(kept) == sketch(OLD)
    assert keys_of(Sketch.from_text(kept)) == keys_of(OLD)


def test_new_records_meet_held_ones_and_each_other_but_held_ones_do_not() -> None:
    held = [sketch(OLD), sketch(OLD), sketch(OTHER)]
    found = match_new([NEW, OTHER], held)
    assert [(one.a, one.b, one.decision) for one in found] == [(0, 2, "same"), (0, 3, "same"), (1, 4, "ask")]
    assert [(one.a, one.b) for one in propose([NEW, OTHER, OLD, OLD, OTHER])] == [(0, 2), (0, 3), (1, 4), (2, 3)]


def test_two_records_are_compared_as_a_table_would_be() -> None:
    found = compare_records(NEW, sketch(OLD))
    assert (found.decision, found.rule) == ("same", "place")
    assert found.probability > 0.9
    assert compare_records(NEW, OTHER).decision == "different"
