"""The small centre of another sector, and people who rate in it. Imports are inside: this is read before Django is set up."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def team(db: None, roads: None) -> Any:
    """Two raters, a third, two approvers and a lead."""
    from tests.integration.rate.raters import raters

    return raters()
