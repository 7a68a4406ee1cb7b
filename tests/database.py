"""Lets tests that commit empty the tables again: the append-only triggers go just before the flush, which re-makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

COMMITTING = {"transactional_db", "live_server"}


@pytest.fixture(autouse=True)
def _emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    marker = request.node.get_closest_marker("django_db")
    commits = COMMITTING & set(request.fixturenames) or (marker and marker.kwargs.get("transaction"))
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from whatworks.collate.search.store import store
    from whatworks.ledger import triggers

    triggers.remove()
    store().empty()  # its words lie beside Django's tables, and a flush would leave them to the next test


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of the tests; at the end PostgreSQL would not drop it while a thread that is about to end, or a server
    that was just stopped, still holds a line to it."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
