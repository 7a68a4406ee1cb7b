"""The fast ways of matching against slow, obvious ones: the same pairs meet, and the same is found to agree."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.match import rules, weights
from whatworks.collate.methods.match.blocking import candidates
from whatworks.collate.methods.match.comparing import Compared, People, Said, compare
from whatworks.collate.methods.match.deduplicating import find, sketched
from whatworks.collate.methods.match.grouping import clusters
from whatworks.collate.methods.match.people import head_of
from whatworks.collate.methods.match.sketches import columns_of
from whatworks.collate.methods.match.sketching import Fields, Sketch, keys_of, sketch_of
from whatworks.collate.methods.match.wording import Told, Wording, wording

NAMES = ("Kushel, Margot B.", "Yen, I. H.", "van der Berg, Anna", "Department for Education", "[Anonymous]")
RECORDS = st.builds(
    Fields,
    title=st.sampled_from(
        ["Leaving care in Norway and Sweden", "Leaving care in Norway and Sweden: a cohort study", "Editorial", ""]
    ),
    authors=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    year=st.sampled_from([0, 2006, 2007, 2009]),
    venue=st.sampled_from(["", "Child Welfare", "Child Welf", "Journal of Adolescence"]),
    volume=st.sampled_from(["", "12", "12 (Pt 1)", "13"]),
    issue=st.sampled_from(["", "1", "2"]),
    pages=st.sampled_from(["", "12-30", "12-130", "14-20", "S12", "12"]),
    doi=st.sampled_from(["", "10.1001/a", "https://doi.org/10.1001/A", "10.1001/b"]),
)
TABLES = st.lists(RECORDS.map(sketch_of), max_size=12)


@given(TABLES)
def test_the_pairs_that_meet_are_those_that_share_a_key(sketches: list[Sketch]) -> None:
    """In blocks too small to be crowded, nothing is left out and nothing is added."""
    shared = {
        (a, b)
        for (a, one), (b, other) in itertools.combinations(enumerate(map(keys_of, sketches)), 2)
        if set(one) & set(other)
    }
    assert {tuple(pair) for pair in candidates(columns_of(sketches)).tolist()} == shared


@given(TABLES, st.integers(0, 6))
def test_held_records_do_not_meet_each_other(sketches: list[Sketch], first: int) -> None:
    columns = columns_of(sketches)
    wanted = [pair for pair in candidates(columns).tolist() if pair[0] < first]
    assert candidates(columns, first=first).tolist() == wanted


@given(TABLES)
def test_fields_are_found_to_agree_as_one_would_by_hand(sketches: list[Sketch]) -> None:
    pairs = np.array(list(itertools.combinations(range(len(sketches)), 2)), dtype=np.int64).reshape(-1, 2)
    found = compare(columns_of(sketches), pairs)
    for at, (a, b) in enumerate(zip(found.one.tolist(), found.other.tolist(), strict=True)):
        x, y = sketches[a], sketches[b]
        assert found.wording[at] == wording(x.title, y.title)
        assert found.year[at] == by_hand(x.year, y.year, abs(x.year - y.year) == 1)
        if x.volume and y.volume:
            assert found.volume[at] == by_hand(x.volume, y.volume)
        assert (found.doi[at] == Said.SAME) == bool(x.doi and x.doi == y.doi)
        assert (found.people[at] == People.SILENT) == (not x.families or not y.families)
        if found.people[at] in (People.ALL, People.FEWER, People.SOME):
            assert {head_of(one) for one in x.families} & {head_of(one) for one in y.families}


def by_hand(one: int, other: int, near: bool = False) -> Said:
    """Whether two numbers agree, 0 being unknown."""
    if not (one and other):
        return Said.SILENT
    return Said.SAME if one == other else Said.NEAR if near else Said.DIFFER


@given(st.integers(1, 9), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_clusters_are_what_can_be_reached(count: int, pairs: list[tuple[int, int]]) -> None:
    inside = [(a, b) for a, b in pairs if a < count and b < count]
    homes = list(range(count))
    for _ in range(count):
        for a, b in inside:
            homes[a] = homes[b] = min(homes[a], homes[b])
    expected = [tuple(at for at in range(count) if homes[at] == home) for home in sorted(set(homes))]
    assert clusters(count, inside) == expected


@given(st.lists(RECORDS, max_size=10))
def test_sketching_in_pieces_changes_nothing(fields: list[Fields]) -> None:
    whole, pieces = columns_of([sketch_of(one) for one in fields]), sketched(iter(fields))
    assert whole.titles == pieces.titles
    assert (whole.keys == pieces.keys).all() and (whole.families == pieces.families).all()


def test_sketching_in_two_processes_changes_nothing() -> None:
    """More records than one piece holds: their order must be kept."""
    fields = [Fields(title=f"Report number {at} on leaving care", year=1900 + at % 100) for at in range(9000)]
    alone, together = sketched(fields), sketched(fields, workers=2)
    assert alone.titles == together.titles
    assert (alone.keys == together.keys).all()


def test_every_level_has_a_weight() -> None:
    """A level without one would be read from its neighbour."""
    assert {field: len(said) for field, said in weights.LEVELS.items()} == {
        field: len(values) for field, values in weights.WEIGHTS.items()
    }
    assert len(weights.LEVELS["people"]) == len(People)
    assert len(weights.LEVELS["numbers"]) == len(Told)
    assert len(weights.LEVELS["title"]) == len(Wording) - 1  # ORDER stands with SPELLING, EXACT in two


@pytest.mark.parametrize(
    ("field", "better", "worse"),
    [
        ("title", "equal", "far"),
        ("title", "spelling or order", "a few words differ"),
        ("people", "all", "none"),
        ("year", "same", "farther"),
        ("journal", "same", "differs"),
        ("place", "volume and pages", "volume, not the page"),
        ("place", "volume and page", "not the page"),
        ("doi", "same", "differs"),
    ],
)
def test_agreeing_weighs_more_than_differing(field: str, better: str, worse: str) -> None:
    """Weights that say otherwise were fitted to an accident."""
    said, values = weights.LEVELS[field], weights.WEIGHTS[field]
    assert values[said.index(better)] > values[said.index(worse)] + 0.5


def test_fifty_thousand_records_of_one_title_are_not_all_compared() -> None:
    """All pairs would be 1.25 thousand million; neighbours in two orders are at most 24 a record for each key."""
    one = sketch_of(Fields("Editorial", ("Thornton, Paul",), 2012, "Adoption Practice"))
    many = [one._replace(volume=at % 50, page=at, year=1960 + at % 60) for at in range(1, 50_001)]
    pairs = candidates(columns_of(many))
    assert len(pairs) <= 60 * len(many)
    assert len(pairs) < 1_250_000_000 // 400


def test_duplicates_are_neighbours_in_a_crowd() -> None:
    """Two of ten thousand editorials stand in the same place and must meet."""
    one = sketch_of(Fields("Editorial", ("Thornton, Paul",), 2012, "Adoption Practice"))
    crowd = [one._replace(volume=at % 50 + 1, page=at + 1, year=1960 + at % 60) for at in range(10_000)]
    crowd += [crowd[4321]._replace(families=("thorton",)), crowd[77]._replace(issue=3)]
    met = {tuple(pair) for pair in candidates(columns_of(crowd)).tolist()}
    assert (4321, 10_000) in met and (77, 10_001) in met


@given(TABLES)
def test_a_rule_never_merges_what_it_calls_related(sketches: list[Sketch]) -> None:
    found = find(columns_of(sketches))
    home = {at: group for group in found.settled.groups for at in group}
    for at in np.flatnonzero(found.judged.never):
        assert home[int(found.compared.one[at])] != home[int(found.compared.other[at])]


def test_every_rule_has_a_name_and_a_decision() -> None:
    empty = compare(columns_of([]), np.zeros((0, 2), dtype=np.int64))
    assert isinstance(empty, Compared)
    assert len(rules.judge(empty).decisions) == 0
    assert set(rules.NEVER) <= set(rules.RULES)
