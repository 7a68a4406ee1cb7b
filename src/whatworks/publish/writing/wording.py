"""The rules for what people write on pages, read once from the data that ships."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from whatworks.publish.methods.wordlists import Wording, wording_from


@cache
def wording() -> Wording:
    """The rules in force."""
    text = resources.files("whatworks.publish.writing").joinpath("wording.toml").read_text(encoding="utf-8")
    return wording_from(tomllib.loads(text))
