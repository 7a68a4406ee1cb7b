"""What the random sample says about what has not been found yet, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.screen.methods.remaining import remaining
from whatworks.screen.methods.stop_words import percent
from whatworks.screen.models import Review
from whatworks.screen.reviewing import rules_of
from whatworks.screen.stopping import Known, Lot, known, lot_of


def missing(review: Review) -> dict[str, str]:
    """How many relevant reports may not be found yet, from the random sample alone, with an exact interval."""
    lot, told, sure = lot_of(review), known(review), rules_of(review).confidence
    if not lot.drawn:
        return {"words": _("No random sample was drawn, so nobody can say."), "sample": ""}
    if not lot.decided:
        words = ngettext(
            "The random sample has %(count)s report. None of it can be used yet, so nobody can say.",
            "The random sample has %(count)s reports. None of it can be used yet, so nobody can say.",
            lot.drawn,
        )
        return {"words": words % {"count": f"{lot.drawn:,}"}, "sample": ""}
    expected, low, high = _range(lot, told, sure)
    between = _("between %(low)s and %(high)s") % {"low": f"{low:,}", "high": f"{high:,}"} if low < high else f"{low:,}"
    about = ngettext(
        "About %(count)s relevant report may still be missing.",
        "About %(count)s relevant reports may still be missing.",
        expected,
    )
    best = about % {"count": f"{expected:,}"} if expected else _("Perhaps none is missing.")
    words = _("%(best)s We are %(sure)s sure that it is %(between)s.") % {
        "best": best,
        "sure": percent(sure),
        "between": between,
    }
    return {"words": words, "sample": _sample_words(lot)}


def _range(lot: Lot, told: Known, sure: float) -> tuple[int, int, int]:
    """Expected, least and most among what is not decided; the ends allow for either answer to what is in conflict."""
    found, unread = sum(told.labels), told.total - len(told.labels)
    elsewhere = found - lot.included
    least = remaining(lot.sample(in_conflict=0), told.total, level=sure).low - elsewhere
    most = remaining(lot.sample(in_conflict=lot.unsettled), told.total, level=sure).high + lot.unsettled - elsewhere
    expected = round(told.total * lot.included / len(lot.decided)) - found
    low, high = max(least, 0), max(min(most, unread), 0)
    return min(max(expected, low), high), low, high


def _sample_words(lot: Lot) -> str:
    said = ngettext(
        "From the random sample: %(read)s of %(drawn)s report read in the order of the lot, %(included)s of them "
        "relevant. What a ranking brought forward does not count here.",
        "From the random sample: %(read)s of %(drawn)s reports read in the order of the lot, %(included)s of them "
        "relevant. What a ranking brought forward does not count here.",
        lot.drawn,
    ) % {"read": f"{lot.read:,}", "drawn": f"{lot.drawn:,}", "included": f"{lot.included:,}"}
    if not lot.unsettled:
        return said
    open_ones = ngettext(
        "%(count)s is in conflict; the range allows for either answer.",
        "%(count)s are in conflict; the range allows for either answer.",
        lot.unsettled,
    )
    return f"{said} " + open_ones % {"count": f"{lot.unsettled:,}"}
