"""Takes a release in: each of its vintages kept beside those before, every figure keyed to a place that existed then."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from whatworks.baseline.disclosing import withhold_in
from whatworks.baseline.indicators import needed
from whatworks.baseline.keying import Register
from whatworks.baseline.models import Series, Vintage
from whatworks.baseline.sources import Cell, Release, cells
from whatworks.baseline.sources.release import HERE
from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.planning import renew_statistics
from whatworks.saying import said
from whatworks.stats.disclosure import INTERNAL, Policy

DEPARTMENT, LICENCE = "Department for Education", "Open Government Licence v3.0"
SHOWN = 40  # notes of one vintage; a file of another country would have thousands
Values = dict[str, int | float | str]
Grouped = dict[str, dict[tuple[str, str], Values]]  # by label: by measure and place: by period


@dataclass(frozen=True, slots=True)
class Taken:
    """One vintage after a file was read: whether it is new here, and how many figures it holds."""

    vintage: Vintage
    figures: int
    new: bool

    def to_dict(self) -> dict[str, object]:
        """The vintage as plain values."""
        one = self.vintage
        about = {"vintage": one.pk, "release": one.release, "label": one.label, "title": one.title}
        return about | {"figures": self.figures, "new": self.new, "notes": list(one.notes)}

    def summary(self) -> str:
        """What was taken in, in a sentence."""
        one = self.vintage
        when = one.first_period if one.first_period == one.last_period else f"{one.first_period} to {one.last_period}"
        how = f"{self.figures:,} figures, {when}" if self.new else "was here already"
        return f"{one.title}, {one.label}: {how} ({one.pk})."


def measure_of(kind: Iterable[str]) -> str:
    """The name of what is counted, and of whom, as one text."""
    return " | ".join(kind)


@transaction.atomic
def take_in(
    *,
    by: str,
    path: Path,
    label: str = "",
    published_on: datetime.date | None = None,
    publisher: str = DEPARTMENT,
    source_url: str = "",
    licence: str = LICENCE,
    chosen: bool = False,
    policy: Policy = INTERNAL,
) -> list[Taken]:
    """Keep what a file of official statistics says, one vintage for each publication in it; a second time changes nothing.

    label: the publisher's name of this publication; without one the file's own, else its last period. chosen: hold only
    what indicators need. policy: what it withholds is not even held; by default all is held as published, and withheld
    where it would be shown. Raises InputError where the file is of no release that is known, or cannot be read.
    """
    problems: list[str] = []
    release, figures = cells(path, problems)
    register = Register.read(release.ends)
    grouped = _grouped(release, figures, register, chosen, problems)
    if not grouped:
        raise InputError(
            said("%(name)s holds no figure of a known place; load the register of places first.", name=path.name)
        )
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    about: dict[str, Any] = {
        "title": release.title,
        "published_on": published_on,
        "publisher": publisher,
        "source_url": source_url,
        "licence": licence,
        "file_name": path.name,
        "sha256": sha256,
        "chosen": chosen,
        "notes": [*problems[:SHOWN], *register.notes()[:SHOWN]],
    }
    about["notes"] += _withheld(grouped.values(), release, policy)
    taken = [
        _keep(by, release, told or label or max(_periods(series)), series, about)
        for told, series in sorted(grouped.items())
    ]
    renew_statistics(sum(one.figures for one in taken if one.new))
    return taken


def _withheld(grouped: Iterable[dict[tuple[str, str], Values]], release: Release, policy: Policy) -> list[str]:
    """What was withheld of each publication, in words; nothing where the policy lets all out."""
    if not policy.withholds:
        return []
    return [words for series in grouped if (words := _withheld_words(series, release, policy))]


def _withheld_words(series: dict[tuple[str, str], Values], release: Release, policy: Policy) -> str:
    """Withhold what the policy does not let out, and say how much; nothing where there was nothing to withhold."""
    number = withhold_in(series, release.key, policy)
    return f"{number} figures that would give small counts of people away are not held ({HERE})." if number else ""


def _grouped(
    release: Release, figures: Iterator[Cell], register: Register, chosen: bool, problems: list[str]
) -> Grouped:
    """Figures by publication, measure and place."""
    wanted = needed(release.key) if chosen else None
    names: dict[tuple[str, ...], str] = {}
    found: Grouped = defaultdict(lambda: defaultdict(dict))
    for one in figures:
        measure = names.get(one.kind) or names.setdefault(one.kind, measure_of(one.kind))
        if wanted is not None and measure not in wanted:
            continue
        place = one.place
        area = register.of(place, one.symbol)
        if area is None:
            continue
        said = _plain(one)
        if found[place.release][measure, area].setdefault(place.period, said) != said:
            problems.append(
                f"Line {one.line}, {measure}: another figure for the same place and time; the first is held."
            )
    return found


def _plain(one: Cell) -> int | float | str:
    if one.value is None:
        return one.symbol
    return int(one.value) if one.value.is_integer() else one.value


def _periods(series: dict[tuple[str, str], Values]) -> set[str]:
    return {period for values in series.values() for period in values}


def _keep(by: str, release: Release, label: str, series: dict[tuple[str, str], Values], about: dict[str, Any]) -> Taken:
    held = Vintage.objects.filter(release=release.key, label=label, sha256=about["sha256"]).first()
    if held is not None:
        return Taken(held, sum(len(one.values) for one in held.series.all()), False)
    rows = sorted((measure, area, values) for (measure, area), values in series.items())
    periods = _periods(series)
    vintage = Vintage.objects.register(
        Vintage.derived(release.key, label, about["sha256"]),
        release=release.key,
        label=label,
        first_period=min(periods),
        last_period=max(periods),
        figures_sha256=figures_digest(rows),
        **about,
    )
    Series.objects.bulk_create(
        [Series(vintage=vintage, measure=measure, area_id=area, values=values) for measure, area, values in rows],
        batch_size=2000,
    )
    figures = sum(len(values) for _, _, values in rows)
    record(verb="baseline.take_in", by=by, made=[vintage], payload={"figures": figures}, audience=PUBLIC)
    return Taken(vintage, figures, True)


def figures_digest(rows: Iterable[tuple[str, str, Any]]) -> str:
    """SHA-256 over measure, area and values of every series, sorted by measure and area."""
    found = hashlib.sha256()
    for row in rows:
        found.update(canonical(list(row)).encode() + b"\n")
    return found.hexdigest()
