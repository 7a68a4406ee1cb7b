"""What verifies a room is never put aside by another room's check of the same name."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.ledger import verification
from whatworks.ledger.verification import Report, check


def test_two_checks_cannot_share_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The later would stand in the earlier's place, and what the earlier looked at would be verified no more."""
    monkeypatch.setattr(verification, "_checks", {})

    def first(report: Report) -> None:
        raise AssertionError

    def second(report: Report) -> None:
        raise AssertionError

    second.__module__ = "elsewhere"
    check("rows")(first)
    with pytest.raises(InputError, match="Two checks are called rows"):
        check("rows")(second)
    assert check("rows")(first) is first, "a room that loads twice is no other room"
