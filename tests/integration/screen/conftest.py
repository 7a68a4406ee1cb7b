"""What the tests of screening share: a home and passwords that cost nothing, and a small team with something to screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.conf import LazySettings

    from whatworks.people.models import User
    from whatworks.screen.models import Review

# Models are imported where they are used: this file is read before Django is set up.


@pytest.fixture(autouse=True)
def _fresh(settings: LazySettings, tmp_path: Path) -> None:
    """What other tests asked or brought does not count here, and a password need not be kept safely."""
    settings.HOME = tmp_path / "home"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def people() -> list[User]:
    """Three who may screen; the first leads."""
    from tests.integration.screen.program import three_people

    return three_people()


@pytest.fixture
def review(people: list[User]) -> Review:
    """Twelve reports, each for two of the three."""
    from tests.integration.screen.program import their_review

    return their_review(people)
