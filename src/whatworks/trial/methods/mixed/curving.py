"""First and second derivatives of a mixed model's criterion, exact, in the covariances of its terms (in units of that within).

With G_r the matrix by which covariance r enters V: d log|V| + d log|X'V^-1 X| = tr(P G_r), d y'P y = -y'P G_r P y, and once more
-tr(P G_r P G_s) and 2 y'P G_r P G_s P y; without restriction V^-1 stands for P in the traces.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from whatworks.trial.methods.mixed.solving import Parts, Solved, View
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import Shape, bends, slopes


class Entry(NamedTuple):
    """One covariance: of which term, and the pattern by which it enters."""

    term: int
    pattern: Floats


class Curve(NamedTuple):
    """In the parameters: slope and curvature of the log determinants, and of y'P y."""

    log: Floats
    log_2: Floats
    rss: Floats
    rss_2: Floats


def listed(shapes: tuple[Shape, ...]) -> list[Entry]:
    """Every covariance of every term, in the order of the parameters."""
    return [Entry(term, pattern) for term, one in enumerate(shapes) for pattern in one.patterns()]


def traces(view: View, listing: list[Entry]) -> tuple[Floats, Floats]:
    """tr(M G_r) for each covariance, and tr(M G_r M G_s) for each two."""
    single = np.array([(view.own(one.term) * one.pattern).sum() for one in listing])
    known: dict[tuple[int, int], Floats] = {}
    double = np.empty((len(listing), len(listing)))
    for r, one in enumerate(listing):
        for s, other in enumerate(listing[r:], r):
            place = (one.term, other.term)
            if place not in known:
                known[place] = view.pairs(*place)
            double[r, s] = np.einsum("ij,jmin,mn->", one.pattern, known[place], other.pattern)
            double[s, r] = double[r, s]
    return single, double


def moved(parts: Parts, listing: list[Entry]) -> Parts:
    """The parts multiplied by every covariance's pattern, side by side: columns times as many as covariances."""
    count = parts[0].shape[2]
    found = [np.zeros((*one.shape[:2], len(listing) * count)) for one in parts]
    for number, one in enumerate(listing):
        found[one.term][:, :, number * count : (number + 1) * count] = one.pattern @ parts[one.term]
    return found


def forms(parts: Parts, listing: list[Entry]) -> Floats:
    """parts' G_r parts for each covariance (covariances, columns, columns)."""
    return np.array([
        np.einsum("lia,ij,ljb->ab", parts[one.term], one.pattern, parts[one.term], optimize=True) for one in listing
    ])  # fmt: skip


def curve(solved: Solved, reml: bool) -> Curve:
    """The derivatives at a solved model, in its parameters."""
    shapes = solved.products.shapes
    listing = listed(shapes)
    view = View(solved, fixed=True)
    last = len(solved.rest) - 1
    residual = view.columns(slice(last, last + 1))
    log, crossed = traces(view if reml else View(solved, fixed=False), listing)
    rss = -forms(residual, listing)[:, 0, 0]
    rss_2 = 2 * view.form(moved(residual, listing))
    turn = slopes(shapes, solved.theta)
    return Curve(
        turn.T @ log, turn.T @ -crossed @ turn + bends(shapes, log),
        turn.T @ rss, turn.T @ rss_2 @ turn + bends(shapes, rss),
    )  # fmt: skip
