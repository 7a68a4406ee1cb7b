"""One number from the counts of many studies, without pretending that few events give normal ratios.

Checked against metafor's rma.mh, rma.peto and rma.glmm and against lme4 at tight settings (tests/oracles/test_rare.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.extract.methods.effects import measure as effects_of
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level, critical, two_sided_p
from whatworks.stats.intervals import interval as interval_of
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.forest import Row, forest
from whatworks.synthesise.methods.rare.mantel_haenszel import ChiSquared, chi2_test
from whatworks.synthesise.methods.rare.models import FITS, MEASURED, Choice, Fit
from whatworks.synthesise.methods.rare.tables import ONE_GROUP, Tables, columns_for, from_table, read_tables
from whatworks.synthesise.methods.rare.words import LAPLACE, RATIOS, tables_report
from whatworks.synthesise.methods.weighing import Floats

Measure = Literal["OR", "RR", "RD", "IRR", "IRD", "PLO", "IRLN"]
Way = Literal["MH", "PETO", "CM.EL", "CM.AL", "UM.FS", "UM.RS", "BB", "GLMM"]
Correction = Literal["only0", "all", "none"]
FEW_EVENTS = 10


class GivenTables(NamedTuple):
    """What was pooled, kept with the result: the counts, and each study's own effect and variance (NaN for none)."""

    tables: Tables
    yi: Floats
    vi: Floats
    weights: Floats | None


@dataclass(frozen=True, slots=True)
class PooledTables(Told):
    """What the counts of k studies say together; ratios as logarithms, proportions as log odds.

    k_used: studies that tell something of the effect by this method. estimate, se, statistic, df (None: normal), p,
    ci_low, ci_high: the effect. tau2: the variance of true effects; sigma2: of baselines (UM.RS); rho: the correlation of
    people in one arm (BB). q: of the studies' own effects around the estimate (MH, PETO), with i2 and h2; else i2 and h2
    from tau2. tests: by name, each with statistic, df and p. correction: what the studies' own effects had added.
    """

    k: int
    k_used: int
    measure: Measure
    method: Way
    model: str
    estimate: float
    se: float
    statistic: float | None
    df: int | None
    p: float | None
    ci_low: float
    ci_high: float
    level: float
    tau2: float | None
    sigma2: float | None
    rho: float | None
    i2: float | None
    h2: float | None
    loglik: float | None
    nodes: int | None
    tests: dict[str, ChiSquared | None]
    correction: Correction
    warnings: tuple[str, ...]
    given: GivenTables = kept()

    def summary(self) -> str:
        """The result in one sentence of numbers; a ratio as a ratio."""
        turn = np.exp if self.measure in RATIOS[:3] + RATIOS[4:] else (lambda value: value)
        three = ", ".join(f"{float(turn(one)):.4g}" for one in (self.ci_low, self.ci_high))
        low, high = three.split(", ")
        text = f"{self.k} studies by {self.method}: {self.measure} {float(turn(self.estimate)):.4g} "
        text += f"({100 * self.level:g}% interval {low} to {high})"
        return text + ("." if self.tau2 is None else f"; tau2 {self.tau2:.4g}.")

    def report(self) -> str:
        """Methods and results as a paragraph, each choice with its reference."""
        return tables_report(self)

    def chart(self, *, ratio: bool | None = None, label: str = "") -> Chart:
        """The forest plot; a study without an effect of its own keeps its row."""
        given, reach = self.given, critical(self.level)
        rows = []
        for place, (y, v) in enumerate(zip(given.yi.tolist(), given.vi.tolist(), strict=True)):
            name = given.tables.names[place] if given.tables.names else f"Study {place + 1}"
            weight = None if given.weights is None else float(given.weights[place])
            known = bool(np.isfinite(y) and np.isfinite(v))
            off = reach * v**0.5 if known else 0.0
            rows.append(Row(name, y, y - off, y + off, weight) if known else Row(name, weight=weight))
        rows.append(Row("All studies", self.estimate, self.ci_low, self.ci_high, None, "total"))
        note = "Lines are the studies' own intervals; the diamond is pooled from the counts, not from them."
        shown_as_ratio = self.measure in RATIOS[:3] if ratio is None else ratio
        return forest(f"Forest plot: {self.summary()}", rows, note, ratio=shown_as_ratio, label=label or self.measure)

    def r_script(self) -> str:
        """The same analysis for R's metafor (or plain R where metafor has no such model), with its data in it."""
        from whatworks.synthesise.methods.rare.scripts import tables_script

        return tables_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to pool again."""
        t = self.given.tables
        counts = {name: one.tolist() for name, one in zip(columns_for(self.measure), t[:4], strict=False)}
        rest = {"names": t.names, "nodes": self.nodes, "model": self.model, "correction": self.correction}
        interval = {"interval": "wald" if self.df is None else "t", "level": self.level}
        return recipe("pool_tables", {"measure": self.measure, "method": self.method, **counts, **rest, **interval})


def pool_tables(
    table: Any = None,
    *,
    measure: Measure = "OR",
    method: Way | None = None,
    model: Literal["random", "common"] = "random",
    interval: Literal["wald", "t"] = "wald",
    level: float = 0.95,
    nodes: int | None = None,
    correction: Correction = "only0",
    names: Sequence[str] | None = None,
    **counts: ArrayLike,
) -> PooledTables:
    """Pool the counts of two groups (or one) in each study.

    counts, or the columns of a table: ai bi ci di; ai n1i ci n2i; or events1 n1 events2 n2. For IRR and IRD: x1i t1i x2i
    t2i, or events1 time1 events2 time2. For one group: xi ni (PLO, log odds), xi ti (IRLN, log rate).
    method: `MH` Mantel-Haenszel (the default), `PETO`, `CM.EL` exact conditional, `CM.AL` its binomial approximation,
    `UM.FS` and `UM.RS` mixed models with fixed or random baselines, `BB` beta-binomial, `GLMM` for one group (its
    default). `words.advice()` says which when. model: common leaves tau2 at 0 in the mixed models. nodes: of adaptive
    Gauss-Hermite quadrature; by default enough for every digit, but UM.RS is Laplace's approximation (1).
    correction: what is added to cells for the studies' own effects (never in pooling). Studies without events in either
    group tell the mixed models nothing of a ratio and are left out, as metafor does. InputError names the row at fault.
    """
    way: Way = method or ("GLMM" if measure in ONE_GROUP else "MH")
    _check(measure, way, model, interval, correction, nodes)
    if table is not None:
        counts = from_table(table, measure) | counts
    tables = read_tables(counts, measure, names)
    used = tables if way in ("MH", "PETO", "BB", "GLMM") else tables.only(~_silent(tables, measure))
    if not used.x1.size:
        raise InputError(said("No study has an event in one group and none in all: there is no ratio to pool."))
    fit = FITS[way](used, Choice(measure, model == "random", nodes))
    own = _own_effects(tables, "PETO" if way == "PETO" else measure, correction)
    return _told(fit, tables, used, own, (measure, way, model, interval, correction), check_level(level))


def _check(measure: str, way: str, model: str, interval: str, correction: str, nodes: int | None) -> None:
    """InputError for a word that is not known, or a method that has no such measure."""
    known: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("measure", measure, get_args(Measure)),
        ("method", way, get_args(Way)),
        ("model", model, ("random", "common")),
        ("interval", interval, ("wald", "t")),
        ("correction", correction, get_args(Correction)),
    )
    for what, given, words in known:
        check_word(what, given, words)
    if measure not in MEASURED[way]:
        raise InputError(
            said(
                "%(way)s gives %(measured)s, not %(measure)s; choose another method or measure.",
                way=way,
                measured=" or ".join(MEASURED[way]),
                measure=measure,
            )
        )
    if nodes is not None and not (isinstance(nodes, int) and 1 <= nodes <= 101):
        raise InputError(said("The quadrature can have 1 to 101 nodes, not %(nodes)s.", nodes=nodes))


def _silent(tables: Tables, measure: str) -> Any:
    """Studies that tell nothing of the ratio."""
    return tables.x1 + tables.x2 == 0 if measure == "IRR" else tables.empty


def _own_effects(t: Tables, measure: str, correction: Correction) -> tuple[Floats, Floats]:
    """Each study's own effect and variance; NaN where it has none, as with no events at all in a ratio."""
    two = {"ai": t.x1, "n1i": t.size1, "bi": t.size1 - t.x1, "ci": t.x2, "n2i": t.size2, "di": t.size2 - t.x2}
    rates = {"x1i": t.x1, "t1i": t.size1, "x2i": t.x2, "t2i": t.size2}
    one = {"xi": t.x1, "ni": t.size1, "ti": t.size1}
    columns = one if measure in ONE_GROUP else rates if measure in ("IRR", "IRD") else two
    found = effects_of(measure, columns, zero=correction)
    yi, vi = np.array(found.yi, dtype=float), np.array(found.vi, dtype=float)
    if measure in ("OR", "RR", "IRR", "RD", "PETO"):  # metafor's drop00: such a study has no effect of its own
        yi[_silent(t, measure)] = vi[_silent(t, measure)] = np.nan
    return yi, vi


def _told(
    fit: Fit, tables: Tables, used: Tables, own: tuple[Floats, Floats], words: tuple[Any, ...], level: float
) -> PooledTables:
    """The fit with its interval, its heterogeneity and its warnings."""
    measure, way, model, interval, correction = words
    df = max(used.x1.size - 1, 1) if interval == "t" and used.x1.size > 1 else None
    statistic = fit.estimate / fit.se if fit.se > 0 else None
    low, high = interval_of(fit.estimate, fit.se, level, df)
    i2, h2, q = _heterogeneity(fit, own)
    return PooledTables(
        k=tables.x1.size,
        k_used=used.x1.size,
        measure=measure,
        method=way,
        model="common" if way in ("MH", "PETO") else model,
        estimate=fit.estimate,
        se=fit.se,
        statistic=statistic,
        df=df,
        p=None if statistic is None else float(two_sided_p(statistic, df)),
        ci_low=low,
        ci_high=high,
        level=level,
        tau2=fit.tau2,
        sigma2=fit.sigma2,
        rho=fit.rho,
        i2=i2,
        h2=h2,
        loglik=fit.loglik,
        nodes=fit.nodes,
        tests=fit.tests if q is None else {"q": q, **fit.tests},
        correction=correction,
        warnings=tuple(_warnings(fit, tables, used, way, measure)),
        given=GivenTables(tables, *own, fit.weights),
    )


def _heterogeneity(fit: Fit, own: tuple[Floats, Floats]) -> tuple[float | None, float | None, ChiSquared | None]:
    """I2 (per cent), H2 and Q. From Q where effects are taken as one, from tau2 over a typical variance where not."""
    known = np.isfinite(own[0]) & np.isfinite(own[1]) & (own[1] > 0)
    yi, weights = own[0][known], 1 / own[1][known]
    df = yi.size - 1
    if df < 1:
        return None, None, None
    if fit.weights is not None:
        q = fit.tests.get("q") or chi2_test(float(weights @ (yi - fit.estimate) ** 2), df)
        i2 = max(0.0, 100 * (q.statistic - q.df) / q.statistic) if q.statistic else 0.0
        return i2, q.statistic / max(q.df, 1), q
    if fit.tau2 is None:
        return None, None, None
    typical = df / (float(weights.sum()) - float(weights @ weights) / float(weights.sum()))
    return 100 * fit.tau2 / (typical + fit.tau2), fit.tau2 / typical + 1, None


def _warnings(fit: Fit, tables: Tables, used: Tables, way: str, measure: str) -> Any:
    """What a reader must know."""
    if left := tables.x1.size - used.x1.size:
        yield f"Left out, having no events at all (or nothing but events) to tell {way} of a ratio: {left} of the studies."
    if tables.x1.size == 1:
        yield "One study: this is that study's own result; how much effects differ between studies cannot be known."
    events = min(float(tables.x1.sum()), float(tables.x2.sum())) if measure not in ONE_GROUP else float(tables.x1.sum())
    if events < FEW_EVENTS:
        yield f"One group has only {events:g} events in all studies together: large-sample intervals are rough here."
    if not fit.settled:
        yield "The likelihood's peak was not found to the last digits; compare another method before relying on this."
    if fit.nodes == 1:
        yield LAPLACE
    if way == "PETO" and (
        abs(fit.estimate) > 0.7 or np.any(np.maximum(used.size1, used.size2) > 2 * np.minimum(used.size1, used.size2))
    ):
        yield "Peto's method is biased where the effect is large or the groups are unequal, as here; compare MH or CM.EL."
    homogeneity = fit.tests.get("tarone")
    if way == "MH" and homogeneity is not None and homogeneity.p < 0.1:
        yield "The studies differ more than chance explains, yet Mantel-Haenszel assumes one effect; see CM.EL or UM.FS."
    if fit.tau2 == 0 and way not in ("MH", "PETO"):
        yield "tau2 is estimated as 0, the lowest it can be: do not read it as proof that the effects are alike."
