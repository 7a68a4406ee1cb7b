"""The page that says how long people's things are kept gives the days that the program keeps them."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/explanation/what-is-kept-of-people.md"


def line(about: str) -> str:
    """The line of the table about something."""
    return next(one for one in PAGE.read_text("utf-8").splitlines() if one.startswith(f"| {about}"))


def test_the_days_are_those_of_the_program() -> None:
    from whatworks.contact.joining import UNCONFIRMED
    from whatworks.convene import enquiring, guarding, meeting
    from whatworks.convene.panel_words import words

    keep = words()["keep"]
    panel = line("a panel's contacts")
    assert f"{keep['not_drawn']} days after" in panel and f"{keep['member']} days after the last meeting" in panel
    assert f"| {UNCONFIRMED.days} days after" in line("an address that was never confirmed")
    assert f"| {guarding.KEPT_FOR.days} days after" in line("a text that was not shown")
    assert enquiring.KEPT_FOR.days == 2 * 365 and "| two years after" in line("an enquiry and who asked")
    assert meeting.NEEDS_GO == 1 and "| the day after" in line("needs of people")
    assert f"| {meeting.NAMES_GO} days after" in line("names of people")
