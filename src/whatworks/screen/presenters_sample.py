"""What the random sample says about what has not been found yet, in words."""

from __future__ import annotations

from whatworks.screen.methods.remaining import remaining
from whatworks.screen.methods.stop_words import counted, percent
from whatworks.screen.models import Review
from whatworks.screen.reviewing import rules_of
from whatworks.screen.stopping import Known, Lot, known, lot_of


def missing(review: Review) -> dict[str, str]:
    """How many relevant reports may not be found yet, from the random sample alone, with an exact interval."""
    lot, told, sure = lot_of(review), known(review), rules_of(review).confidence
    if not lot.drawn:
        return {"words": "No random sample was drawn, so nobody can say.", "sample": ""}
    if not lot.decided:
        words = f"The random sample has {counted(lot.drawn, 'report', 'reports')}. None of it can be used yet, so nobody can say."
        return {"words": words, "sample": ""}
    expected, low, high = _range(lot, told, sure)
    between = f"between {low:,} and {high:,}" if low < high else f"{low:,}"
    best = f"About {counted(expected, 'relevant report', 'relevant reports')} may still be missing."
    words = f"{best if expected else 'Perhaps none is missing.'} We are {percent(sure)} sure that it is {between}."
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
    said = (
        f"From the random sample: {lot.read:,} of {counted(lot.drawn, 'report', 'reports')} read in the order of the lot, "
        f"{lot.included:,} of them relevant. What a ranking brought forward does not count here."
    )
    if lot.unsettled:
        said += f" {counted(lot.unsettled, 'is', 'are')} in conflict; the range allows for either answer."
    return said
