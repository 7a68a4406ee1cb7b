"""The selection model: its likelihood against a slow twin, and what it does where there is no answer."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.bias.selection import _fixed, _problem, selection
from whatworks.synthesise.methods.bias.stepfit import Point, Problem, loglik, surface
from whatworks.synthesise.methods.bias.steps import steps_of

NORMAL = NormalDist()
Y = [0.1, 0.5, 0.3, 0.9, 0.2, -0.1, 0.45, 0.62, 0.05, 0.33, 0.71, 0.28]
V = [0.04, 0.05, 0.01, 0.1, 0.02, 0.03, 0.04, 0.05, 0.02, 0.02, 0.08, 0.03]
effects = st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 1)), min_size=3, max_size=12)


def slow(y: list[float], v: list[float], ends: list[float], two_sided: bool, point: Point) -> float:
    """The log-likelihood as the papers write it, one study and one interval at a time."""
    total = 0.0
    edges = [0.0, *ends, 1.0]
    for effect, variance in zip(y, v, strict=True):
        se, sd = math.sqrt(variance), math.sqrt(variance + point.tau2)
        z = effect / se
        p = 2 * NORMAL.cdf(-abs(z)) if two_sided else NORMAL.cdf(-z)
        at = next(j for j in range(len(ends) + 1) if p <= edges[j + 1])
        seen = 0.0
        for j, delta in enumerate(point.delta):
            if two_sided:
                outer = math.inf if edges[j] == 0 else -NORMAL.inv_cdf(edges[j] / 2)
                inner = 0.0 if edges[j + 1] == 1 else -NORMAL.inv_cdf(edges[j + 1] / 2)
                stretches = [(inner, outer), (-outer, -inner)]
            else:
                stretches = [
                    (
                        -math.inf if edges[j + 1] == 1 else -NORMAL.inv_cdf(edges[j + 1]),
                        math.inf if edges[j] == 0 else -NORMAL.inv_cdf(edges[j]),
                    )
                ]
            for low, high in stretches:
                seen += delta * (NORMAL.cdf((se * high - point.mean) / sd) - NORMAL.cdf((se * low - point.mean) / sd))
        away = (effect - point.mean) / sd
        total += math.log(point.delta[at]) - math.log(seen) - 0.5 * away**2 - math.log(sd * math.sqrt(2 * math.pi))
    return total


def problem(y: list[float], v: list[float], ends: list[float], two_sided: bool) -> Problem:
    steps = steps_of(ends, two_sided)
    return _problem(np.asarray(y), np.asarray(v), steps, _fixed(None, steps), True, two_sided)


@given(
    effects,
    st.lists(st.sampled_from([0.005, 0.025, 0.05, 0.1, 0.3, 0.5, 0.9]), min_size=1, max_size=4, unique=True).map(
        sorted
    ),
    st.booleans(),
    st.tuples(st.floats(-1, 1), st.floats(0, 0.5)),
    st.lists(st.floats(0.1, 5), min_size=4, max_size=4),
)
def test_the_likelihood_is_the_papers(pairs, ends, two_sided, where, frequencies) -> None:  # type: ignore[no-untyped-def]
    """A fast likelihood that is not the published one would fit a model of its own."""
    y, v = (list(part) for part in zip(*pairs, strict=True))
    point = Point(where[0], where[1], np.asarray([1.0, *frequencies[: len(ends)]]))
    # NormalDist's inverse is good to about 1e-16 of z, and differences of its tails to 1e-16 of 1
    assert loglik(problem(y, v, ends, two_sided), point) == pytest.approx(
        slow(y, v, ends, two_sided, point), rel=1e-8, abs=1e-7
    )


@pytest.mark.parametrize("two_sided", [False, True])
def test_slopes_and_bends_are_those_of_the_likelihood(two_sided: bool) -> None:
    """A wrong derivative would still climb, to wrong standard errors."""
    made = problem(Y, V, [0.025, 0.3], two_sided)
    assert made.free.tolist() == [1, 2]

    def value(x: np.ndarray) -> float:
        return loglik(made, Point(x[0], x[1], np.concatenate(([1.0], np.exp(x[2:])))))

    x = np.array([0.2, 0.03, -0.6, -1.1])
    at = surface(made, Point(0.2, 0.03, np.concatenate(([1.0], np.exp(x[2:])))))
    unit, h = np.eye(4), 1e-4
    slope = [(value(x + h * e) - value(x - h * e)) / (2 * h) for e in unit]
    bend = [
        [
            (value(x + h * (a + b)) - value(x + h * (a - b)) - value(x - h * (a - b)) + value(x - h * (a + b)))
            / (4 * h * h)
            for a in unit
        ]
        for b in unit
    ]
    # central differences: errors of the order of h^2 times the next derivative
    assert at.slope == pytest.approx(slope, rel=1e-4, abs=1e-5)
    assert at.bend == pytest.approx(np.asarray(bend), rel=2e-3, abs=1e-2)


@given(effects, st.floats(0.2, 5))
def test_units_do_not_matter(pairs: list[tuple[float, float]], unit: float) -> None:
    """Effects in pounds and in pence must have the same answer."""
    y, v = (np.asarray(part) for part in zip(*pairs, strict=True))
    one, other = selection(y, v), selection(unit * y, unit**2 * v)
    if one.settled and other.settled and one.se is not None and one.estimate is not None and other.estimate is not None:
        assert other.loglik == pytest.approx(one.loglik - y.size * math.log(unit), abs=1e-4)


def test_low_effects_are_large_ones_turned_round() -> None:
    """The side must turn the answer, and nothing else."""
    up, down = selection(Y, V), selection([-y for y in Y], V, side="less")
    assert down.estimate == pytest.approx(-up.estimate)
    assert (down.se, down.tau2, down.lrt_p) == pytest.approx((up.se, up.tau2, up.lrt_p))


def test_no_start_finds_a_higher_peak() -> None:
    """A climb that stops at a side peak would give one of several answers."""
    rng = np.random.default_rng(5)
    for _ in range(5):
        v = rng.uniform(0.01, 0.2, 40)
        y = rng.normal(0.3, np.sqrt(v + 0.03))
        best, made = selection(y, v), problem(y.tolist(), v.tolist(), [0.025], False)
        values = [
            loglik(made, Point(mean, tau2, np.array([1.0, delta])))
            for mean in np.linspace(-1, 1, 21)
            for tau2 in (0.0, 0.01, 0.03, 0.1, 0.3)
            for delta in (0.02, 0.1, 0.3, 0.7, 1.0, 2.0, 5.0)
        ]
        assert best.loglik is not None
        assert max(values) <= best.loglik + 1e-9


def test_frequencies_known_beforehand() -> None:
    """All frequencies 1 is no selection at all."""
    none = selection(Y, V, steps=(0.025, 0.5), delta=(1, 1, 1))
    assert none.estimate == pytest.approx(none.without.estimate, rel=1e-8)
    assert none.se == pytest.approx(none.without.se, rel=0.2)  # observed against expected information
    assert none.lrt is None
    severe = selection(Y, V, steps=(0.025, 0.5), delta=(1, 0.3, 0.1))
    assert severe.estimate < none.estimate


def test_an_empty_interval_is_said_and_held_at_the_bound() -> None:
    """A frequency that cannot be estimated must not look like one that was."""
    found = selection([-y for y in Y], V)
    assert found.intervals[0].k == 0
    assert found.intervals[1].delta == 100
    assert found.intervals[1].se is None
    assert any("held at its bound" in one for one in found.warnings)
    assert any("use side = less" in one for one in found.warnings)
    everything = selection([1.0, 1.2, 0.9, 1.1], [0.01, 0.02, 0.01, 0.03])
    assert everything.intervals[1].delta == 0


def test_a_common_effect_has_no_tau2() -> None:
    """Heterogeneity must not come back by the side door."""
    assert selection(Y, V, model="common").tau2 == 0


@pytest.mark.parametrize("k", [1, 2, 3])
def test_few_studies_give_an_answer_with_a_warning_or_none(k: int) -> None:
    """A number without its warning would be believed."""
    found = selection(Y[:k], V[:k])
    assert any("studies" in one for one in found.warnings)
    assert (found.estimate is None) == (not found.settled)
    assert found.summary()


def test_a_fit_that_runs_away_says_so() -> None:
    """All studies just significant: the mean runs to minus infinity, and no number is an answer."""
    v = np.linspace(0.01, 0.05, 8)
    found = selection(np.sqrt(v) * (1.97 + 0.001 * np.arange(8)), v)
    assert not found.settled
    assert found.estimate is None and found.se is None and found.lrt_p is None
    assert "did not settle" in found.warnings[-1]
    assert found.summary().endswith(found.warnings[-1])
    assert all(row.delta is None for row in found.intervals)
    assert found.chart().svg.startswith("<svg")
    assert found.report()


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"steps": (0.0,)}, "between 0 and 1"),
        ({"steps": (1.0,)}, "at least one"),
        ({"steps": ("a",)}, "between 0 and 1"),
        ({"side": "up"}, "side 'up'"),
        ({"model": "fixed"}, "model 'fixed'"),
        ({"delta": (1, 2, 3)}, "2 numbers"),
        ({"delta": (1, -1)}, "above 0"),
        ({"level": 95}, "between 0 and 1"),
    ],
)
def test_wrong_choices_are_refused(choice: dict[str, object], sentence: str) -> None:
    """One sentence, never a traceback from deep inside."""
    with pytest.raises(InputError, match=sentence):
        selection(Y, V, **choice)  # type: ignore[arg-type]


def test_it_tells_itself() -> None:
    """Every result can be read, drawn, reported and run again."""
    found = selection(Y, V, steps=(0.025, 0.5))
    assert "Vevea" in found.report() and "were seen" in found.report()
    assert found.chart().svg.startswith("<svg")
    assert len(found.chart().rows) == 3
    assert "selmodel" in found.r_script()
    again = selection(**found.recipe.arguments)
    assert again == found
    assert found.to_dict()["intervals"][1]["delta"] == found.intervals[1].delta
    assert "yi" not in found.to_dict()
