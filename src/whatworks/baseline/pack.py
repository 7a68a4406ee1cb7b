"""How figures, neighbours and the practice map look as plain files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from whatworks.baseline.holding import hidden_figures
from whatworks.baseline.models import Neighbour, Practice, Reply, Round, Series, Standing, Vintage
from whatworks.baseline.sources.release import HERE
from whatworks.ledger.packs import Table


@dataclass(frozen=True)
class SeriesTable(Table):
    """Series of figures; in an open pack without the small counts of people, and what would give them away."""

    hidden: frozenset[tuple[str, str, str, str]] = frozenset()  # vintage, measure, place, period

    def write(self, profile: str) -> str | None:
        """The table as canonical CSV."""
        if profile != "open" or self.hidden or not (hidden := hidden_figures()):
            return super().write(profile)
        return replace(self, hidden=hidden).write(profile)

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        at = [field.attname for field in fields]
        for row in super()._rows(fields):
            cells = dict(zip(at, row, strict=True))
            key = (cells["vintage_id"], cells["measure"], cells["area_id"])
            cells["values"] = {
                period: HERE if (*key, period) in self.hidden else value for period, value in cells["values"].items()
            }
            yield tuple(cells[name] for name in at)


TABLES = [
    Table(Vintage, "baseline/vintages.csv"),
    SeriesTable(Series, "baseline/figures.csv", order=("vintage", "measure", "area")),
    Table(Neighbour, "baseline/neighbours.csv", order=("model", "area", "place")),
    Table(Practice, "baseline/practices.csv"),
    Table(Round, "baseline/rounds.csv"),
    Table(Reply, "baseline/replies.csv"),
    Table(Standing, "baseline/standings.csv"),
]
