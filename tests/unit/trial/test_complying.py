"""Taking an offer up by the rule of the design: every rule by hand, what is not known stays so, and order does not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.trial.methods.complying import Value, taken
from whatworks.trial.methods.design import Design, read

HEAD = (
    '[design]\nkind = "cluster"\n[[arms]]\nname = "usual"\n[[arms]]\nname = "offered"\n[analysis]\nreceived = "took"\n'
)
TWO = """
[[component]]
measure = "sessions"
enough = 6
[[component]]
measure = "supervision"
over = "least"
enough = 1
"""
ARMS = {"A": "offered", "B": "offered", "C": "usual", "D": "offered"}


def design(rule: str, more: str = TWO) -> Design:
    return read(f'{HEAD}[compliance]\nvariable = "took"\n{rule}\n{more}')


VALUES = [
    Value("A", "1", "sessions", 4), Value("A", "2", "sessions", 3), Value("A", "1", "supervision", 1), Value("A", "2", "supervision", 2),
    Value("B", "1", "sessions", 8), Value("B", "1", "supervision", 2), Value("B", "2", "supervision", 0),
    Value("D", "1", "sessions", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ('rule = "all"', {"A": 1, "B": 0, "C": 0, "D": 0}),  # D: too few sessions decides, whatever its supervision was
        ('rule = "any"', {"A": 1, "B": 1, "C": 0, "D": None}),  # D: supervision is not known, and could decide
        ('rule = "share"\nshare = 0.5', {"A": 1, "B": 1, "C": 0, "D": None}),
    ],
)
def test_each_rule(rule: str, wanted: dict[str, int | None]) -> None:
    assert {one.unit: one.taken for one in taken(design(rule), ARMS, VALUES)} == wanted


@pytest.mark.parametrize(
    ("over", "value", "met"), [("sum", 9, True), ("mean", 3, False), ("least", 1, False), ("last", 5, True)]
)
def test_periods_become_one_value(over: str, value: float, met: bool) -> None:
    told = read(f'{HEAD}[compliance]\nvariable = "took"\nmeasure = "sessions"\nenough = 4\nover = "{over}"\n')
    values = [Value("A", str(n), "sessions", x) for n, x in enumerate((1, 3, 5))]
    found = taken(told, {"A": "offered"}, values)[0]
    assert (found.components[0].value, found.components[0].met) == (value, met)


def test_nothing_written_of_an_offered_unit_is_not_known() -> None:
    found = taken(design('rule = "all"'), {"A": "offered", "B": "usual"}, [])
    assert [one.taken for one in found] == [None, 0]


@given(st.permutations(VALUES))
def test_the_order_of_writing_changes_nothing_where_values_are_added(order: list[Value]) -> None:
    assert taken(design('rule = "all"'), ARMS, order) == taken(design('rule = "all"'), ARMS, VALUES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('rule = "share"', "needs, and no other rule has one"),
        ('measure = "sessions"', "write all of them as components"),
    ],
)
def test_a_rule_that_contradicts_itself(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        design(text)


def test_a_variable_has_a_rule_and_one_name() -> None:
    with pytest.raises(InputError, match="and no rule"):
        read(HEAD + '[compliance]\nvariable = "took"\n')
    with pytest.raises(InputError, match="give one name"):
        read(HEAD + '[compliance]\nvariable = "other"\nmeasure = "sessions"\nenough = 1\n')
