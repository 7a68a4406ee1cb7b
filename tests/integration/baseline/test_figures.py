"""What the pack holds of England, against the published figures and what was measured of them."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.baseline.england import load_england
from tests.shared import needs_shared
from tests.unit.baseline import published
from whatworks.baseline.comparing import Comparing
from whatworks.baseline.holding import joined, points, with_predecessors
from whatworks.baseline.indicators import indicator, indicators
from whatworks.baseline.models import Neighbour, Series, Vintage
from whatworks.baseline.presenters_indicator import explained, reconciled
from whatworks.baseline.presenters_places import revised
from whatworks.people.models import Area

pytestmark = pytest.mark.django_db

STARTS = {"2019": 31780, "2020": 31010, "2021": 28470, "2022": 31100, "2023": 33090, "2024": 33130, "2025": 32270}
RATES = {"2019": 27, "2020": 26, "2021": 24, "2022": 26, "2023": 28, "2024": 27, "2025": 26}


@pytest.fixture(autouse=True)
def _england(db: None) -> None:
    load_england()


def test_england_starts_and_rates_are_those_published() -> None:
    comparing = Comparing.read(indicator("starts"))
    england = comparing.held[comparing.country]
    assert {period: point.count for period, point in england.items()} == STARTS
    assert {period: point.published for period, point in england.items()} == RATES
    assert {period: round(point.value or 0) for period, point in england.items()} == RATES
    stock = Comparing.read(indicator("looked-after"))
    assert (stock.held[stock.country]["2019"].count, stock.held[stock.country]["2025"].count) == (78140, 81770)


def test_the_funnel_of_2025_is_the_one_measured() -> None:
    found = Comparing.read(indicator("starts")).funnel
    assert found is not None
    assert (found.outside_unadjusted, found.outside_adjusted) == (75, 5)
    assert found.phi == pytest.approx(13.2, abs=0.05)
    assert found.tau2**0.5 == pytest.approx(0.121, abs=0.0005)


@pytest.mark.parametrize(("key", "low", "high"), [("starts", 0.16, 0.18), ("starts-without-uasc", 0.30, 0.315)])
def test_child_poverty_explains_what_was_measured(key: str, low: float, high: float) -> None:
    """Printed as 0.16 to 0.18 and 0.30 to 0.31: the second year is 0.315, which rounds to either."""
    for period in ("2024", "2025"):
        found = Comparing.read(indicator(key), period).adjusted
        assert found is not None
        assert low - 0.005 <= found.r2 <= high + 0.005


def test_an_own_year_before_tells_more_than_neighbours_and_they_more_than_england() -> None:
    errors = {2024: (0.21, 0.30, 0.40), 2025: (0.21, 0.30, 0.40)}
    for year, wanted in errors.items():
        found = Comparing.read(indicator("starts"), str(year)).trust
        assert [one.by for one in found] == ["its own last year", "the median of its neighbours", "the rate of all"]
        # measured 0.21, 0.29 to 0.31 and 0.37 to 0.40 over three pairs of years
        for one, about in zip(found, wanted, strict=True):
            assert one.error == pytest.approx(about, abs=0.035)


def test_vintages_stand_beside_each_other_and_tell_what_was_revised() -> None:
    three = list(Vintage.objects.filter(release="cla-numbers").in_order())
    assert [one.label for one in three] == ["2023", "2024", "2025"]
    counts = "children_count"
    for (before, after), wanted in zip(((three[0], three[1]), (three[1], three[2])), (281, 226), strict=True):
        told = revised(before, after)["measures"]
        found = [words for measure, words in told if measure.startswith(counts)]
        changed = sum(int(words.split(" of ")[0].replace(",", "")) for words in found)
        # Regions and England are counted here too; of councils alone it is 281 and 226
        assert changed >= wanted
        assert changed <= wanted + 60
    kent = Area.objects.get(code="E10000016")
    point = points(indicator("starts"))[kent.pk]["2023"]
    assert [one.label for one in point.said] == ["2025", "2024", "2023"]


@needs_shared
def test_every_councils_figure_is_the_published_one() -> None:
    """The newest word for each council and year, against the shared file in which the latest release wins."""
    by_code = {one.code: one for one in Area.objects.all()}
    held = points(indicator("starts"))
    compared = 0
    for year in range(2019, 2026):
        for row in published.starting(year):
            area = by_code[row["new_la_code"]]
            point = joined(held, with_predecessors(area)).get(str(year))
            if (number := published.number(row["children_count"])) is not None:
                assert point is not None
                # the shared file keeps an older word under the code of a council that is no more
                said = {one.value for one in point.said} if area.valid_to or area.valid_from else {point.count}
                assert number in said, (row["la_name"], year)
                compared += 1
            elif point is not None:
                assert point.value is None
    assert compared > 1_050


def test_our_sum_is_beside_the_published_number_with_the_difference_explained() -> None:
    rows = {row["period"]: row for row in reconciled(Comparing.read(indicator("starts")))}
    assert rows["2025"]["published"] == "32,270"
    assert rows["2025"]["why"].startswith("Within rounding")
    assert all(row["same_rate"] for row in rows.values())
    assert explained(100.0, 100.0, 0, 0) == "The same."
    assert "2 councils' numbers are withheld" in explained(100.0, 92.0, 2, 0)
    assert explained(101.0, 95.0, 0, 0) == "Not explained by what is published."


def test_a_place_goes_on_from_the_one_it_replaced_alone_and_from_no_other() -> None:
    by_code = {one.code: one for one in Area.objects.all()}
    somerset, cumberland, bcp = by_code["E06000066"], by_code["E06000063"], by_code["E06000058"]
    assert with_predecessors(somerset) == [somerset.pk, by_code["E10000027"].pk]
    assert with_predecessors(cumberland) == [cumberland.pk]  # Cumbria was split
    assert with_predecessors(bcp) == [bcp.pk]  # two were merged
    together = joined(points(indicator("starts")), with_predecessors(somerset))
    assert list(together) == [str(year) for year in range(2019, 2026)]
    assert "2023" not in points(indicator("starts"))[somerset.pk]  # a council of that April had no year to March


def test_links_between_neighbours_may_go_one_way() -> None:
    links = set(Neighbour.objects.filter(model="2025").values_list("area", "neighbour"))
    one_way = sum((other, area) not in links for area, other in links)
    assert len(links) == 1530
    assert one_way / len(links) == pytest.approx(0.39, abs=0.005)
    before = set(Neighbour.objects.filter(model="2021").values_list("area", "neighbour"))
    shared = {area for area, _ in links} & {area for area, _ in before}
    stayed = sum((area, other) in before for area, other in links if area in shared) / len(shared)
    assert stayed == pytest.approx(5.4, abs=0.1)


def test_what_is_verified_is_what_was_read() -> None:
    from whatworks.archive.verifying import verify_centre

    found = verify_centre()
    assert found["checked"]["vintages"] == Vintage.objects.count()
    assert [one for one in found["differences"] if one["identifier"].startswith("vin-")] == []
    assert found["checked"]["figures"] > 40_000


@pytest.mark.parametrize("key", list(indicators()))
def test_every_indicator_has_a_page_and_a_file(key: str) -> None:
    client = Client()
    page = client.get(reverse("indicator", args=[key]))
    assert page.status_code == 200
    text = client.get(reverse("indicator_csv", args=[key])).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows and {row["indicator"] for row in rows} == {key}
    assert all(row["vintage"] and row["licence"] for row in rows)
    newest = client.get(reverse("indicator_period", args=[key, rows[0]["period"]]))
    assert newest.status_code == 200
    assert client.get(reverse("indicator_period", args=[key, "1950"])).status_code == 404


def test_places_have_pages_with_their_numbers_linked_to_where_they_are_from() -> None:
    client = Client()
    for code, says in (
        ("E10000016", "3,226"),
        ("E06000053", "there is no number here: not applicable"),
        ("E10000021", "It ended on 31 March 2021"),
        ("E06000066", "took over from Somerset"),
        ("E06000017", "Places like this one"),
    ):
        body = client.get(reverse("area", args=[code])).content.decode()
        assert says in body, code
    assert Series.objects.first() is not None
    assert 'href="/places/vintages/vin-' in client.get(reverse("area", args=["E10000016"])).content.decode()
    assert client.get(reverse("area", args=["E99999999"])).status_code == 404
    found = client.get(reverse("places"), {"q": "kent"})
    assert found.status_code == 302 and found["Location"] == reverse("area", args=["E10000016"])
    several = client.get(reverse("places"), {"q": "northampton"}).content.decode()
    assert "North Northamptonshire" in several and "ended 2021" in several
    assert "No council has “nowhere”" in client.get(reverse("places"), {"q": "nowhere"}).content.decode()
    for one in Vintage.objects.all():
        assert client.get(reverse("vintage", args=[one.pk])).status_code == 200


def test_everything_can_be_had_as_a_file() -> None:
    client = Client()
    vintage = Vintage.objects.filter(release="cla-numbers").in_order().last()
    assert vintage is not None
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("vintage_csv", args=[vintage.pk])).content.decode())))
    assert len(rows) == sum(len(values) for values in vintage.series.values_list("values", flat=True))
    links = list(csv.DictReader(io.StringIO(client.get(reverse("neighbours_csv")).content.decode())))
    assert {row["model"] for row in links} == {"2021", "2025"}
    script = client.get(reverse("indicator_r", args=["starts", "2025"])).content.decode()
    assert "phi <- mean(m^2)" in script
    assert client.get(reverse("indicator_r", args=["referrals", "2024-03"])).status_code == 404
