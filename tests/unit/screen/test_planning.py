"""What each way to read and each rule would have cost and missed in a finished review."""

from __future__ import annotations

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.screen.methods.planning import IN_A_ROW, _end, plan
from whatworks.screen.methods.urns import p_value

RELEVANT, OTHER = "family group meetings help children stay at home", "asphalt for roads and bridges in winter"


def past(number: int = 120, every: int = 10) -> tuple[list[str], list[str], list[int]]:
    labels = [int(at % every == 0) for at in range(number)]
    titles = [f"{RELEVANT if label else OTHER} {at % 7}" for at, label in enumerate(labels)]
    return titles, [""] * number, labels


def test_a_plain_task_is_read_quickly_and_random_order_slowly() -> None:
    """If the learner did no better than the lot, the planner would say so."""
    titles, abstracts, labels = past()
    quick = plan(titles, abstracts, labels, learner="margin", seeds=(1, 2))
    slow = plan(titles, abstracts, labels, learner="random", seeds=(1, 2))
    assert quick.needed[1] < 30 < slow.needed[1] <= 118
    assert (quick.total, quick.relevant) == (118, 11)
    assert quick.read[0] == 0 and quick.read[-1] == 118 and quick.middle[-1] == 1.0
    assert all(low <= middle <= high for low, middle, high in zip(quick.low, quick.middle, quick.high, strict=True))


def test_reading_everything_misses_nothing_and_saves_nothing() -> None:
    titles, abstracts, labels = past()
    everything = plan(titles, abstracts, labels, learner="margin", seeds=(1, 2)).stops[-1]
    assert everything.rule == "read everything"
    assert everything.read == (118, 118, 118) and everything.found == (1.0, 1.0, 1.0)
    assert (everything.never, everything.reached, everything.runs) == (2, 2, 2)


def test_the_test_stops_where_its_p_first_falls_below() -> None:
    order = np.array([1] * 8 + [0] * 300)
    end = _end("every urn", order, 0.95, 0.95)
    assert end is not None and end > 8
    assert p_value(order[:end], order.size, 0.95) < 0.05 <= p_value(order[: end - 1], order.size, 0.95)
    assert _end("in a row", order, 0.95, 0.95) == 8 + IN_A_ROW
    assert _end("read everything", order, 0.95, 0.95) is None


@pytest.mark.parametrize("labels", [[1, 1, 0], [1] + [0] * 20, [1] * 20, [0] * 20])
def test_too_little_to_plan_on(labels: list[int]) -> None:
    with pytest.raises(InputError, match="a plan needs at least"):
        plan(["a"] * len(labels), [""] * len(labels), labels, learner="margin")
