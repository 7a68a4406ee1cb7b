"""A field of a design: what it means, what it may be, and where it is left out, said once for reader and reference page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Meaning:
    """`says`: what the field means, in a sentence; `choices`: the only values; `least`, `most`: bounds that are allowed themselves."""

    says: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


def told(
    says: str, default: Any = dataclasses.MISSING, *, choices: tuple[str, ...] = (), least: float | None = None,
    most: float | None = None,
) -> Any:  # fmt: skip
    """A field of a section; without a default it must be given. A list or a section's default is made anew for each design."""
    kept = {"meaning": Meaning(says, choices, least, most)}
    if isinstance(default, type):
        return dataclasses.field(default_factory=default, metadata=kept)
    return dataclasses.field(default=default, metadata=kept)


def meaning_of(field: dataclasses.Field[Any]) -> Meaning:
    """What a field of a section means."""
    found: Meaning = field.metadata["meaning"]
    return found
