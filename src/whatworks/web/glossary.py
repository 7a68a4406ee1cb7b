"""The glossary for readers: the nouns of the house in plain English, from one file."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

from django.utils.text import slugify


@functools.cache
def terms() -> tuple[dict[str, Any], ...]:
    """Every term with its meaning, in alphabetical order."""
    text = resources.files("whatworks.web").joinpath("glossary.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)["terms"]
    return tuple({"term": word, "slug": slugify(word), "text": [words[word]]} for word in sorted(words, key=str.lower))
