"""The same pooled analysis as a script for R's metafor, for a statistician to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

TESTS = {"wald": "z", "t": "t", "hksj": "knha", "hksj-adhoc": "adhoc", "hksj-wider": "knha"}
ITERATIVE = ("REML", "ML", "EB", "PM")
NEW_SETTING = {
    "metafor": "print(predict(result), digits = 10)",
    "t-k1": "df <- result$k - 1\n{reach}",
    "t-k2": "df <- result$k - 2\n{reach}",
}
REACH = """reach <- qt(1 - (1 - level) / 2, df) * sqrt(result$se^2 + result$tau2)
print(c(pi_low = c(result$beta) - reach, pi_high = c(result$beta) + reach), digits = 10)"""
USUAL = """w <- 1 / (result$vi + result$tau2)
usual <- sqrt(1 / sum(w))
knapp <- usual * sqrt(sum(w * (result$yi - c(result$beta))^2) / (result$k - 1))"""
NAMED = {
    "hts": ("usual", "qt(1 - (1 - level) / 2, result$k - 2)"),
    "hts-hk": ("knapp", "qt(1 - (1 - level) / 2, result$k - 2)"),
    "veroniki": ("usual", "qt(1 - (1 - level) / 2, result$k - 1)"),
    "hk": ("knapp", "qt(1 - (1 - level) / 2, result$k - 1)"),
    "normal": ("usual", "qnorm(1 - (1 - level) / 2)"),
}
WIDER = """usual <- {fit}
if (usual$ci.ub - usual$ci.lb > result$ci.ub - result$ci.lb) result <- usual"""
TIGHT = "control = list(maxiter = 2000, stepadj = 0.5, threshold = 1e-10, tol = 1e-14)"


def quoted(text: str) -> str:
    """Text as an R string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def r_numbers(name: str, values: Iterable[float | None]) -> str:
    """One column of a data frame: every digit, NA where a number is missing."""
    return f"{name} = c({', '.join('NA' if one is None else repr(float(one)) for one in values)})"


def r_frame(columns: Mapping[str, Iterable[float | None]], names: Sequence[str] | None = None) -> str:
    """Columns of numbers as an R data frame called `data`, with the names of the studies where there are any."""
    held = [f"study = c({', '.join(map(quoted, names))})"] if names else []
    held += [r_numbers(name, values) for name, values in columns.items()]
    return "data <- data.frame(\n  " + ",\n  ".join(held) + "\n)"


def r_told(numbers: Mapping[str, str]) -> str:
    """R lines that print numbers by name with fifteen digits, one a line, for people and programs."""
    listed = ", ".join(f"{name} = as.numeric({value})" for name, value in numbers.items())
    return f'numbers <- c({listed})\ncat(sprintf("%s %.15g\\n", names(numbers), numbers), sep = "")'


def r_script(method: Mapping[str, Any], yi: str, vi: str, file: str) -> str:
    """The script: reads effects and variances from a CSV file; prints the fit, the interval of tau2, the prediction."""
    read = f"data <- read.csv({quoted(file)}, check.names = FALSE)"
    return "\n".join(_lines(method, yi, vi, read, "QP", predicts=True)) + "\n"


def script_with_data(
    method: Mapping[str, Any], yi: Sequence[float], vi: Sequence[float], names: Sequence[str] | None, profile: str
) -> str:
    """The script with the data in it, which ends by printing its numbers by name. profile: "QP" or "PL"."""
    predicts = len(yi) >= 3 and method["model"] != "common"
    knows = len(yi) > 1 and method["model"] != "common"
    lines = [*_lines(method, "yi", "vi", r_frame({"yi": yi, "vi": vi}, names), profile if knows else "", predicts)]
    numbers = {"estimate": "c(result$beta)", "se": "result$se", "ci_low": "result$ci.lb", "ci_high": "result$ci.ub"}
    if knows:
        lines.append(f'spread <- confint(result, type = "{profile}", control = list(tol = 1e-14))$random')
        numbers |= {"tau2": "result$tau2", "tau2_ci_low": "spread[1, 2]", "tau2_ci_high": "spread[1, 3]"}
    if predicts and method["prediction"] == "metafor":
        numbers |= {"pi_low": "predict(result)$pi.lb", "pi_high": "predict(result)$pi.ub"}
    elif predicts:
        numbers |= {"pi_low": "c(result$beta) - reach", "pi_high": "c(result$beta) + reach"}
    return "\n".join([*lines, r_told(numbers)]) + "\n"


def _lines(method: Mapping[str, Any], yi: str, vi: str, read: str, profile: str, predicts: bool) -> Iterator[str]:
    """The lines of the script; profile: which interval of tau2, if any."""
    common = method["model"] == "common"
    estimator = "EE" if common else method["tau2"]
    yield f"# {method['model'].capitalize()}-effects pooling with metafor (definitions as in version 3.8-1)."
    yield "library(metafor)"
    yield read
    yield f"level <- {method['level']!r}"
    yield from _fit(method, yi, vi, estimator)
    yield "print(result, digits = 10)"
    if not common and profile:
        yield f'print(confint(result, type = "{profile}", control = list(tol = 1e-14)), digits = 10)'
    if not common and predicts:
        yield _prediction(method["prediction"])


def _fit(method: Mapping[str, Any], yi: str, vi: str, estimator: str) -> Iterator[str]:
    lines = [
        "rma(",
        f"  yi = data[[{quoted(yi)}]], vi = data[[{quoted(vi)}]],",
        f"  method = {quoted(estimator)}, test = {quoted(TESTS[method['interval']])}, level = 100 * level",
        ")",
    ]
    # metafor's own stopping rule leaves an error of about 1e-5 in tau2
    if estimator in ITERATIVE and method["stop"] == "converged":
        lines[2] += ","
        lines.insert(3, f"  {TIGHT}")
    yield "result <- " + lines[0]
    yield from lines[1:]
    if method["interval"] == "hksj-wider":
        yield WIDER.format(fit="\n".join(lines).replace('"knha"', '"z"'))


def _prediction(prediction: str) -> str:
    if prediction in NEW_SETTING:
        return NEW_SETTING[prediction].format(reach=REACH)
    se, critical = NAMED[prediction]
    shown = REACH.splitlines()[1]
    return f"{USUAL}\nreach <- {critical} * sqrt({se}^2 + result$tau2)\n{shown}"
