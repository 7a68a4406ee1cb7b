"""How often would chance alone do as well? Tests that re-order the moderators among the studies, in one array.

Each re-ordering is a full refit, tau2 included. Source: Higgins and Thompson (2004), Statistics in Medicine 23(11),
1663-1682; Follmann and Proschan (1999), Biometrics 55(3), 732-737, for the mean alone, whose signs are turned instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import factorial, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.linear import orthonormal
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.regressing.batches import Batch, batch
from whatworks.synthesise.methods.regressing.fitting import fit_batch
from whatworks.synthesise.methods.regressing.method import Method
from whatworks.synthesise.methods.regressing.r_scripts import fit_lines
from whatworks.synthesise.methods.regressing.regression import Regressed, regress
from whatworks.synthesise.methods.weighing import Floats

AS_FAR = 1.4901161193847656e-08  # statistics closer than this are equal, as in metafor
MOST, AT_ONCE = 1_000_000, 2_000
REFERENCE = (
    "Higgins JPT, Thompson SG (2004). Controlling the risk of spurious findings from meta-regression. Statistics in "
    "Medicine 23(11), 1663-1682."
)
MEAN_REFERENCE = (
    "Follmann DA, Proschan MA (1999). Valid inference in random effects meta-analysis. Biometrics 55(3), 732-737."
)


@dataclass(frozen=True, slots=True)
class PermutedCoefficient(Result):
    """A coefficient and the share of re-orderings whose statistic lies as far from 0."""

    name: str
    estimate: float
    statistic: float
    p: float


@dataclass(frozen=True, slots=True)
class Permuted(Told):
    """Tests by permutation. times: how many re-orderings, the one observed among them; exact: they are all there are.

    failed: re-orderings that could not be fitted and are not counted. mc_error: of qm_p by the sample, 0 when exact.
    """

    coefficients: tuple[PermutedCoefficient, ...]
    qm: float | None
    qm_p: float | None
    times: int
    exact: bool
    failed: int
    mc_error: float
    seed: int
    warnings: tuple[str, ...]
    drawn: Floats = kept()
    regression: Regressed = kept()

    def summary(self) -> str:
        """The p values in one sentence."""
        which = "all" if self.exact else f"{self.times} of the"
        said = ", ".join(f"{one.name} p = {one.p:.3g}" for one in self.coefficients)
        together = f"; all moderators together p = {self.qm_p:.3g}" if self.qm_p is not None else ""
        return f"Over {which} re-orderings ({self.times}): {said}{together}."

    def report(self) -> str:
        """How it was tested and what came out."""
        only = not self.regression.terms
        what = "the signs of the effects were turned" if only else "moderators were re-ordered among studies"
        how = (
            f"in every way there is ({self.times})" if self.exact else f"{self.times} times at random, seed {self.seed}"
        )
        sentences = [f"For the tests, {what} {how}, with the whole model fitted anew each time.", self.summary()]
        return paragraph([*sentences, *self.warnings], [MEAN_REFERENCE if only else REFERENCE])

    def chart(self) -> Chart:
        """How the overall statistic is spread over the re-orderings, and where the observed one lies."""
        values = np.sort(self.drawn)
        share = np.arange(values.size, 0, -1) / values.size
        seen = float(self.qm if self.qm is not None else self.coefficients[0].statistic ** 2)
        plane = Plane(x=(0.0, 1.05 * max(float(values[-1]), seen) or 1.0), y=(0.0, 1.0))
        some = np.unique(np.linspace(0, values.size - 1, 200).astype(int))
        plane.line([(float(values[i]), float(share[i])) for i in some])
        plane.line([(seen, 0.0), (seen, 1.0)], css="total")
        plane.x_axis("statistic of all moderators together")
        plane.y_axis("share of re-orderings at least as large")
        rows = [(one.name, one.statistic, one.p) for one in self.coefficients]
        return plane.chart(
            "Chance and what was seen",
            "The curve is the share of re-orderings whose statistic is at least as large; the upright line is the one seen.",
            ("coefficient", "statistic", "p by permutation"),
            rows,
        )

    def r_script(self) -> str:
        """The same test in metafor; a random sample of re-orderings differs by chance."""
        call = "exact = TRUE" if self.exact else f"iter = {self.times}"
        lines = ["# A permutation test with metafor.", *fit_lines(self.regression), f"set.seed({self.seed})"]
        return "\n".join([*lines, f"print(permutest(fit, {call}, progbar = FALSE), digits = 10)"]) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to run the test again."""
        given = {"regression": self.regression.recipe.arguments, "times": self.times, "seed": self.seed}
        return recipe("permutation_test", given)


def permutation_test(regression: Regressed | Mapping[str, Any], times: int = 1000, seed: int = 1) -> Permuted:
    """Test a regression (or the arguments of one) by re-ordering its moderators among the studies `times` times.

    All re-orderings are used where there are no more than that. p: the share whose statistic is at least as far from 0
    (coefficients) or as large (all together), the observed order counted. Checked exactly against metafor's permutest.
    """
    found = regression if isinstance(regression, Regressed) else regress(**regression)
    if not 1 < times <= MOST:
        raise InputError(
            said("%(times)s re-orderings cannot be done; ask for between 2 and %(most)s.", times=times, most=MOST)
        )
    orders, exact = _orders(found, times, np.random.default_rng(seed))
    pieces = [_statistics(found, orders[at : at + AT_ONCE]) for at in range(0, len(orders), AT_ONCE)]
    single, together = (np.concatenate(part) for part in zip(*pieces, strict=True))
    fine = ~np.isnan(together)
    return _told(found, single[fine], together[fine], int((~fine).sum()), exact, seed)


def _told(found: Regressed, single: Floats, together: Floats, failed: int, exact: bool, seed: int) -> Permuted:
    seen = [one.statistic for one in found.coefficients]
    p = [float(np.mean(abs(single[:, i]) >= abs(one) - AS_FAR)) for i, one in enumerate(seen)]
    moderators = bool(found.terms)
    qm_p = float(np.mean(together >= (found.qm or 0.0) - AS_FAR)) if moderators else None
    shown = p[0] if qm_p is None else qm_p
    times = together.size
    coefficients = tuple(
        PermutedCoefficient(one.name, one.estimate, one.statistic, its)
        for one, its in zip(found.coefficients, p, strict=True)
    )
    return Permuted(
        coefficients=coefficients,
        qm=found.qm if moderators else None,
        qm_p=qm_p,
        times=times,
        exact=exact,
        failed=failed,
        mc_error=0.0 if exact else float((shown * (1 - shown) / times) ** 0.5),
        seed=seed,
        warnings=tuple(_cautions(times, failed, exact)),
        drawn=together,
        regression=found,
    )


def _cautions(times: int, failed: int, exact: bool) -> Iterator[str]:
    if exact and times < 20:
        yield f"There are only {times} re-orderings, so no p value below {1 / times:.2g} is possible."
    if failed:
        yield f"{failed} re-orderings could not be fitted and are not counted."


def _orders(found: Regressed, times: int, draw: np.random.Generator) -> tuple[NDArray[Any], bool]:
    """Orders of the rows of moderators, (b, k) of places; for the mean alone, signs of the effects, (b, k)."""
    k = found.k
    if not found.terms:
        if 2**k <= times:
            return 1.0 - 2.0 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1), True
        signs = draw.choice(np.array([-1.0, 1.0]), size=(times, k))
        signs[0] = 1.0
        return signs, False
    kinds, places, counts = np.unique(found.data.x, axis=0, return_inverse=True, return_counts=True)
    codes = places.reshape(-1)
    number = factorial(k) // prod(factorial(count) for count in counts.tolist())
    if number <= times:
        first = np.array([np.flatnonzero(codes == kind)[0] for kind in range(len(kinds))])
        return first[np.array(list(_arrangements(np.sort(codes).tolist())))], True
    orders = np.argsort(draw.random((times, k)), axis=1)
    orders[0] = np.arange(k)
    return orders, False


def _arrangements(codes: list[int]) -> Iterator[list[int]]:
    """Every different order of codes, from the sorted one on. Source: Knuth, The Art of Computer Programming, 7.2.1.2 L."""
    now = list(codes)
    while True:
        yield list(now)
        left = next((i for i in range(len(now) - 2, -1, -1) if now[i] < now[i + 1]), None)
        if left is None:
            return
        right = next(i for i in range(len(now) - 1, left, -1) if now[i] > now[left])
        now[left], now[right] = now[right], now[left]
        now[left + 1 :] = reversed(now[left + 1 :])


def _statistics(found: Regressed, orders: NDArray[Any]) -> tuple[Floats, Floats]:
    """The statistic of each coefficient (b, p), and of all moderators together (b,)."""
    data, method = found.data, found.method
    q, r = orthonormal(data.x)
    these: Batch = batch(data.y, data.v, q[orders]) if found.terms else batch(data.y * orders, data.v, q)
    fits = fit_batch(these, r, method, heterogeneity=False)
    first = int(data.intercept) if found.terms else 0
    with np.errstate(all="ignore"):
        single = fits.beta / fits.se
        inside, covariance = fits.beta[:, first:], fits.covariance[:, first:, first:]
        together = np.einsum("bi,bi->b", inside, np.linalg.solve(covariance, inside[:, :, None])[:, :, 0])
    return single, together / _divisor(method, inside.shape[1])


def _divisor(method: Method, tested: int) -> int:
    return 1 if method.interval == "wald" else tested
