"""Does anybody wait for the chain? Twenty writers, a 100,000-record import and the sealer, all at once, on one database.

Run on SQLite by itself, on PostgreSQL under `python -m tools.postgres python -m benches.ledger`. Each writer leaves an
event and notes how long that took, and how long of it was spent waiting for a lock that the sealer held.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WRITERS, SECONDS, PAUSE = 20, 40, 0.2
RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))


def setup() -> None:
    """Start Django in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()


def write(number: int, stop: Any, told: Any) -> None:
    """One writer: an event five times a second until told to stop."""
    setup()
    from whatworks.ledger.actions import record

    times = []
    while not stop.is_set():
        begun = time.perf_counter()
        record(verb="bench.write", by=f"usr-{number}", payload={"n": len(times)})
        times.append(time.perf_counter() - begun)
        time.sleep(PAUSE)
    told.put(("write", times))


def seal(stop: Any, told: Any) -> None:
    """The sealer: how long each batch holds what it holds, and how old the oldest waiting event gets."""
    setup()
    from django.db import transaction

    from whatworks.ledger.models import Pending
    from whatworks.ledger.sealer import seal_batch

    held = []
    tail = 0
    while not stop.is_set():
        tail = max(tail, Pending.objects.count())
        with transaction.atomic():  # begun before the clock: what is timed is holding the locks, not getting them
            begun = time.perf_counter()
            sealed = seal_batch("content")
        if sealed:
            held.append(time.perf_counter() - begun)
        time.sleep(0.2)
    told.put(("seal", [*held, float(tail)]))


def bring_in(path: str, told: Any) -> None:
    """The import, by the worker's own code."""
    setup()
    from whatworks.collate.actions import add_source
    from whatworks.collate.tasks import enqueue_import
    from whatworks.ledger.work import work_off

    begun = time.perf_counter()
    enqueue_import(by="bench", path=Path(path), source=add_source(by="bench", name="Bench", sort="database"))
    work_off()
    told.put(("import", [time.perf_counter() - begun]))


def make_export(path: Path) -> None:
    """A file of plain records."""
    with path.open("w") as out:
        for number in range(RECORDS):
            out.write(
                f"TY  - JOUR\nTI  - Title number {number}\nAU  - Author, A.\nPY  - 2020\nDO  - 10.1/{number}\nER  - \n\n"
            )


def main() -> None:
    """Run all at once and print what was measured."""
    folder = tempfile.mkdtemp(prefix="bench-ledger-")
    os.environ["WHATWORKS_HOME"] = folder
    setup()
    from django.db import connection

    from whatworks.archive.opening import bring_up_to_date
    from whatworks.archive.verifying import verify_centre
    from whatworks.collate.models import Record

    bring_up_to_date()
    connection.close()
    export = Path(folder) / "export.ris"
    make_export(export)
    told: Any = multiprocessing.Queue()
    stop = multiprocessing.Event()
    importer = multiprocessing.Process(target=bring_in, args=(str(export), told))
    others = [multiprocessing.Process(target=write, args=(n, stop, told)) for n in range(WRITERS)]
    others.append(multiprocessing.Process(target=seal, args=(stop, told)))
    for process in [importer, *others]:
        process.start()
    importer.join()
    stop.set()
    found: dict[str, list[float]] = {"write": [], "seal": [], "import": []}
    for _ in range(len(others) + 1):
        kind, times = told.get()
        found[kind] += times
    print_found(connection.vendor, found, Record.objects.count())
    verdict = verify_centre()
    print(
        f"verify: {'same as stored' if verdict['ok'] else verdict['differences'][:3]}, {verdict['checked']['events']:,} events sealed"
    )
    sys.exit(0 if verdict["ok"] else 1)


def print_found(vendor: str, found: dict[str, list[float]], records: int) -> None:
    """The figures, in milliseconds."""
    writes, (*batches, tail) = sorted(found["write"]), found["seal"]

    def within(share: float) -> str:
        return f"{1000 * writes[min(int(share * len(writes)), len(writes) - 1)]:.1f} ms"

    print(f"{vendor}: {WRITERS} writers, {len(writes):,} events; {records:,} records in {found['import'][0]:.1f} s")
    print(f"an event with its commit: median {within(0.5)}, 99 of 100 within {within(0.99)}, longest {within(1)}")
    middle, longest = 1000 * statistics.median(batches), 1000 * max(batches)
    print(f"the sealer held its locks {middle:.1f} ms (median), {longest:.1f} ms (longest); tail {tail:.0f} events")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
