"""What was computed, by which method, from what; and what rests on what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import connection, models

from whatworks.ledger.fields import public
from whatworks.ledger.models.subjects import Subject

# One statement whatever the depth: UNION (not UNION ALL) keeps each node once, so a diamond costs nothing and a loop ends.
CLOSURE = """
WITH RECURSIVE reached(node) AS (
    SELECT {near} FROM ledger_lineage WHERE {far} IN ({marks})
    UNION
    SELECT l.{near} FROM ledger_lineage l JOIN reached r ON l.{far} = r.node
)
SELECT node FROM reached
"""


class Lineage(models.Model):
    """`output` rests on `input`."""

    output = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="rests_on")
    input = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="carries")

    classes: ClassVar = public("id output input")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["output", "input"], name="lineage_edge_once"),
            models.CheckConstraint(condition=~models.Q(output=models.F("input")), name="lineage_not_itself"),
        ]

    @classmethod
    def _closure(cls, start: Iterable[str], near: str, far: str) -> set[str]:
        start = list(start)
        if not start:
            return set()
        sql = CLOSURE.format(near=near, far=far, marks=",".join(["%s"] * len(start)))
        with connection.cursor() as cursor:
            cursor.execute(sql, start)
            return {row[0] for row in cursor.fetchall()}

    @classmethod
    def ancestors(cls, *identifiers: str) -> set[str]:
        """Everything the subjects rest on, at any depth, in one query."""
        return cls._closure(identifiers, "input_id", "output_id")

    @classmethod
    def descendants(cls, *identifiers: str) -> set[str]:
        """Everything that rests on the subjects, at any depth, in one query."""
        return cls._closure(identifiers, "output_id", "input_id")


class ArtefactQuerySet(models.QuerySet):
    def current(self) -> ArtefactQuerySet:
        """Artefacts that nothing newer replaces."""
        return self.filter(superseded_by="")

    def stale(self) -> ArtefactQuerySet:
        """Current artefacts whose ground has moved."""
        return self.current().exclude(stale_event="")


class Artefact(models.Model):
    """The state of something computed: its method and version, and whether its ground has moved since."""

    subject = models.OneToOneField(
        Subject, on_delete=models.PROTECT, primary_key=True, db_column="identifier", related_name="artefact"
    )
    method = models.CharField(max_length=64)
    version = models.CharField(max_length=16)
    inputs_digest = models.CharField(max_length=64, db_index=True)
    stale_event = models.CharField(max_length=32, blank=True)
    superseded_by = models.CharField(max_length=24, blank=True)

    classes: ClassVar = public("subject method version inputs_digest stale_event superseded_by")
    objects = ArtefactQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.subject_id} by {self.method} {self.version}"
