"""A page shows how an effect came about: the steps must come to the effect that is stored, for every formula."""

from __future__ import annotations

import ast
from itertools import product
from typing import Any

import pytest

from tests.unit.extract.test_effects import example
from whatworks.errors import InputError
from whatworks.extract import FORMULAE
from whatworks.extract.methods.explain import explain, values
from whatworks.extract.methods.formula import Formula
from whatworks.extract.methods.working import evaluated, parsed, rendered, shown

SAME = 1e-9  # the same arithmetic in another order; the exact factor differs in its last digits between two routes
NO_CLOSED_FORM = {"standardised-difference-from-count-model"}


def with_choices(formula: Formula) -> list[dict[str, Any]]:
    """The example numbers with every choice of words there is."""
    words = [one for one in formula.inputs if one.choices]
    return [
        example(formula) | dict(zip((one.name for one in words), chosen, strict=True))
        for chosen in product(*(one.choices for one in words))
    ]


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=FORMULAE.keys())
def test_the_steps_are_a_slow_plain_twin_of_the_formula(formula: Formula) -> None:
    """A page that shows one sum while the finding holds another would be found out by nobody."""
    assert bool(formula.steps) is (formula.name not in NO_CLOSED_FORM)
    if not formula.steps:
        return
    for given in with_choices(formula):
        known, found = values(formula, given), formula.compute(**given)
        assert known["yi"] == pytest.approx(float(found.yi), rel=SAME, abs=1e-13), given
        assert known["vi"] == pytest.approx(float(found.vi), rel=SAME), given


def test_the_lines_show_the_numbers() -> None:
    given = {"mean1": 18.2, "sd1": 6.4, "n1": 40, "mean2": 15.1, "sd2": 6.4, "n2": 40}
    said = explain("hedges-g-from-means", given)
    assert said.lines[-2].text == "g = 0.9903 × (18.2 − 15.1) / 6.4 = 0.4797"
    assert said.lines[-2].symbols == "J × (mean1 − mean2) / sp"
    assert said.effect.startswith("standardised mean difference (Hedges' g): 0.4797 (95% interval ")
    assert said.text.splitlines()[0] == said.title


def test_an_empty_cell_shows_what_was_added() -> None:
    given = {"events1": 0, "n1": 10, "events2": 3, "n2": 10}
    texts = [line.text for line in explain("log-odds-ratio-from-counts", given).lines]
    assert texts[:2] == ["a = 0 + 0.5 = 0.5", "b = 10 − 0 + 0.5 = 10.5"]


def test_a_formula_without_closed_form_is_said_in_words() -> None:
    formula = FORMULAE["standardised-difference-from-count-model"]
    said = explain(formula.name, example(formula))
    assert [line.numbers for line in said.lines] == [formula.text]
    assert "95% interval" in said.effect


def test_converted_limits_are_shown_not_made_anew() -> None:
    given = {"odds_ratio": 0.66, "low": 0.5, "high": 0.9, "baseline_risk": 0.25}
    said = explain("risk-difference-from-odds-ratio", given)
    assert said.effect == "risk difference: −0.06967 (95% interval −0.1091 to −0.0221)"


def test_numbers_that_give_no_effect_are_refused_as_the_formula_refuses_them() -> None:
    with pytest.raises(InputError, match="outside -1 to 1"):
        explain("fisher-z", {"r": 2, "n": 30})
    with pytest.raises(InputError, match="no formula"):
        explain("no-such", {})
    with pytest.raises(InputError, match="give no effect"):
        explain("log-odds-ratio-from-counts", {"events1": 0, "n1": 9, "events2": 0, "n2": 9, "zero": "none"})


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("a - (b - c)", "1 − (2 − 3)"), ("a / (b * c)", "1 / (2 × 3)"), ("(a + b)^2", "(1 + 2)²"), ("-a^2", "−1²"),
        ("a * (b / c)", "1 × 2 / 3"), ("a - d", "1 − (−4)"), ("d^2", "(−4)²"), ("sqrt(a + b)", "sqrt(1 + 2)"),
    ],
)  # fmt: skip
def test_an_expression_keeps_its_brackets(expression: str, said: str) -> None:
    """Without them the line would say another sum than it does."""
    tree = parsed(f"x = {expression}")[1]
    assert rendered(tree, {"a": 1.0, "b": 2.0, "c": 3.0, "d": -4.0}) == said


@pytest.mark.parametrize("expression", ["a.real", "[1]", "(lambda: 1)()", "a if b else c", "open('x')", "a @ b"])
def test_a_step_can_say_sums_and_nothing_else(expression: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        evaluated(ast.parse(expression, mode="eval").body, {"a": 1.0, "b": 2.0, "c": 3.0})


@pytest.mark.parametrize(
    ("number", "said"), [(12.0, "12"), (0.123456, "0.1235"), (-3.5, "−3.5"), (12345.678, "12346"), (1e-7, "1e−07")]
)
def test_numbers_are_shown_as_people_read_them(number: float, said: str) -> None:
    assert shown(number) == said
