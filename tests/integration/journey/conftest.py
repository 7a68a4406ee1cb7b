"""A small centre for each test. Imports are inside: this file is read before Django is set up."""

from __future__ import annotations

import pytest


@pytest.fixture
def roads(db: None) -> None:
    """The tiny pack of another sector, computed and published."""
    from tests.integration.journey.centres import build_roads

    build_roads()
