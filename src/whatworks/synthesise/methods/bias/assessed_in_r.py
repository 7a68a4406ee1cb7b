"""The whole examination as an R script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.synthesise.methods.bias.r_data import CONTROL, loaded
from whatworks.synthesise.methods.bias.selected import ALTERNATIVE
from whatworks.synthesise.methods.bias.steps import Side
from whatworks.synthesise.methods.bias.trimming import TrimFill
from whatworks.synthesise.methods.bias.worst import Robustness

TELL = 'tell <- function(name, value) cat(name, format(value, digits = 15), "\\n")'


def script(given: Mapping[str, Any], side: Side, step: float, trimmed: TrimFill, robust: Robustness) -> str:
    """Lines of `name value`, named as in the result's to_dict."""
    return "\n".join((loaded(given["yi"], given["vi"]), TELL, *_lines(side, step, trimmed, robust))) + "\n"


def _lines(side: Side, step: float, trimmed: TrimFill, robust: Robustness) -> list[str]:
    lines = [
        f'result <- rma(yi, vi, method = "REML", {CONTROL})',
        'tell("estimate", c(result$beta))',
        "line <- summary(lm(yi ~ sqrt(vi), weights = 1 / vi))$coefficients",
        'tell("egger.intercept", line[2, 1]); tell("egger.t", line[2, 3]); tell("egger.p", line[2, 4])',
        'tell("pet.estimate", line[1, 1]); tell("pet.se", line[1, 2]); tell("pet.p", line[1, 4])',
        "line <- summary(lm(yi ~ vi, weights = 1 / vi))$coefficients",
        'tell("peese.estimate", line[1, 1]); tell("peese.se", line[1, 2]); tell("peese.p", line[1, 4])',
        f'mixed <- rma(yi, vi, mods = ~ sqrt(vi), method = "REML", {CONTROL})',
        'tell("egger_mixed.slope", mixed$beta[2]); tell("egger_mixed.p", mixed$pval[2])',
        "ranks <- suppressWarnings(ranktest(yi, vi))",
        'tell("rank.tau", c(ranks$tau)); tell("rank.p", ranks$pval)',
        f'filled <- trimfill(result, side = "{trimmed.side}", estimator = "{trimmed.estimator}", {CONTROL})',
        'tell("trimfill.k0", filled$k0); tell("trimfill.estimate", c(filled$beta)); tell("trimfill.se", filled$se)',
        *_selection(side, step),
        *_worst(robust),
    ]
    return lines if trimmed.k0 is not None else [line for line in lines if "fill" not in line]


def _selection(side: Side, step: float) -> list[str]:
    return [
        'if (requireNamespace("numDeriv", quietly = TRUE)) {',
        f'  fit <- rma(yi, vi, method = "ML", {CONTROL})',
        f'  selected <- selmodel(fit, type = "stepfun", alternative = "{ALTERNATIVE[side]}", steps = {step!r},',
        "    control = list(reltol = 1e-15, maxit = 20000))",
        '  tell("selection_3psm.estimate", c(selected$beta)); tell("selection_3psm.se", selected$se)',
        '  tell("selection_3psm.tau2", selected$tau2); tell("selection_3psm.delta", selected$delta[2])',
        "}",
    ]


def _worst(robust: Robustness) -> list[str]:
    sign = "" if robust.favoured == "greater" else "-"
    lines = [
        f"# Mathur and VanderWeele (2020): weights by inverse variance, target {robust.target!r}",
        "w <- 1 / (vi + result$tau2)",
        f"away <- {sign}(yi - ({robust.target!r}))",
        f"affirmative <- pnorm({sign}yi / sqrt(vi), lower.tail = FALSE) <= {robust.alpha!r}",
        "value <- -sum((w * away)[affirmative]) / sum((w * away)[!affirmative])",
    ]
    if robust.s_value not in (None, 1.0):
        lines.append('tell("robustness.s_value", value)')
    if robust.worst.k > 1:
        lines.append(f'others <- rma(yi[!affirmative], vi[!affirmative], method = "REML", {CONTROL})')
        lines.append('tell("robustness.worst.estimate", c(others$beta))')
    return lines
