"""Does synthesis agree with R, and how long does it take beside R and Python's other programs? One run, two tables.

    python -m benches.synthesis [FIT ...]

Agreement: the worst difference of each family of numbers over the data sets of tests/oracles/many.json. Speed: median CPU
milliseconds of ours, metafor and clubSandwich (where Rscript has them) and Python's peers (in an environment of their
own, made when first needed); same data, same model, everything that is told realised, and the answers compared. Each fit is
done by all of them in turn, three times, since a machine's pace drifts. Read the ratios. FIT: only this, as reml_10.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benches.matching.programs import NotMeasured, Peer, environment, last_line, one_core
from benches.multilevel import sets
from benches.pooling import cpu_ms
from benches.regressing import ABLAT, BCG_V, BCG_Y, studies
from benches.selection import data as selected
from tests.shared import SHARED

HERE = Path(__file__).with_suffix("")
LOCK = Peer("Python's peers of synthesis", "requirements-peers-meta.lock", "", "")
WORDS = {
    "reml_10": "REML + HKSJ, k = 10",
    "reml_100": "REML + HKSJ, k = 100",
    "reml_500": "REML + HKSJ, k = 500",
    "reml_2000": "REML + HKSJ, k = 2,000",
    "dl_10": "DerSimonian-Laird, k = 10",
    "dl_100": "DerSimonian-Laird, k = 100",
    "dl_500": "DerSimonian-Laird, k = 500",
    "dl_2000": "DerSimonian-Laird, k = 2,000",
    "three_100": "three-level REML, assink, k = 100",
    "three_1000": "three-level REML, 200 x 5 (metafor: sparse)",
    "che": "CHE + CR2, 1,334 effects in 195 studies",
    "cr2": "CR2 + Satterthwaite on a fit, assink with moderators",
    "leave_one_out": "leave-one-out, k = 100",
    "permutation": "permutation test, 1,000 x BCG with moderator",
    "selection": "step-function selection model, k = 100",
    "bootstrap": "10,000 bootstrap fits, k = 20",
    "fresh": "a fresh process: import and first pooled result",
}
# What was set out to be reached: against (metafor, the fastest peer), at least so many times as fast.
GOALS: dict[str, tuple[float, float]] = {
    **{f"reml_{k}": (10, 1) for k in (10, 100, 500, 2000)},
    "three_100": (15, 1),
    "three_1000": (50, 1),
    "leave_one_out": (500, 1),
    "permutation": (500, 1),
}
ROUNDS, PATIENCE_S = 3, 15.0
MOST_MS = {"bootstrap": 200.0, "fresh": 1000.0}


@dataclass
class Timed:
    """Of one program: milliseconds by fit and round, answers by fit, and what could not be measured."""

    name: str
    rounds: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, list[float]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def take(self, fit: str, one: dict[str, Any]) -> None:
        """With what the program found of a fit."""
        if "problem" in one:
            self.problems[fit] = one["problem"]
        else:
            self.rounds.setdefault(fit, []).append(one["ms"])
            self.answers[fit] = one.get("answer") or []

    def ms(self, fit: str) -> float:
        """The median over the rounds."""
        return float(np.median(self.rounds[fit]))

    def times(self, fit: str, mine: Timed) -> float:
        """How many times as long it took as ours did in the same round, the median over the rounds."""
        return float(np.median(np.divide(self.rounds[fit], mine.rounds[fit])))


class Coprocess:
    """Another program that waits for names of fits, so that ours and its own are measured within the same seconds."""

    def __init__(self, command: list[str]) -> None:
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - it lives as long as the process
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=one_core()
        )
        self.versions: dict[str, str] = self._line()

    def ask(self, fit: str) -> dict[str, dict[str, Any]]:
        """What each of its programs found of the fit; empty where none has it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{fit}\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            raise NotMeasured(last_line(self.errors.read()))
        return json.loads(line)

    def close(self) -> None:
        """Nothing more is asked."""
        self.process.communicate()
        self.errors.close()


def given() -> dict[str, Any]:
    """The data of every fit."""
    rng = np.random.default_rng(20260101)
    data: dict[str, Any] = {}
    for k in (10, 100, 500, 2000):
        y, v = studies(k)
        data[f"k{k}"] = {"y": y, "v": v}
    y, v = selected(100, rng)
    data["selected"] = {"y": y, "v": v}
    data["bcg"] = {"y": np.array(BCG_Y), "v": np.array(BCG_V), "x": np.array(ABLAT, dtype=float)}
    data |= sets()
    if "assink" in data:
        from tests.oracles.many import raw

        cells = raw("assink2016")
        data["assink"] |= {
            "year": np.array([float(cell) for cell in cells["year"]]),
            "deltype": np.array(cells["deltype"]),
        }
    return data


def works(data: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Our fits: each gives the whole result as plain numbers."""
    from whatworks.synthesise.methods.bias.selection import selection
    from whatworks.synthesise.methods.influence.bootstrapping import bootstrap
    from whatworks.synthesise.methods.influence.leaving_out import leave_one_out
    from whatworks.synthesise.methods.pooling import pool
    from whatworks.synthesise.methods.regressing.permuting import permutation_test
    from whatworks.synthesise.methods.regressing.regression import regress

    def one(k: int) -> tuple[Any, Any]:
        return data[f"k{k}"]["y"], data[f"k{k}"]["v"]

    fits: dict[str, Callable[[], Any]] = {}
    for k in (10, 100, 500, 2000):
        fits[f"reml_{k}"] = lambda k=k: pool(*one(k), interval="hksj").to_dict()
        fits[f"dl_{k}"] = lambda k=k: pool(*one(k), tau2="DL").to_dict()
    regression = regress(data["bcg"]["y"], data["bcg"]["v"], data["bcg"]["x"])
    y, v = one(100)
    return (
        fits
        | _nested(data)
        | {
            "leave_one_out": lambda: leave_one_out(y, v).to_dict(),
            "permutation": lambda: permutation_test(regression, 1000).to_dict(),
            "selection": lambda: selection(data["selected"]["y"], data["selected"]["v"]).to_dict(),
            "bootstrap": lambda: bootstrap(y[:20], v[:20]).to_dict(),
        }
    )


def _nested(data: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Our models with levels."""
    from whatworks.stats.robust import clustered, robust
    from whatworks.synthesise.methods.multilevel.modelling import multilevel

    def fit(name: str, **more: Any) -> Any:
        one = data[name]
        return multilevel(one["yi"], one["vi"], nested={"study": one["study"], "esid": one["esid"]}, **more)

    fits: dict[str, Callable[[], Any]] = {
        "three_1000": lambda: fit("balanced").to_dict(),
        "che": lambda: fit("campbell", rho=0.6, robust="CR2").to_dict(),
    }
    if "assink" in data:
        table = {name: column.tolist() for name, column in data["assink"].items()}
        model = multilevel(table=table, nested="study/esid", formula="yi ~ year + deltype")
        fits["three_100"] = lambda: fit("assink").to_dict()
        fits["cr2"] = lambda: robust(model.fit, clustered(table["study"]), "CR2").to_dict()
    return fits


def answer_of(found: dict[str, Any]) -> list[float]:
    """The numbers of our result that are compared: the means, then how sure they are."""
    rows = found.get("coefficients")
    keys = ("estimate", "se", "df") if rows else ("estimate", "estimates", "se", "df")
    if "side" in found:  # a selection model, whose standard error metafor takes from differences
        return [found["estimate"]]
    taken = [[row.get(key) for row in rows] if rows else found.get(key) for key in keys]
    flat = (one for part in taken for one in (part if isinstance(part, (list, tuple)) else [part]))
    return [one for one in flat if isinstance(one, float)]


def measured(data: dict[str, Any], others: list[Coprocess], only: list[str]) -> dict[str, Timed]:
    """Every program's times, ours first: each fit by all of them in turn, three times where that takes seconds."""
    timed: dict[str, Timed] = {"whatworks": Timed("whatworks")}
    for fit, work in works(data).items():
        if only and fit not in only:
            continue
        for _ in range(ROUNDS):
            start = time.monotonic()
            answer = [] if fit == "bootstrap" else answer_of(work())
            timed["whatworks"].take(fit, {"ms": cpu_ms(work), "answer": answer})
            for other in others:
                for name, one in other.ask(fit).items():
                    timed.setdefault(name, Timed(name)).take(fit, one)
            if time.monotonic() - start > PATIENCE_S:
                break
    return timed


FRESH = "import whatworks as ww; ww.pool([0.1, 0.3, 0.5, 0.2], [0.02, 0.03, 0.05, 0.04], interval='hksj').to_dict()"
FRESH_R = "suppressMessages(library(metafor)); invisible(rma(c(.1, .3, .5, .2), c(.02, .03, .05, .04), test = 'knha'))"
FRESH_PIMETA = "import pimeta; pimeta.rma([0.1, 0.3, 0.5, 0.2], [0.02, 0.03, 0.05, 0.04], test='knha').to_dict()"


def fresh(command: list[str]) -> float:
    """CPU milliseconds of a whole process: the median of five, after one that fills the caches."""
    seen = []
    for _ in range(6):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, env=one_core())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seen.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return float(np.median(seen[1:]))


def beside(file: Path) -> Iterator[tuple[Coprocess, str, list[str]]]:
    """R, then Python's peers, where they can run; each with the program, and the command, that is timed from cold."""
    if shutil.which("Rscript") is None:
        print("R is not installed: metafor and clubSandwich are not measured.")
    else:
        try:
            r = Coprocess(["Rscript", str(HERE / "metafor.R"), str(file)])
            yield r, "metafor", ["Rscript", "-e", FRESH_R]
        except NotMeasured as problem:
            print(f"metafor could not be measured: {problem}")
    try:
        python = str(environment(LOCK))
        yield Coprocess([python, str(HERE / "peers.py"), str(file)]), "pimeta", [python, "-c", FRESH_PIMETA]
    except NotMeasured as problem:
        print(f"Python's peers could not be measured: {problem}")


def agreement() -> None:
    """Print the worst difference of each family."""
    from tests.oracles import many

    if not SHARED.is_dir():
        print("The shared data are not beside this checkout: agreement is not measured.")
        return
    families: dict[str, list[many.Compared]] = {}
    for name in many.oracle()["sets"]:
        for one in many.comparisons(name):
            families.setdefault(one.family, []).append(one)
    versions = (said if name == "R" else f"{name} {said}" for name, said in many.oracle()["versions"].items())
    print(f"{len(many.oracle()['sets'])} data sets; {', '.join(versions)}")
    print(f"{'family':20}{'numbers':>9}{'median':>10}{'worst':>10}   where")
    for family, found in families.items():
        worst = max(found, key=lambda one: one.difference)
        middle = float(np.median([one.difference for one in found]))
        print(f"{family:20}{len(found):9,}{middle:10.1e}{worst.difference:10.1e}   {worst.where}")


def apart(one: Timed, other: Timed, name: str) -> float | None:
    """The largest relative difference between two programs' answers to a fit."""
    pairs = list(zip(one.answers.get(name, []), other.answers.get(name, []), strict=False))
    return max((abs(a - b) / max(abs(b), 1e-3) for a, b in pairs), default=None)


def speed(mine: Timed, rest: list[Timed]) -> None:
    """Print the table, with how the answers differ, and what was set out to be reached."""
    print("CPU ms".ljust(54) + mine.name.rjust(10) + "".join(f"{one.name:>15}{'times':>8}" for one in rest))
    for name, words in WORDS.items():
        if name in mine.rounds:
            cells = (
                f"{one.ms(name):15.2f}{one.times(name, mine):8.1f}" if name in one.rounds else f"{'-':>15}{'':8}"
                for one in rest
            )
            print(f"{words:54}{mine.ms(name):10.3f}" + "".join(cells))
    for one in rest:
        told = (f"{WORDS[name]} {far:.0e}" for name in mine.rounds if (far := apart(mine, one, name)) is not None)
        print(f"Answers of {one.name} differ from ours by: {'; '.join(told)}.")
        for name, problem in one.problems.items():
            print(f"{one.name} did not finish {WORDS[name]!r}: {problem}")
    for line in reached(mine, rest):
        print(line)


def reached(mine: Timed, rest: list[Timed]) -> Iterator[str]:
    """For each goal, whether it was reached."""
    for name, wanted in ((name, goals) for name, goals in GOALS.items() if name in mine.rounds):
        metafor = [one.times(name, mine) for one in rest if one.name == "metafor" and name in one.rounds]
        peers = [one.times(name, mine) for one in rest if one.name != "metafor" and name in one.rounds]
        for who, times, want in (("metafor", metafor, wanted[0]), ("the fastest peer", peers, wanted[1])):
            if times:
                word = "reached" if min(times) >= want else "MISSED"
                yield f"{word:8} {WORDS[name]}: {min(times):,.1f} times as fast as {who} (goal {want:g})"
    for name, most in ((name, goal) for name, goal in MOST_MS.items() if name in mine.rounds):
        word = "reached" if mine.ms(name) < most else "MISSED"
        yield f"{word:8} {WORDS[name]}: {mine.ms(name):,.0f} ms (goal under {most:,.0f})"


def main() -> None:
    """Both tables."""
    print("== agreement with R")
    agreement()
    print(
        f"\n== speed on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    )
    data = given()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "data.json"
        columns = {name: {key: column.tolist() for key, column in one.items()} for name, one in data.items()}
        file.write_text(json.dumps(columns), encoding="utf-8")
        others = list(beside(file))
        for other, _, _ in others:
            print("; ".join(f"{name} {version}" for name, version in other.versions.items()))
        timed = measured(data, [other for other, _, _ in others], sys.argv[1:])
        for other, _, _ in others:
            other.close()
    if not sys.argv[1:]:
        timed["whatworks"].take("fresh", {"ms": fresh([sys.executable, "-c", FRESH])})
        for _, name, command in others:
            timed[name].take("fresh", {"ms": fresh(command)})
    mine, *rest = timed.values()
    speed(mine, rest)


if __name__ == "__main__":
    main()
