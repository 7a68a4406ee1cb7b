"""How guides and packages look as plain files. Of drafts, an open pack holds only illustrations, which are made to be shown; of
packages, only those that readers see."""

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
class ShownTable(Table):
    """Rows of which some were shown to nobody yet (`shown` says which field tells): those leave only with a move or a backup."""

    shown: str = ""
    shown_only: bool = False

    def write(self, profile: str) -> str | None:
        """The rows that this profile lets out."""
        return super(ShownTable, replace(self, shown_only=profile == "open")).write(profile)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        rows = self.model._default_manager.filter(**({self.shown: True} if self.shown_only else {}))
        for row in rows.order_by("pk"):
            yield tuple(getattr(row, field.attname) for field in fields)


GUIDES = [
    Table(Guide, "publish/guides.csv"),
    ShownTable(GuideDraft, "publish/guide-drafts.csv", shown="guide__illustration"),
    Table(GuideRevision, "publish/guide-revisions.csv"),
    Table(GuideStanding, "publish/guide-standings.csv"),
    Table(Consultation, "publish/consultations.csv"),
    Table(Response, "publish/responses.csv"),
    Table(ResponseAnswer, "publish/response-answers.csv"),
    ShownTable(Package, "publish/packages.csv", shown="shown"),
    ShownTable(PackageItem, "publish/package-items.csv", shown="package__shown"),
]
