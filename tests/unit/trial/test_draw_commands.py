"""`whatworks trial commit … event`: the whole way on a command line, and what is refused on it."""

from __future__ import annotations

import csv
import io
import json
import shlex
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.unit.docs.pages import page
from tests.unit.trial import draws
from whatworks.cli import trial_commit, trial_draw
from whatworks.cli.commands import app
from whatworks.errors import InputError

DESIGN = draws.design('method = "constrained"\ncovariates = ["size"]\nstrata = ["area"]\nkeep = "1/2"')


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a design and a list, in which the commands run; the clock is set by `at`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "design.toml").write_text(DESIGN, encoding="utf-8")
    (tmp_path / "units.csv").write_text(draws.LIST, encoding="utf-8")
    at(monkeypatch, draws.COMMITTED)
    return tmp_path


def at(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Set the clock of the commands."""
    for module in (trial_commit, trial_draw):
        monkeypatch.setattr(module, "now", lambda: when)


def run(*words: str, code: int = 0) -> str:
    """What a sub-command prints."""
    result = CliRunner().invoke(app, ["trial", *words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def answer(*words: str, code: int = 0) -> dict[str, Any]:
    """What it prints with --json: one object."""
    return dict(json.loads(run(*words, "--json", code=code)))


def frozen(monkeypatch: pytest.MonkeyPatch) -> str:
    """Two custodians and a beacon have committed, and the list is frozen; the seal."""
    run("commit", "One", "--commitments", "c.json", "--secret", "one.secret")
    run("commit", "Two", "--commitments", "c.json", "--secret", "two.secret")
    run(
        "commit",
        "Beacon",
        "--commitments",
        "c.json",
        "--beacon",
        "a source",
        "--round",
        "12",
        "--named-for",
        draws.BEACON,
    )
    at(monkeypatch, draws.FROZEN)
    return str(answer("freeze", "design.toml", "units.csv", "--commitments", "c.json")["seal"])


def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """All have told."""
    at(monkeypatch, draws.TOLD)
    run("reveal", "--commitments", "c.json", "--secret", "one.secret")
    run("reveal", "--commitments", "c.json", "--name", "Beacon", "--value", "AB12")
    assert answer("reveal", "--commitments", "c.json", "--secret", "two.secret")["missing"] == []


def test_the_whole_way(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit, freeze, tell, draw, replay by the shipped program, note an event, replay again; then somebody changes an arm."""
    seal = frozen(monkeypatch)
    told(monkeypatch)
    secret = json.loads((room / "one.secret").read_text("utf-8"))["secret"]
    assert stat.S_IMODE((room / "one.secret").stat().st_mode) == 0o600 and len(secret) == 64
    at(monkeypatch, draws.DRAWN)
    shown = run(
        "allocate", "design.toml", "units.csv", "--commitments", "c.json", "--out", "a.json", "--script", "again.py"
    )
    assert shown.startswith("Draw of record: 12 units") and "administrator is trusted" in shown
    assert answer("replay", "a.json", "--seal", seal) == {
        "reproduced": True, "first_difference": None, "label": "draw of record", "seal": seal, "units": 12, "events": 0,
    }  # fmt: skip
    alone = subprocess.run(
        [sys.executable, "-I", room / "again.py", room / "a.json", seal], cwd="/", capture_output=True, text=True
    )
    assert alone.returncode == 0, alone.stdout
    note = ["event", "a.json", "--unit", "Ash", "--kind", "withdrawn", "--reason", "closed", "--on", "2026-02-01"]
    assert answer(*note)["events"] == 1
    assert "1 events after the draw" in run("replay", "a.json")
    held = json.loads((room / "a.json").read_text("utf-8"))
    held["allocation"]["Ash"] = "elsewhere"
    (room / "b.json").write_text(json.dumps(held), encoding="utf-8")
    found = answer("replay", "b.json", code=1)
    assert found["reproduced"] is False and found["first_difference"].startswith("Ash: the file says elsewhere")
    assert "Not reproduced" in run("replay", "b.json", code=1)
    assert answer("replay", "a.json", "--seal", "0" * 64, code=1)["first_difference"].startswith(
        "The stand-alone program: In the seal"
    )
    with pytest.raises(InputError, match="changed after the draw"):
        run(*note[:1], "b.json", *note[2:])


def test_practice_says_so_everywhere(room: Path) -> None:
    """A seed that somebody typed can be shopped for, so that nobody may take the draw for one of record."""
    words = ["allocate", "design.toml", "units.csv", "--out", "p.json", "--practice", "--seed", "42"]
    assert run(*words).startswith("Practice only: 12 units")
    found = answer(*words)  # practice may be repeated, and gives the same
    assert found["label"] == "practice only" and found["seal"] is None and found["units"] == 12
    assert found["counts"]["arms"] == {"control": 6, "intervention": 6}
    assert (room / "p.json").read_text("utf-8").startswith('{\n "label": "practice only"')
    assert "practice only" in run("replay", "p.json") and answer("replay", "p.json")["label"] == "practice only"
    assert "practice only" in run(
        "event", "p.json", "--unit", "Yew", "--kind", "late", "--reason", "new", "--on", "2026-02-01"
    )


def test_a_custodian_tells_one_arm_at_a_time(room: Path) -> None:
    """Whoever asks for one unit learns nothing of the others, and that it was told stands in the chain."""
    arms = answer("allocate", "design.toml", "units.csv", "--out", "p.json", "--practice", "--seed", "1")["allocation"]
    shown = run("release", "p.json", "--unit", "Fir", "--on", "2026-02-01")
    assert shown.startswith(f"Fir: {arms['Fir']} (practice only; event 1")
    assert not any(unit in shown for unit in arms if unit != "Fir")
    assert answer("release", "p.json", "--unit", "Ash")["arm"] == arms["Ash"]
    with pytest.raises(InputError, match="told already"):
        run("release", "p.json", "--unit", "Fir")
    with pytest.raises(InputError, match="not in the allocation"):
        run("release", "p.json", "--unit", "Yew")
    assert answer("replay", "p.json")["events"] == 2


def test_a_later_batch_goes_on(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (room / "design.toml").write_text(draws.design('method = "minimisation"\nfactors = ["area"]'), encoding="utf-8")
    lines = draws.LIST.splitlines(keepends=True)
    (room / "first.csv").write_text("".join(lines[:7]), encoding="utf-8")
    (room / "later.csv").write_text("".join([lines[0], *lines[7:]]), encoding="utf-8")
    practice = ["--practice", "--seed", "1", "--json"]
    run("allocate", "design.toml", "first.csv", "--out", "first.json", *practice)
    run("allocate", "design.toml", "later.csv", "--out", "later.json", "--after", "first.json", *practice)
    assert answer("replay", "later.json")["units"] == 6
    assert json.loads((room / "later.json").read_text("utf-8"))["before"] == json.loads(
        (room / "first.json").read_text("utf-8")
    )


def test_a_later_draw_of_record_is_frozen_as_such(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which draw goes on from which is fixed at the freeze too; otherwise the earlier arms could be chosen afterwards."""
    (room / "design.toml").write_text(draws.design('method = "minimisation"\nfactors = ["area"]'), encoding="utf-8")
    lines = draws.LIST.splitlines(keepends=True)
    (room / "first.csv").write_text("".join(lines[:7]), encoding="utf-8")
    (room / "units.csv").write_text("".join([lines[0], *lines[7:]]), encoding="utf-8")
    for seed in ("1", "2"):
        run("allocate", "design.toml", "first.csv", "--out", f"{seed}.json", "--practice", "--seed", seed)
    for name in ("One", "Two"):
        run("commit", name, "--commitments", "c.json", "--secret", f"{name}.secret")
    before = answer("freeze", "design.toml", "units.csv", "--commitments", "c.json", "--after", "1.json")["before"]
    assert before == json.loads((room / "1.json").read_text("utf-8"))["digest"]
    for name in ("One", "Two"):
        run("reveal", "--commitments", "c.json", "--secret", f"{name}.secret")
    words = ["allocate", "design.toml", "units.csv", "--commitments", "c.json", "--out", "a.json"]
    with pytest.raises(InputError, match="going on from another"):
        run(*words)
    with pytest.raises(InputError, match="cannot continue one that was practice only"):
        run(*words, "--after", "1.json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["allocate", "design.toml", "units.csv", "--out", "a.json"], "needs --commitments"),
        (["allocate", "design.toml", "units.csv", "--out", "a.json", "--seed", "1"], "draws for practice only"),
        (["allocate", "design.toml", "units.csv", "--out", "a.json", "--practice"], "needs a seed"),
        (["allocate", "design.toml", "units.csv", "--out", "units.csv", "--practice", "--seed", "1"], "is not drawn over"),
        (["allocate", "absent.toml", "units.csv", "--out", "a.json", "--practice", "--seed", "1"], "absent.toml cannot be read"),
        (["allocate", "units.csv", "units.csv", "--out", "a.json", "--practice", "--seed", "1"], "not readable TOML"),
        (["allocate", "design.toml", "design.toml", "--out", "a.json", "--practice", "--seed", "1"], "no column unit|cells"),
        (["allocate", "design.toml", "units.csv", "--out", "a.json", "--practice", "--seed", "1", "--redcap-each", "9"], "Name the file"),
        (["commit", "One", "--commitments", "c.json"], "Give --secret"),
        (["reveal", "--commitments", "design.toml", "--secret", "x"], "not readable JSON"),
        (["replay", "units.csv"], "not readable JSON"),
        (["freeze", "design.toml", "units.csv", "--commitments", "absent.json"], "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(room: Path, words: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(*words)
    assert not (room / "a.json").exists()


def test_order_is_kept_on_the_command_line(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells before the freeze, nothing is committed after it, a secret is not written over, and the list stays as it was."""
    run("commit", "One", "--commitments", "c.json", "--secret", "one.secret")
    with pytest.raises(InputError, match="not frozen yet"):
        run("reveal", "--commitments", "c.json", "--secret", "one.secret")
    with pytest.raises(InputError, match="is there already"):
        run("commit", "Two", "--commitments", "c.json", "--secret", "one.secret")
    assert len(json.loads((room / "c.json").read_text("utf-8"))["parties"]) == 1
    (room / "c.json").unlink()
    (room / "one.secret").unlink()
    frozen(monkeypatch)
    with pytest.raises(InputError, match="nobody can commit after"):
        run("commit", "Three", "--commitments", "c.json", "--secret", "three.secret")
    assert not (room / "three.secret").exists()
    with pytest.raises(InputError, match="before its time"):
        run("reveal", "--commitments", "c.json", "--name", "Beacon", "--value", "AB12")
    told(monkeypatch)
    (room / "units.csv").write_text(draws.LIST.replace("Ash,north", "Ash,south"), encoding="utf-8")
    with pytest.raises(InputError, match="changed after it was frozen"):
        run("allocate", "design.toml", "units.csv", "--commitments", "c.json", "--out", "a.json")


def test_what_cannot_be_drawn_is_not_frozen(room: Path) -> None:
    """Found out after the secrets are told, it would cost a new round of commitments."""
    run("commit", "One", "--commitments", "c.json", "--secret", "one.secret")
    run("commit", "Two", "--commitments", "c.json", "--secret", "two.secret")
    (room / "design.toml").write_text(DESIGN.replace('"size"', '"sizes"'), encoding="utf-8")
    with pytest.raises(InputError, match="names sizes, and the list has no such column"):
        run("freeze", "design.toml", "units.csv", "--commitments", "c.json")
    assert json.loads((room / "c.json").read_text("utf-8"))["frozen"] is None


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode())))


def test_redcap_gets_codes_under_its_own_names(room: Path) -> None:
    """The module's template: these two columns, then the strata; codes only."""
    words = [
        "allocate",
        "design.toml",
        "units.csv",
        "--out",
        "a.json",
        "--practice",
        "--seed",
        "1",
        "--redcap",
        "r.csv",
    ]
    found = answer(*words, "--redcap-code", "control=0", "--redcap-code", "intervention=1")
    rows = table(room / "r.csv")
    assert rows[0] == ["redcap_randomization_number", "redcap_randomization_group", "area"]
    assert [row[1] for row in rows[1:]] == ["01"[arm == "intervention"] for arm in found["allocation"].values()]
    assert found["redcap"]["area"] == {"east": "1", "north": "2", "south": "3"} and len(rows) == 13
    assert all(cell.isdigit() for row in rows[1:] for cell in row)
    with pytest.raises(InputError, match="a code of its own"):
        run(*words, "--redcap-code", "control=0")
    with pytest.raises(InputError, match="block_sizes"):
        run(*words, "--redcap-each", "8")


def test_redcap_gets_more_rows_than_units_for_every_stratum(room: Path) -> None:
    """A look-up table that runs out in one stratum stops the trial there."""
    (room / "design.toml").write_text(
        draws.design('method = "stratified"\nstrata = ["area", "batch"]\nblock_sizes = [4]'), "utf-8"
    )
    words = [
        "allocate",
        "design.toml",
        "units.csv",
        "--out",
        "a.json",
        "--practice",
        "--seed",
        "1",
        "--redcap",
        "r.csv",
    ]
    run(*words, "--redcap-each", "20")
    rows = table(room / "r.csv")[1:]
    assert len(rows) == 3 * 2 * 20
    for start in range(0, len(rows), 4):  # each block of four is even, and of one stratum
        assert sorted(row[1] for row in rows[start : start + 4]) == ["1", "1", "2", "2"]
        assert len({tuple(row[2:]) for row in rows[start : start + 4]}) == 1
    with pytest.raises(InputError, match="more than REDCap takes"):
        run(*words, "--redcap-each", "10000")


def test_every_command_of_the_guide_is_one() -> None:
    """An option that is gone would be copied from the page and refused. (With --help the program still minds its options.)"""
    lines = [line.strip() for line in page("docs/how-to/draw-an-allocation.md").splitlines()]
    found = [shlex.split(line)[2:] for line in lines if line.startswith("whatworks trial ")]
    assert {words[0] for words in found} >= {"commit", "freeze", "reveal", "allocate", "event", "release"}
    for words in found:
        run(*words, "--help")
    assert CliRunner().invoke(app, ["trial", "allocate", "--no-such", "--help"]).exit_code == 2
