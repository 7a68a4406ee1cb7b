"""The words that mean the same and the countries that are home, read once from the file that ships."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from whatworks.publish.methods.finding_asking import Group, Lexicon, lexicon


@cache
def _held() -> dict[str, Any]:
    return tomllib.loads(resources.files("whatworks.publish.finding").joinpath("synonyms.toml").read_text("utf-8"))


@cache
def synonyms() -> Lexicon:
    """Every group of words for the same thing."""
    return lexicon(
        Group(
            tuple(one["phrases"]), tuple((name, value) for name, value in one.get("facets", [])), one.get("same", True)
        )
        for one in _held()["groups"]
    )


@cache
def home() -> tuple[str, frozenset[str]]:
    """What home is called, and the countries that belong to it."""
    held = _held()["home"]
    return str(held["name"]), frozenset(held["countries"])
