"""A centre's folder and a source for tests of searches and of reports entered by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> Path:
    """A centre's folder of this test's own."""
    settings.HOME = tmp_path / "centre"
    return tmp_path / "centre"
