"""How numbers come and go from year to year: learned right from made-up years, and how wide it makes a span."""

from __future__ import annotations

import numpy as np
import pytest

from whatworks.baseline.methods.wavering import wavering
from whatworks.errors import InputError


def test_chance_alone_is_once() -> None:
    """Counts of Poisson with an unchanged rate: drawing in the outer tenths is made good."""
    rng = np.random.default_rng(11)
    people = rng.uniform(2e4, 2e5, 3000)
    first, second = (rng.poisson(people * 0.003) for _ in range(2))
    found = wavering(first, people, second, people)
    assert found.times == pytest.approx(1.0, abs=0.06)  # two standard errors of a mean square of 3,000
    assert found.common == pytest.approx(1.0, abs=0.01)


def test_a_change_that_all_have_in_common_is_no_coming_and_going() -> None:
    rng = np.random.default_rng(12)
    people = rng.uniform(2e4, 2e5, 3000)
    first, second = rng.poisson(people * 0.003), rng.poisson(people * 0.006)
    found = wavering(first, people, second, people)
    assert found.common == pytest.approx(2.0, abs=0.02)
    assert found.times == pytest.approx(1.0, abs=0.06)


def test_a_span_holds_the_true_rate_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(13)
    people = rng.uniform(2e4, 2e5, 4000)
    rate = 0.003
    # counts that move four times as much as by chance: a gamma around each mean
    first, second = (rng.poisson(rng.gamma(people * rate / 3, 3)) for _ in range(2))
    found = wavering(first, people, second, people)
    spans = [found.span(count, of, per=1) for count, of in zip(second.tolist(), people.tolist(), strict=True)]
    inside = np.mean([low <= rate <= high for low, high in spans])
    assert inside == pytest.approx(0.95, abs=0.015)


def test_a_span_is_never_narrower_than_chance() -> None:
    people = np.full(12, 1e4)
    still = wavering(np.full(12, 30), people, np.full(12, 30), people)
    assert still.times == 0
    low, high = still.span(30, 1e4)
    assert low == pytest.approx((np.sqrt(30) - 0.98) ** 2, rel=1e-3)
    assert high == pytest.approx((np.sqrt(30) + 0.98) ** 2, rel=1e-3)


@pytest.mark.parametrize("count", [[1] * 9, [-1] + [1] * 11, [0] * 12])
def test_what_teaches_nothing_is_refused(count: list[int]) -> None:
    with pytest.raises(InputError):
        wavering(count, [10] * len(count), count, [10] * len(count))
