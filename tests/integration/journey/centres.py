"""Centres made of real packs, in the test's database."""

from __future__ import annotations

from pathlib import Path

from whatworks.archive.loading import load_pack
from whatworks.publish.actions import approve, refresh
from whatworks.publish.models import Draft, Page

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "packs" / "childrens-social-care"
ROADS = ROOT / "tests" / "packs" / "road-safety"
BY = "rule:test"


def publish_all() -> None:
    """Compute everything and publish every page that waits."""
    refresh(by=BY)
    for waiting in Draft.objects.select_related("page"):
        approve(by=BY, page=waiting.page, what_changed="Test.")


def build_roads() -> None:
    """The tiny pack of another sector, computed and published."""
    load_pack(folder=ROADS, by=BY)
    publish_all()


def revise(page: Page) -> None:
    """The next revision of a page, its words others."""
    newest = page.newest()
    assert newest is not None
    rests_on = list(newest.subject.rests_on.order_by("input").values_list("input_id", flat=True))
    content = newest.content | {"lead": "Said in other words."}
    Draft.objects.create(page=page, content=content, rests_on=rests_on, reasons=["-"], made_at=newest.approved_at)
    approve(by=BY, page=page, what_changed="Other words.")
