"""Scores of people and of places, and when a place has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.implement.instruments import KEYS, instrument
from whatworks.implement.methods.scoring import FEWEST, Scale, faults, score, spread, standing

ORIC = instrument("oric-1")
COMMITMENT, EFFICACY = ORIC.scales
SEER = {scale.key: scale for scale in instrument("seer-1").scales}


def person(value: int, scale: Scale = COMMITMENT) -> dict[str, int]:
    return dict.fromkeys(scale.items, value)


def test_the_instruments_are_as_published() -> None:
    """ORIC: 12 items, 5 of commitment and 7 of efficacy, each with its sentence. SEER: 7, 7 and 5 items, sums from 7 to 35."""
    assert (len(ORIC.items), len(COMMITMENT.items), len(EFFICACY.items)) == (12, 5, 7)
    assert set(ORIC.wording) == set(ORIC.items) == {*COMMITMENT.items, *EFFICACY.items}
    assert [len(SEER[key].items) for key in ("value-individual", "confidence", "value-organisation")] == [7, 7, 5]
    assert score(SEER["confidence"], person(1, SEER["confidence"])) == 7
    assert score(SEER["confidence"], person(5, SEER["confidence"])) == 35
    assert all(instrument(key).source.count("http") for key in KEYS)
    with pytest.raises(InputError, match="no questionnaire"):
        instrument("aces")


def test_an_item_may_be_left_out_of_a_mean_and_not_of_a_sum() -> None:
    given = person(4) | {"c1": 2}
    assert score(COMMITMENT, given) == pytest.approx(3.6)
    del given["c1"]
    assert score(COMMITMENT, given) == 4
    del given["c2"]
    assert score(COMMITMENT, given) is None
    seven = person(3, SEER["confidence"])
    del seven["f7"]
    assert score(SEER["confidence"], seven) is None


def test_a_scale_that_is_not_confirmed_is_not_scored() -> None:
    found = standing(SEER["tools"], [person(4, SEER["tools"])] * 9)
    assert found.score is None and "not confirmed" in str(found.why)


def test_a_place_has_a_score_from_five_people_who_agree() -> None:
    assert standing(COMMITMENT, [person(4)] * 4).score is None
    found = standing(COMMITMENT, [person(4)] * 4 + [person(5)])
    assert found.score == pytest.approx(4.2) and found.agreed and found.agreed.value > 0.9


def test_a_place_that_does_not_agree_has_its_spread_alone() -> None:
    """Half say 1 and half say 5: their mean is what nobody said."""
    found = standing(COMMITMENT, [person(1)] * 6 + [person(5)] * 6)
    assert found.score is None and "do not agree" in str(found.why)
    assert [(bar.label, bar.people) for bar in found.spread] == [("1", 6), ("2", 0), ("3", 0), ("4", 0), ("5", 6)]
    assert found.leaning is not None and found.leaning.value == 0


def test_five_who_answered_in_part_are_not_five_who_can_be_compared() -> None:
    part = person(4)
    del part["c1"]
    assert standing(COMMITMENT, [part] * 6).score is None


def test_a_small_bar_is_withheld_with_another_so_that_it_cannot_be_worked_out() -> None:
    shown = spread(COMMITMENT, [4.0] * 10 + [3.0] * 6 + [1.0])
    assert [bar.people for bar in shown] == [None, 0, None, 10, 0]
    assert spread(COMMITMENT, [4.0] * (FEWEST - 1)) == ()


@given(st.lists(st.integers(1, 5), min_size=5, max_size=60))
def test_no_bar_of_one_to_four_people_is_ever_shown_or_left_alone(values: list[int]) -> None:
    shown = spread(COMMITMENT, [float(one) for one in values])
    assert not any(bar.people is not None and 0 < bar.people < 5 for bar in shown)
    hidden = [bar for bar in shown if bar.people is None]
    assert len(hidden) != 1 or not any(bar.people for bar in shown)


def test_answers_that_cannot_be_are_named() -> None:
    assert faults(ORIC, {"c1": 5, "e7": 1}) == []
    assert "no item" in faults(ORIC, {"c9": 3})[0]
    assert "1 to 5" in faults(ORIC, {"c1": 6})[0] and faults(ORIC, {"c1": True}) and faults(ORIC, {"c1": "4"})
