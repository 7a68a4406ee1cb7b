"""How the texts that people write for pages, and withdrawals, look as plain files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F, Max

from whatworks.ledger.packs import Table
from whatworks.publish.models import PageStanding, Passage


class PassageTable(Table):
    """Texts for pages. An open pack leaves out what was written since the page was last approved: nobody has read it yet."""

    def write(self, profile: str) -> str | None:
        return Opened(self.model, self.path).write("move") if profile == "open" else super().write(profile)


class Opened(Table):
    """The rows that were there when their page was last approved."""

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        approved = self.model._default_manager.annotate(last=Max("intervention__page__revisions__approved_at")).filter(
            at__lte=F("last")
        )
        for row in approved.order_by("pk"):
            yield tuple(getattr(row, field.attname) for field in fields)


PASSAGES = [
    PassageTable(Passage, "publish/passages.csv"),
    Table(PageStanding, "publish/page-standings.csv"),
]
