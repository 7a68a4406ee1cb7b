"""Fidelity from counts, by thresholds that were fixed beforehand."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.implement.methods.delivering import EVERY, SCORE, Component, Done, Rule, check_plan, delivered, together

MEET = Component("meet", "Meets the family", "meetings", 0.8)
PLAN = Component("plan", "Family writes its plan", "plans", 0.9)
EXTRA = Component("extra", "Goes along to school", "visits", 0.5, essential=False, weight=2.0)
ALL = (MEET, PLAN, EXTRA)


def counts(meet: tuple[int, int], plan: tuple[int, int], extra: tuple[int, int]) -> dict[str, Done]:
    return {"meet": Done(*meet), "plan": Done(*plan), "extra": Done(*extra)}


def test_every_essential_component_must_reach_its_threshold() -> None:
    good = delivered(ALL, Rule(EVERY), counts((10, 8), (10, 9), (4, 0)), 10)
    assert good.complied is True and good.fell_short == ("extra",)
    assert good.score == pytest.approx((0.8 + 0.9 + 0) / 4)
    bad = delivered(ALL, Rule(EVERY), counts((10, 7), (10, 10), (4, 4)), 10)
    assert bad.complied is False and bad.fell_short == ("meet",)


def test_by_the_score_the_weights_count() -> None:
    rule = Rule(SCORE, threshold=0.75)
    assert delivered(ALL, rule, counts((10, 10), (10, 10), (4, 2)), 0).complied is True
    assert delivered(ALL, rule, counts((10, 10), (10, 9), (4, 2)), 0).complied is False


def test_what_was_never_due_is_not_known_rather_than_nought() -> None:
    found = delivered(ALL, Rule(EVERY), counts((10, 9), (0, 0), (4, 4)), 3)
    assert found.shares["plan"] is None and found.complied is None
    assert delivered(ALL, Rule(SCORE), counts((0, 0), (0, 0), (0, 0)), 3).score is None
    assert delivered(ALL, Rule(EVERY), counts((10, 2), (0, 0), (4, 4)), 3).complied is False  # one short is enough


def test_too_small_a_dose_does_not_comply_whatever_was_done() -> None:
    assert delivered(ALL, Rule(EVERY, least_dose=4), counts((9, 9), (9, 9), (9, 9)), 3).complied is False


def test_forms_of_one_period_are_added_up() -> None:
    assert together([counts((1, 1), (2, 1), (0, 0)), counts((3, 2), (0, 0), (1, 0))]) == counts((4, 3), (2, 1), (1, 0))


@pytest.mark.parametrize(
    ("given", "dose", "said"),
    [
        (counts((1, 2), (1, 1), (1, 1)), 1, "done 2 times of 1 due"),
        (counts((1, -1), (1, 1), (1, 1)), 1, "cannot be more"),
        ({"meet": Done(1, 1)}, 1, "how often it was due"),
        (counts((1, 1), (1, 1), (1, 1)) | {"tea": Done(1, 1)}, 1, "no component “tea”"),
        (counts((1, 1), (1, 1), (1, 1)), -1, "below 0"),
    ],
)
def test_a_form_that_cannot_be_is_refused(given: dict[str, Done], dose: int, said: str) -> None:
    with pytest.raises(InputError, match=said):
        delivered(ALL, Rule(), given, dose)


def test_a_plan_says_what_is_wrong_with_it() -> None:
    assert check_plan(ALL, Rule()) == []
    assert "at least one core component" in check_plan([], Rule(SCORE))[0]
    assert "same name" in check_plan([MEET, MEET], Rule())[0]
    assert "threshold" in check_plan([Component("a", "A", "", 1.2)], Rule())[0]
    assert "No component is essential" in check_plan([EXTRA], Rule())[0]
    assert "“every” or “score”" in check_plan([MEET], Rule("some"))[0]
