"""States are told apart by shape and word; colour only adds."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.rate import STATES, state

SHAPES = "fewer more uncertain none mixed unsearched better worse nothing-found not-poolable linked"


def test_one_shape_for_each_state() -> None:
    """Two states with one shape look the same in print and to the colour-blind."""
    assert sorted(each.shape for each in STATES.values()) == sorted(SHAPES.split())
    assert len({each.word for each in STATES.values()}) == len(STATES)


def test_good_and_bad_colours_are_only_for_agreed_directions() -> None:
    """Fewer children in care shown in the colour of good news would judge what nobody agreed on."""
    assert {each.key: each.css for each in STATES.values() if each.css != "unsure"} == {
        "fewer": "change",
        "more": "change",
        "better": "better",
        "worse": "worse",
    }


def test_an_unknown_state_is_refused() -> None:
    """A page must not fall back to some state."""
    assert state("mixed").to_dict()["shape"] == "mixed"
    with pytest.raises(InputError, match="No state is called 'promising'"):
        state("promising")
