"""Check that every relative link in a Markdown file leads to a file, and to a heading where it names one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import ROOT, text_files

LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get: lower case, no punctuation, hyphens for spaces."""
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", CODE.sub("", text) if "```" in text else text, re.MULTILINE)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower())) for title in titles}


def broken(page: Path, text: str) -> Iterator[str]:
    """The links of one page that lead nowhere."""
    for target in LINK.findall(CODE.sub("", text)):
        if ELSEWHERE.match(target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name
        if name and not file.exists():
            yield target
            continue
        there = text if not name else file.read_text("utf-8") if file.suffix == ".md" else ""
        if anchor and there and anchor not in anchors(there):
            yield target


def main() -> int:
    """Print each broken link; exit status 1 when there is one."""
    found = [(page, link) for page in text_files(".md") for link in broken(page, page.read_text("utf-8"))]
    for page, link in found:
        print(f"{page.relative_to(ROOT)}: the link {link} leads nowhere")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
