"""Somebody types what a report prints; the right formula must come first, and what is missing must be named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.extract.test_effects import EXAMPLE
from whatworks.errors import InputError
from whatworks.extract import FORMULAE
from whatworks.extract.methods.entry import KINDS, nearly, needed, recognise

MEANS = {"mean1": 18.2, "sd1": 6.1, "n1": 40, "mean2": 15.1, "sd2": 6.7, "n2": 38}
WORDS = {"icc_source": "this study"}


def example(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: WORDS.get(name) or EXAMPLE[name] for name in names}


BEST = {
    "counts": "log-risk-ratio-from-counts", "percentages": "log-risk-ratio-from-percentages",
    "proportions": "log-odds-ratio-from-proportions", "rates": "log-rate-ratio-from-counts", "one-group": "log-odds",
    "one-percentage": "log-odds-from-percentage", "one-rate": "log-rate", "one-mean": "mean",
    "pairs": "paired-risk-difference", "means": "hedges-g-from-means", "standard-errors": "hedges-g-from-standard-errors",
    "intervals": "hedges-g-from-intervals", "quartiles": "hedges-g-from-quartiles", "ranges": "hedges-g-from-ranges",
    "five-numbers": "hedges-g-from-five-numbers", "change-scores": "mean-difference-of-changes",
    "before-after": "hedges-g-before-after", "one-group-before-after": "mean-change", "t": "hedges-g-from-t",
    "f": "hedges-g-from-f", "p": "hedges-g-from-p", "ancova": "hedges-g-from-adjusted-means",
    "adjusted-difference": "hedges-g-from-adjusted-difference", "coefficient": "hedges-g-from-coefficient",
    "standardised-coefficient": "hedges-g-from-standardised-coefficient", "log-coefficient": "log-rr-from-coefficient",
    "estimate-interval": "smd-with-interval", "estimate-se": "smd-with-se", "estimate-p": "smd-with-p",
    "reported-d": "hedges-g-from-reported-d", "reported-g": "reported-hedges-g", "correlation": "fisher-z",
    "regression-t": "fisher-z-of-partial-correlation", "cluster-means": "hedges-g-from-cluster-means",
    "clustered-means": "hedges-g-from-clustered-means", "clustered-counts": "log-risk-ratio-from-clustered-counts",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in KINDS])
def test_every_kind_of_result_has_its_best_formula_first(kind: Any) -> None:
    """The first is what a hurried coder takes; it must not be an approximation or a change of measure."""
    fits = recognise(example(kind.inputs))
    assert fits[0].formula == BEST[kind.key]
    assert fits[0].unused == ()
    assert fits[0].why_not == ""
    assert not FORMULAE[fits[0].formula].converts


def test_the_order_is_by_what_is_used_then_by_directness() -> None:
    names = [one.formula for one in recognise(MEANS)]
    assert names[0] == "hedges-g-from-means"
    assert names.index("hedges-g-from-means") < names.index("g-from-means")  # the exact factor before the approximation
    assert names.index("mean-difference") < names.index("log-odds-ratio-from-means")  # a change of measure is last
    assert names.index("d-from-means") < names.index("glass-delta-from-means")  # which leaves out a number


def test_a_metric_narrows_the_choice() -> None:
    interval = {"estimate": 1.4, "low": 1.1, "high": 1.8}
    assert [fit.formula for fit in recognise(interval, "HR")] == ["hr-with-interval"]
    assert {fit.metric for fit in recognise(MEANS, "MD")} == {"MD"}
    with pytest.raises(InputError, match="no metric XYZ"):
        recognise(interval, "XYZ")


def test_a_formula_that_refuses_stands_last_with_its_reason() -> None:
    fits = recognise({"estimate": -0.2, "low": -0.5, "high": 0.1})
    assert fits[0].metric == "SMD"
    refused = [fit for fit in fits if fit.why_not]
    assert {"OR", "RR", "HR", "IRR"} <= {fit.metric for fit in refused}
    assert fits[-1].why_not
    assert refused[0].yi is None


def test_cells_of_a_table_are_understood() -> None:
    assert (
        recognise({"a": 3, "b": 7, "c": 5, "d": 5})[0].yi
        == recognise({"events1": 3, "n1": 10, "events2": 5, "n2": 10})[0].yi
    )


def test_what_is_empty_was_not_given() -> None:
    assert recognise(dict.fromkeys(MEANS)) == ()
    assert recognise(MEANS | {"n2": ""}) == recognise({k: v for k, v in MEANS.items() if k != "n2"})


def test_what_is_missing_is_named() -> None:
    without = {name: value for name, value in MEANS.items() if name != "sd2"}
    found = {near.formula: [one.name for one in near.missing] for near in nearly(without)}
    assert found["hedges-g-from-means"] == ["sd2"]
    assert nearly({}) == ()


def test_needed_says_what_a_formula_cannot_do_without_first() -> None:
    names = [one.name for one in needed("or-with-interval")]
    assert names == ["estimate", "low", "high", "level"]
    assert not needed("or-with-interval")[-1].needed
    with pytest.raises(InputError, match="no formula"):
        needed("no-such")


def test_an_intracluster_correlation_says_where_it_is_from() -> None:
    """An ICC out of the air, with nobody to ask, is worse than none."""
    given = example(next(kind.inputs for kind in KINDS if kind.key == "clustered-counts"))
    assert "log-risk-ratio-from-clustered-counts" not in [one.formula for one in recognise(given | {"icc_source": ""})]
    with pytest.raises(InputError, match="needs icc_source"):
        FORMULAE["log-risk-ratio-from-clustered-counts"].compute(**given | {"icc_source": "  "})
