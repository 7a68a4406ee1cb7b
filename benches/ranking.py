"""How much reading does our order of records save beside ASReview's, and at what cost? Same rows, same priors, one run.

    python -m benches.ranking                            the seven shared reviews, one seed (about three minutes)
    RANKING_SEEDS=1,2,3 python -m benches.ranking        with three, as in the documentation (ten minutes)
    RANKING_SETS=few python -m benches.ranking           two small ones, for a quick look (under a minute)

RANKING_SETS also takes names of sets, with commas between.

For each seed the rows are shuffled once and written to one file, and one relevant and one irrelevant record are given to
both. ATD (mean rank of the relevant records as a share of all) is better lower, the others higher. CPU is each
program's own for reading the file and simulating on one core, its start-up left out, by label shown. ASReview 3.0.8 runs
with its default learner (ELAS u4) in an environment of its own, made when first needed.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benches.matching.programs import NotMeasured, Peer, environment, last_line, one_core
from tests.shared import SHARED
from whatworks.screen.methods.measuring import savings
from whatworks.screen.methods.simulating import prior_records, shuffled

SETS = SHARED / "screening"
FEW = ("Cohen_2006_Estrogens", "Cohen_2006_ADHD")
PEER = Peer("asreview 3.0.8", "requirements-peers-screening.lock", "", "csv")
SCRIPT = Path(__file__).parent / "ranked" / "asreview_peer.py"
HEADS = ("ATD", "WSS@95", "recall@10%", "recall@20%", "ms/label")


@dataclass(frozen=True, slots=True)
class Measured:
    """The means over the seeds for one program on one set, in the order of `HEADS`."""

    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A review whose decisions are known."""

    name: str
    titles: list[str]
    abstracts: list[str]
    labels: list[int]


def main() -> None:
    """Print a table for each set, and the means."""
    seeds = os.environ.get("RANKING_SEEDS", "1")
    if not SETS.is_dir():
        print(f"not measured: the shared reference data is not beside this checkout ({SETS})")
        return
    pairs = []
    for name in chosen(os.environ.get("RANKING_SETS", "all")):
        one = read(SETS / f"{name}.csv.gz")
        print(f"\n{one.name}: {len(one.labels):,} records, {sum(one.labels):,} relevant")
        print("".ljust(16) + "".join(head.rjust(12) for head in HEADS), flush=True)
        pairs.append(beside(one, [int(seed) for seed in seeds.split(",")]))
    told = [(ours, theirs) for ours, theirs in pairs if theirs is not None]
    if told:
        verdict(told)


def chosen(asked: str) -> list[str]:
    """The names of the sets that are asked for: `all`, `few`, or names with commas between."""
    names = sorted(path.name.removesuffix(".csv.gz") for path in SETS.glob("*.csv.gz"))
    found = {"all": names, "few": list(FEW)}.get(asked, asked.split(","))
    if unknown := [name for name in found if name not in names]:
        raise SystemExit(f"There is no set {unknown[0]!r}; there are {', '.join(names)}, or all, or few.")
    return found


def beside(one: Labelled, seeds: Sequence[int]) -> tuple[Measured, Measured | None]:
    """Both programs on one set; a peer that cannot be measured says why and is left out."""
    found: list[list[tuple[float, ...]]] = [[], []]
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            rows, priors = laid_out(one, seed, Path(folder))
            found[0].append(ours([one.labels[row] for row in rows], priors, seed, Path(folder)))
            try:
                found[1].append(theirs([one.labels[row] for row in rows], priors, seed, Path(folder)))
            except NotMeasured as reason:
                print(f"{PEER.name.ljust(16)}not measured: {reason}")
                break
    measured = [Measured(tuple(mean(column) for column in zip(*runs, strict=True))) for runs in found if runs]
    for name, numbers in zip(("whatworks", PEER.name), measured, strict=False):
        print(line(name, numbers.numbers), flush=True)
    return measured[0], measured[1] if len(found[1]) == len(seeds) else None


def laid_out(one: Labelled, seed: int, folder: Path) -> tuple[list[int], list[int]]:
    """Write the shuffled file and the priors for both; the rows as they lie, and the priors' places among them."""
    rows = shuffled(len(one.labels), seed).tolist()
    known = prior_records(one.labels, seed)
    with (folder / "set.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["title", "abstract", "included"])
        lines.writerows([one.titles[row], one.abstracts[row], one.labels[row]] for row in rows)
    places = [rows.index(row) for row in known]
    (folder / "priors.csv").write_text("seed,id\n" + "".join(f"{seed},{place + 1}\n" for place in places))
    return rows, places


def ours(labels: Sequence[int], priors: Sequence[int], seed: int, folder: Path) -> tuple[float, ...]:
    """What `whatworks screen simulate` makes of the file."""
    call = [sys.executable, "-m", "whatworks", "screen", "simulate", str(folder / "set.csv"), "--seeds", str(seed)]
    call += ["--priors", str(folder / "priors.csv"), "--order", "file", "--json"]
    done = subprocess.run(call, capture_output=True, text=True, env=one_core())
    if done.returncode:
        raise SystemExit(f"whatworks: {last_line(done.stderr)}")
    run = json.loads(done.stdout)["runs"][0]
    cost = 1000 * run["cpu_seconds"] / run["labels"]
    return run["atd"], run["wss95"], run["recall10"], run["recall20"], cost


def theirs(labels: Sequence[int], priors: Sequence[int], seed: int, folder: Path) -> tuple[float, ...]:
    """What ASReview makes of it, measured by the same definitions."""
    python, result = environment(PEER), folder / "result.json"
    known = ",".join(map(str, priors))
    call = [str(python), str(SCRIPT), str(folder / "set.csv"), str(seed), known, str(result)]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, env=one_core())
    if done.returncode:
        raise NotMeasured(f"{PEER.name}: {last_line(done.stderr)}")
    said = json.loads(result.read_text())
    ranks = [place for place, row in enumerate(said["shown"], 1) if labels[row]]
    found = savings(ranks, len(labels) - len(priors))
    cost = 1000 * said["cpu_seconds"] / len(said["shown"])
    return found.atd, found.wss95, found.recall10, found.recall20, cost


def verdict(pairs: Sequence[tuple[Measured, Measured]]) -> None:
    """The means over the sets, and on how many sets ours is the better one."""
    print(f"\nmeans over {len(pairs)} sets")
    for at, head in enumerate(HEADS):
        ours, theirs = ([pair[side].numbers[at] for pair in pairs] for side in (0, 1))
        lower = head in ("ATD", "ms/label")
        wins = sum((a < b) if lower else (a > b) for a, b in zip(ours, theirs, strict=True))
        print(f"{head.ljust(12)} whatworks {mean(ours):.4f}  {PEER.name} {mean(theirs):.4f}  better on {wins}")
    ratios = [theirs.numbers[-1] / ours.numbers[-1] for ours, theirs in pairs]
    print(f"CPU by label: {median(ratios):.1f} times less (median of the sets), {min(ratios):.1f} at least")


def line(name: str, numbers: Sequence[float]) -> str:
    """One row."""
    return name.ljust(16) + "".join(f"{number:12.4f}" for number in numbers)


def read(path: Path) -> Labelled:
    """A shared set."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    labels = [int(float(row["label_included"])) for row in rows]
    return Labelled(path.name[:-7], [r["title"] for r in rows], [r["abstract"] for r in rows], labels)


if __name__ == "__main__":
    main()
