"""What people do with maps that others made: take a file in as a map's next version, and show the map or not."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.publish.maps.sources import Read, read_map
from whatworks.publish.methods.mapping_plain import to_plain
from whatworks.publish.methods.mapping_words import address, line
from whatworks.publish.models import EvidenceMap, MapVersion
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Whose:
    """What a person says of a map that they bring: its makers, where it is from, its licence, how old it is."""

    whose: str
    title: str = ""
    source_url: str = ""
    licence: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A map as taken in; not `new` where the same file was there already."""

    version: MapVersion
    read: Read
    new: bool


@transaction.atomic
def take_map(*, by: str, body: bytes, filename: str, whose: Whose, slug: str = "") -> Taken:
    """Take a file in: as a new map, or as the next version of the one named by `slug`. The same file twice changes nothing."""
    found = read_map(body)
    if not whose.whose.strip():
        raise InputError(said("Say whose map it is; readers must see that it is theirs."))
    if whose.source_url.strip() and not address(whose.source_url).startswith("http"):
        raise InputError(
            said(
                "“%(source_url)s” is no web address; give one that begins with https://, or none.",
                source_url=whose.source_url[:80],
            )
        )
    held = _of_slug(slug) if slug else None
    if same := _same(found, held):
        return Taken(same, found, new=False)
    held = held or _opened(found, whose)
    version = _kept(by, held, found, filename, whose)
    payload = {"file": version.filename, "sha256": found.sha256, "items": version.items}
    record(verb="publish.take-map", by=by, about=[held], made=[version], payload=payload)
    return Taken(version, found, new=True)


def _of_slug(slug: str) -> EvidenceMap:
    held = EvidenceMap.objects.select_for_update().filter(slug=slug).first()
    if held is None:
        raise InputError(
            said(
                "There is no map “%(slug)s” here; leave the name out to take the file in as a new map.", slug=slug[:80]
            )
        )
    return held


def _same(found: Read, held: EvidenceMap | None) -> MapVersion | None:
    same = MapVersion.objects.filter(sha256=found.sha256, **({"map": held} if held else {}))
    return same.select_related("map").order_by("map", "number").first()


def _opened(found: Read, whose: Whose) -> EvidenceMap:
    title = line(whose.title, 300) or line(found.map.title, 300)
    stem = slugify(title)[:70].strip("-") or "map"
    taken = set(EvidenceMap.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug = next(
        name
        for number in range(1, len(taken) + 2)
        if (name := stem if number == 1 else f"{stem}-{number}") not in taken
    )
    try:
        with transaction.atomic():
            return EvidenceMap.objects.register(
                slug=slug,
                title=title,
                whose=line(whose.whose, 200),
                source_url=address(whose.source_url)[:500],
                licence=line(whose.licence, 200),
            )
    except IntegrityError:
        raise ConflictError(
            said(
                "Somebody else has just taken in a map called “%(title)s”; look at it, then try again.",
                title=title[:80],
            )
        ) from None


def _kept(by: str, held: EvidenceMap, found: Read, filename: str, whose: Whose) -> MapVersion:
    last = held.newest()
    number = last.number + 1 if last else 1
    return MapVersion.objects.register(
        map=held,
        number=number,
        dated=line(whose.dated, 40),
        content=to_plain(found.map),
        filename=line(filename, 200),
        sha256=found.sha256,
        items=len(found.map.items),
        by=by,
        at=timezone.now(),
    )


@transaction.atomic
def show_map(*, by: str, held: EvidenceMap, shown: bool, licence: str | None = None) -> EvidenceMap:
    """Show a map to the public, or no longer. Showing needs its licence: it is somebody else's work."""
    held = EvidenceMap.objects.select_for_update().get(pk=held.pk)
    told = held.licence if licence is None else line(licence, 200)
    if shown and not told:
        raise InputError(
            said(
                "Say under which licence “%(title)s” may be shown; without one it stays in the workspace.",
                title=held.title,
            )
        )
    if (held.shown, held.licence) == (shown, told):
        return held
    held.shown, held.licence = shown, told
    held.save(update_fields=["shown", "licence"])
    verb = "publish.show-map" if shown else "publish.hide-map"
    record(verb=verb, by=by, about=[held], payload={"licence": told})
    return held
