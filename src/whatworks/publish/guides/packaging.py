"""What editors do with packages: begin one, gather guides and pages in it, each with a line why, show it to readers or no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import digest
from whatworks.ledger.fields import INTERNAL, PUBLIC
from whatworks.publish.guides.guiding import slug_of
from whatworks.publish.models import Guide, Package, PackageItem
from whatworks.saying import said
from whatworks.scope.models import Intervention, Theme

TITLE, STAGE, WHY, LEAD = 160, 120, 300, 2000  # characters at most


@dataclass(frozen=True, slots=True)
class Item:
    """One guide or page of a package: by its identifier, at which stage, and why it is there."""

    thing: str
    stage: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that an editor says of a package."""

    title: str
    lead: str
    items: tuple[Item, ...] = ()


def gathered(package: Package) -> Gathered:
    """What a package holds now."""
    rows = package.items.order_by("order", "pk")
    items = tuple(Item(one.guide_id or one.intervention_id, one.stage, one.why) for one in rows)
    return Gathered(package.title, package.lead, items)


def seen_of(package: Package) -> str:
    """What names the state that somebody looks at: it must be the last when they keep another."""
    return digest(asdict(gathered(package)) | {"shown": package.shown})


@transaction.atomic
def open_package(*, by: str, title: str, theme: Theme) -> Package:
    """Begin a package. Nobody sees it before it is shown. Raises ConflictError where its address is taken."""
    title = _line(title, TITLE, _("the title"))
    slug = slug_of(title)
    if not slug:
        raise InputError(said("Give the package a title in words; it becomes its address."))
    if Package.objects.filter(slug=slug).exists():
        raise ConflictError(
            said("There is a package at “%(slug)s” already; open that one, or choose another title.", slug=slug)
        )
    made: Package = Package.objects.register(
        Package.derived(slug), slug=slug, title=title, theme=theme, lead="", shown=False
    )
    record(verb="publish.open-package", by=by, made=[made], payload={"title": title})
    return made


@transaction.atomic
def gather(*, by: str, package: Package, says: Gathered, seen: str) -> Package:
    """Keep what a package holds. `seen` is what `seen_of` gave before; the same again is kept once.

    Raises ConflictError where somebody else has changed it since, InputError for what is too long, unknown or twice
    there, and for what is missing in a package that readers see.
    """
    held: Package = Package.objects.select_for_update().get(pk=package.pk)
    made = _checked(says)
    if made == gathered(held):
        return held
    if seen != seen_of(held):
        raise ConflictError(
            said("Somebody else has changed this package since you began. What you typed is still here.")
        )
    if held.shown and (found := problems(made)):
        raise InputError(said("Readers see this package, so first mend it: %(problem)s", problem=found[0]))
    held.title, held.lead = made.title, made.lead
    held.save(update_fields=["title", "lead"])
    held.retitle()
    rows = _replace(held, made.items)
    told = {"payload": asdict(made), "audience": PUBLIC if held.shown else INTERNAL}
    record(verb="publish.gather-package", by=by, made=[held, *rows], **told)
    return held


@transaction.atomic
def show_package(*, by: str, package: Package, seen: str, shown: bool = True) -> Package:
    """Show a package to readers, or no longer. Raises InputError while something is missing from it."""
    held: Package = Package.objects.select_for_update().get(pk=package.pk)
    if held.shown == shown:
        return held
    if seen != seen_of(held):
        raise ConflictError(said("Somebody else has changed this package since you read it; read it again."))
    if shown and (found := problems(gathered(held))):
        raise InputError(said("It cannot be shown yet: %(problem)s", problem=found[0]))
    held.shown = shown
    held.save(update_fields=["shown"])
    verb = "publish.show-package" if shown else "publish.hide-package"
    record(verb=verb, by=by, made=[held], payload=asdict(gathered(held)), audience=PUBLIC)
    return held


def problems(says: Gathered) -> list[str]:
    """What is still missing before readers can see it, a sentence each."""
    found: list[str] = [] if says.lead else [said("Say in a sentence or two what the package is about.")]
    found += [] if says.items else [said("Add a guide or a page.")]
    if any(not one.stage for one in says.items):
        found.append(said("Say for each guide and page at which stage it stands."))
    runs = [stage for stage, _of in groupby(one.stage for one in says.items)]
    twice = next((stage for stage in runs if stage and runs.count(stage) > 1), "")
    if twice:
        found.append(said("“%(stage)s” stands in two places; move what belongs to one stage together.", stage=twice))
    return found


def _checked(says: Gathered) -> Gathered:
    items = tuple(
        Item(one.thing, _line(one.stage, STAGE, said("a stage")), _line(one.why, WHY, said("a line why")))
        for one in says.items
    )
    things = [one.thing for one in items]
    if len(set(things)) < len(things):
        raise InputError(said("Something is in the package twice; remove one of the two."))
    title = _line(says.title, TITLE, said("the title"))
    if not title:
        raise InputError(said("Give the package a title."))
    lead = says.lead.strip()
    if len(lead) > LEAD:
        raise InputError(
            said(
                "What the package is about has %(count)s characters; make it %(most)s or fewer.",
                count=len(lead),
                most=LEAD,
            )
        )
    return Gathered(title, lead, items)


def _line(text: str, most: int, what: str) -> str:
    line = " ".join(text.split())
    if len(line) > most:
        told = {"what": what, "count": len(line), "most": most}
        raise InputError(said("There is more than a line in %(what)s: %(count)s characters; make it %(most)s.", **told))
    return line


def _replace(held: Package, items: Sequence[Item]) -> list[PackageItem]:
    """The rows of a package in their sequence; the row of a thing keeps its identifier wherever it moves."""
    known = {one.guide_id or one.intervention_id: one.pk for one in held.items.all()}
    held.items.all().delete()
    rows = [
        PackageItem(
            id=known.get(one.thing) or PackageItem.fresh(),
            package=held,
            stage=one.stage,
            order=order,
            why=one.why,
            **_thing(one.thing),
        )
        for order, one in enumerate(items, 1)
    ]
    return list(PackageItem.objects.bulk_create(rows))


def _thing(identifier: str) -> dict[str, Any]:
    if Guide.objects.filter(pk=identifier).exists():
        return {"guide_id": identifier}
    if Intervention.objects.filter(pk=identifier, part_of=None).exists():
        return {"intervention_id": identifier}
    raise InputError(said("No guide and no page is called %(name)s; choose one of the list.", name=identifier[:24]))
