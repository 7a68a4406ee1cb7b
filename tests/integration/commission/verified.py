"""What the room's own check finds wrong."""

from __future__ import annotations

from whatworks.commission.checks import check_calls
from whatworks.ledger.verification import Difference, Report


def differences() -> list[Difference]:
    """The differences among the rows of calls."""
    report = Report()
    check_calls(report)
    return report.differences
