"""Cards: what each drawn box of a PRISMA flow says, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from whatworks.saying import said
from whatworks.screen.methods.prisma import ITEMS, OTHER_SOURCES, Box, Flow, Kind, Part

WAITING = said("still waiting")
REASONS_SHOWN = 8  # a longer list belongs in the table beside the drawing


@dataclass(frozen=True, slots=True)
class Entry:
    """One number and the words after it; `n` None where the review does not say."""

    n: int | None
    words: str
    small: bool = False
    held: bool = False  # a held count among published ones, in a solid strip of its own

    @property
    def number(self) -> str:
        """The number as it is written."""
        return "" if self.n is None else f"{self.n:,}"


@dataclass(frozen=True, slots=True)
class Card:
    """One drawn box: a heading or none, entries, and which kind of count it shows ("" where it shows none)."""

    heading: str
    entries: tuple[Entry, ...]
    kind: Kind | Literal[""]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route: the card on the way, and the card of what leaves it there."""

    stage: str
    main: Card
    aside: Card | None
    waits: Card | None = None  # what has not come so far yet, while the review goes on


def database_steps(flow: Flow) -> list[Step]:
    """The route from databases and registers, step by step."""
    removed = ("duplicates", "excluded_automatic", "excluded_other")
    return [
        # What waits to be screened has not come to the next step, so that what is left of each step is the next.
        Step(
            "Identification",
            _needed(flow, "database_results", "register_results"),
            card(flow, *removed),
            waiting(flow, "records_waiting"),
        ),
        Step("Screening", _needed(flow, "records_screened"), card(flow, "records_excluded")),
        Step(
            "",
            _needed(flow, "dbr_sought_reports"),
            card(flow, "dbr_notretrieved_reports"),
            waiting(flow, "dbr_reports_waiting"),
        ),
        Step("", _needed(flow, "dbr_assessed"), card(flow, "dbr_excluded")),
    ]


def other_steps(flow: Flow) -> list[Step]:
    """The route by other methods, empty where the review has none.

    It has no screening of records in PRISMA 2020; what a live review removed before the full text stands beside its
    first step.
    """
    if not any(box.item.route == "other" for box in flow.boxes.values()):
        return []
    removed = ("other_duplicates", "other_automatic", "other_screened_out")
    return [
        Step(
            "Identification",
            _needed(flow, "other_results", *OTHER_SOURCES),
            card(flow, *removed),
            waiting(flow, "other_waiting"),
        ),
        Step(
            "",
            _needed(flow, "other_sought_reports"),
            card(flow, "other_notretrieved_reports"),
            waiting(flow, "other_reports_waiting"),
        ),
        Step("", _needed(flow, "other_assessed"), card(flow, "other_excluded")),
    ]


def waiting(flow: Flow, item: str) -> Card | None:
    """The card of what is not decided yet; None where nothing waits."""
    box = flow.boxes.get(item)
    if box is None or not (box.held or box.published):
        return None
    made = card(flow, item)
    return replace(made, heading=WAITING) if made else None


def included(flow: Flow) -> Card:
    """The last card: studies and their reports, with those of an earlier version where there are any."""
    earlier = ("previous_studies", "previous_reports") if flow.has("previous_studies", "previous_reports") else ()
    return _needed(flow, *earlier, "new_studies", "new_reports", "total_studies", "total_reports")


def card(flow: Flow, *items: str) -> Card | None:
    """The card for these items, None where none has a count."""
    boxes = [flow.boxes[item] for item in items if item in flow.boxes]
    if not boxes:
        return None
    kind: Kind = "published" if any(box.published is not None for box in boxes) else "held"
    return Card("", tuple(entry for box in boxes for entry in _entries(box, kind)), kind)


def _needed(flow: Flow, *items: str) -> Card:
    """The card for these items; where none has a count it says so, for the diagram has a gap without it."""
    return card(flow, *items) or Card("", (Entry(None, said("%(what)s: not recorded", what=ITEMS[items[0]].text)),), "")


def _entries(box: Box, kind: Kind) -> Iterator[Entry]:
    named = [part for part in box.parts if part.count(kind) is not None]
    words = box.item.text
    if box.item.name == "database_results" and len(named) > 1:
        words = said("records identified in %(n)s databases", n=len(named))
    if box.count(kind) is not None:
        yield Entry(box.count(kind), words, small=box.item.name in OTHER_SOURCES)
    if kind == "published" and box.held is not None:
        yield Entry(
            box.held,
            said("held here") if box.published is not None else said("%(what)s, held here", what=words),
            held=True,
        )
    if box.item.name in ("dbr_excluded", "other_excluded"):
        yield from _reasons(named, kind)


def _reasons(parts: Sequence[Part], kind: Kind) -> Iterator[Entry]:
    ordered = sorted(parts, key=lambda part: -(part.count(kind) or 0))
    shown = ordered if len(ordered) <= REASONS_SHOWN else ordered[: REASONS_SHOWN - 1]
    for part in shown:
        yield Entry(part.count(kind), part.label, small=True)
    if rest := ordered[len(shown) :]:
        yield Entry(
            sum(part.count(kind) or 0 for part in rest), said("for %(n)s other reasons", n=len(rest)), small=True
        )
