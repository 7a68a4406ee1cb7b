"""What each way to read and each rule would have cost and missed in a finished review."""

from __future__ import annotations

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.screen.methods.planning import IN_A_ROW, plan
from whatworks.screen.methods.simulating import simulate_screening
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
    stops = plan(titles, abstracts, labels, learner="margin", seeds=(1, 2)).stops
    habit = ["50 in a row", "100 in a row", "200 in a row"]
    assert [one.rule for one in stops] == ["every urn", "safe", *habit, "read everything"]
    everything = stops[-1]
    assert everything.rule == "read everything"
    assert everything.read == (118, 118, 118) and everything.found == (1.0, 1.0, 1.0)
    assert (everything.never, everything.reached, everything.runs) == (2, 2, 2)


def test_each_rule_stops_in_a_plan_where_it_would_have() -> None:
    """A plan that stops a rule elsewhere than the rule itself does would talk people into it, or out of it."""
    titles, abstracts, labels = past(400, 50)
    made = plan(titles, abstracts, labels, learner="margin", seeds=(1,))
    (run,) = simulate_screening({"title": titles, "abstract": abstracts}, labels, seeds=(1,), learner="margin").runs
    order = np.zeros(made.total, dtype=int)
    order[: len(run.found)] = run.found
    at = {one.rule: one.read[1] for one in made.stops}
    end = at["every urn"]
    assert p_value(order[:end], order.size, 0.95) < 0.05 <= p_value(order[: end - 1], order.size, 0.95)
    last = int(np.flatnonzero(order)[-1]) + 1
    assert [at[f"{run} in a row"] for run in IN_A_ROW] == [last + run for run in IN_A_ROW]
    assert at["read everything"] == made.total
    found = {one.rule: one.found[1] for one in made.stops}
    assert found["safe"] == found["50 in a row"] == 1.0 and at["safe"] > at["50 in a row"]


def test_an_order_that_learns_nothing_is_no_way_to_do_safe() -> None:
    """Two learners in turn are what the procedure is about."""
    titles, abstracts, labels = past()
    rules = [one.rule for one in plan(titles, abstracts, labels, learner="random", seeds=(1,)).stops]
    assert "safe" not in rules and "every urn" in rules


@pytest.mark.parametrize("labels", [[1, 1, 0], [1] + [0] * 20, [1] * 20, [0] * 20])
def test_too_little_to_plan_on(labels: list[int]) -> None:
    with pytest.raises(InputError, match="a plan needs at least"):
        plan(["a"] * len(labels), [""] * len(labels), labels, learner="margin")
