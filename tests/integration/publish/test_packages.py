"""Packages are begun, gathered and shown by editors: nothing is seen before, nobody overwrites another, each step is in the ledger."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.integration.publish import guides
from tests.integration.rate.raters import at_work, somebody
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event, Payload
from whatworks.people.models import User
from whatworks.publish.guides.pack import GUIDES
from whatworks.publish.guides.packaging import (
    Gathered,
    Item,
    gather,
    gathered,
    open_package,
    problems,
    seen_of,
    show_package,
)
from whatworks.publish.models import Package, PackageItem
from whatworks.scope.models import Intervention, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]

LEAD = "What we hold on safer streets."


def editor(name: str = "Eve Wren") -> User:
    return somebody(name, "editor")


def begun() -> Package:
    return open_package(by=guides.EDITOR, title="Safer streets", theme=Theme.objects.order_by("order")[0])


def zones() -> Intervention:
    return Intervention.objects.get(slug="slow-zones")


def says(*items: Item, lead: str = LEAD) -> Gathered:
    return Gathered("Safer streets", lead, items)


def said(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def typed(package: Package, *items: Item, do: str = "save", **more: str) -> dict[str, str]:
    """What a browser sends."""
    post = {"title": package.title, "lead": LEAD, "seen": seen_of(Package.objects.get(pk=package.pk)), "do": do}
    post["order"] = " ".join(one.thing for one in items)
    for one in items:
        post |= {f"{one.thing}-stage": one.stage, f"{one.thing}-why": one.why}
    return post | more


def seen_in(response: Any) -> str:
    """What the page that was sent back names as the state that it looks at."""
    found = re.search(r'name="seen" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def test_an_editor_begins_gathers_and_shows_a_package_by_forms(client: Client) -> None:
    """What only somebody at a database could gather would never be gathered."""
    work = at_work(editor())
    assert "Begin a package" in said(work.get("/workspace/guides/"))
    refused = work.post("/workspace/guides/packages/open/", {"title": "Safer streets"})
    assert refused.status_code == 400 and "Choose a theme." in said(refused)
    theme = Theme.objects.order_by("order")[0].slug
    work.post("/workspace/guides/packages/open/", {"title": "Safer streets", "theme": theme})
    package = Package.objects.get(slug="safer-streets")
    at = f"/workspace/guides/packages/{package.pk}/"
    told = said(work.get(at))
    assert "Only editors see this package" in told and "Page: Slow zones" in told
    assert work.post(at, typed(package, do="add")).status_code == 400, "nothing was chosen"
    assert work.post(at, typed(package, do="add", add=zones().pk)).status_code == 302
    early = work.post(at, typed(package, Item(zones().pk), do="show"))
    assert early.status_code == 400 and "It cannot be shown yet: Say for each guide and page" in said(early)
    assert client.get("/packages/safer-streets/", secure=True).status_code == 404
    whole = Item(zones().pk, "Plan", "What is known best.")
    assert work.post(at, typed(package, whole, do="show", seen=seen_in(early))).status_code == 302
    shown = said(client.get("/packages/safer-streets/", secure=True))
    assert "What is known best." in shown and "1. Plan" in shown and LEAD in shown
    assert "Safer streets" in said(client.get("/guides/", secure=True))
    package.refresh_from_db()
    assert work.post(at, typed(package, whole, do="hide")).status_code == 302
    assert client.get("/packages/safer-streets/", secure=True).status_code == 404
    assert "Safer streets" not in said(client.get("/guides/", secure=True))


def test_only_who_may_gathers(client: Client) -> None:
    package = begun()
    at = f"/workspace/guides/packages/{package.pk}/"
    writer = at_work(somebody("Wim Rook", "writer"))
    assert writer.get(at).status_code == 403 and writer.post(at, typed(package)).status_code == 403
    assert "Begin a package" not in said(writer.get("/workspace/guides/"))
    assert client.get(at, secure=True).status_code in (302, 403)


def test_things_are_moved_and_removed_and_their_rows_keep_their_names() -> None:
    package, guide = begun(), guides.opened()
    one, two = Item(zones().pk, "Plan", "First."), Item(guide.pk, "Plan", "Second.")
    gather(by=guides.EDITOR, package=package, says=says(one, two), seen=seen_of(package))
    package.refresh_from_db()
    before = dict(PackageItem.objects.values_list("why", "pk"))
    work, at = at_work(editor()), f"/workspace/guides/packages/{package.pk}/"
    work.post(at, typed(package, one, two, do=f"up:{two.thing}"))
    package.refresh_from_db()
    assert [item.why for item in gathered(package).items] == ["Second.", "First."]
    assert dict(PackageItem.objects.values_list("why", "pk")) == before
    work.post(at, typed(package, two, one, do=f"remove:{two.thing}"))
    assert [item.why for item in gathered(package).items] == ["First."]


def test_two_editors_never_overwrite_each_other() -> None:
    package = begun()
    old = typed(package, lead="Mine, typed at length.")
    gather(by="usr-other", package=package, says=says(lead="Theirs."), seen=seen_of(package))
    work, at = at_work(editor()), f"/workspace/guides/packages/{package.pk}/"
    refused = work.post(at, old)
    assert refused.status_code == 409 and "Mine, typed at length." in said(refused)
    assert gathered(Package.objects.get(pk=package.pk)).lead == "Theirs."
    assert work.post(at, old | {"seen": seen_in(refused)}).status_code == 302
    assert gathered(Package.objects.get(pk=package.pk)).lead == "Mine, typed at length."


def test_what_readers_see_stays_whole_and_every_step_is_in_the_ledger() -> None:
    """A package that lost its lead while it is public would stand there empty."""
    package = begun()
    gather(by="usr-1", package=package, says=says(Item(zones().pk, "Plan")), seen=seen_of(package))
    package.refresh_from_db()
    gather(by="usr-1", package=package, says=says(Item(zones().pk, "Plan")), seen="something old")
    with pytest.raises(ConflictError, match="read it again"):
        show_package(by="usr-1", package=package, seen="something old")
    show_package(by="usr-1", package=package, seen=seen_of(package))
    package.refresh_from_db()
    with pytest.raises(InputError, match="Readers see this package"):
        gather(by="usr-1", package=package, says=says(lead=""), seen=seen_of(package))
    verbs = list(Event.objects.filter(verb__contains="package").order_by("id").values_list("verb", flat=True))
    assert verbs == ["publish.open-package", "publish.gather-package", "publish.show-package"], "kept once"
    body = Payload.objects.get(event__verb="publish.gather-package").body
    assert LEAD in body and zones().pk in body


@pytest.mark.parametrize(
    ("items", "match"),
    [
        ((Item("int-nothing", "Plan"),), "No guide and no page"),
        ((Item("same"), Item("same")), "twice"),
        ((Item("any", "x" * 121),), "more than a line in a stage"),
        ((Item("any", "Plan", "x" * 301),), "more than a line in a line why"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(items: tuple[Item, ...], match: str) -> None:
    package = begun()
    with pytest.raises(InputError, match=match), transaction.atomic():
        gather(by="usr-1", package=package, says=says(*items), seen=seen_of(package))
    assert not PackageItem.objects.filter(package=package).exists()


def test_a_stage_stands_in_one_place() -> None:
    """A reader who meets a stage twice takes the second for another."""
    parted = says(Item("one", "Plan"), Item("two", "Build"), Item("three", "Plan"))
    assert problems(parted) == ["“Plan” stands in two places; move what belongs to one stage together."]
    assert problems(says(*parted.items[1:], parted.items[0])) == []


def test_an_open_pack_holds_only_what_readers_are_shown() -> None:
    """What an editor gathers and has shown to nobody must not leave with the open data."""
    packages, items = GUIDES[-2:]
    package = begun()
    gather(by="usr-1", package=package, says=says(Item(zones().pk, "Plan")), seen=seen_of(package))
    assert packages.write("open") is None and items.write("open") is None
    assert "safer-streets" in (packages.write("move") or "") and zones().pk in (items.write("move") or "")
    package.refresh_from_db()
    show_package(by="usr-1", package=package, seen=seen_of(package))
    assert "safer-streets" in (packages.write("open") or "") and zones().pk in (items.write("open") or "")
    told = dict(Payload.objects.filter(event__verb__contains="package").values_list("event__verb", "audience"))
    assert told == {
        "publish.open-package": "internal",
        "publish.gather-package": "internal",
        "publish.show-package": "public",
    }


def test_a_title_is_an_address_once() -> None:
    begun()
    with pytest.raises(ConflictError, match="already"):
        begun()
