"""Many treatments at once: the network meta-analysis itself.

Definitions: Ruecker (2012), Research Synthesis Methods 3(4), 312-324 (graph-theoretic, the same as generalised least
squares); heterogeneity, intervals and I2 as in metafor 3.8-1, so that two treatments give the numbers of `pool`.
Checked against metafor's rma.mv with a compound-symmetric heterogeneity of correlation 1/2 (tests/oracles/network.json).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, stdtr

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import chi2_tail, critical, two_sided_p
from whatworks.synthesise.methods.given import column
from whatworks.synthesise.methods.network.arms import Read, columns_of, from_arms
from whatworks.synthesise.methods.network.cautions import cautions
from whatworks.synthesise.methods.network.designs import decompose
from whatworks.synthesise.methods.network.evidence import Evidence, gather, whole
from whatworks.synthesise.methods.network.results import (
    Better,
    Comparison,
    Interval,
    Method,
    Model,
    Network,
    Part,
    Prediction,
    Rank,
    turned,
)
from whatworks.synthesise.methods.network.splitting import Split, split
from whatworks.synthesise.methods.network.spreading import (
    Dense,
    Estimator,
    Fitted,
    estimate,
    fit,
    log_likelihood,
    q_profile,
)
from whatworks.synthesise.methods.weighing import Floats


class Spread(NamedTuple):
    """Heterogeneity as reported; all None where it cannot be known."""

    tau2: float | None = None
    low: float | None = None
    high: float | None = None
    i2: float | None = None
    h2: float | None = None


class Scale(NamedTuple):
    """How standard errors become intervals. factor: what variances are multiplied by (Hartung-Knapp; else 1)."""

    factor: float
    df: int | None
    level: float
    new_df: int | None
    tau2: float | None


def network(
    study: Any,
    treat1: Sequence[Any] | None = None,
    treat2: Sequence[Any] | None = None,
    yi: Sequence[float] | None = None,
    vi: Sequence[float] | None = None,
    *,
    treatment: Sequence[Any] | None = None,
    measure: str | None = None,
    arms: Mapping[str, Sequence[float]] | None = None,
    columns: Mapping[str, str] | None = None,
    zero: str = "only0",
    keep_empty: bool = False,
    reference: str | None = None,
    better: Better = "higher",
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    prediction: Prediction = "metafor",
    level: float = 0.95,
) -> Network:
    """Compare all treatments of a connected network of studies, by direct and indirect evidence together.

    Contrasts: row by row study, treat1, treat2, the effect yi of treat1 over treat2 and its sampling variance vi (ratios
    as logarithms); a study of p treatments gives all p (p - 1) / 2. Or arms: row by row study, treatment, and the columns
    `arms` (xi ni, mi sdi ni, or xi ti) for a measure (OR RR RD AS, MD SMD ROM, IRR IRD); zero: where 1/2 is added to the
    cells of a study (`only0 | all | none`); keep_empty: keep studies in which nobody, or everybody, had the outcome. Or a
    table alone (with a measure: of arms), whose columns have these names, or those that `columns` gives instead.

    reference: whom the others are compared with (the one most studies tried); better: whether higher or lower effects
    rank first. interval, prediction: as in `pool`, with q_df degrees of freedom for k - 1; `hksj` scales by Q / q_df.
    InputError says what to mend: rows that miss a number, studies whose contrasts are missing or contradict each other,
    networks in parts.
    """
    method = Method(model, tau2, interval, prediction, level, better)
    given: dict[str, Any]
    if treat1 is None and treatment is None and not isinstance(study, list | tuple):
        given = from_table(study, measure, columns or {})
    elif treatment is not None:
        given = {"study": study, "treatment": treatment, "arms": arms}
    else:
        given = {"study": study, "treat1": treat1, "treat2": treat2, "yi": yi, "vi": vi}
    if missing := [name for name, one in given.items() if one is None]:
        way = said("study, treat1, treat2, yi and vi, or study, treatment, measure and arms")
        raise InputError(said("A network needs %(way)s; %(missing)s is missing.", way=way, missing=missing[0]))
    given |= {"measure": measure} | ({"zero": zero, "keep_empty": keep_empty} if "arms" in given else {})
    choices: dict[str, Any] = {"reference": reference, "better": better, "model": model, "tau2": tau2}
    choices |= {"interval": interval, "prediction": prediction, "level": level}
    return analyse(read(**given), method, reference, given | choices)


def read(measure: str | None, **given: Any) -> Read:
    """Evidence from arms or from contrasts."""
    if "arms" in given:
        return from_arms(measure=measure, **given)
    return Read(gather(**given), measure, {}, ())


def from_table(table: Any, measure: str | None, columns: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a table as what `network` takes: of arms where there is a measure, else of contrasts."""
    own = ("study", "treat1", "treat2", "yi", "vi") if measure is None else ("study", "treatment")
    numbers = () if measure is None else columns_of(measure)
    if unknown := set(columns) - {*own, *numbers}:
        raise InputError(
            said(
                "%(unknown)s is no column here; the names are %(own)s.",
                unknown=sorted(unknown)[0],
                own=", ".join((*own, *numbers)),
            )
        )
    found: dict[str, Any] = {name: column(table, columns.get(name, name)) for name in own}
    if measure is not None:
        found["arms"] = {name: column(table, columns.get(name, name)) for name in numbers}
    return found


def analyse(found: Read, method: Method, reference: str | None, given: Mapping[str, Any]) -> Network:
    """The network's result from evidence that is in order."""
    evidence = found.evidence
    spread, at = _spread(evidence, method)
    alone = fit(evidence.z, evidence.v, evidence.x[:, 1:])
    scale, notes = _scale(evidence, at, spread, method)
    decomposition = decompose(evidence, method.tau2 if method.model == "random" else None)
    effects, variances = _pairs(at)
    parts = split(evidence, spread.tau2 or 0.0, effects, variances)
    comparisons = _comparisons(evidence, effects, variances, parts, scale)
    chosen = _reference(evidence, reference)
    df = evidence.free
    network = Network(
        k=len(evidence.studies),
        treatments=evidence.treatments,
        reference=chosen,
        comparisons=comparisons,
        versus=_versus(comparisons, chosen),
        tau2=spread.tau2,
        tau2_ci_low=spread.low,
        tau2_ci_high=spread.high,
        i2=spread.i2,
        h2=spread.h2,
        q=alone.q if df else 0.0,
        q_df=df,
        q_p=float(chi2_tail(alone.q, df)) if df else None,
        decomposition=decomposition,
        ranks=_ranks(evidence, effects, variances, scale, method.better, found.people),
        loglik=_loglik(evidence, spread.tau2 or 0.0, method),
        method=method,
        metric=found.metric,
        warnings=(),
        evidence=evidence,
        given=given,
    )
    return cautions(network, (*found.notes, *notes), scale.factor if method.interval.startswith("hksj") else None)


def _spread(evidence: Evidence, method: Method) -> tuple[Spread, Fitted]:
    """tau2 with what is read from it, and the network fitted with it."""
    z, v, x, df = evidence.z, evidence.v, evidence.x[:, 1:], evidence.free
    part, alone = Dense(z, v, x), fit(z, v, x)
    if not df:
        return Spread(), alone
    if method.model == "common":
        i2 = max(0.0, 100 * (alone.q - df) / alone.q) if alone.q else 0.0
        return Spread(0.0, None, None, i2, alone.q / df), alone
    tau2 = estimate(part, method.tau2)
    typical = df / part.sums(0.0).trace
    low, high = q_profile(part, method.level)
    at = fit(z, v, x, tau2) if tau2 else alone
    return Spread(tau2, low, high, 100 * tau2 / (typical + tau2), tau2 / typical + 1), at


def _scale(evidence: Evidence, at: Fitted, spread: Spread, method: Method) -> tuple[Scale, tuple[str, ...]]:
    """The interval asked for, and a sentence where it cannot be had."""
    df = evidence.free
    notes: tuple[str, ...] = ()
    factor, used = 1.0, df or None
    if method.interval == "wald" or not df:
        used = None
        if method.interval != "wald":
            notes = ("No degrees of freedom are left, so the intervals are the normal (wald) ones.",)
    elif method.interval.startswith("hksj"):
        factor = at.q / df
        factor = max(1.0, factor) if method.interval == "hksj-adhoc" else factor
    told = method.model == "random" and len(evidence.studies) >= 3
    new_df = {"metafor": used, "t-k1": df, "t-k2": df - 1}[method.prediction]
    if told and new_df is not None and new_df < 1:
        told, notes = False, (*notes, "No prediction intervals: no degrees of freedom are left for them.")
    return Scale(factor, used, method.level, new_df, spread.tau2 if told else None), notes


def _pairs(at: Fitted) -> tuple[Floats, Floats]:
    """All effects, row over column, and their variances (n, n)."""
    n = at.beta.size + 1
    beta, a = np.zeros(n), np.zeros((n, n))
    beta[1:], a[1:, 1:] = at.beta, at.a
    own = np.diag(a)
    variances = own[:, None] + own - 2 * a
    np.fill_diagonal(variances, 0.0)
    return beta[:, None] - beta, variances


def _comparisons(
    evidence: Evidence, effects: Floats, variances: Floats, parts: Split, scale: Scale
) -> tuple[Comparison, ...]:
    """A row for each pair of treatments."""
    upper = np.triu_indices(len(evidence.treatments), 1)
    reach, root = critical(scale.level, scale.df), sqrt(scale.factor)
    y, se = effects[upper], root * np.sqrt(variances[upper])
    statistic = np.divide(y, se, out=np.full_like(y, np.nan), where=se > 0)
    p = two_sided_p(statistic, scale.df)
    new = np.full_like(y, np.nan)
    if scale.tau2 is not None:
        new = critical(scale.level, scale.new_df) * np.sqrt(se**2 + scale.tau2)
    direct = _parts(parts.direct[upper], root * np.sqrt(parts.direct_variance[upper]), reach, scale.df)
    indirect = _parts(parts.indirect[upper], root * np.sqrt(parts.indirect_variance[upper]), reach, scale.df)
    gap = parts.direct[upper] - parts.indirect[upper]
    wide = root * np.sqrt(parts.direct_variance[upper] + parts.indirect_variance[upper])
    difference = _parts(gap, wide, reach, scale.df)
    names = evidence.treatments
    columns = zip(
        y.tolist(), se.tolist(), _known(statistic), [scale.df] * y.size, _known(p), (y - reach * se).tolist(),
        (y + reach * se).tolist(), _known(y - new), _known(y + new), parts.studies[upper].astype(int).tolist(),
        parts.proportion[upper].tolist(), direct, indirect, difference,
        strict=True,
    )  # fmt: skip
    pairs = zip(*(one.tolist() for one in upper), strict=True)
    return tuple(Comparison(names[i], names[j], *row) for (i, j), row in zip(pairs, columns, strict=True))


def _known(column: Floats) -> list[float | None]:
    """The column's numbers, None where there is none."""
    return [None if value != value else value for value in column.tolist()]


def _parts(y: Floats, se: Floats, reach: float, df: int | None) -> list[Part | None]:
    """Effects with intervals, None where there is no such evidence."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = two_sided_p(y / se, df)
    columns = (y, se, p, y - reach * se, y + reach * se)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [None if row[0] != row[0] else Part(row[0], row[1], row[2] if row[1] else None, *row[3:]) for row in rows]


def _reference(evidence: Evidence, asked: str | None) -> str:
    """The treatment asked for, else the one most studies tried (the first by name among equals)."""
    if asked is not None:
        if (name := whole(asked)) not in evidence.treatments:
            raise InputError(
                said(
                    "There is no treatment %(name)r to refer to; choose from %(treatments)s.",
                    name=name,
                    treatments=", ".join(evidence.treatments),
                )
            )
        return name
    counts = Counter(arm for arms in evidence.arms for arm in arms)
    return evidence.treatments[max(counts, key=lambda arm: (counts[arm], -arm))]


def _versus(comparisons: tuple[Comparison, ...], reference: str) -> tuple[Comparison, ...]:
    """Each other treatment over the reference."""
    return tuple(
        turned(one) if one.treat1 == reference else one for one in comparisons if reference in (one.treat1, one.treat2)
    )


def _ranks(
    evidence: Evidence, effects: Floats, variances: Floats, scale: Scale, better: Better, people: Mapping[str, float]
) -> tuple[Rank, ...]:
    """P-scores, best first. Source: Ruecker and Schwarzer (2015), BMC Medical Research Methodology 15, 58."""
    n = len(evidence.treatments)
    off = ~np.eye(n, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = (effects if better == "higher" else -effects) / np.sqrt(scale.factor * variances)
    statistic[np.isnan(statistic)] = 0.0
    chance = ndtr(statistic) if scale.df is None else stdtr(scale.df, statistic)
    scores = np.where(off, chance, 0.0).sum(axis=1) / (n - 1)
    tried = Counter(arm for arms in evidence.arms for arm in arms)
    order = np.argsort(-scores, kind="stable").tolist()
    names = evidence.treatments
    return tuple(Rank(names[i], float(scores[i]), tried[i], people.get(names[i])) for i in order)


def _loglik(evidence: Evidence, tau2: float, method: Method) -> float:
    """The log-likelihood of the contrasts of each study with its first treatment; metafor's constants."""
    restricted = method.model == "random" and method.tau2 == "REML" and evidence.free > 0
    at = Dense(evidence.z, evidence.v, evidence.x[:, 1:]).sums(tau2)
    value = log_likelihood(at, evidence.free if restricted else evidence.z.size, restricted) + evidence.jacobian
    if restricted:
        basic = evidence.basic[:, 1:]
        value += 0.5 * float(np.linalg.slogdet(basic.T @ basic)[1])
    return value
