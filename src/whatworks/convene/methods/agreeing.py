"""How far two people who coded the same answers apart from each other agree on one theme.

Krippendorff's alpha for two coders and a yes or no: with d answers coded differently of N, and n1 and n0 of the 2N codings yes and no,
alpha = 1 - d (2N - 1) / (n1 n0) (Krippendorff 2011, Computing Krippendorff's alpha-reliability). Gwet's AC1 (2008) stands beside it,
because alpha is low wherever a theme is rare. Limits of alpha are percentiles of samples of answers drawn with replacement, from a fixed
seed; those of AC1 are Gwet's, as in screening.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whatworks.saying import Said, said
from whatworks.screen.methods.two_screeners import UNKNOWN, Estimate, Floats, ac1, ac1_influence, around

RESAMPLES, SEED = 2_000, 20_180_219
FEW = 10


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """One theme: how many answers both, one or none of the two put it to, and how far they agree."""

    theme: str
    both: int
    first_only: int
    second_only: int
    neither: int
    alpha: Estimate
    ac1: Estimate
    warnings: tuple[Said, ...]

    @property
    def answers(self) -> int:
        """How many answers both coded."""
        return self.both + self.first_only + self.second_only + self.neither


def alpha_of(tables: Floats) -> Floats:
    """Alpha of tables of four counts (both, first only, second only, neither); NaN where everything is yes, or no."""
    both, first, second, neither = np.moveaxis(np.asarray(tables, dtype=float), -1, 0)
    apart = first + second
    yes, no = 2 * both + apart, 2 * neither + apart
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(yes * no > 0, 1 - apart * (yes + no - 1) / (yes * no), np.nan)
    return found


def theme_agreement(theme: str, table: Sequence[int], *, level: float = 0.95) -> ThemeAgreement:
    """The agreement on one theme from its four counts; `level` of the intervals."""
    held = np.array(table, dtype=float)
    n = held.sum()
    value = float(alpha_of(held)) if n else float("nan")
    its_alpha, its_ac1 = UNKNOWN, UNKNOWN
    if np.isfinite(value):
        drawn = np.random.default_rng(SEED).multinomial(int(n), held / n, size=RESAMPLES).astype(float)
        known = alpha_of(drawn)
        known = known[np.isfinite(known)]
        low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
        its_alpha = Estimate(value, float(known.std(ddof=1)), float(low), float(high))
    if n > 1:
        its_ac1 = around(float(ac1(held)), float(held @ ac1_influence(held) ** 2) / (n * (n - 1)), level)
    both, first, second, neither = (int(one) for one in table)
    return ThemeAgreement(
        theme, both, first, second, neither, its_alpha, its_ac1, _warnings(both + first + second, int(n))
    )


def _warnings(found: int, answers: int) -> tuple[Said, ...]:
    if answers == 0:
        return (said("Nobody has coded the same answers twice yet."),)
    if found == 0:
        return (said("Neither found this theme, so alpha has no meaning."),)
    if found < FEW:
        return (said("Only %(n)s answers have this theme by either; the figures hang on these.", n=found),)
    return ()


def tables_of(
    themes: Sequence[str], codings: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, tuple[int, int, int, int]]:
    """The four counts for each theme. `codings`: for each answer the themes that each of exactly two people found, in the same order."""
    found = {}
    for theme in themes:
        cells = [0, 0, 0, 0]
        for first, second in codings.values():
            cells[2 * (theme not in first) + (theme not in second)] += 1
        found[theme] = (cells[0], cells[1], cells[2], cells[3])
    return found
