"""Which conclusions hold: each way in which one could fall is said, with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.errors import InputError
from whatworks.synthesise.methods.multiverse import Sensitivity, multiverse, sensitivity
from whatworks.synthesise.methods.pooling import pool

FIRM = {"yi": [0.42, 0.50, 0.47, 0.55, 0.44, 0.51], "vi": [0.010, 0.012, 0.011, 0.015, 0.013, 0.010]}
NAMES = ["a", "b", "c", "d", "e", "f"]
SHAKY = {"yi": [0.05, 0.10, 0.02, 0.90, 0.12, -0.05], "vi": [0.02, 0.03, 0.02, 0.02, 0.03, 0.02]}


def answer(found: Sensitivity, question: str) -> Any:
    return next(one for one in found.conclusions if question in one.question)


def test_a_firm_conclusion_holds_in_every_respect() -> None:
    found = sensitivity(**FIRM, names=NAMES, without={"high risk": [1, 0, 0, 0, 0, 1]})
    assert found.state == "higher"
    assert found.holds
    assert [one.question for one in found.conclusions] == [
        "without any one study", "no study moves the estimate unusually far", "whatever is chosen for 'high risk'",
        "whatever is chosen for 'tau2'", "whatever is chosen for 'interval'", "all choices at once",
    ]  # fmt: skip
    assert "stands in 6 of 6 respects" in found.summary()
    assert found.pooled.estimate == pytest.approx(pool(**FIRM).estimate)
    assert found.multiverse.declared.estimate == pytest.approx(found.pooled.estimate, rel=1e-8)


def test_what_hangs_on_one_study_says_on_which() -> None:
    found = sensitivity(**SHAKY, names=NAMES, model="common")
    assert found.state == "higher"
    assert not found.holds
    assert answer(found, "any one study").reason == "It hangs on d."
    assert answer(found, "unusually far").reason == "c, d, f would move the estimate unusually far."
    assert not answer(found, "'tau2'").holds
    assert "Does not hold: without any one study: It hangs on d." in found.summary()


def test_a_choice_that_changes_the_conclusion_is_named() -> None:
    doubled = {"ICC": {"0.2": lambda y, v: (y, 90 * v)}}
    found = sensitivity(**FIRM, names=NAMES, data=doubled)
    assert answer(found, "'ICC'").reason.startswith("It changes with 0.2 (")
    assert not answer(found, "all choices").holds


def test_a_band_makes_no_worthwhile_effect_a_conclusion() -> None:
    small = {"yi": [0.01, 0.02, 0.015, 0.005], "vi": [0.0004] * 4}
    found = sensitivity(**small, band=(-0.1, 0.1, "panel of 2024"))
    assert found.state == "no worthwhile effect"
    assert answer(found, "any one study").holds


def test_effects_of_one_study_leave_together() -> None:
    found = sensitivity(**FIRM, names=["a", "a", *NAMES[2:]])
    assert found.leave_one_out.label == ("a", "c", "d", "e", "f")
    assert any("several effects" in one for one in found.warnings)


def test_it_tells_itself() -> None:
    found = sensitivity(**SHAKY, names=NAMES)
    told = found.to_dict()
    assert told["leave_one_out"][0]["omitted"] == "a"
    assert {"rstudent", "dffits", "cook_d", "cov_r", "hat"} <= set(told["influence"][0])
    assert told["multiverse"]["verdict"] == found.multiverse.verdict
    report = found.report()
    assert "Viechtbauer and Cheung (2010)" in report
    assert "Steegen" in report
    assert "significan" not in report
    assert found.chart().title == "Specification curve"
    assert found.r_script().count("library(metafor)") == 4
    again = sensitivity(**found.recipe.arguments)
    assert again.conclusions == found.conclusions


def test_a_table_gives_columns() -> None:
    table = {"yi": FIRM["yi"], "vi": FIRM["vi"], "trial": NAMES, "risk": [1, 0, 0, 0, 0, 1]}
    found = sensitivity(table, names="trial", without={"high risk": "risk"})
    assert found.multiverse.n == multiverse(**FIRM, names=NAMES, without={"high risk": table["risk"]}).n
    assert found.given["without"] == {"high risk": table["risk"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"yi": [1, 2], "vi": [1, 1], "names": None}, "2 effects leave no room"),
        ({"names": ["a"] * 6}, "All effects are of one study"),
        ({"interval": "boot"}, "The interval 'boot' is not known"),
        ({"tau2": "XX"}, "tau2 'XX' is not known"),
    ],
)
def test_what_it_refuses(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        sensitivity(**{**FIRM, "names": NAMES, **change})
