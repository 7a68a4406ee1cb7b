"""Every specification again in R's metafor, with the data in the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whatworks.synthesise.methods.r_script import quoted
from whatworks.synthesise.methods.weighing import Floats

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multiverse.results import Multiverse

LOOP = """rows <- list()
for (d in seq_along(data)) for (s in seq_along(sets)) for (w in seq_len(nrow(ways))) {
  here <- sets[[s]]; way <- ways[w, ]
  fit <- tryCatch(rma(data[[d]]$yi[here], data[[d]]$vi[here], method = way$method, test = way$test, level = level,
    control = if (way$method %in% c("REML", "ML", "EB", "PM"))
      list(maxiter = 2000, stepadj = 0.5, threshold = 1e-10, tol = 1e-14) else list()), error = function(e) NULL)
  if (!is.null(fit)) rows[[length(rows) + 1]] <- data.frame(data = d, set = s, way = w, k = fit$k, tau2 = fit$tau2,
    estimate = c(fit$beta), se = fit$se, ci_low = fit$ci.lb, ci_high = fit$ci.ub)
}
result <- do.call(rbind, rows); result <- result[order(result$estimate), ]
print(format(result, digits = 10), row.names = FALSE)
"""
TESTS = {"wald": "z", "t": "t", "hksj": "knha", "hksj-adhoc": "adhoc"}


def r_script(one: Multiverse) -> str:
    """Data in its variants, selections of rows, ways to pool; then all combinations, in ascending order of estimate."""
    variants = ",\n  ".join(f"list(yi = c({_listed(y)}), vi = c({_listed(v)}))" for y, v in one.sets.variants)
    sets = ",\n  ".join(f"c({', '.join(str(row + 1) for row in np.flatnonzero(mask))})" for mask in one.sets.masks)
    methods = ", ".join(quoted(way.tau2 or "EE") for way in one.ways)
    tests = ", ".join(quoted(TESTS[way.interval]) for way in one.ways)
    return (
        f"# {one.n} specifications of one pooled analysis with metafor (definitions as in version 3.8-1).\n"
        f"library(metafor)\noptions(width = 200)\nlevel <- {100 * one.level!r}\n"
        f"data <- list(\n  {variants})\nsets <- list(\n  {sets})\n"
        f"ways <- data.frame(method = c({methods}), test = c({tests}))\n{LOOP}"
    )


def _listed(numbers: Floats) -> str:
    return ", ".join(f"{value:.17g}" for value in numbers.tolist())
