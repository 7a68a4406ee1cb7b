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
KNOWN = 0.97  # probability at least, where DOI or pages and all else agree
RARE = 0.05  # probability below which even related pairs are no question
LONG = 12  # words; a title as long as this with a word or two changed is worth a look wherever it stands
TEAM = 4  # authors; so many of one year and journal with a like title are worth a look
STOCK = 7  # words; a body uses a title as short as this again and again
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
    "instalments",
    "years",
    "words",
    "cut",
    "authors",
    "alone",
    "short",
    "weights",
    "weights-unsure",
    "place",
    "issuer",
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
        self.long = c.words > SHORT
        self.people = np.isin(c.people, (People.ALL, People.FEWER, People.FIRST, People.SOME, People.WRITTEN))
        self.strangers = c.people == People.NONE
        self.team = (c.people == People.ALL) | (c.people == People.FEWER)
        self.placed = (c.volume == Said.SAME) & (c.page == Said.SAME) & (c.issue != Said.DIFFER)
        self.about_placed = (c.volume == Said.SAME) & (c.page == Said.NEAR)
        self.issued = (c.volume == Said.SAME) & (c.issue == Said.SAME) & (c.page != Said.DIFFER)
        self.good = self.placed | self.about_placed | self.issued
        self.titled = self.sure | self.parts | ((w == Wording.FORMS) & self.good)
        self.near_titled = self.titled | (w == Wording.CHANGED) | (w == Wording.FORMS)
        self.same_year, self.year_near = c.year == Said.SAME, (c.year == Said.NEAR) | (c.year == Said.SAME)
        self.venue = c.venue == Said.SAME
        self.other_venue = c.venue == Said.DIFFER
        self.other_doi = c.doi == Said.DIFFER
        # Two articles of one team cannot stand on the same pages of one volume.
        somewhere = (c.volume == Said.SAME) | ((c.volume == Said.SILENT) & self.venue)
        self.one_place = c.pages & somewhere & (c.issue != Said.DIFFER) & self.team & self.same_year & ~self.other_venue
        self.close = c.apart <= NEAR_IN_TIME


def judge(c: Compared) -> Judged:
    """The decision about each pair, by the first rule that holds."""
    f = _Facts(c)
    made = [*_by_kind(f), *_by_doi(f), *_by_number(f), *_by_doubt(f), *_by_weight(f)]
    conditions = [np.asarray(condition, dtype=bool) for _, _, condition in made]
    decisions = np.select(conditions, [decision for _, decision, _ in made], DIFFERENT).astype(np.int8)
    rules = np.select(conditions, [RULES.index(name) for name, _, _ in made], RULES.index("unlike")).astype(np.int8)
    never = (decisions == LINKED) | np.isin(rules, [RULES.index(name) for name in NEVER]) & (decisions != SAME)
    known = np.isin(rules, [RULES.index(name) for name in ("doi", "place", "issuer")]) & (decisions == SAME)
    return Judged(decisions, rules, np.maximum(_bounded(f.p, decisions), np.where(known, KNOWN, 0.0)), never)


NEVER = frozenset(
    ("kind-near", "kind", "sort", "version", "doi-version", "number-at-one-place", "number", "doi-differs")
)
"""Rules whose pairs may not stand in one cluster through others either."""


def _bounded(p: Numbers, decisions: Numbers) -> Numbers:
    """The probability where a rule has spoken: at most even for a question that the weights would have merged."""
    caps = np.select([decisions == LINKED, decisions == ASK, decisions == DIFFERENT], [0.02, 0.6, 0.2], 1.0)
    found: Numbers = np.minimum(p, caps)
    return found


Rule = tuple[str, int, Numbers]


def _by_kind(f: _Facts) -> list[Rule]:
    """Errata, replies, protocols, abstracts and reviews about a report; chapters, theses and preprints of it."""
    c = f.c
    other_kind = c.kinds // 16 != c.kinds % 16
    one_title = (f.near_titled & (f.long | f.people)) | f.placed | (c.doi == Said.SAME)
    staged = np.isin(c.sorts, [_pair(SORTS, "article", "meeting")]) & f.other_venue
    retold = staged | np.isin(c.sorts, [_pair(SORTS, one, other) for one, other in _RETOLD])
    answered = np.isin(c.kinds // 16, _ANSWERS) | np.isin(c.kinds % 16, _ANSWERS)
    nearby = f.same_year | (f.year_near & (c.volume == Said.SAME))
    lent = np.isin(c.sorts, [_pair(SORTS, "book", "chapter")])
    related = f.titled & (f.people | (c.people == People.SILENT)) & f.close & (f.long | f.people)
    return [
        ("kind-near", ASK, other_kind & answered & one_title & f.venue & nearby & ~f.other_doi & (f.p >= RARE)),
        ("kind-near", ASK, other_kind & f.one_place),
        ("kind", LINKED, other_kind & one_title & f.close),
        ("unlike", DIFFERENT, other_kind),
        ("sort", LINKED, lent & (related | (c.doi == Said.SAME))),
        ("sort", LINKED, retold & related),
        ("version", LINKED, (c.preprints == 1) & related),
        ("doi-version", LINKED, (c.doi == Said.NEAR) & f.near_titled),
    ]


_ANSWERS = (KINDS.index("notice"), KINDS.index("reply"))  # which many catalogues file under their article
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
        ("unlike", DIFFERENT, doi & (c.wording >= Wording.ALIKE) & (c.page == Said.DIFFER)),
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
    abstract = (c.form == Said.DIFFER) | (
        (c.form == Said.SILENT) & ((c.meetings == 1) | (c.supplements == 1)) & ~f.issued
    )
    abstract &= c.page != Said.SAME
    elsewhere = (c.page == Said.DIFFER) & (c.issue == Said.DIFFER)
    stands = f.placed & (c.issue == Said.SAME) & (c.form != Said.DIFFER)
    column = (c.volume != Said.DIFFER) & (c.issue == Said.DIFFER) & (c.page != Said.SAME) & (c.page != Said.NEAR)
    likely = f.titled & f.long & f.people & f.year_near
    good = f.good
    yearly = c.bare & (c.sorts != _pair(SORTS, "article", "article"))
    apart = (c.volume == Said.DIFFER) | (c.page == Said.DIFFER) | (c.issue == Said.DIFFER)
    return [
        ("place", SAME, f.one_place & f.sure & f.long & f.venue),
        ("doi-differs", ASK, f.other_doi & f.sure & (f.p >= 0.5) & (good | f.same_year)),
        ("unlike", DIFFERENT, f.other_doi),
        ("place", SAME, stands & f.sure & f.venue & f.same_year & ~f.strangers & (c.told == Told.AGREE)),
        ("meeting", ASK, abstract & likely & (f.p >= RARE)),
        ("meeting", LINKED, abstract & likely),
        ("journals", ASK, f.other_venue & likely & ~f.placed & (f.p >= RARE)),
        ("journals", LINKED, f.other_venue & likely & ~f.placed & f.sure),
        ("unlike", DIFFERENT, f.other_venue & ~f.placed),
        (
            "unlike",
            DIFFERENT,
            ~f.long & ((c.venue >= Said.NEAR) | (c.volume == Said.DIFFER)) & ~f.one_place & (c.doi != Said.SAME),
        ),
        ("instalments", ASK, (c.volume == Said.SAME) & elsewhere & likely & ~c.brief),
        ("unlike", DIFFERENT, (column & (f.p < 0.5)) | (~f.long & (c.issue == Said.DIFFER))),
        ("short", ASK, column & (c.volume == Said.SILENT) & f.titled),
        ("years", LINKED, (c.year == Said.DIFFER) & f.sure & f.people & (yearly | (c.volume == Said.DIFFER)) & ~good),
        ("years", ASK, (c.year == Said.DIFFER) & ~good & f.titled & f.people & (plausible | (~apart & (f.p >= RARE)))),
        ("years", ASK, (c.year == Said.NEAR) & ~good & f.titled & f.people & plausible & (c.volume != Said.SAME)),
        ("unlike", DIFFERENT, f.strangers & (c.bodies == 2) & ~f.placed & (c.words <= STOCK)),
        ("authors", ASK, f.strangers & f.titled & (f.placed | f.issued | plausible) & f.year_near),
        ("unlike", DIFFERENT, f.strangers & ~f.placed),
    ]


def _by_weight(f: _Facts) -> list[Rule]:
    """Where nothing speaks against it, the weights decide; a title alone never does."""
    c = f.c
    borne = f.people.astype(int) + f.year_near + f.venue + (c.volume == Said.SAME) + (c.page == Said.SAME)
    alone = (borne < 2) | ~(f.people | f.placed | f.issued | (c.abstract == Said.SAME))
    listed = f.people & f.venue & f.same_year & (c.bodies == 0) & (c.words >= SHORT) & f.sure
    short = ~f.long & ~(f.placed | (f.issued & f.people) | listed)
    issued_once = (c.bodies == 2) & (c.people == People.ALL) & f.sure & f.same_year & (c.recurring == 0) & (c.words > 2)
    short |= (c.bodies == 2) & (c.words <= STOCK) & (c.doi != Said.SAME) & (c.volume == Said.SILENT)
    changed = ~f.titled & ~(
        (c.wording == Wording.CHANGED) & f.placed & f.people & (c.form != Said.DIFFER) & (c.supplements == 0)
    )
    cut = f.parts & ~(f.placed | f.about_placed | f.issued)
    plausible = f.p >= ASK_FROM
    return [
        ("place", SAME, f.one_place & f.sure & f.venue),
        ("issuer", SAME, issued_once & c.bare & ~f.other_venue & (c.issue != Said.DIFFER)),
        (
            "place",
            SAME,
            changed & f.one_place & (c.wording < Wording.FAR) & (c.wording > Wording.MISSING) & (f.p >= 0.5),
        ),
        ("words", ASK, changed & f.one_place),
        (
            "words",
            ASK,
            changed & f.team & (c.crowd >= TEAM) & f.same_year & f.venue & plausible & (c.wording < Wording.FAR),
        ),
        ("unlike", DIFFERENT, changed & (c.words < LONG) & ~f.good),
        ("words", ASK, changed & plausible & (c.wording < Wording.FAR)),
        ("unlike", DIFFERENT, changed),
        ("cut", ASK, cut & plausible & f.people),
        ("alone", ASK, alone & f.sure & f.long & (c.year != Said.DIFFER)),
        ("short", ASK, short & plausible),
        ("unlike", DIFFERENT, (alone | short)),
        ("weights", SAME, f.p >= SAME_FROM),
        ("weights-unsure", ASK, plausible),
    ]


__all__ = ["ASK", "DECISIONS", "DIFFERENT", "KINDS", "LINKED", "NEVER", "RULES", "SAME", "Judged", "judge"]
