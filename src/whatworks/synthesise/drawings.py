"""What does one line of a forest plot look like? Numbers in, a small SVG out that follows theme, phone and print.

Positions are percentages of the drawing's own width and heights are plain pixels, so a drawing may be 90 or 900 pixels
wide and its marks and words keep their size. Colours come from the stylesheet (currentColor and classes), never from
style attributes, so that a strict content policy holds.
"""

from __future__ import annotations

from math import exp, log

from whatworks.saying import as_html
from whatworks.stats.chart import MINUS, round_steps

ROW_HEIGHT = 32
AXIS_HEIGHT = 46
CROWDED = 3  # more numbers than this on the axis do not fit on a phone
NARROW = 1.1  # a factor of three: below it ratios are nearly as far apart as their logarithms
RATIOS = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10)
MARK = 5  # half the side of a study's square, in pixels
DIAMOND = 7  # half the height of a pooled result's diamond


def place(value: float, minimum: float, maximum: float) -> float:
    """Where a value stands between two ends, in percent; a value beyond an end stands at that end."""
    if maximum <= minimum:
        raise ValueError(f"A scale needs its maximum above its minimum: {minimum} to {maximum}.")
    share = (min(max(value, minimum), maximum) - minimum) / (maximum - minimum)
    return 100 * min(share, 1.0)  # rounding can carry the far end a hair beyond 1


def percent(value: float, minimum: float, maximum: float) -> str:
    """The place as an SVG length, short enough to weigh nothing."""
    return f"{place(value, minimum, maximum):.1f}%".replace(".0%", "%")


def round_ticks(minimum: float, maximum: float, wanted: int = 4) -> list[float]:
    """About the wanted number of round values between two ends, steps of 1, 2 or 5 times a power of ten."""
    return round_steps(minimum, maximum, wanted)


def signed(value: float) -> str:
    """A number with its sign as people write it: +3.5, a true minus, and a bare 0."""
    return "0" if value == 0 else f"{'+' if value > 0 else MINUS}{abs(value):g}"


def null_line(null: float, minimum: float, maximum: float, foot: str) -> str:
    """The dotted line of no difference, drawn only where the scale reaches it."""
    if not minimum <= null <= maximum:
        return ""
    at = percent(null, minimum, maximum)
    return f'<line class="null" x1="{at}" x2="{at}" y1="0" y2="{foot}"/>'


def beyond(low: float, high: float, minimum: float, maximum: float) -> str:
    """Arrow heads at the ends of a drawing for an interval that runs on beyond it."""
    heads = [("0", "M0 0h-7m4-4-4 4 4 4")] if low < minimum else []
    heads += [("100%", "M0 0h7m-4-4 4 4-4 4")] if high > maximum else []
    return "".join(
        f'<svg x="{at}" y="50%" overflow="visible"><path class="end" d="{path}"/></svg>' for at, path in heads
    )


def whisker(low: float, high: float, minimum: float, maximum: float) -> str:
    """The line of an interval, cut with arrow heads where the drawing ends."""
    start, end = percent(low, minimum, maximum), percent(high, minimum, maximum)
    return f'<line class="whisker" x1="{start}" x2="{end}" y1="50%" y2="50%"/>' + beyond(low, high, minimum, maximum)


def square(estimate: float, minimum: float, maximum: float, kind: str) -> str:
    """One study's estimate: filled where it is part of the pooled result, hollow where it stands apart."""
    side = 2 * MARK
    return (
        f'<g transform="translate({-MARK} {-MARK})"><rect class="{kind}" x="{percent(estimate, minimum, maximum)}" '
        f'y="50%" width="{side}" height="{side}"/></g>'
    )


def diamond(estimate: float, low: float, high: float, minimum: float, maximum: float, kind: str) -> str:
    """A pooled result: its width is the interval, its peak is the estimate."""
    start, end = place(low, minimum, maximum), place(high, minimum, maximum)
    width = max(end - start, 0.5)
    peak = min(max(100 * (place(estimate, minimum, maximum) - start) / width, 0), 100)
    return (
        f'<g transform="translate(0 {-DIAMOND})"><svg x="{start:.1f}%" y="50%" width="{width:.1f}%" '
        f'height="{2 * DIAMOND}" viewBox="0 0 100 14" preserveAspectRatio="none" overflow="visible">'
        f'<path class="{kind}" d="M0 7 {peak:.1f} 0 100 7 {peak:.1f} 14z"/></svg></g>'
    ) + beyond(low, high, minimum, maximum)


def forest_row(
    *,
    estimate: float | None,
    low: float | None,
    high: float | None,
    minimum: float,
    maximum: float,
    null: float = 0.0,
    kind: str = "study",
) -> str:
    """One line of a forest plot, hidden from screen readers because the cell beside it says the numbers.

    Kinds: study (filled square), apart (hollow square: not pooled), total and second (diamonds). Without an interval
    only the mark is drawn; without an estimate only the line of no difference.
    """
    if kind not in ("study", "apart", "total", "second"):
        raise ValueError(f"No such kind of forest row: {kind}.")
    marks = [null_line(null, minimum, maximum, "100%")]
    if estimate is not None and low is not None and high is not None:
        if kind in ("total", "second"):
            marks.append(diamond(estimate, low, high, minimum, maximum, kind))
        else:
            marks.append(whisker(low, high, minimum, maximum) + square(estimate, minimum, maximum, kind))
    elif estimate is not None:
        marks.append(square(estimate, minimum, maximum, kind))
    return f'<svg class="row" width="100%" height="{ROW_HEIGHT}" aria-hidden="true">{"".join(marks)}</svg>'


def thinned(ticks: list[float]) -> list[tuple[float, bool]]:
    """Each tick, and whether it gives way on a phone: every second one counted from the one nearest to nought."""
    middle = min(range(len(ticks)), key=lambda index: abs(ticks[index]), default=0)
    return [(value, len(ticks) > CROWDED and (index - middle) % 2 == 1) for index, value in enumerate(ticks)]


def ratio_ticks(minimum: float, maximum: float) -> list[float]:
    """The logarithms of round ratios between two ends (themselves logarithms), one among them where it is between."""
    if maximum - minimum < NARROW:
        return [log(ratio) for ratio in round_ticks(exp(minimum), exp(maximum)) if ratio > 0]
    held = [log(ratio) for ratio in RATIOS if minimum <= log(ratio) <= maximum]
    return held if len(held) <= 5 else [value for value in held if value in (0.0, held[0], held[-1])]


def axis_tick(value: float, minimum: float, maximum: float, crowded: bool, words: str) -> str:
    """One mark and its number on the axis of a forest plot."""
    at = percent(value, minimum, maximum)
    css = ' class="minor"' if crowded else ""
    return (
        f'<g{css}><line class="tick" x1="{at}" x2="{at}" y1="{AXIS_HEIGHT - 6}" y2="{AXIS_HEIGHT}"/>'
        f'<text x="{at}" y="{AXIS_HEIGHT - 10}">{words}</text></g>'
    )


def forest_axis(*, minimum: float, maximum: float, left: str, right: str, ratio: bool = False) -> str:
    """The head of a forest plot: which side means what, and round numbers along the line; words keep their size.

    With `ratio` the ends are logarithms and the numbers are the ratios that readers know.
    """
    held = ratio_ticks(minimum, maximum) if ratio else round_ticks(minimum, maximum)
    said = (lambda value: f"{exp(value):.3g}") if ratio else signed
    words = (
        f'<text class="side" x="0" y="12">\N{LEFTWARDS ARROW} {as_html(left)}</text>'
        f'<text class="side far" x="100%" y="12">{as_html(right)} \N{RIGHTWARDS ARROW}</text>'
    )
    ticks = "".join(axis_tick(value, minimum, maximum, crowded, said(value)) for value, crowded in thinned(held))
    base = AXIS_HEIGHT - 0.5
    return (
        f'<svg class="axis" width="100%" height="{AXIS_HEIGHT}" aria-hidden="true">{words}{ticks}'
        f'<line class="tick" x1="0" x2="100%" y1="{base}" y2="{base}"/></svg>'
    )
