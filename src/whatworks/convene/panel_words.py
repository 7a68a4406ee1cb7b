"""What panels are made of, as data: kinds, the words people agree to, capacities, levels of checks, how long things are kept."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def words() -> dict[str, Any]:
    """The file that ships."""
    text = resources.files("whatworks.convene").joinpath("people-data", "panels.toml").read_text("utf-8")
    return tomllib.loads(text)
