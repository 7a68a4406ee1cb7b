"""A picture of a group of made-up families, for the lesson on lots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from whatworks.learn.methods.explaining import Family
from whatworks.saying import as_html

STEP = 12
ROW = 20  # places in a row, so that few families are not drawn as large as plates


def group(families: Sequence[Family], label: str) -> str:
    """A ring for each family, filled where a parent is alone; the label says the same in words."""
    rings = _dots(range(len(families)))
    filled = _dots(at for at, one in enumerate(families) if one.alone)
    dot = f'<path class="dot" d="{filled}"/>' if filled else ""
    return (
        f'<svg class="dots change" viewBox="0 0 {STEP * ROW} {STEP}" role="img" aria-label="{as_html(label)}">'
        f'<path class="ring" d="{rings}"/><path class="hole" d="{rings}"/>{dot}</svg>'
    )


def _dots(places: Iterable[int]) -> str:
    return "".join(f"M{6 + STEP * at} 6h0.1" for at in places)
