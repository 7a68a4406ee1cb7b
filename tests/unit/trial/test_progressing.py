"""A pilot's counts against its criteria: numbers needed, colours, and what disagrees."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from scipy.stats import binom
from typer.testing import CliRunner

from whatworks.cli.commands import app
from whatworks.errors import InputError
from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.parts import Criterion
from whatworks.trial.methods.progressing import (
    AMBER_GREEN,
    AMBER_RED,
    COLOURS,
    GREEN,
    RED,
    cut,
    judge,
    needed,
    normal_size,
    progress,
    worst,
)

# Lewis and others (2021), Table 4: red up to, green from, people needed as printed; one-sided 5%, power 90%.
TABLE_4 = [(0.20, 0.35, 78), (0.50, 0.75, 34), (0.65, 0.85, 44)]
UPTAKE, FIDELITY, FOLLOW_UP = (Criterion("x", red, green) for red, green, _ in TABLE_4)


@pytest.mark.parametrize(("red", "green", "printed"), TABLE_4)
def test_sizes_of_the_papers_table_4(red: float, green: float, printed: int) -> None:
    """They print 78.1 as 78 and 43.4 as an even 44, so one person more or less is their rounding."""
    one = Criterion("x", red, green)
    assert abs(normal_size(one, corrected=True) - printed) < 1
    assert abs(needed(one).corrected - printed) <= 1


@pytest.mark.parametrize(
    ("one", "plain", "corrected", "exact", "at_least"),
    [(UPTAKE, 71.59, 78.1, 77, 22), (FIDELITY, 30.35, 34.2, 33, 22), (FOLLOW_UP, 38.57, 43.4, 42, 33)],
)
def test_sizes_by_three_ways(one: Criterion, plain: float, corrected: float, exact: int, at_least: int) -> None:
    """The facts of the design give two and one decimals of the normal sizes, and the exact ones whole."""
    assert normal_size(one, corrected=False) == pytest.approx(plain, abs=0.005)
    assert normal_size(one, corrected=True) == pytest.approx(corrected, abs=0.05)
    assert (needed(one).exact, needed(one).at_least) == (exact, at_least)


def test_the_authors_poster_used_no_correction() -> None:
    """40% and 70% give 22 there (Keele repository 502668)."""
    assert needed(Criterion("fidelity", 0.4, 0.7)).uncorrected == 22


@pytest.mark.parametrize("one", [UPTAKE, FIDELITY, FOLLOW_UP, Criterion("x", 0.0, 0.2), Criterion("x", 0.8, 1.0)])
def test_the_exact_number_is_the_first_that_is_enough(one: Criterion) -> None:
    found = needed(one).exact
    for n in range(1, found + 1):
        level = cut(one, n)
        assert binom.sf(level - 1, n, one.red) <= one.alpha < binom.sf(level - 2, n, one.red) or one.red == 0
        assert (binom.sf(level - 1, n, one.green) >= one.power) == (n == found)


@pytest.mark.parametrize(
    ("one", "n", "edges"),
    [(UPTAKE, 200, (40, 49, 69)), (FIDELITY, 34, (17, 21, 25)), (FOLLOW_UP, 68, (44, 50, 57))],
)
def test_signals_of_the_papers_table_5(one: Criterion, n: int, edges: tuple[int, int, int]) -> None:
    """Table 5 by the normal approximation, as printed: the last count of red, of amber-red, of amber-green."""
    expected = [RED] * (edges[0] + 1) + [AMBER_RED] * (edges[1] - edges[0]) + [AMBER_GREEN] * (edges[2] - edges[1])
    expected += [GREEN] * (n - edges[2])
    assert [judge(one, events, n, "normal").colour for events in range(n + 1)] == expected


def test_the_exact_test_is_stricter_at_the_edge_and_says_so() -> None:
    """22 of 34 against a half: P(X >= 22) = 0.0607 by the binomial, 0.0432 by the normal approximation."""
    found = judge(FIDELITY, 22, 34)
    assert (found.p, found.p_normal) == (pytest.approx(0.0607, abs=5e-5), pytest.approx(0.0432, abs=5e-5))
    assert found.colour == AMBER_RED and "disagree" in str(found.warnings)
    assert judge(FIDELITY, 23, 34).colour == AMBER_GREEN


def test_green_that_is_not_told_apart_from_red_is_amber() -> None:
    found = judge(UPTAKE, 2, 5)
    assert found.colour == AMBER_RED
    assert any("so few were counted" in one for one in found.warnings)
    assert any("77 are needed" in one for one in found.warnings)


def test_more_events_are_never_a_worse_colour() -> None:
    for n, test in itertools.product((3, 20, 77), ("exact", "normal")):
        places = [COLOURS.index(judge(UPTAKE, events, n, test).colour) for events in range(n + 1)]
        assert places == sorted(places)


def design(*criteria: str) -> str:
    return '[design]\nkind = "individual"\n' + "".join(
        f'[[progression]]\nname = "{name}"\nred = 0.2\ngreen = 0.35\n' for name in criteria
    )


def test_the_worst_colour_is_the_pilots() -> None:
    found = progress(read(design("uptake", "follow-up")), [("follow-up", 70, 100), ("uptake", 26, 100)])
    assert [(one.name, one.colour) for one in found.criteria] == [("uptake", AMBER_RED), ("follow-up", GREEN)]
    assert found.colour == AMBER_RED
    assert worst([GREEN, AMBER_GREEN, RED]) == RED


def test_what_cannot_be_is_refused() -> None:
    held = read(design("uptake", "follow-up"))
    with pytest.raises(InputError, match="Nothing was counted for follow-up"):
        progress(held, [("uptake", 1, 2)])
    with pytest.raises(InputError, match="“retention” is no criterion"):
        progress(held, [("retention", 1, 2)])
    with pytest.raises(InputError, match="counted twice"):
        progress(held, [("uptake", 1, 2), ("uptake", 1, 2)])
    with pytest.raises(InputError, match="no \\[\\[progression\\]\\]"):
        progress(read(design()), [])
    with pytest.raises(InputError, match="3 of 2 cannot be counted"):
        judge(UPTAKE, 3, 2)
    with pytest.raises(InputError, match="too close together"):
        needed(Criterion("x", 0.5, 0.5001))
    with pytest.raises(InputError, match="is no test"):
        judge(UPTAKE, 1, 2, "bayes")


def run(tmp_path: Path, table: str, *words: str, code: int = 0) -> str:
    """What the command prints for a pilot with two criteria."""
    (tmp_path / "design.toml").write_text(design("uptake", "follow-up"), encoding="utf-8")
    (tmp_path / "counts.csv").write_text(table, encoding="utf-8")
    files = [str(tmp_path / "design.toml"), str(tmp_path / "counts.csv")]
    result = CliRunner().invoke(app, ["trial", "progress", *files, *words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


TABLE = "criterion,events,n\nuptake,26,100\nfollow-up,70,100\n"


def test_the_command_tells_colours_and_what_they_mean(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, TABLE, "--json"))
    assert (told["colour"], told["test"], told["replication"]) == (AMBER_RED, "exact", None)
    assert told["criteria"][0]["needed"] == {"uncorrected": 72, "corrected": 79, "exact": 77, "at_least": 22}
    shown = run(tmp_path, TABLE)
    assert "amber-red: mend much" in shown and "follow-up" in shown


def test_the_command_tells_how_likely_the_signal_is_found_again(tmp_path: Path) -> None:
    words = ("--estimate", "-0.357", "--se", "0.18", "--next-se", "0.05", "--planned", "-0.139")
    told = json.loads(run(tmp_path, TABLE, *words, "--json"))["replication"]
    assert (round(told["flat"], 2), round(told["sceptical"], 2)) == (0.92, 0.36)
    assert "about 92 of 100 definitive trials" in run(tmp_path, TABLE, *words)


def test_what_the_command_refuses(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column n"):
        run(tmp_path, "criterion,events\nuptake,3\n")
    with pytest.raises(InputError, match=r"Row 1 of counts\.csv: events and n must be whole numbers"):
        run(tmp_path, "criterion,events,n\nuptake,a few,9\n")
    with pytest.raises(InputError, match="Give --estimate, --se and --next-se together"):
        run(tmp_path, TABLE, "--estimate", "0.3")
