"""May we stop? The every-urn test of Callaghan and Müller-Hansen, one decision at a time or for a whole screening.

After t of N records, take any earlier moment i. The records still unread at i are an urn. Had the t - i records read
since then been drawn from it at random, how likely would so few relevant ones among them be, if at least m relevant ones
were still unread now? p is the smallest of these chances over all urns, and a small p speaks against m being missing.

Source: Callaghan and Müller-Hansen (2020), Statistical stopping criteria for automated screening in systematic reviews,
Systematic Reviews 9:273, doi 10.1186/s13643-020-01521-4; only the unbiased form, which is the one they validated.
Oracle: their own program, buscarpy 0.0.2 (tests/oracles/test_stopping.py).
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.hypergeometric import Floats, chance_of_at_most, log_chance

Places = NDArray[np.int64]
Number = TypeVar("Number", float, Floats)
_ROUNDING = 1e-9  # ties are common: with one in twenty still unread, p is exactly 0.05
_BLOCK = 1 << 19  # cells worked on at once: a few megabytes, which stay in the processor's cache


class Urns(NamedTuple):
    """The urns that can decide: how many were read since each began, and how many of those were relevant."""

    read: Places
    found: Places


def check_labels(labels: ArrayLike, total: int) -> Places:
    """The labels as an array of 0 and 1; InputError says which one is neither, or that the total is too small."""
    given = np.asarray(labels)
    if given.ndim != 1 and given.size:
        raise InputError(said("The labels must be one list of 0 and 1, in the order in which the records were read."))
    if given.dtype.kind not in "buif" and given.size:
        raise InputError(said("The labels must be numbers, 1 for relevant and 0 for not."))
    wrong = np.flatnonzero((given != 0) & (given != 1))
    if wrong.size:
        raise InputError(
            said(
                "Label %(wrong)s is %(given)s; it must be 1 (relevant) or 0 (not).",
                wrong=wrong[0] + 1,
                given=given[wrong[0]],
            )
        )
    if total < given.size:
        raise InputError(
            said(
                "The total of %(total)s is less than the %(size)s records already read; correct one of them.",
                total=total,
                size=given.size,
            )
        )
    return given.astype(np.int64).reshape(-1)


def check_share(name: str, share: float) -> None:
    """InputError unless the share lies between 0 and 1, both left out."""
    if not 0 < share < 1:
        raise InputError(
            said(
                "The %(name)s %(share)s must lie between 0 and 1; write 0.95 for 95 per cent.",
                name=name,
                share=f"{share:g}",
            )
        )


def rejected(p: Number, level: float) -> NDArray[np.bool_]:
    """Whether p is at most the level; a p that is the level itself, but for rounding, counts as that."""
    return np.asarray(p <= level * (1 + _ROUNDING))


def least_missing(found: int, target: float) -> int:
    """The smallest number of unread relevant records with which the target share would have been missed.

    floor(found / target) + 1 - found. The target is read as the decimal that was written: 0.95 is 19/20, so 19 found of
    20 do reach it, however 19 / 0.95 comes out in binary.
    """
    check_share("target", target)
    share = Fraction(repr(float(target)))
    return found * share.denominator // share.numerator + 1 - found


def deciding_urns(labels: Places) -> Urns:
    """One urn from the start, and one from just after each relevant record.

    Of urns with the same number found the longest has the smallest p: more read without a find, nothing else changed.
    So of t urns only found + 1 can be the smallest, which is what makes the test quick.
    """
    begins = np.concatenate([[0], np.flatnonzero(labels) + 1])
    return Urns(labels.size - begins, np.arange(begins.size - 1, -1, -1))


def chances(urns: Urns, unread: int, missing: int) -> Floats:
    """For each urn: the chance of as few finds, if `missing` of the `unread` records are relevant (0 if they cannot be)."""
    if missing > unread:
        return np.zeros(urns.read.shape)
    if missing <= 0:
        return np.ones(urns.read.shape)
    return chance_of_at_most(urns.found, urns.read + unread, urns.found + missing, urns.read)


def p_value(labels: ArrayLike, total: int, target: float) -> float:
    """The p of the hypothesis that less than the target share of the relevant records has been found.

    labels: 1 and 0 in the order of reading; total: how many records there are, read or not.
    """
    known = check_labels(labels, total)
    missing = least_missing(int(known.sum()), target)
    return float(chances(deciding_urns(known), total - known.size, missing).min())


def most_missing(labels: ArrayLike, total: int, confidence: float) -> int:
    """The upper confidence limit of the number of relevant records among the unread.

    The smallest M for which "more than M are missing" is rejected by the every-urn test. It agrees with the test: p for
    a target is at most 1 - confidence exactly where found / (found + M) reaches the target. Found by halving, since p
    falls as M grows.
    """
    known = check_labels(labels, total)
    check_share("confidence", confidence)
    urns, unread = deciding_urns(known), total - known.size
    low, high = 0, unread  # "more than `unread`" cannot be, so the limit is never above it
    while low < high:
        middle = (low + high) // 2
        if rejected(float(chances(urns, unread, middle + 1).min()), 1 - confidence):
            high = middle
        else:
            low = middle + 1
    return low


def p_path(labels: ArrayLike, total: int, target: float) -> Floats:
    """p after each decision of a whole screening: as many numbers as labels, each equal to `p_value` of that beginning.

    Between two finds nothing changes but that one more record has left the unread. So the tail is summed once, at the
    end of each stretch, where it is smallest, and carried backwards by adding one term per decision:
    P(at least m of U) = P(at least m of U - 1) + P(m - 1 of U - 1) * P(the next one is relevant). Adding positive terms
    from the smallest on keeps every digit. Work: decisions times (finds + 1) cells, each a handful of operations,
    instead of a tail over every urn for every decision.
    """
    known = check_labels(labels, total)
    finds = np.flatnonzero(known)
    answer = np.zeros(known.size)
    edges = [0, *finds.tolist(), known.size]
    for found, (start, end) in enumerate(pairwise(edges)):
        first = start + (found > 0)  # decisions read at the start of the stretch: the find itself is its first
        if max(first, 1) <= end:
            begins = np.concatenate([[0], finds[:found] + 1])
            _stretch(answer, begins, (max(first, 1), end), total, least_missing(found, target))
    return answer


def _stretch(answer: Floats, begins: Places, span: tuple[int, int], total: int, missing: int) -> None:
    """Fill in p for the decisions `span` (first and last, counted from 1) between two finds."""
    # Beyond total - missing, fewer records are unread than would have to be missing: p stays 0.
    first, last = span[0], min(span[1], total - missing)
    if last < first:
        return
    found = np.arange(begins.size - 1, -1, -1)
    at_end = chances(Urns(last - begins, found), total - last, missing)
    best = np.full(last - first + 1, np.inf)
    width = max(1, _BLOCK // best.size)
    for left in range(0, begins.size, width):
        part = slice(left, left + width)
        best = np.minimum(best, _backwards(at_end[part], begins[part], found[part], (first, last), total, missing))
    answer[first - 1 : last] = best


def _backwards(
    at_end: Floats, begins: Places, found: Places, span: tuple[int, int], total: int, missing: int
) -> Floats:
    """The smallest chance over these urns at each decision of the span, from the chances at its end."""
    first, last = span
    if first == last:
        return np.asarray([at_end.min()])
    after = np.arange(last, first, -1)[:, None]  # decisions made once the next record is read too
    unread, read, k = total - after, after - begins, found.astype(float)
    log = np.empty(read.shape)
    log[0] = log_chance(k + 1, total - begins, k + missing, read[0])
    r, u = read[:-1], unread[:-1]
    log[1:] = np.log((r - k - 1) * (u + 1.0) / ((u + 2.0 - missing) * r))  # one more unread, one fewer read
    terms = np.exp(np.cumsum(log, axis=0)) * ((k + 1) / read)
    back = np.concatenate([at_end[None, :], terms])
    smallest: Floats = np.minimum(np.cumsum(back, axis=0).min(axis=1), 1.0)[::-1]
    return smallest
