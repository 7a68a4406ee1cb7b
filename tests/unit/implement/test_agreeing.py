"""Agreement within places and differences between them, against R (multilevel 2.7, psych 2.2.9 on R 4.2.2) and published intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.implement.methods.agreeing import OF_MEAN, alpha, apart, feldt, of_squares, rwg_j, uniform

# The data set `cohesion` of R's multilevel, rows with every item: unit and platoon, five answers on five points.
COHESION = {
    "1044B 1ST": [[4, 5, 5, 5, 5], [2, 3, 3, 3, 3]],
    "1044B 2ND": [[3, 4, 3, 4, 4], [4, 4, 3, 4, 4], [3, 3, 2, 2, 1]],
    "1044C 1ST": [[3, 3, 3, 3, 3], [3, 1, 4, 3, 4]],
    "1044C 2ND": [[3, 3, 3, 3, 3], [2, 2, 2, 3, 2], [1, 1, 1, 3, 3]],
}
EXACT = 1e-12  # closed forms: only rounding differs


@pytest.mark.parametrize(
    ("place", "flat", "leaning"),
    [
        ("1044B 1ST", 0.0, 0.0),  # both set to nought by R as here: the formula leaves the range
        ("1044B 2ND", 0.813953488372093, 0.561643835616438),
        ("1044C 1ST", 0.921052631578947, 0.860465116279070),
        ("1044C 2ND", 0.909090909090909, 0.834710743801653),
    ],
)
def test_agreement_is_that_of_r(place: str, flat: float, leaning: float) -> None:
    assert rwg_j(COHESION[place], uniform(5)).value == pytest.approx(flat, rel=EXACT)
    assert rwg_j(COHESION[place], 1.34).value == pytest.approx(leaning, rel=EXACT)


@pytest.mark.parametrize(
    ("variance", "flat", "leaning"),
    [  # companies 2, 3 and 4 of the data set lq2002 (11 items on leaders): the mean variance of the items, and rwg.j of R
        (1.44779314888011, 0.807527258396462, 0.0),
        (1.12189462189462, 0.895938315059127, 0.681375323509299),
        (1.28328741965106, 0.860012020434739, 0.327109193686624),
    ],
)
def test_agreement_of_eleven_items_is_that_of_r(variance: float, flat: float, leaning: float) -> None:
    """Two people whose answers differ by the same on each item have that variance: d squared over two."""
    apart_by = (2 * variance) ** 0.5
    answers = [[0.0] * 11, [apart_by] * 11]
    assert rwg_j(answers, 2.0).value == pytest.approx(flat, rel=1e-11)  # R's own variance is printed with 15 digits
    assert rwg_j(answers, 1.34).value == pytest.approx(leaning, rel=1e-11)


def test_perfect_agreement_is_one_and_uniform_variance_is_that_of_the_formula() -> None:
    assert rwg_j([[4, 3], [4, 3], [4, 3]], 2.0).value == 1
    assert uniform(7) == 4


def test_places_differ_as_r_says() -> None:
    scores = [sum(row) / 5 for rows in COHESION.values() for row in rows]
    places = [place for place, rows in COHESION.items() for _ in rows]
    found = apart(scores, places, how_size=OF_MEAN)
    assert (found.icc1, found.icc2) == (
        pytest.approx(0.1005172026085, rel=1e-11),
        pytest.approx(0.218368343917929, rel=EXACT),
    )
    n0 = apart(scores, places)
    assert n0.size == pytest.approx(2.46666666666667, rel=EXACT) and n0.icc1 == pytest.approx(
        0.101737349214779, rel=1e-11
    )
    assert (n0.places, n0.people) == (4, 10)


def test_hours_of_work_in_ninety_nine_companies() -> None:
    """bh1996 of R's multilevel: mean squares of hours by company; ICC1 and ICC2 as R prints them, with the mean size."""
    sizes = [7382 / 99] * 99
    found = of_squares(55.81148564728, 4.48315830319, sizes, how_size=OF_MEAN)
    assert found.icc1 == pytest.approx(0.133106679086487, rel=1e-10)  # the squares are printed with 11 decimals
    assert found.icc2 == pytest.approx(0.919673195379087, rel=1e-10)


def test_places_that_are_less_alike_than_chance_have_a_negative_share() -> None:
    assert apart([1, 5, 1, 5], ["a", "a", "b", "b"]).icc1 == -1


def test_alpha_is_that_of_r_with_feldts_interval() -> None:
    rows = [row for rows in COHESION.values() for row in rows]
    found = alpha(rows)
    assert found.value == pytest.approx(0.884791309319611, rel=EXACT)
    assert (round(found.low, 2), round(found.high, 2)) == (0.71, 0.97)
    assert feldt(0.913, 873, 20) == pytest.approx(
        (0.904402397734379, 0.921158842233836), rel=1e-9
    )  # quantiles are iterated


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rwg_j([[1, 2]], 2.0), "two people at least"),
        (lambda: rwg_j([[1, float("nan")], [1, 2]], 2.0), "without gaps"),
        (lambda: rwg_j([[1], [2]], 0.0), "above 0"),
        (lambda: apart([1, 2], ["a", "a"]), "two places at least"),
        (lambda: apart([1, 2, 3], ["a", "b"]), "the place of each"),
        (lambda: apart([2, 2, 2], ["a", "a", "b"]), "no variance"),
        (lambda: of_squares(1, 1, [2, 2], how_size="odd"), "“n0” or as “mean”"),
        (lambda: alpha([[1, 2], [1, 2]]), "the same sum"),
        (lambda: alpha([[1], [2]]), "two items"),
        (lambda: uniform(1), "two points"),
    ],
)
def test_what_cannot_be_known_is_refused(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]


@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=2, max_size=12))
def test_agreement_lies_between_nought_and_one_and_does_not_mind_the_order(rows: list[list[int]]) -> None:
    found = rwg_j(rows, 2.0)
    assert 0 <= found.value <= 1
    assert rwg_j(rows[::-1], 2.0).value == pytest.approx(found.value)
    assert rwg_j([[6 - one for one in row] for row in rows], 2.0).value == pytest.approx(found.value)
