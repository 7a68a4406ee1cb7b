"""Each state of an outcome as a page shows it: a word, one shape of its own, and a colour class. Never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from whatworks.errors import InputError


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
    {
        state.key: state
        for state in (
            State("not-searched", "Not searched", "unsearched", "unsure"),
            State("nothing-found", "Searched, nothing found", "nothing-found", "unsure"),
            State("not-poolable", "Found, but cannot be put together", "not-poolable", "unsure"),
            State("uncertain", "Uncertain: we cannot tell", "uncertain", "unsure"),
            State("mixed", "Mixed: studies disagree", "mixed", "unsure"),
            State("fewer", "Fewer", "fewer", "change"),
            State("more", "More", "more", "change"),
            State("better", "Better", "better", "better"),
            State("worse", "Worse", "worse", "worse"),
            State("none", "No worthwhile effect", "none", "unsure"),
            State("linked", "Linked with, not shown to cause", "linked", "unsure"),
        )
    }
)


def state(key: str) -> State:
    """The state with this key. Raises InputError where there is none."""
    if key not in STATES:
        raise InputError(f"No state is called '{key}'; there are {', '.join(STATES)}.")
    return STATES[key]
