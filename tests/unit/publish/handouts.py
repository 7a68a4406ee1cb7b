"""Page documents for tests of what is handed out: as small as they can be, with whatever a test wants to be awkward."""

from __future__ import annotations

from typing import Any

TRACE = "syn-00000001"


def outcome(name: str = "Road injuries", **given: Any) -> dict[str, Any]:
    """One outcome with a result out of 100."""
    held: dict[str, Any] = {
        "identifier": "out-00000001",
        "analysis": "ana-00000001",
        "name": name,
        "group": "Road users",
        "contact": False,
        "safety": False,
        "state": {"key": "uncertain", "shape": "uncertain", "css": "unsure", "word": "Uncertain: we cannot tell"},
        "sentence": ["Out of 100 streets, about ", {"number": "7 more", "trace": TRACE}, " had injuries."],
        "certainty": {"level": 2, "of": 4, "word": "Low", "by": "two people", "trace": "grd-00000001"},
        "certainty_words": "",
        "provisional": True,
        "rating": "rat-00000001",
        "eyebrow": ["3 randomised studies, 900 streets."],
        "scale": None,
        "hundred": None,
        "also": [],
        "table": None,
    }
    return held | given


def dots(**given: Any) -> dict[str, Any]:
    """A result out of 100 as a page holds it."""
    held = {"before": 29, "after": 36, "before_label": "with usual signs", "after_label": "with slow zones"}
    return held | {"of": "streets had injuries", "css": "unsure", "note": ""} | given


def table(*rows: dict[str, Any]) -> dict[str, Any]:
    """The results behind an outcome."""
    row = {"name": "Aton 2019", "study": "sty-1", "detail": "200 streets", "estimate": 1.0, "low": 0.0, "high": 2.0,
           "text": "1.0 (0.0 to 2.0)", "trace": "fnd-00000001", "pooled": True, "why_not": None, "raw": ""}  # fmt: skip
    return {"caption": "Every result we hold.", "unit": "Difference per 100 (95% interval)", "rows": list(rows) or [row],
            "total": None, "second": None, "heterogeneity": None}  # fmt: skip


def page(*outcomes: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A stored page document."""
    held: dict[str, Any] = {
        "schema": 3,
        "kind": "page",
        "slug": "slow-zones",
        "title": "Slow zones",
        "lead": "Streets where cars go slowly.",
        "theme": {"slug": "streets", "name": "Slower streets"},
        "answer": {
            "strong": ["We cannot tell whether it helps."],
            "rest": [" About ", {"number": "7 more", "trace": TRACE}],
        },
        "facts": [],
        "banner": None,
        "outcomes": list(outcomes),
        "chapters": [
            {
                "title": "For whom, and who is missing",
                "small": "",
                "open": False,
                "blocks": [
                    {"type": "text", "parts": ["People on streets"]},
                    {"type": "pairs", "pairs": [["Countries", ["Atonia: 2 studies"]], ["Ages", ["Not recorded"]]]},
                ],
            }
        ],
        "others": [
            {"text": "Another body: promising", "href": "https://example.org/", "note": "Theirs.", "trace": "ext-1"}
        ],
        "sources": [
            {"text": "Aton (2019). Slow zones.", "href": "https://doi.org/10.1/1", "identifier": "rep-00000001"}
        ],
        "method": ["Put together by a model."],
        "revision": 2,
        "identifier": "pag-00000001",
        "approved": {"by": "published by two people", "on": "1 June 2026"},
    }
    return held | given
