"""The programs that are compared: ours by its command, each peer in an environment of its own, made when first needed.

Peers need other versions of packages than ours, so they never share its environment: each has one in `.venv/peers/`,
installed from its lock with hashes checked, and removed with `.venv`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benches.matching.scoring import Score, score
from benches.matching.sets import Labelled

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).with_name("peers")


class NotMeasured(Exception):
    """Why a program could not be measured, in one sentence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program made of a set: its score, and CPU seconds for the work with start-up left out."""

    score: Score
    cpu_seconds: float

    @property
    def per_cpu_second(self) -> float:
        """Records per CPU second."""
        return self.score.records / max(self.cpu_seconds, 1e-9)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program: its lock, the oldest Python it runs on, the script that runs it, the form it reads."""

    name: str
    lock: str
    script: str
    form: str
    python: tuple[int, int] = (3, 11)

    def run(self, one: Labelled) -> Outcome:
        """Its outcome on a set, or NotMeasured with the reason."""
        python = environment(self)
        with tempfile.TemporaryDirectory() as folder:
            table, result = Path(folder) / f"set.{self.form}", Path(folder) / "result.json"
            one.write(table) if self.form == "csv" else one.write_ris(table)
            call = [str(python), str(HERE / self.script), str(table), str(result)]
            done = subprocess.run(call, cwd=folder, capture_output=True, text=True, env=one_core())
            if done.returncode:
                raise NotMeasured(f"{self.name}: {last_line(done.stderr)}")
            found = json.loads(result.read_text())
        return Outcome(peer_score(one, found), found["cpu_seconds"])


PEERS = (
    Peer("bib-dedupe 0.11.0", "requirements-peers.lock", "bib_dedupe_peer.py", "csv"),
    Peer("srdedupe 0.1.1", "requirements-peers.lock", "srdedupe_peer.py", "ris"),
    Peer("asreview-datatools 1.4", "requirements-peers-asreview.lock", "asreview_peer.py", "ris", (3, 12)),
)


def ours(one: Labelled) -> Outcome:
    """What `whatworks dedupe` makes of a set."""
    with tempfile.TemporaryDirectory() as folder:
        table, out, pairs = (Path(folder) / name for name in ("set.csv", "out.csv", "pairs.csv"))
        one.write(table)
        call = [sys.executable, "-m", "whatworks", "dedupe", table, "--out", out, "--pairs", pairs, "--json"]
        done = subprocess.run([str(part) for part in call], capture_output=True, text=True, env=one_core())
        if done.returncode:
            raise NotMeasured(f"whatworks: {last_line(done.stderr)}")
        with out.open(encoding="utf-8", newline="") as file:
            groups = {int(row["ID"]): row["cluster_id"] for row in csv.DictReader(file)}
        with pairs.open(encoding="utf-8", newline="") as file:
            asked = [(int(row["id_a"]), int(row["id_b"])) for row in csv.DictReader(file) if row["decision"] == "ask"]
        spent = json.loads(done.stdout)["cpu_seconds"]
    return Outcome(score(one.works, [groups[number] for number in range(len(one.rows))], asked), spent)


def peer_score(one: Labelled, found: dict[str, list[list[int]]]) -> Score:
    """The score of a peer; of one that only says what it keeps, the pairs are not known and stand as not a number."""
    if "kept" in found:
        return survivors(one.works, found["kept"])  # type: ignore[arg-type]  # a flat list there
    groups = list(range(len(one.rows)))
    for group in found["groups"]:
        for member in group:
            groups[member] = groups[group[0]]
    return score(one.works, groups, ((a, b) for a, b in found["asked"]))


def survivors(works: Sequence[int], kept: Iterable[int]) -> Score:
    """The score of a program that removes records without saying of what they are copies."""
    left = list(kept)
    unknown, lost = float("nan"), len(set(works)) - len({works[number] for number in left})
    return Score(
        len(works), unknown, unknown, lost, len(works) - len(left), len(works) - len(set(works)), None, unknown
    )


def environment(peer: Peer) -> Path:
    """The Python of a peer's environment, which is made where it is absent or its lock has changed."""
    lock = ROOT / peer.lock
    folder = ROOT / ".venv" / "peers" / lock.stem
    python, stamp = folder / "bin" / "python", folder / "installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    base = python_from(peer.python)
    if base is None:
        raise NotMeasured(f"{peer.name} needs Python {'.'.join(map(str, peer.python))} or newer, and none was found")
    print(f"   making an environment for {peer.name} ...", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    install = [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
    for call in ([base, "-m", "venv", folder], [*install, "--require-hashes", "-r", lock]):
        done = subprocess.run([str(part) for part in call], capture_output=True, text=True)
        if done.returncode:
            raise NotMeasured(f"{peer.name} could not be installed: {last_line(done.stderr)}")
    stamp.write_text(wanted)
    return python


def python_from(oldest: tuple[int, int]) -> str | None:
    """A Python of this version or newer: the running one, one on PATH, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    later = [f"{oldest[0]}.{minor}" for minor in range(oldest[1], 14)]
    found = [sys.executable, *(f"python{version}" for version in later)]
    found += [str(path) for version in later for path in sorted(kept.glob(f"{version}.*/bin/python"))]
    test = f"import sys, venv; sys.exit(not {oldest} <= sys.version_info[:2] <= (3, 13))"
    for python in filter(shutil.which, found):
        if subprocess.run([python, "-c", test], capture_output=True).returncode == 0:
            return python
    return None


def one_core() -> dict[str, str]:
    """The environment variables with which numerical libraries keep to one core."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TERM": "dumb"}


def last_line(text: str) -> str:
    """The last line that says anything, without colours."""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    return said[-1] if said else "it stopped without a word"
