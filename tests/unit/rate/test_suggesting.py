"""What a rule suggests for GRADE from what is held: each band once, and that it keeps silent where it cannot say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.rate.methods.suggesting import Facts, suggested
from whatworks.rate.schemes import load_scheme

SOUND = Facts(
    studies=4, randomised=4, share_high=0.0, share_low=1.0, share_unjudged=0.0, i2=10.0, low=0.1, high=0.4, people=900
)


def test_sound_evidence_is_suggested_to_stay() -> None:
    found = suggested(SOUND)
    assert [found[name].value for name in ("start", "risk_of_bias", "inconsistency", "imprecision")] == [
        "randomised", 0, 0, 0,
    ]  # fmt: skip
    assert "indirectness" not in found and "large_effect" not in found, "only people can say"


@pytest.mark.parametrize(
    ("name", "other", "value"),
    [
        ("start", {"randomised": 0}, "non-randomised"),
        ("start", {"randomised": 2}, None),
        ("risk_of_bias", {"share_high": 0.5, "share_low": 0.5}, 2),
        ("risk_of_bias", {"share_high": 0.1, "share_low": 0.4}, 1),
        ("risk_of_bias", {"share_unjudged": 0.5, "share_low": 0.5}, None),
        ("inconsistency", {"studies": 1, "i2": None}, 0),
        ("inconsistency", {"i2": 49.9}, 0),
        ("inconsistency", {"i2": 50.0}, 1),
        ("inconsistency", {"i2": 80.0}, 2),
        ("inconsistency", {"i2": 80.0, "prediction_low": -0.1, "prediction_high": 0.9}, 2),
        ("inconsistency", {"i2": 80.0, "prediction_low": 0.1, "prediction_high": 0.9}, 1),
        ("imprecision", {"low": -0.1}, 1),
        ("imprecision", {"low": -0.1, "people": 399}, 2),
        ("imprecision", {"people": 399}, 1),
        ("imprecision", {"people": None}, 0),
        ("imprecision", {"low": None}, None),
        ("imprecision", {"low": -0.3, "high": 0.3, "band_low": -0.2, "band_high": 0.2}, 2),
        ("imprecision", {"low": -0.1, "high": 0.1, "band_low": -0.2, "band_high": 0.2}, 0),
        ("publication_bias", {"studies": 9, "egger_p": 0.01}, None),
        ("publication_bias", {"studies": 10, "randomised": 10, "egger_p": 0.09}, 1),
        ("publication_bias", {"studies": 10, "randomised": 10, "egger_p": 0.1}, 0),
        ("publication_bias", {"studies": 10, "randomised": 10}, None),
    ],
)
def test_each_band_gives_its_steps(name: str, other: dict[str, Any], value: Any) -> None:
    found = suggested(replace(SOUND, **other))[name]
    assert found.value == value
    assert found.why.endswith("."), "a suggestion says why, in a sentence"


shares = st.floats(0, 1)


@given(
    studies=st.integers(1, 40), share_high=shares, share_low=shares, share_unjudged=shares,
    i2=st.none() | st.floats(0, 100), low=st.none() | st.floats(-9, 9), people=st.none() | st.integers(1, 10**6),
    egger_p=st.none() | shares,
)  # fmt: skip
def test_every_suggestion_is_an_answer_the_scheme_allows(studies: int, low: float | None, **other: Any) -> None:
    """A suggestion that could not be given as an answer would be no suggestion."""
    high = None if low is None else low + 1
    facts = Facts(studies=studies, randomised=studies, low=low, high=high, **other)
    inputs = load_scheme("grade").inputs
    for name, one in suggested(facts).items():
        declared = inputs[name]
        if isinstance(one.value, int):
            assert (declared.minimum or 0) <= one.value <= (declared.maximum or 0)
        else:
            assert one.value is None or one.value in declared.choices
