"""As many records as asked for, made from the real ones: every real work as it is, then works put together from parts.

A made-up work takes its title's words one after another from real titles, its people from parts of real names, its
journal from the real journals; volume follows from journal and year. Copies get the noise that was measured between
true duplicates. The same number and seed give the same records, on every machine.
"""

from __future__ import annotations

import csv
import random
from array import array
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from benches.matching.families import WITH_COPIES
from benches.matching.kinds import initialled, people
from benches.matching.sets import FIELDS, Row, all_shared
from benches.noise import copies, noisy

SEED = 20260304
LONGEST = 20  # words of a made-up title
END = ""


class Many:
    """`count` records in an order that tells nothing; `works` gives the number of each record's work."""

    def __init__(self, count: int, seed: int = SEED) -> None:
        self.count, self.seed = count, seed
        rng = random.Random(seed)
        drawn: list[tuple[int, int]] = []
        while len(drawn) < count:
            work = drawn[-1][0] + 1 if drawn else 0
            drawn += [(work, copy) for copy in range(1 + (copies(rng) if rng.random() < WITH_COPIES else 0))]
        drawn = drawn[:count]
        rng.shuffle(drawn)
        self.works = array("q", (work for work, _ in drawn))
        self._copies = array("b", (copy for _, copy in drawn))

    def write(self, path: Path) -> None:
        """As CSV; the ID is the record's number from 0."""
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["ID", *FIELDS])
            out.writerows([number, *(row[field] for field in FIELDS)] for number, row in enumerate(self.rows()))

    def rows(self) -> Iterator[Row]:
        """The records, one after another."""
        titles = self._titles
        for work, copy in zip(self.works, self._copies, strict=True):
            row = self._real[work] if work < len(self._real) else self._made(work, titles[work - len(self._real)])
            yield noisy(row, random.Random(f"{self.seed} {work} {copy}")) if copy else row

    @cached_property
    def _real(self) -> list[Row]:
        found: list[Row] = []
        for one in all_shared():
            first = {work: row for row, work in zip(reversed(one.rows), reversed(one.works), strict=True)}
            found += [row for row in first.values() if row["title"]]
        return found

    def _made(self, work: int, title: str) -> Row:
        rng = random.Random(f"{self.seed} {work}")
        journal, year, first = rng.choice(self._journals), rng.randint(1975, 2022), rng.randint(1, 1900)
        fields = {
            "title": title,
            "author": " and ".join(self._name(rng) for _ in range(rng.choice((1, 2, 3, 3, 4, 5, 6, 8)))),
            "year": str(year),
            "journal": journal,
            "volume": str(max(year - 1900 - sum(map(ord, journal)) % 70, 1)),
            "number": str(rng.randint(1, 12)),
            "pages": f"{first}-{first + rng.randint(3, 18)}",
            "doi": f"10.5555/{work:08}" if rng.random() < 0.6 else "",
            "ENTRYTYPE": "article",
        }
        return {**dict.fromkeys(FIELDS, ""), **fields}

    def _name(self, rng: random.Random) -> str:
        return f"{rng.choice(self._families)}, {rng.choice(self._given)}"

    @cached_property
    def _people(self) -> list[str]:
        return sorted({one.strip() for row in self._real for one in people(row["author"]) if "," in one})

    @cached_property
    def _families(self) -> list[str]:
        return [one.partition(",")[0].strip() for one in self._people]

    @cached_property
    def _given(self) -> list[str]:
        return sorted({initialled(one).partition(",")[2].strip() for one in self._people} - {""})

    @cached_property
    def _journals(self) -> list[str]:
        return sorted({row["journal"] for row in self._real if row["journal"]})

    @cached_property
    def _titles(self) -> list[str]:
        """One title for each made-up work, no two alike."""
        wanted = max(max(self.works) + 1 - len(self._real), 0)
        follow, rng = followers([row["title"] for row in self._real]), random.Random(self.seed + 1)
        found: dict[str, None] = {}
        while len(found) < wanted:
            found[chained(follow, rng)] = None
        return list(found)


def followers(titles: list[str]) -> dict[str, list[str]]:
    """For each word of real titles the words that follow it; END begins and ends a title."""
    follow: defaultdict[str, list[str]] = defaultdict(list)
    for title in titles:
        words = [END, *title.rstrip(".").split()[:LONGEST], END]
        for word, after in pairwise(words):
            follow[word].append(after)
    return dict(follow)


def chained(follow: dict[str, list[str]], rng: random.Random) -> str:
    """A title of 5 to LONGEST words, each of which follows the one before it in some real title."""
    words, word = [], rng.choice(follow[END])
    while len(words) < LONGEST:
        if word == END:
            if len(words) >= 5:
                break
            word = rng.choice(follow[END])
            continue
        words.append(word)
        word = rng.choice(follow[word])
    return " ".join(words)
