"""How far two coders agreed, item by item, over the studies of a review."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.extract.agreement import agreement_in
from whatworks.extract.methods.coding.agreeing import ItemAgreement
from whatworks.extract.models import Coding, CodingFrame
from whatworks.screen.models import Review


def agreement_page(review: Review) -> dict[str, Any]:
    """Each frame that two people coded studies of the review by, with the agreement on each item."""
    both = Coding.objects.in_review(review).exclude(unblinded_at=None)
    frames = CodingFrame.objects.filter(pk__in=both.order_by().values("frame")).order_by("title", "version")
    found = [{"frame": one, "studies": both.filter(frame=one).count(), "rows": _rows(review, one)} for one in frames]
    return {"frames": [one for one in found if one["rows"]]}


def _rows(review: Review, frame: CodingFrame) -> list[dict[str, Any]]:
    return [_row(one) for one in agreement_in(review, frame)]


def _row(one: ItemAgreement) -> dict[str, Any]:
    return {
        "label": one.label,
        "critical": one.critical,
        "n": one.n,
        "agreed": one.agreed,
        "share": _between(one.share.value, one.share.low, one.share.high, percent=True),
        "kappa": _between(one.kappa.value, one.kappa.low, one.kappa.high),
        "icc": "" if one.icc is None else f"{one.icc:.2f}",
        "warnings": one.warnings,
    }


def _between(value: float | None, low: float | None, high: float | None, *, percent: bool = False) -> str:
    if value is None:
        return ""
    told = [f"{100 * one:.0f}%" if percent else f"{one:.2f}" for one in (value, low, high) if one is not None]
    return (
        _("%(told)s (%(told_2)s to %(told_3)s)") % {"told": told[0], "told_2": told[1], "told_3": told[2]}
        if len(told) == 3
        else told[0]
    )
