"""How guides look as plain files. Of drafts, an open pack holds only illustrations, which are made to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from whatworks.ledger.packs import Table
from whatworks.publish.models import (
    Consultation,
    Guide,
    GuideDraft,
    GuideRevision,
    GuideStanding,
    Package,
    PackageItem,
    Response,
    ResponseAnswer,
)


@dataclass(frozen=True)
class DraftTable(Table):
    """Drafts of guides: what writers have shown to nobody leaves only with a move or a backup."""

    shown_only: bool = False

    def write(self, profile: str) -> str | None:
        """The drafts that this profile lets out."""
        return super(DraftTable, replace(self, shown_only=profile == "open")).write(profile)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        drafts = GuideDraft.objects.filter(guide__illustration=True) if self.shown_only else GuideDraft.objects.all()
        for row in drafts.order_by("pk"):
            yield tuple(getattr(row, field.attname) for field in fields)


GUIDES = [
    Table(Guide, "publish/guides.csv"),
    DraftTable(GuideDraft, "publish/guide-drafts.csv"),
    Table(GuideRevision, "publish/guide-revisions.csv"),
    Table(GuideStanding, "publish/guide-standings.csv"),
    Table(Consultation, "publish/consultations.csv"),
    Table(Response, "publish/responses.csv"),
    Table(ResponseAnswer, "publish/response-answers.csv"),
    Table(Package, "publish/packages.csv"),
    Table(PackageItem, "publish/package-items.csv"),
]
