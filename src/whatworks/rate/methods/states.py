"""Each state of an outcome as a page shows it: a word, one shape of its own, and a colour class. Never colour alone.

The words, shapes and colours are data: the style sheet of sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from whatworks.errors import InputError
from whatworks.saying import said

from ..phrasing import style_sheet


@dataclass(frozen=True, slots=True)
class State:
    """How one state is told: by word, shape and colour together."""

    key: str
    word: str
    shape: str
    css: str
    """`change` for fewer and more (neutral), `better` and `worse` only for agreed directions, `unsure` for the rest."""

    def to_dict(self) -> dict[str, str]:
        """The state as plain values."""
        return asdict(self)


STATES: Mapping[str, State] = MappingProxyType(
    {key: State(key, one["word"], one["shape"], one["css"]) for key, one in style_sheet().states.items()}
)


def state(key: str) -> State:
    """The state with this key. Raises InputError where there is none."""
    if key not in STATES:
        raise InputError(said("No state is called '%(key)s'; there are %(states)s.", key=key, states=", ".join(STATES)))
    return STATES[key]
