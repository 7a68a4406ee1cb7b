"""An event as a calendar file (RFC 5545), which telephones and calendars take in."""

from __future__ import annotations

import datetime


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """Lines of at most 75 bytes; what goes on begins with a space."""
    out, held = [], ""
    for sign in line:
        if len((held + sign).encode()) > 75:
            out.append(held)
            held = " "
        held += sign
    return "\r\n".join([*out, held])


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def calendar_file(
    *, identifier: str, title: str, starts: datetime.datetime, ends: datetime.datetime, place: str, about: str, address: str,
    at: datetime.datetime, alarm_hours: int = 24,
) -> str:  # fmt: skip
    """The file: one event, with an alarm so many hours before. `at`: when the file was made."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//whatworks//events//EN", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{identifier}@whatworks", f"DTSTAMP:{_moment(at)}", f"DTSTART:{_moment(starts)}", f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_escaped(title)}", f"LOCATION:{_escaped(place)}", f"DESCRIPTION:{_escaped(about)}", f"URL:{address}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}", f"TRIGGER:-PT{alarm_hours}H", "END:VALARM",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(_folded(line) + "\r\n" for line in lines)
