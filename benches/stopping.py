"""When do stopping rules stop, and how many relevant records have been found by then? On simulated screenings.

    python -m benches.stopping          seven shared sets x 50 seeds, foster titles x 5 seeds, and buscarpy (6 minutes)
    STOP_SEEDS=5 STOP_FOSTER_SEEDS=1 STOP_PEER=0 python -m benches.stopping     a quick look

A run stops early where less than the target share had been found. Extra: records read after the target was reached,
as a share of all. Saved: records never read. Limit held: at the stop, no more were missing than `missing_upper` said.
"N in a row" is the common habit of stopping after so many irrelevant records; it is here as a warning.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benches.matching.programs import NotMeasured, Peer, environment, last_line, one_core
from benches.stops.orders import Labels, Screenings, foster, shared_sets
from whatworks.screen.methods.stopping import consecutive_irrelevant_example, stop_estimate, stops_after
from whatworks.screen.methods.urns import most_missing, p_path

SEEDS = int(os.environ.get("STOP_SEEDS", "50"))
FOSTER_SEEDS = int(os.environ.get("STOP_FOSTER_SEEDS", "5"))
PEER_CELLS = 1_000_000  # cells of buscarpy's tables per order, which sets how often it is asked
TARGETS, CONFIDENCE, RUNS_OF = (0.90, 0.95), 0.95, (50, 100, 200)
BUSCARPY = Peer("buscarpy 0.0.2", "requirements-peers-buscarpy.lock", "", "csv")
HEADS = (
    ("set", 34),
    ("rule", 14),
    ("early", 7),
    ("recall", 7),
    ("worst", 7),
    ("extra", 7),
    ("saved", 7),
    ("limit held", 11),
)
Rule = Callable[[Labels, int], int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run under one rule."""

    early: bool
    recall: float
    extra: float
    saved: float
    held: bool | None


def every_urn(target: float) -> Rule:
    """Our rule as it is used live: after each decision; never before a first find."""
    return lambda labels, total: stops_after(labels, total, target=target, confidence=CONFIDENCE) or total


def in_a_row(run: int) -> Rule:
    """The habit that is warned of."""
    return lambda labels, total: consecutive_irrelevant_example(labels, run) or total


def outcome(labels: Labels, total: int, target: float, rule: Rule, limit: bool) -> Outcome:
    """What a rule makes of an order."""
    at, relevant = rule(labels, total), int(labels.sum())
    found = int(labels[:at].sum())
    reached = int(np.searchsorted(np.cumsum(labels), int(np.ceil(target * relevant - 1e-9)))) + 1
    held = most_missing(labels[:at], total, CONFIDENCE) >= relevant - found if limit else None
    return Outcome(
        found < target * relevant - 1e-9, found / relevant, max(0, at - reached) / total, 1 - at / total, held
    )


def row(name: str, rule: str, outcomes: Sequence[Outcome]) -> str:
    """One line of the table."""
    mean = {
        key: float(np.mean([getattr(one, key) for one in outcomes])) for key in ("early", "recall", "extra", "saved")
    }
    held = [one.held for one in outcomes if one.held is not None]
    cells = [name, rule, f"{mean['early']:.1%}", f"{mean['recall']:.3f}", f"{min(one.recall for one in outcomes):.3f}"]
    cells += [f"{mean['extra']:.1%}", f"{mean['saved']:.1%}", f"{np.mean(held):.1%}" if held else "-"]
    (first, wide), (second, room), *others = zip(cells, (size for _, size in HEADS), strict=True)
    return " ".join([first.ljust(wide), second.ljust(room), *(cell.rjust(size) for cell, size in others)])


def table(sets: Iterable[Screenings], target: float) -> None:
    """Every rule on every set, then all runs together."""
    print(f"\ntarget {target:.0%}, confidence {CONFIDENCE:.0%}")
    print(" ".join(head.ljust(size) if at < 2 else head.rjust(size) for at, (head, size) in enumerate(HEADS)))
    rules = {"every urn": every_urn(target), **{f"{run} in a row": in_a_row(run) for run in RUNS_OF}}
    together: dict[str, list[Outcome]] = {name: [] for name in rules}
    runs = 0
    for one in sets:
        runs += len(one.orders)
        for name, rule in rules.items():
            found = [outcome(labels, one.total, target, rule, name == "every urn") for labels in one.orders]
            together[name] += found
            print(row(f"{one.name} ({one.relevant}/{one.total:,})", name, found), flush=True)
    for name, found in together.items():
        print(row(f"all {runs} runs", name, found))


def along_the_way(sets: Iterable[Screenings]) -> None:
    """How often the limit held at every tenth of the reading, not only at the stop; and how far the estimate lay off."""
    print(
        "\nat every tenth of the reading (first 10 seeds): how often no more were missing than the limit; mean numbers"
    )
    print(f"{'read':>6} {'held':>7} {'limit':>8} {'expected':>9} {'missing':>8}")
    for tenth in range(1, 10):
        told, missing = [], []
        for one in sets:
            for labels in one.orders[:10]:
                at = one.total * tenth // 10
                told.append(stop_estimate(labels[:at], one.total))
                missing.append(one.relevant - int(labels[:at].sum()))
        held = np.mean([estimate.missing_upper >= left for estimate, left in zip(told, missing, strict=True)])
        limit = np.mean([estimate.missing_upper for estimate in told])
        expected = np.mean([estimate.expected_missing or 0 for estimate in told])
        print(f"{tenth:>5}0% {held:>6.1%} {limit:>8.1f} {expected:>9.1f} {np.mean(missing):>8.1f}")


def in_random_order(runs: int = 200) -> None:
    """Records read in random order: the tail is then exactly as rich as the rest, the worst case that the test allows."""
    rng = np.random.default_rng(20260904)
    print(
        f"\nread in random order, asked after every record, {runs} runs each: how often the every-urn test stops early"
    )
    print(f"{'relevant/records':>17} {'target':>7} {'early':>7} {'saved':>7}")
    for total, relevant in ((500, 20), (1000, 50), (2000, 40), (2000, 200)):
        for target in TARGETS:
            found = []
            for _ in range(runs):
                labels = rng.permutation(np.arange(total) < relevant).astype(np.int64)
                found.append(outcome(labels, total, target, every_urn(target), False))
            early, saved = np.mean([one.early for one in found]), np.mean([one.saved for one in found])
            print(f"{relevant:>9,}/{total:>7,} {target:>7.0%} {early:>7.1%} {saved:>7.1%}", flush=True)


def beside_buscarpy(sets: Sequence[Screenings], target: float = 0.95) -> None:
    """The same p, and the CPU seconds for it, on the first order of each set."""
    print(f"\nbeside buscarpy 0.0.2, first seed, target {target:.0%}: p after every decision")
    print(f"{'set':34} {'largest difference':>18} {'ours, s':>9} {'buscarpy, s':>12} {'times':>7}")
    asked = [
        {"labels": "".join(map(str, one.orders[0])), "total": one.total, "target": target, "step": step_for(one.total)}
        for one in sets
    ]
    for one, question, answer in zip(sets, asked, from_buscarpy(asked), strict=True):
        started = time.process_time()
        ours = p_path(one.orders[0], one.total, target)
        spent = time.process_time() - started
        step = int(question["step"])
        theirs = np.array(answer["p"], dtype=float)
        known = np.isfinite(theirs)  # it has no number where fewer are unread than would have to be missing
        apart = float(abs(ours[step - 1 :: step][known] - theirs[known]).max())
        all_of_it = answer["cpu_seconds"] * step
        print(f"{one.name:34} {apart:>18.1e} {spent:>9.3f} {all_of_it:>12.1f} {all_of_it / spent:>6.0f}x", flush=True)
    print("buscarpy's seconds are those of every n-th decision, times n, since all of them would take hours.")


def step_for(total: int) -> int:
    """After how many decisions buscarpy is asked again."""
    return max(1, total * total // 2 // PEER_CELLS)


def from_buscarpy(asked: list[dict[str, object]]) -> list[dict[str, object]]:
    """What buscarpy answers, in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        orders, result = Path(folder) / "orders.json", Path(folder) / "result.json"
        orders.write_text(json.dumps(asked))
        script = Path(__file__).with_name("stops") / "buscarpy_peer.py"
        call = [str(environment(BUSCARPY)), str(script), str(orders), str(result)]
        done = subprocess.run(call, capture_output=True, text=True, env=one_core())
        if done.returncode:
            raise NotMeasured(f"buscarpy: {last_line(done.stderr)}")
        answers: list[dict[str, object]] = json.loads(result.read_text())
        return answers


def main() -> None:
    """Make the orders once, then print every table."""
    started = time.process_time()
    sets = [*shared_sets(SEEDS), *([foster(FOSTER_SEEDS)] if FOSTER_SEEDS else [])]
    print(
        f"{sum(len(one.orders) for one in sets)} simulated screenings, {time.process_time() - started:.0f} CPU seconds"
    )
    for target in TARGETS:
        table(sets, target)
    along_the_way(sets)
    in_random_order()
    if os.environ.get("STOP_PEER", "1") != "0":
        try:
            beside_buscarpy(sets)
        except NotMeasured as reason:
            print(f"buscarpy was not measured: {reason}")


if __name__ == "__main__":
    main()
