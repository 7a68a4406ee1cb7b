"""Another starting point: what a result would make of a place where more or fewer have the outcome to begin with.

A ratio, odds or standardised result is applied to the new starting risk; a difference out of 100 was taken to be the same
wherever it starts, so it is not recomputed. The same sums, to the digit, are in `static/publish/here.js`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.publish.methods.numbers import Three, risk_after, whole
from whatworks.saying import said

FIRST, LAST = 1, 99  # of 100: a result cannot be applied where it never or always happens
SHOWN = (5, 10, 20, 30, 50, 70)  # starting points that every page shows, beside that of its studies
FIXED = said(
    "The studies were put together as a difference out of 100, which is taken to be the same wherever a place starts."
)

Start = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class From:
    """One starting point out of 100, what it becomes, and the range; `own` where it is that of the studies."""

    usual: int
    after: int
    low: int
    high: int
    own: bool = False


def start_of(three: Three, metric: str, baseline: float | None) -> dict[str, Any] | None:
    """What a page keeps to begin elsewhere: the metric, the result on its own scale, the studies' starting risk (0 to 1).

    None where the result is a difference out of 100, has no range, or no risk is held.
    """
    if metric == "RD" or baseline is None or three.low is None or three.high is None:
        return None
    return {"metric": metric, "estimate": three.estimate, "low": three.low, "high": three.high, "baseline": baseline}


def own_of(start: Start) -> int:
    """The studies' own starting point, out of 100."""
    return min(max(whole(100 * start["baseline"]), FIRST), LAST)


def begun(start: Start, usual: int) -> From:
    """What the result makes of a place where `usual` of 100 have the outcome without it.

    At the studies' own starting point it is worked out from their exact risk, so that it is the number of the drawing.
    """
    own = usual == own_of(start)
    baseline = start["baseline"] if own and 0 < start["baseline"] < 1 else usual / 100
    risks = [100 * risk_after(baseline, start[name], start["metric"]) for name in ("estimate", "low", "high")]
    after, *ends = (whole(risk) for risk in risks)
    return From(usual, after, min(ends), max(ends), own)


def shown(start: Start) -> tuple[From, ...]:
    """The starting points that a page shows, in order, that of its studies among them."""
    return tuple(begun(start, usual) for usual in sorted({*SHOWN, own_of(start)}))


def typed_share(typed: str) -> tuple[int | None, str]:
    """A whole number out of 100 from what a reader typed, or one sentence that says how to mend it."""
    text = " ".join(typed.split()).removesuffix(" of 100").removesuffix("%").strip()
    if not text:
        return None, said("Type how many of 100 have it here without the offer, in figures.")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        return None, said("Type a whole number from 1 to 99, in the figures 0 to 9 only.")
    if not FIRST <= int(text) <= LAST:
        return (
            None,
            said(
                "Type a number from 1 to 99: where it happens to nobody, or to everybody, the result cannot be applied."
            ),
        )
    return int(text), ""


# What `told` says, for the page's script to fill in where there is no server; the numbers are of 100.
SENTENCE = said(
    "If {usual} of 100 {happened} without it, and results carried over, about {after} of 100 would with it, "
    "with a range from {low} to {high}."
)


def told(point: From, *, happened: str, trace: str) -> list[Any]:
    """The starting point and what becomes of it as inline text, its numbers with the thread to their result."""
    found = {"number": said("about %(n)s of 100", n=point.after), "trace": trace}
    ends = {"number": said("from %(low)s to %(high)s", low=point.low, high=point.high), "trace": trace}
    lead = said(
        "If %(usual)s of 100 %(happened)s without it, and results carried over, ", usual=point.usual, happened=happened
    )
    return [lead, found, said(" would with it, with a range "), ends, "."]
