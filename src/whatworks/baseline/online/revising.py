"""What did a vintage say otherwise than the one before it? In a sentence, from the figures that are held."""

from __future__ import annotations

import datetime
import re

from whatworks.baseline.methods.revisions import revisions
from whatworks.baseline.models import Series, Vintage
from whatworks.saying import dated, joined, said

Key = tuple[str, str, str]  # measure, place, period


def revised(vintage: Vintage) -> str:
    """What a vintage revised of the one before it, in a sentence."""
    before = earlier(vintage)
    if before is None:
        return said("Nothing of this release was here before.")
    old, new = figures(before), figures(vintage)
    added = sorted({period for _, _, period in new} - {period for _, _, period in old})
    summary = revisions(old, new).summary()
    told = said("Beside %(label)s: %(summary)s", label=before.label, summary=summary)
    if before.published_on:
        day = dated(before.published_on)
        told = said("Beside %(label)s of %(day)s: %(summary)s", label=before.label, day=day, summary=summary)
    return joined(" ", (told, said("New: %(periods)s.", periods=", ".join(added)))) if added else told


def earlier(vintage: Vintage) -> Vintage | None:
    """The vintage that this one follows: of the same data set where one is held, else of the same release."""
    held = Vintage.objects.filter(release=vintage.release).exclude(pk=vintage.pk).order_by("pk")
    others = [one for one in held if _place(one)[0] <= (vintage.published_on or datetime.date.max)]
    same = [one for one in others if vintage.source_url and _data_set(one) == _data_set(vintage)]
    return max(same or others, key=_place, default=None)


def _data_set(vintage: Vintage) -> str:
    return vintage.source_url.partition("?")[0]


def _place(vintage: Vintage) -> tuple[datetime.date, list[int]]:
    """Where a vintage stands in time: by the day, then by the numbers in its label, so that 10.0 comes after 9.0."""
    return vintage.published_on or datetime.date.min, [int(one) for one in re.findall(r"\d+", vintage.label)]


def figures(vintage: Vintage) -> dict[Key, float | None]:
    """Every figure of a vintage; None where a symbol stands instead of a number."""
    rows = Series.objects.filter(vintage=vintage).order_by("pk").values_list("measure", "area_id", "values")
    return {
        (measure, area, period): None if isinstance(value, str) else float(value)
        for measure, area, values in rows.iterator()
        for period, value in values.items()
    }
