"""The small pack, published, once for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def roads(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tiny pack, computed and published, in a transaction around the file's tests."""
    with django_db_blocker.unblock():
        from django.db import transaction

        from tests.integration.journey.centres import build_roads

        with transaction.atomic():
            build_roads()
            yield
            transaction.set_rollback(True)
