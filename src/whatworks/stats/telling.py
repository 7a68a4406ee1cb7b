"""How a statistical result tells itself: a sentence, a methods paragraph, a picture, the same in R, how to run it again."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from whatworks.stats.chart import Chart
from whatworks.stats.results import Result


def kept() -> Any:
    """A field that a result keeps in order to run itself again, and leaves out of `to_dict`, `repr` and comparison."""
    return field(metadata={"plain": False}, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Recipe(Result):
    """Enough to make a result again: the function's name in `whatworks`, what it was given, and the version that ran."""

    function: str
    arguments: Mapping[str, Any]
    version: str

    def run(self) -> Any:
        """The result made again, by the version that is installed now."""
        return getattr(import_module("whatworks"), self.function)(**self.arguments)


def recipe(function: str, arguments: Mapping[str, Any]) -> Recipe:
    """The recipe of a call to `whatworks.<function>`."""
    return Recipe(function, dict(arguments), import_module("whatworks").__version__)


class Told(Result):
    """A base for frozen dataclasses (slots) of statistical results."""

    __slots__ = ()

    @abstractmethod
    def summary(self) -> str:
        """The result in one or two sentences, with its numbers."""

    @abstractmethod
    def report(self) -> str:
        """Methods and results as a paragraph for a paper, each method with its reference (see `paragraph`)."""

    @abstractmethod
    def chart(self) -> Chart:
        """The picture of the result, with the same numbers as a table."""

    @abstractmethod
    def r_script(self) -> str:
        """The same analysis for R (metafor, clubSandwich), with its data in it."""

    @property
    @abstractmethod
    def recipe(self) -> Recipe:
        """Enough to run the analysis again."""


def paragraph(sentences: Iterable[str], references: Iterable[str]) -> str:
    """Sentences as one paragraph, then each reference once, in the order first cited, on a line of its own."""
    listed = "\n".join(f"- {one}" for one in dict.fromkeys(references))
    text = " ".join(one for one in sentences if one)
    return f"{text}\n\nReferences\n{listed}" if listed else text
