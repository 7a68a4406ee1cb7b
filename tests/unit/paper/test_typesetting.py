"""The typesetter's own process: its faults are sentences, its end is not ours, and a fork has its own."""

from __future__ import annotations

import os
import sys

import pytest

from whatworks.paper import typesetting
from whatworks.paper.typesetting import TypesettingError, typeset

PAGE = "#set document(title: [A page])\nA page"


def test_what_cannot_be_set_is_said_in_a_sentence() -> None:
    with pytest.raises(TypesettingError, match="could not be set: "):
        typeset("#panic()", {})


def test_it_is_started_again_when_it_ended() -> None:
    typeset(PAGE, {})
    typesetting._held[0].process.kill()
    typesetting._held[0].process.wait()
    assert typeset(PAGE, {})[:4] == b"%PDF"


def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that took for ever would keep every other reader waiting."""
    monkeypatch.setattr(typesetting, "SECONDS", 1.0)
    with pytest.raises(TypesettingError, match="took too long"):
        typeset("#for a in range(100000) { for b in range(100000) { let c = a * b } }", {})
    monkeypatch.undo()
    assert typeset(PAGE, {})[:4] == b"%PDF"


def test_another_takes_over_after_its_life(monkeypatch: pytest.MonkeyPatch) -> None:
    typeset(PAGE, {})
    before = typesetting._held[0].process.pid
    monkeypatch.setattr(typesetting, "LIFE", 1)
    typeset(PAGE, {})
    assert typesetting._held[0].process.pid != before


@pytest.mark.skipif(sys.platform != "linux", reason="a fork is how a release is made on several processors, on Linux")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_has_a_typesetter_of_its_own() -> None:
    """In one process with the typesetter a fork waited for its threads for ever."""
    typeset(PAGE, {})
    child = os.fork()
    if child == 0:
        os._exit(0 if typeset(PAGE, {})[:4] == b"%PDF" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert typeset(PAGE, {})[:4] == b"%PDF"
