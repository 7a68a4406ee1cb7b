"""Stopping: fast forms against slow obvious twins, limits that never contradict the test, and words that fit the numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb, floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.screen.methods.hypergeometric import chance_of_at_most
from whatworks.screen.methods.remaining import Sample, remaining
from whatworks.screen.methods.safe import safe_checklist
from whatworks.screen.methods.stopping import consecutive_irrelevant_example, stop_by_sample, stop_estimate, stops_after
from whatworks.screen.methods.urns import least_missing, most_missing, p_path, p_value, rejected

ROUNDING = 1e-11  # a few hundred sums of doubles
LABELS = st.lists(st.sampled_from([0, 0, 0, 1]), min_size=1, max_size=40)
TARGETS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


def tail(found: int, size: int, relevant: int, drawn: int) -> Fraction:
    """The chance of at most `found`, by counting draws with whole numbers."""
    ways = sum(comb(relevant, x) * comb(size - relevant, drawn - x) for x in range(min(found, drawn) + 1))
    return Fraction(ways, comb(size, drawn))


def slow_p(labels: list[int], total: int, missing: int) -> Fraction:
    """Every urn in turn, by the words of the paper."""
    unread = total - len(labels)
    if missing > unread:
        return Fraction(0)
    answers = []
    for begin in range(len(labels)):
        urn = labels[begin:]
        answers.append(tail(sum(urn), len(urn) + unread, sum(urn) + missing, len(urn)))
    return min(answers, default=Fraction(1))


def slow_limit(labels: list[int], total: int, confidence: float) -> int:
    """Try every number from nought on."""
    unread = total - len(labels)
    return next(m for m in range(unread + 1) if slow_p(labels, total, m + 1) <= 1 - Fraction(str(confidence)))


@given(st.integers(1, 60), st.data())
def test_tails_are_those_of_counting_draws(size: int, data: Any) -> None:
    relevant, drawn = data.draw(st.integers(0, size)), data.draw(st.integers(1, size))
    if drawn < size:
        found = data.draw(st.integers(-1, drawn))
        expected = float(tail(found, size, relevant, drawn)) if found >= 0 else 0.0
        assert float(chance_of_at_most(found, size, relevant, drawn)) == pytest.approx(expected, rel=1e-10, abs=1e-300)


def test_tails_keep_their_digits_in_sets_of_tens_of_thousands() -> None:
    found, size, relevant, drawn = 3, 28_000, 60, 9_000
    assert float(chance_of_at_most(found, size, relevant, drawn)) == pytest.approx(
        float(tail(found, size, relevant, drawn)), rel=1e-11
    )


@given(LABELS, st.integers(0, 40), TARGETS)
def test_p_is_the_smallest_over_every_urn(labels: list[int], unread: int, target: float) -> None:
    total, missing = len(labels) + unread, least_missing(sum(labels), target)
    assert p_value(labels, total, target) == pytest.approx(float(slow_p(labels, total, missing)), abs=ROUNDING)


@given(LABELS, st.integers(0, 40), TARGETS)
def test_the_path_is_p_after_each_decision(labels: list[int], unread: int, target: float) -> None:
    total = len(labels) + unread
    each = [p_value(labels[: at + 1], total, target) for at in range(len(labels))]
    assert p_path(labels, total, target) == pytest.approx(each, abs=ROUNDING)


def test_the_path_of_a_long_screening_is_p_after_each_decision() -> None:
    rng = np.random.default_rng(5)
    labels = (rng.random(3000) < 0.3 * np.exp(-np.arange(3000) / 300)).astype(int)
    path = p_path(labels, 3400, 0.95)
    for at in rng.integers(1, 3001, 40):
        assert path[at - 1] == pytest.approx(p_value(labels[:at], 3400, 0.95), abs=ROUNDING)


@settings(deadline=None)
@given(LABELS, st.integers(0, 30), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_the_limit_is_the_first_number_that_is_rejected_beyond(
    labels: list[int], unread: int, confidence: float
) -> None:
    total = len(labels) + unread
    assert most_missing(labels, total, confidence) == slow_limit(labels, total, confidence)


@given(LABELS, st.integers(0, 60), TARGETS, st.sampled_from([0.8, 0.95]))
def test_limit_and_test_never_contradict_each_other(
    labels: list[int], unread: int, target: float, confidence: float
) -> None:
    found, total = sum(labels), len(labels) + unread
    upper, p = most_missing(labels, total, confidence), p_value(labels, total, target)
    assert rejected(p, 1 - confidence) == (upper < least_missing(found, target))


def test_a_p_that_is_the_level_itself_is_enough() -> None:
    labels = [1] * 10 + [0] * 940  # 50 of 1,000 are unread: p is 50 / 990 here, and 0.05 after a find at the very start
    assert stop_estimate([1] + [0] * 949, 1000, target=0.9).p == pytest.approx(50 / 999)
    assert stop_estimate([1] + [0] * 950, 1001, target=0.9).p == pytest.approx(0.05)
    assert stop_estimate([1] + [0] * 950, 1001, target=0.9).stop
    assert not stop_estimate(labels[:-1], 1000).stop


@given(LABELS, st.integers(1, 40))
def test_the_limit_grows_with_the_confidence_and_falls_with_an_irrelevant_record(
    labels: list[int], unread: int
) -> None:
    total = len(labels) + unread
    limits = [most_missing(labels, total, confidence) for confidence in (0.5, 0.8, 0.95, 0.99)]
    assert limits == sorted(limits)
    assert most_missing([*labels, 0], total, 0.95) <= limits[2]


@pytest.mark.parametrize("target", [0.8, 0.9, 0.95, 0.99, 0.7])
def test_reaching_the_target_exactly_is_not_missing_it(target: float) -> None:
    # In binary 19 / 0.95 happens to be 20, but other pairs come out a hair off; whole numbers never do.
    per_mille = round(1000 * target)
    for found in range(300):
        missing = least_missing(found, target)
        assert found * 1000 < per_mille * (found + missing)
        assert found * 1000 >= per_mille * (found + missing - 1)
    assert least_missing(19, 0.95) == floor(19 / 0.95) + 1 - 19


@given(LABELS, st.integers(0, 40), TARGETS)
def test_an_estimate_hangs_together(labels: list[int], unread: int, target: float) -> None:
    one = stop_estimate(labels, len(labels) + unread, target=target)
    assert 0 <= one.missing_upper <= unread
    assert one.expected_missing is None or 0 <= one.expected_missing <= one.missing_upper
    if one.stop and unread:
        assert one.found > 0
        assert one.recall_lower is not None and one.recall_lower >= target - 1e-12
    assert one.sentence in one.summary()
    assert set(one.to_dict()) >= {"stop", "p", "found", "screened", "missing_upper"}


@pytest.mark.parametrize(
    ("labels", "total", "sentence"),
    [
        ([], 10, "No record has been read yet. Start reading."),
        (
            [0] * 99,
            100,
            "No relevant study has been found yet, so we cannot say when it is safe to stop. Keep reading.",
        ),
        ([1, 0, 0], 3, "Every record has been read. 1 relevant study was found."),
        ([0, 0], 2, "Every record has been read. No relevant study was found."),
        (
            [1],
            1000,
            "1 relevant study found so far. Too few records have been read to say how many are missing. Keep reading.",
        ),
        (
            [1] * 10 + [0] * 980,
            1000,
            "If you stop now, we are 95% sure that no relevant study is missing. All 10 have been found.",
        ),
        (
            [1] * 40 + [0] * 860,
            1000,
            "If you stop now, we are 95% sure that no more than 1 of about 40 relevant studies is missing.",
        ),
        (
            [1] * 117 + [0] * 600,
            1200,
            "If you stop now, we are 95% sure that no more than 3 of about 118 relevant studies are missing.",
        ),
        (
            [1, 1] + [0] * 100,
            200,
            "Keep reading. You have found 2 relevant studies. If you stop now, as many as 4 more could be missing.",
        ),
    ],
)
def test_the_sentence_says_what_the_numbers_say(labels: list[int], total: int, sentence: str) -> None:
    assert stop_estimate(labels, total).sentence == sentence


def test_nothing_found_is_no_reason_to_stop_however_much_was_read() -> None:
    one = stop_estimate([0] * 199, 200)
    assert not one.stop
    assert one.p is not None and one.p < 0.05  # the test alone would stop here
    assert one.recall_lower is None or one.recall_lower == 0


def test_reading_everything_stops_at_the_end_only() -> None:
    labels = [1] * 40 + [0] * 860
    assert stop_estimate(labels, 1000).stop
    held = stop_estimate(labels, 1000, everything=True)
    assert (held.stop, held.method) == (False, "read everything")
    assert stop_estimate(labels, 900, everything=True).stop


def test_small_sets_and_few_finds_are_cautioned() -> None:
    told = " ".join(stop_estimate([1, 0, 0, 0], 300).cautions)
    assert "1,000" in told
    assert "1 relevant study" in told
    assert stop_estimate([1, 0], 2).cautions == ()


@pytest.mark.parametrize(
    ("labels", "total", "words", "says"),
    [
        ([0, 2], 5, {}, "Label 2 is 2"),
        ([0, 1], 1, {}, "less than the 2 records"),
        ([0, 1], 5, {"target": 1.0}, "target 1 must lie"),
        ([0, 1], 5, {"target": 0.0}, "target 0 must lie"),
        ([0, 1], 5, {"confidence": 1.0}, "confidence 1 must lie"),
        ([[0, 1]], 5, {}, "one list"),
        (["a"], 5, {}, "must be numbers"),
        ([float("nan")], 5, {}, "Label 1 is nan"),
    ],
)
def test_what_is_wrong_is_said(labels: Any, total: int, words: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        stop_estimate(labels, total, **words)


@given(st.integers(0, 20), st.integers(0, 25), st.integers(0, 30))
def test_a_sample_allows_just_the_numbers_it_does_not_contradict(found: int, more: int, rest: int) -> None:
    read = found + more
    told = remaining(Sample(read, found), read + rest)
    allowed = [
        m
        for m in range(rest + 1)
        if read == 0
        or rest == 0
        or (
            tail(found, read + rest, found + m, read) > Fraction(1, 40)
            and (found == 0 or 1 - tail(found - 1, read + rest, found + m, read) > Fraction(1, 40))
        )
    ]
    assert (told.low, told.high) == (min(allowed), max(allowed))


def test_a_sample_of_the_unread_and_a_sample_of_all() -> None:
    # 60 found; of the 600 unread at the time 300 were drawn by lot, and none was relevant.
    one = stop_by_sample(60, 700, 1000, Sample(300, 0))
    assert one.p == pytest.approx(float(tail(0, 600, 4, 300)))
    assert one.missing_upper == next(m for m in range(301) if tail(0, 600, m + 1, 300) <= Fraction(1, 20))
    # 100 drawn from all 1,000 at first held 6; 60 were found in the end: about 0 are left, perhaps many.
    two = stop_by_sample(60, 700, 1000, Sample(100, 6, "all"))
    assert two.expected_missing == pytest.approx(0.0)
    assert not two.stop
    assert two.missing_upper > 20


def test_the_estimate_from_a_random_sample_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    limits = {found: remaining(Sample(150, found), 500) for found in range(41)}
    held = []
    for _ in range(2000):
        truth = np.zeros(500, dtype=int)
        truth[: rng.integers(0, 41)] = 1
        drawn = rng.permutation(truth)
        told = limits[int(drawn[:150].sum())]
        held.append(told.low <= drawn[150:].sum() <= told.high)
    assert np.mean(held) >= 0.945  # exact limits cover at least 95%; three standard errors of 2,000 draws are 0.015


@given(LABELS, st.integers(0, 40), TARGETS)
def test_the_first_stop_is_where_an_estimate_first_says_so(labels: list[int], unread: int, target: float) -> None:
    total = len(labels) + unread + 1
    each = [stop_estimate(labels[: at + 1], total, target=target).stop for at in range(len(labels))]
    assert stops_after(labels, total, target=target) == (each.index(True) + 1 if any(each) else None)


@given(LABELS, st.integers(1, 6))
def test_the_warning_example_counts_runs(labels: list[int], run: int) -> None:
    text = "".join(map(str, labels))
    at = text.find("0" * run)
    assert consecutive_irrelevant_example(labels, run) == (None if at < 0 else at + run)


def test_the_safe_procedure_says_what_is_still_to_do() -> None:
    labels = [1] + [0] * 19 + [1] * 30 + [0] * 150 + [0] * 60
    met = {"sample": 20, "switched_after": 200, "key_papers": (4, 4), "reread": 50}
    done = safe_checklist(labels, 1000, **met)  # type: ignore[arg-type]
    assert done.done and done.phase is None
    assert done.estimated_relevant == pytest.approx(50)
    early = safe_checklist(labels[:200], 1000, sample=20, key_papers=(3, 4))
    assert early.phase == "apply"
    assert early.missing[0].name == "find every key paper"
    unknown = safe_checklist([0] * 50, 1000, sample=10)
    assert unknown.phase == "screen"
    assert [one.holds for one in unknown.conditions].count(None) == 2  # no key papers named, no estimate
    assert all(one.source for one in unknown.conditions)


def test_the_safe_procedure_asks_for_all_it_says_it_asks_for() -> None:
    labels = [1] + [0] * 19 + [1] * 30 + [0] * 150 + [0] * 60
    met: dict[str, Any] = {"sample": 20, "switched_after": 200, "key_papers": (4, 4), "reread": 50}
    for change in ({"key_papers": (3, 4)}, {"key_papers": None}, {"reread": 49}, {"reread": None}, {"sample": 9}):
        assert not safe_checklist(labels, 1000, **(met | change)).done
    assert not safe_checklist(labels[:-11], 1000, **met).done  # 49 in a row with the second model
    assert not safe_checklist(labels, 1000, **(met | {"switched_after": 99})).done  # 49 in a row, and a tenth not read
    with pytest.raises(InputError, match="sample comes first"):
        safe_checklist(labels, 1000, sample=300)
