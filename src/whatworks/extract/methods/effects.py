"""What does each study say? Raw numbers become an effect through one named formula.

>>> float(FORMULAE["log-risk-ratio-from-counts"].compute(events1=61, n1=172, events2=55, n2=171).yi.round(4))
0.0977
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Effect
from whatworks.extract.methods.formula import FORMULAE, Formula, Input
from whatworks.extract.methods.shelves import SHELVES
from whatworks.saying import said

__all__ = ["FORMULAE", "MEASURES", "Effect", "Formula", "Input", "columns_of", "compute", "measure"]
_FILLED = SHELVES  # importing the shelves enters their formulae in the register

_TABLE = {"events1": "ai", "n1": "n1i", "events2": "ci", "n2": "n2i"}
_CELLS = ("ai", "bi", "ci", "di")
_RATES = {"events1": "x1i", "time1": "t1i", "events2": "x2i", "time2": "t2i"}
_MEANS = {"mean1": "m1i", "sd1": "sd1i", "n1": "n1i", "mean2": "m2i", "sd2": "sd2i", "n2": "n2i"}
_R, _X = {"r": "ri", "n": "ni"}, {"events": "xi", "n": "ni"}
_ONE_MEAN, _ONE_RATE = {"mean": "mi", "sd": "sdi", "n": "ni"}, {"events": "xi", "time": "ti"}
_ALPHA = {"alpha": "ai", "items": "mi", "n": "ni"}
_PAIRS = {"both": "ai", "first": "bi", "second": "ci", "neither": "di"}
_SLOPE = {"t": "ti", "n": "ni", "predictors": "mi"}
_TIMES = {"mean_after": "m1i", "sd_after": "sd1i", "mean_before": "m2i", "sd_before": "sd2i", "n": "ni", "r": "ri"}
# metafor standardises these by sd1i and calls that the spread before, though m1i is the mean after
_TIMES_RAW = _TIMES | {"sd_after": "sd2i", "sd_before": "sd1i"}


def _without(columns: dict[str, str], *names: str) -> dict[str, str]:
    return {name: column for name, column in columns.items() if name not in names}


MEASURES: dict[str, tuple[str, dict[str, str]]] = {
    "RR": ("log-risk-ratio-from-counts", _TABLE),
    "OR": ("log-odds-ratio-from-counts", _TABLE),
    "RD": ("risk-difference-from-counts", _TABLE),
    "PETO": ("peto-log-odds-ratio-from-counts", _TABLE),
    "AS": ("arcsine-difference-from-counts", _TABLE),
    "MD": ("mean-difference", _MEANS),
    "SMD": ("hedges-g-from-means", _MEANS),
    "SMDH": ("standardised-difference-unequal-variances", _MEANS),
    "ROM": ("log-ratio-of-means", _MEANS),
    "D": ("d-from-means", _MEANS),
    "IRR": ("log-rate-ratio-from-counts", _RATES),
    "IRD": ("rate-difference-from-counts", _RATES),
    "ZCOR": ("fisher-z", _R),
    "COR": ("correlation", _R),
    "PR": ("proportion", _X),
    "PLO": ("log-odds", _X),
    "PLN": ("log-proportion", _X),
    "PAS": ("arcsine-proportion", _X),
    "PFT": ("double-arcsine-proportion", _X),
    "SMD1": ("glass-delta-from-means", _without(_MEANS, "sd1")),
    "SMD1H": ("glass-delta-unequal-variances", _MEANS),
    "VR": ("log-ratio-of-standard-deviations", _without(_MEANS, "mean1", "mean2")),
    "CVR": ("log-ratio-of-coefficients-of-variation", _MEANS),
    "RPB": ("point-biserial-from-means", _MEANS),
    "D2ORL": ("log-odds-ratio-from-means", _MEANS),
    "MC": ("mean-change", _TIMES),
    "SMCC": ("standardised-mean-change", _TIMES),
    "SMCR": ("standardised-mean-change-raw", _without(_TIMES_RAW, "sd_after")),
    "SMCRH": ("standardised-mean-change-unequal-variances", _TIMES_RAW),
    "ROMC": ("log-ratio-of-means-change", _TIMES),
    "VRC": ("log-ratio-of-standard-deviations-change", _without(_TIMES, "mean_after", "mean_before")),
    "CVRC": ("log-ratio-of-variation-change", _TIMES),
    "PHI": ("phi", _TABLE),
    "YUQ": ("yules-q", _TABLE),
    "YUY": ("yules-y", _TABLE),
    "PBIT": ("probit-difference", _TABLE),
    "OR2DL": ("d-from-counts", _TABLE),
    "OR2DN": ("d-from-counts-cox", _TABLE),
    "MPRD": ("paired-risk-difference", _PAIRS),
    "MPRR": ("paired-log-risk-ratio", _PAIRS),
    "MPOR": ("paired-marginal-log-odds-ratio", _PAIRS),
    "MPORC": ("paired-log-odds-ratio", _PAIRS),
    "MPPETO": ("paired-peto-log-odds-ratio", _PAIRS),
    "IRSD": ("square-root-rate-difference", _RATES),
    "PCOR": ("partial-correlation-from-t", _SLOPE),
    "ZPCOR": ("fisher-z-of-partial-correlation", _SLOPE),
    "SPCOR": ("semi-partial-correlation-from-t", _SLOPE | {"r2": "r2i"}),
    "IR": ("rate", _ONE_RATE),
    "IRLN": ("log-rate", _ONE_RATE),
    "IRS": ("square-root-rate", _ONE_RATE),
    "IRFT": ("freeman-tukey-rate", _ONE_RATE),
    "MN": ("mean", _ONE_MEAN),
    "SMN": ("standardised-mean", _ONE_MEAN),
    "MNLN": ("log-mean", _ONE_MEAN),
    "SDLN": ("log-standard-deviation", _without(_ONE_MEAN, "mean")),
    "CVLN": ("log-coefficient-of-variation", _ONE_MEAN),
    "ARAW": ("alpha", _ALPHA),
    "AHW": ("alpha-cube-root", _ALPHA),
    "ABT": ("alpha-logarithm", _ALPHA),
}


def compute(name: str, **given: Any) -> Effect:
    """The effect by the formula of this name; InputError when there is none or its inputs are wrong."""
    if name not in FORMULAE:
        raise InputError(
            said("There is no formula called %(name)r; the names are in whatworks.extract.FORMULAE.", name=name)
        )
    return FORMULAE[name].compute(**given)


def columns_of(code: str, present: Collection[str]) -> tuple[str, ...]:
    """The columns this measure reads from a table with these columns; InputError when there is no such measure or
    a column is absent."""
    if code not in MEASURES:
        raise InputError(
            said("There is no measure %(code)s; choose one of %(measures)s.", code=code, measures=", ".join(MEASURES))
        )
    wanted = tuple(MEASURES[code][1].values())
    if MEASURES[code][1] is _TABLE and {"bi", "di"} <= set(present):
        wanted = _CELLS
    if absent := [name for name in wanted if name not in present]:
        instead = said(" (or %(cells)s)", cells=" ".join(_CELLS)) if MEASURES[code][1] is _TABLE else ""
        raise InputError(
            said(
                "%(code)s needs the columns %(wanted)s%(instead)s; %(absent)s is not among the columns.",
                code=code,
                wanted=" ".join(wanted),
                instead=instead,
                absent=absent[0],
            )
        )
    return wanted


def measure(code: str, columns: Mapping[str, Any], *, zero: str = "only0", variance: str = "LS") -> Effect:
    """The effects of a table in metafor's column names, by metafor's measure code.

    columns: ai bi ci di (or ai n1i ci n2i), m1i sd1i n1i m2i sd2i n2i, x1i t1i x2i t2i, ri ni, xi ni and the like (see
    MEASURES); others are ignored. zero: `only0 | all | none | tacc`; the arcsine measures need no addition and get
    none. variance: `LS | UB`. Checked against escalc for every code.
    """
    needed = columns_of(code, columns)
    name, wanted = MEASURES[code]
    chosen = FORMULAE[name]
    words = {"zero": zero, "variance": variance}
    taken = {option.name for option in chosen.inputs if option.choices}
    if variance == "UB" and "variance" not in taken:
        raise InputError(said("%(code)s has only a large-sample variance; leave out the unbiased one (UB).", code=code))
    table = dict(columns)
    if needed == _CELLS:
        a, b, c, d = (np.asarray(columns[cell], dtype=float) for cell in _CELLS)
        table |= {"n1i": a + b, "n2i": c + d}
    numbers = {ours: table[theirs] for ours, theirs in wanted.items()}
    return chosen.compute(**numbers, **{word: words[word] for word in taken})
