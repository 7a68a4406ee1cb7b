"""The multiverse beside `pool`, one specification at a time; its exclusions, its rule, its words."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.multiverse import Multiverse, multiverse
from whatworks.synthesise.methods.multiverse.deciding import moved, verdict
from whatworks.synthesise.methods.multiverse.words import _percent
from whatworks.synthesise.methods.pooling import pool

YI = [0.10, 0.35, 0.52, -0.08, 0.41, 0.77]
VI = [0.020, 0.045, 0.060, 0.015, 0.052, 0.110]
NAMES = ["a", "b", "c", "d", "e", "f"]
RISKY = [False, True, False, False, False, True]
DESIGN = [0, 0, 1, 0, 1, 0]


def wider(y: Any, v: Any) -> tuple[Any, Any]:
    return y, 2 * v


def made(**choice: Any) -> Multiverse:
    whole: dict[str, Any] = {
        "without": {"high risk": RISKY, "not randomised": DESIGN},
        "data": {"ICC": {"0.05": wider}},
    }
    return multiverse(YI, VI, names=NAMES, **whole | choice)


def one_by_one(row: Mapping[str, str]) -> Any:
    """The specification by `pool`, from its choices in words."""
    y, v = np.array(YI), np.array(VI)
    if row["ICC"] == "0.05":
        v = 2 * v
    out = np.array([name == row["study left out"] for name in NAMES])
    out |= np.array(RISKY) & (row["high risk"] == "left out")
    out |= np.array(DESIGN, dtype=bool) & (row["not randomised"] == "left out")
    common = row["tau2"] == "common effect"
    choice: dict[str, Any] = {"model": "common"} if common else {"tau2": row["tau2"]}
    return pool(y[~out], v[~out], interval=row["interval"], safe=False, **choice)


def test_every_specification_is_a_pool() -> None:
    """Batched evaluation must give what each analysis gives alone."""
    found = made(interval=("wald", "t", "hksj", "hksj-adhoc"), tau2=("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE"))
    dimensions = [part.name for part in found.dimensions]
    assert dimensions == ["ICC", "high risk", "not randomised", "study left out", "tau2", "interval"]
    assert found.n == len(found.specifications) > 1000
    for row in found.specifications[::7]:
        want = one_by_one(dict(zip(dimensions, row.choices, strict=True)))
        assert row.k == want.k
        assert [row.estimate, row.se, row.ci_low, row.ci_high, row.tau2] == pytest.approx(
            [want.estimate, want.se, want.ci_low, want.ci_high, want.tau2], rel=1e-7, abs=1e-9
        )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 2)), min_size=3, max_size=9))
def test_leaving_each_out_is_pooling_the_rest(rows: list[tuple[float, float]]) -> None:
    yi, vi = [row[0] for row in rows], [row[1] for row in rows]
    found = multiverse(yi, vi, model=["random"], tau2=["REML", "PM"], interval=["hksj"])
    assert found.n == 2 * (len(rows) + 1)
    for row in found.specifications:
        keep = [at for at in range(len(rows)) if f"row {at + 1}" != row.choices[0]]
        want = pool([yi[at] for at in keep], [vi[at] for at in keep], tau2=row.choices[1], interval="hksj", safe=False)  # type: ignore[arg-type]
        assert row.estimate == pytest.approx(want.estimate, rel=1e-6, abs=1e-7)
        assert row.se == pytest.approx(want.se, rel=1e-6, abs=1e-8)


def test_the_declared_specification_is_the_plain_pool() -> None:
    found, plain = made(), pool(YI, VI)
    assert found.declared.estimate == pytest.approx(plain.estimate, rel=1e-8)
    assert found.declared.choices == ("as given", "kept", "kept", "none", "REML", "wald")
    assert found.declared in found.specifications
    other = made(declared={"tau2": "DL", "interval": "hksj", "high risk": "left out"})
    assert other.declared.choices == ("as given", "left out", "kept", "none", "DL", "hksj")
    assert made(declared={"tau2": "common effect"}).declared.choices[-2:] == ("common effect", "wald")


def test_shares_add_up_and_state_what_intervals_say() -> None:
    found = made(band=(-0.3, 0.3, "panel of 2024"))
    shares = found.shares
    assert shares.no_worthwhile_effect is not None
    assert shares.lower + shares.uncertain + shares.higher + shares.no_worthwhile_effect == pytest.approx(1)
    assert shares.above + shares.below == pytest.approx(1)
    for row in found.specifications:
        inside = row.ci_low > -0.3 and row.ci_high < 0.3
        side = "higher" if row.ci_low > 0 else "lower" if row.ci_high < 0 else "uncertain"
        assert row.state == ("no worthwhile effect" if inside else side)
    assert found.same == pytest.approx(np.mean([row.state == found.declared.state for row in found.specifications]))
    for part in found.dimensions:
        assert sum(option.specifications for option in part.options) == found.n
    assert (found.low, found.high) == (found.specifications[0].estimate, found.specifications[-1].estimate)
    assert made().shares.no_worthwhile_effect is None


def test_selections_of_the_same_rows_count_once() -> None:
    """An excluded study that is left out again would count the same analysis twice."""
    found = multiverse(
        YI, VI, names=NAMES, without={"high risk": RISKY}, tau2=["DL"], interval=["wald"], model=["random"]
    )
    assert found.n == 1 + 6 + 1 + 4
    twice = multiverse(YI, VI, without={"one": RISKY, "other": RISKY}, each=False, model=["common"])
    assert twice.n == 2


def test_too_few_studies_are_dropped_and_counted() -> None:
    found = multiverse([0.1, 0.2, 0.4], [0.1] * 3, without={"weak": [1, 1, 0]}, tau2=["DL"], interval=["wald"])
    assert (
        found.dropped == 2 * 2
    )  # without the weak ones, one study is left: so is none, by leaving it out; in two ways
    assert {row.k for row in found.specifications} == {2, 3}
    assert f"{found.dropped} combinations" in found.report()


@pytest.mark.parametrize(
    ("shares", "declared", "said"),
    [
        ({"higher": 0.96, "uncertain": 0.04, "lower": 0.0}, "higher", "holds"),
        ({"higher": 0.80, "uncertain": 0.20, "lower": 0.0}, "higher", "mostly holds"),
        ({"higher": 0.50, "uncertain": 0.50, "lower": 0.0}, "higher", "depends on the choices"),
        ({"higher": 0.97, "uncertain": 0.02, "lower": 0.01}, "higher", "depends on the choices"),
        ({"higher": 0.02, "uncertain": 0.97, "lower": 0.01}, "uncertain", "holds"),
        ({"higher": 0.00, "uncertain": 0.02, "lower": 0.98}, "lower", "holds"),
    ],
)
def test_the_rule(shares: dict[str, float], declared: str, said: str) -> None:
    assert verdict(shares, declared) == said


def test_how_far_a_choice_moves_the_estimate() -> None:
    """By hand: with the other choice fixed, the estimate runs over 1 and over 3; on average 2."""
    codes = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    assert moved(codes, np.array([0.0, 1.0, 5.0, 8.0]), 0) == 2.0
    assert moved(codes[:1], np.array([0.0]), 0) == 0.0
    found = made()
    assert next(part.moves for part in found.dimensions if part.name == "interval") == 0.0
    assert found.matters_most().moves == max(part.moves for part in found.dimensions)


def test_columns_instead_of_functions() -> None:
    found = multiverse(YI, VI, data={"r": {"0.5": (YI, VI), "given": None}}, each=False, tau2=["DL"], model=["random"])
    assert found.dimensions[0].options[0].name == "given"
    first, second = (option.median for option in found.dimensions[0].options)
    assert first == pytest.approx(second)


def test_a_table_and_its_columns() -> None:
    table = {"g": YI, "var": VI, "trial": NAMES, "risk": RISKY}
    found = multiverse(table, effect="g", variance="var", names="trial", without={"high risk": "risk"})
    assert found.specifications == made(without={"high risk": RISKY}, data={}).specifications
    again = found.recipe.arguments
    assert multiverse(**again).specifications == found.specifications


def test_the_words() -> None:
    found = made()
    said = found.summary() + found.report()
    assert "significan" not in said
    assert f"{found.n:,} specifications" in said
    assert found.verdict in said
    assert "Shares count specifications, not chances" in said
    assert "Steegen" in said
    assert "several effects" not in said
    assert "several effects" in multiverse(YI, VI, names=["a", "a", *NAMES[2:]]).report()
    assert any("Only 3 effects" in one for one in multiverse(YI[:3], VI[:3]).warnings)
    assert any("tau2 is 0" in one for one in multiverse([0.1, 0.11, 0.1, 0.1], [1.0] * 4).warnings)


@pytest.mark.parametrize(
    ("share", "said"),
    [(1.0, "100 per cent"), (0.999, "More than 99 per cent"), (0.5, "50 per cent"), (0.001, "Fewer than 1 per cent"), (0.0, "0 per cent")],
)  # fmt: skip
def test_no_share_is_rounded_to_all_or_none(share: float, said: str) -> None:
    assert _percent(share) == said


def test_the_curve_is_also_a_table() -> None:
    chart = made().chart()
    assert len(chart.rows) == 240
    assert sum(row[6] for row in chart.rows) == 1  # the declared one is among those drawn
    assert [row[0] for row in chart.rows] == sorted(row[0] for row in chart.rows)
    assert "240 of" in chart.note
    small = multiverse(YI, VI, each=False, band=(-0.1, 0.1, "panel"))
    assert len(small.chart().rows) == small.n
    assert len(chart.svg) < 100_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tau2": "REML"}, "must be a list"),
        ({"tau2": []}, "must be a list"),
        ({"tau2": ["DL", "DL"]}, "each of them once"),
        ({"tau2": ["XX"]}, "The tau2 'XX' is not known"),
        ({"interval": ["boot"]}, "The interval 'boot' is not known"),
        ({"model": ["fixed"]}, "The model 'fixed' is not known"),
        ({"level": 95}, "must lie between 0 and 1"),
        ({"without": {"x": [True]}}, "must mark each of 6 effects"),
        ({"without": {"x": ["yes"] * 6}}, "must be True"),
        ({"without": {"x": [False] * 6}}, "marks no row"),
        ({"without": {"tau2": RISKY}}, "same name"),
        ({"data": {"r": {"0.5": (YI[:2], VI[:2])}}}, "gives 2 effects where there are 6"),
        ({"data": {"r": {"0.5": (YI, [0.0] * 6)}}}, "In the choice '0.5' of 'r': The variance in row 1"),
        ({"data": {"r": {"0.5": lambda y, v: y}}}, "must give effects and variances"),
        ({"data": {"ICC": {"1": wider}, "r": {"0.5": (YI, VI)}}}, "would undo another choice"),
        ({"declared": {"colour": "red"}}, "There is no choice 'colour'"),
        ({"declared": {"tau2": "SJJ"}}, "has no option 'SJJ'"),
        ({"declared": {"tau2": "common effect", "interval": "hksj"}}, "make no specification"),
        ({"without": {f"x{one}": [at == one % 6 for at in range(6)] for one in range(13)}}, "drop some of them"),
        ({"band": (1, 2, "x")}, "must hold no difference"),
    ],
)
def test_what_it_refuses(change: dict[str, Any], words: str) -> None:
    if "drop some" in words:
        change |= {"data": {str(one): {"a": wider, "b": wider} for one in range(9)}}
    with pytest.raises(InputError, match=words):
        made(**change)


def test_one_effect_is_refused() -> None:
    with pytest.raises(InputError, match="nothing to choose"):
        multiverse([0.1], [0.1])


@pytest.mark.r
def test_the_r_script_gives_the_same_specifications() -> None:
    found = made(each=False, tau2=["REML", "DL", "PM"])
    out = subprocess.run(["Rscript", "-"], input=found.r_script(), capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in out.splitlines() if re.match(r"\s*\d+\s+\d+\s+\d+\s+\d+\s", line)]
    assert len(rows) == found.n
    # equal but for the last digits, specifications may stand in another order: they are sorted by what is surely the same
    theirs = sorted(
        (tuple(float(cell) for cell in row[-4:]) for row in rows), key=lambda row: [round(n, 5) for n in row]
    )
    told = [(row.estimate, row.se, row.ci_low, row.ci_high) for row in found.specifications]
    ours = sorted(told, key=lambda row: [round(number, 5) for number in row])
    for one, other in zip(ours, theirs, strict=True):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-7)  # metafor's stopping rule, printed with ten digits
