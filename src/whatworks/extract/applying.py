"""Which judgement applies to a result: its own, else that of the report it is from, else that of the whole study."""

from __future__ import annotations

from collections.abc import Iterable

from whatworks.extract.models import Appraisal, Contrast, Judging


def applying_to(contrasts: Iterable[Contrast]) -> dict[str, list[Appraisal]]:
    """By result, the appraisals that apply to it, of every instrument; a result that nothing applies to is absent.

    A judgement of another result of the study never applies, nor does what two people have not agreed on yet. By each
    instrument the nearest judgement counts: of the result, then of its report, then of the whole study, then of another
    report of it. Three queries for any number of results.
    """
    listed = list(contrasts)
    rows = list(Appraisal.objects.filter(study__in={one.study_id for one in listed}).order_by("pk"))
    told = Judging.objects.filter(appraisal__in=rows).exclude(contrast=None).order_by("number")
    result_of = dict(told.values_list("appraisal", "contrast"))
    found: dict[str, list[Appraisal]] = {}
    for one in listed:
        nearest: dict[str, list[tuple[int, Appraisal]]] = {}
        for row in rows:
            far = _far(one, row, result_of.get(row.pk))
            if far is not None:
                nearest.setdefault(row.instrument, []).append((far, row))
        if kept := [row for held in nearest.values() for far, row in held if far == min(at for at, _ in held)]:
            found[one.pk] = kept
    return found


def _far(contrast: Contrast, row: Appraisal, result: str | None) -> int | None:
    """How far from a result a judgement is; None where it does not apply."""
    if row.study_id != contrast.study_id or result not in (None, contrast.pk):
        return None
    if result is not None:
        return 0
    if row.report_id is not None:
        return 1 if row.report_id == contrast.report_id else 3
    return 2
