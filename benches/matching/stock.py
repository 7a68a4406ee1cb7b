"""Tens of thousands of records that share one title, as a search for a journal's name brings them in."""

from __future__ import annotations

import itertools
import random

from benches.matching import phrases
from benches.matching.families import grown, row
from benches.matching.sets import Labelled, Row, shuffled

SEED = 20260305
SUBJECTS = [topic for topics in phrases.TOPICS.values() for topic in topics.split("|")] + phrases.OUTCOMES
SORTS = ("Journal of", "Annals of", "Archives of", "Review of", "Bulletin of")
JOURNALS = [f"{SORTS[len(subject) % len(SORTS)]} {subject.title()}" for subject in SUBJECTS]
ISSUES = list(itertools.product(JOURNALS, range(1975, 2023), range(1, 13)))


def editorials(count: int, title: str = "Editorial") -> Labelled:
    """About `count` editorials of a hundred journals, one for each issue; copies lack an editor, pages or other things.

    The journal, the year, the volume and the issue are always there, so that a librarian could tell every truth.
    """
    rng = random.Random(SEED)
    works = [_editorial(rng, title, *issue) for issue in rng.sample(ISSUES, int(count / 1.47))]
    rows = list(grown([(lambda _: works, 1, "title journal year volume number")], SEED))
    return shuffled(f"{len(rows):,} records titled “{title}”", rows, SEED)


def _editorial(rng: random.Random, title: str, journal: str, year: int, issue: int) -> Row:
    first = rng.choice((1, 1, 1, rng.randint(60, 900)))
    return row(
        ENTRYTYPE="article",
        title=title,
        author=" and ".join(phrases.authors(rng)[:2]) if rng.random() < 0.6 else "",
        year=year,
        journal=journal,
        volume=year - 1974 + sum(map(ord, journal)) % 90,
        number=issue,
        pages=f"{first}-{first + rng.randint(0, 3)}",
    )
