"""The words to which people agree, by version. Each agreement keeps its version and the words themselves."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

NEWSLETTER, ALERTS = "newsletter-1", "alerts-1"


@functools.cache
def wordings() -> dict[str, str]:
    """Every version that was ever shown."""
    text = resources.files("whatworks.contact").joinpath("wordings.toml").read_text(encoding="utf-8")
    return {version: " ".join(entry["said"].split()) for version, entry in tomllib.loads(text).items()}
