"""Maps as EPPI-Mapper writes them, of made-up studies: the layout of public files of 2018 and 2020, none of their content."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

ROW_GROUPS = (6, 5, 5, 4, 6, 5, 4, 5, 3)  # 9 groups of 43 rows, as in a public map of 800 items
COLUMN_GROUPS = (4, 3, 2, 4, 3, 4, 4)  # 7 groups of 24 columns
KINDS = (
    ("Reviews, high or medium confidence", "#11C3D9"),
    ("Studies, high or medium confidence", "#5CB85C"),
    ("Studies, low confidence", "#D8023F"),
    ("Reviews, low confidence", "#D802A5"),
    ("Going on", "#F0AD4E"),
)
THINGS = "Lanterns Gardens Kettles Bicycles Choirs Ladders Umbrellas Postcards Pebbles Kites".split()


def heading(identifier: int, title: str, span: int, *, column: bool) -> dict[str, Any]:
    """A heading as the file holds it."""
    return {"span": span, "isColumn": column, "id": identifier, "title": title}


def table(row_groups: Sequence[int] = ROW_GROUPS, column_groups: Sequence[int] = COLUMN_GROUPS) -> dict[str, Any]:
    """`csvData`: the headings of the columns by level, then a list for each row that begins with the headings that open there."""
    across = [
        [heading(1000, "Outcomes", len(column_groups), column=True)],
        [heading(1100 + n, f"Outcome group {n}", size, column=True) for n, size in enumerate(column_groups, 1)],
        [heading(1200 + n, f"Outcome {n}", 1, column=True) for n in range(1, sum(column_groups) + 1)],
    ]
    rows: list[list[dict[str, Any]]] = []
    leaf = 0
    for number, size in enumerate(row_groups, 1):
        for place in range(size):
            leaf += 1
            opened = (
                [heading(2100 + number, f"Work with {THINGS[number % 10]}", size, column=False)] if not place else []
            )
            opened.append(heading(2200 + leaf, f"{THINGS[leaf % 10]} of kind {leaf}", 1, column=False))
            rows.append(opened)
    rows[0].insert(0, heading(2000, "Interventions", len(row_groups), column=False))
    sizes = {"totalColBreadth": sum(column_groups), "totalColDepth": 3, "totalRowBreadth": leaf, "totalRowDepth": 1}
    return {"rows": across + rows, **sizes}


def reference(number: int, codes: Sequence[int], **more: Any) -> dict[str, Any]:
    """An entry of `referenceData`."""
    return {
        "ItemId": 30_000_000 + number,
        "Title": f"Made-up study {number} of {THINGS[number % 10].lower()}",
        "ParentTitle": "Journal of Nothing",
        "ShortTitle": f"Nobody ({1990 + number % 30})",
        "Year": str(1990 + number % 30),
        "Authors": "Nobody A ; Noone B ; ",
        "Abstract": "An abstract that belongs to its publisher. " * 20,
        "TypeName": "Journal, Article",
        "URL": f"https://example.org/{number}",
        "DOI": f"https://doi.org/10.5555/made.up.{number}.",
        "Codes": [{"AttributeId": code, "AdditionalText": "", "ArmId": 0, "ArmTitle": ""} for code in codes],
    } | more


def filters() -> list[dict[str, Any]]:
    """`filters`: one without answers, as real files have them, and one with answers under an answer."""
    leaf = lambda number, label: {"id": number, "label": label, "children": []}  # noqa: E731  a name for a long literal
    places = {"id": 3110, "label": "Far away", "children": [leaf(3111, "The moon"), leaf(3112, "The sea")]}
    return [
        {"id": 3000, "label": "Quality", "children": []},
        {"id": 3100, "label": "Region", "children": [leaf(3101, "Here"), places]},
        {
            "id": 3200,
            "label": "Design",
            "children": [leaf(3201, "Trial"), leaf(3202, "Comparison"), leaf(3203, "Talk")],
        },
    ]


def segments() -> list[dict[str, Any]]:
    """`segmentAttributes`."""
    return [
        {"attribute": {"AttributeId": 4001 + n, "AttributeName": name, "AttributeType": "Selectable"}, "color": colour}
        for n, (name, colour) in enumerate(KINDS)
    ]


def references(count: int, rows: int = sum(ROW_GROUPS), columns: int = sum(COLUMN_GROUPS)) -> list[dict[str, Any]]:
    """So many made-up entries, each in a few rows and columns: some cells are full, many are empty."""
    dice = random.Random(800)
    made = []
    for number in range(1, count + 1):
        down = {2201 + min(int(dice.expovariate(0.08)), rows - 1) for _ in range(dice.randint(1, 3))}
        across = {1201 + min(int(dice.expovariate(0.15)), columns - 1) for _ in range(dice.randint(1, 4))}
        codes = [*sorted(down), *sorted(across), 4001 + number % 5, 3101 if number % 3 else 3111, 3201 + number % 3]
        made.append(reference(number, codes))
    return made


def page(**constants: Any) -> str:
    """The file: whatever constants are given, in a script, as EPPI-Mapper writes them."""
    script = "\n".join(
        f"    const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in constants.items()
    )
    return (
        "<!DOCTYPE html>\n<html>\n<head>\n  <title>Made-up map | EPPI Pivot Viewer</title>\n</head>\n<body>\n"
        f"<script>\n    var τ = 2 * Math.PI;\n{script}\n    const arrow = '<svg></svg>';\n  </script>\n</body>\n</html>\n"
    )


def eppi_map(count: int = 800) -> str:
    """A whole made-up map: by default of 800 items, 43 rows and 24 columns."""
    return page(
        csvData=table(),
        filters=filters(),
        referenceData=references(count),
        aboutContent="<div><!--block-->A map that shows <b>nothing real</b>.<br><br>Gaps &amp; all.</div>",
        segmentAttributes=segments(),
        summaryAttribute="",
    )
