"""The small centre of another sector, and people who rate in it. Imports are inside: this is read before Django is set up."""

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


@pytest.fixture
def team(db: None, roads: None) -> Any:
    """Two raters, a third, two approvers and a lead."""
    from tests.integration.rate.raters import raters

    return raters()
