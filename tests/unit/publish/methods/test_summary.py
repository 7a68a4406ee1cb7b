"""The summary-of-findings table says what the page says: no number of its own, no thread lost, nothing left out."""

from __future__ import annotations

from typing import Any

from whatworks.publish.methods.summary import HEAD, summary

SHOWN: dict[str, Any] = {
    "name": "Going into care",
    "eyebrow": ["3 studies, 819 children."],
    "hundred": {"before": 12, "after": 9},
    "scale": {"label": "About 3 fewer"},
    "sentence": ["Out of 100 children, about ", {"number": "3 fewer", "trace": "syn-1"}, "."],
    "table": {"unit": "Risk ratio (95% interval)", "total": {"text": "0.80 (0.60 to 1.05)"}},
    "certainty": {"word": "Low", "by": "a review", "trace": "jdg-1"},
    "certainty_words": "",
    "state": {"word": "Uncertain: we cannot tell"},
}
APART = SHOWN | {
    "name": "Safety",
    "hundred": None,
    "scale": None,
    "certainty": None,
    "certainty_words": "Not rated yet",
    "eyebrow": [],
}


def test_every_outcome_has_its_row_with_threads() -> None:
    table = summary({"outcomes": [SHOWN, APART]})
    assert table is not None and [row[0] for row in table["rows"]] == ["Going into care", "Safety"]
    assert all(len(row) == len(HEAD) for row in table["rows"])
    assert table["rows"][0][4] == [{"number": "0.80 (0.60 to 1.05)", "trace": "syn-1"}, ", risk ratio"]
    assert table["rows"][0][5] == [{"number": "Low", "trace": "jdg-1"}, " (GRADE, a review)"]


def test_what_was_not_put_together_has_no_number() -> None:
    table = summary({"outcomes": [SHOWN, APART]})
    assert table is not None
    assert table["rows"][1][2:6] == ["–", "–", "Not put together", ["Not rated yet"]]


def test_a_page_without_a_result_has_no_such_table() -> None:
    assert summary({"outcomes": [APART]}) is None and summary({"outcomes": []}) is None
