"""Who and what was studied, as far as it is recorded, and what nobody has recorded. Reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from whatworks.extract.methods.coding.frame import CODED
from whatworks.extract.models import ContrastDetail, Decided, Study
from whatworks.publish.methods.locally import tallied
from whatworks.rate.gathering import Ground
from whatworks.scope.models import Intervention
from whatworks.screen.models import Review

NOT_RECORDED = "Not recorded"
# What a page says of who was in the studies: the items of a coding frame that ask it. The same words in every frame.
ASKED = (
    ("Ages", ("age-range", "age-mean")),
    ("Girls and women", ("female",)),
    ("Ethnicity", ("ethnicity",)),
    ("Disability and hardship", ("disadvantage",)),
    ("Care and child protection", ("involvement",)),
)
HARMS, WHICH_HARMS, COSTS, SHAPED = "harms-measured", "harms", "costs", "lived-experience"


@dataclass(frozen=True)
class Studied:
    """The studies behind a page, with what people coded of them."""

    studies: tuple[Study, ...]

    @cached_property
    def coded(self) -> dict[str, list[tuple[str, str]]]:
        """By item of a frame, each study with what was decided of it, in words. One query."""
        rows = Decided.objects.standing().filter(coding__study__in=self.studies, unit="", status=CODED)
        found: dict[str, list[tuple[str, str]]] = {}
        for row in rows.select_related("coding__frame").order_by("coding__study__name", "coding", "item"):
            item = next((one for one in _items(row.coding.frame.frame().items) if one.key == row.item), None)
            if item is not None:
                found.setdefault(row.item, []).append((row.coding.study_id, _spoken(item, row.value)))
        return found

    def countries(self) -> list[list[Any]]:
        """Each country with its number of studies, by name."""
        told: dict[str, int] = {}
        for study in self.studies:
            told[study.country or "country not recorded"] = told.get(study.country or "country not recorded", 0) + 1
        return [[name, count] for name, count in sorted(told.items())]

    def said(self, *items: str) -> list[str]:
        """What is recorded on the first of these items that anybody recorded, each thing once; empty where nothing is."""
        for item in items:
            if rows := self.coded.get(item):
                missing = [(study.pk, "") for study in self.studies if study.pk not in dict(rows)]
                return list(tallied([*rows, *missing])) if rows else []
        return []

    def recorded(self) -> list[tuple[str, list[str]]]:
        """What a page tells of who took part: each thing with what is recorded of it, which may be nothing."""
        years = [(one.pk, one.years) for one in self.studies]
        people = [(one.pk, one.population) for one in self.studies]
        told = [
            ("Who they were", list(tallied(people)) if any(words for _, words in people) else []),
            ("Countries", [f"{name}: {_studies(count)}" for name, count in self.countries()]),
            ("Years", list(tallied(years)) if any(words for _, words in years) else []),
        ]
        return told + [(name, self.said(*items)) for name, items in ASKED]

    def missing(self) -> list[str]:
        """The things that nobody recorded."""
        return [name for name, items in self.recorded() if not items]

    def apart(self) -> list[str]:
        """The groups of people for whom a result is held apart, in the studies' words."""
        rows = ContrastDetail.objects.filter(contrast__study__in=self.studies).exclude(population="")
        return sorted(set(rows.order_by("pk").values_list("population", flat=True)))


def studied(held: Iterable[Ground]) -> Studied:
    """The studies of every outcome of a page, each once, by name."""
    found = {row.study_id: row.study for ground in held for row in ground.contrasts}
    return Studied(tuple(sorted(found.values(), key=lambda study: (study.name, study.pk))))


def under_way(intervention: Intervention) -> list[Study]:
    """Studies of the intervention that are held, shown to readers, and have no result yet."""
    family = [intervention.pk, *intervention.parts.values_list("pk", flat=True)]
    rows = Study.objects.standing().filter(arms__detail__intervention__in=family, contrasts=None, review__listed=True)
    return list(rows.distinct().order_by("name", "pk"))


def last_search(reviews: Sequence[Review]) -> str:
    """The day of the last systematic search behind a page, in words; empty where there was none."""
    days = [one.last_search for one in reviews if one.systematic and one.last_search]
    return f"{max(days):%-d %B %Y}" if days else ""


def _studies(count: int) -> str:
    return f"{count} {'study' if count == 1 else 'studies'}"


def _items(items: Iterable[Any]) -> Iterable[Any]:
    for one in items:
        yield one
        yield from _items(one.items)


def _spoken(item: Any, value: Any) -> str:
    """A coded value in words."""
    if isinstance(value, list | tuple):
        return ", ".join(_spoken(item, one) for one in value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:g}{'' if item.unit == '%' else ' '}{item.unit}".strip()
    return str(item.shown(str(value)))
