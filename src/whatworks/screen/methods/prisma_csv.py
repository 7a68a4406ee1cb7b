"""A flow as the CSV that the R package PRISMA2020 reads: every row of its template, in its order, with our numbers.

Source: Haddaway et al. 2022, 10.1002/cl2.1230, `inst/extdata/PRISMA.csv` of the package. It looks rows up by parts of
their names, so a row of our own could be taken for one of its own: there are none. While a review goes on, the boxes
themselves say so, and a diagram made of the file says so too. A number that is not known is NA, never 0.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from whatworks.screen.methods.prisma import Flow, Kind
from whatworks.spreadsheets import RISKY

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NA = "NA"
UNKNOWN = f"Not recorded, {NA}"  # in a list: a lone NA there stops newer versions of the package
REST = "No reason given"
DBR, OTHER = "(databases and registers)", "(other)"
LISTED = "[separate reasons and numbers using ; e.g. Reason1, xxx; Reason2, xxx; Reason3, xxx]"

# Row by row: data, node, box, what the box says, what its description adds, whether it has a tooltip, the page it links.
_ROWS = (
    (NA, "node4", "prevstud", "Previous studies", "Grey title box; ", True, "prevstud"),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review", "", True, ""),
    ("previous_reports", NA, "box1", "Reports of studies included in previous version of review", "", False, ""),
    (
        NA,
        "node6",
        "newstud",
        "Identification of new studies via databases and registers",
        "Yellow title box; ",
        True,
        "newstud",
    ),
    ("database_results", "node7", "box2", "Databases", "Records identified from: ", True, ""),
    (
        "database_specific_results",
        NA,
        "box2",
        "Specific Databases",
        "Records identified from: ",
        False,
        "database_results",
    ),
    ("register_results", NA, "box2", "Registers", "Records identified from: ", False, NA),
    (
        "register_specific_results",
        NA,
        "box2",
        "Specific Registers",
        "Records identified from: ",
        False,
        "database_results",
    ),
    (NA, "node16", "othstud", "Identification of new studies via other methods", "Grey title box; ", True, "othstud"),
    ("website_results", "node17", "box11", "Websites", "Records identified from: ", True, ""),
    ("organisation_results", "", "box11", "Organisations", "Records identified from: ", False, NA),
    ("citations_results", NA, "box11", "Citation searching", "Records identified from: ", False, NA),
    ("duplicates", "node8", "box3", "Duplicate records", "", True, ""),
    ("excluded_automatic", NA, "box3", "Records marked as ineligible by automation tools", "", False, NA),
    ("excluded_other", NA, "box3", "Records removed for other reasons", "", False, NA),
    ("records_screened", "node9", "box4", "Records screened", DBR, True, ""),
    ("records_excluded", "node10", "box5", "Records excluded", DBR, True, ""),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval", DBR, True, ""),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved", DBR, True, ""),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval", OTHER, True, ""),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved", OTHER, True, ""),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility", DBR, True, ""),
    ("dbr_excluded", "node14", "box9", "Reports excluded", f"{DBR}: {LISTED}", True, "dbrexcludedrecords"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility", OTHER, True, ""),
    ("other_excluded", "node21", "box15", "Reports excluded", f"{OTHER}: {LISTED}", True, ""),
    ("new_studies", "node15", "box10", "New studies included in review", "", True, ""),
    ("new_reports", NA, "box10", "Reports of new included studies", "", False, NA),
    ("total_studies", "node22", "box16", "Total studies included in review", "", True, ""),
    ("total_reports", NA, "box16", "Reports of total included studies", "", False, NA),
    ("identification", "node1", "identification", "Identification", "Blue identification box", True, ""),
    ("screening", "node2", "screening", "Screening", "Blue screening box", True, ""),
    ("included", "node3", "included", "Included", "Blue included box", True, ""),
)
_LISTS = {
    "database_specific_results": "database_results",
    "register_specific_results": "register_results",
    "dbr_excluded": "dbr_excluded",
    "other_excluded": "other_excluded",
}
# Where what is waiting is said: the box that it has not come to yet.
_WAITS = {
    "records_screened": "records_waiting",
    "dbr_assessed": "dbr_reports_waiting",
    "other_sought_reports": "other_waiting",
    "other_assessed": "other_reports_waiting",
}
_HEADS = ("prevstud", "newstud", "othstud", "identification", "screening", "included")
# What the package would take for its own marks: between reasons, before numbers, around labels.
_MARKS = str.maketrans({",": " –", ";": " /", "'": "’", '"': "”", "\\": "/"})
_RUN = "".join(
    RISKY
)  # left out before a reason: the apostrophe that keeps other tables from being run is such a mark too


def prisma_csv(flow: Flow, kind: Kind = "held") -> str:
    """The whole file for one kind of count, ready for `PRISMA_data(read.csv(...))`."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(_line(flow, kind, *row) for row in _ROWS)
    return text.getvalue()


def _line(
    flow: Flow, kind: Kind, data: str, node: str, box: str, words: str, more: str, tip: bool, page: str
) -> tuple[str, ...]:
    said = f"{more}{words}" if more.endswith(" ") else more if box == data else f"{words} {more}".strip()
    boxtext = words + _so_far(flow, kind, data, box)
    tooltip = said.partition(":")[0] if more.endswith(LISTED) else said
    address = page or (data if data != NA else box)
    return (data, node, box, said, boxtext, tooltip if tip else NA, NA if address == NA else f"{address}.html",
            _number(flow, kind, data, box))  # fmt: skip


def _so_far(flow: Flow, kind: Kind, data: str, box: str) -> str:
    """What a box adds while there is more to come."""
    if data in _WAITS:
        waiting = flow.count(_WAITS[data], kind)
        return f" so far ({waiting:,} still waiting)" if waiting else ""
    if box == "newstud" and any(flow.count(item, kind) for item in _WAITS.values()):
        return " (the review is not finished)"
    otherwise = flow.count("otherwise_results", kind)
    return f" ({otherwise:,} in ways not shown)" if box == "othstud" and otherwise else ""


def _number(flow: Flow, kind: Kind, data: str, box: str) -> str:
    if data in _LISTS:
        return _list(flow, kind, _LISTS[data], totalled=data in ("dbr_excluded", "other_excluded"))
    if box == "othstud":  # where readers of the table look for all other methods together
        return _plain(flow.count("other_results", kind))
    return "0" if box in _HEADS else _plain(flow.count(data, kind))


def _list(flow: Flow, kind: Kind, item: str, *, totalled: bool) -> str:
    """Reasons or sources with their numbers; of reasons also how many have none, so that they come to the total."""
    box = flow.boxes.get(item)
    parts = [(part.label, n) for part in box.parts if (n := part.count(kind)) is not None] if box else []
    whole = box.count(kind) if box else None
    if not parts:
        return _plain(whole) if totalled and whole is not None else UNKNOWN
    rest = (whole or 0) - sum(n for _, n in parts)
    if totalled and rest > 0:
        parts.append((REST, rest))
    return "; ".join(f"{name}, {n}" for name, n in _named(parts))


def _named(parts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The parts by names that the package can read; those that it could not tell apart are one."""
    found: dict[str, int] = {}
    for label, n in parts:
        name = " ".join(label.translate(_MARKS).split()).lstrip(_RUN) or REST
        found[name] = found.get(name, 0) + n
    return list(found.items())


def _plain(n: int | None) -> str:
    return NA if n is None else str(n)
