"""The small centre of another sector, built once for a file of tests. Imports are inside: this is read before Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def roads(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tiny pack, computed and published, in a transaction around the file's tests: each may change it within its own."""
    with django_db_blocker.unblock():
        from django.db import transaction

        from tests.integration.journey.centres import build_roads

        with transaction.atomic():
            build_roads()
            yield
            transaction.set_rollback(True)
