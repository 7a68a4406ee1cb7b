"""Every format under accidents: a few hundred files each here, as many as wanted in `benches/fuzzing.py`."""

from __future__ import annotations

import random

import pytest

from tests.unit.collate.mutations import check, mutated
from tests.unit.collate.samples import SAMPLES

FILES = 60


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_itself_is_read_whole(name: str) -> None:
    assert check(SAMPLES[name]) == "read"


@pytest.mark.parametrize("name", SAMPLES)
def test_no_accident_loses_a_record_in_silence(name: str) -> None:
    draw = random.Random(name)
    came = [check(mutated(SAMPLES[name], draw)) for _ in range(FILES)]
    packed = name == "Excel"  # a packed file notices every accident
    assert packed or len(set(came)) > 1, "the accidents are too mild, or all of them too harsh, to test anything"
