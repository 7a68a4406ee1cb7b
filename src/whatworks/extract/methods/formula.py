"""A formula as a thing one can name, cite, version and run: from raw numbers to an effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Effect, Floats
from whatworks.saying import said

Computation = TypeVar("Computation", bound=Callable[..., Effect])


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a formula asks for: a number per study, or one of a few words (then the first is the default).

    note: words that are kept with the finding and enter no sum, such as where an intracluster correlation is from.
    """

    name: str
    title: str
    unit: str = ""
    default: float | None = None
    choices: tuple[str, ...] = ()
    note: bool = False

    @property
    def needed(self) -> bool:
        """True when there is no default."""
        return self.default is None and not self.choices

    @property
    def number(self) -> bool:
        """True for what enters the sum as a number."""
        return not self.choices and not self.note


@dataclass(frozen=True, slots=True)
class Formula:
    """One documented way from raw numbers to an effect. A change of arithmetic is a new version, never an edit.

    text: the arithmetic in one plain line. source: the paper or book it is from. steps: the same arithmetic line by
    line, as `explain` works it out with the numbers put in; empty where there is no closed form.
    converts: it changes the kind of measure on an assumption, so it is only used where somebody names it.
    """

    name: str
    version: int
    title: str
    metric: str
    inputs: tuple[Input, ...]
    text: str
    source: str
    function: Callable[..., Effect]
    steps: tuple[str, ...] = ()
    converts: bool = False

    def compute(self, **given: Any) -> Effect:
        """The effects of numbers or equally long columns; InputError names what is missing, unknown or impossible."""
        words, numbers = self._words(given), self._numbers(given)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self.function(**numbers, **words)

    @property
    def needed(self) -> frozenset[str]:
        """The names of the inputs it cannot do without."""
        return frozenset(wanted.name for wanted in self.inputs if wanted.needed)

    def _words(self, given: dict[str, Any]) -> dict[str, str]:
        words = {}
        for wanted in self.inputs:
            if wanted.choices:
                word = given.get(wanted.name) or wanted.choices[0]
                if word not in wanted.choices:
                    choices = ", ".join(wanted.choices)
                    raise InputError(
                        said(
                            "%(name)s of %(self_name)s must be one of %(choices)s, not %(word)r.",
                            name=wanted.name,
                            self_name=self.name,
                            choices=choices,
                            word=word,
                        )
                    )
                words[wanted.name] = str(word)
        return words

    def _numbers(self, given: dict[str, Any]) -> dict[str, Floats]:
        names = [wanted.name for wanted in self.inputs]
        if unknown := sorted(set(given) - set(names)):
            raise InputError(
                said(
                    "%(name)s has no input %(unknown)s; it takes %(names)s.",
                    name=self.name,
                    unknown=unknown[0],
                    names=", ".join(names),
                )
            )
        columns = {}
        for wanted in self.inputs:
            if wanted.needed and (given.get(wanted.name) is None or (wanted.note and not is_said(given[wanted.name]))):
                raise InputError(
                    said(
                        "%(name)s needs %(wanted_name)s: %(title)s.",
                        name=self.name,
                        wanted_name=wanted.name,
                        title=wanted.title,
                    )
                )
            if wanted.number:
                value = given.get(wanted.name)
                columns[wanted.name] = _column(wanted.name, wanted.default if value is None else value)
        try:
            return dict(zip(columns, np.broadcast_arrays(*columns.values()), strict=True))
        except ValueError:
            lengths = ", ".join(f"{name} {column.size}" for name, column in columns.items())
            raise InputError(
                said("The inputs of %(name)s must be equally long, not %(lengths)s.", name=self.name, lengths=lengths)
            ) from None


def is_said(note: Any) -> bool:
    """Whether a note says something: words for all studies, or some for each."""
    notes = note if isinstance(note, list | tuple) else [note]
    return bool(notes) and all(isinstance(one, str) and one.strip() for one in notes)


def _column(name: str, given: Any) -> Floats:
    """One number or one column of numbers; None is a missing number."""
    items = [np.nan if item is None else item for item in given] if isinstance(given, list | tuple) else given
    try:
        column = np.asarray(items, dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            said("%(name)s must be a number or a column of numbers, not %(given)r.", name=name, given=given)
        ) from None
    if column.ndim > 1:
        raise InputError(said("%(name)s must be a number or one column of numbers, not a table.", name=name))
    return column


FORMULAE: dict[str, Formula] = {}


def formula(
    name: str,
    metric: str,
    inputs: tuple[Input, ...],
    *,
    title: str,
    source: str,
    version: int = 1,
    steps: tuple[str, ...] = (),
    converts: bool = False,
) -> Callable[[Computation], Computation]:
    """Enter the decorated function in the register under this name; its docstring is the formula's plain text."""

    def enter(function: Computation) -> Computation:
        text = " ".join((function.__doc__ or "").split())
        FORMULAE[name] = Formula(name, version, title, metric, inputs, text, source, function, steps, converts)
        return function

    return enter


N1 = Input("n1", said("people analysed in the intervention group"), said("people"))
N2 = Input("n2", said("people analysed in the comparison group"), said("people"))
N = Input("n", said("people analysed in all"), said("people"))
