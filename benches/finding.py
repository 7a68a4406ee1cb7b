"""How quick is the evidence store? Whole answers of the page, filters counted, over made-up pages on the database in use.

On SQLite by itself, on PostgreSQL under `python -m tools.postgres python -m benches.finding`. BENCH_PAGES says how many pages
(100, 1000 and 10000 unless told otherwise). Times are of this process's wall clock; the machine should be quiet. The goal is
that 95 of 100 answers take less than 100 ms at the largest number.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SIZES = [int(one) for one in os.environ.get("BENCH_PAGES", "100 1000 10000").split()]
ASKS, SEED, BATCH = 200, 7, 500
GOAL = 100.0  # ms within which 95 of 100 answers must be done
WHAT = ["mentoring", "supervision", "home visiting", "family meetings", "parent training", "coaching", "housing support",
        "therapy", "foster carer training", "key work", "budgets", "peer groups"]  # fmt: skip
WHOM = ["teenagers", "babies", "care leavers", "parents", "foster carers", "disabled children", "young carers",
        "unaccompanied children", "families in court", "social workers"]  # fmt: skip
HOW = [
    "weekly",
    "brief",
    "intensive",
    "shared",
    "early",
    "online",
    "rural",
    "evening",
    "joint",
    "practical",
    "open",
    "paired",
]
ASKED = [
    "", "mentoring for teenagers", "what helps care leavers keep a home", "FGC", "does parent training work for babies in England",
    "supervison", "\"foster carer training\"", "kinship care", "intensive family support under 5s", "housing",
]  # fmt: skip
NARROWED = [
    "",
    "&sure=Low",
    "&age=teenagers",
    "&kind=page&evidence=randomised",
    "&uk=not-recorded&who=nurse",
    "&page=3",
]


def setup() -> None:
    """Start Django on a scratch centre."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()
    from whatworks.archive.opening import bring_up_to_date

    bring_up_to_date()


def content(name: str, theme: Any, outcomes: list[Any], chance: Any) -> dict[str, Any]:
    """A made-up page document with what lists and search read of one."""
    held = [outcomes[which] for which in chance.integers(len(outcomes), size=4)]
    levels = ["High", "Moderate", "Low", "Very low"]
    return {
        "schema": 2, "kind": "page" if chance.random() < 0.6 else "note", "slug": "", "title": name,
        "lead": f"{name}, {HOW[chance.integers(len(HOW))]} and {HOW[chance.integers(len(HOW))]}, in groups or one to one.",
        "theme": {"slug": theme.slug, "name": theme.name},
        "answer": {"strong": ["We cannot tell whether it changes anything."], "rest": [f" {len(name)} studies were read."]},
        "facts": [[f"For {WHOM[chance.integers(len(WHOM))]}"]],
        "outcomes": [
            {
                "identifier": one.pk, "name": one.name, "group": one.group.name, "contact": one.contact, "safety": one.safety,
                "state": {"key": "uncertain", "shape": "uncertain", "css": "unsure", "word": "We cannot tell"},
                "certainty": {"level": 1, "of": 4, "word": levels[chance.integers(4)]}, "table": {"rows": []}, "also": [],
            }
            for one in held
        ],
        "padding": "x" * 20_000,  # a real page is as long: the list must not read it
    }  # fmt: skip


def framework() -> None:
    """Themes and outcomes, once."""
    from whatworks.scope.models import Outcome, OutcomeGroup, Theme

    if not Theme.objects.exists():
        for number in range(4):
            Theme.objects.register(
                f"thm-bench{number}", slug=f"t{number}", name=f"Theme {number}", line="", order=number
            )
        for number in range(4):
            OutcomeGroup.objects.create(id=f"grp-bench{number}", name=f"Group {number}", order=number)
        for number in range(60):
            Outcome.objects.register(
                f"out-bench{number}", slug=f"o{number}", name=f"Outcome {HOW[number % 12]} {number}",
                group_id=f"grp-bench{number % 4}", direction="good-high", order=number,
            )  # fmt: skip


def particulars(numbers: range, kinds: list[Any], chance: Any) -> None:
    """What is recorded of half of the interventions, sort by sort."""
    from whatworks.scope.models import Particular
    from whatworks.scope.particulars import sorts

    rows = []
    for n, one in zip(numbers, kinds, strict=True):
        for sort in ("age", "setting", "who", "cost"):
            values = list(sorts()[sort].values)
            if chance.random() < 0.5:
                value = values[chance.integers(len(values))]
                told = {"sort": sort, "value": value, "source": "made up", "by": "bench"}
                rows.append(Particular(id=f"par-{sort}-{n}", intervention=one, **told))
    Particular.objects.bulk_create(rows)


def published(numbers: range, kinds: list[Any], said: Callable[[str, int], dict[str, Any]]) -> None:
    """A page for each intervention, with one revision."""
    from django.utils import timezone

    from whatworks.publish.models import Page, Revision

    pages = [
        Page(subject_id=f"pag-b{n}", slug=f"b{n}", title=one.name, intervention=one)
        for n, one in zip(numbers, kinds, strict=True)
    ]
    Page.objects.register_all(pages)
    told = {"number": 1, "approved_by": "bench", "approved_at": timezone.now()}
    revisions = [
        Revision(subject_id=f"rev-b{n}", page=page, content=said(page.title, n), **told)
        for n, page in zip(numbers, pages, strict=True)
    ]
    Revision.objects.register_all(revisions)


def build(count: int) -> float:
    """Bring the centre to so many pages, and return how many seconds it took to list the new ones."""
    from django.db import transaction

    from whatworks.publish.finding.listed import catch_up
    from whatworks.publish.models import Page
    from whatworks.scope.models import Intervention, Outcome, Theme

    framework()
    themes, chance = list(Theme.objects.order_by("order")), np.random.default_rng(SEED + count)
    outcomes = list(Outcome.objects.select_related("group").order_by("order"))
    begun = Page.objects.count()
    for start in range(begun, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        with transaction.atomic():
            names = [f"{HOW[n % 12]} {WHAT[n // 12 % 12]} for {WHOM[n // 144 % 10]} {n}".capitalize() for n in numbers]
            kinds = [
                Intervention(subject_id=f"int-b{n}", slug=f"b{n}", name=name, theme=themes[n % 4])
                for n, name in zip(numbers, names, strict=True)
            ]
            Intervention.objects.register_all(kinds)
            published(numbers, kinds, lambda name, n: content(name, themes[n % 4], outcomes, chance))
            particulars(numbers, kinds, chance)
    started = time.perf_counter()
    catch_up()
    return time.perf_counter() - started


def measure() -> tuple[float, ...]:
    """The first answer of a process, then the median, the 95th in 100 and the longest of many, and the 95th of processor time."""
    from django.test import Client

    from whatworks.publish.finding import listed as finding_list

    finding_list._remembered = finding_list.Remembered()
    client, times, used = Client(), [], []
    addresses = [f"/evidence/?q={q.replace(' ', '+')}{more}" for q in ASKED for more in NARROWED]
    for number in range(ASKS + 1):
        address = f"{addresses[number * 7 % len(addresses)]}&n={number}"  # a page that is kept already costs nothing
        started, before = time.perf_counter(), time.process_time()
        response = client.get(address, headers={"host": "127.0.0.1"})
        times.append(1000 * (time.perf_counter() - started))
        used.append(1000 * (time.process_time() - before))
        assert response.status_code == 200, address
    later = sorted(times[1:])
    return (
        times[0],
        float(np.percentile(later, 50)),
        float(np.percentile(later, 95)),
        later[-1],
        float(np.percentile(used[1:], 95)),
    )


def main() -> int:
    """Build and measure each size; says whether the goal was reached."""
    os.environ["WHATWORKS_HOME"] = tempfile.mkdtemp(prefix="bench-finding-")
    setup()
    from django.db import connection

    print(f"Whole answers of the evidence store, filters counted, {connection.vendor}, {ASKS} requests each, ms")
    print(
        f"{'pages':>8} {'listing all, s':>15} {'first':>8} {'median':>8} {'95%':>8} {'longest':>8} {'processor, 95%':>15}"
    )
    slow = 0.0
    for size in SIZES:
        listing = build(size)
        first, median, most, longest, used = measure()
        print(
            f"{size:>8,} {listing:>15.1f} {first:>8.0f} {median:>8.1f} {most:>8.1f} {longest:>8.1f} {used:>15.1f}",
            flush=True,
        )
        slow = most
    reached = slow < GOAL
    print(f"The goal, 95 of 100 under {GOAL:.0f} ms, was {'reached' if reached else 'NOT reached'}.")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
