"""The bank holidays and the clocks that ship with the program, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from whatworks.convene.methods.clock import Rule
from whatworks.convene.methods.working_days import Calendar, calendar_of


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("whatworks.convene").joinpath("definitions", name).read_text("utf-8"))


@cache
def bank_holidays(part: str = "") -> Calendar:
    """Bank holidays of any part of the United Kingdom; with `part` of that part alone (to see what such a count gets wrong)."""
    years = {int(key): told["days"] for key, told in _read("bank-holidays.toml").items() if key.isdecimal()}
    days = (one["on"] for told in years.values() for one in told if not part or part in one["in"])
    return calendar_of(days, years)


@cache
def clocks() -> dict[str, Rule]:
    """How long an answer may take, by regime, and for what no regime covers by its sort."""
    return {key: Rule(key=key, **told) for key, told in _read("clocks.toml").items()}
