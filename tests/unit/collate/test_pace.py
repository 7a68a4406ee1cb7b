"""How far an import is, in words."""

from __future__ import annotations

import pytest

from whatworks.collate.presenters_importing import pace


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (0, 100, 3.0, ""),
        (100, 1000, 0.0, ""),
        (9_700, 60_000, 2.41, "About 4,000 a second; 10 seconds left."),
        (50, 100, 10.0, "About 5 a second; 10 seconds left."),
        (990, 1000, 10.0, "About 100 a second; a few seconds left."),
        (1_000, 100_000, 10.0, "About 100 a second; 16 minutes left."),
        (1, 1000, 10.0, "About 1 a second; 166 minutes left."),
    ],
)
def test_pace_is_said_in_round_words(done: int, total: int, seconds: float, said: str) -> None:
    assert pace(done, total, seconds) == said
