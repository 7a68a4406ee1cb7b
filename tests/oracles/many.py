"""Every number of many.json beside ours: what `test_many` checks, and what the bench prints as its table of agreement."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.shared import SHARED
from whatworks.extract.methods.effects import measure
from whatworks.synthesise.methods.bias.rank import rank_test
from whatworks.synthesise.methods.bias.regression import egger
from whatworks.synthesise.methods.bias.trimming import trim_and_fill
from whatworks.synthesise.methods.multilevel.modelling import multilevel
from whatworks.synthesise.methods.pooling import pool
from whatworks.synthesise.methods.regressing.regression import regress

INTERVALS = {"z": "wald", "knha": "hksj"}
MEAN = ("estimate", "se", "statistic", "p", "ci_low", "ci_high", "pi_low", "pi_high")
SPREAD = ("tau2", "i2", "h2", "q", "q_p", "loglik")
OPERATIONS = {"-": np.subtract, "*": np.multiply, "/": np.divide, "sqrt": np.sqrt}
Table = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Compared:
    """One number twice. scale: what the difference is measured against where the number itself may be near 0."""

    family: str
    where: str
    ours: float
    theirs: float
    scale: float = 0.0

    @property
    def difference(self) -> float:
        """How far ours is from theirs, as a part of the number (or of its scale, where that is larger)."""
        apart = abs(self.ours - self.theirs)
        return apart / max(abs(self.theirs), self.scale) if apart else 0.0


@cache
def oracle() -> dict[str, Any]:
    """What R gave: `versions`, and `sets` by name."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("many.json").read_text(encoding="utf-8"))
    return found


def raw(file: str) -> Table:
    """The columns of a shared data set."""
    with (SHARED / "metadat" / f"dat.{file}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: [row[name].strip() for row in rows] for name in rows[0]}


def _column(data: Table, of: str | Sequence[Any]) -> np.ndarray:
    """A column as numbers, or what is made of several: ["-", "nn", "tn"]."""
    if isinstance(of, str):
        return np.array([float(cell) if cell else np.nan for cell in data[of]])
    with np.errstate(all="ignore"):
        made: np.ndarray = OPERATIONS[of[0]](*(_column(data, part) for part in of[1:]))
    return made


@cache
def table(name: str) -> Table:
    """The effects of a set, made by our formulas from its raw columns, beside its other columns; `row` counts them."""
    want = oracle()["sets"][name]
    data = raw(want["file"])
    columns = {column: _column(data, of) for column, of in want["columns"].items()}
    fit = ~np.isnan(np.array(list(columns.values()))).any(axis=0)
    if "bi" in columns:  # a group with no people in it is refused
        fit &= (columns["ai"] + columns["bi"] > 0) & (columns["ci"] + columns["di"] > 0)
    whole = np.flatnonzero(fit)
    columns = {column: values[whole] for column, values in columns.items()}
    if want["measure"] == "GEN":
        y, v = columns["yi"], columns["vi"]
    else:
        y, v = _made(want["measure"], columns)
    fine = np.isfinite(y) & np.isfinite(v) & (v > 0)
    kept = whole[fine]
    rest: Table = {column: [cells[row] for row in kept] for column, cells in data.items()}
    return rest | {"yi": y[fine].tolist(), "vi": v[fine].tolist(), "row": list(range(1, kept.size + 1))}


def _made(code: str, columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    found = measure(code, columns).to_dict()
    return tuple(np.array([np.nan if one is None else one for one in found[name]]) for name in ("yi", "vi"))  # type: ignore[return-value]


def comparisons(name: str) -> Iterator[Compared]:
    """Every number of a set."""
    for part in (_effects, _pools, _regressions, _levels, _small):
        yield from part(name, oracle()["sets"][name])


def _pairs(
    family: str, where: str, ours: Any, theirs: Mapping[str, Any], keys: Sequence[str], scale: float = 0.0
) -> Iterator[Compared]:
    for key in keys:
        if theirs.get(key) is not None:
            mine, own = getattr(ours, key), 0.0 if key in ("p", "q_p") else scale
            yield Compared(family, f"{where} {key}", np.nan if mine is None else mine, theirs[key], own)


def _effects(name: str, want: Mapping[str, Any]) -> Iterator[Compared]:
    data = table(name)
    yield Compared("effects", f"{name} k", len(data["yi"]), want["k"])
    for key in ("yi", "vi") if "yi" in want else ():
        # an effect of 0 is a sum that cancels: measured against its standard error
        scales = np.sqrt(want["vi"]) if key == "yi" else np.zeros(want["k"])
        for row, (mine, theirs, scale) in enumerate(zip(data[key], want[key], scales, strict=True)):
            yield Compared("effects", f"{name} {key} {row}", mine, theirs, float(scale))


def _pools(name: str, want: Mapping[str, Any]) -> Iterator[Compared]:
    data = table(name)
    typical = float(np.median(data["vi"]))
    for estimator, found in want["pool"].items():
        for test, mean in ((test, found[test]) for test in INTERVALS):
            ours = pool(data["yi"], data["vi"], tau2=estimator, interval=INTERVALS[test])  # type: ignore[arg-type]
            family, where = f"pool {estimator}", f"{name} {estimator} {test}"
            yield from _pairs(family, where, ours, mean, MEAN, max(mean["se"], 1e-3 * typical**0.5))
        yield from _pairs(family, where, ours, {"tau2": found["tau2"]}, ("tau2",), 0.01 * typical)
        yield from _pairs(family, where, ours, found | {"tau2": None}, SPREAD, 1.0)
    if want["tau2_ci"]:
        for key, theirs in zip(("tau2_ci_low", "tau2_ci_high"), want["tau2_ci"], strict=True):
            yield Compared("interval of tau2", f"{name} {key}", getattr(ours, key), theirs, 0.01 * typical)


def _regressions(name: str, want: Mapping[str, Any]) -> Iterator[Compared]:
    data = table(name)
    typical = float(np.median(data["vi"]))
    for found in want["regress"]:
        for test in INTERVALS:
            ours = regress(table=data, formula=f"yi ~ {found['mods']}", interval=INTERVALS[test])  # type: ignore[arg-type]
            where = f"{name} ~ {found['mods']} {test}"
            yield from _coefficients("regression", where, ours, found[test])
            yield from _pairs("regression", where, ours, found[test], ("qm", "qm_p"))
        yield from _pairs("regression", where, ours, found, ("k", "tau2"), 0.01 * typical)
        yield from _pairs("regression", where, ours, found, ("r2", "i2", "qe", "qe_p", "loglik"), 1.0)
        for key, theirs in zip(("tau2_ci_low", "tau2_ci_high"), found["tau2_ci"] or (), strict=False):
            yield Compared("interval of tau2", f"{where} {key}", getattr(ours, key), theirs, 0.01 * typical)


def _coefficients(family: str, where: str, ours: Any, theirs: Mapping[str, Any]) -> Iterator[Compared]:
    for at, row in enumerate(ours.coefficients):
        each = {key: theirs[key][at] for key in ("estimate", "se", "p", "ci_low", "ci_high") if key in theirs}
        yield from _pairs(family, f"{where} {row.name}", row, each, tuple(each), each["se"])


def _levels(name: str, want: Mapping[str, Any]) -> Iterator[Compared]:
    for found in want.get("levels", ()):
        how: dict[str, Any] = {"table": table(name), "nested": want["nested"], "formula": f"yi ~ {found['mods']}"}
        how |= {"rho": found["rho"]} if found["rho"] else {}
        ours, where = multilevel(**how), f"{name} ~ {found['mods']} rho {found['rho']}"
        for key, mine, theirs in zip(("outer", "inner"), ours.sigma2, found["sigma2"], strict=True):
            yield Compared("levels", f"{where} sigma2 {key}", mine, theirs, 0.01 * sum(found["sigma2"]))
        yield Compared("levels", f"{where} clusters", ours.n_clusters, found["clusters"])
        yield from _pairs("levels", where, ours, found, ("k", "qe", "loglik"), 1.0)
        yield from _coefficients("levels", where, ours, {key: found[key] for key in ("estimate", "se")})
        robust = multilevel(**how, robust="CR2")
        for at, row in enumerate(robust.coefficients):
            for key, mine in (("se", row.se), ("df", row.df), ("p", row.p)):
                theirs = found[f"robust_{key}"][at]
                if theirs is not None and mine is not None:
                    yield Compared("robust", f"{where} {row.name} CR2 {key}", mine, theirs)


def _small(name: str, want: Mapping[str, Any]) -> Iterator[Compared]:
    if "small" not in want:
        return
    found, data = want["small"], table(name)
    y, v = np.array(data["yi"]), np.array(data["vi"])
    if "egger" in found:
        line = egger(y, v)[0]
        yield from _pairs("small studies", f"{name} egger", line, found["egger"], ("intercept", "se", "t", "p"), 1e-3)
    yield from _pairs("small studies", f"{name} rank", rank_test(y, v), found["rank"], ("tau", "p"), 0.01)
    if "trimfill" in found:
        ours, theirs = trim_and_fill(y, v), found["trimfill"]
        yield Compared("small studies", f"{name} trimmed from the {ours.side}", float(ours.side == theirs["side"]), 1.0)
        yield from _pairs("trim and fill", f"{name} trimmed", ours, theirs, ("k0", "estimate", "se"), theirs["se"])
        yield from _pairs("trim and fill", f"{name} trimmed", ours, theirs, ("tau2",), 0.01 * float(np.median(v)))
