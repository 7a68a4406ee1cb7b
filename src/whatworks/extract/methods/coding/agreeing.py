"""Agreeing: how far two coders' answers agree, item by item: shares, kappa for what is chosen, ICC for numbers.

Cohen's kappa (1960) with the large-sample variance of Fleiss, Cohen and Everitt (1969), the same as in screening for two
categories; absolute-agreement intraclass correlation ICC(A,1) of McGraw and Wong (1996).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from whatworks.extract.methods.coding.answers import Coded, same
from whatworks.extract.methods.coding.frame import CODED, MEASURED, Frame, Item
from whatworks.saying import joined, said
from whatworks.screen.methods.two_screeners import UNKNOWN, Estimate, around, wilson
from whatworks.stats.results import Result

Floats = NDArray[np.float64]
FEW = 10  # answers below which kappa and ICC say little
UNSAID = "(no answer)"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two coders' answers to one item of one unit of one study; None where one of them gave none."""

    item: str
    first: Coded | None
    second: Coded | None


@dataclass(frozen=True, slots=True)
class ItemAgreement(Result):
    """How far two coders agree on one item.

    n: cells that at least one of them answered; agreed: those with the same answer; share: agreed / n with Wilson's
    interval; status_share: share with the same status; kappa: over status and value, for items with a choice (for
    `choices` the mean over the allowed values); icc and mean_difference (first minus second), mean_absolute,
    numbers: for numbers that both gave. None where it cannot be known, and `warnings` say why.
    """

    item: str
    label: str
    kind: str
    critical: bool
    n: int
    agreed: int
    share: Estimate
    status_share: float | None
    kappa: Estimate
    icc: float | None
    numbers: int
    mean_difference: float | None
    mean_absolute: float | None
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """In words."""
        if not self.n:
            return said("“%(label)s”: nobody answered it yet.", label=self.label)
        same = {"label": self.label, "agreed": self.agreed, "n": self.n}
        told = [said("“%(label)s”: %(agreed)s of %(n)s answers are the same", **same)]
        if self.kappa.value is not None:
            told.append(said("kappa %(kappa)s", kappa=f"{self.kappa.value:.2f}"))
        if self.icc is not None:
            told.append(said("ICC %(icc)s", icc=f"{self.icc:.2f}"))
        return joined("", (joined(", ", told), "."))


def agreement(frame: Frame, pairs: Iterable[Pair], *, level: float = 0.95) -> tuple[ItemAgreement, ...]:
    """Agreement on every item that a pair was given for, in the order of the frame, with intervals at `level`."""
    held: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.first is not None or pair.second is not None:
            held.setdefault(pair.item, []).append(pair)
    return tuple(of_item(one.item, held[one.item.key], level=level) for one in frame.asked() if one.item.key in held)


def of_item(item: Item, pairs: Sequence[Pair], *, level: float = 0.95) -> ItemAgreement:
    """Agreement on one item."""
    n = len(pairs)
    both = [(one.first, one.second) for one in pairs if one.first is not None and one.second is not None]
    agreed = sum(same(item, first, second) for first, second in both)
    its_kappa = _kappa(item, pairs, level)
    left, right = _numbers(both) if item.kind in MEASURED else (np.zeros(0), np.zeros(0))
    its_icc = icc_agreement(left, right) if item.kind in MEASURED else None
    apart = left - right
    return ItemAgreement(
        item=item.key,
        label=item.label,
        kind=item.kind,
        critical=item.critical,
        n=n,
        agreed=agreed,
        share=wilson(agreed / n, n, level) if n else UNKNOWN,
        status_share=sum(first.status == second.status for first, second in both) / n if n else None,
        kappa=its_kappa,
        icc=its_icc,
        numbers=int(left.size),
        mean_difference=float(apart.mean()) if apart.size else None,
        mean_absolute=float(np.abs(apart).mean()) if apart.size else None,
        warnings=_warnings(item, n, its_kappa, its_icc, int(left.size)),
    )


def _warnings(item: Item, n: int, its_kappa: Estimate, its_icc: float | None, numbers: int) -> tuple[str, ...]:
    told = []
    chosen = item.kind in ("choice", "choices", "yes-no")
    if 0 < n < FEW and (chosen or item.kind in MEASURED):
        told.append(said("Only %(n)s answers: agreement beyond chance can hardly be told from so few.", n=n))
    if n and chosen and its_kappa.value is None:
        told.append(said("Kappa is not defined: both coders gave one and the same answer throughout."))
    if numbers and item.kind in MEASURED and its_icc is None:
        told.append(said("ICC is not defined: it needs at least two studies with numbers that are not all the same."))
    return tuple(told)


def _category(answer: Coded | None) -> str:
    if answer is None:
        return UNSAID
    return str(answer.value) if answer.status == CODED else f"({answer.status})"


def _kappa(item: Item, pairs: Sequence[Pair], level: float) -> Estimate:
    if item.kind in ("choice", "yes-no"):
        return kappa([(_category(one.first), _category(one.second)) for one in pairs], level=level)
    if item.kind == "choices":
        return _mean_kappa(item, pairs, level)
    return UNKNOWN


def kappa(pairs: Sequence[tuple[str, str]], *, level: float = 0.95) -> Estimate:
    """Cohen's kappa over any number of categories, with its large-sample standard error and normal limits.

    Unknown where both used one and the same category throughout, or there is nothing to compare.
    """
    if not pairs:
        return UNKNOWN
    value, moved = _influence(_table(pairs))
    return UNKNOWN if value is None else around(value, _variance(moved, len(pairs)), level)


def _table(pairs: Sequence[tuple[str, str]]) -> tuple[Floats, NDArray[np.intp]]:
    names = {name: at for at, name in enumerate(sorted({name for pair in pairs for name in pair}))}
    at = np.array([(names[first], names[second]) for first, second in pairs])
    table = np.zeros((len(names), len(names)))
    np.add.at(table, (at[:, 0], at[:, 1]), 1.0)
    return table / len(pairs), at


def _influence(held: tuple[Floats, NDArray[np.intp]]) -> tuple[float | None, Floats]:
    """Kappa, and how each pair moves it: the mean square is n times its large-sample variance."""
    table, at = held
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    same_share, chance = float(np.trace(table)), float(rows @ columns)
    if chance > 1 - 1e-12:
        return None, np.zeros(len(at))
    equal = (at[:, 0] == at[:, 1]).astype(float)
    shift = columns[at[:, 0]] + rows[at[:, 1]] - 2 * chance
    moved = ((equal - same_share) * (1 - chance) - (1 - same_share) * shift) / (1 - chance) ** 2
    return (same_share - chance) / (1 - chance), moved


def _variance(moved: Floats, n: int) -> float:
    return float(moved @ moved) / n**2


def _mean_kappa(item: Item, pairs: Sequence[Pair], level: float) -> Estimate:
    """The mean of the kappas of the allowed values, each chosen or not; those that have none are left out.

    Its variance goes over pairs, so that values which go together are not counted as if they were independent.
    """
    if not pairs:
        return UNKNOWN
    values, moves = [], []
    for word in item.allowed:
        value, moved = _influence(_table([(_has(one.first, word), _has(one.second, word)) for one in pairs]))
        if value is not None:
            values.append(value)
            moves.append(moved)
    if not values:
        return UNKNOWN
    return around(float(np.mean(values)), _variance(np.mean(moves, axis=0), len(pairs)), level)


def _has(answer: Coded | None, word: str) -> str:
    chosen = answer is not None and isinstance(answer.value, tuple) and word in answer.value
    return "chosen" if chosen else "not"


def _numbers(both: Sequence[tuple[Coded, Coded]]) -> tuple[Floats, Floats]:
    kept = [
        (float(first.value), float(second.value))
        for first, second in both
        if isinstance(first.value, int | float) and isinstance(second.value, int | float)
    ]
    table = np.array(kept, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def icc_agreement(first: Floats, second: Floats) -> float | None:
    """ICC(A,1): absolute agreement of one coder's numbers with another's, from equally long arrays of n numbers.

    (MSR - MSE) / (MSR + MSE + 2 (MSC - MSE) / n) for two coders (McGraw and Wong 1996, table 4). None below two numbers,
    or where nothing varies. Numbers of any size are scaled first, so that their squares do not overflow.
    """
    n = int(first.size)
    if n < 2:
        return None
    scale = float(max(np.abs(first).max(), np.abs(second).max()))
    if scale == 0 or not isfinite(scale):
        return None
    table = np.column_stack([first, second]) / scale
    table = table - table.mean()
    subjects, coders = table.mean(axis=1), table.mean(axis=0)
    between = 2 * float(subjects @ subjects) / (n - 1)
    columns = n * float(coders @ coders)
    rest = table - subjects[:, None] - coders[None, :]
    error = float((rest**2).sum()) / (n - 1)
    under = between + error + 2 * (columns - error) / n
    return (between - error) / under if under > 0 and sqrt(under) > 1e-15 else None
