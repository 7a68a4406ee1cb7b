"""A lower page shows a higher fact: in its order, each once, and nothing where there is nothing."""

from __future__ import annotations

import pytest

from whatworks.ledger import sections
from whatworks.ledger.sections import Section, about, offer


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rooms have offered is left alone."""
    monkeypatch.setattr(sections, "_offers", {})


def trials(identifier: str) -> Section | None:
    return Section("Trials", f"<p>{identifier}</p>")


def sites(identifier: str) -> Section | None:
    return Section("Sites", "<p>Two councils</p>") if identifier == "int-1" else None


def test_sections_come_in_the_order_that_the_rooms_gave() -> None:
    offer("intervention", trials, order=20)
    offer("intervention", sites, order=10)
    assert [one.title for one in about("intervention", "int-1")] == ["Sites", "Trials"]


def test_the_page_s_own_subject_is_asked_about() -> None:
    offer("intervention", trials)
    assert about("intervention", "int-7") == [Section("Trials", "<p>int-7</p>")]


def test_nothing_to_show_leaves_no_empty_heading() -> None:
    offer("intervention", sites)
    assert about("intervention", "int-2") == []


def test_a_room_that_loads_twice_is_shown_once() -> None:
    for _ in range(2):
        offer("intervention", trials, order=20)
    assert len(about("intervention", "int-1")) == 1


def test_other_kinds_of_subject_get_nothing() -> None:
    offer("intervention", trials)
    assert about("study", "int-1") == about("unheard-of", "int-1") == []
