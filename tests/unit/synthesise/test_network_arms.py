"""Arms become contrasts by the house's formulas, and those of a multi-arm study agree with each other."""

from __future__ import annotations

from math import exp, lgamma
from typing import Any

import pytest

from whatworks.errors import InputError
from whatworks.extract.methods.effects import measure
from whatworks.synthesise.methods.network import network
from whatworks.synthesise.methods.pooling import pool

TWO = {"study": ["1", "1", "2", "2", "3", "3"], "treatment": ["b", "a"] * 3}
COUNTS = {"xi": [3, 6, 4, 8, 0, 5], "ni": [50, 52, 40, 44, 30, 31]}
MEANS = {"mi": [3.0, 2.0, 4.0, 3.5, 1.0, 1.2], "sdi": [1.0, 1.2, 2.0, 1.8, 0.9, 1.1], "ni": [20, 22, 31, 30, 12, 15]}
TIMES = {"xi": [3, 6, 4, 8, 1, 5], "ti": [50.0, 52.0, 40.0, 44.0, 30.0, 31.0]}


def table(code: str, arms: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The same arms as the two groups of a study."""
    letters = {"xi": ("ai", "ci"), "ni": ("n1i", "n2i")} if code in ("OR", "RR", "RD", "AS") else {}
    named = {name: letters.get(name, (name.replace("i", "1i"), name.replace("i", "2i"))) for name in arms}
    return {named[name][group]: arms[name][group::2] for name in arms for group in (0, 1)}


@pytest.mark.parametrize(
    ("code", "arms"),
    [(code, COUNTS) for code in ("OR", "RR", "RD", "AS")]
    + [(code, MEANS) for code in ("MD", "SMD", "ROM")]
    + [(code, TIMES) for code in ("IRR", "IRD")],
)
def test_two_treatments_are_the_pool_of_their_effects(code: str, arms: dict[str, list[Any]]) -> None:
    """An empty cell included: the half goes to all four cells of that study, as in `effect`."""
    effects = measure(code, table(code, arms))
    plain = pool(effects.yi, effects.vi)
    net = network(**TWO, measure=code, arms=arms)
    assert net.compare("b", "a").estimate == pytest.approx(plain.estimate, rel=1e-7)
    assert net.compare("b", "a").se == pytest.approx(plain.se, rel=1e-7)
    assert net.tau2 == pytest.approx(plain.tau2, rel=1e-6, abs=1e-9)


def test_standardised_differences_of_three_arms_do_not_contradict_each_other() -> None:
    """Pair by pair the spread would differ, and the loop would not close."""
    net = network(
        ["1"] * 3, treatment=["a", "b", "c"], measure="SMD",
        arms={"mi": [1.0, 2.0, 4.0], "sdi": [1.0, 2.0, 1.5], "ni": [20, 30, 25]},
    )  # fmt: skip
    ab, bc, ac = (net.compare(*pair).estimate for pair in (("a", "b"), ("b", "c"), ("a", "c")))
    assert ab + bc == pytest.approx(ac, rel=1e-12)
    spread = ((19 * 1 + 29 * 4 + 24 * 2.25) / 72) ** 0.5
    factor = exp(lgamma(36) - lgamma(35.5)) / 6  # 75 people in three arms: 72 degrees of freedom
    assert ac == pytest.approx(-3 / spread * factor, rel=1e-11)
    g = net.compare("a", "c").estimate
    assert net.compare("a", "c").se ** 2 == pytest.approx(1 / 20 + 1 / 25 + g * g / 150, rel=1e-9)


def test_a_half_is_added_to_all_arms_of_a_study() -> None:
    """Added to some, the effects of the study would contradict each other."""
    net = network(["1"] * 3, treatment=["a", "b", "c"], measure="RR", arms={"xi": [0, 4, 6], "ni": [20, 20, 20]})
    assert net.compare("b", "c").estimate == pytest.approx(-0.367724780125317)  # log(4.5 / 6.5)


def test_studies_without_events_are_left_out_and_named() -> None:
    given = {"xi": [0, 0, 3, 6, 2, 5], "ni": [10, 12, 50, 52, 40, 41]}
    net = network(**TWO, measure="OR", arms=given)
    assert net.k == 2
    assert any("to nobody, or to everybody, in them: 1." in one for one in net.warnings)
    assert network(**TWO, measure="OR", arms=given, keep_empty=True).k == 3
    lost = network([*"1122"], treatment=[*"acab"], measure="OR", arms={"xi": [0, 0, 3, 6], "ni": [9] * 4})
    assert "No study is left of: c." in lost.warnings
    assert network(**TWO, measure="RD", arms=given).k == 3  # a difference of risks can be 0


def test_a_study_with_one_arm_is_left_out_and_named() -> None:
    net = network(
        ["1", "1", "2"], treatment=["a", "b", "a"], measure="MD", arms={"mi": [1, 2, 3], "sdi": [1] * 3, "ni": [9] * 3}
    )
    assert net.k == 1
    assert any("only one treatment of theirs is here: 2." in one for one in net.warnings)


def test_people_are_counted_without_the_added_halves() -> None:
    ranks = network(**TWO, measure="OR", arms=COUNTS).ranks
    assert {rank.treatment: rank.people for rank in ranks} == {"b": 120, "a": 127}
    assert {rank.people for rank in network(**TWO, measure="IRR", arms=TIMES).ranks} == {None}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measure": "PETO"}, "needs a measure among OR, RR"),
        ({"measure": None}, "needs a measure among OR, RR"),
        ({"zero": "some"}, "zero must be only0, all or none"),
        ({"arms": {"xi": COUNTS["xi"]}}, "ni is absent"),
        ({"arms": COUNTS | {"xi": [1, None, 1, 1, 1, 1]}}, "xi in row 2 is missing"),
        ({"arms": COUNTS | {"xi": ["a"] * 6}}, "The column xi must hold numbers"),
        ({"arms": COUNTS | {"xi": [51, 1, 1, 1, 1, 1]}}, "xi in row 1 is above ni"),
        ({"arms": COUNTS | {"ni": [0, 9, 9, 9, 9, 9]}}, "ni in row 1 is 0"),
        ({"arms": COUNTS | {"ni": [9]}}, "must be equally long"),
        ({"treatment": ["a"] * 6}, "Study 1 has two arms called a"),
        ({"study": ["", *TWO["study"][1:]]}, "Row 1 has no study or no treatment"),
        ({"study": list("123456")}, "No study compares two treatments"),
        ({"zero": "none"}, "In study 3 no OR of b and a can be computed"),
        ({"measure": "MD", "arms": MEANS | {"sdi": [0.0] * 6}}, "In study 1 no MD"),
        ({"measure": "SMD", "arms": MEANS | {"sdi": [0.0] * 6}}, "Study 1 has too few people or no spread"),
    ],
)
def test_what_arms_are_refused(change: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = TWO | {"measure": "OR", "arms": COUNTS}
    with pytest.raises(InputError, match=words):
        network(**given | change)
