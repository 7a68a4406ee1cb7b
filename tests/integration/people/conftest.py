"""A small centre for each test. Imports are inside: this file is read before Django is set up."""

from __future__ import annotations

import pytest


@pytest.fixture
def roads(db: None, tmp_path, settings) -> None:
    """The tiny pack of another sector, computed and published."""
    from tests.integration.journey.centres import build_roads

    settings.HOME = tmp_path / "home"
    build_roads()
