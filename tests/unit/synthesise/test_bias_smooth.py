"""Smooth selection: its likelihood against an integral done slowly, and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from whatworks.errors import InputError
from whatworks.synthesise.methods.bias.smooth import smooth_selection
from whatworks.synthesise.methods.bias.smoothfit import SHAPES, smooth

Y = np.array([0.1, 0.5, 0.3, 0.9, 0.2, -0.1, 0.45, 0.62, 0.05, 0.33, 0.71, 0.28])
V = np.array([0.04, 0.05, 0.01, 0.1, 0.02, 0.03, 0.04, 0.05, 0.02, 0.02, 0.08, 0.03])
DELTA = {"beta": [0.6, 1.4], "half-normal": [2.0], "negative-exponential": [3.0], "logistic": [1.5], "power": [0.8]}


@pytest.mark.parametrize("shape", list(SHAPES))
@pytest.mark.parametrize(("mean", "tau2"), [(0.2, 0.02), (-0.5, 0.0), (0.4, 1.0)])
def test_the_likelihood_is_the_papers(shape: str, mean: float, tau2: float) -> None:
    """One grid for all studies must do what an adaptive integral does for each."""
    problem = smooth(Y, V, shape, True)  # type: ignore[arg-type]
    delta = np.asarray(DELTA[shape])

    def weight(z: float) -> float:
        p = float(ndtr(-z))
        if shape in ("beta", "power"):
            p = min(max(p, 1e-5 if shape == "beta" else 0.0), 1 - 1e-5)
        return float(np.exp(SHAPES[shape](np.asarray(p), delta)))

    total = 0.0
    for y, v in zip(Y, V, strict=True):
        se, sd = math.sqrt(v), math.sqrt(v + tau2)

        def density(z: float, se: float = se, sd: float = sd) -> float:
            away = (se * z - mean) / sd
            return weight(z) * math.exp(-0.5 * away**2) / (sd * math.sqrt(2 * math.pi)) * se

        seen, _ = quad(density, -60, 60, points=[-4.2648907939, 0, 4.2648907939, mean / se], limit=400, epsabs=1e-12)
        total += (
            math.log(weight(y / se))
            - 0.5 * ((y - mean) / sd) ** 2
            - math.log(sd * math.sqrt(2 * math.pi))
            - math.log(seen)
        )
    assert problem.loglik(mean, tau2, delta) == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_shape_has_an_answer(shape: str) -> None:
    """Never lower than no selection, and told in full."""
    found = smooth_selection(Y, V, shape=shape)  # type: ignore[arg-type]
    if found.settled:
        assert found.lrt is not None and found.lrt >= 0
        assert found.se is not None and found.se > 0
        assert len(found.curve) == 6
    assert "No study" not in found.summary()
    assert found.report() and found.chart().svg.startswith("<svg") and "selmodel" in found.r_script()


def test_it_can_be_run_again() -> None:
    """The recipe holds all that is needed."""
    found = smooth_selection(Y, V, shape="negative-exponential")
    assert smooth_selection(**found.recipe.arguments) == found


def test_sides_mirror() -> None:
    """Turned effects have turned answers."""
    up, down = (
        smooth_selection(s * Y, V, shape="half-normal", side=side) for s, side in ((1, "greater"), (-1, "less"))
    )  # type: ignore[arg-type]
    assert down.estimate == pytest.approx(-up.estimate)  # type: ignore[operator]
    assert down.delta == pytest.approx(up.delta)


def test_few_studies_and_wrong_words() -> None:
    """A sentence, whatever is given."""
    for k in (1, 2, 3):
        assert "studies" in smooth_selection(Y[:k], V[:k], shape="logistic").warnings[0]
    for choice in ({"shape": "cubic"}, {"side": "two-sided"}, {"model": "x"}, {"level": 9}):
        with pytest.raises(InputError):
            smooth_selection(Y, V, **choice)  # type: ignore[arg-type]
