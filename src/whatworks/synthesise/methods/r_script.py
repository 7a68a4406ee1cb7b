"""The same pooled analysis as a script for R's metafor, for a statistician to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TESTS = {"wald": "z", "t": "t", "hksj": "knha", "hksj-adhoc": "adhoc"}
ITERATIVE = ("REML", "ML", "EB", "PM")
NEW_SETTING = {
    "metafor": "print(predict(result), digits = 10)",
    "t-k1": "df <- result$k - 1\n{reach}",
    "t-k2": "df <- result$k - 2\n{reach}",
}
REACH = """reach <- qt(1 - (1 - level) / 2, df) * sqrt(result$se^2 + result$tau2)
print(c(pi_low = c(result$beta) - reach, pi_high = c(result$beta) + reach), digits = 10)"""


def quoted(text: str) -> str:
    """Text as an R string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def r_script(method: Mapping[str, Any], yi: str, vi: str, file: str) -> str:
    """The script: reads effects and variances from a CSV file; prints the fit, the interval of tau2, the prediction."""
    common = method["model"] == "common"
    estimator = "EE" if common else method["tau2"]
    lines = [
        f"# {method['model'].capitalize()}-effects pooling with metafor (definitions as in version 3.8-1).",
        "library(metafor)",
        f"data <- read.csv({quoted(file)}, check.names = FALSE)",
        f"level <- {method['level']!r}",
        "result <- rma(",
        f"  yi = data[[{quoted(yi)}]], vi = data[[{quoted(vi)}]],",
        f"  method = {quoted(estimator)}, test = {quoted(TESTS[method['interval']])}, level = 100 * level",
        ")",
        "print(result, digits = 10)",
    ]
    if (
        estimator in ITERATIVE and method["stop"] == "converged"
    ):  # metafor's own stopping rule leaves an error of about 1e-5 in tau2
        lines[-3] += ","
        lines.insert(-2, "  control = list(maxiter = 2000, stepadj = 0.5, threshold = 1e-10, tol = 1e-14)")
    if not common:
        lines.append('print(confint(result, type = "QP", control = list(tol = 1e-14)), digits = 10)')
        lines.append(NEW_SETTING[method["prediction"]].format(reach=REACH))
    return "\n".join(lines) + "\n"
