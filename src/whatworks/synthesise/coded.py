"""What coders decided, as a plan may ask about it: the items of the frames in use, and what stands for each result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whatworks.extract.methods.coding.frame import CODED, MEASURED, Item
from whatworks.extract.models import CodingFrame, Contrast, Decided, Study
from whatworks.ledger.actions import mark_stale
from whatworks.ledger.models import Event
from whatworks.screen.models import Review
from whatworks.synthesise.methods.coded import CodedItem, coded_key, parts_of
from whatworks.synthesise.models import Analysis, Synthesis

KINDS = ("choice", "yes-no", *MEASURED)
UNITS = ("study", "contrast")
# What one coder alone said does not count: not where one was enough, nor where the first one's answer holds the place.
TOGETHER = ("agreed", "third", "discussion")


def items_of(*reviews: Review | str) -> dict[str, CodedItem]:
    """The items that an analysis of these reviews may ask about, by key, in the order of their forms; of all reviews
    where none is named. Where versions of a frame differ, the newest one in use has the words."""
    rows = CodingFrame.objects.filter(codings__isnull=False)
    if reviews:
        rows = rows.filter(codings__study__review__in=reviews)
    found: dict[str, CodedItem] = {}
    for row in rows.distinct().order_by("title", "key", "version"):
        for asked in row.frame().asked():
            if asked.item.kind in KINDS and asked.item.repeats in UNITS:
                item = _item(row, asked.item)
                found[item.key] = item
    return found


def _item(row: CodingFrame, item: Item) -> CodedItem:
    number = item.kind in MEASURED
    values = () if number else tuple((one, item.shown(one)) for one in item.allowed)
    return CodedItem(coded_key(row.key, item.key), row.title, item.label, number, item.unit if number else "", values)


def coded_values(contrasts: Iterable[Contrast], keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What stands for each result, by contrast and key; None where it is not known.

    Only what coders agreed on or people decided. What was said of the result itself goes before what was said of its
    study, and what was coded by a newer version of a frame before an older one.
    """
    contrasts, named = list(contrasts), {parts: key for key in keys if (parts := parts_of(key))}
    found: dict[str, dict[str, Any]] = {one.pk: dict.fromkeys(named.values()) for one in contrasts}
    of_study: dict[str, list[str]] = {}
    for one in contrasts:
        of_study.setdefault(one.study_id, []).append(one.pk)
    rows = Decided.objects.standing().filter(coding__study__in=of_study, how__in=TOGETHER)
    rows = rows.filter(coding__frame__key__in={frame for frame, _ in named}, item__in={item for _, item in named})
    for row in rows.select_related("coding__frame").order_by("coding__frame__version", "pk"):
        key = named.get((row.coding.frame.key, row.item))
        units = [row.unit] if row.unit else of_study[row.coding.study_id]
        for contrast in units:
            if key is not None and contrast in found:
                found[contrast][key] = row.value if row.status == CODED else None
    return found


def coded_in(held: Synthesis) -> list[str]:
    """The coded items whose values a result was made with."""
    return sorted({name for row in held.inputs for name in row if parts_of(name)})


def recoded(held: Synthesis) -> bool:
    """Whether something else stands now than the coded values that a result was made with."""
    keys = coded_in(held)
    if not keys:
        return False
    contrasts = Contrast.objects.filter(pk__in=[row["contrast"] for row in held.inputs])
    now = coded_values(contrasts, keys)
    return any(row.get(key) != now.get(row["contrast"], {}).get(key) for row in held.inputs for key in keys)


def mark_recoded(study: Study, event: Event) -> list[str]:
    """Mark the results of every analysis that was made with another value of this study than stands now."""
    about = Analysis.objects.filter(members__contrast__study=study, lock__isnull=False).distinct()
    current = Synthesis.objects.current().filter(role=Synthesis.DEFAULT, analysis__in=about)
    moved = [held.analysis_id for held in current if recoded(held)]
    return mark_stale(*moved, event=event) if moved else []
