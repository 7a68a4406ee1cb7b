"""How the tests are run: what could not run is said aloud, and the throw-away PostgreSQL leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import postgres
from tools.sources import ROOT

SAMPLE = """
import pytest

def test_passes(): pass

@pytest.mark.skip(reason="the moon is not up")
def test_by_moonlight(): pass

@pytest.mark.postgres
def test_of_the_other_database(): assert False
"""

SAY_ADDRESS = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'], flush=True); input()"]


def run_sample(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the sample as if it lay among our tests, on SQLite."""
    (folder / "test_sample.py").write_text(SAMPLE)
    ours = {name: value for name, value in os.environ.items() if name not in ("CI", "DATABASE_URL")}
    # Nothing of this run may leak into that one: neither its options nor the number of its worker.
    ours = {name: value for name, value in ours.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", ROOT, "-c", "pyproject.toml"]
    command.append(folder / "test_sample.py")
    return subprocess.run(command, cwd=ROOT, env=ours | environment, capture_output=True, text=True)


def test_a_skipped_test_is_loud(tmp_path: Path) -> None:
    """A part that quietly does not run is believed to pass."""
    ran = run_sample(tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert "!!! NOT RUN: 1 tests: the moon is not up" in ran.stdout
    assert "1 passed, 1 skipped, 1 deselected" in ran.stdout


def test_a_skipped_test_fails_in_continuous_integration(tmp_path: Path) -> None:
    """There every part must run."""
    ran = run_sample(tmp_path, CI="true")
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert "(a failure, because CI is set)" in ran.stdout


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder where the throw-away server leaves its files, if it leaves any."""
    if postgres.programs() is None:
        pytest.skip("the tests of the throw-away PostgreSQL need PostgreSQL")
    # pytest's own folder is closed to the account that the server runs under when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="whatworks-traces-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


def test_postgres_ends_with_its_command(traces: Path) -> None:
    """A server left running holds a port and memory until somebody wonders; its command's verdict must come through."""
    command = [sys.executable, "-m", "tools.postgres", sys.executable, "-c", "raise SystemExit(3)"]
    assert subprocess.run(command, cwd=ROOT).returncode == 3
    assert list(traces.iterdir()) == []


def test_postgres_ends_when_told_to_stop(traces: Path) -> None:
    """Continuous integration that runs out of time says so with a signal."""
    command = [sys.executable, "-m", "tools.postgres", *SAY_ADDRESS]
    running = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline().startswith("postgres://")
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 128 + signal.SIGTERM
    assert list(traces.iterdir()) == []
