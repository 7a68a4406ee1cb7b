"""Real months: how little XmR limits leave outside, and how much limits by a law of counts would."""

from __future__ import annotations

from statistics import mean, median

import pytest

from tests.shared import needs_shared
from tests.unit.baseline import published
from whatworks.baseline.methods.xmr import xmr


@needs_shared
def test_months_of_referrals_come_and_go_far_more_than_a_law_of_counts_says() -> None:
    """Measured on this file: the variance is 10.5 times the mean (median), a law of counts flags 13.7 of 36 months and XmR limits
    0.6. Over councils with a number in every month it is 10.6, 14.0 and 0.68; those with gaps make the difference."""
    whole = {name: values for name, values in published.referrals().items() if None not in values}
    assert len(whole) == 141
    outside = mean(xmr(values).outside for values in whole.values())
    assert outside == pytest.approx(0.681, abs=0.001)
    averages = {name: mean(value or 0.0 for value in values) for name, values in whole.items()}
    spread = [
        sum(((value or 0.0) - averages[name]) ** 2 for value in values) / 35 / averages[name]
        for name, values in whole.items()
    ]
    assert median(spread) == pytest.approx(10.6, abs=0.05)
    flagged = mean(
        sum(abs((value or 0.0) - averages[name]) > 3 * averages[name] ** 0.5 for value in values)
        for name, values in whole.items()
    )
    assert flagged == pytest.approx(14.0, abs=0.05)
