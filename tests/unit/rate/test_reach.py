"""What answers leave open is worked out from the rules: it may promise too much, never leave out what can come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.rate.schemes import pumps
from whatworks.errors import InputError
from whatworks.rate import Scheme, evaluate
from whatworks.rate.methods.reach import in_words, optional, options, possible
from whatworks.rate.methods.scheme import Input
from whatworks.rate.schemes import schemes

SHIPPED = schemes()


def answer(declared: Input) -> st.SearchStrategy[Any]:
    """Any answer to one question, near the numbers that rules name."""
    low = 0 if declared.minimum is None else declared.minimum
    if declared.kind == "choice":
        return st.sampled_from(sorted(declared.choices))
    if declared.kind == "boolean":
        return st.booleans()
    if declared.kind == "integer":
        return st.integers(int(low), int(low) + 4 if declared.maximum is None else int(declared.maximum))
    if declared.kind == "number":
        return st.floats(low, 2 if declared.maximum is None else declared.maximum)
    return st.just("a source")


def answers(scheme: Scheme) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to every question."""
    return st.fixed_dictionaries({name: answer(declared) for name, declared in scheme.inputs.items()})


def rated(scheme: Scheme, full: dict[str, Any]) -> str | None:
    """The level, or that the answers contradict each other."""
    try:
        return evaluate(scheme, full).level
    except InputError:
        return "contradiction"


@pytest.mark.parametrize("scheme", SHIPPED, ids=lambda scheme: f"{scheme.key}-{scheme.version}")
@settings(max_examples=25)
@given(data=st.data())
def test_no_level_that_can_come_is_left_out(scheme: Scheme, data: st.DataObject) -> None:
    """A level wrongly called out of reach would stop a study that could have met it."""
    full = data.draw(answers(scheme))
    known = data.draw(st.sets(st.sampled_from(sorted(full))))
    for name in optional(scheme) - known:
        del full[name]
    level = rated(scheme, full)
    if level == "contradiction":
        for name in optional(scheme):
            full.pop(name, None)
            known.discard(name)
        level = rated(scheme, full)
    if level == "contradiction":
        return
    if level is not None:
        assert level in possible(scheme, {name: full[name] for name in known})
        assert possible(scheme, full) == {level}


@pytest.mark.parametrize("scheme", SHIPPED, ids=lambda scheme: f"{scheme.key}-{scheme.version}")
@settings(max_examples=25)
@given(data=st.data())
def test_answers_of_one_kind_are_treated_alike(scheme: Scheme, data: st.DataObject) -> None:
    """An answer that stands for others must get what they get: one number changed within its kind moves nothing."""
    full = data.draw(answers(scheme))
    name = data.draw(st.sampled_from(sorted(full)))
    rest = {other: value for other, value in full.items() if other != name}
    value = full[name]
    alike = [
        option
        for option in options(scheme, rest)[name]
        if (option.value == value and type(option.value) is type(value))
        or (
            option.between
            and (option.low is None or option.low < value)
            and (option.high is None or value < option.high)
        )
    ]
    if options(scheme, rest)[name]:
        assert len(alike) == 1
        assert possible(scheme, full) == possible(scheme, {**rest, name: alike[0].value})


def test_options_and_their_words(tmp_path: Path) -> None:
    """A limit said wrongly (at most 6 for at most 5) sends a study the wrong way."""
    scheme = pumps(tmp_path)
    every = options(scheme, {})["failures"]
    assert [option.value for option in every] == [0, 1, 2, 6, 7]
    said = in_words(scheme.inputs["failures"], every, every[:3])
    assert said == "at most 5"
    assert in_words(scheme.inputs["failures"], every, every[3:]) == "at least 6"
    assert in_words(scheme.inputs["failures"], every, (every[0], every[3])) == "exactly 0 or exactly 6"
    assert in_words(scheme.inputs["failures"], every, every[1:4]) == "at least 1 and at most 6"
    assert in_words(scheme.inputs["failures"], every, every) == "any number"
    keeper = scheme.inputs["keeper"]
    assert in_words(keeper, options(scheme, {})["keeper"], options(scheme, {})["keeper"][:1]) == "the village"
