"""The synthetic twin: like the data where it says so, and no nearer to any row of them than a stranger's data are."""

from __future__ import annotations

import statistics
from collections import Counter

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.stats.lot import Lot, seed_of
from whatworks.trial.methods.design import Design, read
from whatworks.trial.reports.twin import normal, twin

SEED = seed_of("0" * 64, ["a test"])


def design(outcome: str = "continuous") -> Design:
    return read(f'[design]\nkind = "cluster"\noutcome = "{outcome}"\n[analysis]\noutcome = "y"\ncluster = "school"\n')


def made(seed: int, outcome: str = "continuous") -> tuple[dict[str, list[str]], list[str]]:
    """40 schools of about 40, with an outcome, two covariates that go with it, a group and a pseudonym for each person."""
    random = np.random.default_rng(seed)
    found: dict[str, list[str]] = {name: [] for name in ("school", "person", "y", "before", "age", "group")}
    arms = []
    for school in range(40):
        arm, level = ("control", "intervention")[school % 2], 20 + 2 * random.normal() + 3 * (school % 2)
        for place in range(int(random.integers(30, 50))):
            before = random.normal(50, 10)
            score = level + 0.3 * (before - 50) + random.normal(0, 5)
            y = {"binary": str(int(score > 22)), "count": str(random.poisson(max(score, 0) / 10))}.get(
                outcome, f"{score:.2f}"
            )
            row = (
                f"s{school}",
                f"p{school}-{place}",
                y,
                f"{before:.2f}",
                str(random.integers(6, 18)),
                "ab"[random.integers(2)],
            )
            for name, cell in zip(found, row, strict=True):
                found[name].append(cell)
            arms.append(arm)
    return found, arms


def rows(table: dict[str, list[str]], names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*(table[name] for name in names), strict=True))


def test_the_same_numbers_give_the_same_twin_and_another_seed_another() -> None:
    table, arms = made(1)
    one = twin(design(), table, arms, SEED)
    assert one == twin(design(), table, arms, SEED)
    assert one != twin(design(), table, arms, seed_of("1" * 64, ["a test"]))
    assert list(one) == list(table) and len({len(cells) for cells in one.values()}) == 1


def test_levels_and_spread_are_near_those_of_the_data() -> None:
    """1,600 rows: the mean of an arm has a standard error of about 0.5 (20 schools, between-school sd 2), so 2 is far outside it."""
    table, arms = made(1)
    where = dict(zip(table["school"], arms, strict=True))
    found = twin(design(), table, arms, SEED)
    for arm in ("control", "intervention"):
        real = [float(y) for y, one in zip(table["y"], arms, strict=True) if one == arm]
        drawn = [float(y) for y, school in zip(found["y"], found["school"], strict=True) if where[school] == arm]
        assert abs(statistics.fmean(real) - statistics.fmean(drawn)) < 2
        assert 0.8 < statistics.stdev(drawn) / statistics.stdev(real) < 1.25
    assert abs(statistics.fmean(map(float, found["before"])) - 50) < 1.5


@pytest.mark.parametrize("kind", ["binary", "count"])
def test_shares_and_counts_are_drawn_as_such(kind: str) -> None:
    table, arms = made(2, kind)
    found = twin(design(kind), table, arms, SEED)
    real, drawn = statistics.fmean(map(int, table["y"])), statistics.fmean(map(int, found["y"]))
    assert abs(real - drawn) < 0.35 * real
    assert min(map(int, found["y"])) >= 0


def test_no_real_row_comes_back_more_often_than_a_stranger_s_would() -> None:
    """Rows that agree in several columns: none at full precision, and rounded no more than between two unrelated data sets."""
    table, arms = made(1)
    other, _ = made(99)
    found = twin(design(), table, arms, SEED)
    pairs = set(
        rows(table, ("y", "before"))
    )  # 1,600 of about 2,500 x 5,000 that may be: one in common is what chance gives
    assert len(pairs & set(rows(found, ("y", "before")))) <= 5
    assert len(pairs & set(rows(other, ("y", "before")))) <= 5
    assert not set(rows(table, ("school", "y", "before", "age"))) & set(rows(found, ("school", "y", "before", "age")))
    assert not set(table["person"]) & set(found["person"]), "a pseudonym is somebody's"

    def coarse(held: dict[str, list[str]]) -> list[tuple[str, int, str]]:
        return [(s, round(float(y)), a) for s, y, a in rows(held, ("school", "y", "age"))]  # type: ignore[misc]

    known = set(coarse(table))
    near = statistics.fmean(one in known for one in coarse(found))
    stranger = statistics.fmean(one in known for one in coarse(other))
    error = (stranger * (1 - stranger) / len(found["y"])) ** 0.5
    # the twin keeps school means, a stranger's data do not: it may lie nearer by as much as schools differ, not by more
    assert near < stranger + 0.1 + 3 * error


def test_nobody_s_extreme_and_no_rare_level_is_in_it() -> None:
    table, arms = made(1)
    table["age"][0], table["group"][0] = "97", "the only one"
    found = twin(design(), table, arms, SEED)
    assert max(map(int, found["age"])) < 19
    assert set(found["group"]) == {"a", "b"}


def test_sizes_of_clusters_are_drawn_too() -> None:
    table, arms = made(1)
    real, drawn = Counter(table["school"]), Counter(twin(design(), table, arms, SEED)["school"])
    assert real.keys() == drawn.keys()
    assert sum(real[school] == drawn[school] for school in real) < 15, "sizes are not carried over"


def test_missing_values_are_as_frequent_once_there_are_ten_and_none_before() -> None:
    table, arms = made(1)
    table["before"][:9] = [""] * 9
    assert "" not in twin(design(), table, arms, SEED)["before"]
    table["before"][:400] = [""] * 400
    lost = twin(design(), table, arms, SEED)["before"].count("")
    assert 0.2 < lost / len(arms) < 0.3


def test_an_arm_with_fewer_than_ten_values_has_no_twin() -> None:
    table, arms = made(1)
    arms = ["third" if n < 9 else arm for n, arm in enumerate(arms)]
    with pytest.raises(InputError, match="fewer than 10"):
        twin(design(), table, arms, SEED)
    with pytest.raises(InputError, match="no column “y”"):
        twin(design(), {"school": table["school"]}, arms, SEED)


def test_the_lot_s_normal_numbers_are_normal() -> None:
    lot = Lot(SEED)
    held = [normal(lot) for _ in range(4000)]
    assert abs(statistics.fmean(held)) < 0.06  # four standard errors of 1/sqrt(4000)
    assert abs(statistics.stdev(held) - 1) < 0.05
