"""Noise that is not what databases do would make the benches of large sets worthless."""

from __future__ import annotations

import random

import pytest

from benches.matching.kinds import FIELDS_WITH_NOISE, KINDS, RATES, REASONED
from benches.matching.sets import Labelled, Row, all_shared
from benches.noise import COPIES, duplicates, measured, noisy
from tests.shared import needs_shared

ROW = {
    "title": "Family meetings before court: a randomised trial in seven districts of a northern county",
    "author": "Reyes, Daniel and Lindqvist, Sara Maria and Osei, Kwame and Whitlock, Joan",
    "year": "2014",
    "journal": "Journal of Community Child Health",
    "booktitle": "",
    "volume": "40",
    "number": "3",
    "pages": "1211-1220",
    "doi": "10.5555/jcch.2014.211",
    "abstract": "We asked families in seven districts. " * 20,
    "ENTRYTYPE": "article",
}
OFTEN = 90  # of 200: some draws leave a value as it was, such as the swapping of two equal letters


def test_kinds_of_one_field_exclude_one_another() -> None:
    """More than every copy cannot differ."""
    assert set(RATES) == {kind.name for kind in KINDS}
    for field, kinds in FIELDS_WITH_NOISE.items():
        assert 0 < sum(RATES[kind.name] for kind in kinds) < 1, field
    assert sum(COPIES) == pytest.approx(1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_made_is_recognised(kind: object) -> None:
    """A kind that cannot be seen in what it makes itself measures something else."""
    rng = random.Random(7)
    made = [kind.make(ROW[kind.field], ROW, rng) for _ in range(200)]  # type: ignore[attr-defined]
    seen = sum(kind.seen(ROW[kind.field], value) for value in made)  # type: ignore[attr-defined]
    assert seen > OFTEN  # type: ignore[attr-defined]


def test_the_same_seed_gives_the_same_copy() -> None:
    """A bench whose records change between runs compares nothing."""
    assert noisy(ROW, random.Random("a")) == noisy(ROW, random.Random("a"))
    assert len({tuple(noisy(ROW, random.Random(seed)).values()) for seed in range(50)}) > 10


def test_what_tells_works_apart_is_kept() -> None:
    """Otherwise the truth of a trap could not be seen in its records."""
    keep = frozenset({"title", "year"})
    assert {(copy["title"], copy["year"]) for copy in copies(keep)} == {(ROW["title"], ROW["year"])}


def test_a_copy_can_still_be_placed() -> None:
    """A record without title and DOI is nobody's copy."""
    assert all(copy["title"] or copy["doi"] for copy in copies(frozenset()))


def copies(keep: frozenset[str]) -> list[Row]:
    return [noisy(ROW, random.Random(seed), keep) for seed in range(2000)]


@needs_shared
def test_rates_are_those_measured() -> None:
    """Within three in a hundred of what true duplicates show; the exceptions are named, with their reason."""
    for name, (seen, had) in measured(all_shared()).items():
        if name not in REASONED:
            assert abs(RATES[name] - seen / had) <= 0.03, name


@needs_shared
def test_works_have_as_many_copies_as_measured() -> None:
    """Pooled over the sets."""
    counts = [one.works.count(work) for one in all_shared() for work in set(one.works)]
    several = [count for count in counts if count > 1]
    for extra, share in enumerate(COPIES, 2):
        assert several.count(extra) / len(several) == pytest.approx(share, abs=0.005)


def test_an_unlikely_pair_is_not_measured_as_noise() -> None:
    """Only records of one work are compared."""
    pairs = list(duplicates(Labelled("two works", [ROW, ROW, ROW], [1, 2, 1])))
    assert len(pairs) == 2
