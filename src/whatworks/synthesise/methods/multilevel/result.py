"""The result of a multilevel model: all of its numbers, and how it tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.results import Result
from whatworks.stats.robust.adjusting import Kind
from whatworks.stats.robust.bootstrap import Multipliers, WildBootstrap, wild_bootstrap
from whatworks.stats.robust.clusters import from_codes
from whatworks.stats.robust.fits import LinearFit
from whatworks.stats.robust.sandwich import Robust
from whatworks.stats.robust.testing import JointTest
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.multilevel.grouping import Floats
from whatworks.synthesise.methods.multilevel.in_r import r_script
from whatworks.synthesise.methods.multilevel.inferring import AtRho, Coefficient, Component, Test
from whatworks.synthesise.methods.multilevel.spoken import chart, report, summary

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.given import Given


@dataclass(frozen=True, slots=True)
class Settings(Result):
    """How the model was asked for. working: CHE, CE, HE (correlated, hierarchical or both), V (as given), independent."""

    method: str
    test: Test
    level: float
    robust: Kind | None
    rho: float | None
    nested: str
    crossed: tuple[str, ...]
    cluster: str
    working: str
    formula: str


@dataclass(frozen=True, slots=True)
class Multilevel(Told):
    """What studies with several effects each say. k effects; n_clusters: independent groups (clusters, or outer levels).

    coefficients: with robust standard errors and Satterthwaite's df where `settings.robust` is set. sigma2: variances
    between the levels, outermost first, of which components say more. covariance: (p, p) of the coefficients.
    loglik: restricted under REML; aic, bic, aicc. qe, qe_df, qe_p: Cochran's Q of what moderators leave. qm, qm_df,
    qm_df2, qm_p: the test of all moderators (chi-squared; F where qm_df2 is given; HTZ where robust). i2: per cent of
    a typical effect's variance that is not chance. pi_low, pi_high: the true effect in a new study (no moderators).
    peaks: how many hills of the likelihood were climbed to different tops. sensitivity: the same with other assumed
    correlations, where asked for.
    """

    k: int
    n_clusters: int
    coefficients: tuple[Coefficient, ...]
    sigma2: tuple[float, ...]
    components: tuple[Component, ...]
    covariance: tuple[tuple[float, ...], ...]
    loglik: float
    aic: float
    bic: float
    aicc: float
    qe: float
    qe_df: int
    qe_p: float | None
    qm: float | None
    qm_df: int
    qm_df2: float | None
    qm_p: float | None
    i2: float | None
    pi_low: float | None
    pi_high: float | None
    peaks: int
    settings: Settings
    sensitivity: tuple[AtRho, ...]
    warnings: tuple[str, ...]
    given: Given = kept()
    fit: LinearFit = kept()
    variances: Robust | None = kept()
    arguments: dict[str, Any] = kept()

    def summary(self) -> str:
        """The coefficients with their intervals, and where the heterogeneity lies."""
        return summary(self)

    def report(self) -> str:
        """Methods and results as a paragraph, with references."""
        return report(self)

    def chart(self) -> Chart:
        """Each cluster's weighted mean with its interval, and the pooled effect; coefficients where there are moderators."""
        return chart(self)

    def r_script(self) -> str:
        """The same in metafor (and clubSandwich), with the data in it."""
        return r_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to run it again."""
        return recipe("multilevel", self.arguments)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the coefficients."""
        return tuple(row.name for row in self.coefficients)

    def test(self, rows: ArrayLike, supposed: ArrayLike = 0.0) -> JointTest:
        """Hotelling's T2 by HTZ that rows (q, p) of weights for the coefficients give what is supposed."""
        if self.variances is None:
            raise InputError(said("This model has no robust variance; fit it with robust='CR2' to test so."))
        return self.variances.test(rows, supposed)

    def wild(
        self,
        rows: ArrayLike | str | None = None,
        supposed: ArrayLike = 0.0,
        *,
        multipliers: Multipliers = "rademacher",
        draws: int = 9999,
        seed: int = 1,
        interval: bool = False,
    ) -> WildBootstrap:
        """The wild cluster bootstrap of a coefficient by name, of rows (q, p), or (None) of all moderators at once."""
        return wild_bootstrap(
            self.fit,
            from_codes(*clusters_of(self.given)),
            self._rows(rows),
            supposed,
            multipliers=multipliers,
            draws=draws,
            seed=seed,
            interval=interval,
            level=self.settings.level,
        )

    def _rows(self, rows: ArrayLike | str | None) -> Any:
        unit = [[float(row == column) for column in range(len(self.names))] for row in range(len(self.names))]
        if rows is None:
            return unit[1:] if self.names[0] == "intercept" and len(unit) > 1 else unit
        if isinstance(rows, str):
            if rows not in self.names:
                raise InputError(
                    said(
                        "There is no coefficient %(rows)r; there are %(names)s.", rows=rows, names=", ".join(self.names)
                    )
                )
            return unit[self.names.index(rows)]
        return rows


def clusters_of(given: Given) -> tuple[Any, int]:
    """The clusters of the effects as codes, and their number."""
    if given.cluster is None:
        raise InputError(said("There are no clusters; say with cluster= which effects belong together."))
    return given.cluster.codes, given.cluster.size


__all__ = ["Floats", "Multilevel", "Settings", "clusters_of"]
