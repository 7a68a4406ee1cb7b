"""Coding: interviews about practice, marked by two people with the parts of COM-B that are in them, and how far the two agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from whatworks.implement.methods.acting import PARTS
from whatworks.screen.methods.two_screeners import kappa, kappa_influence, one_sided
from whatworks.stats.intervals import critical
from whatworks.stats.results import Result

FEW = 10  # interviews below which kappa says little


@dataclass(frozen=True, slots=True)
class PartAgreement(Result):
    """One part: interviews that both coded, those that both, one or neither marked, and kappa with its interval where it has a meaning."""

    part: str
    interviews: int
    both: int
    one: int
    neither: int
    kappa: float | None
    low: float | None
    high: float | None
    few: bool


def agreement(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> list[PartAgreement]:
    """How far two coders agree, part by part. pairs: for each interview that both coded, the parts that each marked."""
    return [_part(part, pairs) for part in PARTS]


def _part(part: str, pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> PartAgreement:
    marks = [(part in first, part in second) for first, second in pairs]
    table = np.array(
        [float(marks.count(cell)) for cell in ((True, True), (True, False), (False, True), (False, False))]
    )
    n = len(marks)
    value = low = high = None
    if n and not bool(one_sided(table)):
        value = float(kappa(table))
        influence = kappa_influence(table)
        se = sqrt(float((table * influence**2).sum()) / n / n)
        low, high = max(-1.0, value - critical() * se), min(1.0, value + critical() * se)
    return PartAgreement(part, n, int(table[0]), int(table[1] + table[2]), int(table[3]), value, low, high, n < FEW)


def told(codings: Mapping[str, Sequence[frozenset[str]]]) -> dict[str, int]:
    """Interviews in which a part was marked by everybody who coded it, of those that two people coded."""
    whole = [sets for sets in codings.values() if len(sets) > 1]
    return {part: sum(all(part in one for one in sets) for sets in whole) for part in PARTS}
