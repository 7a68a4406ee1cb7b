"""Identities: sums that must close if a PRISMA flow is right, each with what it says in words.

Only sums whose terms are all known are tried, and each within one kind of count. That a sum closes does not show that
its terms are right; that it does not shows that one is wrong or missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.screen.methods.prisma import OTHER_SOURCES, Box, Flow, Kind


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
    "database_results": "from databases",
    "register_results": "from registers",
    "other_results": "by other methods",
    "duplicates": "duplicates",
    "excluded_automatic": "by automation",
    "excluded_other": "for other reasons",
    "records_screened": "screened",
    "records_excluded": "excluded",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "not retrieved",
    "dbr_assessed": "assessed",
    "dbr_excluded": "excluded",
    "other_sought_reports": "sought by other methods",
    "other_notretrieved_reports": "not retrieved",
    "other_assessed": "assessed by other methods",
    "other_excluded": "excluded by other methods",
    "new_reports": "reports included",
    "new_studies": "new studies",
    "previous_studies": "previous studies",
    "previous_reports": "previous reports",
    "total_studies": "studies in all",
    "total_reports": "reports in all",
    "website_results": "from websites",
    "organisation_results": "from organisations",
    "citations_results": "from citation searching",
    "otherwise_results": "in other ways",
    "records_waiting": "waiting",
    "dbr_reports_waiting": "waiting",
    "other_duplicates": "duplicates",
    "other_automatic": "by automation",
    "other_screened_out": "excluded on title and abstract",
    "other_waiting": "waiting",
    "other_reports_waiting": "waiting",
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
        f"The {kind} number of {box.item.text}{' by other methods' if box.item.route == 'other' else ''} "
        f"({box.count(kind):,}) is the sum of its parts; no total was given."
        for box in flow.boxes.values()
        for kind in flow.kinds
        if kind in box.summed and box.parts
    ]


def _named_twice(flow: Flow) -> list[str]:
    return [
        f"{part.label} ({n:,}) is named under databases and again under registers; it is counted once."
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
    terms = " + ".join(f"{n:,} {_SHORT[item]}" for n, item in plus)
    terms += "".join(f" − {n:,} {_SHORT[item]}" for n, item in minus)
    if left == right:
        said = f"{terms} = {right:,} {_SHORT[each.equals]}."
    else:
        apart = f"{abs(left - right):,} apart"
        said = f"{terms} = {left:,}, but the {kind} number is {right:,} {_SHORT[each.equals]}: {apart}."
    return Identity(each.name, kind, left, right, left == right, said)


def _proves_itself(flow: Flow, each: _Sum, kind: Kind) -> bool:
    """All other methods together are summed here where the review does not say; that sum closes by itself."""
    return each.equals == "other_results" and kind in flow.boxes["other_results"].summed


def _parts(box: Box, kind: Kind) -> Identity | None:
    """Whether the parts come to a total that was given on its own."""
    left, right = box.parts_sum(kind), box.count(kind)
    if left is None or right is None or kind in box.summed:
        return None
    counted = sum(part.count(kind) is not None for part in box.parts)
    said = f'The {counted} parts of "{box.item.text}" come to {left:,}'
    said += ", as stated." if left == right else f", but {right:,} is stated: {abs(left - right):,} apart."
    return Identity(f"parts of {box.item.name}", kind, left, right, left == right, said)
