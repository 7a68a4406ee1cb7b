"""Two processes that make pages: each keeps to the pages it began, none waits in vain, and what goes wrong is told."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from whatworks.archive import making
from whatworks.archive.making import TOGETHER, Makers, Waiting
from whatworks.archive.rendering import Rendered
from whatworks.errors import WhatworksError

FILES = ["/static/web/look.css", "/static/web/words.css", "/static/publish/page.css"]


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Makers]:
    """Processes of their own from the first page on."""
    monkeypatch.setattr(making, "_may_fork", lambda: True)
    monkeypatch.setattr(making, "WARM", 0)
    held = Makers()
    yield held
    held.close()


def gathered(makers: Makers) -> list[Rendered]:
    found: list[Rendered] = []
    while makers.busy():
        found += makers.made()
    return found


def test_the_files_of_a_page_are_made_where_the_page_was_made() -> None:
    waiting = Waiting(["/evidence/one/", "/evidence/two/"])
    assert waiting.take(1) == ["/evidence/two/", "/evidence/one/"]
    waiting.add(["/evidence/one/ratings/", "/embed/one/", "/studies/new/"])
    assert waiting.take(0) == [
        "/studies/new/",
        "/embed/one/",
        "/evidence/one/ratings/",
    ]  # rather than to have nothing to do
    waiting.add(["/evidence/two/history/", *(f"/trace/{number}/" for number in range(TOGETHER))])
    assert waiting.take(1)[0] == "/evidence/two/history/"
    assert waiting.take(1) == ["/trace/0/"] and not waiting


def test_two_processes_make_everything_once(makers: Makers) -> None:
    makers.make(FILES[:1], 0)
    makers.make(FILES[1:], 1)
    found = {one.address: one for one in gathered(makers)}
    assert sorted(found) == sorted(FILES) and all(one.body for one in found.values())


def test_a_process_is_given_no_more_than_it_can_do_soon(makers: Makers) -> None:
    for number, maker in enumerate((0, 1) * making.AHEAD):
        assert makers.free() == maker
        makers.make(FILES[number % 2 : number % 2 + 1], maker)
    assert makers.free() is None
    assert len(gathered(makers)) == 2 * making.AHEAD and makers.free() == 0


def test_what_goes_wrong_in_a_process_is_raised_here(makers: Makers) -> None:
    makers.make(["/static/web/not-there.css"], 0)
    with pytest.raises(WhatworksError, match=r"not-there\.css is linked but does not exist"):
        gathered(makers)


def test_a_process_that_was_ended_is_told_and_not_waited_for(makers: Makers) -> None:
    makers.make(FILES[:1], 0)
    gathered(makers)
    os.kill(makers._others[0][0].pid or 0, 9)
    makers._others[0][0].join()
    with pytest.raises((WhatworksError, BrokenPipeError)):
        makers.make(FILES[:1], 0)
        gathered(makers)
