"""The one target for "cites", "is about" and "interest in"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models

from whatworks.ledger import identifiers
from whatworks.ledger.canonical import digest
from whatworks.ledger.fields import PUBLIC, public


class Subject(models.Model):
    """Anything that can be cited: a short public identifier, what kind of thing it is, and its title."""

    identifier = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=24, db_index=True)
    title = models.TextField()

    classes: ClassVar = public("identifier kind title")

    def __str__(self) -> str:
        return self.title


class Kept(models.Model):
    """What every row of ours can do: be written as plain values, and be digested."""

    prefix: ClassVar[str]
    classes: ClassVar[dict[str, str]]
    append_only: ClassVar[bool] = False  # the database refuses change and deletion
    identifier_length: ClassVar[int] = identifiers.LENGTH

    class Meta:
        abstract = True

    @property
    def identifier(self) -> str:
        return str(self.pk)

    @classmethod
    def fresh(cls) -> str:
        """A new identifier of this kind."""
        return identifiers.fresh(cls.prefix, cls.identifier_length)

    @classmethod
    def derived(cls, *key: object) -> str:
        """The identifier that this natural key always gets."""
        return identifiers.derived(cls.prefix, *key, length=cls.identifier_length)

    def values(self) -> dict[str, Any]:
        """The row's public fields as plain values by name, foreign keys as identifiers.

        Only public fields, so that a digest still holds in a centre that was loaded from an open pack.
        """
        plain = {}
        for field in self._meta.concrete_fields:
            if self.classes[field.name] != PUBLIC:
                continue
            value = getattr(self, field.attname)
            plain[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
        return plain

    def row_digest(self) -> str:
        """SHA-256 of the row's values."""
        return digest(self.values())


class Row(Kept):
    """A row with an identifier of its own that nothing else needs to cite."""

    id = models.CharField(max_length=24, primary_key=True)

    class Meta:
        abstract = True


class SubjectQuerySet(models.QuerySet):
    """Rows that are subjects: made together with the subject they are."""

    def register(self, identifier: str | None = None, **fields: Any) -> Any:
        """Make one row and its subject. Returns the row."""
        row = self.model(subject_id=identifier or self.model.fresh(), **fields)
        return self.register_all([row])[0]

    def register_all(self, rows: Iterable[Any]) -> list[Any]:
        """Make many rows and their subjects in two statements."""
        rows = list(rows)
        Subject.objects.bulk_create([row.as_subject() for row in rows], batch_size=500)
        return self.bulk_create(rows, batch_size=200)


class SubjectRow(Kept):
    """A row that can be cited: its key is its subject's identifier."""

    kind: ClassVar[str]
    subject = models.OneToOneField(
        Subject, on_delete=models.PROTECT, primary_key=True, db_column="identifier", related_name="+"
    )

    objects = SubjectQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject_title()

    def subject_title(self) -> str:
        """What the subject is called where it is cited."""
        return str(getattr(self, "title", None) or getattr(self, "name", None) or self.pk)

    def as_subject(self) -> Subject:
        """The subject row that belongs to this row (not saved)."""
        return Subject(identifier=self.pk, kind=self.kind, title=self.subject_title())

    def retitle(self) -> Self:
        """Bring the subject's title up to date after a change of name."""
        Subject.objects.filter(pk=self.pk).update(title=self.subject_title())
        return self
