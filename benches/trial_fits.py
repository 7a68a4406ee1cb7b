"""How long do a trial's analyses take, beside lme4, lmerTest, pbkrtest and clubSandwich? CPU milliseconds of a whole answer.

    python -m benches.trial_fits

Ours is the line of the panel from columns that are already read: the matrix from the design, the fit, the small-sample test and the
interval. R is run in the same minute where Rscript and its packages are installed: lmer and the test of the arm's coefficient
(`contest1D` by Satterthwaite, and by Kenward and Roger through pbkrtest), lm with vcovCR and coef_test. Read the ratios: CPU time, one
core, medians. Slopes and crossed levels are fitted by the general model. The shares that must be reached: Kenward and Roger 5 times,
least squares with CR2 20 times as quick.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benches._r import by_r
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.table import prepare
from whatworks.trial.methods.design import read

DESIGN = """
[design]
kind = "cluster"
[analysis]
outcome = "y"
arm = "arm"
cluster = "school"
covariates = ["pre"]
"""
R = """
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(clubSandwich); library(jsonlite)})
ms <- function(work, times) {
  if (times > 1) work()
  one <- function() {start <- proc.time(); work(); sum((proc.time() - start)[1:2]) * 1000}
  median(sapply(seq_len(times), function(i) one()))
}
found <- list()
for (name in c("many", "large")) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  fit <- function() lmer(y ~ arm + pre + (1 | school), d)
  test <- function(ddf) {m <- fit(); contest1D(m, c(0, 1, 0), ddf = ddf)}
  least <- function() {m <- lm(y ~ arm + pre, d); coef_test(m, vcov = vcovCR(m, cluster = d$school, type = "CR2"))}
  found[[name]] <- list(
    `lmm-satterthwaite` = ms(function() test("Satterthwaite"), 7),
    `lmm-kr` = if (name == "large") NA else ms(function() test("Kenward-Roger"), 3),
    `ols-cr2` = ms(least, if (name == "large") 1 else 3))
}
for (name in c("slopes", "crossed")) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  told <- if (name == "slopes") y ~ arm + day + (1 + day | person) else y ~ arm + pre + (1 | school) + (1 | area)
  test <- function(ddf) {m <- lmer(told, d); contest1D(m, c(0, 1, 0), ddf = ddf)}
  found[[name]] <- list(
    `lmm-satterthwaite` = ms(function() test("Satterthwaite"), 5), `lmm-kr` = ms(function() test("Kenward-Roger"), 3))
}
cat(toJSON(found, auto_unbox = TRUE, na = "null"))
"""
WORDS = {
    "lmm-satterthwaite": "mixed model, Satterthwaite",
    "lmm-kr": "mixed model, Kenward-Roger",
    "ols-cr2": "least squares, CR2",
}
MIXED = ("lmm-satterthwaite", "lmm-kr")
OTHERWISE = {
    "slopes": {'"school"': '"person"', '["pre"]': '["day"]\nrandom = ["(1 + day | person)"]'},
    "crossed": {'["pre"]': '["pre"]\nrandom = ["(1 | area)"]'},
}
REACH = {("many", "lmm-kr"): 5, ("large", "ols-cr2"): 20}


def drawn(sizes: list[int], seed: int) -> dict[str, list[Any]]:
    """Pupils of schools of these sizes, every other one in the arm."""
    chance, n = np.random.default_rng(seed), sum(sizes)
    school = np.repeat(np.arange(len(sizes)), sizes)
    arm, pre = school % 2, chance.normal(size=n)
    y = 0.2 * arm + 0.5 * pre + chance.normal(0, 0.4, len(sizes))[school] + chance.normal(size=n)
    return {"school": school.tolist(), "arm": arm.tolist(), "pre": pre.tolist(), "y": y.tolist()}


def slopes(people: int = 40, days: int = 10) -> dict[str, list[Any]]:
    """People seen on several days, each with a level and a slope of their own, every other one in the arm."""
    chance = np.random.default_rng(3)
    person, day = np.repeat(np.arange(people), days), np.tile(np.arange(days), people)
    own = chance.normal(size=(2, people)) * [[25.0], [6.0]]
    y = 250 + 8 * (person % 2) + own[0][person] + (10 + own[1][person]) * day + 25 * chance.normal(size=len(day))
    return {"person": person.tolist(), "day": day.tolist(), "arm": (person % 2).tolist(), "y": y.tolist()}


def crossed(pupils: int = 2_000, schools: int = 60, areas: int = 40) -> dict[str, list[Any]]:
    """Pupils of schools who live in areas, neither within the other; the arm is the school's."""
    chance = np.random.default_rng(4)
    school, area = chance.integers(0, schools, pupils), chance.integers(0, areas, pupils)
    arm, pre = school % 2, chance.normal(size=pupils)
    shared = chance.normal(0, 0.5, schools)[school] + chance.normal(0, 0.4, areas)[area]
    y = 0.3 * arm + 0.5 * pre + shared + chance.normal(size=pupils)
    return {
        name: one.tolist() for name, one in (("school", school), ("area", area), ("arm", arm), ("pre", pre), ("y", y))
    }


def sets() -> dict[str, dict[str, list[Any]]]:
    """200 schools of 30 pupils, 16,526 pupils in 35 schools, people with slopes of their own, schools crossed with areas."""
    sizes = [472] * 34
    plain = {"many": drawn([30] * 200, 1), "large": drawn([*sizes, 16_526 - sum(sizes)], 2)}
    return plain | {"slopes": slopes(), "crossed": crossed()}


def cpu_ms(work: Callable[[], object], times: int = 9) -> float:
    """CPU milliseconds of one run: the median."""
    work()
    seen = []
    for _ in range(times):
        start = time.process_time()
        work()
        seen.append((time.process_time() - start) * 1000)
    return statistics.median(seen)


def ours(name: str, table: dict[str, list[Any]]) -> dict[str, float]:
    """Milliseconds of each method, the columns read already."""
    text = DESIGN
    for before, after in OTHERWISE.get(name, {}).items():
        text = text.replace(before, after)
    found = prepare(read(text), table)
    return {
        method: cpu_ms(lambda method=method: panel.one(found, method))  # type: ignore[misc]
        for method in (WORDS if name not in OTHERWISE else MIXED)
    }


def main() -> None:
    """Print the table."""
    data = sets()
    r = by_r(R, data)
    names = {
        "many": "200 schools x 30", "large": "16,526 pupils, 35 schools", "slopes": "40 people x 10 days, slopes",
        "crossed": "2,000 pupils, 60 schools x 40 areas",
    }  # fmt: skip
    print("CPU ms".ljust(66), "whatworks".rjust(10), "R".rjust(10), "ratio".rjust(8), "asked".rjust(7))
    for name, columns in data.items():
        for key, own in ours(name, columns).items():
            other = r.get(name, {}).get(key)
            told = f"{other:10.1f} {other / own:8.1f}" if other else f"{'–':>10} {'–':>8}"
            asked = f"{REACH[name, key]:7d}" if (name, key) in REACH else ""
            print(f"{names[name]}: {WORDS[key]}".ljust(66), f"{own:10.2f}", told, asked)


if __name__ == "__main__":
    main()
