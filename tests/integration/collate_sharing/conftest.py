"""A few fictional reports from two searches, as every test here finds them. Imports are inside: this is read before Django is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FIRST = """TY  - JOUR
ID  - W1
TI  - Family support after a first contact: a trial
AU  - Smith, Mary B.
AU  - Jones, Jean-Paul
PY  - 2020
T2  - Journal of Fictional Studies
VL  - 12
IS  - 3
SP  - 123
EP  - 130
DO  - 10.1000/first
AB  - A licensed abstract of the first.
KW  - licensed term
ER  -

TY  - RPRT
ID  - W2
TI  - Annual report of the Council of Nowhere on children in care
AU  - Council of Nowhere
PY  - 2019
PB  - Council of Nowhere
UR  - https://nowhere.example.org/report
ER  -

TY  - JOUR
ID  - W3
TI  - =Risky titles & 100% of {braces} in _LaTeX_ #1: DNA’s é
AU  - O’Brien, Zoë
PY  - 2021
T2  - Journal of Fictional Studies
DO  - 10.1000/third_one
ER  -
"""

SECOND = """TY  - JOUR
ID  - X1
TI  - Family support after a first contact: a trial
AU  - Smith, M. B.
PY  - 2020
T2  - J. Fict. Stud.
DO  - 10.1000/first
AN  - 999
ER  -

TY  - CHAP
ID  - X2
TI  - A chapter on nothing
AU  - Green, C.
A2  - Brown, Ann
PY  - 2018
T2  - The book of nothing
PB  - Fictional Press
CY  - Nowhere
SP  - 1
EP  - 20
ER  -
"""


def bring_in(folder: Path, text: str, source: str, name: str) -> Any:
    """Import an export as a person would, with all the work that follows it."""
    from whatworks.archive.importing import import_now
    from whatworks.collate.models import Import

    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Import.objects.get(pk=import_now(by="test", path=path, name=source)["import"])


@pytest.fixture
def reports(db: None, tmp_path: Path) -> dict[str, Any]:
    """The reports of both searches, by the identifiers that the searches gave them."""
    from whatworks.collate.models import Record

    bring_in(tmp_path, FIRST, "Database A", "first.ris")
    bring_in(tmp_path, SECOND, "Database B", "second.ris")
    rows = Record.objects.select_related("first_report")
    return {dict(map(tuple, row.tags))["ID"]: row.first_report for row in rows}


@pytest.fixture
def roads(db: None) -> None:
    """The tiny pack of another sector, computed and published."""
    from tests.integration.journey.centres import build_roads

    build_roads()
