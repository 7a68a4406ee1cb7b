"""The style sheet of sentences (`sentences.toml`) as it is read: every cell is there, or reading it is refused.

Cells are found by state, then by what the state depends on: certainty, direction, or why results stand apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

HERE = Path(__file__).resolve().parent / "sentences.toml"
CERTAINTIES = ("high", "moderate", "low", "very-low")
CERTAIN = (*CERTAINTIES, "unrated")
DIRECTIONS = ("contact", "good", "any")
BECAUSE = ("one-study", "published-review-only", "any")
# What each state's sentence depends on; a state that is not named here has one sentence for all.
DEPENDS = {
    "not-poolable": BECAUSE,
    "uncertain": DIRECTIONS,
    "mixed": DIRECTIONS,
    **dict.fromkeys(("fewer", "more", "better", "worse", "none", "linked"), CERTAIN),
}
SIZES = {
    "hundred": ("whole", "under-one", "same"),
    "ratio": ("whole", "same"),
    "odds": ("whole", "same"),
    "scale": ("whole",),
}
YOUNG = ("numbers", "range", "group")


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """Every sentence that the same state always has, by its cell."""

    version: int
    about: str
    states: Mapping[str, Mapping[str, Any]]
    certainty: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, Mapping[str, Mapping[str, str]]]
    young: Mapping[str, str]

    def cells(self) -> Iterator[tuple[str, str]]:
        """Every sentence with the name of its cell."""
        for key, one in self.states.items():
            yield from ((f"states.{key}.{cell}", said) for cell, said in one["says"].items())
        for key, sure in self.certainty.items():
            yield from ((f"certainty.{key}.{name}", sure[name]) for name in ("says", "young"))
        for kind, sizes in self.numbers.items():
            yield from ((f"numbers.{kind}.{size}.{way}", said) for size in sizes for way, said in sizes[size].items())
        yield from ((f"young.{key}", said) for key, said in self.young.items())


@lru_cache(maxsize=4)
def style_sheet(path: Path = HERE) -> StyleSheet:
    """The sentences of a file. Raises InputError that names the file and the first cell that is missing or unknown."""
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(
            said("%(name)s: it cannot be read as TOML (%(problem)s).", name=path.name, problem=str(problem))
        ) from problem
    for name, needed, found in _needed(held):
        if set(needed) != set(found):
            odd = sorted(set(needed) ^ set(found))[0]
            raise InputError(
                said(
                    "%(name)s: %(word)s must have %(needed)s; look at “%(odd)s”.",
                    name=path.name,
                    word=name,
                    needed=", ".join(needed),
                    odd=odd,
                )
            )
    return StyleSheet(**held)


def _needed(held: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Each part of the sheet with the cells that it must have and those that it has."""
    yield "the file", ("version", "about", "states", "certainty", "numbers", "young"), held
    yield "certainty", (*CERTAINTIES, "not-enough", "not-assessed"), held["certainty"]
    for key, one in held["certainty"].items():
        yield f"certainty.{key}", ("word", "says", "young"), one
    for key, one in held["states"].items():
        yield f"states.{key}", ("word", "shape", "css", "says"), one
        yield f"states.{key}.says", DEPENDS.get(key, ("any",)), one["says"]
    yield "states", (*DEPENDS, "not-searched", "nothing-found"), held["states"]
    yield "numbers", tuple(SIZES), held["numbers"]
    for kind, sizes in SIZES.items():
        yield f"numbers.{kind}", sizes, held["numbers"][kind]
        for size in sizes:
            yield f"numbers.{kind}.{size}", ("says", "bare"), held["numbers"][kind][size]
    yield "young", YOUNG, held["young"]
