"""Check that no file names a place on one machine or a package index, and that our prose is British.

The patterns are written so that they do not match themselves.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import ROOT, text_files

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|farm|root|home/\w+|Users/\w+|tmp/\w+)[/.]"),
    "the address of a package index": re.compile(
        r"(?:--|_)index-[u]rl|pypi[.]org|pythonhosted[.]|registry[.]npmjs|/[s]imple(?![a-z])|deb[.]debian[.]org"
    ),
}

# A spot check, not a dictionary: words that slip in most often. Prose only, since code must name what others named.
AMERICAN = re.compile(
    r"\b(?:behavior|favor|honor|color|analyze|summarize|organize|organization|recognize|randomize|standardize"
    r"|synthesize|normalize|minimize|maximize|modeling|labeled|labeling|canceled|pediatric)"
    r"(?:s|d|r|ed|ing|ation|ally)?\b",
    re.IGNORECASE,
)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)


def problems(path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Line number and sentence for each thing that must not stand in this file."""
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, f"{what} ({match.group()})"
    if path.suffix == ".md":
        prose = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), text)
        for match in AMERICAN.finditer(prose):
            yield text.count("\n", 0, match.start()) + 1, f"American spelling ({match.group()})"


def main() -> int:
    """Print what was found, file and line; exit status 1 when there is something."""
    found = [
        (path, *problem) for path in text_files() for problem in problems(path, path.read_text("utf-8", "replace"))
    ]
    for path, line, what in found:
        print(f"{path.relative_to(ROOT)}:{line}: {what}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
