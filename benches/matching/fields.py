"""A held-out set in other fields: economics, computing, education, history, social care, environment.

Every truth is one that a librarian would give from the records alone: the fields that tell the works of a family apart
are never touched by noise.
"""

from __future__ import annotations

import random
from itertools import pairwise

from benches.matching import phrases
from benches.matching.families import Family, labelled, row
from benches.matching.sets import Labelled, Row

SEED = 20260302


def article(rng: random.Random, **changes: object) -> Row:
    """A journal article; the fields of later works of the family are changes to it."""
    field = rng.choice(list(phrases.TOPICS))
    journal = rng.choice(phrases.JOURNALS[field].split("|"))
    year, first = rng.randint(1995, 2022), rng.randint(1, 900)
    fields: dict[str, object] = {
        "ENTRYTYPE": "article",
        "title": phrases.title(field, rng),
        "author": " and ".join(phrases.authors(rng)),
        "year": year,
        "journal": journal,
        "volume": year - 1960 - len(journal) % 20,
        "number": rng.randint(1, 6),
        "pages": f"{first}-{first + rng.randint(6, 24)}",
        "doi": f"10.5555/{journal[:3].lower()}.{year}.{rng.randint(1000, 99999)}" if rng.random() < 0.7 else "",
    }
    return row(**{**fields, **changes})


def plain(rng: random.Random) -> list[Row]:
    """One article without relatives."""
    return [article(rng)]


def notices(rng: random.Random) -> list[Row]:
    """An article, its erratum and a comment by somebody else."""
    one = article(rng)
    page, volume = int(one["pages"].split("-")[0]), int(one["volume"])
    notice = rng.choice(("Erratum: {}", "Correction to: {}", "Corrigendum: {}", "{} (erratum)", "Retraction: {}"))
    comment = rng.choice(("{}: Comment", "Comment on: {}", "{}: a reply"))
    later = {"volume": volume + 1, "year": int(one["year"]) + 1, "doi": ""}
    return [
        one,
        {**one, "title": notice.format(one["title"]), "pages": str(page + 200), "number": "6", "doi": ""},
        row(
            **{
                **one,
                **later,
                "title": comment.format(one["title"]),
                "author": " and ".join(phrases.authors(rng)),
                "pages": f"{page + 31}-{page + 33}",
            }
        ),
    ]


def parts(rng: random.Random) -> list[Row]:
    """Two or three parts of one article."""
    one, count = article(rng, doi=""), rng.choice((2, 2, 3))
    form = rng.choice(("{}, part {}", "{}. {}", "{} (Part {})", "{}: study {}"))
    numerals = ("I", "II", "III") if rng.random() < 0.5 else ("1", "2", "3")
    first = int(one["pages"].split("-")[0])
    return [
        {**one, "title": form.format(one["title"], numerals[n]), "pages": f"{first + 30 * n}-{first + 30 * n + 19}"}
        for n in range(count)
    ]


def versions(rng: random.Random) -> list[Row]:
    """An article and what came before it under the same title: preprint, working paper, thesis or conference paper."""
    one = article(rng)
    bare = {"volume": "", "number": "", "pages": "", "doi": "", "year": str(int(one["year"]) - rng.randint(0, 2))}
    before = rng.choice(
        (
            {"ENTRYTYPE": "unpublished", "journal": "SocArXiv", "doi": f"10.31235/osf.io/{rng.randint(10**5, 10**6)}"},
            {"ENTRYTYPE": "unpublished", "journal": "arXiv preprint"},
            {
                "ENTRYTYPE": "techreport",
                "journal": "Harbour Institute Discussion Paper",
                "number": str(rng.randint(100, 9000)),
            },
            {"ENTRYTYPE": "phdthesis", "journal": "University of Westerleigh"},
        )
    )
    return [one, {**one, **bare, **before}]


def protocols(rng: random.Random) -> list[Row]:
    """A protocol and its results, two years apart."""
    one = article(rng)
    before = article(rng, author=one["author"], year=int(one["year"]) - 2)
    form = rng.choice(("{}: study protocol", "Protocol for {}", "{}: protocol for a randomised trial"))
    return [one, {**before, "title": form.format(one["title"])}]


def near_titles(rng: random.Random) -> list[Row]:
    """One team's two papers whose titles differ in a word that matters; they stand in two issues of one journal."""
    one = article(rng)
    word, other = next(((a, b) for a, b in _swaps(rng) if f" {a}" in one["title"]), ("", ""))
    if not word:
        return [one]
    first = int(one["pages"].split("-")[0]) + 140
    moved = {"pages": f"{first}-{first + 12}", "number": str(int(one["number"]) % 6 + 1), "doi": ""}
    return [one, {**one, **moved, "title": one["title"].replace(f" {word}", f" {other}")}]


def _swaps(rng: random.Random) -> list[tuple[str, str]]:
    people, places = phrases.PEOPLE[:], phrases.PLACES[:]
    rng.shuffle(people)
    rng.shuffle(places)
    return [*pairwise(people), *pairwise(places)]


def namesakes(rng: random.Random) -> list[Row]:
    """Two teams chose one title, in other journals and years."""
    one = article(rng)
    return [one, article(rng, title=one["title"], year=int(one["year"]) + rng.choice((-6, -4, 3, 5)))]


def shared_doi(rng: random.Random) -> list[Row]:
    """Two articles of one issue that carry the DOI of the issue."""
    one = article(rng, doi=f"10.5555/issue.{rng.randint(1000, 99999)}")
    first = int(one["pages"].split("-")[0]) + 40
    other = article(rng, **{name: one[name] for name in ("journal", "year", "volume", "number", "doi")})
    return [one, {**other, "pages": f"{first}-{first + 9}"}]


def stock_titles(rng: random.Random) -> list[Row]:
    """What stands in every issue: editorials, introductions, book reviews."""
    stock = rng.choice(("Editorial", "Book review", "Introduction", "Guest editorial", "In this issue", "Book Reviews"))
    one = article(rng, title=stock, doi="")
    return [{**one, "number": str(n), "pages": f"{n * 100 + 1}-{n * 100 + 3}"} for n in range(1, rng.randint(3, 5))]


def book_reviews(rng: random.Random) -> list[Row]:
    """A book and two reviews of it under its title."""
    book = article(rng, ENTRYTYPE="book", journal="", volume="", number="", pages="", doi="")
    return [book, *(article(rng, title=book["title"], year=int(book["year"]) + 1, doi="") for _ in range(2))]


def chapters(rng: random.Random) -> list[Row]:
    """A book's introduction and another chapter, under the book's DOI."""
    doi = f"10.5555/97800000{rng.randint(10000, 99999)}"
    one = article(rng, ENTRYTYPE="incollection", journal="", volume="", number="", doi=doi)
    one["booktitle"] = f"Handbook of {rng.choice(phrases.OUTCOMES)} research in {rng.choice(phrases.PLACES)}"
    other = {
        **article(rng),
        **{name: one[name] for name in ("ENTRYTYPE", "booktitle", "year", "doi", "journal", "volume", "number")},
    }
    first = int(one["pages"].split("-")[0]) + 60
    return [{**one, "title": "Introduction"}, {**other, "pages": f"{first}-{first + 20}"}]


def editions(rng: random.Random) -> list[Row]:
    """Two editions of a textbook, years apart."""
    book = article(rng, ENTRYTYPE="book", journal="", volume="", number="", pages="", doi="")
    return [book, {**book, "year": str(int(book["year"]) + rng.randint(4, 9))}]


FAMILIES: tuple[tuple[Family, int, str], ...] = (
    (plain, 900, ""),
    (notices, 50, "title author pages volume year"),
    (parts, 50, "title"),
    (versions, 80, "title journal doi year volume pages number"),
    (protocols, 40, "title"),
    (near_titles, 110, "title pages number"),
    (namesakes, 50, "author year journal"),
    (shared_doi, 40, "title author pages"),
    (stock_titles, 40, "journal year volume number pages author title"),
    (book_reviews, 30, "author journal year pages volume"),
    (chapters, 40, "title author booktitle pages"),
    (editions, 40, "year"),
)
"""Each family, how often, and the fields that tell its works apart."""


def other_fields() -> Labelled:
    """The set."""
    return labelled("held-out: other fields", FAMILIES, SEED)
