"""The calendar file of an event."""

from __future__ import annotations

import datetime

from whatworks.convene.methods.calendar_file import calendar_file

AT = datetime.datetime(2026, 7, 1, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))


def test_lines_are_folded_escaped_and_in_utc() -> None:
    """Else calendars would refuse the file, or show another hour."""
    text = calendar_file(
        identifier="gth-1", title="Tea; talk, and “time”", starts=AT, ends=AT + datetime.timedelta(hours=2), place="Brookfield",
        about="Line one\nline two " + "é" * 80, address="https://centre.example/events/tea/", at=AT,
    )  # fmt: skip
    assert "DTSTART:20260701T090000Z" in text and "DTEND:20260701T110000Z" in text
    assert "SUMMARY:Tea\\; talk\\, and “time”" in text and "DESCRIPTION:Line one\\nline two" in text
    assert text.endswith("END:VCALENDAR\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "é" * 80 in text.replace("\r\n ", "")
