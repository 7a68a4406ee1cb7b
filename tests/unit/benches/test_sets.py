"""The sets on which deduplication is measured are what they are said to be."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from benches.matching.fields import FAMILIES, other_fields
from benches.matching.grey import grey_literature
from benches.matching.many import Many, chained, followers
from benches.matching.sets import Labelled, shared
from benches.matching.stock import editorials
from tests.shared import needs_shared
from whatworks.collate.sources import read

# Records and records that can be removed, as others count them (bib-dedupe's own published evaluation).
SIZES = {
    "cytology_screening": (1856, 772),
    "haematology": (1415, 135),
    "respiratory": (1988, 436),
    "stroke": (1292, 314),
    "exp_mis_baseline": (3487, 1535),
}
HELD_OUT = {"fields": other_fields, "grey": grey_literature}


@needs_shared
@pytest.mark.parametrize("name", SIZES)
def test_shared_sets_have_the_published_sizes(name: str) -> None:
    """Another count would be another definition, and no figure could be compared."""
    one = shared(name)
    assert (len(one.rows), len(one.rows) - len(set(one.works))) == SIZES[name]


@pytest.mark.parametrize("name", HELD_OUT)
def test_a_held_out_set_is_the_same_each_time(name: str) -> None:
    """And holds some thousands of records, a third of them copies."""
    one, again = HELD_OUT[name](), HELD_OUT[name]()
    assert one == again
    assert 2500 < len(one.rows) < 4000
    assert 0.2 < 1 - len(set(one.works)) / len(one.rows) < 0.4


@pytest.mark.parametrize("name", HELD_OUT)
def test_no_two_works_of_a_held_out_set_are_word_for_word_alike(name: str) -> None:
    """Of two works without a difference nobody could know the truth."""
    one = HELD_OUT[name]()
    homes: dict[tuple[str, ...], set[int]] = {}
    for row, work in zip(one.rows, one.works, strict=True):
        homes.setdefault(tuple(row.values()), set()).add(work)
    assert [key for key, works in homes.items() if len(works) > 1] == []


def test_traps_are_a_good_part() -> None:
    """A set without near-duplicates would be passed by merging on titles."""
    assert sum(times for _, times, keeps in FAMILIES if keeps) > 0.3 * sum(times for _, times, _ in FAMILIES)


@needs_shared
def test_many_records_are_the_same_each_time_and_know_their_works() -> None:
    """Every real work stands in them before any is made up."""
    many, again = Many(12_000), Many(12_000)
    rows = list(many.rows())
    assert rows == list(again.rows()) and len(rows) == len(many.works) == 12_000
    assert 0.25 < 1 - len(set(many.works)) / len(rows) < 0.4
    assert all(row["title"] or row["doi"] for row in rows)


def test_a_made_up_title_is_a_walk_through_real_ones() -> None:
    """Each word has followed the one before it somewhere."""
    import random

    real = ["foster care and school", "school moves and foster homes", "care and homes"]
    follow = followers(real)
    for seed in range(20):
        words = chained(follow, random.Random(seed)).split()
        assert 5 <= len(words) <= 20
        assert set(words) <= {word for title in real for word in title.split()}


def test_editorials_share_their_title_and_nothing_else_by_rule() -> None:
    """No two works of one journal, volume, issue and page."""
    one = editorials(2000)
    assert {row["title"].lower().strip(".") for row in one.rows} == {"editorial"}
    assert 1800 < len(one.rows) < 2200 and max(Counter(one.works).values()) > 1


def test_written_sets_are_read_as_they_were(tmp_path: Path) -> None:
    """A peer that gets other records than ours is not compared."""
    row = {
        "title": 'A, "b" & c',
        "author": "Osei, Kwame and Reyes, Daniel",
        "year": "2011",
        "pages": "1-9",
        "ENTRYTYPE": "article",
    }
    one = Labelled("one", [row, {**row, "title": "Another", "ENTRYTYPE": "book"}], [1, 2])
    one.write(tmp_path / "set.csv")
    one.write_ris(tmp_path / "set.ris")
    with (tmp_path / "set.csv").open(encoding="utf-8", newline="") as file:
        assert [(line["ID"], line["title"]) for line in csv.DictReader(file)] == [("0", row["title"]), ("1", "Another")]
    first, second = read(tmp_path / "set.ris")
    assert (first.identifier, first.title, first.authors) == ("0", row["title"], ("Osei, Kwame", "Reyes, Daniel"))
    assert (first.year, first.pages, second.entry_type) == (2011, "1-9", "BOOK")
