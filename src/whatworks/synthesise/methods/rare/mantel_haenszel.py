"""Pooling tables without a variance for each: Mantel and Haenszel's weights, and Peto's one-step method.

No study needs a continuity correction. Checked against metafor's rma.mh and rma.peto (tests/oracles/test_rare.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from whatworks.stats.intervals import chi2_tail
from whatworks.stats.results import Result
from whatworks.synthesise.methods.rare.tables import Tables
from whatworks.synthesise.methods.weighing import Floats


@dataclass(frozen=True, slots=True)
class ChiSquared(Result):
    """A chi-squared test: statistic, degrees of freedom, p."""

    statistic: float
    df: int
    p: float


class Weighted(NamedTuple):
    """A pooled effect (logarithm for ratios), its standard error, and each study's share of the weight in per cent."""

    estimate: float | None
    se: float | None
    weights: Floats


def chi2_test(statistic: float, df: int) -> ChiSquared:
    """The test with its tail; with no degrees of freedom there is nothing to test, and p is 1."""
    return ChiSquared(statistic, df, float(chi2_tail(statistic, df)) if df > 0 else 1.0)


def mantel_haenszel(tables: Tables, measure: str) -> Weighted:
    """The Mantel-Haenszel estimate of OR, RR, RD, IRR or IRD. None where no weight is left (no events in one group)."""
    return {"OR": _odds, "RR": _risks, "RD": _difference, "IRR": _rates, "IRD": _rate_difference}[measure](tables)


def _odds(t: Tables) -> Weighted:
    """Robins, Breslow and Greenland (1986), Biometrics 42(2), 311-323, for the variance of the logarithm."""
    total = t.size1 + t.size2
    b, d = t.size1 - t.x1, t.size2 - t.x2
    r, s = t.x1 * d / total, b * t.x2 / total
    p, q = (t.x1 + d) / total, (b + t.x2) / total
    sum_r, sum_s = float(r.sum()), float(s.sum())
    if sum_r == 0 or sum_s == 0:
        return Weighted(None, None, _shares(s))
    terms = (p @ r) / sum_r**2 + (p @ s + q @ r) / (sum_r * sum_s) + (q @ s) / sum_s**2
    return Weighted(float(np.log(sum_r / sum_s)), float(np.sqrt(0.5 * terms)), _shares(s))


def _risks(t: Tables) -> Weighted:
    """Greenland and Robins (1985), Biometrics 41(1), 55-68, equation 13."""
    total = t.size1 + t.size2
    r, s = t.x1 * t.size2 / total, t.x2 * t.size1 / total
    events = t.x1 + t.x2
    top = float(((t.size1 * t.size2 * events - t.x1 * t.x2 * total) / total**2).sum())
    return _ratio(r, s, top)


def _rates(t: Tables) -> Weighted:
    """Rothman, Greenland and Lash (2008), Modern Epidemiology, 3rd edition, chapter 15: person-time."""
    total = t.size1 + t.size2
    r, s = t.x1 * t.size2 / total, t.x2 * t.size1 / total
    return _ratio(r, s, float((t.size1 * t.size2 / total**2 * (t.x1 + t.x2)).sum()))


def _ratio(r: Floats, s: Floats, top: float) -> Weighted:
    sum_r, sum_s = float(r.sum()), float(s.sum())
    if sum_r == 0 or sum_s == 0:
        return Weighted(None, None, _shares(s))
    return Weighted(float(np.log(sum_r / sum_s)), float(np.sqrt(top / (sum_r * sum_s))), _shares(s))


def _difference(t: Tables) -> Weighted:
    """Sato, Greenland and Robins (1989), Biometrics 45(4), 1323-1324: right for few large and for many small tables."""
    total = t.size1 + t.size2
    weight = t.size1 * t.size2 / total
    all_ = float(weight.sum())
    estimate = float((t.x1 * t.size2 / total - t.x2 * t.size1 / total).sum()) / all_
    p = (t.size1**2 * t.x2 - t.size2**2 * t.x1 + t.size1 * t.size2 * (t.size2 - t.size1) / 2) / total**2
    q = (t.x1 * (t.size2 - t.x2) + t.x2 * (t.size1 - t.x1)) / (2 * total)
    variance = (estimate * float(p.sum()) + float(q.sum())) / all_**2
    return Weighted(estimate, float(np.sqrt(max(variance, 0.0))), _shares(weight))


def _rate_difference(t: Tables) -> Weighted:
    """Greenland and Robins (1985), Biometrics 41(1), 55-68, equation 11."""
    weight = t.size1 * t.size2 / (t.size1 + t.size2)
    all_ = float(weight.sum())
    estimate = float((weight * (t.x1 / t.size1 - t.x2 / t.size2)).sum()) / all_
    variance = float((weight**2 * (t.x1 / t.size1**2 + t.x2 / t.size2**2)).sum()) / all_**2
    return Weighted(estimate, float(np.sqrt(variance)), _shares(weight))


def peto(tables: Tables) -> tuple[Weighted, ChiSquared]:
    """Peto's log odds ratio: observed less expected events over the hypergeometric variance, and its test of one effect.

    Source: Yusuf, Peto et al. (1985), Progress in Cardiovascular Diseases 27(5), 335-371.
    """
    less, variance = observed_less_expected(tables)
    all_ = float(variance.sum())
    if all_ == 0:
        return Weighted(None, None, _shares(variance)), chi2_test(0.0, 0)
    estimate = float(less.sum()) / all_
    counts = variance > 0
    apart = less[counts] / variance[counts] - estimate
    q = float(variance[counts] @ apart**2)
    return Weighted(estimate, all_**-0.5, _shares(variance)), chi2_test(q, int(counts.sum()) - 1)


def observed_less_expected(t: Tables, *, rates: bool = False) -> tuple[Floats, Floats]:
    """For each study, events in the first group less those expected if nothing differed, and the variance of that."""
    total, events = t.size1 + t.size2, t.x1 + t.x2
    less = t.x1 - events * t.size1 / total
    if rates:
        return less, events * t.size1 * t.size2 / total**2
    return less, t.size1 * t.size2 * events * (total - events) / (total**2 * np.maximum(total - 1, 1))


def association(tables: Tables, *, rates: bool = False, corrected: bool = True) -> ChiSquared | None:
    """Cochran-Mantel-Haenszel: does anything differ? With the continuity correction of 1/2. None without events.

    Source: Mantel and Haenszel (1959), Journal of the National Cancer Institute 22(4), 719-748.
    """
    less, variance = observed_less_expected(tables, rates=rates)
    if not variance.sum():
        return None
    off = max(0.0, abs(float(less.sum())) - 0.5) if corrected else abs(float(less.sum()))
    return chi2_test(off**2 / float(variance.sum()), 1)


def homogeneity(tables: Tables, log_odds: float) -> tuple[ChiSquared, ChiSquared]:
    """Breslow and Day's test that odds ratios are equal, and Tarone's correction of it.

    Sources: Breslow and Day (1980), Statistical Methods in Cancer Research I, 142; Tarone (1985), Biometrika 72(1), 91-95.
    """
    t = tables.only(~tables.empty)
    expected = _expected(t, np.exp(log_odds))
    b, c = t.size1 - expected, t.x1 + t.x2 - expected
    d = t.size2 - c
    variance = 1 / (1 / expected + 1 / b + 1 / c + 1 / d)
    less = t.x1 - expected
    plain = float((less**2 / variance).sum())
    df = t.x1.size - 1
    return chi2_test(plain, df), chi2_test(plain - float(less.sum()) ** 2 / float(variance.sum()), df)


def _expected(t: Tables, odds: float) -> Floats:
    """Events in the first group at this odds ratio and the study's margins: the root of a quadratic, by its safe form."""
    events = t.x1 + t.x2
    if abs(odds - 1) < 1e-12:
        return np.asarray(events * t.size1 / (t.size1 + t.size2))
    a, b = 1 - odds, t.size2 - events + odds * (t.size1 + events)
    c = -odds * t.size1 * events
    return np.asarray(-2 * c / (b + np.sqrt(b * b - 4 * a * c)))


def _shares(weights: Floats) -> Floats:
    all_ = float(weights.sum())
    return np.asarray(100 * weights / all_) if all_ else weights
