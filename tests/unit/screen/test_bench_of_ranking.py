"""The bench beside ASReview measures what the documentation says that it does, unless it is asked for less."""

from __future__ import annotations

from pathlib import Path

import pytest

from benches import ranking
from tests.shared import needs_shared


@needs_shared
def test_without_being_asked_it_measures_every_shared_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two small sets and one seed would be called the comparison."""
    monkeypatch.delenv("RANKING_SETS", raising=False)
    monkeypatch.delenv("RANKING_SEEDS", raising=False)
    asked: list[tuple[str, list[int]]] = []

    def beside(one: ranking.Labelled, seeds: list[int]) -> tuple[ranking.Measured, ranking.Measured]:
        asked.append((one.name, seeds))
        return ranking.Measured((0.1, 0.5, 0.5, 0.5, 1.0)), ranking.Measured((0.2, 0.4, 0.6, 0.5, 20.0))

    monkeypatch.setattr(ranking, "beside", beside)
    monkeypatch.setattr(ranking, "read", lambda path: ranking.Labelled(Path(path).name[:-7], [], [], []))
    ranking.main()
    said = capsys.readouterr().out
    assert len(asked) == 7 and all(seeds == [1] for _, seeds in asked)
    assert "means over 7 sets" in said and "CPU by label: 20.0 times less" in said


@needs_shared
def test_a_quick_look_and_single_sets_are_had_for_the_asking() -> None:
    assert ranking.chosen("few") == list(ranking.FEW)
    assert ranking.chosen("Nagtegaal_2019") == ["Nagtegaal_2019"]
    with pytest.raises(SystemExit, match="There is no set 'Nagtegal'; there are Appenzeller"):
        ranking.chosen("Nagtegal")
