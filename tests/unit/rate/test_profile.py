"""EMMIE: five dimensions for themselves, each from the review that is best on it, and absence shown."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.errors import InputError
from whatworks.rate import evaluate, load_scheme
from whatworks.rate.methods.profile import DIMENSIONS, NOTHING, Profile, Review, emmie

SCHEMES = {name: load_scheme(f"emmie-{name}", 1) for name in DIMENSIONS}
A_REVIEW = {"studies_in_review": 6, "methods_explicit": True, "search_stated": True, "outcome_measured": True}
FOUR = ("search_open", "statistics_sound", "bias_judged", "like_with_like")


def review(key: str, year: int, judged: dict[str, Any] | None = None, **answers: Any) -> Review:
    """A review coded on some dimensions, which says its own key on each."""
    coded = judged or {}
    return Review(key, year, {**A_REVIEW, **answers}, coded, dict.fromkeys(coded, f"{key} says so."))


def of(profile: Profile, name: str) -> Any:
    return profile.dimensions[DIMENSIONS.index(name)]


@pytest.mark.parametrize("met", range(5))
def test_the_effect_dimension_counts_what_was_met(met: int) -> None:
    """0 none, 4 all."""
    answers = {**A_REVIEW, **{name: n < met for n, name in enumerate(FOUR)}}
    assert SCHEMES["effect"].ladder.index(evaluate(SCHEMES["effect"], answers).level or "") == met


@pytest.mark.parametrize("name", [name for name in DIMENSIONS if name != "effect"])
def test_the_other_dimensions_have_five_points(name: str) -> None:
    """Each choice is one point, in order from nothing."""
    scheme = SCHEMES[name]
    points = [evaluate(scheme, {**A_REVIEW, name: choice}).level for choice in scheme.inputs[name].choices]
    assert tuple(points) == scheme.ladder
    assert [scheme.levels[key].word[0] for key in scheme.ladder] == list("01234")


@pytest.mark.parametrize(
    "wrong",
    [{"studies_in_review": 1}, {"methods_explicit": False}, {"search_stated": False}, {"outcome_measured": False}],
)
def test_what_is_no_systematic_review_is_not_rated(wrong: dict[str, Any]) -> None:
    """A single study, or a review that hides its search, must not get points as a review, nor a zero."""
    for name, scheme in SCHEMES.items():
        judged = dict.fromkeys(FOUR, True) if name == "effect" else {name: list(scheme.inputs[name].choices)[-1]}
        assert evaluate(scheme, {**A_REVIEW, **judged, **wrong}).level == "not-rated"


def test_each_dimension_comes_from_the_review_best_on_it() -> None:
    """An older review may say more about how it works than the newest one."""
    old = review("old", 2001, {"mechanism": {"mechanism": "tested"}, "economics": {"economics": "direct"}})
    new = review("new", 2020, {"mechanism": {"mechanism": "general"}, "economics": {"economics": "bearers"}})
    profile = emmie(SCHEMES, [new, old])
    assert [of(profile, name).review for name in ("mechanism", "economics")] == ["old", "new"]
    assert of(profile, "mechanism").says == "old says so."


def test_among_equals_the_newest_and_then_the_first_by_key() -> None:
    """Whatever order reviews are listed in, the profile is the same; others as good are named."""
    three = [
        review(key, year, {"moderator": {"moderator": "grounded"}}) for key, year in (("b", 9), ("c", 9), ("a", 5))
    ]
    for order in (three, three[::-1]):
        found = of(emmie(SCHEMES, order), "moderator")
        assert (found.review, found.equals) == ("b", ("c",))


def test_a_review_that_may_not_be_rated_loses_to_one_that_may() -> None:
    """Not rated is not better than nought."""
    single = review("single", 2024, {"mechanism": {"mechanism": "tested"}}, studies_in_review=1)
    poor = review("poor", 1999, {"mechanism": {"mechanism": "none"}})
    assert of(emmie(SCHEMES, [single, poor]), "mechanism").review == "poor"


def test_absence_is_shown() -> None:
    """All five are there even where nobody says anything, and what was said without being coded says so."""
    empty = emmie(SCHEMES, [])
    assert [(one.name, one.says, one.outcome) for one in empty.dimensions] == [(n, NOTHING, None) for n in DIMENSIONS]
    spoken = emmie(SCHEMES, [Review("r", 2020, A_REVIEW, {}, {"economics": "It cost a lot."})])
    assert (of(spoken, "economics").says, of(spoken, "economics").review) == ("It cost a lot.", "r")
    assert "Economics: It cost a lot. Quality: not coded." in spoken.summary()


def test_there_is_no_total() -> None:
    """A sum of five dimensions would rank reviews by what cannot be added."""
    profile = emmie(SCHEMES, [review("r", 2020, {"mechanism": {"mechanism": "full"}})])
    assert set(profile.to_dict()) == {"dimensions"}
    assert [one["name"] for one in profile.to_dict()["dimensions"]] == list(DIMENSIONS)
    with pytest.raises(TypeError):
        sorted([profile, emmie(SCHEMES, [])])  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("schemes", "reviews", "says"),
    [
        ({"effect": SCHEMES["effect"]}, [], "one scheme for each of effect, mechanism"),
        (SCHEMES, [review("r", 1), review("r", 2)], "Two reviews are called 'r'"),
        (SCHEMES, [review("r", 1, {"cost": {}})], "'cost' of review r is no dimension"),
    ],
)
def test_what_cannot_be_is_refused(schemes: Any, reviews: list[Review], says: str) -> None:
    """A misspelt dimension would be silently left out of the profile."""
    with pytest.raises(InputError, match=says):
        emmie(schemes, reviews)
