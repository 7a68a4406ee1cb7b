"""Tests that commit leave nothing to the next, not even words beside Django's tables."""

from __future__ import annotations

import pytest
from django.db import connection

from whatworks.collate.search.store import store

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_centre_that_is_committed_has_its_words(settings, tmp_path) -> None:
    from tests.integration.journey.centres import build_roads

    settings.HOME = tmp_path
    build_roads()
    assert store().unlike() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM collate_entry")
        assert cursor.fetchone()[0] > 0


def test_and_the_test_after_it_finds_none() -> None:
    assert store().unlike() == []
