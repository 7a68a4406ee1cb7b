"""The sums behind the lessons, by hand and by what is published; and the lessons themselves: short, plain, and each with its parts."""

from __future__ import annotations

import doctest
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from whatworks.learn.explaining import FOUND, Explainer, explainers
from whatworks.learn.explaining_trying import TRIES
from whatworks.learn.methods import explaining as sums
from whatworks.publish.methods.readability import by_vowels, ease
from whatworks.web.glossary import terms

LESSONS = pytest.mark.parametrize("lesson", explainers(), ids=lambda one: one.slug)
TRIED = pytest.mark.parametrize("name", sorted(TRIES))


def test_the_examples_in_the_docstrings_hold() -> None:
    """Half of 40 is 20, half of 2 is 1: a ratio that was taken for its logarithm made 66 of it."""
    found = doctest.testmod(sums)
    assert found.attempted >= 3 and not found.failed


def test_ranges_hold_the_truth_about_95_times_in_100() -> None:
    """What the lesson says. Of 4,000 studies the share that hold it has a standard error of 0.3 of 100."""
    found = sums.studies(default_rng(1), 200, 0.3, 4000)
    assert 0.935 < sum(one.holds for one in found) / len(found) < 0.965


def test_luck_swings_as_far_as_the_formula_says() -> None:
    """The spread of differences of two shares: 100 times the root of 2 p q / n."""
    found = sums.by_luck(default_rng(2), 50, 0.3, 4000)
    assert abs(sum(found) / len(found)) < 0.6
    assert sqrt(sum(one * one for one in found) / len(found)) == pytest.approx(100 * sqrt(2 * 0.21 / 50), rel=0.05)


@given(st.integers(0, 10_000), st.sampled_from([20, 60, 200]))
def test_a_lot_leaves_nobody_out_and_nobody_twice(draw: int, n: int) -> None:
    everybody = sums.families(n)
    first, second = sums.split(default_rng(draw), everybody)
    assert len(first) == len(second) == n // 2
    assert sorted(one.number for one in (*first, *second)) == [one.number for one in everybody]


def test_the_same_draw_is_the_same_for_whoever_opens_its_address() -> None:
    one, other = (sums.split(default_rng(7), sums.families(20)) for _ in range(2))
    assert one == other
    assert one != sums.split(default_rng(8), sums.families(20))


def test_of_ten_families_four_have_a_parent_alone_and_three_were_known() -> None:
    held = sums.families(200)
    assert sum(one.alone for one in held) == 80 and sum(one.known for one in held) == 60


def test_three_studies_together_by_hand() -> None:
    """12, 2 and 9 with standard errors 8, 3 and 6: weights 1/64, 1/9, 1/36; their mean is 4.27, its error 2.544."""
    found = sums.together([(12.0, 8.0), (2.0, 3.0), (9.0, 6.0)])
    assert found.estimate == pytest.approx(4.2697, abs=1e-4)
    assert found.low == pytest.approx(4.2697 - 4.9862, abs=1e-3)
    assert found.high == pytest.approx(4.2697 + 4.9862, abs=1e-3)
    assert sums.weights([(12.0, 8.0), (2.0, 3.0), (9.0, 6.0)]) == (10, 72, 18)


def test_the_next_place_by_hand() -> None:
    """Six studies leave four degrees of freedom, t = 2.7764; the root of 2 squared and 6 squared is 6.3246."""
    found = sums.next_place(-7, 2, 6, 6)
    assert found.low == pytest.approx(-7 - 17.560, abs=1e-3)
    assert found.high == pytest.approx(-7 + 17.560, abs=1e-3)


def test_no_difference_in_two_groups_of_100() -> None:
    """1.96 times the root of 2 times 0.3 times 0.7 by 100 is 12.70 of 100."""
    found = sums.nothing_seen(100, 0.3)
    assert found.low == pytest.approx(-12.70, abs=0.01)
    assert found.high == pytest.approx(12.70, abs=0.01)


def test_twenty_groups_find_something_in_64_of_100() -> None:
    """The number that is told everywhere: one less 0.95 to the power of 20."""
    assert round(100 * sums.false_find(20)) == 64 and round(100 * sums.false_find(10)) == 40


@LESSONS
def test_a_lesson_is_short_and_plain(lesson: Explainer) -> None:
    """A lesson that needs a reader of 18 teaches those who know already."""
    text = "\n\n".join(lesson.text)
    told = ease(text, by_vowels)
    assert len(text.split()) <= 250
    assert told.age is not None and told.age <= 14 and told.longest <= 30


@LESSONS
def test_a_lesson_has_all_its_parts(lesson: Explainer) -> None:
    assert lesson.title.endswith("?") and lesson.line
    assert lesson.example in FOUND and lesson.try_it in TRIES
    assert len(lesson.checks) == 2 and all(one["ask"].endswith("?") or "?" in one["ask"] for one in lesson.checks)
    assert set(lesson.words) <= {one["term"] for one in terms()}


def test_each_lesson_is_told_once() -> None:
    held = explainers()
    assert [one.order for one in held] == list(range(1, len(held) + 1))
    assert len({one.slug for one in held}) == len({one.title for one in held}) == len(held)
    words = [word for one in held for word in one.words]
    assert len(words) == len(set(words)), "a word of the glossary leads to one lesson"


@TRIED
def test_what_an_address_says_is_taken_only_where_it_is_on_the_list(name: str) -> None:
    """Anybody can write an address; none may break a page or make it work for a minute."""
    usual = TRIES[name]({})
    assert usual.says and (usual.dots or usual.table or usual.groups or usual.levels)
    wrong = dict.fromkeys([one.name for one in usual.choices], "999999999") | {"draw": "٣"}
    assert TRIES[name](wrong) == usual


@TRIED
def test_every_choice_gives_an_answer(name: str) -> None:
    for choice in TRIES[name]({}).choices:
        for value, _words in choice.options:
            found = TRIES[name]({choice.name: value, "draw": "42"})
            assert found.says and next(one for one in found.choices if one.name == choice.name).value == value


def test_after_the_last_draw_comes_the_first() -> None:
    assert TRIES["chance"]({"draw": "99"}).again == 1 and TRIES["chance"]({"draw": "98"}).again == 99
