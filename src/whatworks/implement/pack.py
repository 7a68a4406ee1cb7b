"""How its rows look as plain files: in an open pack only sites that agreed and whose arm may be known, no counts of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from whatworks.implement.models import (
    Adaptation,
    Barrier,
    BarrierAction,
    Cycle,
    FidelityForm,
    Heeded,
    Insight,
    InsightCoding,
    Point,
    PracticeQuestion,
    PracticeReply,
    ReadinessWave,
    Site,
    SiteMember,
    SitePhase,
    SitePlan,
    SmallTest,
    WaveAnswer,
    WaveCode,
)
from whatworks.implement.showing import leaving
from whatworks.ledger.packs import Table


@dataclass(frozen=True)
class SiteTable(Table):
    """Rows of sites; in an open pack only of those that are shown. `through`: the field that leads to the site."""

    through: str = "pk"
    only: frozenset[str] | None = None

    def write(self, profile: str) -> str | None:
        """The table as canonical CSV."""
        if profile != "open" or self.only is not None:
            return super().write(profile)
        return replace(self, only=frozenset(one.pk for one in leaving())).write(profile)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        names = [field.attname for field in fields]
        rows = self.model._default_manager.order_by()
        if self.only is not None:
            rows = rows.filter(**{f"{self.through}__in": sorted(self.only)})
        for row in rows.only(*names).iterator(2000):
            yield tuple(getattr(row, name) for name in names)


TABLES: list[Table] = [
    SiteTable(Site, "implement/sites.csv"),
    Table(SiteMember, "implement/members.csv", closed=True),
    SiteTable(SitePhase, "implement/phases.csv", through="site"),
    SiteTable(SitePlan, "implement/plans.csv", through="site"),
    SiteTable(FidelityForm, "implement/forms.csv", through="site"),
    SiteTable(Adaptation, "implement/adaptations.csv", through="site"),
    SiteTable(Heeded, "implement/heeded.csv", through="adaptation__site"),
    Table(SmallTest, "implement/small-tests.csv", closed=True),
    Table(Cycle, "implement/cycles.csv", closed=True),
    Table(Point, "implement/points.csv", closed=True),
    Table(Barrier, "implement/barriers.csv", closed=True),
    Table(BarrierAction, "implement/actions.csv", closed=True),
    Table(Insight, "implement/interviews.csv", closed=True),
    Table(InsightCoding, "implement/codings.csv", closed=True),
    Table(ReadinessWave, "implement/waves.csv", closed=True),
    Table(WaveCode, "implement/codes.csv", closed=True),
    Table(WaveAnswer, "implement/wave-answers.csv", closed=True),
    Table(PracticeQuestion, "implement/practice-questions.csv", closed=True),
    Table(PracticeReply, "implement/practice-replies.csv", closed=True),
]
