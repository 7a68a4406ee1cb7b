"""SAFE on a finished review, against the checklist that reviews here are held to: it stops when all of it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.screen.records import made
from whatworks.errors import InputError
from whatworks.screen.methods.features import features
from whatworks.screen.methods.safe import SafeSettings, SafeState, safe_checklist
from whatworks.screen.methods.safe_reading import OTHER, SafeReading, read_by_safe
from whatworks.screen.methods.simulating import prior_records, shuffled

TABLE, LABELS = made(260, 18)
KNOWN, TRUTH = features(TABLE["title"], TABLE["abstract"]), np.array(LABELS)
READING = ("find every key paper", "have somebody else check the excluded records that rank highest")


def read(seed: int, learner: str = "margin", settings: SafeSettings | None = None) -> SafeReading:
    told = {"lot": shuffled(len(TRUTH), seed), "priors": prior_records(TRUTH, seed), "seed": seed}
    return read_by_safe(KNOWN, TRUTH, learner=learner, settings=settings, **told)


def state(one: SafeReading, at: int, settings: SafeSettings, *, switched: bool) -> dict[tuple[str, str], bool]:
    """What the checklist says after so many, by phase and name; of what can be tried out on a finished review."""
    after = one.switched if switched else None
    told: SafeState = safe_checklist(
        one.order[:at], len(one.order), sample=one.sample, switched_after=after, settings=settings
    )
    return {(row.phase, row.name): bool(row.holds) for row in told.conditions if row.name not in READING}


@given(
    seed=st.integers(0, 40),
    learner=st.sampled_from(sorted(OTHER)),
    run=st.integers(1, 60),
    least=st.sampled_from([0.0, 0.1, 0.4]),
    times=st.sampled_from([0.0, 2.0]),
    sample=st.sampled_from([0.01, 0.1]),
)
def test_it_stops_at_the_first_moment_at_which_the_checklist_is_met(
    seed: int, learner: str, run: int, least: float, times: float, sample: float
) -> None:
    """Later would tell planners that it costs more than it does, earlier that it misses more."""
    settings = SafeSettings(sample=sample, times=times, least=least, run=run)
    one = read(seed, learner, settings)
    assert sum(one.order) == TRUTH.sum() - 1 and len(one.order) == len(TRUTH) - 2
    first = [key for key in state(one, one.sample, settings, switched=False) if key[0] in ("screen", "apply")]
    for end, switched, asked in ((one.switched, False, first), (one.stopped, True, None)):
        if end is None:
            continue
        now = state(one, end, settings, switched=switched)
        assert all(now[key] for key in asked or now)
        begun = one.switched if switched else one.sample
        if end > (begun or 0):
            before = state(one, end - 1, settings, switched=switched)
            assert not all(before[key] for key in asked or before)


def test_the_sample_goes_on_until_it_holds_one() -> None:
    """Without any nothing can be expected, and the checklist asks for more."""
    samples = [read(seed).sample for seed in range(12)]
    assert min(samples) >= 3 and max(samples) > 3
    for seed in range(12):
        one = read(seed)
        assert sum(one.order[: one.sample]) >= 1


def test_where_nothing_is_left_to_draw_all_is_read() -> None:
    """No relevant record but the one known beforehand: the sample finds none, and reading on does not end before the end."""
    truth = np.zeros(40, dtype=np.int64)
    truth[3] = 1
    known = features([f"study {n}" for n in range(40)], [""] * 40)
    one = read_by_safe(known, truth, lot=np.arange(40), priors=(3, 4), learner="bayes")
    assert (one.sample, one.switched, one.stopped, sum(one.order)) == (38, None, None, 0)


def test_who_learns_nothing_is_said_so() -> None:
    with pytest.raises(InputError, match="needs a learner that learns"):
        read(1, "random")
