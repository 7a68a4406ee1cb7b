"""The same pooled result of counts as a script for R: metafor's own functions, plain R for the beta-binomial model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whatworks.synthesise.methods.r_script import r_frame, r_told
from whatworks.synthesise.methods.rare.tables import ONE_GROUP, columns_for

if TYPE_CHECKING:
    from whatworks.synthesise.methods.rare.pooling_tables import PooledTables

# metafor leaves the optimiser's tolerance at about 1e-4 in these models: compare to that many digits.
NUMBERS = {"estimate": "c(result$beta)", "se": "result$se", "ci_low": "result$ci.lb", "ci_high": "result$ci.ub"}
BETA_BINOMIAL = """height <- function(at, x, n) {
  p <- plogis(at[1]); rho <- plogis(at[2]); both <- 1 / rho - 1
  sum(lchoose(n, x) + lbeta(p * both + x, (1 - p) * both + n - x) - lbeta(p * both, (1 - p) * both))
}
total <- function(at) -height(at[c(1, 3)], data$ai, data$n1i) - height(at[c(2, 3)], data$ci, data$n2i)
start <- c(qlogis(sum(data$ai) / sum(data$n1i)), qlogis(sum(data$ci) / sum(data$n2i)), -3)
found <- optim(start, total, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-14, maxit = 1000))
p <- plogis(found$par[1:2])
slope <- switch(measure, OR = c(1, -1), RR = c(1 - p[1], p[2] - 1), RD = c(p[1] * (1 - p[1]), -p[2] * (1 - p[2])))
estimate <- switch(measure, OR = qlogis(p[1]) - qlogis(p[2]), RR = log(p[1] / p[2]), RD = p[1] - p[2])
se <- sqrt(c(slope %*% solve(found$hessian)[1:2, 1:2] %*% slope))
reach <- {critical} * se"""


def tables_script(one: PooledTables) -> str:
    """The script, which ends by printing its numbers by name."""
    columns = columns_for(one.measure)
    counts = dict(zip(columns, (each.tolist() for each in one.given.tables[:4]), strict=False))
    opening = [f"# {one.method} pooling of counts (definitions as in metafor 3.8-1).", "library(metafor)"]
    opening += [r_frame(counts, one.given.tables.names), f"level <- {one.level!r}"]
    if one.method == "BB":
        tail = "(1 - level) / 2"
        critical = f"-qnorm({tail})" if one.df is None else f"-qt({tail}, {one.df})"
        numbers = {"estimate": "estimate", "se": "se", "ci_low": "estimate - reach", "ci_high": "estimate + reach"}
        body = [f'measure <- "{one.measure}"', BETA_BINOMIAL.replace("{critical}", critical)]
        return "\n".join([*opening, *body, r_told(numbers | {"rho": "plogis(found$par[3])"})]) + "\n"
    given = ", ".join(f"{name} = data${name}" for name in columns)
    return "\n".join([*opening, f"result <- {_call(one, given)}", "print(result)", r_told(_numbers(one))]) + "\n"


def _call(one: PooledTables, given: str) -> str:
    """metafor's function."""
    if one.method == "PETO":
        return f"rma.peto({given}, level = 100 * level)"
    if one.method == "MH":
        return f'rma.mh({given}, measure = "{one.measure}", level = 100 * level)'
    model = "" if one.measure in ONE_GROUP else f', model = "{one.method}"'
    method = "ML" if one.model == "random" else "EE"
    test = "z" if one.df is None else "t"
    return f'rma.glmm({given}, measure = "{one.measure}"{model}, method = "{method}", test = "{test}", level = 100 * level)'


def _numbers(one: PooledTables) -> dict[str, str]:
    mixed = one.method not in ("MH", "PETO") and one.model == "random"
    return NUMBERS | ({"tau2": "result$tau2"} if mixed else {})
