"""What is shown of places gives no small number of children away: not by itself, not by subtraction, not by an older release."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.integration.baseline.england import BY, load_england, load_places
from tests.integration.baseline.test_vintaging import _file, _row
from whatworks.archive.verifying import verify_centre
from whatworks.baseline.disclosing import FAMILIES, Geography, counts_people, family_of, withheld
from whatworks.baseline.holding import _points, hidden_figures, points
from whatworks.baseline.indicators import indicator, indicators
from whatworks.baseline.models import Vintage
from whatworks.baseline.pack import TABLES
from whatworks.baseline.remembering import remembered
from whatworks.baseline.vintaging import take_in
from whatworks.people.models import Area
from whatworks.stats.disclosure import INTERNAL, PUBLIC

SMALL = range(1, 6)
CHARACTERISTICS = (
    "time_period,geographic_level,region_code,region_name,new_la_code,old_la_code,la_name,cla_group,characteristic,"
    "placements_number,percentage,population_estimate"
)
UASC = "Unaccompanied asylum-seeking children"


def _part(code: str, number: str, name: str, characteristic: str, count: str) -> str:
    return f"2025,Local authority,E12000008,South East,{code},{number},{name},{UASC},{characteristic},{count},1,1000"


def test_it_is_counts_of_people_that_are_gone_over() -> None:
    assert [one.key for one in indicators().values() if not counts_people(one)] == ["children", "child-poverty"]
    for lead, parts in FAMILIES.items():
        assert all(family_of(key) == (lead, parts) for key in (lead, *parts))


@pytest.mark.django_db
def test_a_small_number_is_withheld_and_so_is_what_would_give_it_away(tmp_path: Path) -> None:
    load_places()
    totals = [_row(2025, "E10000016", "886", "Kent", "103"), _row(2025, "E06000035", "887", "Medway", "80")]
    parts = [
        _part("E10000016", "886", "Kent", "Non-UASC", "100"),
        _part("E10000016", "886", "Kent", "UASC", "3"),
        _part("E06000035", "887", "Medway", "Non-UASC", "60"),
        _part("E06000035", "887", "Medway", "UASC", "20"),
    ]
    take_in(by=BY, path=_file(tmp_path, *totals), label="2025")
    take_in(by=BY, path=_file(tmp_path, *parts, head=CHARACTERISTICS, name="parts.csv"), label="2025")
    kent, medway = (Area.objects.get(code=code).pk for code in ("E10000016", "E06000035"))
    shown = {key: points(indicator(key)) for key in ("starts", "starts-without-uasc", "starts-uasc")}
    assert shown["starts-uasc"][kent]["2025"].count is None
    told = [shown[key][kent]["2025"].count for key in ("starts", "starts-without-uasc")]
    assert None in told  # with both, three would be left over
    assert shown["starts-uasc"][medway]["2025"].count == 20
    assert points(indicator("starts-uasc"), INTERNAL)[kent]["2025"].count == 3
    for address in (
        reverse("area", args=["E10000016"]),
        reverse("indicator", args=["starts-uasc"]),
        reverse("indicator_csv", args=["starts-uasc"]),
        reverse("area_csv", args=["E10000016"]),
    ):
        body = Client().get(address).content.decode()
        assert "withheld" in body or ",c," in body, address
        if address.endswith(".csv"):
            rows = [row for row in csv.DictReader(io.StringIO(body)) if row["indicator"] == "starts-uasc"]
            assert "3" not in {row["count"] for row in rows if row["place"] == "Kent"}


@pytest.mark.django_db
def test_what_was_revised_is_not_told_of_a_number_that_is_withheld(tmp_path: Path) -> None:
    load_places()
    take_in(by=BY, path=_file(tmp_path, _row(2025, "E10000016", "886", "Kent", "4")), label="2024")
    later = _file(tmp_path, _row(2025, "E10000016", "886", "Kent", "90"), name="later.csv")
    after = take_in(by=BY, path=later, label="2025")[0].vintage
    body = Client().get(reverse("vintage", args=[after.pk])).content.decode()
    assert "share no cell" in body or "0 of" in body or "cells were revised" in body
    earlier = Vintage.objects.get(label="2024")
    rows = csv.DictReader(io.StringIO(Client().get(reverse("vintage_csv", args=[earlier.pk])).content.decode()))
    assert "4" not in {row["value_or_symbol"] for row in rows if row["measure"].startswith("children_count")}


@pytest.mark.django_db
def test_an_open_pack_leaves_small_numbers_out_and_a_move_does_not(tmp_path: Path) -> None:
    load_places()
    take_in(by=BY, path=_file(tmp_path, _row(2025, "E10000016", "886", "Kent", "4")), label="2025")
    take_in(by=BY, path=_file(tmp_path, _row(2024, "E10000016", "886", "Kent", "90")), label="2024")
    table = next(one for one in TABLES if one.path == "baseline/figures.csv")
    kent = Area.objects.get(code="E10000016").pk
    rows = csv.DictReader(io.StringIO(table.write("open")))
    held = [row["values"] for row in rows if row["area"] == kent and row["measure"].startswith("children_count")]
    assert sorted(held) == ['{"2024":90}', '{"2025":"w"}']
    assert '{""2025"":4}' in (table.write("move") or "")
    found = points(indicator("starts"), INTERNAL)[kent]["2025"]
    assert found.count == 4  # the centre itself still holds what it was given
    assert not [one for one in verify_centre()["differences"] if one["identifier"].startswith("vin-")]


def test_what_is_remembered_is_worked_out_again_where_its_file_is_broken(tmp_path: Path, settings) -> None:
    settings.HOME = tmp_path
    asked: list[int] = []

    def work() -> list[tuple[str, ...]]:
        asked.append(1)
        return [("b", "2"), ("a", "1")]

    assert remembered("x", [1], work) == remembered("x", [1], work) == [("a", "1"), ("b", "2")]
    assert len(asked) == 1
    next((tmp_path / "remembered").iterdir()).write_text("[[", encoding="utf-8")
    assert remembered("x", [1], work) == [("a", "1"), ("b", "2")]
    assert remembered("x", [2], work) and len(asked) == 3  # another key is another file


@pytest.mark.django_db
def test_months_are_withheld_under_the_measure_that_holds_them(tmp_path: Path) -> None:
    load_places()
    months = indicator("referrals").months
    head = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
    head += "new_la_code,la_name,category,Referrals," + ",".join(months)
    counts = ["40"] * 12
    counts[10] = "2"  # February
    row = "2024,Reporting year,Local authority,E92000001,England,E12000008,South East,886,E10000016,Kent,Month of referral,442,"
    taken = take_in(by=BY, path=_file(tmp_path, row + ",".join(counts), head=head))[0]
    kent = Area.objects.get(code="E10000016").pk
    assert hidden_figures() == {(taken.vintage.pk, "February | Month of referral", kent, "2024")}
    assert points(indicator("referrals"))[kent]["2024-02"].count is None


@pytest.mark.django_db
def test_what_an_older_release_said_is_not_shown_of_a_number_that_is_withheld_now(tmp_path: Path) -> None:
    load_places()
    take_in(by=BY, path=_file(tmp_path, _row(2025, "E10000016", "886", "Kent", "7")), label="2024")
    later = _file(tmp_path, _row(2025, "E10000016", "886", "Kent", "c"), name="later.csv")
    take_in(by=BY, path=later, label="2025")
    point = points(indicator("starts"))[Area.objects.get(code="E10000016").pk]["2025"]
    assert [one.value for one in point.said] == [None, None]
    assert "7" not in {row["count"] for row in csv.DictReader(io.StringIO(_csv("starts")))}


def _csv(key: str) -> str:
    return Client().get(reverse("indicator_csv", args=[key])).content.decode()


@pytest.mark.django_db
def test_the_shipped_figures_give_away_nothing_that_their_publishers_withheld() -> None:
    """The policy has nothing to add to them: also files of the pack, which hold figures as published, are safe to give out."""
    load_england()
    order = tuple(Vintage.objects.in_order().values_list("pk", flat=True))
    geography, gone_over = Geography.read(), 0
    for lead in ("starts", "ends", "looked-after", "section-47", "referrals"):
        parts = FAMILIES.get(lead, ())
        held = {key: _points(indicator(key), order) for key in (lead, *parts) if key in indicators()}
        periods = {period for series in held.values() for by_period in series.values() for period in by_period}
        for period in periods:
            counts = {
                (key, area): point.symbol if point.count is None else point.count
                for key, series in held.items()
                for area, by_period in series.items()
                if (point := by_period.get(period))
            }
            gone_over += "c" in counts.values()
            assert withheld(counts, geography, lead=lead, parts=parts) == set(), (lead, period)
    assert gone_over > 50


PLACES = [f"p{at}" for at in range(6)]
REGIONS = {"p0": "r0", "p1": "r0", "p2": "r0", "p3": "r1", "p4": "r1", "p5": "r1"}
SORTS = dict.fromkeys(PLACES, "district") | {"r0": "region", "r1": "region", "e": "country"}
MAP = Geography(SORTS, REGIONS, "e")
PARTS = ("without", "alone")


def _counted(alone: list[int], others: list[int]) -> dict[tuple[str, str], int]:
    """True counts of all, with and without, of places, regions and the country, the large ones rounded to the nearest ten."""
    found = {}
    for key, numbers in (
        ("alone", alone),
        ("without", others),
        ("all", [a + b for a, b in zip(alone, others, strict=True)]),
    ):
        by_place = dict(zip(PLACES, numbers, strict=True))
        sums = {region: sum(by_place[place] for place in PLACES if REGIONS[place] == region) for region in ("r0", "r1")}
        large = sums | {"e": sum(numbers)}
        found |= {(key, place): number for place, number in by_place.items()}
        found |= {(key, place): (number + 5) // 10 * 10 for place, number in large.items()}
    return found


def _attacked(counts: dict[tuple[str, str], int], hidden: set[tuple[str, str]], cell: tuple[str, str]) -> int:
    """How many whole numbers an attacker of our own making, who knows every sum, still has to choose from for a cell."""
    true = [(key, place) for key in ("all", *PARTS) for place in PLACES]
    at = {one: number for number, one in enumerate(true)}
    upper, limits, equal, right = [], [], [], []
    bounds = [(0.0, None) if one in hidden else (counts[one], counts[one]) for one in true]
    for place in PLACES:
        row = np.zeros(len(true))
        row[at["all", place]] = 1
        row[[at[part, place] for part in PARTS]] = -1
        equal.append(row)
        right.append(0.0)
    for key in ("all", *PARTS):
        for large, members in (("r0", PLACES[:3]), ("r1", PLACES[3:]), ("e", PLACES)):
            if (key, large) in hidden:
                continue
            row = np.zeros(len(true))
            row[[at[key, place] for place in members]] = 1
            upper += [row, -row]
            limits += [counts[key, large] + 4, 5 - counts[key, large]]
    ends = []
    for sign in (1.0, -1.0):
        goal = np.zeros(len(true))
        goal[at[cell]] = sign
        solved = linprog(goal, A_ub=np.array(upper), b_ub=limits, A_eq=np.array(equal), b_eq=right, bounds=bounds)
        if solved.status == 3:
            return 10**6  # no end on that side
        assert solved.status == 0
        ends.append(sign * solved.fun)
    return int(np.floor(ends[1] + 1e-7) - np.ceil(ends[0] - 1e-7)) + 1


@examples(max_examples=40)
@given(
    st.lists(st.integers(0, 12), min_size=6, max_size=6),
    st.lists(st.integers(0, 60), min_size=6, max_size=6),
)
def test_an_attacker_with_linear_programming_recovers_no_small_number(alone: list[int], others: list[int]) -> None:
    counts = _counted(alone, others)
    hidden = withheld(counts, MAP, lead="all", parts=PARTS, policy=PUBLIC)
    for cell, count in counts.items():
        if MAP.large(cell[1]):
            continue
        if count in SMALL:
            assert cell in hidden
        if cell in hidden:
            assert _attacked(counts, hidden, cell) >= PUBLIC.protection, (cell, count)


def test_the_attacker_is_not_blind() -> None:
    """With only the small number itself withheld, its twin gives it away."""
    counts = _counted([3, 20, 20, 20, 20, 20], [40] * 6)
    assert _attacked(counts, {("alone", "p0")}, ("alone", "p0")) == 1
