"""PRISMA 2020 flow as data: how many records, reports and studies passed each point of a review.

Counts are of two kinds. A *held* count comes from events and records kept here; a *published* count was printed by the
review's authors, and the records behind it are not here. They stand side by side and are never added to each other.

Source: Page et al. 2021, BMJ 372:n71, figure 1. Item names are those of the R package PRISMA2020 (Haddaway et al.
2022, 10.1002/cl2.1230), so that a flow can be exchanged with it. Items of ours besides, which neither knows: what is
still waiting while a review goes on, and what became of records found by other methods before their full text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from whatworks.errors import InputError
from whatworks.saying import Said, said

Kind: TypeAlias = Literal["published", "held"]
KINDS: tuple[Kind, Kind] = ("published", "held")
KIND_WORDS: dict[Kind, Said] = {"published": said("published"), "held": said("held")}

Unit: TypeAlias = Literal["records", "reports", "studies"]


@dataclass(frozen=True, slots=True)
class Item:
    """One box of the diagram, as PRISMA 2020 defines it: what is counted, and the words that follow the number."""

    name: str
    stage: Literal["Identification", "Screening", "Included"]
    route: Literal["databases", "other", "both"]
    unit: Unit
    text: Said


ITEMS: dict[str, Item] = {
    item.name: item
    for item in (
        Item(
            "previous_studies",
            "Identification",
            "both",
            "studies",
            said("studies in the previous version of the review"),
        ),
        Item(
            "previous_reports", "Identification", "both", "reports", said("reports of studies in the previous version")
        ),
        Item("database_results", "Identification", "databases", "records", said("records identified in databases")),
        Item("register_results", "Identification", "databases", "records", said("records identified in registers")),
        Item("duplicates", "Identification", "databases", "records", said("duplicate records removed")),
        Item(
            "excluded_automatic",
            "Identification",
            "databases",
            "records",
            said("records marked ineligible by automation"),
        ),
        Item("excluded_other", "Identification", "databases", "records", said("records removed for other reasons")),
        Item("other_results", "Identification", "other", "records", said("records identified by other methods")),
        Item("website_results", "Identification", "other", "records", said("from websites")),
        Item("organisation_results", "Identification", "other", "records", said("from organisations")),
        Item("citations_results", "Identification", "other", "records", said("from citation searching")),
        Item("otherwise_results", "Identification", "other", "records", said("in other ways")),
        Item("other_duplicates", "Identification", "other", "records", said("duplicate records removed")),
        Item("other_automatic", "Identification", "other", "records", said("records marked ineligible by automation")),
        Item("records_screened", "Screening", "databases", "records", said("records screened")),
        Item("records_excluded", "Screening", "databases", "records", said("records excluded")),
        Item("records_waiting", "Screening", "databases", "records", said("records not screened or not settled yet")),
        Item("dbr_sought_reports", "Screening", "databases", "reports", said("reports sought for retrieval")),
        Item("dbr_notretrieved_reports", "Screening", "databases", "reports", said("reports not retrieved")),
        Item("dbr_reports_waiting", "Screening", "databases", "reports", said("reports not assessed yet")),
        Item("dbr_assessed", "Screening", "databases", "reports", said("reports assessed for eligibility")),
        Item("dbr_excluded", "Screening", "databases", "reports", said("reports excluded")),
        Item("other_screened_out", "Screening", "other", "records", said("records excluded on title and abstract")),
        Item("other_waiting", "Screening", "other", "records", said("records not screened or not settled yet")),
        Item("other_sought_reports", "Screening", "other", "reports", said("reports sought for retrieval")),
        Item("other_notretrieved_reports", "Screening", "other", "reports", said("reports not retrieved")),
        Item("other_reports_waiting", "Screening", "other", "reports", said("reports not assessed yet")),
        Item("other_assessed", "Screening", "other", "reports", said("reports assessed for eligibility")),
        Item("other_excluded", "Screening", "other", "reports", said("reports excluded")),
        Item("new_studies", "Included", "both", "studies", said("studies included in the review")),
        Item("new_reports", "Included", "both", "reports", said("reports of included studies")),
        Item("total_studies", "Included", "both", "studies", said("studies included, with the previous version")),
        Item(
            "total_reports",
            "Included",
            "both",
            "reports",
            said("reports of included studies, with the previous version"),
        ),
    )
}
OTHER_SOURCES = ("website_results", "organisation_results", "citations_results", "otherwise_results")
WAITING = ("records_waiting", "dbr_reports_waiting", "other_waiting", "other_reports_waiting")


@dataclass(frozen=True, slots=True)
class Tally:
    """One count as it comes in: of the whole item where `label` is "", else of one named part of it."""

    item: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a box: a database, or a reason for exclusion."""

    label: str
    published: int | None = None
    held: int | None = None

    def count(self, kind: Kind) -> int | None:
        """The count of that kind, None where there is none."""
        return self.published if kind == "published" else self.held


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its counts, its named parts, and for which kinds the count is only the sum of the parts."""

    item: Item
    published: int | None
    held: int | None
    parts: tuple[Part, ...] = ()
    summed: frozenset[Kind] = frozenset()

    def count(self, kind: Kind) -> int | None:
        """The count of that kind, None where there is none."""
        return self.published if kind == "published" else self.held

    def parts_sum(self, kind: Kind) -> int | None:
        """The sum of the parts of that kind, None where no part has a count."""
        counts = [n for part in self.parts if (n := part.count(kind)) is not None]
        return sum(counts) if counts else None


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole diagram; boxes without any count are not in it."""

    title: str
    boxes: Mapping[str, Box]
    twice: tuple[Part, ...] = ()  # sources named under databases and again under registers, counted once

    def count(self, item: str, kind: Kind) -> int | None:
        """The count of an item and kind, None where there is none."""
        box = self.boxes.get(item)
        return box.count(kind) if box else None

    def has(self, *items: str) -> bool:
        """Whether any of the items has a count of either kind."""
        return any(item in self.boxes for item in items)

    @property
    def waiting(self) -> int:
        """How many records and reports are not decided yet, of those held here."""
        return sum(self.count(item, "held") or 0 for item in WAITING)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of count that occur."""
        return tuple(kind for kind in KINDS if any(box.count(kind) is not None for box in self.boxes.values()))

    def to_dict(self) -> dict[str, object]:
        """As JSON: for each item its counts and parts."""
        return {
            name: {
                "published": box.published,
                "held": box.held,
                "unit": box.item.unit,
                "parts": [{"label": part.label, "published": part.published, "held": part.held} for part in box.parts],
            }
            for name, box in self.boxes.items()
        }


def build_flow(*, held: Iterable[Tally] = (), published: Iterable[Tally] = (), title: str = "") -> Flow:
    """The flow from counts of the two kinds.

    An item without a count of its own gets the sum of its parts, of the same kind. Raises InputError for an unknown
    item or a count below nought.
    """
    given: dict[Kind, dict[str, dict[str, int]]] = {"published": _by_item(published), "held": _by_item(held)}
    twice = _named_twice(given)
    boxes = {name: box for name, item in ITEMS.items() if (box := _box(item, given, twice))}
    if "other_results" not in boxes and (other := _other_results(boxes)):
        boxes = {
            name: box for name in ITEMS if (box := boxes.get(name) or (other if name == "other_results" else None))
        }
    return Flow(title=title, boxes=boxes, twice=twice)


def _by_item(tallies: Iterable[Tally]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for tally in tallies:
        if tally.item not in ITEMS:
            raise InputError(
                said("The flow has no item %(item)r; known are %(items)s.", item=tally.item, items=", ".join(ITEMS))
            )
        if tally.n < 0:
            raise InputError(
                said("The flow's %(item)s is %(n)s; a count cannot be below 0.", item=tally.item, n=tally.n)
            )
        parts = found.setdefault(tally.item, {})
        if tally.label in parts:
            raise InputError(
                said(
                    "The flow's %(item)s counts %(label)r twice; give it once.",
                    item=tally.item,
                    label=tally.label or said("the whole"),
                )
            )
        parts[tally.label] = tally.n
    return found


def _box(item: Item, given: dict[Kind, dict[str, dict[str, int]]], twice: tuple[Part, ...]) -> Box | None:
    counts = {kind: given[kind].get(item.name, {}) for kind in KINDS}
    labels = list(dict.fromkeys(label for kind in KINDS for label in counts[kind] if label))
    parts = tuple(Part(label, counts["published"].get(label), counts["held"].get(label)) for label in labels)
    whole: dict[Kind, int | None] = {}
    for kind in KINDS:
        register = item.name == "register_results"
        again = {part.label for part in twice if register and part.count(kind) is not None}
        own = [n for label, n in counts[kind].items() if label and label not in again]
        whole[kind] = counts[kind].get("", sum(own) if own else None)
    if all(n is None for n in whole.values()):
        return None
    summed = frozenset(kind for kind in KINDS if whole[kind] is not None and "" not in counts[kind])
    return Box(item, whole["published"], whole["held"], parts, summed)


def _named_twice(given: dict[Kind, dict[str, dict[str, int]]]) -> tuple[Part, ...]:
    """Sources that authors print with one name and count under databases and registers; some reviews list one in both."""
    databases = given["published"].get("database_results", {})
    registers = given["published"].get("register_results", {})
    return tuple(Part(label, published=n) for label, n in registers.items() if label and databases.get(label) == n)


def _other_results(boxes: Mapping[str, Box]) -> Box | None:
    """All other methods together, where the review gives only websites, organisations and citation searching."""
    sources = [boxes[name] for name in OTHER_SOURCES if name in boxes]
    counts = {kind: [n for box in sources if (n := box.count(kind)) is not None] for kind in KINDS}
    if not any(counts.values()):
        return None
    whole = {kind: sum(counts[kind]) if counts[kind] else None for kind in KINDS}
    summed = frozenset(kind for kind in KINDS if counts[kind])
    return Box(ITEMS["other_results"], whole["published"], whole["held"], (), summed)


def read_prisma2020(rows: Iterable[Mapping[str, str]]) -> list[Tally]:
    """The tallies in a table of the R package PRISMA2020: columns `item` (or `data`), `label` (or `boxtext`) and `n`.

    Lists such as "Wrong population, 12; Wrong outcomes, 4" become one tally a part. Raises InputError where a count
    cannot be read.
    """
    found: list[Tally] = []
    for row in rows:
        item = (row.get("item") or row.get("data") or "").strip()
        text = (row.get("n") or "").strip()
        label = (row.get("label") or row.get("boxtext") or "").strip()
        if item in ("", "NA") and "other methods" in label and text.isdigit():
            item = "other_results"
        item = item.replace("_specific", "")
        if item in ITEMS and text not in ("", "NA"):
            found += _tallies(item, text)
    return _without_empty_totals(found)


def _tallies(item: str, text: str) -> list[Tally]:
    if text.isdigit():
        return [Tally(item, "", int(text))]
    parts = [part.rpartition(",") for part in text.split(";") if part.strip()]
    parts = [part for part in parts if part[2].strip() != "NA"]
    if any(not number.strip().isdigit() or not label.strip() for label, _, number in parts):
        raise InputError(
            said(
                "The flow's %(item)s reads %(text)r; write one number, or 'reason, number; reason, number'.",
                item=item,
                text=text,
            )
        )
    return [Tally(item, label.strip(), int(number)) for label, _, number in parts]


def _without_empty_totals(tallies: list[Tally]) -> list[Tally]:
    """Without "0 in all": the package's template prints it where there is no previous version to add."""
    updated = any(tally.item.startswith("previous") and tally.n for tally in tallies)
    return [tally for tally in tallies if updated or not (tally.item.startswith("total") and tally.n == 0)]
