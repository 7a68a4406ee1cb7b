"""An analysis in words: the declared result in a plain sentence, how the panel runs around it, and where it stops."""

from __future__ import annotations

from whatworks.saying import Said, said, said_of
from whatworks.trial.methods.analysing.analysing import Comparison
from whatworks.trial.methods.analysing.answering import AnalysedTrial
from whatworks.trial.methods.analysing.panel_rows import LOG_ODDS, LOG_RATES, RATES, RISKS, Row
from whatworks.trial.methods.design.unlotted import OF_SERIES, QUASI

PER = 1000
WHAT = {
    "lmm-kr": said("a level for each cluster, with errors and degrees of freedom corrected for few clusters"),
    "lmm-satterthwaite": said("a level for each cluster, with degrees of freedom for few clusters"),
    "ols-cr2": said("least squares, with errors that clusters make, corrected for few of them"),
    "ols-cr1s": said("least squares, with errors that clusters make, hardly corrected"),
    "ols-cr3": said("least squares, with errors as if each cluster were left out"),
    "gee-exchangeable": said("estimating equations, by the normal distribution"),
    "gee-md": said("estimating equations, corrected as Mancl and DeRouen do"),
    "gee-kc": said("estimating equations, corrected as Kauermann and Carroll do"),
    "cluster-means-t": said("one number for each cluster, whatever its size"),
    "wild-bootstrap": said("least squares, with residuals' signs turned by cluster"),
    "ri-exact": said("clusters' numbers over every allocation that there might have been"),
    "ri-sampled": said("clusters' numbers over many allocations that there might have been"),
    "glmm-binomial": said("a level for each cluster on the log odds, by the normal distribution"),
    "glmm-binomial-nested": said(
        "levels for clusters and for their periods on the log odds, by the normal distribution"
    ),
    "glmm-poisson": said("random levels on the log rate, by the normal distribution"),
    "glmm-nb": said("random levels and extra spread of counts, by the normal distribution"),
    "glm-nb": said("extra spread of counts and fixed strata, by the normal distribution"),
    "poisson-naive": said("every event as if it stood alone"),
    "cace-2sls-cr2": said("the effect on those whom the offer moved"),
    "its-quasi-poisson": said("counts about a broken trend, with the spread that they have"),
    "its-newey-west": said("a broken trend, with errors that are alike for some points"),
    "its-ar1": said("a broken trend, with errors that carry over to the next point"),
    "its-ols": said("a broken trend, with errors that stand alone"),
    "its-poisson-naive": said("every event as if it stood alone"),
    "did-group-time": said("each group at each time beside those that have not begun, by how many they are"),
    "did-by-group": said("the same, each group's mean alike"),
    "did-by-exposure": said("the same, each time since the beginning alike"),
    "twfe-cr2": said("a level for each place and each time"),
    "matched-cr2": said("those matched, side by side"),
    "matched-adjusted-cr2": said("those matched, adjusted for what is still unlike"),
    "adjusted-cr2": said("everybody, adjusted and not matched"),
    "unmatched-cr2": said("everybody as they are"),
}


def declared(found: AnalysedTrial, one: Comparison) -> Said:
    """The result that decides, in one sentence."""
    row = one.declared
    if found.blind and found.kind in QUASI:
        return said("BLIND: the outcome was not read; this shows whom the plan matches, and how alike they are.")
    if found.blind:
        return said("BLIND: the arms were dealt out anew; this shows that the plan runs, and nothing about the offer.")
    if row is None:
        return said("There is no declared result.")
    return said(
        "By the declared analysis (%(method)s) %(what)s (%(interval)s%(p)s).", method=row.method, what=_what(row, one),
        interval=_interval(row, found), p=_p(row),
    )  # fmt: skip


def _what(row: Row, one: Comparison) -> Said:
    first, second = one.arms
    if row.method in OF_SERIES:
        return _of_series(row)
    if row.relative is not None and row.scale in (LOG_ODDS, LOG_RATES):
        more = said("higher") if row.relative >= 1 else said("lower")
        thing = said("the odds are") if row.scale == LOG_ODDS else said("the rate is")
        beside = "" if row.absolute is None else _per(row.absolute)
        return said(
            "%(thing)s %(share)s %(more)s with %(second)s than with %(first)s%(beside)s", thing=thing,
            share=f"{abs(row.relative - 1):.1%}", more=more, second=second, first=first, beside=beside,
        )  # fmt: skip
    more = said("higher") if row.estimate >= 0 else said("lower")
    value: Said | str
    if row.scale in (RISKS, RATES):
        thing = said("the share is") if row.scale == RISKS else said("the rate is")
        value = said("%(n)s per %(per)s", n=f"{abs(row.estimate) * PER:.1f}", per=f"{PER:,}")
    else:
        thing, value = said("the mean is"), f"{abs(row.estimate):.4g}"
    return said(
        "%(thing)s %(value)s %(more)s with %(second)s than with %(first)s", thing=thing, value=value, more=more, second=second,
        first=first,
    )  # fmt: skip


def _of_series(row: Row) -> Said:
    """A series has no other arm: what was seen is set against where it was going."""
    if row.relative is None:
        up = said("above") if row.estimate >= 0 else said("below")
        return said(
            "the level after the change is %(value)s %(up)s where it was going", value=f"{abs(row.estimate):.4g}", up=up
        )
    up = said("above") if row.relative >= 1 else said("below")
    return said(
        "the rate after the change is %(share)s %(up)s where it was going", share=f"{abs(row.relative - 1):.1%}", up=up
    )


def _per(absolute: float) -> Said:
    size, per = f"{abs(absolute) * PER:.1f}", f"{PER:,}"
    if absolute >= 0:
        return said(", %(n)s more per %(per)s", n=size, per=per)
    return said(", %(n)s fewer per %(per)s", n=size, per=per)


def _interval(row: Row, found: AnalysedTrial) -> Said:
    level = f"{1 - found.plan['design']['design']['alpha']:.0%}"
    low, high = row.ci_low, row.ci_high
    if row.scale in (LOG_ODDS, LOG_RATES):
        low, high = row.relative_low, row.relative_high
        return said("ratio %(ratio)s, %(level)s interval %(low)s to %(high)s", ratio=f"{row.relative:.3f}", level=level,
                    low=_end(low), high=_end(high))  # fmt: skip
    return said("%(level)s interval %(low)s to %(high)s", level=level, low=_end(low), high=_end(high))


def _end(value: float | None) -> str:
    return "no end" if value is None else f"{value:.4g}"


def _p(row: Row) -> str:
    if row.p is None:
        return ""
    return f", p = {row.p:.4f}" if row.p >= 0.0001 else f", p = {row.p:.1e}"


def panel_said(found: AnalysedTrial, one: Comparison) -> list[Said]:
    """How p runs over the panel, and what sets the two ends apart."""
    rows = [row for row in one.panel if row.p is not None and row.method != "cace-2sls-cr2"]
    if len(rows) < 2 or found.blind:
        return []
    low, high = min(rows, key=_size), max(rows, key=_size)
    alpha = found.plan["design"]["design"]["alpha"]
    below = sum(_size(row) < alpha for row in rows)
    return [
        said(
            "Over %(n)s analyses of the whole comparison p runs from %(low)s (%(a)s: %(why_a)s) to %(high)s (%(b)s: %(why_b)s).",
            n=len(rows), low=f"{_size(low):.2g}", a=low.method, why_a=WHAT[low.method], high=f"{_size(high):.2g}", b=high.method,
            why_b=WHAT[high.method],
        ),
        said_of(
            below, "%(below)s of them is below %(alpha)s.", "%(below)s of them are below %(alpha)s.", below=below,
            alpha=f"{alpha:g}",
        ),
    ]  # fmt: skip


def _size(row: Row) -> float:
    return 1.0 if row.p is None else row.p


def lock_said(found: AnalysedTrial) -> list[Said | str]:
    """Whether the plan is the one that was locked."""
    if found.lock is None:
        return []
    if found.lock.same:
        return [said("The plan is the one that was locked (%(digest)s).", digest=found.lock.digest)]
    return [
        said("This is NOT the plan that was locked (%(digest)s):", digest=found.lock.digest),
        *found.lock.differences,
    ]
