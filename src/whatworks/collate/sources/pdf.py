"""PDF: the text of a report's file, for searching. The file is hostile until shown otherwise, and is never run.

It is read by another process that may use so much memory and time and no more, by a reader without a script engine:
whatever the file tries, at worst that process ends and the file is called broken.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from whatworks.errors import InputError
from whatworks.paper.bounded import hold
from whatworks.saying import said

SECONDS = 120  # of one processor; a thesis of 400 pages takes about 20
MEMORY = 1024**3  # bytes
LONGEST_TEXT = 8_000_000  # characters; a book of 1,000 pages has 3 million
MARK = b"%PDF-"
MARK_WITHIN = 1024  # bytes in which the mark must stand (PDF 1.7, appendix H.3, note 13)


@dataclass(frozen=True, slots=True)
class PdfText:
    """What came of reading one PDF. `pages` is None where the file could not be opened; `reader` names the program."""

    state: Literal["read", "scanned", "locked", "broken"]
    pages: int | None
    text: str
    reader: str


def check_is_pdf(start: bytes, name: str) -> None:
    """Raise InputError where a file does not begin as a PDF does."""
    if MARK not in start[:MARK_WITHIN]:
        raise InputError(
            said(
                "%(name)s is not a PDF (it does not begin with %(mark)s); give the report as a PDF file.",
                name=name,
                mark=MARK.decode(),
            )
        )


def read_pdf(path: Path) -> PdfText:
    """The text of a PDF, page after page with a form feed between. Never raises for what the file holds."""
    command = [sys.executable, "-I", "-m", "whatworks.collate.sources.pdf", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=2 * SECONDS, check=False)
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # no time left, or no memory: it said nothing
        return PdfText("broken", None, "", _reader())
    return PdfText(found["state"], found["pages"], found["text"], _reader())


def _reader() -> str:
    from pypdf import __version__

    return f"pypdf {__version__}"


def _found(path: str) -> dict[str, object]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):  # many files are locked against printing with no password
            return {"state": "locked", "pages": None, "text": ""}
        texts, size = [], 0
        for page in reader.pages:
            texts.append(_page_text(page))
            size += len(texts[-1])
            if size > LONGEST_TEXT:
                break
        text = "\f".join(texts).replace("\x00", "")[:LONGEST_TEXT]
        return {"state": "read" if text.strip() else "scanned", "pages": len(reader.pages), "text": text}
    except (FileNotDecryptedError, DependencyError):
        return {"state": "locked", "pages": None, "text": ""}
    except Exception:  # a parser of hostile bytes may fail in any way; each of them means the same to us
        return {"state": "broken", "pages": None, "text": ""}


def _page_text(page: object) -> str:
    try:
        return str(page.extract_text())  # type: ignore[attr-defined]
    except MemoryError:
        raise
    except Exception:  # one odd page does not cost the others
        return ""


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    hold(MEMORY, SECONDS)
    sys.stdout.write(json.dumps(_found(sys.argv[1])))
