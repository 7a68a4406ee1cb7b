"""Two versions of one piece of a page side by side: what one says and the other does not."""

from __future__ import annotations

from typing import Any

from whatworks.collate.methods.differing import marked

Runs = list[Any]


def highlighted(runs: Runs, other: Runs) -> Runs:
    """Inline text with what the other has not marked: words, and whole numbers with their links."""
    if not other:
        return runs
    text = "".join(_said(node) for node in other)
    numbers = {_said(node) for node in other if not isinstance(node, str)}
    found: Runs = []
    for node in runs:
        if isinstance(node, str):
            found += marked(node, text)
        else:
            found.append(node if _said(node) in numbers else {**node, "changed": True})
    return found


def _said(node: Any) -> str:
    return node if isinstance(node, str) else str(node.get("number", node.get("link", "")))
