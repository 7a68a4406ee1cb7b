"""Randomisation tests over the draw's own allocations: people drawn one by one, several arms, blocks and minimisation.

Against every allocation written down with its chance, and against the village example of Gerber and Green (2012, Field Experiments, table
2.1 and section 3.4), which R's ri2 reproduces: seven villages, two of them treated, an effect of 6.5, p = 8/21.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import whatworks as ww
from tests.unit.trial.test_analysing_observed import answered, lines
from whatworks.errors import InputError
from whatworks.trial.methods.allocating.publishing import allocate
from whatworks.trial.methods.analysing.redrawing import blocks_of, redrawn
from whatworks.trial.methods.design import read

ARMS = '[[arms]]\nname = "control"\n[[arms]]\nname = "visits"\n[[arms]]\nname = "letters"\n'


def design(allocation: str, arms: str = "", size: str = "", draws: int = 4999) -> str:
    """People drawn one by one."""
    return (
        f'[design]\nkind = "individual"\n{arms}[size]\n{size}\n[allocation]\n{allocation}\n'
        f'[analysis]\noutcome = "y"\narm = "arm"\ndeclared = "ri-exact"\ndraws = {draws}\n'
    )


def units(n: int, **columns: Sequence[str]) -> list[dict[str, str]]:
    """A list of so many people."""
    return [{"unit": f"p{k}"} | {name: one[k] for name, one in columns.items()} for k in range(n)]


def drawn(text: str, listed: list[dict[str, str]], seed: str = "a") -> dict[str, Any]:
    """A draw that is practice only."""
    return allocate(text, listed, drawn_at="2026-01-05T10:00:00Z", typed=seed)


def asked(folder: Path, text: str, held: dict[str, Any], y: Sequence[float]) -> dict[str, Any]:
    """The command with the file of the draw."""
    (folder / "allocation.json").write_text(json.dumps(held), "utf-8")
    table = {"unit": list(held["allocation"]), "arm": list(held["allocation"].values()), "y": list(y)}
    return answered(folder, text, table, "--allocation", str(folder / "allocation.json"))


def difference(arms: Sequence[int], y: Sequence[float], arm: int = 1) -> float:
    """Of the means of an arm and of the first."""
    return float(np.mean([v for a, v in zip(arms, y, strict=True) if a == arm]) - np.mean(
        [v for a, v in zip(arms, y, strict=True) if a == 0]
    ))  # fmt: skip


def test_seven_villages_of_which_two_are_treated() -> None:
    """Gerber and Green (2012): 6.5, and 8 of 21 allocations are as far from nought."""
    text = design('method = "complete"')
    table = {"arm": [1, 0, 0, 0, 0, 0, 1], "y": [15, 15, 20, 20, 10, 15, 30]}
    row = next(one for one in ww.analyse_trial(text, table).panel if one.method == "ri-exact")
    assert (row.estimate, row.p) == (pytest.approx(6.5), pytest.approx(8 / 21))


def every_minimised(
    listed: list[dict[str, str]], factors: Sequence[str], parts: Sequence[int], coin: tuple[int, int]
) -> dict[tuple[int, ...], Fraction]:
    """Each allocation's chance under minimisation, unit by unit, from the words of the rule."""
    arms, found = range(len(parts)), {(): Fraction(1)}
    for number, unit in enumerate(listed):
        longer: dict[tuple[int, ...], Fraction] = {}
        for before, chance in found.items():
            apart = []
            for arm in arms:
                total = Fraction(0)
                for factor in factors:
                    same = [before[k] for k in range(number) if listed[k][factor] == unit[factor]]
                    counts = [Fraction(same.count(one) + (one == arm), parts[one]) for one in arms]
                    total += max(counts) - min(counts)
                apart.append(total)
            least = [arm for arm in arms if apart[arm] == min(apart)]
            for preferred in least:
                others = sum(parts) - parts[preferred]
                for arm in arms:
                    share = (
                        Fraction(*coin) if arm == preferred else (1 - Fraction(*coin)) * Fraction(parts[arm], others)
                    )
                    longer[*before, arm] = longer.get((*before, arm), Fraction(0)) + chance * share / len(least)
        found = longer
    return found


def every_block(n: int, ballots: Sequence[int], sizes: Sequence[int]) -> dict[tuple[int, ...], Fraction]:
    """Each allocation's chance in blocks whose sizes are drawn."""
    if n <= 0:
        return {(): Fraction(1)}
    found: dict[tuple[int, ...], Fraction] = {}
    for size in sizes:
        held = list(itertools.permutations(list(ballots) * (size // len(ballots))))
        for block, times in Counter(held).items():
            for rest, chance in every_block(n - size, ballots, sizes).items():
                whole = (*block, *rest)[:n]
                found[whole] = found.get(whole, Fraction(0)) + Fraction(times, len(held) * len(sizes)) * chance
    return found


def every_complete(n: int, ballots: Sequence[int]) -> dict[tuple[int, ...], Fraction]:
    """Each allocation's chance in fixed numbers, the remainder by lot."""
    whole, over = divmod(n, len(ballots))
    found: dict[tuple[int, ...], Fraction] = {}
    choices = list(itertools.combinations(range(len(ballots)), over))
    for more in choices:
        counts = Counter([*list(ballots) * whole, *(ballots[one] for one in more)])
        ways = set(itertools.product(sorted(counts), repeat=n))
        fitting = [one for one in ways if Counter(one) == counts]
        for one in fitting:
            found[one] = found.get(one, Fraction(0)) + Fraction(1, len(fitting) * len(choices))
    return found


TWICE = ARMS.replace('"visits"', '"visits"\nparts = 2')
MIXED = {"sex": "fmfmff", "area": "aabbab"}


@pytest.mark.parametrize(
    ("allocation", "arms", "listed", "wanted"),
    [
        ('method = "minimisation"\nfactors = ["sex", "area"]', "", units(6, **MIXED),
         lambda one: every_minimised(one, ["sex", "area"], [1, 1], (4, 5))),
        ('method = "minimisation"\nfactors = ["sex"]\ncoin = [2, 3]', TWICE, units(5, sex="fmffm"),
         lambda one: every_minimised(one, ["sex"], [1, 2, 1], (2, 3))),
        ('method = "permuted-blocks"\nblock_sizes = [2, 4]', "", units(7), lambda one: every_block(7, [0, 1], [2, 4])),
        ('method = "complete"', TWICE, units(6), lambda one: every_complete(6, [0, 1, 1, 2])),
        ('method = "simple"', ARMS, units(3), lambda one: {way: Fraction(1, 27) for way in itertools.product(range(3), repeat=3)}),
    ],
    ids=["minimised", "minimised, three arms", "blocks", "complete with a remainder", "simple"],
)  # fmt: skip
def test_each_allocation_comes_as_often_as_its_chance(allocation: str, arms: str, listed, wanted) -> None:
    """Chi-squared over all allocations, within five of its own standard deviations of its mean."""
    chances, draws = wanted(listed), 60_000
    assert sum(chances.values()) == 1
    found = Counter(
        map(tuple, redrawn(read(design(allocation, arms)), listed, draws, np.random.default_rng(3)).tolist())
    )
    assert set(found) <= set(chances)
    expected = {way: float(chance) * draws for way, chance in chances.items()}
    squares = sum((found[way] - mean) ** 2 / mean for way, mean in expected.items())
    freedom = len(chances) - 1
    assert abs(squares - freedom) < 5 * math.sqrt(2 * freedom + sum(1 / mean for mean in expected.values()))


def test_minimisation_remembers_strata_stages_and_earlier_draws() -> None:
    """A batch after another, with a coin that hardly ever falls otherwise: numbers come out even in each value of each stratum."""
    text = design(
        'method = "minimisation"\nfactors = ["sex"]\ncoin = [999999, 1000000]\nstrata = ["area"]\nstage = "batch"'
    )
    listed = units(8, sex="fffffmmm", area="aaabbaab", batch="12121212")
    before = [({"unit": "e", "sex": "f", "area": "a", "batch": "0"}, "control")]
    found = redrawn(read(text), listed, 500, np.random.default_rng(1), before)
    female = [k for k, one in enumerate(listed) if (one["area"], one["sex"]) == ("a", "f")]
    assert set(found[:, female].sum(axis=1).tolist()) == {2}  # with the one before in the comparator: two and two
    for area, sex in (("a", "m"), ("b", "f")):
        mine = [k for k, one in enumerate(listed) if (one["area"], one["sex"]) == (area, sex)]
        assert set(found[:, mine].sum(axis=1).tolist()) == {len(mine) // 2}


def test_people_in_fixed_numbers_are_counted_exactly(tmp_path: Path) -> None:
    text, y = design('method = "complete"'), [3.1, 4.4, 2.0, 6.7, 5.2, 1.9, 4.1, 7.3, 2.2, 3.8]
    held = drawn(text, units(10))
    arms = [int(one == "intervention") for one in held["allocation"].values()]
    schemes = [[int(k in mine) for k in range(10)] for mine in itertools.combinations(range(10), 5)]
    as_far = [abs(difference(one, y)) >= abs(difference(arms, y)) - 1e-9 for one in schemes]
    found = lines(asked(tmp_path, text, held, y))
    assert found["ri-exact"]["p"] == pytest.approx(np.mean(as_far), abs=1e-12)
    assert found["ri-exact"]["model"] == "all 252 allocations"
    assert found["ri-sampled"]["p"] == pytest.approx(np.mean(as_far), abs=4 * math.sqrt(0.25 / 4999))


def test_people_minimised_are_drawn_again_as_they_were(tmp_path: Path) -> None:
    """Against the chance of every allocation with both arms in it."""
    listed = units(8, sex="fmfmffmm", area="aabbabab")
    text, y = (
        design('method = "minimisation"\nfactors = ["sex", "area"]', draws=19_999),
        [3.1, 4.4, 2.0, 6.7, 5.2, 1.9, 4.1, 7.3],
    )
    held = drawn(text, listed, "b")
    arms = [int(one == "intervention") for one in held["allocation"].values()]
    chances = {
        way: float(one)
        for way, one in every_minimised(listed, ["sex", "area"], [1, 1], (4, 5)).items()
        if 0 < sum(way) < 8
    }
    reach = abs(difference(arms, y)) - 1e-9
    p = sum(chance for way, chance in chances.items() if abs(difference(way, y)) >= reach) / sum(chances.values())
    found = asked(tmp_path, text, held, y)
    assert lines(found)["ri-sampled"]["p"] == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 19_999))
    assert "see ri-sampled" in next(one["reason"] for one in found["failed"] if one["method"] == "ri-exact")


def test_a_thousand_people_minimised_take_seconds() -> None:
    chance = np.random.default_rng(5)
    columns = {name: ["abcd"[one] for one in chance.integers(0, 4, 1000)] for name in ("site", "age", "need")}
    text = design('method = "minimisation"\nfactors = ["site", "age", "need"]')
    held = read(text)
    begun = time.process_time()
    found = redrawn(held, units(1000, **columns), 999, np.random.default_rng(1))
    assert time.process_time() - begun < 20  # about a second here; unit by unit in each draw it would be minutes
    assert abs(found.mean() - 0.5) < 0.01
    assert found.sum(axis=1).std() < 6  # a coin for each would have 16


def test_two_of_three_arms_change_places_within_blocks(tmp_path: Path) -> None:
    """Blocks of two sizes, known from the draw of record; who got letters is taken as it was when visits are tested."""
    text = design('method = "permuted-blocks"\nblock_sizes = [3, 6]', ARMS)
    held, y = drawn(text, units(12), "c"), [2.1, 4.0, 3.3, 5.9, 1.2, 2.8, 6.1, 3.7, 4.4, 0.9, 5.0, 2.6]
    arms = [["control", "visits", "letters"].index(one) for one in held["allocation"].values()]
    sizes = []
    labels = blocks_of(read(text), units(12), held["seed"], ())
    for label in dict.fromkeys(labels):
        mine = [arms[k] for k in range(12) if labels[k] == label]
        sizes.append(len(mine))
        if len(mine) in (3, 6):
            assert Counter(mine) == Counter(dict.fromkeys(range(3), len(mine) // 3)) or label == labels[-1]
    assert sum(sizes) == 12
    found = asked(tmp_path, text, held, y)
    for panel_of, arm in ((lines(found), 1), ({row["method"]: row for row in found["further"][0]["panel"]}, 2)):
        pair = [k for k in range(12) if arms[k] in (0, arm)]
        ways = []
        for label in dict.fromkeys(labels[k] for k in pair):
            mine = [k for k in pair if labels[k] == label]
            treated = sum(arms[k] == arm for k in mine)
            ways.append([{k: int(k in some) for k in mine} for some in itertools.combinations(mine, treated)])
        whole = [{k: one for part in parts for k, one in part.items()} for parts in itertools.product(*ways)]
        values = [y[k] for k in pair]
        observed = abs(difference([int(arms[k] == arm) for k in pair], values)) - 1e-9
        as_far = [abs(difference([one[k] for k in pair], values)) >= observed for one in whole]
        assert panel_of["ri-exact"]["p"] == pytest.approx(np.mean(as_far), abs=1e-12)
        assert panel_of["ri-exact"]["model"] == f"all {len(whole):,} allocations"


@pytest.mark.parametrize("correction", ["dunnett", "bonferroni", "none"])
def test_all_arms_at_once_are_every_allocation_counted(tmp_path: Path, correction: str) -> None:
    text = design('method = "complete"', ARMS, f'correction = "{correction}"')
    held, y = drawn(text, units(6), "d"), [2.1, 4.0, 3.3, 5.9, 1.2, 2.8]
    arms = [["control", "visits", "letters"].index(one) for one in held["allocation"].values()]
    whole = [one for one in itertools.product(range(3), repeat=6) if Counter(one) == {0: 2, 1: 2, 2: 2}]
    apart = np.array([[difference(one, y, arm) for arm in (1, 2)] for one in whole])
    observed = np.array([difference(arms, y, arm) for arm in (1, 2)])
    spread = np.sqrt((apart**2).mean(axis=0))
    single = [(np.abs(apart[:, k]) >= abs(observed[k]) - 1e-9).mean() for k in (0, 1)]
    most = [((np.abs(apart) / spread).max(axis=1) >= abs(observed[k]) / spread[k] - 1e-9).mean() for k in (0, 1)]
    found = asked(tmp_path, text, held, y)["together"]
    assert (found["exact"], found["schemes"], found["correction"]) == (True, 90, correction)
    assert [one["arm"] for one in found["arms"]] == ["visits", "letters"]
    assert [one["difference"] for one in found["arms"]] == pytest.approx(observed)
    assert [one["p"] for one in found["arms"]] == pytest.approx(single)
    wanted = {"dunnett": most, "bonferroni": [min(1.0, 2 * one) for one in single], "none": single}[correction]
    assert [one["p_adjusted"] for one in found["arms"]] == pytest.approx(wanted)


def test_three_minimised_arms_are_tested_all_at_once(tmp_path: Path) -> None:
    listed = units(12, sex="fmfmffmmffmm")
    text = design('method = "minimisation"\nfactors = ["sex"]', ARMS, draws=999)
    held = drawn(text, listed, "e")
    found = asked(tmp_path, text, held, np.random.default_rng(2).normal(size=12).round(3).tolist())
    assert all("see all of them at once" in one["reason"] for one in found["failed"] if one["method"].startswith("ri-"))
    assert found["together"]["exact"] is False and found["together"]["schemes"] <= 999
    assert all(0 < one["p"] <= one["p_adjusted"] <= 1 for one in found["together"]["arms"])


def test_without_the_file_only_fixed_numbers_are_tested(tmp_path: Path) -> None:
    table = {"arm": ["control", "visits", "letters"] * 4, "y": [float(one % 5) for one in range(12)]}
    fixed = answered(tmp_path, design('method = "complete"', ARMS, draws=999), table)
    assert fixed["together"]["schemes"] == 999
    blocks = answered(tmp_path, design('method = "permuted-blocks"\nblock_sizes = [3]', ARMS, draws=999), table)
    assert "together" not in blocks and any("not tested all at once" in one for one in blocks["warnings"])
    assert all(
        "give its allocation file" in one["reason"] for one in blocks["failed"] if one["method"].startswith("ri-")
    )


def test_people_are_found_by_their_unit(tmp_path: Path) -> None:
    text = design('method = "complete"')
    held = drawn(text, units(4))
    (tmp_path / "allocation.json").write_text(json.dumps(held), "utf-8")
    file = str(tmp_path / "allocation.json")
    names, arms = list(held["allocation"]), list(held["allocation"].values())
    for table, said in (
        ({"arm": arms, "y": [1, 2, 3, 4]}, "no column “unit”"),
        ({"unit": names, "y": [1, 2, 3, 4]}, "no column “arm”"),
        ({"unit": [*names[:3], names[0]], "arm": [*arms[:3], arms[0]], "y": [1, 2, 3, 4]}, "several rows"),
        ({"unit": [*names[:3], "other"], "arm": arms, "y": [1, 2, 3, 4]}, "was not drawn"),
        (
            {"unit": names, "arm": arms[::-1] if arms != arms[::-1] else [arms[1], *arms[1:]], "y": [1, 2, 3, 4]},
            "it was drawn to",
        ),
    ):
        with pytest.raises(InputError, match=said):
            ww.analyse_trial(text, table, allocation=file)


def test_those_without_an_outcome_are_left_out_of_every_allocation(tmp_path: Path) -> None:
    """The draw is repeated for the whole list, and compared among those who have an outcome."""
    text = design('method = "complete"')
    held = drawn(text, units(8))
    names, arms = list(held["allocation"])[1:], list(held["allocation"].values())[1:]
    y = [4.0, 2.5, 3.5, 1.0, 6.0, 5.5, 2.0]
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["unit", "arm", "y"], *zip(names, arms, y, strict=True)])
    (tmp_path / "allocation.json").write_text(json.dumps(held), "utf-8")
    table = {"unit": names, "arm": arms, "y": y}
    row = lines(answered(tmp_path, text, table, "--allocation", str(tmp_path / "allocation.json")))["ri-exact"]
    treated = [int(one == "intervention") for one in arms]
    schemes = [[int(k in mine) for k in range(8)][1:] for mine in itertools.combinations(range(8), 4)]
    as_far = [abs(difference(one, y)) >= abs(difference(treated, y)) - 1e-9 for one in schemes]
    assert row["p"] == pytest.approx(np.mean(as_far), abs=1e-12)


def test_a_constrained_draw_is_not_drawn_again_but_listed() -> None:
    text = design('method = "constrained"\ncovariates = ["x"]')
    with pytest.raises(InputError, match="are listed, and not drawn again"):
        redrawn(read(text), units(4, x="1234"), 10, np.random.default_rng(1))
