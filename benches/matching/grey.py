"""A held-out set of grey literature: councils, safeguarding boards, inspectorates, statistics, charities. No DOI at all.

What tells the works of a family apart (the year, the body, the letter of a child) is never touched by noise, so that a
librarian could give every truth from the records alone.
"""

from __future__ import annotations

import random

from benches.matching import phrases
from benches.matching.families import Family, labelled, row
from benches.matching.sets import Labelled, Row

SEED = 20260303
YEARLY = (
    "Annual report of the Director of Public Health|Independent Reviewing Officers' annual report|Corporate parenting annual report"
    "|Adoption agency annual report|Fostering service annual report|Virtual school annual report|Youth justice plan"
    "|Complaints and representations: children's services|Short breaks statement|Sufficiency assessment"
).split("|")
QUARTERS = ("January to March", "April to June", "July to September", "October to December")
MONTHS = "January February March April May June July August September October November December".split()
CHARITIES = [
    f"{name} {kind}"
    for name in "Rowan Fernhill Kestrel Harbour Larch Alder Beacon Tern".split()
    for kind in ("Trust", "Foundation")
]


def report(rng: random.Random, **changes: object) -> Row:
    """A report by a council or a charity."""
    field = rng.choice(("social care", "education"))
    body = phrases.council(rng) if rng.random() < 0.5 else rng.choice(CHARITIES)
    found: dict[str, object] = {"ENTRYTYPE": "techreport", "title": phrases.title(field, rng), "author": body}
    return row(**{**found, "year": rng.randint(2003, 2022), **changes})


def plain(rng: random.Random) -> list[Row]:
    """One report without relatives, by a body or by people."""
    people = {"author": " and ".join(phrases.authors(rng))} if rng.random() < 0.5 else {}
    return [report(rng, **people)]


def issue(stock: str, year: int) -> str:
    """The title of a yearly report for a year; half of the series name the year, the other half leave that to the date."""
    return f"{stock} {year - 1}-{year % 100:02}" if YEARLY.index(stock) % 2 else stock


def yearly(rng: random.Random) -> list[Row]:
    """A yearly report of a council over some years."""
    one, first, stock = report(rng, author=phrases.council(rng)), rng.randint(2005, 2017), rng.choice(YEARLY)
    years = range(first, first + rng.randint(2, 5))
    return [{**one, "title": issue(stock, year), "year": str(year)} for year in years]


def two_councils(rng: random.Random) -> list[Row]:
    """Two councils' documents under one stock title in one year."""
    year, bodies = rng.randint(2005, 2020), sorted({phrases.council(rng) for _ in range(9)})
    stock = rng.choice(YEARLY)
    return [report(rng, title=issue(stock, year), year=year, author=body) for body in rng.sample(bodies, 2)]


def case_reviews(rng: random.Random) -> list[Row]:
    """A board's reviews of some children, who have letters."""
    board = f"{rng.choice(phrases.COUNCILS)} Safeguarding Children Board"
    form = rng.choice(
        (
            "Serious case review: Child {}",
            "Serious case review in respect of Child {}: overview report",
            "Child {}: serious case review",
        )
    )
    one = report(rng, author=board)
    return [{**one, "title": form.format(letter)} for letter in rng.sample("ABCDEFGHJKLMNPRSTW", rng.randint(2, 4))]


def one_title_two_boards(rng: random.Random) -> list[Row]:
    """Child A of one board and Child A of another."""
    title, year = f"Serious case review: Child {rng.choice('ABCD')}", rng.randint(2008, 2016)
    return [
        report(rng, title=title, year=year, author=f"{name} Safeguarding Children Board")
        for name in rng.sample(phrases.COUNCILS, 2)
    ]


def releases(rng: random.Random) -> list[Row]:
    """Statistical releases of different quarters or months."""
    topic, year = (
        rng.choice(
            ("Care proceedings", "Referrals to children's services", "Homelessness applications", "School absence")
        ),
        rng.randint(2008, 2021),
    )
    spans = rng.sample(QUARTERS, 2) if rng.random() < 0.5 else rng.sample(MONTHS, 2)
    one = report(rng, author="Office for Social Figures", year=year)
    place = rng.choice(phrases.PLACES)
    return [{**one, "title": f"{topic} in {place}: {span} {year}"} for span in spans]


def inspections(rng: random.Random) -> list[Row]:
    """Inspections of one council, and of another under the same words."""
    first, second = rng.sample(phrases.COUNCILS, 2)
    form = rng.choice(
        ("Inspection of children's social care services: {}", "{}: inspection of local authority children's services")
    )
    one = report(rng, author="Inspectorate of Children's Services", year=rng.randint(2008, 2015))
    return [
        {**one, "title": form.format(first)},
        {**one, "title": form.format(first), "year": str(int(one["year"]) + 4)},
        {**one, "title": form.format(second)},
    ]


def policy_versions(rng: random.Random) -> list[Row]:
    """Two versions of a policy."""
    one, n = report(rng), rng.randint(1, 4)
    form = rng.choice(("{} v{}", "{}, version {}", "{} ({}. edition)"))
    title = f"{rng.choice(phrases.TOPICS['social care'].split('|')).capitalize()} policy and procedures"
    return [{**one, "title": form.format(title, n + step), "year": str(int(one["year"]) + step)} for step in (0, 1)]


def companions(rng: random.Random) -> list[Row]:
    """A report and what was published beside it: a summary, an interim report, an appendix, an easy read version."""
    one = report(rng)
    beside = rng.choice(
        ("executive summary", "interim report", "technical appendix", "easy read version", "technical report")
    )
    return [one, {**one, "title": f"{one['title']}: {beside}"}]


def audiences(rng: random.Random) -> list[Row]:
    """Guides to one thing for different readers."""
    one, topic = report(rng), rng.choice(phrases.TOPICS["social care"].split("|"))
    return [
        {**one, "title": f"Understanding {topic}: a guide for {people}"}
        for people in rng.sample(phrases.PEOPLE, rng.randint(2, 3))
    ]


def programme(rng: random.Random) -> list[Row]:
    """One evaluator's reports on one programme in different places and rounds."""
    people, topic = " and ".join(phrases.authors(rng)), rng.choice(phrases.TOPICS["social care"].split("|"))
    one = report(rng, author=people)
    first, second = rng.sample(phrases.COUNCILS, 2)
    titles = (f"Evaluation of the {topic} programme in {first}", f"Evaluation of the {topic} programme in {second}")
    return [{**one, "title": title} for title in titles] + [
        {**one, "title": f"{titles[0]}: round 2", "year": str(int(one["year"]) + 2)}
    ]


FAMILIES: tuple[tuple[Family, int, str], ...] = (
    (plain, 700, ""),
    (yearly, 110, "title author year"),
    (two_councils, 60, "title author year"),
    (case_reviews, 60, "title author year"),
    (one_title_two_boards, 40, "title author year"),
    (releases, 60, "title year"),
    (inspections, 50, "title author year"),
    (policy_versions, 40, "title year"),
    (companions, 60, "title"),
    (audiences, 40, "title"),
    (programme, 40, "title year"),
)
"""Each family, how often, and the fields that tell its works apart."""


def grey_literature() -> Labelled:
    """The set."""
    return labelled("held-out: grey literature", FAMILIES, SEED)
