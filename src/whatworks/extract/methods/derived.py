"""A formula that first turns what is printed into what another formula asks for, and then is that formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from whatworks.extract.methods.effect import Effect, Floats
from whatworks.extract.methods.formula import FORMULAE, Input, formula

Numbers = dict[str, Any]
SETTLED = {"variance": "LS"}  # choices of the underlying formula that a derived one does not offer


def derive(
    name: str,
    base: str,
    inputs: tuple[Input, ...],
    before: Callable[[Numbers], Numbers],
    *,
    title: str,
    text: str,
    source: str,
    steps: tuple[str, ...],
    after: Callable[[Effect, Numbers], Effect] | None = None,
    last: tuple[str, ...] = (),
) -> None:
    """Enter NAME in the register: `before` turns its inputs into those of the formula BASE, `after` changes its answer.

    text: what is done beforehand, in one plain line. steps and last: the same line by line, before and after BASE's.
    """
    under = FORMULAE[base]

    def compute(**given: Any) -> Effect:
        taken = {one.name: given[one.name] for one in under.inputs if one.choices and one.name in given}
        fixed = {word: choice for word, choice in SETTLED.items() if word in {one.name for one in under.inputs}}
        found = under.function(**before(given), **fixed, **taken)
        return found if after is None else after(found, given)

    compute.__doc__ = f"{text}; then {under.text}"
    compute.__module__ = derived_in(before)
    worked = (*steps, *settled(under.steps), *last)
    formula(name, under.metric, inputs, title=title, source=source, steps=worked)(compute)


def derived_in(function: Callable[..., Any]) -> str:
    """The module whose shelf a derived formula stands on: where its first half is written."""
    return function.__module__


def settled(steps: tuple[str, ...]) -> tuple[str, ...]:
    """The steps that hold under the choices a derived formula does not offer."""
    kept = []
    for step in steps:
        for word, choice in SETTLED.items():
            if step.startswith(f"[{word}="):
                step = step.removeprefix(f"[{word}={choice}] ") if step.startswith(f"[{word}={choice}]") else ""
        if step:
            kept.append(step)
    return tuple(kept)


def both_arms(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Steps written once with `#` for the arm, for the intervention group and then the comparison group."""
    return tuple(step.replace("#", arm) for arm in "12" for step in steps)


def arm(given: Mapping[str, Any], number: int, *names: str) -> tuple[Floats, ...]:
    """The inputs of one arm, in the order of the names."""
    return tuple(given[f"{name}{number}"] for name in names)
