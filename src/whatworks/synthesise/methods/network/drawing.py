"""The pictures of a network: forest, graph, funnel, heat."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane

if TYPE_CHECKING:
    from whatworks.synthesise.methods.network.heat import Heat
    from whatworks.synthesise.methods.network.results import Network

SHORT = 30  # characters of a name that fit beside a drawing


def short(name: str, most: int = SHORT) -> str:
    """A name cut to what fits."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def forest(network: Network) -> Chart:
    """Each treatment over the reference, with the interval (thick) and where a new setting may lie (thin)."""
    rows = network.versus
    ends = [end for one in rows for end in (one.ci_low, one.ci_high, one.pi_low, one.pi_high) if end is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    margin = 0.05 * (high - low) or 1.0
    wide = 24 + 7 * max(len(short(one.treat1)) for one in rows)
    plane = Plane(
        (low - margin, high + margin), (len(rows) + 0.5, 0.5), height=90 + 26 * len(rows), left=wide, width=720
    )
    plane.upright(0.0)
    for at, one in enumerate(rows, start=1):
        plane.words(wide - 12, plane.at_y(at), short(one.treat1), anchor="end")
        if one.pi_low is not None and one.pi_high is not None:
            plane.line([(one.pi_low, at), (one.pi_high, at)], css="prediction", width=1, dash="3 3")
        plane.line([(one.ci_low, at), (one.ci_high, at)], css="total", width=2)
        plane.box(one.estimate, at, css="total")
    plane.x_axis(f"Effect over {short(network.reference)}")
    head = ("treatment", "estimate", "low", "high", "new setting from", "to", "direct studies")
    table = ((one.treat1, one.estimate, one.ci_low, one.ci_high, one.pi_low, one.pi_high, one.studies) for one in rows)
    note = (
        f"Each treatment over {network.reference}: squares are the network's effects, solid lines their intervals, dashed "
        "lines where the effect in a new setting may lie."
    )
    return plane.chart(f"Effects over {network.reference}", note, head, table)


def graph(network: Network) -> Chart:
    """Treatments on a circle, joined where studies compare them."""
    n = len(network.treatments)
    ranks = {rank.treatment: rank for rank in network.ranks}
    sizes = [ranks[name].people or ranks[name].studies for name in network.treatments]
    known = all(rank.people for rank in network.ranks)
    place = [(sin(2 * pi * at / n), cos(2 * pi * at / n)) for at in range(n)]
    plane = Plane((-1.9, 1.9), (-1.3, 1.3), width=720, height=520, left=20, right=20, top=20, bottom=20)
    index = {name: at for at, name in enumerate(network.treatments)}
    joined = [one for one in network.comparisons if one.studies]
    most = max(one.studies for one in joined)
    for one in joined:
        ends = [place[index[one.treat1]], place[index[one.treat2]]]
        plane.line(ends, css="edge", width=1 + 7 * one.studies / most)
    for at, name in enumerate(network.treatments):
        radius = 6 + 14 * sqrt(sizes[at] / max(sizes))
        plane.dot(*place[at], css="accent", radius=radius)
        x, y = place[at]
        anchor = "middle" if abs(x) < 0.1 else "start" if x > 0 else "end"
        away = radius + 6
        plane.words(plane.at_x(x) + away * x, plane.at_y(y) - (away + 4) * y, short(name, 24), anchor=anchor)  # type: ignore[arg-type]
    note = (
        f"Dots are treatments, larger for more {'people' if known else 'studies'}; lines join treatments that were "
        "compared within a study, thicker for more studies."
    )
    head = ("treatment", "compared with", "studies")
    return plane.chart("The network", note, head, ((one.treat1, one.treat2, one.studies) for one in joined))


def funnel(network: Network, order: Sequence[str] = ()) -> Chart:
    """Each study's effect less the direct effect of its comparison, against its standard error.

    Only a meaningful order (new before old, funded before not) makes a lopsided funnel mean anything.
    Source: Chaimani, Higgins, Mavridis, Spyridonos and Salanti (2013), PLoS One 8(10), e76654.
    """
    if order and sorted(order) != sorted(network.treatments):
        raise InputError(
            said("The order must name each treatment once: %(treatments)s.", treatments=", ".join(network.treatments))
        )
    place = {name: at for at, name in enumerate(order or network.treatments)}
    evidence, names = network.evidence, network.treatments
    direct = {(one.treat1, one.treat2): one.direct.estimate for one in network.comparisons if one.direct}
    rows = []
    columns = (evidence.pair_of, evidence.left, evidence.right, evidence.y, evidence.w)
    for of, i, j, y, v in zip(*(column.tolist() for column in columns), strict=True):
        gap, pair = y - direct[names[i], names[j]], (names[i], names[j])
        if place[pair[0]] > place[pair[1]]:
            gap, pair = -gap, (pair[1], pair[0])
        rows.append((evidence.studies[of], *pair, gap, sqrt(v)))
    top = 1.05 * max(row[4] for row in rows)
    reach = max(1.96 * top, 1.05 * max(abs(row[3]) for row in rows))
    plane = Plane((-reach, reach), (top, 0.0), height=440)
    plane.line([(-1.96 * top, top), (0.0, 0.0), (1.96 * top, top)], css="limit", dash="4 3", width=1)
    plane.upright(0.0)
    for *_, gap, se in rows:
        plane.dot(gap, se, radius=3.5)
    plane.x_axis("Effect less that of its comparison")
    plane.y_axis("Standard error")
    note = (
        "Each dot is a comparison within a study, the earlier treatment in the order over the later, less the pooled "
        "direct effect; small studies lie below. " + ("" if order else "The order is only that of the alphabet: ") +
        "without an order that means something, a lopsided funnel does not show missing studies."
    )  # fmt: skip
    head = ("study", "treatment", "over", "effect less that of its comparison", "standard error")
    return plane.chart("Comparison-adjusted funnel", note, head, rows)


def heat(given: Heat) -> Chart:
    """The net heat plot."""
    names = [_named(pair, design) for pair, design in zip(given.comparisons, given.designs, strict=True)]
    d = len(names)
    wide = 50 + 7 * max((len(name) for name in names), default=10)
    plane = Plane(
        (0, max(d, 1)), (max(d, 1), 0), width=wide + 40 + 34 * max(d, 4), height=110 + 34 * max(d, 2), left=wide
    )
    hat, change = np.array(given.hat).reshape(d, d), np.array(given.change).reshape(d, d)
    strongest = float(abs(change).max()) if d else 0.0
    for i in range(d):
        plane.words(wide - 8, plane.at_y(i + 0.5), f"{i + 1} {names[i]}", anchor="end")
        plane.words(plane.at_x(i + 0.5), plane.height - plane.bottom + 14, str(i + 1), anchor="middle")
        for j in range(d):
            shade = abs(change[i, j]) / strongest if strongest > 0 else 0.0
            css = "accent" if change[i, j] < 0 else "warm"
            if shade > 0.02:
                plane.bar((j + 0.04, i + 0.04), (j + 0.96, i + 0.96), css=css, opacity=0.75 * shade)
            half = 0.46 * sqrt(min(1.0, abs(hat[i, j])))
            plane.bar((j + 0.5 - half, i + 0.5 - half), (j + 0.5 + half, i + 0.5 + half), css="share", opacity=0.3)
    note = (
        "Rows are what the network says of a comparison in a design, columns the direct evidence. Inner squares: how much "
        "the column counts in the row. Dark cells off the diagonal: taking the column away removes disagreement of the "
        "row; cells in the accent colour: it adds to it. On the diagonal: the design's own disagreement."
    )
    if not d:
        note = "No comparison has both direct and indirect evidence, so there is nothing to show."
    table = ((names[i], names[j], hat[i, j], change[i, j]) for i in range(d) for j in range(d))
    head = ("comparison", "design detached", "weight", "disagreement less")
    return plane.chart("Net heat plot", note, head, ((a, b, float(x), float(y)) for a, b, x, y in table))


def _named(pair: tuple[str, str], design: tuple[str, ...]) -> str:
    text = f"{short(pair[0], 16)} : {short(pair[1], 16)}"
    return text if len(design) == 2 else f"{text} ({len(design)} arms)"
