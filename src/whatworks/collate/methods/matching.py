"""Matching: which records may be the same publication, each proposal with its reason; people decide.

Rules, not a trained model: each can be read, argued with and tested. Scores order the work; they are the rules' own
degrees of belief, not calibrated probabilities. "same" is proposed only where nothing speaks against it, since a wrong
merge hides a publication and a missed one only costs a look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, TypeAlias

from whatworks.collate.methods.blocking import candidates
from whatworks.collate.methods.blocking import clusters as clusters_of
from whatworks.collate.methods.comparing import (
    FAR,
    Comparison,
    Titles,
    alike,
    begins,
    compare,
    compare_titles,
    contains,
    places,
)
from whatworks.collate.methods.likeness import Sketch, sketch
from whatworks.collate.methods.records import Record

VERSION = "1"
NEAR_IN_TIME = 5  # years within which an erratum, a reply, a protocol or a thesis belongs to its report

Decision: TypeAlias = Literal["same", "ask", "linked"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a rule proposes about two records, by their numbers (from 0) in what was given, `a` before `b`.

    `decision`: "same" publication; "ask" a person; "linked", related and kept apart. `score` is the rule's degree of
    belief from 0 to 1 that the two are one.
    """

    a: int
    b: int
    decision: Decision
    score: float
    reason: str
    rule: str
    version: str = VERSION

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of two sketches, whichever comes first."""

    decision: Decision
    score: float
    reason: str
    rule: str


def propose(records: Sequence[Record]) -> list[Proposal]:
    """Every proposal about these records, sorted by `a` and `b`; the records' order changes only their numbers."""
    sketches = [sketch(record) for record in records]
    found: list[Proposal] = []
    for a, b in candidates(sketches):
        verdict = judge(sketches[a], sketches[b])
        if verdict:
            found.append(Proposal(a, b, verdict.decision, verdict.score, verdict.reason, verdict.rule))
    return _without_contradictions(found, len(records))


def clusters(proposals: Iterable[Proposal], count: int) -> list[tuple[int, ...]]:
    """The records 0 to count - 1 as publications: those joined by "same", directly or through others (union-find)."""
    return clusters_of(count, ((one.a, one.b) for one in proposals if one.decision == "same"))


def judge(x: Sketch, y: Sketch) -> Verdict | None:
    """What the rules say of two records, whichever comes first; None where they are simply two publications."""
    if x.doi and x.doi == y.doi:
        return by_doi(x, y)
    titles = compare_titles(x, y)
    if titles.how == "far" and places(x, y) < 1:
        return None
    if x.kind != y.kind:
        return by_kind(x, y, titles)
    compared = compare(x, y, titles)
    return by_number(x, y, compared) or by_version(x, y, compared) or by_place(x, y, compared) or by_title(x, compared)


def by_doi(x: Sketch, y: Sketch) -> Verdict:
    """One DOI is one publication, unless the titles say otherwise: books lend theirs to chapters, issues to articles."""
    said = "The DOI is the same"
    if x.kind != y.kind:
        kinds = " or a ".join(sorted(kind for kind in (x.kind, y.kind) if kind))
        return Verdict("ask", 0.5, f"{said}, but one is a {kinds}.", "doi")
    if not (x.core and y.core):
        return Verdict("same", 0.95, f"{said} and one has no title.", "doi")
    if alike(x, y) < FAR:
        return Verdict("ask", 0.4, f"{said}, but the titles have little in common.", "doi")
    titles = compare_titles(x, y)
    if x.numbers != y.numbers and not begins(x.core, y.core):
        return Verdict("ask", 0.5, f"{said}, but the titles differ in a number ({_numbers(x, y)}).", "doi")
    return Verdict("same", 0.96 if titles.how == "far" else 0.99, f"{said} and the titles agree.", "doi")


def by_kind(x: Sketch, y: Sketch, titles: Titles) -> Verdict | None:
    """A notice, reply, protocol or summary and its report: related, never one."""
    apart = abs(x.year - y.year) if x.year and y.year else 0
    sure = titles.how in ("exact", "near") and not titles.generic
    if apart > NEAR_IN_TIME or not (sure or (titles.how != "far" and x.family == y.family)):
        return None
    kinds = " and ".join(f"a {kind}" if kind else "a report" for kind in sorted((x.kind, y.kind)))
    return Verdict("linked", 0.1, f"{titles.said}, but they are {kinds}.", "kind")


def by_number(x: Sketch, y: Sketch, compared: Comparison) -> Verdict | None:
    """Parts, waves and years of a series carry one title with different numbers: never one."""
    if not compared.numbers_differ or compared.titles.how in ("part", "far") or compared.names < 0:
        return None
    said = f"The titles differ in a number ({_numbers(x, y)})"
    if compared.places == 1:
        return Verdict("ask", 0.6, f"{said}, but volume and first page agree.", "number")
    if x.numbers and y.numbers:
        return Verdict("linked", 0.1, f"{said}: parts, waves or editions.", "number")
    return Verdict("ask", 0.4, f"{said}.", "number")


def by_version(x: Sketch, y: Sketch, compared: Comparison) -> Verdict | None:
    """A preprint and an article, a thesis and an article: related, kept apart."""
    apart = abs(x.year - y.year) if x.year and y.year else 0
    if compared.names < 1 or compared.titles.how not in ("exact", "near") or apart > NEAR_IN_TIME:
        return None
    if x.preprint != y.preprint:
        return Verdict("linked", 0.4, f"{compared.titles.said}: a preprint and a later version.", "version")
    if compared.sorts < 0 and "thesis" in (x.sort, y.sort):
        return Verdict("linked", 0.3, f"{compared.titles.said}: a thesis and another publication.", "version")
    return None


def by_place(x: Sketch, y: Sketch, compared: Comparison) -> Verdict | None:
    """Volume and first page agree: one publication, whose title one of the two has changed, cut or translated."""
    if compared.places < 1 or compared.years < 0 or compared.dois_differ:
        return None
    people = compared.names == 1 or compared.shared_author
    how, said = compared.titles.how, f"{compared.titles.said}; volume and first page agree"
    series = compared.venues < 0  # a book in a series may go under either name; then title and author must be sure
    if how in ("exact", "near") and (people if series or compared.titles.generic else compared.names >= 0 or people):
        return Verdict("same", 0.98 if how == "exact" else 0.95, f"{said}.", "place")
    if series:
        return None
    if how == "part" and people:
        return Verdict("same", 0.95, f"{said}.", "place")
    if how in ("changed", "far") and people and compared.years == 1:
        if how == "changed" or contains(x, y):
            return Verdict("same", 0.9, f"{said}, and so do authors and year.", "place")
        return Verdict("ask", 0.4, f"{said}, and so do authors and year.", "place")
    return None


def by_title(x: Sketch, compared: Comparison) -> Verdict | None:
    """Title, year and first author; what speaks against it makes it a question."""
    titles, doubts = compared.titles, doubts_about(x, compared)
    if titles.how == "far":
        return None
    if titles.generic:
        return _by_generic_title(compared, doubts)
    if compared.names == 1 and compared.years == 1 and not doubts:
        score = 0.97 if titles.how == "exact" else 0.93
        return Verdict("same", score, f"{titles.said}; first author and year agree.", "title-year-author")
    if titles.how == "exact" and compared.names == 0 and compared.years == 1 and compared.venues == 1 and not doubts:
        said = f"{titles.said}; year and journal agree, and one names no author."
        return Verdict("same", 0.9, said, "title-year-author")
    return _question(compared, doubts)


def _by_generic_title(compared: Comparison, doubts: list[str]) -> Verdict | None:
    """ "Editorial", "Leaving care": title and author are not enough, the issue must agree."""
    said = f"{compared.titles.said}, but short"
    if compared.names < 1 or compared.years < 0 or compared.titles.how != "exact":
        return None
    if compared.issues == 1 and compared.venues == 1 and not doubts:
        return Verdict("same", 0.9, f"{said}; author, year and issue agree.", "title-year-author")
    if compared.issues < 0 and compared.venues == 1:
        return None
    return Verdict("ask", 0.4, f"{said}, and {', '.join(doubts) or 'nothing tells the issue'}.", "title-year-author")


def _question(compared: Comparison, doubts: list[str]) -> Verdict | None:
    titles = compared.titles
    against = [
        *(["the first authors differ"] if compared.names < 0 else []),
        *(["the years differ"] if compared.years < 0 else []),
    ]
    unknown = [*(["an author"] if compared.names == 0 else []), *(["a year"] if compared.years == 0 else [])]
    if len(against) > 1 or (against and titles.how != "exact" and (unknown or doubts or titles.how != "near")):
        return None
    missing = [f"{' and '.join(unknown)} is missing"] if unknown else []
    score = 0.7 - 0.2 * len(against) - 0.1 * (len(unknown) + len(doubts)) - (0.0 if titles.how == "exact" else 0.1)
    why = ", ".join([*against, *missing, *doubts])
    return Verdict("ask", round(max(score, 0.1), 2), f"{titles.said}, but {why}.", "title-year-author")


def doubts_about(x: Sketch, compared: Comparison) -> list[str]:
    """What speaks against one publication although title, first author and year agree."""
    in_print = (
        compared.sorts == 1 and x.sort == "article" and compared.venues == 1
    )  # online one year, in print the next
    found = {
        "the DOIs differ": compared.dois_differ,
        "they are a year apart and may be yearly reports": compared.year_apart and not in_print,
        "the first pages differ": compared.places < 0,
        "the volumes or issues differ": compared.places == 0 and min(compared.volumes, compared.issues) < 0,
        "the journals or series differ": compared.venues < 0,
        "they are of different types": compared.sorts < 0,
        "the rest of one title is missing": compared.titles.how == "part" and compared.venues < 1,
        "the word may matter": compared.titles.how == "changed",
    }
    return [doubt for doubt, holds in found.items() if holds]


def _numbers(x: Sketch, y: Sketch) -> str:
    return " and ".join(sorted(", ".join(one.numbers) or "none" for one in (x, y)))


def _without_contradictions(proposals: list[Proposal], count: int) -> list[Proposal]:
    """The proposals, with every chain of "same" that would join two records kept apart put to a person instead."""
    home = {at: number for number, group in enumerate(clusters(proposals, count)) for at in group}
    torn = {home[one.a] for one in proposals if one.decision == "linked" and home[one.a] == home[one.b]}
    doubt = "But a chain of such pairs joins two records that are kept apart."
    return [
        replace(one, decision="ask", score=min(one.score, 0.6), reason=f"{one.reason} {doubt}")
        if one.decision == "same" and home[one.a] in torn
        else one
        for one in proposals
    ]
