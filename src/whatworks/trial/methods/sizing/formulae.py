"""One formula for the precision of a trial: standard errors and degrees of freedom for any number of units, named, with its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.sizing.power import power_of, smallest

Errors = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Formula:
    """`se(units, effect)`: standard errors, where there is no effect and where there is this one, of `scale(effect)`;
    `df(units)`: degrees of freedom of t, None for z; `level(units)`: of each test; `units` are those left at the end.

    `both`: refusals on the wrong side count (as in pwr, PowerUpR and swPwr; not in
    clusterPower, power.prop.test, and the application of Kasza and others). `least`: the fewest units that
    can be tested at all; `kept`: the share of those drawn that is left.
    """

    name: str
    source: str
    se: Callable[[float, float], Errors]
    df: Callable[[float], float | None]
    level: Callable[[float], float]
    least: float
    kept: float
    both: bool = True
    scale: Callable[[float], float] = float

    def power(self, drawn: float, effect: float) -> float:
        """Power when `drawn` units are allocated; 0 where too few are left for a test."""
        units = drawn * self.kept
        df = self.df(units)
        if units <= self.least - 1 or (df is not None and df <= 0):
            return 0.0
        null, there = self.se(units, effect)
        far, alpha = abs(self.scale(effect)), self.level(units)
        if null != there and df is None:
            return float(norm.cdf((far - norm.isf(alpha / 2) * null) / there))
        return power_of(far, there, alpha=alpha, df=df, both=self.both)

    def units(self, effect: float, power: float) -> float:
        """Units to draw, not rounded. Raises InputError where no number is enough."""
        return smallest(lambda drawn: self.power(drawn, effect), power, self.least / self.kept)

    def multiple(self, drawn: float, power: float) -> Callable[[Errors], float]:
        """How large an effect must be, on its scale, given its standard errors: the critical value's and that of the power."""
        df, alpha = self.df(drawn * self.kept), self.level(drawn * self.kept)
        if not alpha < power < 1:
            raise InputError(
                said("[design] power is %(power)s; it must lie between alpha and 1, such as 0.8.", power=power)
            )
        if df is not None and df <= 0:
            raise InputError(
                said("No degrees of freedom are left: there are too few clusters for the arms, blocks and covariates.")
            )
        if drawn * self.kept <= self.least - 1:
            raise InputError(said("Too few units are left at the end for this formula; add units."))
        law = norm if df is None else students_t(df)
        free, fixed = float(law.isf(alpha / 2)), float(law.ppf(power))
        return lambda errors: free * errors[0] + fixed * errors[1]

    def mdes(self, drawn: float, power: float, most: float) -> float:
        """The smallest effect, in natural units, towards `most` (signed; infinite where nothing bounds it) that is found with this power.

        As Bloom (1995, doi 10.1177/0193841X9501900504): critical value plus that of the power, times the standard error.
        """
        need, units = self.multiple(drawn, power), drawn * self.kept
        if abs(most) == float("inf"):
            return need(self.se(units, 1.0))

        def short(effect: float) -> float:
            return abs(self.scale(effect)) - need(self.se(units, effect))

        # On the scale of a logarithm the largest effects are the least precise, so the first that is enough is looked for.
        tried = most * (1 - 1e-9) * np.geomspace(1e-9, 1, 2 if self.scale is float else 400)
        far = next((place for place, effect in enumerate(tried) if short(effect) >= 0), None)
        if not far:
            raise InputError(
                said(
                    "No effect is large enough to be found with this power by so few; add units, or ask for the other side."
                )
            )
        return float(brentq(short, tried[far - 1], tried[far], xtol=1e-14))
