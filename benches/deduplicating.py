"""How well and how fast are duplicates found, beside other programs? One run, one machine, one definition.

    python -m benches.deduplicating              sets with truth, then 5,000 records and 50,000 of one title (5 minutes)
    python -m benches.deduplicating --full       also 10,000 and 20,000 records beside bib-dedupe (15 minutes)
    python -m benches.deduplicating --ours       ours alone (1 minute)

Pairs are counted on connected components; an item is lost where a wrong merge swallows it. CPU seconds are each program's
own, for reading the file and matching it on one core, its start-up left out. Every peer runs in an environment of its
own, made when first needed. srdedupe's published package lacks a file of weights, which are given to it. Of
asreview-datatools only what it removes is known, since it does not say of what a record is a copy.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable

from benches.matching.fields import other_fields
from benches.matching.grey import grey_literature
from benches.matching.many import Many
from benches.matching.programs import PEERS, NotMeasured, Outcome, ours
from benches.matching.sets import Labelled, all_shared
from benches.matching.stock import editorials

Program = tuple[str, Callable[[Labelled], Outcome]]
OURS: Program = ("whatworks", ours)
OTHERS: tuple[Program, ...] = tuple((peer.name, peer.run) for peer in PEERS)
RIVAL = OTHERS[0]
HEADS = (
    ("program", 22),
    ("precision", 9),
    ("recall", 7),
    ("F1", 7),
    ("lost", 5),
    ("removed/able", 13),
    ("ask/1,000", 9),
    ("same+ask", 8),
    ("CPU s", 8),
    ("records/s", 9),
    ("CPU v ours", 10),
)


def main() -> None:
    """Print every table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--full", action="store_true", help="larger sets beside bib-dedupe")
    asked.add_argument("--ours", action="store_true", help="ours alone")
    said = asked.parse_args()
    others = () if said.ours else OTHERS
    outcomes = [table(one, [OURS, *others]) for one in (*all_shared(), other_fields(), grey_literature())]
    means(outcomes[: len(all_shared())])
    for size in (5_000, 10_000, 20_000) if said.full else (5_000,):
        table(made(size), [OURS] if said.ours else [OURS, RIVAL])
    table(editorials(50_000), [OURS])


def made(size: int) -> Labelled:
    """Records made from real ones, as the bench of a million makes them."""
    many = Many(size)
    return Labelled(f"{size:,} records made from real ones", list(many.rows()), list(many.works))


def table(one: Labelled, programs: Iterable[Program]) -> dict[str, Outcome]:
    """Run the programs on a set and print a row for each; how many times the CPU of ours it takes stands last."""
    works = len(set(one.works))
    print(f"\n{one.name}: {len(one.rows):,} records, {works:,} works")
    print(" ".join(head.ljust(size) if head == "program" else head.rjust(size) for head, size in HEADS))
    found: dict[str, Outcome] = {}
    for name, run in programs:
        try:
            found[name] = run(one)
        except NotMeasured as reason:
            print(f"{name.ljust(22)} not measured: {reason}", flush=True)
            continue
        print(line(name, found[name], found.get(OURS[0])), flush=True)
    return found


def line(name: str, outcome: Outcome, own: Outcome | None) -> str:
    """One row."""
    score = outcome.score
    ratio = "" if own is None or name == OURS[0] else f"{outcome.cpu_seconds / max(own.cpu_seconds, 1e-9):.1f}x"
    cells = (
        share(score.precision),
        share(score.recall),
        share(score.f1),
        f"{score.lost}",
        f"{score.removed}/{score.removable}",
        "never" if score.asked_per_1000 is None else f"{score.asked_per_1000:.1f}",
        share(score.found_or_asked),
        f"{outcome.cpu_seconds:.2f}",
        f"{outcome.per_cpu_second:,.0f}",
        ratio,
    )
    return " ".join([name.ljust(22), *(cell.rjust(size) for cell, (_, size) in zip(cells, HEADS[1:], strict=True))])


def share(number: float) -> str:
    """Four decimals, or a dash where it is not known."""
    return "-" if math.isnan(number) else f"{number:.4f}"


def means(outcomes: list[dict[str, Outcome]]) -> None:
    """The mean F1 over the shared sets, of every program that gives pairs."""
    print("\nmean F1 over the shared sets")
    for name, _ in (OURS, *OTHERS):
        scores = [found[name].score.f1 for found in outcomes if name in found]
        if scores and not any(map(math.isnan, scores)):
            print(f"{name.ljust(22)} {sum(scores) / len(scores):.4f}")


if __name__ == "__main__":
    main()
