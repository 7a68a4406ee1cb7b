"""Which studies move the answer, and by how much? Deletion diagnostics of a pooled mean or a meta-regression.

Source: Viechtbauer and Cheung (2010), Research Synthesis Methods 1(2), 112-125; Baujat et al. (2002), Statistics in
Medicine 21(18), 2641-2652. Definitions are metafor's influence; checked in tests/oracles/test_influence.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtr

from whatworks.stats.chart import Chart, Plane
from whatworks.stats.linear import orthonormal
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.influence.leaving_out import OUTLIERS
from whatworks.synthesise.methods.regressing.batches import at_tau2, batch
from whatworks.synthesise.methods.regressing.fitting import Fits, fit_batch
from whatworks.synthesise.methods.regressing.inputs import Data, read
from whatworks.synthesise.methods.regressing.method import Interval, Method, Model
from whatworks.synthesise.methods.regressing.packed import layout
from whatworks.synthesise.methods.regressing.r_scripts import loaded, options, quoted, vector
from whatworks.synthesise.methods.regressing.regression import Regressed
from whatworks.synthesise.methods.weighing import Floats

BAUJAT = (
    "Baujat B, Mahe C, Pignon JP, Hill C (2002). A graphical method for exploring heterogeneity in meta-analyses: "
    "application to a meta-analysis of 65 trials. Statistics in Medicine 21(18), 2641-2652."
)
Numbers = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Influential(Result):
    """The diagnostics of one study; see `Influence`."""

    name: str
    rstudent: float | None
    dffits: float | None
    cook_d: float | None
    cov_r: float | None
    tau2_del: float | None
    qe_del: float | None
    hat: float
    weight: float
    baujat_x: float
    baujat_y: float | None
    influential: bool | None
    dfbetas: Numbers


@dataclass(frozen=True, slots=True)
class Influence(Told):
    """What happens to the answer without each study; one entry per study in every tuple.

    rstudent: the study's distance from what the others expect, in standard errors; dffits: how far its fitted value
    moves; cook_d: how far all coefficients move; cov_r: the generalised variance without it over that with it; tau2_del,
    qe_del: tau2 and QE without it; hat: leverage; weight: per cent; baujat_x: its part in the heterogeneity, baujat_y:
    its influence; dfbetas: how far each coefficient moves, in standard errors, one tuple per study. None: the others do
    not tell the coefficients apart. influential: past one of metafor's marks;
    None where only the leverage can be judged, and it is not.
    """

    name: tuple[str, ...]
    rstudent: Numbers
    dffits: Numbers
    cook_d: Numbers
    cov_r: Numbers
    tau2_del: Numbers
    qe_del: Numbers
    hat: tuple[float, ...]
    weight: tuple[float, ...]
    baujat_x: tuple[float, ...]
    baujat_y: Numbers
    influential: tuple[bool | None, ...]
    dfbetas: tuple[Numbers, ...]
    coefficients: tuple[str, ...]
    method: Method
    warnings: tuple[str, ...]
    data: Data = kept()

    @property
    def rows(self) -> tuple[Influential, ...]:
        """The studies one by one."""
        columns = (getattr(self, name) for name in Influential.__dataclass_fields__)
        return tuple(Influential(*row) for row in zip(*columns, strict=True))

    def summary(self) -> str:
        """Which studies stand out."""
        marked = [name for name, flag in zip(self.name, self.influential, strict=True) if flag]
        if not marked:
            return f"None of the {len(self.name)} studies moves the answer unusually far."
        return f"Moving the answer unusually far: {', '.join(marked)}."

    def report(self) -> str:
        """How it was judged and what came out."""
        p = len(self.coefficients)
        how = (
            "Each study was left out in turn. A study counts as influential when its DFFITS exceeds 3 sqrt(p / (k - p)), "
            "its Cook's distance lies past the median of chi-squared(p), its leverage exceeds 3 p / k, or a DFBETAS "
            f"exceeds 1 (p = {p}, k = {len(self.name)})."
        )
        return paragraph([how, self.summary(), *self.warnings], [OUTLIERS, BAUJAT])

    def chart(self) -> Chart:
        """Baujat's picture: part in the heterogeneity against influence; numbers are the studies' places."""
        shown = [
            (row.baujat_x, row.baujat_y, place) for place, row in enumerate(self.rows, 1) if row.baujat_y is not None
        ]
        across, up = max((x for x, _, _ in shown), default=1.0), max((y for _, y, _ in shown), default=1.0)
        plane = Plane(x=(0.0, 1.08 * across or 1.0), y=(0.0, 1.08 * up or 1.0))
        for x, y, place in shown:
            plane.dot(x, y, css="accent" if self.influential[place - 1] else "dot")
            plane.words(plane.at_x(x) + 7, plane.at_y(y) - 7, str(place))
        plane.x_axis("part in the heterogeneity (squared Pearson residual)")
        plane.y_axis("influence on the fitted value")
        rows = [(i, row.name, row.baujat_x, row.baujat_y, row.cook_d) for i, row in enumerate(self.rows, 1)]
        return plane.chart(
            "Which studies differ, and which move the answer",
            "Each dot is a study, numbered as in the table: further right it differs more, further up it moves the answer more.",
            ("number", "study", "part in heterogeneity", "influence", "Cook's distance"),
            rows,
        )

    def r_script(self) -> str:
        """The same diagnostics in metafor."""
        data, first = self.data, int(self.data.intercept)
        lines = ["# Influence diagnostics with metafor.", *loaded(data.y, data.v)]
        mods = ""
        if data.x.shape[1] > first:
            columns = ",\n".join(f"  {vector(column)}" for column in data.x.T[first:].tolist())
            names = ", ".join(map(quoted, data.names[first:]))
            lines += [f"X <- cbind(\n{columns}\n)", f"colnames(X) <- c({names})"]
            mods = f", mods = X, intercept = {'TRUE' if first else 'FALSE'}"
        lines += [f"fit <- rma(yi, vi{mods}, {options(self.method)})", "print(influence(fit), digits = 10)"]
        return "\n".join([*lines, "print(baujat(fit), digits = 10)"]) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        data = self.data
        given = {"yi": data.y.tolist(), "vi": data.v.tolist(), "x": data.x.tolist(), "coefficients": list(data.names)}
        return recipe("influence", {**given, "intercept": False, "names": list(self.name), **self.method.to_dict()})


def influence(
    yi: ArrayLike,
    vi: ArrayLike,
    x: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    coefficients: Sequence[str] | None = None,
    intercept: bool = True,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Influence:
    """Deletion diagnostics of effects yi with variances vi, (k,), pooled or regressed on moderators x, (k, m).

    names: of the studies; coefficients: of the columns of x. All refits are one array computation. InputError as
    `regress`.
    """
    method = Method(model, tau2, interval, level, stop)
    data = read(yi, vi, x, table=None, formula=None, variance="vi", names=coefficients, intercept=intercept)
    return diagnose(data, method, names)


def influence_of(regression: Regressed, names: Sequence[str] | None = None) -> Influence:
    """Deletion diagnostics of a regression that has been made."""
    return diagnose(regression.data, regression.method, names)


def diagnose(data: Data, method: Method, names: Sequence[str] | None = None) -> Influence:
    """Deletion diagnostics of studies that have been read."""
    found = _diagnosed(data, method)
    k, wide = data.x.shape
    labels = tuple(str(row + 1) for row in data.rows) if names is None else tuple(map(str, names))
    if names is not None and len(labels) != k:  # names of all rows given, some of which are left out
        labels = tuple(labels[row] for row in data.rows)
    lost = int((~found.able).sum())
    warnings = [data.note] if data.note else []
    if lost:
        warnings.append(
            f"{lost} of the studies cannot be left out: without them the others do not tell the coefficients apart."
        )
    return Influence(
        name=labels,
        rstudent=_column(found.rstudent),
        dffits=_column(found.dffits),
        cook_d=_column(found.cook_d),
        cov_r=_column(found.cov_r),
        tau2_del=_column(found.tau2_del),
        qe_del=_column(found.qe_del),
        hat=tuple(found.hat.tolist()),
        weight=tuple(found.weight.tolist()),
        baujat_x=tuple(found.baujat_x.tolist()),
        baujat_y=_column(found.baujat_y),
        influential=_marked(found, k, wide),
        dfbetas=tuple(_column(row) for row in found.dfbetas),
        coefficients=data.names,
        method=method,
        warnings=tuple(warnings),
        data=data,
    )


class _Found(NamedTuple):
    """The diagnostics as arrays (k,), dfbetas (k, p); NaN where not able."""

    able: NDArray[np.bool_]
    rstudent: Floats
    dffits: Floats
    cook_d: Floats
    cov_r: Floats
    tau2_del: Floats
    qe_del: Floats
    hat: Floats
    weight: Floats
    baujat_x: Floats
    baujat_y: Floats
    dfbetas: Floats


def _diagnosed(data: Data, method: Method) -> _Found:
    y, v, x = data.y, data.v, data.x
    q, r = orthonormal(x)
    alone = batch(y, v, q)
    whole, without = fit_batch(alone, r, method), fit_batch(batch(y, v, q, 1.0 - np.eye(y.size)), r, method)
    beta, plain = whole.beta[0], whole.plain[0]
    with np.errstate(all="ignore"):
        fitted, expected = x @ beta, np.einsum("ij,ij->i", x, without.beta)
        spread = np.einsum("ij,ijk,ik->i", x, without.plain, x)
        moved = beta - without.beta
        own = v + without.tau2
        weights = whole.at.weights[0]
        hat = np.einsum("ij,jk,ik->i", x, plain, x) * weights
        return _Found(
            able=without.able,
            rstudent=(y - expected) / np.sqrt(without.scale * (own + spread)),
            dffits=(fitted - expected) / np.sqrt(without.scale * hat * own),
            cook_d=np.einsum("ij,jk,ik->i", moved, np.linalg.inv(plain), moved) / whole.scale[0],
            cov_r=np.linalg.det(without.covariance) / np.linalg.det(whole.covariance[0]),
            tau2_del=without.tau2,
            qe_del=without.qe,
            hat=hat,
            weight=100 * weights / weights.sum(),
            baujat_x=(y - fitted) ** 2 * weights,
            baujat_y=(fitted - expected) ** 2 / (without.scale * spread),
            dfbetas=moved / np.sqrt(without.scale[:, None] * _variances(data, without, q, r)),
        )


def _variances(data: Data, without: Fits, q: Floats, r: Floats) -> Floats:
    """Variances of the coefficients of all studies at the tau2 without each, (k, p)."""
    tau2 = np.where(np.isnan(without.tau2), 0.0, without.tau2)
    at = at_tau2(batch(data.y, data.v, q), tau2)
    full = at.inverse[layout(len(r)).places].transpose(2, 0, 1)
    back = np.linalg.inv(r)
    answer: Floats = np.einsum("ij,bjk,ik->bi", back, full, back)
    return answer


def _marked(found: _Found, k: int, wide: int) -> tuple[bool | None, ...]:
    """Past one of metafor's marks; a study that cannot be left out is judged by its leverage alone."""
    with np.errstate(all="ignore"):
        past = abs(found.dffits) > 3 * np.sqrt(wide / (k - wide))
        past |= chdtr(wide, np.where(found.able, found.cook_d, 0.0)) > 0.5
        past |= found.hat > 3 * wide / k
        past |= (abs(found.dfbetas) > 1).any(axis=1)
    known = found.able | past
    return tuple(bool(one) if its else None for one, its in zip(past, known, strict=True))


def _column(values: Floats) -> Numbers:
    if np.isnan(values).any():
        return tuple(None if np.isnan(value) else float(value) for value in values)
    return tuple(values.tolist())
