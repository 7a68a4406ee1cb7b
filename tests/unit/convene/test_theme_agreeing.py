"""Agreement on themes, and what a machine proposes."""

from __future__ import annotations

import pytest

from whatworks.convene.methods.agreeing import alpha_of, tables_of, theme_agreement
from whatworks.convene.methods.themes import frequent, proposals


def alpha_by_definition(pairs: list[tuple[int, int]]) -> float:
    """Krippendorff's definition from the coincidence matrix, written out: observed over expected disagreement."""
    o = [[0.0, 0.0], [0.0, 0.0]]
    for a, b in pairs:
        o[a][b] += 1
        o[b][a] += 1
    n0, n1 = sum(o[0]), sum(o[1])
    n = n0 + n1
    return 1 - (n - 1) * (o[0][1] + o[1][0]) / (2 * n0 * n1)


@pytest.mark.parametrize("table", [(10, 2, 3, 25), (1, 0, 1, 98), (5, 5, 5, 5), (0, 3, 2, 5)])
def test_alpha_is_krippendorffs(table: tuple[int, int, int, int]) -> None:
    both, first, second, neither = table
    pairs = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    found = theme_agreement("t", table)
    assert found.alpha.value == pytest.approx(alpha_by_definition(pairs), abs=1e-12)
    assert found.alpha.low is not None and found.alpha.low <= found.alpha.value <= found.alpha.high  # type: ignore[operator]
    assert found.answers == sum(table)


def test_the_published_example_of_two_coders() -> None:
    """Krippendorff 2011, example A: ten units of two coders, four differ; the paper prints 0.095."""
    first, second = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    table = [
        sum((a, b) == cell for a, b in zip(first, second, strict=True)) for cell in ((1, 1), (1, 0), (0, 1), (0, 0))
    ]
    assert float(alpha_of(table)) == pytest.approx(0.095, abs=5e-4)  # type: ignore[arg-type]


def test_the_same_answers_give_the_same_interval_and_rare_themes_a_warning() -> None:
    assert theme_agreement("t", (3, 1, 1, 40)) == theme_agreement("t", (3, 1, 1, 40))
    assert "Only 5 answers" in theme_agreement("t", (3, 1, 1, 40)).warnings[0]
    none = theme_agreement("t", (0, 0, 0, 9))
    assert none.alpha.value is None and none.ac1.value == 1.0 and none.warnings
    assert theme_agreement("t", (0, 0, 0, 0)).ac1.value is None


def test_tables_count_each_theme_apart() -> None:
    found = tables_of(["a", "b"], {"1": [["a"], ["a", "b"]], "2": [[], ["b"]], "3": [["b"], []]})
    assert found == {"a": (1, 0, 0, 2), "b": (0, 1, 2, 0)}


def test_proposals_follow_the_words() -> None:
    answers = {"1": "Workers should listen to families", "2": "Warm rooms to meet in", "3": "the and of"}
    themes = {"heard": ["Being heard", "listening; workers listen"], "rooms": ["Rooms", "warm meeting rooms"]}
    best = {one.answer: one.theme for one in reversed(proposals(answers, themes))}
    assert best == {"1": "heard", "2": "rooms"}
    assert proposals({}, themes) == [] and proposals(answers, {}) == []


def test_frequent_words_are_counted_once_an_answer() -> None:
    assert frequent(["listen listen", "please listens", "rooms"])[0] == ("listen", 2)
