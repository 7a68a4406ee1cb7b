"""Takes in what has been published since: each new version kept beside those before it, in figures and as a file."""

from __future__ import annotations

import hashlib
import os
import re
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from django.conf import settings

from whatworks.baseline.models import Series, Vintage
from whatworks.baseline.online import shapes
from whatworks.baseline.online.revising import revised
from whatworks.baseline.online.service import DataSet, Publication, Statistics, folded
from whatworks.baseline.sources import cells
from whatworks.baseline.vintaging import take_in
from whatworks.errors import InputError
from whatworks.ledger.online import Etiquette, Refused
from whatworks.saying import said
from whatworks.stats.results import Result

FOLDER = "figures"
TAKEN, NEW, HELD, LEFT, FAILED = "taken in", "new", "held", "left", "failed"
GONE = (403, 404, 410)
FAILURES = 2  # one after the other; then the service is not asked for more
HOURS = 24
HAND = "download its files from its own page, and see with whatworks baseline read FILE whether they can be read"


@dataclass(frozen=True, slots=True)
class Step(Result):
    """One data set, or a publication without any. state: `taken in`, `new` (nothing was fetched, as wished), `held`
    (was here), `left` (cannot be read here, or not yet), or `failed` (the service did not give it); published_on: a day as
    YYYY-MM-DD, empty where unsaid; figures, places: what was taken in; vintages: their identifiers; revised, why: in words."""

    publication: str
    state: str
    data_set: str = ""
    version: str = ""
    published_on: str = ""
    figures: int = 0
    places: int = 0
    vintages: tuple[str, ...] = ()
    revised: str = ""
    why: str = ""

    def summary(self) -> str:
        """The step in a sentence or two."""
        day = f", published on {self.published_on}" if self.published_on else ""
        what = f"{self.publication}: {self.data_set} {self.version}".rstrip() if self.data_set else self.publication
        if self.state == TAKEN:
            return f"{what}{day}: taken in, {self.figures:,} figures of {self.places:,} places. {self.revised}"
        if self.state == NEW:
            return f"{what}{day}: new, and not fetched."
        return f"{what}{day}: was here already." if self.state == HELD else f"{what}{day}: {self.state}. {self.why}"


def titles(only: str = "") -> list[str]:
    """The publications that are asked for; with `only`, the one of that title. InputError where there is none."""
    text = resources.files("whatworks.baseline.online").joinpath("publications.toml").read_text(encoding="utf-8")
    known = [one["title"] for one in tomllib.loads(text)["publication"]]
    if not only.strip():
        return known
    found = [title for title in known if folded(title) == folded(only)]
    if not found:
        raise InputError(
            said(
                "%(only)r is no publication that is asked for; choose one of: %(known)s.",
                only=only,
                known="; ".join(known),
            )
        )
    return found


def statistics(*, sleep: Callable[[float], None] = time.sleep, now: Callable[[], float] = time.time) -> Statistics:
    """The service as the settings name it: another address of it, and who asks within which budget."""
    etiquette = Etiquette.from_settings(settings.ONLINE, int(settings.ONLINE["requests"]))
    return Statistics(replace(etiquette, tries=3), str(settings.ONLINE.get("statistics", "")), sleep=sleep, now=now)


def update(
    *, by: str, only: str = "", dry_run: bool = False, service: Statistics | None = None, chosen: bool = False
) -> Iterator[Step]:
    """Ask for what is new and take it in, a step for each data set as it is done; a second time changes nothing.

    only: the title of one publication; dry_run: say what is new, fetch nothing; chosen: hold only figures that indicators
    need. What the service does not give is a step that says so. Raises InputError, in one sentence, where the service
    cannot be asked at all, or fails twice running: what was taken in before stays.
    """
    service = service or statistics()
    failures = 0
    for title in titles(only):
        publication = service.publication(title)
        if publication is None:
            why = f"{shapes.NAME} gives programs no publication of this title; {HAND}."
            yield Step(title, LEFT, why=why)
            continue
        found = service.data_sets(publication)
        if not found:
            yield Step(publication.title, LEFT, why=f"It has no data set that programs may fetch; {HAND}.")
        for data_set in found:
            step = _step(by, service, publication, data_set, dry_run, chosen)
            failures = failures + 1 if step.state == FAILED else 0
            yield step
            if failures >= FAILURES:
                raise InputError(
                    said(
                        "%(name)s failed %(failures)s times running; try again later, what is here stays.",
                        name=shapes.NAME,
                        failures=failures,
                    )
                )


def _step(
    by: str, service: Statistics, publication: Publication, data_set: DataSet, dry_run: bool, chosen: bool
) -> Step:
    day = data_set.published_on.isoformat() if data_set.published_on else ""
    step = Step(publication.title, LEFT, data_set.title, data_set.version, day)
    if data_set.status == shapes.WITHDRAWN:
        return replace(step, why="Its publisher withdrew it; what was taken in before stays.")
    if not data_set.version:
        return replace(step, why="It has no published version yet.")
    if Vintage.objects.filter(source_url=service.address(data_set)).exists():
        return replace(step, state=HELD)
    if dry_run:
        return replace(step, state=NEW)
    try:
        path = kept(service, data_set)
    except Refused as refusal:
        if refusal.status not in GONE:
            raise
        return replace(step, why=str(refusal))
    except InputError as error:
        return replace(step, state=FAILED, why=str(error))
    return _taken(by, service, data_set, path, chosen, step)


def _taken(by: str, service: Statistics, data_set: DataSet, path: Path, chosen: bool, step: Step) -> Step:
    address = service.address(data_set)
    about = {"label": data_set.version, "published_on": data_set.published_on, "source_url": address}
    try:
        if _is_here(path, data_set.version, address):
            return replace(step, state=HELD)
    except InputError as error:  # the file stays: a later version of this program may know its release
        return replace(step, why=str(error))
    try:
        taken = take_in(by=by, path=path, chosen=chosen, **about)
    except InputError as error:
        path.unlink(missing_ok=True)
        return replace(step, why=str(error))
    new = [one for one in taken if one.new]
    if not new:
        return replace(step, state=HELD)
    vintages = [one.vintage for one in new]
    return replace(
        step,
        state=TAKEN,
        figures=sum(one.figures for one in new),
        places=Series.objects.filter(vintage__in=vintages).values("area").distinct().count(),
        vintages=tuple(one.pk for one in vintages),
        revised=" ".join(map(revised, vintages)),
    )


def _is_here(path: Path, version: str, address: str) -> bool:
    """Whether the same bytes, or this version of the same data set, were taken in: by hand too, from no named address."""
    release, _ = cells(path, [])
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    held = Vintage.objects.filter(release=release.key)
    return held.filter(sha256=sha256).exists() or held.filter(label=version, source_url__in=("", address)).exists()


def kept(service: Statistics, data_set: DataSet) -> Path:
    """The file of a data set's newest version in the centre's folder: fetched once, whole or not at all."""
    folder = Path(settings.HOME) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", data_set.title.casefold()).strip("-")[:80]
    path = folder / f"{name}-{data_set.identifier}-{data_set.version}.csv".lstrip("-")
    if path.exists():
        return path
    _sweep(folder)
    beside = folder / f".{uuid.uuid4().hex}.part"
    try:
        with beside.open("xb+") as file:
            service.bring(data_set, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _sweep(folder: Path) -> None:
    """Remove what an update that was killed a day ago left beside the files."""
    for old in folder.glob(".*.part"):
        if old.stat().st_mtime < time.time() - HOURS * 3600:
            old.unlink(missing_ok=True)
