"""`python -m tools.oracles`: what it says of numbers that moved, and where it cannot run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import oracles


def test_the_furthest_of_the_numbers_that_moved_is_named() -> None:
    before = {"versions": {"R": "4.2"}, "sets": [{"se": 2.0, "p": 1e-9}, {"se": None}]}
    assert oracles.told(before, {**before}) == "the same numbers"
    after = {"versions": {"R": "4.2"}, "sets": [{"se": 2.2, "p": 1e-8}, {"se": None}]}
    assert oracles.told(before, after) == "2 values differ; /sets/0/se moved by 1.0e-01, the furthest"


def test_a_number_that_is_gone_is_not_taken_for_a_small_move() -> None:
    assert oracles.told({"a": 1.0, "b": 2.0}, {"a": 1.0}) == "1 values differ; /b is another value"
    assert "is another value" in oracles.told([1.0, 2.0], [1.0])


def test_without_r_it_says_so_and_touches_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(oracles.shutil, "which", lambda name: None)
    assert oracles.main([]) == 0
    assert "R is not installed" in capsys.readouterr().out


def test_every_set_of_numbers_made_by_r_has_its_script() -> None:
    written = {path.stem for path in Path(oracles.ORACLES).glob("*.json")}
    by_python = {path.stem for path in Path(oracles.ORACLES).glob("from_*.py")}
    assert written - by_python <= set(oracles.scripts())
