"""Agreement of two appraisers: kappa and weighted kappa are the textbook ones, and say when they are not known."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.extract.methods.agreeing_judgements import of_domain, weighted_kappa

ORDER = ("Low", "Some concerns", "High")
words = st.lists(st.tuples(st.sampled_from(ORDER), st.sampled_from(ORDER)), min_size=2, max_size=40)


def plainly(pairs: list[tuple[str, str]]) -> tuple[float, float] | None:
    """Kappa and its standard error cell by cell, by Fleiss, Cohen and Everitt (1969); none where one said one thing."""
    if any(len({pair[side] for pair in pairs}) < 2 for side in (0, 1)):
        return None
    k, n = len(ORDER), len(pairs)
    p = [[sum(pair == (a, b) for pair in pairs) / n for b in ORDER] for a in ORDER]
    w = [[1 - abs(i - j) / (k - 1) for j in range(k)] for i in range(k)]
    row = [sum(p[i]) for i in range(k)]
    column = [sum(p[i][j] for i in range(k)) for j in range(k)]
    cells = [(i, j) for i in range(k) for j in range(k)]
    seen = sum(w[i][j] * p[i][j] for i, j in cells)
    chance = sum(w[i][j] * row[i] * column[j] for i, j in cells)
    of_row = [sum(w[i][j] * column[j] for j in range(k)) for i in range(k)]
    of_column = [sum(w[i][j] * row[i] for i in range(k)) for j in range(k)]
    inner = sum(p[i][j] * (w[i][j] * (1 - chance) - (of_row[i] + of_column[j]) * (1 - seen)) ** 2 for i, j in cells)
    variance = (inner - (seen * chance - 2 * chance + seen) ** 2) / (n * (1 - chance) ** 4)
    return (seen - chance) / (1 - chance), sqrt(max(variance, 0.0))


@given(words)
def test_the_weighted_kappa_is_that_of_the_paper(pairs: list[tuple[str, str]]) -> None:
    found, wanted = weighted_kappa(pairs, ORDER), plainly(pairs)
    if wanted is None:
        assert found.value is None
        return
    # Both are sums of at most 40 terms; the standard error is the root of a difference that may be 0.
    assert found.value == pytest.approx(wanted[0], rel=1e-9, abs=1e-12)
    assert found.se == pytest.approx(wanted[1], rel=1e-6, abs=1e-7)


@given(words)
def test_with_two_judgements_weights_change_nothing(pairs: list[tuple[str, str]]) -> None:
    two = [(a if a != "High" else "Low", b if b != "High" else "Low") for a, b in pairs]
    one = of_domain("D1", "Chance", two, ORDER[:2])
    assert (one.kappa.value is None) is (one.weighted.value is None)
    if one.kappa.value is not None:
        assert one.weighted.value == pytest.approx(one.kappa.value, abs=1e-12)


def test_a_step_counts_less_than_two() -> None:
    near = [("Low", "Some concerns"), ("Low", "Low"), ("High", "High"), ("Some concerns", "Some concerns")]
    far = [("Low", "High"), *near[1:]]
    one, other = (weighted_kappa(pairs, ORDER).value for pairs in (near, far))
    assert one is not None and other is not None and one > other


def test_what_cannot_be_known_says_why() -> None:
    same = of_domain("D1", "Chance", [("Low", "Low")] * 12, ORDER)
    assert (same.agreed, same.n, same.kappa.value, same.weighted.value) == (12, 12, None, None)
    assert "one and the same" in same.warnings[0]
    none = of_domain("D1", "Chance", [], ORDER)
    assert (none.n, none.share.value, none.warnings) == (0, None, ())
    one = of_domain("D1", "Chance", [("Low", "High")], ORDER)
    assert (one.agreed, one.kappa.value, one.weighted.value) == (0, None, None), (
        "0 from one pair would look like a finding"
    )
    beside = of_domain("D1", "Chance", [("Low", "No information"), ("Low", "Low"), ("High", "Low")], ORDER)
    assert (beside.n, beside.ordered) == (3, 2) and "1 with a judgement beside the order is" in beside.warnings[-1]
