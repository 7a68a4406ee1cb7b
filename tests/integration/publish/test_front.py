"""The front page says what the list holds, in few questions however many pages there are, and nothing withdrawn."""

from __future__ import annotations

import pytest
from django.test import Client

from whatworks.publish.finding.front import front
from whatworks.publish.models import Page
from whatworks.publish.writing.withdrawing import reinstate, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads(db: None, tmp_path, settings) -> None:
    from tests.integration.journey.centres import build_roads

    settings.HOME = tmp_path
    build_roads()


def test_a_withdrawn_page_is_no_answer_on_the_front_page(roads: None, client: Client) -> None:
    page = Page.objects.get(slug="slow-zones")
    theme = page.intervention.theme.slug
    before = client.get("/").content.decode()
    assert page.title in {one["name"] for one in front([theme], 4).first[theme]}
    withdraw(by="rule:test", page=page, why="A study behind it is under question.")
    told = front([theme], 4)
    assert page.title not in {one["name"] for one in told.first[theme]}
    assert f"/evidence/{page.slug}/" not in client.get("/").content.decode().split('aria-labelledby="changed"')[0]
    reinstate(by="rule:test", page=page, why="The study stands.")
    assert client.get("/").content.decode().split('id="changed"')[0] == before.split('id="changed"')[0]


def test_a_theme_without_pages_and_one_nobody_knows_are_empty(roads: None) -> None:
    assert front(["unheard-of"], 4).first == {"unheard-of": []}


def test_no_more_are_named_than_fit(roads: None, django_assert_max_num_queries) -> None:
    theme = Page.objects.get(slug="slow-zones").intervention.theme.slug
    front([theme], 4)
    with django_assert_max_num_queries(8):
        assert len(front([theme], 1).first[theme]) == 1
