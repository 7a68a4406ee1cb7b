"""Enters what national and thematic publications about very serious cases there are, and made-up ones that show how coding looks.

``python -m tools.founding_cases packs/childrens-social-care``, then ``python -m tools.pack`` on the same folder. Of real publications
only what they are, with where it was read; they stand not yet coded. The publications that are coded are made up, and so are their coders.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tools.entering import enter

BY = "rule:founding facts"
FIRST, SECOND, SETTLER = "rule:made-up coder one", "rule:made-up coder two", "rule:made-up settler"
PANEL, DFE = "Child Safeguarding Practice Review Panel", "Department for Education"
REVIEWS, NOTIFIED = "serious case reviews", "serious incidents that councils notified"
OGL = "Open Government Licence 3.0"
MADE_UP = "Made up for this demonstration"

# title, publisher, year, kind, cases, what is counted, link, licence, where it was read
REAL: tuple[tuple[str, str, int, str, int | None, str, str, str, str], ...] = (
    (
        "Pathways to harm, pathways to protection: a triennial analysis of serious case reviews 2011 to 2014", DFE, 2016, "national",
        293, f"{REVIEWS}, 2011 to 2014", "http://wrap.warwick.ac.uk/84285", "",
        "NSPCC, summary of the triennial analysis 2011 to 2014; University of Warwick, the deposited report",
    ),
    (
        "Complexity and challenge: a triennial analysis of serious case reviews 2014 to 2017", DFE, 2020, "national",
        368, f"{REVIEWS}, April 2014 to March 2017", "https://seriouscasereviews.rip.org.uk/welcome-2/", "",
        "Research in Practice, site of the triennial analysis, and its news of 4 March 2020",
    ),
    (
        "Learning for the future: final analysis of serious case reviews, 2017 to 2019", DFE, 2022, "national",
        235, f"{REVIEWS}, April 2017 to September 2019",
        "https://www.gov.uk/government/publications/serious-case-reviews-analysis-lessons-and-challenges", "",
        "GOV.UK, the page of the publication, 15 December 2022",
    ),
    (
        "Serious case reviews 1998 to 2019: continuities, changes and challenges", DFE, 2022, "national", None, "",
        "https://www.gov.uk/government/publications/serious-case-reviews-analysis-lessons-and-challenges", "",
        "GOV.UK, the page of the publication, 15 December 2022; it gives no number of cases",
    ),
    (
        "The Child Safeguarding Practice Review Panel: annual report 2018 to 2019", PANEL, 2020, "national",
        538, "rapid reviews in its first 17 months",
        "https://www.socialworkers.net/product-page/the-child-safeguarding-practice-review-panel-annual-report-2018-to-2019", "",
        "Social Work Network, the report's introduction; the year is from the fieldwork report of the Panel's third national review",
    ),
    (
        "Child Safeguarding Practice Review Panel: annual report 2020", PANEL, 2021, "national", 482, NOTIFIED,
        "https://www.gov.uk/government/news/safeguarding-system-needs-to-tackle-stubborn-challenges", "",
        "GOV.UK, press release on the report",
    ),
    (
        "Child Safeguarding Practice Review Panel: annual report 2021", PANEL, 2022, "national", 379, NOTIFIED,
        "https://saphna.co/news/child-safeguarding-practice-review-panel-publications-live-yesterday/", "",
        "A copy of the Government's press release of 15 December 2022 (the number); SAPHNA's news of that publication",
    ),
    (
        "It was hard to escape: safeguarding children at risk from criminal exploitation", PANEL, 2020, "thematic",
        21, "cases from 17 local areas, looked at in detail", "https://cascadewales.org/child-criminal-exploitation/", OGL,
        "CASCADE, a post of a member of the Panel; the licence from a copy of the report",
    ),
    (
        "Out of routine: a review of sudden unexpected death in infancy in families where the children are considered at risk of "
        "significant harm",
        PANEL, 2020, "thematic", 14, "deaths looked at in detail, of 40 that were notified",
        "https://unisonsthelens.org.uk/safeguarding-children-at-risk-from-sudden-unexpected-infant-death/", OGL,
        "Unison St Helens, notice of the review; the licence from a copy of the report",
    ),
    (
        "The myth of invisible men: safeguarding children under 1 from non-accidental injury caused by male carers", PANEL, 2021,
        "thematic", 23, "cases from 19 local areas, looked at in detail",
        "https://safeguardingcambspeterborough.org.uk/2021/09/21/child-safeguarding-practice-review-panel-third-national-review/", OGL,
        "Safeguarding Cambridgeshire and Peterborough, notice of the review; the licence from a copy of the report",
    ),
    (
        "Safeguarding children with disabilities and complex health needs in residential settings: phase 2 report", PANEL, 2023,
        "thematic", 108, "children and young adults whose experiences the first phase looked at",
        "https://learning.nspcc.org.uk/research-resources/2023/safeguarding-children-with-disabilities-in-residential-settings-caspar-briefing",
        "", "NSPCC Learning, CASPAR briefing; Local Government Lawyer, on the report of 20 April 2023 (the number)",
    ),
)  # fmt: skip

Given = dict[str, dict[str, tuple[str, int | None]]]
# title, cases, what it is about, what the first coded, what the second coded otherwise (None: not at all)
MADE_UP_ONES: tuple[tuple[str, int, str, Given, dict[tuple[str, str], tuple[str, int | None] | None]], ...] = (
    (
        "Babies whose families moved", 64, "What services knew of babies whose families moved shortly before.",
        {
            "theme": {"sharing-information": ("p. 12", 41), "moves-and-handovers": ("p. 18", 30), "fathers-and-unseen-men": ("p. 25", 58)},
            "harm": {"physical-abuse": ("p. 5", 33), "neglect": ("p. 6", 20)},
            "journey": {"before-birth": ("p. 14", None), "everyday-services": ("p. 15", None)},
            "lesson": {"working-together": ("p. 30", None)}, "age": {"under-1": ("p. 3", None)},
        },
        {("journey", "everyday-services"): None},
    ),
    (
        "Young people harmed outside the home", 48, "How services answered when young people were drawn into crime.",
        {
            "theme": {"harm-outside-home": ("ch. 2", 44), "sharing-information": ("p. 21", 22), "seeing-the-child": ("p. 27", None)},
            "harm": {"exploitation-and-violence-outside": ("p. 4", None)},
            "journey": {"front-door": ("p. 16", None), "child-protection": ("p. 19", None)},
            "lesson": {"practice": ("p. 33", None), "policy-and-law": ("p. 36", None)},
            "age": {"11-to-15": ("p. 3", None), "16-and-17": ("p. 3", None)},
        },
        {("theme", "seeing-the-child"): None, ("theme", "asking-further"): ("p. 28", None)},
    ),
    (
        "Neglect that nobody added up", 120, "How the slow build-up of neglect was recorded and answered.",
        {
            "theme": {"neglect-response": ("ch. 3", 96), "sharing-information": ("p. 40", 71), "supervision-and-workload": ("p. 52", 35),
                      "thresholds": ("p. 22", 60)},
            "harm": {"neglect": ("p. 7", 104)},
            "journey": {"early-help": ("p. 20", None), "child-in-need": ("p. 31", None)},
            "lesson": {"practice": ("p. 60", None), "organisation": ("p. 63", None)}, "age": {"all-ages": ("p. 2", None)},
        },
        {},
    ),
    (
        "Children who lived with relatives", 26, "What was checked and offered when children went to live with relatives.",
        {
            "theme": {"kinship-and-placement": ("ch. 2", None), "assessing-and-planning": ("p. 17", 13),
                      "supervision-and-workload": ("p. 24", None)},
            "harm": {"physical-abuse": ("p. 6", None), "neglect": ("p. 6", None)},
            "journey": {"in-care": ("p. 11", None), "leaving": ("p. 29", None)},
            "lesson": {"working-together": ("p. 31", None), "what-is-not-known": ("p. 34", None)},
            "age": {"1-to-5": ("p. 3", None), "6-to-10": ("p. 3", None)},
        },
        {("theme", "supervision-and-workload"): None},
    ),
)  # fmt: skip


def build() -> None:
    """Every entry by its verb."""
    from whatworks.learn.reviewing_cases import enter

    for title, publisher, year, sort, cases, counted, link, licence, source in REAL:
        enter(by=BY, title=title, publisher=publisher, year=year, country="England", sort=sort, cases=cases, counted=counted,
              link=link, licence=licence, source=source)  # fmt: skip
    for number, (title, cases, about, given, other) in enumerate(MADE_UP_ONES):
        held = enter(by=BY, title=title, publisher="A made-up national panel", year=2024 + number % 2, country="England", sort="thematic",
                     cases=cases, counted="made-up cases", summary=about, source=MADE_UP, demonstration=True)  # fmt: skip
        code_twice(held, given, other)


def code_twice(publication: Any, given: Given, other: dict[tuple[str, str], tuple[str, int | None] | None]) -> None:
    """Two made-up people code it; where they differ, it is settled on what the first coded."""
    from whatworks.learn.methods.cases_frame import Code
    from whatworks.learn.reviewing_cases import code, settle

    first = {key: {term: Code(*one) for term, one in terms.items()} for key, terms in given.items()}
    second = {key: dict(terms) for key, terms in first.items()}
    for (key, term), one in other.items():
        second[key].pop(term, None)
        if one is not None:
            second[key][term] = Code(*one)
    code(by=FIRST, publication=publication, codes=first)
    code(by=SECOND, publication=publication, codes=second)
    if first != second:
        settle(
            by=SETTLER,
            publication=publication,
            codes=first,
            why="It was read together: the publication does draw this out.",
        )


def there() -> bool:
    """Whether the pack holds publications."""
    from whatworks.learn.models import CasePublication

    return CasePublication.objects.exists()


if __name__ == "__main__":
    enter(Path(sys.argv[1]).resolve(), build, rooms=["learn"], there=there)
