"""Foreign tags: how a field that RIS has no tag for, such as `nbib:PMID`, is kept in a RIS file and found there again.

It is written under the tag XX, as `XX  - nbib:PMID  - value`. The name ends at the first two spaces and dash, so runs
of spaces, control characters and percent signs in it are written as `%20` and the like. Whatever else is no RIS tag, and
a tag XX of a real file whose value happens to look so, is written as `ris:` and its name, and comes back as it was.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

CARRIER = "XX"
_PLAIN = re.compile(r"[A-Z][A-Z0-9]")
_SOURCE = re.compile(r"[a-z][a-z0-9_.-]*:")
_CARRIED = re.compile(rf"({_SOURCE.pattern}[^\n]*?)  -(?: |(?=\n)|\Z)(.*)", re.DOTALL)
# What would end the name too early, or be changed on its way: controls, marks, line ends of any kind, runs of spaces, %.
_UNSAFE = re.compile("[%\x00-\x1f\x7f\x85\u2028\u2029\ufeff]| (?= )|(?<= ) | \\Z|ï»¿")


def carried(tag: str, value: str) -> tuple[str, str]:
    """The RIS tag and value under which a tag is written; a plain RIS tag stays as it is."""
    if _PLAIN.fullmatch(tag) and (tag != CARRIER or uncarried(value)[0] == CARRIER):
        return tag, value
    own = _SOURCE.match(tag) and not tag.startswith("ris:")
    return CARRIER, f"{_escaped(tag if own else f'ris:{tag}')}  - {value}"


def uncarried(value: str) -> tuple[str, str]:
    """The tag and value that a value of the tag XX carries; XX itself where it carries none."""
    found = _CARRIED.fullmatch(value)
    if not found:
        return CARRIER, value
    tag = unquote(found.group(1))
    if _escaped(tag) != found.group(1):  # not our writing: somebody's own value, to be left alone
        return CARRIER, value
    return tag.removeprefix("ris:"), found.group(2)


def _escaped(name: str) -> str:
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), name)
