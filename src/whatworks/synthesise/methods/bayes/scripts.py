"""The same posterior in R: by bayesmeta where it is installed, else by R's own integrals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whatworks.synthesise.methods.r_script import r_frame, r_told

if TYPE_CHECKING:
    from whatworks.synthesise.methods.bayes.pooled_bayes import PooledBayes

DENSITIES = {
    "half-normal": "2 * dnorm(tau, 0, {0})",
    "half-cauchy": "2 * dcauchy(tau, 0, {0})",
    "half-t": "2 * dt(tau / {1}, {0}) / {1}",
    "exponential": "dexp(tau, 1 / {0})",
    "uniform": "dunif(tau, 0, {0})",
    "log-normal": "2 / tau * dnorm(2 * log(tau), {0}, {1})",
    "log-t": "2 / tau * dt((2 * log(tau) - {1}) / {2}, {0}) / {2}",
    "dumouchel": "s / (s + tau)^2",
    "shrinkage": "2 * s^2 * tau / (s^2 + tau^2)^2",
    "jeffreys": "sapply(tau, function(t) sqrt(sum((t / (data$vi + t^2))^2)))",
}
INTEGRALS = """s <- sqrt(length(data$vi) / sum(1 / data$vi))
prior <- function(tau) {density}
precision <- {precision}
middle <- {middle}
parts <- function(tau) {{
  w <- 1 / (data$vi + tau^2); total <- sum(w) + precision
  mean <- (sum(w * data$yi) + precision * middle) / total
  height <- 0.5 * (sum(log(w / (2 * pi))) - sum(w * (data$yi - mean)^2) + log(2 * pi / total))
  if (precision > 0) height <- height - 0.5 * (log(2 * pi / precision) + (middle - mean)^2 * precision)
  c(height, mean, 1 / sqrt(total))
}}
top <- max(sapply(exp(seq(-12, 6, length.out = 400)), function(tau) log(prior(tau)) + parts(tau)[1]))
over <- function(f, to = {upper}) {{
  ends <- unique(pmin(c(0, exp(seq(-9, 7, by = 0.5)), Inf), to))
  one <- function(tau) sapply(tau, function(t) {{ p <- parts(t); exp(p[1] - top) * prior(t) * f(t, p) }})
  sum(mapply(function(a, b) integrate(one, a, b, rel.tol = 1e-11, abs.tol = 1e-16, stop.on.error = FALSE)$value,
    ends[-length(ends)], ends[-1]))
}}
whole <- over(function(t, p) 1)
mean_effect <- over(function(t, p) p[2]) / whole
above <- over(function(t, p) pnorm({threshold}, p[2], p[3], lower.tail = FALSE)) / whole
tau_median <- uniroot(function(to) over(function(t, p) 1, to) / whole - 0.5, c(1e-9, 50), tol = 1e-12)$root"""


def bayes_script(one: PooledBayes) -> str:
    """The script, which ends by printing its numbers by name."""
    name, _, inner = one.prior.rstrip(")").partition("(")
    numbers = [part.strip() for part in inner.split(",") if part.strip()]
    density = "1 + 0 * tau" if one.prior == "uniform" else DENSITIES[name].format(*numbers)
    bounded = name == "uniform" and numbers
    middle, sd = one.mu_prior or (0.0, None)
    lines = [
        "# Bayesian random effects by integration over tau (the model of bayesmeta); needs no package.",
        r_frame({"yi": one.given.yi.tolist(), "vi": one.given.vi.tolist()}, one.given.names),
        INTEGRALS.format(
            density=density,
            precision=0 if sd is None else repr(sd**-2),
            middle=repr(middle),
            upper=numbers[0] if bounded else "Inf",
            threshold=repr(one.threshold),
        ),
        r_told({"mean": "mean_effect", "p_above": "above", "tau_median": "tau_median"}),
    ]
    return "\n".join(lines) + "\n"
