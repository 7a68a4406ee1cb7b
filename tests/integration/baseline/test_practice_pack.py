"""The sourced facts of the shipped pack: they load, every word is well said, and each page says what is not held."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tests.integration.journey.centres import SHIPPED
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.pack import TABLES
from whatworks.baseline.practising import faults_of, identifier_of, word_of
from whatworks.baseline.presenters_practice import practice_page
from whatworks.people.models import Area
from whatworks.people.pack import TABLES as PEOPLE
from whatworks.scope.models import Intervention, Particular, Question
from whatworks.scope.pack import TABLES as SCOPE

MODELS = (Area, Practice, Standing)
HIGHER = (Particular, Question)  # these rest on reports, and on what answers them, which are not here
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    """The tables that the map rests on, and the map, in an empty centre."""
    beneath = [one for one in SCOPE if one.model not in HIGHER]
    wanted = [one for one in (*PEOPLE, *beneath, *TABLES) if one.model in MODELS or one in beneath]
    for table in wanted:
        if (path := SHIPPED / table.path).exists():
            table.save(table.read(path.read_text("utf-8"), table.path))


def test_every_word_is_well_said_and_has_its_source_and_its_own_identifier() -> None:
    for row in Standing.objects.select_related("area", "practice"):
        word = word_of(row)
        assert faults_of(row.area, word) == []
        assert row.source_url.startswith("https://"), row.pk
        assert row.pk == identifier_of(row.area, row.practice, word)
    assert Standing.objects.count() == 32


def test_nobody_is_said_to_do_today_what_they_tried_in_a_trial() -> None:
    assert Counter(Standing.objects.values_list("status", flat=True)) == {"tried": 26, "planned": 6}


def test_the_three_pilots_of_social_workers_in_schools() -> None:
    page = practice_page(Practice.objects.get(slug="social-workers-in-schools"))
    assert page["answer"] == "No place is known to do this; of 150 we do not know. 3 tried it."
    assert [one["place"] for one in page["groups"][0]["entries"]] == ["Lambeth", "Southampton", "Stockport"]
    assert page["groups"][0]["entries"][0]["facts"] == [
        "From 2019.",
        "Scale: 5 social workers in 5 secondary schools, with 8 primary schools",
        "Cost: £374,000, in prices of 2019 (the grant for the pilot)",
    ]


@pytest.mark.parametrize("slug", ["family-group-conferencing", "family-drug-and-alcohol-courts"])
def test_where_names_are_not_held_that_is_said_and_none_is_made_up(slug: str) -> None:
    held = Practice.objects.get(slug=slug)
    assert "their names are not held here" in held.plain
    assert not held.standings.exists()


def test_practices_are_tied_to_the_evidence_where_there_is_some() -> None:
    tied = dict(Intervention.objects.exclude(practices=None).values_list("slug", "practices__slug"))
    assert len(tied) == 3
    assert all(slug == practice for slug, practice in tied.items())


def test_the_files_are_as_an_export_would_write_them() -> None:
    for name in ("practices", "standings"):
        text = (SHIPPED / "baseline" / f"{name}.csv").read_text("utf-8")
        table = next(one for one in TABLES if one.path == f"baseline/{name}.csv")
        assert table.write("open") == text
        assert len(list(csv.reader(text.splitlines()))) > 5
