"""A document as PDF, tagged for screen readers (PDF/UA-1) and to last (PDF/A-2a); and its flow diagram as a picture.

The text is data: nothing in it is markup, so that a name cannot become a command. The same document gives the same bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from whatworks.paper.typesetting import TypesettingError, typeset
from whatworks.trial.reports.parts import Block, Bullets, Code, Document, FlowDiagram, Heading, Paragraph

PRINTABLE = ((0x20, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x2010, 0x2027), (0x2030, 0x2044), (0x20AC, 0x20AC))
SIGNS = "\n\N{MINUS SIGN}\N{SUPERSCRIPT TWO}\N{NARROW NO-BREAK SPACE}"
UNSEEN = ("Cf", "Cn", "Co", "Cs")
LOST = "?"  # for a letter that the fonts have not: the text file has it


@lru_cache(maxsize=16)
def pdf(document: Document) -> bytes:
    """The document as PDF. Raises TypesettingError where it cannot be set."""
    data = {
        **{name: getattr(document, name) for name in ("kind", "title", "identifier", "notice", "foot")},
        "language": document.language.partition("-")[0],
        "blocks": [_block(one) for one in document.blocks],
    }
    return _set(data, "document", at=int(datetime.fromisoformat(document.at).timestamp()))


@lru_cache(maxsize=16)
def picture(diagram: FlowDiagram) -> bytes:
    """A flow diagram as PNG, for documents that hold no drawings."""
    return _set({"flow": _flow(diagram)}, "picture", form="png")


def _set(data: Any, ending: str, *, form: str = "pdf", at: int = 0) -> bytes:
    home = resources.files("whatworks.trial.reports")
    source = "\n".join(home.joinpath(f"{name}.typ").read_text("utf-8") for name in ("flow", ending))
    plain = _with(data, _plain)
    try:
        return typeset(source, {"data": json.dumps(plain)}, form=form, at=at)
    except TypesettingError as error:
        if "could not be displayed" not in str(error):
            raise
        return typeset(source, {"data": json.dumps(_with(plain, _printable))}, form=form, at=at)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"is": "heading", "text": block.text, "level": block.level}
    if isinstance(block, Paragraph):
        return {"is": "paragraph", "lines": block.text.splitlines() or [""], "manner": block.manner}
    if isinstance(block, Bullets):
        return {"is": "bullets", "items": list(block.items)}
    if isinstance(block, Code):
        return {"is": "code", "text": block.text}
    if isinstance(block, FlowDiagram):
        return {"is": "flow", **_flow(block)}
    rows = [list(row) for row in block.rows]
    return {"is": "table", "caption": block.caption, "head": list(block.head), "rows": rows, "across": list(block.across),
            "numbers": list(block.numbers)}  # fmt: skip


def _flow(diagram: FlowDiagram) -> dict[str, Any]:
    def boxes(held: Any) -> list[dict[str, Any]]:
        return [{"name": one.name, "count": one.count, "reasons": list(one.reasons)} for one in held]

    arms = [{"name": arm.name, "boxes": boxes(arm.boxes), "below": arm.below} for arm in diagram.arms]
    return {
        "caption": diagram.caption,
        "before": boxes(diagram.before),
        "allocated": diagram.allocated,
        "arms": arms,
        "alt": " ".join(f"{line}." for line in diagram.lines),
    }


def _with(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _with(value, change) for name, value in data.items()}
    return [_with(value, change) for value in data] if isinstance(data, list) else data


def _plain(text: str) -> str:
    """Without the characters that have no form: control characters, and the marks of direction and of joining."""
    kept = (one for one in text if one == "\n" or unicodedata.category(one) not in (*UNSEEN, "Cc"))
    return text if text.isprintable() else "".join(kept)


def _printable(text: str) -> str:
    return "".join(
        one if one in SIGNS or any(low <= ord(one) <= high for low, high in PRINTABLE) else LOST for one in text
    )
