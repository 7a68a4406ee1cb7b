"""How a report is cited: references in three styles, and the entry that a reference manager takes, as text to copy."""

from __future__ import annotations

from typing import Any

from whatworks.collate.exporting import FORMS, shared
from whatworks.collate.methods.citing import STYLES, reference
from whatworks.collate.methods.shared import Shared
from whatworks.collate.models import Report

FILES = ("bibtex", "ris", "csl")


def citing(report: Report) -> dict[str, Any]:
    """Everything that the page of a report shows under “Cite this report”; a merged one is cited as what it speaks through."""
    return _shown(shared([report.speaker()])[0])


def _shown(one: Shared) -> dict[str, Any]:
    item = one.item()
    files = [
        {"name": FORMS[name].name, "href": f"/reports/{one.identifier}/cite.{FORMS[name].ending}"} for name in FILES
    ]
    return {
        "references": [{"style": name, "key": key, "text": reference(item, key)} for key, name in STYLES.items()],
        "data": f"/api/reports/{one.identifier}",
        "bibtex": file_text("bibtex", one).strip(),
        "files": files,
        "notice": one.standing,
    }


def file_text(name: str, one: Shared) -> str:
    """One report as a file of a form that is text."""
    pieces = FORMS[name].pieces
    assert pieces is not None
    return "".join(pieces([one]))
