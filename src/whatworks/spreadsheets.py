"""What a spreadsheet does with a cell, and how it is kept from running one."""

from __future__ import annotations

from typing import TypeVar

# A cell that begins so is a formula to one spreadsheet or another; where Japanese, Korean or Chinese is typed the wide
# forms of the signs are read as the narrow ones.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Value = TypeVar("Value")


def cell(value: Value) -> Value | str:
    """A cell that a spreadsheet takes for what it is: text that it would run begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def uncell(value: str) -> str:
    """What a cell held before `cell` kept it from being run."""
    return value[1:] if value[:1] == "'" and value[1:].startswith(RISKY) else value
