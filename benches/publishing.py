"""How long does a release of many pages take, and the next one? A scratch centre on the database in use.

The demonstration with as many pages as BENCH_PAGES says (1,000 unless told otherwise): the pack's own, and copies of them under
other names, each with its history and files. On SQLite by itself, on PostgreSQL under `python -m tools.postgres python -m
benches.publishing`. BENCH_KEEP names a folder to build in and to use again. Wall clock; the machine should be quiet. The
goals: a release and its site written in less than 60 seconds, and only what changed the next time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

PAGES = int(os.environ.get("BENCH_PAGES", "1000"))
MOST = 60.0  # seconds for the first release with its site
BY = "rule:bench"
Made = TypeVar("Made")


def setup() -> None:
    """Start Django on a scratch centre, with the demonstration in it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()
    from whatworks.archive.demonstration import build_demonstration
    from whatworks.archive.opening import bring_up_to_date
    from whatworks.publish.models import Page

    bring_up_to_date()
    if not Page.objects.exists():
        build_demonstration()


def fill() -> None:
    """Copy pages until there are enough."""
    from django.db import transaction

    from whatworks.publish.models import Page

    patterns = list(Page.objects.exclude(slug__startswith="copy-").order_by("slug"))
    with transaction.atomic():
        for number in range(Page.objects.count(), PAGES):
            _copy(patterns[number % len(patterns)], number)


def _copy(page, number: int) -> None:  # type: ignore[no-untyped-def]  # models can be named only once Django runs
    from whatworks.ledger.actions import computed, record
    from whatworks.publish.models import Page, Revision
    from whatworks.scope.models import Intervention

    was, newest = page.intervention, page.newest()
    name, slug = f"{page.title[:120]} ({number})", f"copy-{number}"
    kind = Intervention.objects.register(
        Intervention.derived(slug), slug=slug, name=name, theme=was.theme, lead=was.lead, population=was.population
    )
    made = Page.objects.register(Page.derived(kind.pk), slug=slug, title=name, intervention=kind)
    content = newest.content | {"slug": slug, "title": name, "identifier": made.pk}
    told = {"approved_by": BY, "approved_at": newest.approved_at, "what_changed": "First version of this page."}
    revision = Revision.objects.register(Revision.derived(made.pk, 1), page=made, number=1, content=content, **told)
    rests_on = list(newest.subject.rests_on.order_by("input").values_list("input_id", flat=True))
    computed(output=revision, method="publish.build", version="2", inputs=rests_on, rests_on=rests_on)
    record(verb="publish.approve", by=BY, about=[made], made=[revision])


def revise() -> None:
    """One page says something else."""
    from django.utils import timezone

    from whatworks.publish.actions import approve
    from whatworks.publish.models import Draft, Page

    page = Page.objects.order_by("slug")[0]
    newest = page.newest()
    assert newest is not None
    content = newest.content | {"lead": f"Said again, {newest.number}."}
    rests_on = list(newest.subject.rests_on.values_list("input_id", flat=True))
    Draft.objects.create(page=page, content=content, rests_on=rests_on, reasons=["Words."], made_at=timezone.now())
    approve(by=BY, page=page, what_changed="Other words.")


def timed(what: str, work: Callable[[], Made]) -> tuple[float, Made]:
    """Run something and say how long it took."""
    begun = time.perf_counter()
    made = work()
    took = time.perf_counter() - begun
    print(f"{what:<60} {took:8.1f} s", flush=True)
    return took, made


def measure(folder: Path) -> bool:
    """Release and write, nothing changed, one page changed. Whether the goals were reached."""
    from whatworks.archive.releasing import make_release, write_site
    from whatworks.archive.site import Built
    from whatworks.publish.models import Page

    remembered = folder / "centre" / "remembered" / "site.json.gz"
    remembered.unlink(missing_ok=True)
    times = []
    for what, change in (("everything", None), ("nothing changed", None), ("one page revised", revise)):
        if change:
            change()
        told = Built()
        took, release = timed(f"release: {what}", lambda told=told: make_release(by=BY, told=told))  # type: ignore[misc]
        wrote, _ = timed("  its site written", lambda: write_site(folder / "site"))
        print(
            f"  {Page.objects.count():,} pages, {release.counts['files']:,} files: {told.made:,} made, {told.kept:,} kept"
        )
        times.append(took + wrote)
    goals = {
        f"all in under {MOST:.0f} s": times[0] < MOST,
        "a third of that at most next time": times[2] < times[0] / 3,
    }
    for goal, reached in goals.items():
        print(f"{'reached' if reached else 'MISSED':8} {goal}")
    return all(goals.values())


def main() -> int:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("BENCH_KEEP", scratch)).resolve()
        os.environ["WHATWORKS_HOME"] = str(folder / "centre")
        (folder / "centre").mkdir(parents=True, exist_ok=True)
        setup()
        timed(f"a centre of {PAGES:,} pages", fill)
        return 0 if measure(folder) else 1


if __name__ == "__main__":
    sys.exit(main())
