"""What a registry entry holds, and what one version of it changed in another."""

from __future__ import annotations

import pytest

from whatworks.errors import InputError
from whatworks.trial.methods.registering import cautions, checked, differences


def test_what_is_empty_is_left_out_and_what_is_wrong_is_refused() -> None:
    assert checked({"funding": "  A fund ", "ethics": ""}) == {"funding": "A fund"}
    for wrong in ({"colour": "red"}, {"status": "lost"}, {"began": "5 May 2020"}, {"summary": "x" * 4001}):
        with pytest.raises(InputError):
            checked(wrong)
    with pytest.raises(InputError, match="before it began"):
        checked({"began": "2020-05-01", "ended": "2019-05-01"})


def test_differences_are_named_by_field_and_by_line_in_a_design() -> None:
    found = differences(
        {"status": "planned", "design": "[size]\nicc = 0.1\nclusters = 40\n"},
        {"status": "running", "design": "[size]\nicc = 0.05\nclusters = 40\n", "ethics": "Approved"},
    )
    assert [(one.field, one.lines) for one in found] == [
        ("status", ()),
        ("ethics", ()),
        ("design", ("-icc = 0.1", "+icc = 0.05")),
    ]
    assert differences({"status": "planned"}, {"status": "planned"}) == []


def test_a_registration_after_the_start_is_said() -> None:
    told = cautions(
        {
            "registered_on": "2020-11-13",
            "began": "2020-09-01",
            "registration": "X",
            "ethics": "y",
            "data_protection": "z",
        }
    )
    assert told == ["Registered after the first unit was recruited: on 2020-11-13, not before 2020-09-01."]
    assert len(cautions({})) == 3
