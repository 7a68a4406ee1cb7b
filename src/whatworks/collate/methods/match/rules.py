"""Rules: what is decided about a pair, by the first rule that holds; the weights decide only where no rule does.

A wrong merge hides a publication and a missed one only costs a look: every rule takes a merge away, none makes one
that the weights refuse. Some kinds of pairs are never one, however much they agree about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whatworks.collate.methods.match.comparing import Compared, People, Said
from whatworks.collate.methods.match.sketches import KINDS, SORTS, Numbers
from whatworks.collate.methods.match.weights import SHORT, probability
from whatworks.collate.methods.match.wording import Told, Wording

DIFFERENT, SAME, ASK, LINKED = 0, 1, 2, 3
DECISIONS = ("different", "same", "ask", "linked")
SAME_FROM = 0.75  # probability from which two records are one where no rule objects
ASK_FROM = 0.12  # probability from which a person is asked
RARE = 0.05  # probability below which even related pairs are no question
NEAR_IN_TIME = 5  # years within which an erratum, a reply, a protocol or a thesis belongs to its report

RULES = (
    "missing",
    "kind-near",
    "kind",
    "sort",
    "version",
    "doi-version",
    "doi-contradicted",
    "doi",
    "number-at-one-place",
    "number",
    "doi-differs",
    "meeting",
    "journals",
    "years",
    "words",
    "authors",
    "alone",
    "short",
    "weights",
    "weights-unsure",
    "place",
    "team",
    "unlike",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """For each pair: the decision, the number of the rule that made it, the probability, and whether it is never one."""

    decisions: Numbers
    rules: Numbers
    probabilities: Numbers
    never: Numbers


class _Facts:
    """What the rules ask about many pairs at once, by name."""

    def __init__(self, c: Compared) -> None:
        self.c = c
        self.p = probability(c)
        w = c.wording
        self.sure = np.isin(w, (Wording.EXACT, Wording.SPELLING, Wording.ORDER))
        self.parts = np.isin(w, (Wording.START, Wording.END, Wording.WITHIN))
        self.titled = self.sure | self.parts | (w == Wording.FORMS)
        self.near_titled = self.titled | (w == Wording.CHANGED)
        self.long = c.words > SHORT
        self.people = np.isin(c.people, (People.ALL, People.FEWER, People.FIRST, People.SOME, People.WRITTEN))
        self.strangers = c.people == People.NONE
        self.team = (c.people == People.ALL) | (c.people == People.FEWER)
        self.placed = (c.volume == Said.SAME) & (c.page == Said.SAME)
        self.about_placed = (c.volume == Said.SAME) & (c.page == Said.NEAR)
        self.issued = (c.volume == Said.SAME) & (c.issue == Said.SAME) & (c.page != Said.DIFFER)
        self.same_year, self.year_near = c.year == Said.SAME, (c.year == Said.NEAR) | (c.year == Said.SAME)
        self.venue = c.venue == Said.SAME
        self.other_venue = c.venue == Said.DIFFER
        self.other_doi = c.doi == Said.DIFFER
        # Two articles of one team cannot stand on the same pages of one volume.
        self.one_place = (
            c.pages & (c.volume == Said.SAME) & (c.issue != Said.DIFFER) & self.team & self.same_year & ~self.other_venue
        )
        self.close = c.apart <= NEAR_IN_TIME


def judge(c: Compared) -> Judged:
    """The decision about each pair, by the first rule that holds."""
    f = _Facts(c)
    made = [*_by_kind(f), *_by_doi(f), *_by_number(f), *_by_doubt(f), *_by_weight(f)]
    conditions = [np.asarray(condition, dtype=bool) for _, _, condition in made]
    decisions = np.select(conditions, [decision for _, decision, _ in made], DIFFERENT).astype(np.int8)
    rules = np.select(conditions, [RULES.index(name) for name, _, _ in made], RULES.index("unlike")).astype(np.int8)
    never = np.isin(rules, [RULES.index(name) for name in NEVER]) & (decisions != SAME)
    return Judged(decisions, rules, _bounded(f.p, decisions), never)


NEVER = frozenset(
    ("kind-near", "kind", "sort", "version", "doi-version", "number-at-one-place", "number", "doi-differs")
)
"""Rules whose pairs may not stand in one cluster through others either."""


def _bounded(p: Numbers, decisions: Numbers) -> Numbers:
    """The probability where a rule has spoken: at most even for a question that the weights would have merged."""
    caps = np.select([decisions == LINKED, decisions == ASK, decisions == DIFFERENT], [0.02, 0.6, 0.2], 1.0)
    return np.minimum(p, caps)


Rule = tuple[str, int, Numbers]


def _by_kind(f: _Facts) -> list[Rule]:
    """Errata, replies, protocols, abstracts and reviews about a report; chapters, theses and preprints of it."""
    c = f.c
    other_kind = c.kinds // 16 != c.kinds % 16
    one_title = (f.near_titled & (f.long | f.people)) | f.placed | (c.doi == Said.SAME)
    retold = np.isin(c.sorts, [_pair(SORTS, one, other) for one, other in _RETOLD])
    lent = np.isin(c.sorts, [_pair(SORTS, "book", "chapter")])
    related = f.titled & (f.people | (c.people == People.SILENT)) & f.close & (f.long | f.people)
    return [
        ("kind-near", ASK, other_kind & one_title & f.venue & f.year_near & ~f.other_doi & (f.p >= RARE)),
        ("kind", LINKED, other_kind & one_title & f.close),
        ("unlike", DIFFERENT, other_kind),
        ("sort", LINKED, lent & (related | (c.doi == Said.SAME))),
        ("sort", LINKED, retold & related),
        ("version", LINKED, (c.preprints == 1) & related),
        ("doi-version", LINKED, (c.doi == Said.NEAR) & f.near_titled),
    ]


_RETOLD = (
    ("article", "thesis"),
    ("thesis", "report"),
    ("book", "thesis"),
    ("chapter", "thesis"),
    ("meeting", "thesis"),
)


def _pair(names: tuple[str, ...], one: str, other: str) -> int:
    low, high = sorted((names.index(one), names.index(other)))
    return low * 16 + high


def _by_doi(f: _Facts) -> list[Rule]:
    """One DOI is one publication, unless all else says otherwise: issues and books lend theirs to what is in them."""
    c = f.c
    doi = c.doi == Said.SAME
    agrees = f.titled | ((c.wording == Wording.MISSING) & (f.people | f.venue))
    against = (
        (c.told >= Told.ONE)
        | ((c.page == Said.DIFFER) & ~(f.sure & f.people & f.long))
        | ((c.issue == Said.DIFFER) & ~f.long)
        | (f.strangers & ~f.placed)
        | (c.apart > NEAR_IN_TIME)
    )
    return [
        ("doi", SAME, doi & agrees & ~against),
        ("doi", SAME, doi & (c.wording == Wording.CHANGED) & f.people & f.placed & (c.told == Told.AGREE)),
        ("doi-contradicted", ASK, doi),
    ]


def _by_number(f: _Facts) -> list[Rule]:
    """Parts, waves and years of a series carry one title with different numbers."""
    c = f.c
    differ, one = c.told == Told.DIFFER, c.told == Told.ONE
    series = f.near_titled & ~f.strangers | (f.near_titled & f.venue)
    return [
        ("place", SAME, f.one_place & f.near_titled & f.long & (c.doi != Said.DIFFER)),
        ("number-at-one-place", ASK, (differ | one) & f.placed & f.year_near & f.near_titled & ~f.strangers),
        ("number", LINKED, differ & series),
        ("unlike", DIFFERENT, differ),
        ("number", ASK, one & series & (f.p >= ASK_FROM)),
        ("unlike", DIFFERENT, one),
    ]


def _by_doubt(f: _Facts) -> list[Rule]:
    """What speaks against one publication although the weights may not."""
    c = f.c
    plausible = f.p >= ASK_FROM
    abstract = (c.form == Said.DIFFER) | ((c.form == Said.SILENT) & ((c.meetings == 1) | (c.supplements == 1)))
    abstract &= c.page != Said.SAME
    column = (c.volume == Said.SAME) & (c.issue == Said.DIFFER) & (c.page != Said.SAME) & (c.page != Said.NEAR)
    likely = f.titled & f.long & f.people & f.year_near
    good = f.placed | f.about_placed | f.issued
    apart = (c.volume == Said.DIFFER) | (c.page == Said.DIFFER) | (c.issue == Said.DIFFER)
    return [
        ("place", SAME, f.one_place & f.sure & f.long & f.venue),
        ("doi-differs", ASK, f.other_doi & f.sure & (f.p >= 0.5) & (good | f.same_year)),
        ("unlike", DIFFERENT, f.other_doi),
        ("meeting", ASK, abstract & likely & (f.p >= RARE)),
        ("meeting", LINKED, abstract & likely),
        ("journals", ASK, f.other_venue & likely & ~f.placed & (f.p >= RARE)),
        ("journals", LINKED, f.other_venue & likely & ~f.placed & f.sure),
        ("unlike", DIFFERENT, f.other_venue & ~f.placed),
        ("unlike", DIFFERENT, column & (f.p < 0.5)),
        ("years", ASK, (c.year == Said.DIFFER) & ~good & f.titled & f.people & (plausible | (~apart & (f.p >= RARE)))),
        ("years", ASK, (c.year == Said.NEAR) & ~good & f.titled & f.people & plausible & (c.volume != Said.SAME)),
        ("authors", ASK, f.strangers & f.titled & (f.placed | f.issued | plausible) & f.year_near),
        ("unlike", DIFFERENT, f.strangers & ~f.placed),
    ]


def _by_weight(f: _Facts) -> list[Rule]:
    """Where nothing speaks against it, the weights decide; a title alone never does."""
    c = f.c
    borne = f.people.astype(int) + f.year_near + f.venue + (c.volume == Said.SAME) + (c.page == Said.SAME)
    alone = (borne < 2) | ~(f.people | f.placed | f.issued | (c.abstract == Said.SAME))
    short = ~f.long & ~(f.placed | f.issued)
    changed = ~f.titled & ~((c.wording == Wording.CHANGED) & f.placed & f.people & (c.span == 0) & (c.supplements == 0))
    cut = f.parts & ~(f.placed | f.about_placed | f.issued)
    plausible = f.p >= ASK_FROM
    return [
        ("place", SAME, changed & f.one_place & (c.wording < Wording.FAR) & (c.wording > Wording.MISSING) & (f.p >= 0.5)),
        ("words", ASK, changed & plausible & (c.wording < Wording.FAR)),
        ("unlike", DIFFERENT, changed),
        ("words", ASK, cut & plausible & f.people),
        ("alone", ASK, alone & f.sure & f.long),
        ("short", ASK, short & plausible),
        ("unlike", DIFFERENT, (alone | short)),
        ("weights", SAME, f.p >= SAME_FROM),
        ("weights-unsure", ASK, plausible),
    ]


__all__ = ["ASK", "DECISIONS", "DIFFERENT", "KINDS", "LINKED", "NEVER", "RULES", "SAME", "Judged", "judge"]
