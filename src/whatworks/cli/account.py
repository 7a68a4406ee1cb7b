"""How the terminal shows what a centre holds: progress bars, the demonstration's account, a verdict."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Told = Callable[[str, int, int], None]


@contextmanager
def progress(*, quiet: bool) -> Iterator[Told]:
    """A bar per kind of work on a terminal; nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    columns = [
        TextColumn("{task.description:<34}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def told(name: str, done: int, total: int) -> None:
            room = name.split("/")[0]
            if room not in tasks:
                tasks[room] = bars.add_task(room, total=total)
            bars.update(tasks[room], completed=done, total=total)

        yield told


def print_account(found: dict[str, Any], folder: Path) -> None:
    """The short account of `whatworks demo`."""
    console = Console(width=None if sys.stdout.isatty() else 118, highlight=False)
    console.print(f"\n[bold]A centre in {folder}[/bold]\n")
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, value in found["counts"].items():
        counts.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int) else _nested(value))
    console.print(counts)
    for review in found["reviews"]:
        console.print(f"\n[bold]{review['name']}[/bold]: published results beside ours")
        console.print(_results(review["analyses"]))
        differences = [abs(one["difference"]) for one in review["analyses"] if one["difference"] is not None]
        same = sum(one["same"] for one in review["analyses"])
        if differences:
            console.print(
                f"{same} of {len(differences)} the same to six decimals; largest difference {max(differences):.1e}"
            )
    verdict = found["verify"]
    console.print(f"\nVerify: {'everything is as stored' if verdict['ok'] else 'DIFFERENCES, run whatworks verify'}")
    if secret := found.get("administrator"):
        console.print(
            f"\nSign in as [bold]{secret['email']}[/bold] with [bold]{secret['password']}[/bold] (shown once)"
        )


def _nested(value: dict[str, Any]) -> str:
    """Counts in one line: “CINAHL 569, ERIC 132”; a level deeper in brackets after its name."""
    return ", ".join(
        f"{name} ({_nested(inner)})" if isinstance(inner, dict) else f"{name.replace('_', ' ')} {inner:,}"
        for name, inner in value.items()
    )


def _results(analyses: list[dict[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("result", "published", "ours", "difference", "k"):
        table.add_column(name, justify="left" if name == "result" else "right", overflow="fold")
    for one in analyses:
        table.add_row(
            one["name"],
            _number(one["published"], "{:.4f}"),
            _number(one["ours"], "{:.4f}"),
            _number(one["difference"], "{:+.1e}"),
            str(len(one["findings"])),
        )
    return table


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def print_verdict(found: dict[str, Any]) -> None:
    """What `whatworks verify` found."""
    for name, number in sorted(found["checked"].items()):
        print(f"{number:>8,}  {name} checked")
    if found["unsealed"]:
        print(f"{found['unsealed']:>8,}  events wait for the sealer")
    for one in found["erased"]:
        print(f"Erased on {one['on']} by {one['by']}: payload of {one['event']}")
    for note in found["notes"]:
        print(f"Note: {note}")
    for one in found["differences"]:
        pages = ", ".join(page["slug"] for page in one["pages"]) or "no page rests on it"
        print(
            f"DIFFERS  {one['identifier']}  {one['what']}: stored {one['stored']}, recomputed {one['recomputed']}  ({pages})"
        )
    print("Same as stored." if found["ok"] else f"{len(found['differences'])} differences.")
