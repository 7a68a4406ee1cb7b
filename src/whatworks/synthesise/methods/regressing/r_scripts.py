"""The same regression as a script for R's metafor, with the numbers in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from whatworks.synthesise.methods.regressing.method import Method
from whatworks.synthesise.methods.weighing import Floats

if TYPE_CHECKING:
    from whatworks.synthesise.methods.regressing.regression import Regressed

TESTS = {"wald": "z", "t": "t", "hksj": "knha", "hksj-adhoc": "adhoc"}
# metafor's own stopping rule leaves an error of about 1e-5 in tau2
CONTROL = "control = list(maxiter = 2000, stepadj = 0.5, threshold = 1e-10, tol = 1e-14)"


def vector(values: Iterable[float]) -> str:
    """Numbers as R reads them, every digit kept."""
    return f"c({', '.join(repr(float(value)) for value in values)})"


def quoted(text: str) -> str:
    """Text as an R string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def loaded(y: Floats, v: Floats) -> list[str]:
    """The lines that bring in metafor, effects and variances."""
    return ["library(metafor)", f"yi <- {vector(y.tolist())}", f"vi <- {vector(v.tolist())}"]


def options(method: Method) -> str:
    """The arguments of rma that stand for a method."""
    estimator = "EE" if method.model == "common" else method.tau2
    control = f", {CONTROL}" if method.stop == "converged" else ""
    return f'method = "{estimator}", test = "{TESTS[method.interval]}", level = {100 * method.level!r}{control}'


def fit_lines(found: Regressed) -> list[str]:
    """The lines that fit the regression and call it `fit`."""
    lines = loaded(found.data.y, found.data.v)
    columns = [vector(column) for column in found.data.x.T.tolist()]
    first = int(found.data.intercept)
    names = ", ".join(map(quoted, found.data.names[first:]))
    mods = f", mods = X, intercept = {'TRUE' if first else 'FALSE'}"
    if columns[first:]:
        lines += [
            "X <- cbind(",
            ",\n".join(f"  {column}" for column in columns[first:]),
            ")",
            f"colnames(X) <- c({names})",
        ]
    else:
        mods = ""
    return [*lines, f"fit <- rma(yi, vi{mods}, {options(found.method)})"]


def regression_script(found: Regressed) -> str:
    """The script: fits the regression and prints its numbers."""
    title = f"# Meta-regression ({found.method.model} effects) with metafor (definitions as in version 3.8-1)."
    last = ["print(fit, digits = 10)"]
    if found.method.model == "random":
        last.append('print(confint(fit, type = "QP", control = list(tol = 1e-14)), digits = 10)')
    return "\n".join([title, *fit_lines(found), *last]) + "\n"
