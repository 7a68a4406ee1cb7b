"""How its rows look as plain files. Who is in them leaves only in a move or a backup; what is not public yet, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils import timezone

from whatworks.contact.models import (
    Bounce,
    ConsentRow,
    Contact,
    ContactImport,
    ContactMerge,
    ContactTie,
    Edition,
    Follow,
    ImportLine,
    Interaction,
    MailingList,
    Post,
    SentLetter,
    Suppressed,
)
from whatworks.ledger.packs import Table


@dataclass(frozen=True)
class ShownTable(Table):
    """A table of which an open pack holds only the rows that the public can read."""

    shown: Callable[[], models.QuerySet] | None = None
    open_only: bool = False
    since: str = ""  # the public moment that stands in for those which stay inside

    def read(self, text: str, path: str) -> list[Any]:
        """The rows. What only insiders know of a moment is, in one that is shown, the moment since which it is."""
        rows = super().read(text, path)
        for row in rows:
            for name in ("since", "changed_at", "approved_at"):
                if getattr(row, name, self) is None:
                    setattr(row, name, getattr(row, self.since))
        return rows

    def write(self, profile: str) -> str | None:
        """The table as canonical CSV; in an open pack without what is not public yet."""
        return Table.write(replace(self, open_only=profile == "open"), profile)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        if not self.open_only or self.shown is None:
            yield from super()._rows(fields)
            return
        names = [f.attname for f in fields]
        for row in self.shown().only(*names).order_by().iterator(2000):
            yield tuple(getattr(row, name) for name in names)


class InOrder(Table):
    """Contacts: the ones that others were merged into come first."""

    def save(self, new: list[Any]) -> None:
        """Add contacts without their merges, then the merges: a row may name one that comes after it."""
        merges = {row.pk: row.merged_into_id for row in new if row.merged_into_id}
        for row in new:
            row.merged_into_id = None
        super().save(new)
        for pk, into in merges.items():
            self.model._default_manager.filter(pk=pk).update(merged_into=into)


TABLES = [
    Table(MailingList, "contact/lists.csv"),
    ShownTable(Edition, "contact/editions.csv", shown=lambda: Edition.objects.shown(), since="begun_at"),
    ShownTable(Post, "contact/posts.csv", shown=lambda: Post.objects.shown(timezone.now()), since="public_from"),
    InOrder(Contact, "contact/contacts.csv", closed=True),
    Table(ContactTie, "contact/ties.csv", closed=True),
    Table(Interaction, "contact/interactions.csv", closed=True),
    Table(ContactMerge, "contact/merges.csv", closed=True),
    Table(ConsentRow, "contact/consents.csv", closed=True),
    Table(SentLetter, "contact/letters.csv", closed=True),
    Table(Bounce, "contact/bounces.csv", closed=True),
    Table(Follow, "contact/follows.csv", closed=True),
    Table(Suppressed, "contact/suppressed.csv", order=("digest",), closed=True),
    Table(ContactImport, "contact/imports.csv", closed=True),
    Table(ImportLine, "contact/import-lines.csv", closed=True),
]
