"""Agreement of assessors against lme4, and recovered where it is known. Numbers: reliability_from_r.R beside this file."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.commission.scores import chance_scores, made_up
from whatworks.commission.methods.ratings import ratings_of
from whatworks.commission.methods.reliability import of_mean, reliability
from whatworks.errors import InputError

# lme4 1.1.31, R 4.2.2: lmer(score ~ 1 + (1 | application) + (1 | assessor)), bobyqa with rhoend 1e-10.
MEAN, SDS, REST, ICC = 62.19277483, (8.875095363, 4.020803727), 7.283711541, 0.5322596744
SEVERITIES = (
    0.09828096299, 3.49454182177, -2.38481767350, 4.49523245579, 2.44113642308, -2.62037787263, -4.67784957478, 2.44459455017,
    -3.29074109288,
)  # fmt: skip
CLOSE = 1e-5  # both searches stop within about 1e-7 of the least in the standard deviations, which moves predictions by as little


def test_unequal_panels_agree_with_lme4() -> None:
    """A wrong variance component would make every statement on how sure a choice is wrong."""
    found = reliability(ratings_of(made_up()))
    assert found.mean == pytest.approx(MEAN, abs=CLOSE)
    assert (found.between_applications, found.between_assessors) == pytest.approx(SDS, abs=CLOSE)
    assert (found.rest, found.icc) == pytest.approx((REST, ICC), abs=CLOSE)
    assert [one.value for one in found.severities] == pytest.approx(SEVERITIES, abs=CLOSE)
    assert found.low < found.icc < found.high


def test_the_reliability_of_a_mean_grows_as_published() -> None:
    """The grants fund of Austria: an ICC of .259 gives a mean of twelve .81."""
    assert [round(of_mean(0.259, k), 2) for k in (3, 5, 7, 12)] == [0.51, 0.64, 0.71, 0.81]


def test_severity_is_recovered_where_it_is_known() -> None:
    """Severities that are drawn the wrong way round would be blamed on the wrong people."""
    rows, severe = chance_scores(applications=60, assessors=12, each=5, seed=4)
    found = reliability(ratings_of(rows))
    told = np.array([one.value for one in found.severities])
    assert np.corrcoef(told, severe)[0, 1] > 0.9
    inside = [one.low <= true - severe.mean() <= one.high for one, true in zip(found.severities, severe, strict=True)]
    assert sum(inside) >= 10  # of 12 intervals of 95%: fewer would be rarer than 1 in 400


def test_an_assessor_without_spread_has_no_severity() -> None:
    """Where assessors do not differ beyond chance, the spread is nought, and nobody may be called severe."""
    rng = np.random.default_rng(1)
    rows = [(f"a{i}", f"j{j}", 10.0 * i + (-1) ** (i + j) + 0.01 * rng.normal()) for i in range(8) for j in range(4)]
    found = reliability(ratings_of(rows))
    assert found.between_assessors == pytest.approx(0, abs=1e-4) and found.warnings
    assert all(abs(one.value) < 1e-3 and one.se < 1e-3 for one in found.severities)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no scores yet"),
        ([("a", "j", 1.0)], "at least two"),
        ([("a", "j", 1.0), ("b", "k", 2.0)], "No application has two"),
        ([("a", "j", 1.0), ("a", "j", 2.0)], "scored a twice"),
        ([("a", "j", float("nan"))], "no finite number"),
    ],
)
def test_too_little_is_refused(rows: list[tuple[str, str, float]], says: str) -> None:
    """A number from nothing would look like one from something."""
    with pytest.raises(InputError, match=says):
        reliability(ratings_of(rows))
