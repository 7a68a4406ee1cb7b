"""Office files whose bytes depend on nothing but what is in them: fixed times, one order of the parts."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 255  # characters of one line that a file says of itself
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def clean(words: str) -> str:
    """Without the characters that an XML file may not hold."""
    return FORBIDDEN.sub("", words)


def stamped(body: bytes) -> bytes:
    """The same zip with every part at a fixed time and in its order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            fixed = zipfile.ZipInfo(part.filename, FIXED)
            fixed.compress_type, fixed.create_system, fixed.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            made.writestr(fixed, given.read(part), compresslevel=6)
    return out.getvalue()


def told_of(properties: object, *, title: str, subject: str, at: datetime, identifier: str) -> None:
    """Write what a file says of itself: title, language and the time of its approval instead of the time of making."""
    given = {
        "author": "whatworks",
        "title": clean(title)[:LONGEST],
        "subject": clean(subject)[:LONGEST],
        "identifier": identifier,
        "keywords": "",
        "comments": "",
        "language": "en-GB",
        "last_modified_by": "whatworks",
        "created": at.replace(tzinfo=None),
        "modified": at.replace(tzinfo=None),
        "revision": 1,
    }
    for name, value in given.items():
        setattr(properties, name, value)
