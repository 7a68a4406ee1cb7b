"""The forest plot: every study with its interval and weight, the pooled result below, the numbers beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, exp, floor, isfinite, log
from typing import TYPE_CHECKING, Any, NamedTuple

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import MINUS, Chart, Plane
from whatworks.stats.intervals import critical

if TYPE_CHECKING:
    from whatworks.synthesise.methods.pooled import Pooled

LINE = 24  # pixels from one row to the next
NAMES, NUMBERS, MARK = 200, 250, 34  # pixels for names (at least), for numbers, and for each judgement of risk of bias
WIDEST, LETTER = 420, 7.6  # pixels for names at most, and what a letter takes of them
LARGEST = 15.0  # pixels of the side of the heaviest study's square
REACH = 4.0  # the axis ends this many spans of the studies' estimates away: one hopeless study must not hide the rest
# A sign and a letter, so that no two judgements of one instrument look alike, in print too.
SIGNS = {"low": "+ L", "some": "? C", "unclear": "? U", "moderate": "? M", "high": "− H"}
SIGNS |= {"serious": "− S", "critical": "! X", "no": "· N"}
HEAD = ("row", "estimate", "low", "high", "weight")


class Row(NamedTuple):
    """One line. kind: study, total (a diamond), prediction (a bar), head (words alone)."""

    name: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    kind: str = "study"
    judged: tuple[str, ...] = ()


def forest(
    title: str,
    rows: Sequence[Row],
    note: str,
    *,
    domains: Sequence[str] = (),
    ratio: bool = False,
    label: str = "effect",
) -> Chart:
    """The drawing of rows from top to bottom, and the same as a table. ratio: numbers are logarithms, said as ratios."""
    worded: Callable[[float], str] = (lambda value: brief(exp(value))) if ratio else brief
    names = int(min(WIDEST, max([NAMES, *(16 + LETTER * len(row.name) for row in rows)])))
    plane = Plane(
        axis_ends(rows),
        (len(rows) + 0.5, -0.5),
        width=names + 330 + NUMBERS + MARK * len(domains),
        height=LINE * (len(rows) + 1) + 24 + 52,
        left=names,
        right=NUMBERS + MARK * len(domains) + 10,
        top=24,
    )
    plane.upright(0.0)
    at = plane.width - MARK * len(domains)
    heads = ["All" if domain == "Overall" else f"D{place}" for place, domain in enumerate(domains, start=1)]
    for place, head in enumerate(heads):
        plane.words(at + MARK * (place + 0.5), 10, head, anchor="middle", bold=True)
    for line, row in enumerate(rows):
        _draw(plane, row, line, worded, at)
    plane.x_axis(label, ticks=ratio_ticks(*plane.x) if ratio else None, said=worded)
    explained = "".join(f" {head}: {domain}." for head, domain in zip(heads, domains, strict=True))
    keep = (lambda value: None if value is None else float(exp(value))) if ratio else (lambda value: value)
    table = [(row.name, *map(keep, row[1:4]), row.weight, *row.judged) for row in rows]
    return plane.chart(title, note + explained, (*HEAD, *domains), table)


def ratio_ticks(low: float, high: float) -> list[float]:
    """Logarithms of round ratios between two ends: of 1, 2 and 5 times powers of ten, or finer ones where few of these fit.

    >>> [round(exp(one), 9) for one in ratio_ticks(log(0.4), log(6))]
    [0.5, 1.0, 2.0, 5.0]
    """
    powers = range(floor(low / log(10)) - 1, ceil(high / log(10)) + 1)
    found: list[float] = []
    for steps in ((1, 10), (1, 2, 5), (1, 1.5, 2, 3, 5, 7), tuple(1 + 0.1 * place for place in range(90))):
        found = sorted({log(step * 10.0**power) for power in powers for step in steps})
        found = [one for one in found if low <= one <= high]
        if len(found) >= 3:
            return found[:: -(-len(found) // 8)]
    return found or [0.0]


def brief(value: float) -> str:
    """A number in three digits, so that a row's words stay in their column."""
    return f"{value:.3g}".replace("-", MINUS)


def axis_ends(rows: Sequence[Row]) -> tuple[float, float]:
    """The axis: every limit within reach of the estimates, and no difference, with a little room."""
    centres = [row.estimate for row in rows if row.estimate is not None] + [0.0]
    limits = [end for row in rows for end in (row.low, row.high) if end is not None and isfinite(end)] + centres
    span = (max(centres) - min(centres)) or 1.0
    low = max(min(limits), min(centres) - REACH * span)
    high = min(max(limits), max(centres) + REACH * span)
    room = 0.04 * (high - low) or 0.5
    return low - room, high + room


def _draw(plane: Plane, row: Row, line: int, worded: Callable[[float], str], at: float) -> None:
    """One row: its name, its mark, its numbers, its judgements."""
    low_end, high_end = plane.x
    y = plane.at_y(line)
    fits = int((plane.left - 16) / LETTER)
    name = row.name if len(row.name) <= fits else row.name[: fits - 1] + "…"
    plane.words(8, y, name, bold=row.kind in ("total", "head"))
    if row.low is not None and row.high is not None:
        left, right = max(row.low, low_end), min(row.high, high_end)
        if row.kind == "total":
            peak = min(max(row.estimate or 0.0, left), right)
            shape = [(left, line), (peak, line - 0.32), (right, line), (peak, line + 0.32)]
            plane.area(shape, css="total", opacity=0.9)
        else:
            plane.line([(left, line), (right, line)], css=row.kind, width=4 if row.kind == "prediction" else 1.5)
        words = f"{worded(row.low)} to {worded(row.high)}"
        told = words if row.estimate is None else f"{worded(row.estimate)} ({words})"
        plane.words(plane.width - plane.right + 10, y, told, bold=row.kind == "total")
    if row.weight is not None:
        if row.estimate is not None and low_end <= row.estimate <= high_end and row.kind == "study":
            plane.box(row.estimate, line, side=max(3.0, LARGEST * (row.weight / 100) ** 0.5))
        plane.words(at - 8, y, f"{row.weight:.1f}%", anchor="end")
    for place, word in enumerate(row.judged):
        plane.words(at + MARK * (place + 0.5), y, SIGNS.get(word.casefold().split()[0], word[:1]), anchor="middle")


def pooled_forest(
    one: Pooled, groups: Sequence[str] | None, risk: Mapping[str, Sequence[str]], ratio: bool, label: str
) -> Chart:
    """The forest plot of a pooled result, by subgroups where they are given."""
    for what, given in (("groups", groups), *risk.items()):
        if given is not None and len(given) != one.k:
            raise InputError(
                said(
                    "%(what)s must have one entry for each of the %(k)s effects, not %(count)s.",
                    what=what,
                    k=one.k,
                    count=len(given),
                )
            )
    studies = _studies(one, risk)
    rows = [*studies] if groups is None else _grouped(one, studies, groups)
    spread = "" if one.i2 is None or one.tau2 is None else f" (I2 {one.i2:.0f}%, tau2 {one.tau2:.3g})"
    rows.append(Row("All studies", one.estimate, one.ci_low, one.ci_high, 100.0, "total"))
    if one.pi_low is not None:
        rows.append(Row("A new setting", None, one.pi_low, one.pi_high, None, "prediction"))
    note = (
        f"Squares are studies, larger with more weight; lines are intervals; the diamond is the pooled result{spread}."
    )
    if one.pi_low is not None:
        note += " The bar below it is where the true effect in a new setting may lie."
    return forest(f"Forest plot: {one.summary()}", rows, note, domains=tuple(risk), ratio=ratio, label=label)


def _studies(one: Pooled, risk: Mapping[str, Sequence[str]]) -> list[Row]:
    """A row for each study; its own interval is the normal one, at the level of the result."""
    yi, vi, names, *_ = one.given
    reach = critical(one.method.level)
    found = []
    for place, (y, v, weight) in enumerate(zip(yi.tolist(), vi.tolist(), one.weights, strict=True)):
        name = names[place] if names else f"Study {place + 1}"
        judged = tuple(str(words[place]) for words in risk.values())
        found.append(Row(name, y, y - reach * v**0.5, y + reach * v**0.5, weight, "study", judged))
    return found


def _grouped(one: Pooled, studies: Sequence[Row], groups: Sequence[str]) -> list[Row]:
    """Studies under the name of their subgroup, with the subgroup's own pooled result (its own tau2)."""
    from whatworks.synthesise.methods.pooling import pool

    rows: list[Row] = []
    choices: dict[str, Any] = one.method.to_dict()
    for group in dict.fromkeys(map(str, groups)):
        members = [place for place, name in enumerate(groups) if str(name) == group]
        result = pool(one.given.yi[members], one.given.vi[members], safe=False, **choices)
        weight = sum(one.weights[place] for place in members)
        rows += [Row(group, kind="head"), *(studies[place] for place in members)]
        rows.append(Row(f"{group}, pooled", result.estimate, result.ci_low, result.ci_high, weight, "total"))
    return rows
