"""The glossary for readers: the nouns of the house in plain English, from one file, and how they stand in a text."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

from django.utils.text import slugify


@functools.cache
def _held() -> dict[str, Any]:
    return tomllib.loads(resources.files("whatworks.web").joinpath("glossary.toml").read_text(encoding="utf-8"))


@functools.cache
def terms() -> tuple[dict[str, Any], ...]:
    """Every term with its meaning, in alphabetical order."""
    words = _held()["terms"]
    return tuple({"term": word, "slug": slugify(word), "text": [words[word]]} for word in sorted(words, key=str.lower))


@functools.cache
def explained() -> dict[str, str]:
    """The words that are explained in place, as they stand in a text, each with its term; what matters most comes first."""
    return {phrase: term for term, phrases in _held()["explained"].items() for phrase in phrases}


def meaning(term: str) -> str:
    """What a term means."""
    return str(_held()["terms"][term])
