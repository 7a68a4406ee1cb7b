"""What an expert librarian would say of records side by side: a wrong merge hides a publication for good."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.spec.matching.book import CAME, Case, book
from tests.spec.matching.judging import backwards, judged

BOOK = book()


@pytest.mark.parametrize("case", BOOK, ids=lambda case: f"{case.theme}: {case.identifier}")
def test_case(case: Case) -> None:
    """Given these records, then an outcome that the case allows, whichever stands first."""
    came = judged(case.records)
    wrong = {pair: word for pair, word in came.items() if word not in case.allowed}
    assert not wrong, f"{case.why} It should be {case.outcome}."
    assert backwards(case.records) == came, "The order of the records changed what came."


def test_the_book_can_fail() -> None:
    """Every case names itself once, allows some outcomes and forbids others, and says why in a sentence."""
    assert [name for name, times in Counter(case.identifier for case in BOOK).items() if times > 1] == []
    for case in BOOK:
        assert case.allowed and case.allowed < set(CAME), case.identifier
        assert case.why.endswith(".") and case.pairs, case.identifier


def test_the_book_cannot_be_passed_by_one_answer() -> None:
    """No outcome given to every pair would pass more than three quarters of the cases; merging must be learnt as well."""
    for word in CAME:
        assert sum(word in case.allowed for case in BOOK) < 0.75 * len(BOOK), word
    assert sum(case.allowed <= {"same", "ask"} for case in BOOK) > 0.3 * len(BOOK)
    assert sum("same" not in case.allowed for case in BOOK) > 0.5 * len(BOOK)
