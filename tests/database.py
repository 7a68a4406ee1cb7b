"""Lets tests that commit empty the tables again: the append-only triggers go just before the flush, which re-makes them."""

from __future__ import annotations

from collections.abc import Iterator

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
    from whatworks.ledger import triggers

    triggers.remove()
