"""Pages of the documentation, as the tests here read them."""

from __future__ import annotations

import re

from tools.sources import ROOT


def page(name: str) -> str:
    """The text of a page by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The second-level sections of a page, by heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(section: str) -> dict[str, str]:
    """The rows of a section's tables by what stands as code in the first cell, header and ruler left out."""
    found = re.findall(r"^\| `([^`]+)` \|(.*)\|$", section, flags=re.MULTILINE)
    return {name: rest.replace("\\|", "|") for name, rest in found}
