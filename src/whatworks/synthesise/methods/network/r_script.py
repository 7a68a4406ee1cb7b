"""The same network as a script for R's metafor, with the data in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whatworks.synthesise.methods.network.evidence import Whole
from whatworks.synthesise.methods.r_script import quoted
from whatworks.synthesise.methods.weighing import Floats

if TYPE_CHECKING:
    from whatworks.synthesise.methods.network.results import Network

MOMENTS = """W <- solve(V); P <- W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)
U <- outer(study, study, "==") * (diag(length(yi)) + 1) / 2
Q <- c(t(yi) %*% P %*% yi)
"""
FIXED = {
    "DL": "tau2 <- max(0, (Q - length(yi) + ncol(X)) / sum(P * U))\n",
    "PM": """q_at <- function(tau2) { W <- solve(V + tau2 * U)
  c(t(yi) %*% (W - W %*% X %*% solve(t(X) %*% W %*% X, t(X) %*% W)) %*% yi) - (length(yi) - ncol(X)) }
tau2 <- if (q_at(0) <= 0) 0 else uniroot(q_at, c(0, 100 * max(diag(V), yi^2)), tol = 1e-14)$root
""",
}
# metafor's optimiser refuses its tightest tolerances on some data: the tightest that it takes is used.
FIT = """for (digits in 14:6) {{
  control <- list(optimizer = "nlminb", rel.tol = 10^-digits, iter.max = 2000, eval.max = 5000)
  result <- tryCatch(if (max(table(study)) == 1) rma.mv(yi, V, mods = ~ 0 + X, {simple}{method}, control = control) else
    rma.mv(yi, V, mods = ~ 0 + X, {several}{method}, control = control), error = function(e) NULL)
  if (!is.null(result)) break
}}
if (max(table(study)) == 1) result$tau2 <- result$sigma2
"""
SCALED = """W <- solve(result$M)
factor <- c(t(yi - X %*% coef(result)) %*% W %*% (yi - X %*% coef(result))) / (length(yi) - ncol(X))
"""
TOLD = """contrasts <- t(combn(ncol(X) + 1, 2))
full <- rbind(0, diag(ncol(X)))
full[treatments != first, ] <- diag(ncol(X)); full[treatments == first, ] <- 0
L <- full[contrasts[, 1], , drop = FALSE] - full[contrasts[, 2], , drop = FALSE]
estimate <- c(L %*% coef(result)); se <- sqrt(factor * diag(L %*% vcov(result) %*% t(L)))
reach <- {reach} * se
print(data.frame(treat1 = treatments[contrasts[, 1]], treat2 = treatments[contrasts[, 2]], estimate, se,
  ci_low = estimate - reach, ci_high = estimate + reach), digits = 10)
cat("tau2", format({tau2}, digits = 10), "\\n")
"""


def r_script(network: Network) -> str:
    """Reads nothing: each study's contrasts with its first treatment, their covariance, the model, all comparisons."""
    evidence, method = network.evidence, network.method
    y, covariance, x = basic(network)
    random = method.model == "random" and evidence.free > 0
    names = ", ".join(quoted(name) for name in network.treatments)
    df = network.comparisons[0].df
    reach = f"qnorm(1 - (1 - {method.level!r}) / 2)" if df is None else f"qt(1 - (1 - {method.level!r}) / 2, {df})"
    lines = [
        f"# Network meta-analysis ({method.model} effects) with metafor (definitions as in version 3.8-1).\n",
        "library(metafor)\noptions(width = 200)\n",
        f"treatments <- c({names})\nfirst <- treatments[1]\n",
        f"study <- c({', '.join(str(one + 1) for one in evidence.owner.tolist())})\n",
        f"yi <- c({_listed(y)})\n",
        f"X <- matrix(c({_listed(x.ravel())}), nrow = length(yi), byrow = TRUE)\n",
        "V <- diag(0, length(yi))\n",
        *_blocks(evidence.owner, covariance),
    ]
    if random:
        lines.append("contrast <- ave(study, study, FUN = seq_along)\n")
    if random and method.tau2 in FIXED:
        lines += [MOMENTS, FIXED[method.tau2]]
    lines.append(_fit(method.tau2, random))
    lines.append(SCALED if df is not None and method.interval.startswith("hksj") else "factor <- 1\n")
    if method.interval == "hksj-adhoc":
        lines.append("factor <- max(1, factor)\n")
    lines.append(TOLD.format(reach=reach, tau2="result$tau2" if random else "0"))
    return "".join(lines)


def _fit(estimator: str, random: bool) -> str:
    if not random:
        return "result <- rma.mv(yi, V, mods = ~ 0 + X)\n"
    simple = "random = ~ 1 | study" if estimator not in FIXED else "random = ~ 1 | study, sigma2 = tau2"
    several = "random = ~ contrast | study, rho = 1/2" + (", tau2 = tau2" if estimator in FIXED else "")
    method = "" if estimator in FIXED else f', method = "{estimator}"'
    return FIT.format(simple=simple, several=several, method=method)


def basic(network: Network) -> tuple[Floats, Floats, Floats]:
    """Each study's effects over its first treatment (m), their covariance (m, m), and what they measure (m, n - 1)."""
    evidence = network.evidence
    back = np.zeros((evidence.z.size, evidence.z.size))
    for number in range(len(evidence.studies)):
        here = np.flatnonzero(evidence.owner == number)
        block = np.ix_(here, here)
        back[block] = evidence.basic[here] @ np.linalg.pinv(evidence.x[here])
    return back @ evidence.z, (back * evidence.v) @ back.T, evidence.basic[:, 1:]


def _blocks(owner: Whole, covariance: Floats) -> list[str]:
    lines = []
    for number in dict.fromkeys(owner.tolist()):
        here = np.flatnonzero(owner == number)
        span = f"{here[0] + 1}:{here[-1] + 1}"
        lines.append(f"V[{span}, {span}] <- c({_listed(covariance[np.ix_(here, here)].ravel())})\n")
    return lines


def _listed(numbers: Floats) -> str:
    return ", ".join(f"{value:.17g}" for value in numbers.tolist())
