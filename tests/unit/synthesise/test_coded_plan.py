"""A plan names coded items by keys that last; what they were called is said where it is known, and kept with results."""

from __future__ import annotations

from typing import Any

import pytest

import whatworks as ww
from whatworks.errors import InputError
from whatworks.synthesise.methods.coded import CodedItem, coded_item, parts_of
from whatworks.synthesise.methods.differing import differing
from whatworks.synthesise.methods.otherwise import otherwise
from whatworks.synthesise.methods.plan import changes, plan_of, worded

METRICS = {"SMD": None}
WHOM = CodedItem("coded:f/whom", "A frame", "Who did it?", values=(("staff", "Social workers"), ("peers", "Parents")))
SESSIONS = CodedItem("coded:f/sessions", "A frame", "Sessions", number=True, unit="sessions")
KNOWN = {one.key: one for one in (WHOM, SESSIONS)}
BASE = {"question": "Does it help?", "metric": "SMD"}
DEPENDENT: dict[str, Any] = {"model": "multilevel", "tau2": "REML", "metric": "SMD", "rho": 0.6}
ALONE: dict[str, Any] = {"model": "random", "tau2": "REML", "interval": "hksj", "metric": "SMD"}


def rows(several: bool = False) -> list[dict[str, Any]]:
    told = zip(
        (0.1, 0.2, 0.5, 0.4, 0.3, 0.6, 0.2, 0.7),
        (0.02, 0.03, 0.02, 0.04, 0.05, 0.03, 0.02, 0.04),
        ("staff", "staff", "peers", "peers", "staff", "peers", "staff", None),
        (4, 8, 12, 6, None, 10, 5, 9),
        strict=True,
    )
    return [
        {"yi": y, "vi": v, WHOM.key: who, SESSIONS.key: count}
        | dict.fromkeys(("study", "study_id"), f"S{place // 2 if several and place < 4 else place}")
        for place, (y, v, who, count) in enumerate(told)
    ]


@pytest.mark.parametrize("key", ["coded:f", "coded:/x", "coded:f/x/y", "coded:F/x", "coded:f/x ", "country", "coded"])
def test_what_is_no_key_of_a_coded_item(key: str) -> None:
    assert parts_of(key) is None


def test_a_plan_takes_a_coded_item_that_is_known_and_no_other() -> None:
    assert plan_of(BASE | {"moderators": [WHOM.key, "months"]}, METRICS, KNOWN).moderators == (WHOM.key, "months")
    with pytest.raises(InputError, match="coded by 'coded:f/other'"):
        plan_of(BASE | {"moderators": ["coded:f/other"]}, METRICS, KNOWN)
    with pytest.raises(InputError, match="is not known"):
        plan_of(BASE | {"moderators": ["coded:f"]}, METRICS, KNOWN)


def test_a_plan_that_was_kept_is_read_when_its_frame_is_gone() -> None:
    kept = plan_of(BASE | {"moderators": [WHOM.key]}, METRICS)
    assert worded("moderators", kept.moderators) == "“whom” (f)"
    assert worded("moderators", kept.moderators, KNOWN) == "“Who did it?” (A frame)"
    (moved,) = changes(kept, plan_of(BASE, METRICS), KNOWN)
    assert (moved["from"], moved["to"]) == ("“Who did it?” (A frame)", "not set")


def test_an_item_comes_back_as_it_was_kept() -> None:
    assert [coded_item(one.to_dict()) for one in (WHOM, SESSIONS)] == [WHOM, SESSIONS]


def test_groups_have_the_words_of_the_item_and_leave_out_what_is_not_known() -> None:
    found = differing(rows(), WHOM.key, ALONE, WHOM)
    known = [row for row in rows() if row[WHOM.key]]
    told = ww.subgroups(*([row[name] for row in known] for name in ("yi", "vi")), [row[WHOM.key] for row in known])
    assert [row["what"] for row in found["rows"]] == ["Parents", "Social workers"]
    assert [row["estimate"] for row in found["rows"]] == [one.estimate for one in told.groups]
    assert "1 result left out" in found["said"] and "Fewer than 4 studies in Parents (3)" in found["said"]


def test_a_slope_through_few_studies_is_cautioned() -> None:
    found = differing(rows(), SESSIONS.key, ALONE, SESSIONS)
    assert found["rows"][0]["what"] == "for each 1 more in “Sessions” (A frame), in sessions"
    assert "Only 7 studies say so, fewer than 10" in found["said"]


@pytest.mark.parametrize(
    ("item", "value", "why"),
    [(WHOM, "staff", "all results are of one kind: Social workers"), (SESSIONS, 4, "have one value: 4 sessions")],
)
def test_one_value_everywhere_is_no_difference_to_look_for(item: CodedItem, value: Any, why: str) -> None:
    found = differing([row | {item.key: value} for row in rows()], item.key, ALONE, item)
    assert why in found["rows"][0]["why_not"]


def test_several_results_of_a_study_are_compared_with_their_dependence() -> None:
    """As independent results they would make a difference look surer than it is."""
    known = [row for row in rows(several=True) if row[SESSIONS.key] is not None]
    found = differing(known, SESSIONS.key, DEPENDENT, SESSIONS)
    columns = ([row[name] for row in known] for name in ("yi", "vi", "study"))
    slope = ww.che(*columns, x=[[float(row[SESSIONS.key])] for row in known], rho=0.6, rhos=()).coefficients[1]
    assert (found["rows"][0]["estimate"], found["rows"][0]["ci_low"]) == (slope.estimate, slope.ci_low)
    assert f"p = {slope.p:.3g}" in found["said"]


def test_groups_of_dependent_results_are_told_apart_by_one_test_of_all() -> None:
    """The test of two groups is the test of the one coefficient between them."""
    known = [row for row in rows(several=True) if row[WHOM.key]]
    found = differing(known, WHOM.key, DEPENDENT, WHOM)
    columns = [[row[name] for row in known] for name in ("yi", "vi", "study")]
    between = ww.che(*columns, x=[[float(row[WHOM.key] == "staff")] for row in known], rho=0.6, rhos=()).coefficients
    parents, staff = found["rows"]
    assert staff["estimate"] - parents["estimate"] == pytest.approx(between[1].estimate, rel=1e-6)
    assert f"p = {between[1].p:.3g}" in found["said"]


def test_a_stored_comparison_is_made_again_from_what_was_kept() -> None:
    """By the words of the time, not by those that the frame has now."""
    asked = {"key": f"by:{WHOM.key}", "item": WHOM.to_dict()}
    (found,) = otherwise(rows(), ALONE, [asked])
    assert found == differing(rows(), WHOM.key, ALONE, WHOM) and "Social workers" in str(found["rows"])
    (bare,) = otherwise(rows(), ALONE, [f"by:{WHOM.key}"])
    assert {row["what"] for row in bare["rows"]} == {"staff", "peers"}
    (bare,) = otherwise(rows(), ALONE, [f"by:{SESSIONS.key}"])
    assert bare["rows"][0]["what"] == "for each 1 more in “sessions” (f)"
