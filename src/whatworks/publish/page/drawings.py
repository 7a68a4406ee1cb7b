"""What does an answer look like? Small pure drawings for a page: a shape per state, 100 dots, a scale, certainty.

Every function takes plain values and returns markup with its words escaped. Nothing carries a style attribute: colours
are currentColor and classes of the stylesheet, so drawings follow the theme, the phone, print and a strict content policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from whatworks.saying import as_html, said
from whatworks.synthesise.drawings import null_line, percent

# One shape per state. A shape is told apart by its outline alone, without colour, at 16 pixels.
SHAPES = {
    "fewer": '<path d="M8 14.5 2 7.5h4v-6h4v6h4z" fill="currentColor"/>',
    "more": '<path d="m8 1.5 6 7h-4v6H6v-6H2z" fill="currentColor"/>',
    "better": '<path d="m1.8 8.6 4.1 4.3L14.2 3" stroke-width="2.6"/>',
    "worse": '<path d="m3 3 10 10M13 3 3 13" stroke-width="2.6"/>',
    "uncertain": '<path d="M1.3 9.4c2-5.4 4.6-5.4 6.7-1.4s4.7 4 6.7-1.4" stroke-width="2.3"/>',
    "none": '<path d="M2 5.5h12M2 10.5h12" stroke-width="2.4"/>',
    "mixed": '<path d="M5 14.3V2.6M1.8 5.8 5 2.6l3.2 3.2M11 1.7v11.7m-3.2-3.2 3.2 3.2 3.2-3.2"/>',
    "unsearched": '<circle cx="6.7" cy="6.7" r="4.7"/><path d="m10.4 10.4 4 4" stroke-width="2.5"/>',
    "nothing-found": '<circle cx="8" cy="8" r="5.6"/><path d="M13.6 2.4 2.4 13.6"/>',
    "not-poolable": '<path d="M1.6 1.6h6.2v6.2H1.6z"/><circle cx="11.4" cy="11.4" r="3.2"/>',
    "linked": (
        '<path d="m6.3 9.7 3.4-3.4M7 4.3l1.5-1.5a3.3 3.3 0 0 1 4.7 4.7L11.7 9M9 11.7l-1.5 1.5a3.3 3.3 0 0 1-4.7-4.7L4.3 7"/>'
    ),
    # Not a state: it marks a notice.
    "attention": '<circle cx="8" cy="8" r="6.3" stroke-width="1.6"/><path d="M8 4.7v3.9M8 11.2v.1" stroke-width="2"/>',
}
COLOURS = ("change", "better", "worse", "unsure")

CROWDED = 4  # more ticks than this do not fit on a phone, and one fewer where one of them has long words
LONG_TICK = 8
STEP = 12  # from one dot to the next, in the drawing's own units
SCALE_HEIGHT = 76
ON = ' class="on"'


def icon(shape: str) -> str:
    """The shape of a state. It is hidden from screen readers: the word always stands beside it."""
    return f'<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{SHAPES[shape]}</svg>'


def pins(count: int) -> str:
    """A map pin for each study done in one place; the words beside it name the place and the number."""
    pin = '<path d="M8 15C4.7 11 3 8.5 3 6a5 5 0 0 1 10 0c0 2.5-1.7 5-5 9z"/><circle cx="8" cy="6" r="1.7"/>'
    return f'<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{pin}</svg>' * count


def rows_of_dots(n: int) -> str:
    """A path whose round dashes are the first n of 100 dots, ten to a row: 40 characters instead of 100 circles."""
    full, rest = divmod(n, 10)
    rows = [(row, 10) for row in range(full)] + ([(full, rest)] if rest else [])
    # The tenth of a unit beyond the last dot keeps rounding from losing it.
    return "".join(f"M6 {6 + STEP * row}h{STEP * (count - 1) + 0.1:g}" for row, count in rows)


def hundred(n: float, css: str, label: str) -> str:
    """100 dots, ten to a row, of which the first n are filled; the label says the same in words."""
    if css not in COLOURS:
        raise ValueError(f"No such colour: {css}.")
    filled = min(max(round(n), 0), 100)
    rings, dots = rows_of_dots(100), rows_of_dots(filled)
    return (
        f'<svg class="dots {css}" viewBox="0 0 120 120" role="img" aria-label="{as_html(label)}">'
        f'<path class="ring" d="{rings}"/><path class="hole" d="{rings}"/>'
        + (f'<path class="dot" d="{dots}"/>' if dots else "")
        + "</svg>"
    )


def scale_ticks(ticks: Sequence[tuple[float, str]], null: float, minimum: float, maximum: float) -> str:
    """Marks and words under a scale; every second one counted from no difference gives way on a narrow screen."""
    values = [value for value, _ in ticks]
    middle = min(range(len(values)), key=lambda index: abs(values[index] - null)) if values else 0
    most = CROWDED - any(len(words) > LONG_TICK for _, words in ticks)
    marks = []
    for index, (value, words) in enumerate(ticks):
        at = percent(value, minimum, maximum)
        css = ' class="minor"' if len(ticks) > most and (index - middle) % 2 else ""
        marks.append(
            f'<g{css}><line class="tick" x1="{at}" x2="{at}" y1="46" y2="52"/>'
            f'<text x="{at}" y="69">{as_html(words)}</text></g>'
        )
    return "".join(marks)


def scale_interval(low: float, high: float, minimum: float, maximum: float) -> str:
    """The interval as a broad soft bar, with an arrow head where it runs on beyond the scale."""
    start, end = percent(low, minimum, maximum), percent(high, minimum, maximum)
    heads = [("0", "m-5-6-7 6 7 6")] if low < minimum else []
    heads += [("100%", "m5-6 7 6-7 6")] if high > maximum else []
    return f'<line class="interval" x1="{start}" x2="{end}" y1="24" y2="24"/>' + "".join(
        f'<svg x="{at}" y="24" overflow="visible"><path class="end" d="{path}"/></svg>' for at, path in heads
    )


def scale(
    *,
    estimate: float,
    low: float | None,
    high: float | None,
    minimum: float,
    maximum: float,
    ticks: Sequence[tuple[float, str]],
    css: str,
    label: str,
    null: float = 0.0,
) -> str:
    """An estimate and its interval on a line with words under it; without an interval the dot stays hollow."""
    if css not in COLOURS:
        raise ValueError(f"No such colour: {css}.")
    at = percent(estimate, minimum, maximum)
    bar = "" if low is None or high is None else scale_interval(low, high, minimum, maximum)
    axis = f'<line class="tick" x1="0" x2="100%" y1="46" y2="46"/>{scale_ticks(ticks, null, minimum, maximum)}'
    dot = f'<circle class="{"estimate" if bar else "estimate bare"}" cx="{at}" cy="24" r="8.5"/>'
    return (
        f'<svg class="{css}" width="100%" height="{SCALE_HEIGHT}" role="img" aria-label="{as_html(label)}">'
        f"{null_line(null, minimum, maximum, '46')}{axis}{bar}{dot}</svg>"
    )


def certainty(level: int, of: int, word: str) -> str:
    """How sure we are: as many bars filled as the level, and always the word beside them."""
    if not 0 <= level <= of:
        raise ValueError(f"Certainty {level} is not within 0 to {of}.")
    bars = "".join(
        f'<rect{ON if index < level else ""} x="{1 + 17 * index}" y="1" width="14" height="7"/>' for index in range(of)
    )
    width = 17 * of - 1
    return (
        f'<span class="certainty"><svg viewBox="0 0 {width} 9" width="{width}" height="9" aria-hidden="true">{bars}</svg>'
        f"{as_html(said('%(word)s certainty', word=word))}</span>"
    )
