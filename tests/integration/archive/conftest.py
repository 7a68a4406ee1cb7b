"""A small centre for each test, in a home of its own. Imports are inside: this file is read before Django is set up."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:
    """The centre's folder, where releases keep their files."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def roads(db: None, home: Path) -> None:
    """The tiny pack of another sector, computed and published."""
    from tests.integration.journey.centres import build_roads

    build_roads()
