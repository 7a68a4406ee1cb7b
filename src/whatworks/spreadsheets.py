"""What a spreadsheet does with a cell, and how it is kept from running one."""

from __future__ import annotations

from typing import TypeVar

RISKY = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be a formula in a spreadsheet

Value = TypeVar("Value")


def cell(value: Value) -> Value | str:
    """A cell that a spreadsheet takes for what it is: text that it would run begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
