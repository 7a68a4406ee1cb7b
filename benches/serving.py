"""How quick are public pages, and what happens when many ask at once? The demonstration, served by the real command.

On SQLite by itself, on PostgreSQL under `python -m tools.postgres python -m benches.serving`. Needs the load tool wrk (a Debian
package of that name). BENCH_KEEP names a folder to build in and to use again; BENCH_SECONDS says how long each load lasts (20
unless told otherwise). Everything runs on this machine, the load tool too; it should be quiet. The goals: 95 of 100 public
pages in under 100 ms at 100 requests a second, and no error at 300 a second for stored revisions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
GOAL = 100.0  # ms within which 95 of 100 pages are answered
CONNECTIONS, THREADS = 20, 2
SAMPLE = 60  # addresses of each kind at most
SCRIPT = """
local paths = { %(paths)s }
function request() return wrk.format("GET", paths[math.random(#paths)], { ["Accept-Encoding"] = "gzip" }) end
function delay() return %(delay)d end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nTOLD {"requests": %%d, "seconds": %%f, "p50": %%f, "p95": %%f, "p99": %%f, "errors": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def setup() -> None:
    """A centre to serve: the demonstration, on the database in use."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()
    from whatworks.archive.demonstration import build_demonstration
    from whatworks.archive.opening import bring_up_to_date
    from whatworks.publish.models import Page

    bring_up_to_date()
    if not Page.objects.exists():
        build_demonstration()


def addresses() -> dict[str, list[str]]:
    """Public addresses by kind, up to a number of each."""
    from django.db import connection

    from whatworks.collate.models import Report
    from whatworks.extract.models import Finding, Study
    from whatworks.people.models import Area
    from whatworks.publish.models import Revision
    from whatworks.synthesise.models import Synthesis

    revisions = list(Revision.objects.select_related("page").order_by("pk"))
    kinds = {
        "lists": [
            "/",
            "/evidence/",
            "/reviews/",
            "/places/",
            "/about/",
            "/glossary/",
            "/releases/",
            "/evidence/?theme=x",
        ],
        "pages": sorted({f"/evidence/{one.page.slug}/" for one in revisions}),
        "revisions": [f"/evidence/{one.page.slug}/revisions/{one.number}/" for one in revisions],
        "traces": [f"/trace/{pk}/" for model in (Synthesis, Finding) for pk in _keys(model)],
        "reports": [f"/reports/{pk}/" for pk in _keys(Report)],
        "studies": [f"/studies/{pk}/" for pk in _keys(Study)],
        "areas": [f"/places/{pk}/" for pk in Area.objects.order_by("pk").values_list("code", flat=True)[:SAMPLE]],
    }
    connection.close()
    return {kind: paths[:SAMPLE] for kind, paths in kinds.items()}


def _keys(model: Any) -> list[str]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[: SAMPLE // 2])


@contextmanager
def served() -> Iterator[str]:
    """The centre behind the real server; gives its address."""
    command = [sys.executable, "-m", "whatworks", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert server.stdout is not None
        found = next((hit for line in server.stdout if (hit := re.search(r"http://\S+?:\d+", line))), None)
        assert found, "the server ended before it said where it is"
        yield found.group()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def ask(address: str) -> tuple[int, float]:
    """The status of an answer, and the milliseconds until all of it was here."""
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    return status, 1000 * (time.perf_counter() - begun)


def load(base: str, paths: list[str], rate: int, folder: Path) -> dict[str, float]:
    """Ask at a steady rate with wrk, each time for one of the paths."""
    delay = round(1000 * CONNECTIONS / rate)
    script = folder / "load.lua"
    script.write_text(SCRIPT % {"paths": ", ".join(json.dumps(path) for path in paths), "delay": delay})
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script), base]
    told = re.search(r"^TOLD (.*)$", subprocess.run(command, capture_output=True, text=True, check=True).stdout, re.M)
    assert told, "wrk said nothing"
    found: dict[str, float] = json.loads(told[1])
    return found


def percentile(values: list[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def measure(base: str, folder: Path) -> bool:
    """First page, every page once, then the two loads. Whether the goals were reached."""
    kinds = addresses()
    print(f"the first page after a start: {ask(base + '/')[1]:.0f} ms", flush=True)
    usable: dict[str, list[str]] = {}
    for kind, paths in kinds.items():
        asked = [(path, *ask(base + path)) for path in paths]
        usable[kind] = [path for path, status, _ in asked if status == 200]
        times = [each for _, status, each in asked if status == 200]
        bad = [path for path, status, _ in asked if status != 200]
        if times:
            half, most = percentile(times, 0.5), percentile(times, 0.95)
            print(f"made anew: {kind:10} {len(times):4}   half within {half:6.0f} ms, 95% {most:6.0f} ms", flush=True)
        if bad:
            print(f"           {kind:10} {len(bad):4} left out, they did not answer 200: {', '.join(bad[:3])}")
    everything = [path for paths in usable.values() for path in paths]
    reached = []
    for what, paths, rate in (("all public pages", everything, 100), ("stored revisions", usable["revisions"], 300)):
        told = load(base, paths, rate, folder)
        got = told["requests"] / told["seconds"]
        print(
            f"{what}: {got:.0f}/s (asked for {rate}/s), {told['requests']:.0f} requests, {told['errors']:.0f} errors, "
            f"half within {told['p50']:.1f} ms, 95% {told['p95']:.1f} ms, 99% {told['p99']:.1f} ms",
            flush=True,
        )
        good = not told["errors"] and got > 0.85 * rate and (told["p95"] < GOAL or rate == 300)
        reached.append(good)
        print("reached" if good else "MISSED")
    return all(reached)


def main() -> int:
    """Build, serve, measure, print."""
    if shutil.which("wrk") is None:
        print("The load tool wrk is not here; install the package wrk of your system.")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("BENCH_KEEP", scratch)).resolve()
        os.environ["WHATWORKS_HOME"] = str(folder / "centre")
        (folder / "centre").mkdir(parents=True, exist_ok=True)
        setup()
        print(
            "on", "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite", f"load average {os.getloadavg()[0]:.1f}"
        )
        with served() as base:
            return 0 if measure(base, folder) else 1


if __name__ == "__main__":
    sys.exit(main())
