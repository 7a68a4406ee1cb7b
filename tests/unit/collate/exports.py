"""Small exports for tests: two real references, as databases write them, and the reader called on bytes."""

from __future__ import annotations

import io

from whatworks.collate.methods.records import ReadResult, Record
from whatworks.collate.sources import read_stream

RIS = """TY  - JOUR
ID  - prince_effects_2019
TI  - Effects of individual risk and state housing factors on adverse outcomes in a national sample of youth
AU  - Prince, Dana M.
AU  - Vidal, Sarah
PY  - 2019
JO  - Journal of Adolescence
VL  - 74
IS  - 1
SP  - 33
EP  - 44
DO  - 10.1016/j.adolescence.2019.05.004
SN  - 0140-1971, 1095-9254
ER  -

TY  - RPRT
TI  - Youth transitioning from foster care: Background and federal programs
AU  - Fernandes-Alcantara, Adrienne
PY  - 2019
ER  -
"""


def read_bytes(data: bytes, *, partial: bool = False) -> tuple[ReadResult, list[Record]]:
    """The result and the records of a file with these bytes."""
    result = read_stream(io.BytesIO(data), path="export.ris", partial=partial)
    return result, list(result)


def read_text(text: str, *, partial: bool = False) -> tuple[ReadResult, list[Record]]:
    """The same for a text in UTF-8."""
    return read_bytes(text.encode(), partial=partial)


def record(**fields: str | list[str]) -> Record:
    """A record with these tags; a list gives a tag several times."""
    pairs = [("TY", fields.pop("TY", "JOUR"))]
    pairs += [
        (tag, value) for tag, values in fields.items() for value in ([values] if isinstance(values, str) else values)
    ]
    return Record(1, 1, tuple((tag, str(value)) for tag, value in pairs))
