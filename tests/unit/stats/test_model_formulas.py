"""Formulas: what each sign means, how rows become numbers, and one sentence for everything that cannot be meant."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.stats.formula_grammar import parse
from whatworks.stats.model_formulas import model_matrix

TABLE: dict[str, list[Any]] = {
    "yi": [1, 2, 3, 4, 5, 6, 7, 8],
    "g": list("abababab"),
    "h": ["1", "10", "2", "10", "1", "2", "2", ""],
    "x": [1.0, 2, 3, 5, 7, 8, 1, 3],
    "z": [0.5, 0.1, 0.9, 0.3, 0.8, 0.2, 0.4, 0.7],
    "a name": [3, 1, 4, 1, 5, 9, 2, 6],
    "const": ["k"] * 8,
}


def names(formula: str) -> tuple[str, ...]:
    return model_matrix(formula, TABLE).names


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("yi ~ 1", "intercept"),
        ("~ x", "intercept x"),
        ("x", "intercept x"),
        ("yi ~ x + z", "intercept x z"),
        ("yi ~ g", "intercept g[b]"),
        ("yi ~ C(h)", "intercept C(h)[2] C(h)[10]"),  # numbers sort as numbers
        ('yi ~ C(h, "10")', "intercept C(h)[1] C(h)[2]"),
        ("yi ~ x:z", "intercept x:z"),
        ("yi ~ x*g + z", "intercept x g[b] z x:g[b]"),  # main effects first, as in R
        ("yi ~ g/x", "intercept g[b] g[a]:x g[b]:x"),
        ("yi ~ (x + z + g)^2 - x:g", "intercept x z g[b] x:z z:g[b]"),
        ("yi ~ g - 1", "g[a] g[b]"),
        ("yi ~ 0 + x + g + C(h)", "x g[a] g[b] C(h)[2] C(h)[10]"),
        ("yi ~ g:x", "intercept g[a]:x g[b]:x"),  # without its own term, a slope in every level
        ("yi ~ x + g:x", "intercept x g[b]:x"),
        ("yi ~ I(x ** 2) + log(x + 1)", "intercept I(x**2) log(x+1)"),
        ("yi ~ center(x):z + scale( z )", "intercept scale(z) center(x):z"),
    ],
)
def test_names_of_coefficients(formula: str, expected: str) -> None:
    assert names(formula) == tuple(expected.split())


def test_a_name_with_a_space_stands_in_backticks() -> None:
    assert names("yi ~ `a name`") == ("intercept", "a name")


def test_products_multiply_columns() -> None:
    found = model_matrix("yi ~ x * g", TABLE)
    x, b = np.array(TABLE["x"]), np.array([g == "b" for g in TABLE["g"]], dtype=float)
    assert np.array_equal(found.x, np.column_stack((np.ones(8), x, b, x * b)))
    assert found.terms == (("x", (1,)), ("g", (2,)), ("x:g", (3,)))


def test_products_of_factors_follow_r_with_the_first_varying_fastest() -> None:
    table = {"a": list("pppqqqrrr"), "b": list("stustustu")}
    assert model_matrix("~ a:b - 1", table).names[:4] == ("a[p]:b[s]", "a[q]:b[s]", "a[r]:b[s]", "a[p]:b[t]")


def test_arithmetic_binds_as_in_mathematics() -> None:
    table = {"x": [1.0, 2.0, 3.0, 5.0]}
    x = np.array(table["x"])
    found = model_matrix("~ I(-x^2 + 2 * (x - 1) / 4) - 1", table).x[:, 0]
    assert np.allclose(found, -(x**2) + (x - 1) / 2)
    assert np.allclose(model_matrix("~ I(x^2^0.5) - 1", table).x[:, 0], x ** (2**0.5))  # powers bind to the right


def test_centres_and_levels_are_kept_for_new_rows() -> None:
    found = model_matrix("yi ~ center(x) + scale(z) + g", TABLE)
    again = found.rows({"x": [3.75, 4.75], "z": ["0.4875", "0.4875"], "g": ["b", "a"]})
    assert np.allclose(again, [[1, 0, 0, 1], [1, 1, 0, 0]])
    with pytest.raises(InputError, match="'c', which is not among the levels"):
        found.rows({"x": [1], "z": [1], "g": ["c"]})


def test_rows_without_a_value_are_left_out_and_said() -> None:
    found = model_matrix(
        "yi ~ C(h) + x", TABLE | {"x": [1.0, None, 3, 5, float("nan"), 8, 1, 3], "vi": ["", *"1111111"]}, ["vi"]
    )
    assert found.kept.tolist() == [False, False, True, True, False, True, True, False]
    assert found.left_out == "4 of 8 rows lack a value that the model needs and are left out: row 1, 2, 5, 8."
    assert found.x.shape == (4, 3) and found.names == ("intercept", "C(h)[10]", "x")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("", "empty"),
        ("yi ~ nothere", "no column 'nothere'"),
        ("yi ~ x ~ z", "more than one ~"),
        ("yi + x ~ z", "must name one column before the ~"),
        ("yi ~ x +", "stops short"),
        ("yi ~ (x", "lacks a '\\)'"),
        ("yi ~ x z", "cannot be read from 'z'"),
        ("yi ~ @", "cannot be read from '@'"),
        ("yi ~ 5", "has '5' where a column should stand"),
        ("yi ~ __import__(x)", "calls __import__, which is not one of"),
        ("yi ~ I(x; z)", "cannot be read"),
        ("yi ~ x^1.5", "not a whole number"),
        ("yi ~ log(x - 3)", "has no value where x = 1"),
        ("yi ~ g^2 + I(g)", "not a number"),
        ("yi ~ const", "only one level"),
        ('yi ~ C(g, "q")', "no level 'q'"),
        ("yi ~ I(2)", "same in every row"),
        ("yi ~ -1", "leaves no coefficient"),
        ("yi ~ x + I(3 * x)", r"I\(3\*x\) is made of x \(collinear\)"),
        ("yi ~ g + C(g)", r"C\(g\)\[b\] is made of g\[b\]"),
        ("yi ~ C(x) * C(z)", "coefficients of 8 rows"),
        ("yi ~ I(x - x)", "0 in every row"),
        ("yi ~ scale(I(x - x))", "spread of 0"),
        ("yi ~ " + "(" * 90 + "x" + ")" * 90, "nests more than 40"),
        ("yi ~ I(" + "-" * 300 + "x)", "nests more than 40"),
        ("yi ~ " + "x + " * 300 + "x", "is the most that is read"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(formula: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        model_matrix(formula, TABLE)


def test_a_table_of_unequal_columns_is_refused() -> None:
    with pytest.raises(InputError, match="not of one length"):
        model_matrix("yi ~ x", {"yi": [1, 2], "x": [1, 2, 3]})
    with pytest.raises(InputError, match="No row has a value"):
        model_matrix("yi ~ x", {"yi": [None, 2], "x": [1, ""]})


TERMS = st.sampled_from(["x", "z", "g", "x:z", "x:g", "z:g", "I(x^2)"])


@given(st.lists(TERMS, min_size=1, max_size=4, unique=True), st.randoms())
def test_the_order_of_terms_changes_no_column(terms: list[str], shuffled: Any) -> None:
    """Terms are sets of pieces: another order names the same coefficients, at least where every margin is in."""
    terms = sorted({"x", "z", "g", *terms})
    other = terms.copy()
    shuffled.shuffle(other)
    one, two = (model_matrix("yi ~ " + " + ".join(some), TABLE) for some in (terms, other))
    assert {frozenset(name.split(":")) for name in one.names} == {frozenset(name.split(":")) for name in two.names}


@given(st.text(alphabet="xyg ~+-*:^/()0129.IClog`'\",", max_size=40))
def test_any_text_is_read_or_refused_but_never_crashes(text: str) -> None:
    with suppress(InputError):
        assert parse(text).terms is not None
