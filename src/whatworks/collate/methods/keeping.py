"""Keeping: a value of any kind as the text of a tag, from which the same value can be had again."""

from __future__ import annotations

import json
import re
from typing import Any

# Texts that would read as another kind of value when they are taken back.
_AMBIGUOUS = re.compile(r'\s*(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*\Z|null\s*\Z|true\s*\Z|false\s*\Z|[\[{"])')
_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def kept_text(value: Any) -> str:
    """A text as it is, any other value as canonical JSON, and a text that looks like JSON as JSON too.

    So is a text with carriage returns, which a file of lines would not bring back.
    """
    if type(value) is str:
        return _canonical(value) if _AMBIGUOUS.match(value) or "\r" in value else value
    if type(value) is int:
        return str(value)
    if value is None:
        return "null"
    return _canonical(value)


def kept_value(text: str) -> Any:
    """The value that `kept_text` wrote."""
    if not _AMBIGUOUS.match(text):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
