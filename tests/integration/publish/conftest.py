"""The centre that ships, built once for a file of tests. Imports are inside: this file is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration, in a transaction around the file's tests: they may change it, each within its own."""
    with django_db_blocker.unblock():
        from django.db import connection, transaction

        from whatworks.archive.demonstration import build_demonstration

        with transaction.atomic():
            build_demonstration()
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")  # rows that nobody else can see yet are unknown to its planner
            yield
            transaction.set_rollback(True)
