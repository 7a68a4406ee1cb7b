"""Identities: sums that must close if a PRISMA flow is right, each with what it says in words.

Only sums whose terms are all known are tried, and each within one kind of count. That a sum closes does not show that
its terms are right; that it does not shows that one is wrong or missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.saying import Said, joined, said
from whatworks.screen.methods.prisma import KIND_WORDS, OTHER_SOURCES, Box, Flow, Kind


@dataclass(frozen=True, slots=True)
class Identity:
    """One sum: what it comes to, what it should, whether they agree, and the sentence that says so."""

    name: str
    kind: Kind
    left: int
    right: int
    holds: bool
    sentence: str

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "left": self.left,
            "right": self.right,
            "holds": self.holds,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class _Sum:
    """`plus` less `minus` should be `equals`; items without a count are nought, except those in `needs`."""

    name: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    equals: str
    needs: tuple[str, ...]


_DATABASES = ("database_results", "register_results")
_REMOVED = ("duplicates", "excluded_automatic", "excluded_other")
_SUMS = (
    _Sum("other methods", OTHER_SOURCES, (), "other_results", ("other_results",)),
    _Sum("screened", _DATABASES, (*_REMOVED, "records_waiting"), "records_screened", ("database_results",)),
    _Sum(
        "sought",
        ("records_screened",),
        ("records_excluded",),
        "dbr_sought_reports",
        ("records_screened", "records_excluded"),
    ),
    # Authors rarely print what other methods brought besides what was sought; tried only where duplicates are told.
    _Sum(
        "sought, other methods",
        ("other_results",),
        ("other_duplicates", "other_automatic", "other_screened_out", "other_waiting"),
        "other_sought_reports",
        ("other_results", "other_duplicates"),
    ),
    _Sum(
        "assessed",
        ("dbr_sought_reports",),
        ("dbr_notretrieved_reports", "dbr_reports_waiting"),
        "dbr_assessed",
        ("dbr_sought_reports",),
    ),
    _Sum(
        "assessed, other methods",
        ("other_sought_reports",),
        ("other_notretrieved_reports", "other_reports_waiting"),
        "other_assessed",
        ("other_sought_reports",),
    ),
    _Sum(
        "included",
        ("dbr_assessed", "other_assessed"),
        ("dbr_excluded", "other_excluded"),
        "new_reports",
        ("dbr_assessed", "dbr_excluded"),
    ),
    _Sum(
        "studies in all", ("previous_studies", "new_studies"), (), "total_studies", ("previous_studies", "new_studies")
    ),
    _Sum(
        "reports in all", ("previous_reports", "new_reports"), (), "total_reports", ("previous_reports", "new_reports")
    ),
)
_SHORT = {
    "database_results": said("from databases"),
    "register_results": said("from registers"),
    "other_results": said("by other methods"),
    "duplicates": said("duplicates"),
    "excluded_automatic": said("by automation"),
    "excluded_other": said("for other reasons"),
    "records_screened": said("screened"),
    "records_excluded": said("excluded"),
    "dbr_sought_reports": said("sought"),
    "dbr_notretrieved_reports": said("not retrieved"),
    "dbr_assessed": said("assessed"),
    "dbr_excluded": said("excluded"),
    "other_sought_reports": said("sought by other methods"),
    "other_notretrieved_reports": said("not retrieved"),
    "other_assessed": said("assessed by other methods"),
    "other_excluded": said("excluded by other methods"),
    "new_reports": said("reports included"),
    "new_studies": said("new studies"),
    "previous_studies": said("previous studies"),
    "previous_reports": said("previous reports"),
    "total_studies": said("studies in all"),
    "total_reports": said("reports in all"),
    "website_results": said("from websites"),
    "organisation_results": said("from organisations"),
    "citations_results": said("from citation searching"),
    "otherwise_results": said("in other ways"),
    "records_waiting": said("waiting"),
    "dbr_reports_waiting": said("waiting"),
    "other_duplicates": said("duplicates"),
    "other_automatic": said("by automation"),
    "other_screened_out": said("excluded on title and abstract"),
    "other_waiting": said("waiting"),
    "other_reports_waiting": said("waiting"),
}


def identities(flow: Flow) -> list[Identity]:
    """Every sum that can be tried, for published and for held counts."""
    found: list[Identity] = []
    for kind in flow.kinds:
        found += [one for box in flow.boxes.values() if (one := _parts(box, kind))]
        found += [one for each in _SUMS if (one := _try(flow, each, kind))]
    return found


def remarks(flow: Flow) -> list[str]:
    """What a reader should know besides the sums: totals that nobody printed, and sources named in two lists."""
    return [*_totals(flow), *_named_twice(flow)]


def _totals(flow: Flow) -> list[str]:
    return [
        said(
            "The %(kind)s number of %(what)s (%(n)s) is the sum of its parts; no total was given.",
            kind=KIND_WORDS[kind],
            what=said("%(what)s by other methods", what=box.item.text) if box.item.route == "other" else box.item.text,
            n=f"{box.count(kind):,}",
        )
        for box in flow.boxes.values()
        for kind in flow.kinds
        if kind in box.summed and box.parts
    ]


def _named_twice(flow: Flow) -> list[str]:
    return [
        said(
            "%(source)s (%(n)s) is named under databases and again under registers; it is counted once.",
            source=part.label,
            n=f"{n:,}",
        )
        for part in flow.twice
        for kind in flow.kinds
        if (n := part.count(kind)) is not None
    ]


def _try(flow: Flow, each: _Sum, kind: Kind) -> Identity | None:
    right = flow.count(each.equals, kind)
    if right is None or any(flow.count(item, kind) is None for item in each.needs) or _proves_itself(flow, each, kind):
        return None
    plus = [(n, item) for item in each.plus if (n := flow.count(item, kind)) is not None]
    if not plus:
        return None
    minus = [(n, item) for item in each.minus if (n := flow.count(item, kind)) is not None]
    left = sum(n for n, _ in plus) - sum(n for n, _ in minus)
    terms = joined(" − ", (joined(" + ", (_term(*one) for one in plus)), *(_term(*one) for one in minus)))
    stated = _term(right, each.equals)
    if left == right:
        sentence = said("%(terms)s = %(stated)s.", terms=terms, stated=stated)
    else:
        sentence = said(
            "%(terms)s = %(sum)s, but the %(kind)s number is %(stated)s: %(apart)s apart.",
            terms=terms,
            sum=f"{left:,}",
            kind=KIND_WORDS[kind],
            stated=stated,
            apart=f"{abs(left - right):,}",
        )
    return Identity(each.name, kind, left, right, left == right, sentence)


def _term(n: int, item: str) -> Said:
    return said("%(n)s %(what)s", n=f"{n:,}", what=_SHORT[item])


def _proves_itself(flow: Flow, each: _Sum, kind: Kind) -> bool:
    """All other methods together are summed here where the review does not say; that sum closes by itself."""
    return each.equals == "other_results" and kind in flow.boxes["other_results"].summed


def _parts(box: Box, kind: Kind) -> Identity | None:
    """Whether the parts come to a total that was given on its own."""
    left, right = box.parts_sum(kind), box.count(kind)
    if left is None or right is None or kind in box.summed:
        return None
    counted = sum(part.count(kind) is not None for part in box.parts)
    told = {"counted": counted, "what": box.item.text, "left": f"{left:,}", "right": f"{right:,}"}
    if left == right:
        sentence = said('The %(counted)s parts of "%(what)s" come to %(left)s, as stated.', **told)
    else:
        sentence = said(
            'The %(counted)s parts of "%(what)s" come to %(left)s, but %(right)s is stated: %(apart)s apart.',
            **told,
            apart=f"{abs(left - right):,}",
        )
    return Identity(f"parts of {box.item.name}", kind, left, right, left == right, sentence)
