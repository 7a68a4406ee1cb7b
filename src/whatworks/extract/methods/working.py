"""The small language in which a formula's steps are written: read, worked out, and shown with numbers put in.

A step is `symbol = expression` with + - * / ^, numbers, names and a few functions. `[word=choice]` in front makes it
hold only for that choice; `~` in front works it out without showing it. Nothing else can be said in it: a step is
read as a syntax tree of which every other kind of node is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from whatworks.extract.methods.counts import additions
from whatworks.extract.methods.means import small_sample_factor
from whatworks.extract.methods.summaries import hozo_mean, hozo_sd
from whatworks.stats.chart import MINUS
from whatworks.stats.intervals import value_from_two_sided_p

STEP = re.compile(r"^(?P<hidden>~)?(?:\[(?P<when>[^\]]+)\])?\s*(?P<symbol>\w+)\s*=\s*(?P<expression>.+)$", re.DOTALL)
OPERATIONS: dict[type, tuple[str, int, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", 1, operator.add),
    ast.Sub: (MINUS, 1, operator.sub),
    ast.Mult: ("×", 2, operator.mul),
    ast.Div: ("/", 2, operator.truediv),
    ast.Pow: ("^", 4, operator.pow),
}
SUPERSCRIPTS = {2: "²", 3: "³"}
POWER = 4


def _added(events1: float, size1: float, events2: float, size2: float, zero: str, rate: bool) -> tuple[float, float]:
    cells = (events1, events2) if rate else (events1, size1 - events1, events2, size2 - events2)
    empty = np.asarray(any(cell == 0 for cell in cells))
    one, two = additions(empty, zero, np.asarray(size1), np.asarray(size2))
    return float(one), float(two)


def _half(zero: str, *cells: float) -> float:
    return 0.5 if zero == "all" or (zero == "only0" and 0 in cells) else 0.0


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "exp": math.exp,
    "abs": abs,
    "sign": lambda x: math.copysign(1, x),
    "round": lambda x: float(np.round(x)),
    "asin": math.asin,
    "atanh": math.atanh,
    "J": lambda m: float(small_sample_factor(np.array(float(m)))),
    "probit": lambda p: float(ndtri(p)),
    "z": lambda p: float(value_from_two_sided_p(p)),
    "t": lambda p, df: float(value_from_two_sided_p(p, df)),
    "hozo_mean": lambda *given: float(hozo_mean(*map(np.asarray, given))),
    "hozo_sd": lambda *given: float(hozo_sd(*map(np.asarray, given))),
    "half": lambda zero, x: x + _half(zero, x),
    "half_group": lambda zero, x, n: _half(zero, x, n - x),
    "empty_cell": lambda *cells: _half("only0", *cells),
    "added_pairs": lambda zero, *cells: _half(zero, *cells),
    "added1": lambda zero, a, n1, c, n2: _added(a, n1, c, n2, zero, False)[0],
    "added2": lambda zero, a, n1, c, n2: _added(a, n1, c, n2, zero, False)[1],
    "rate_added1": lambda zero, x1, t1, x2, t2: _added(x1, t1, x2, t2, zero, True)[0],
    "rate_added2": lambda zero, x1, t1, x2, t2: _added(x1, t1, x2, t2, zero, True)[1],
}


@lru_cache(maxsize=1024)
def parsed(step: str) -> tuple[str, ast.expr, str, bool]:
    """A step's symbol, expression, condition and whether it is hidden. ValueError where it is not a step."""
    match = STEP.match(step)
    if match is None:
        raise ValueError(f"{step!r} is not a step; write `symbol = expression`.")
    tree = ast.parse(match["expression"].replace("^", "**"), mode="eval").body
    return match["symbol"], tree, match["when"] or "", bool(match["hidden"])


def assigned(step: str, known: Mapping[str, Any]) -> tuple[str, ast.expr | None, bool]:
    """The symbol, the expression (None where the step's condition does not hold), and whether it is hidden."""
    symbol, tree, when, hidden = parsed(step)
    for one in filter(None, when.split(",")):
        name, _, choice = one.partition("=")
        if known.get(name) != choice:
            return symbol, None, hidden
    return symbol, tree, hidden


def evaluated(tree: ast.expr, known: Mapping[str, Any]) -> Any:
    """What an expression comes to, with these values for its names."""
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.Name):
        return math.pi if tree.id == "pi" else known[tree.id]
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return -evaluated(tree.operand, known)
    if isinstance(tree, ast.BinOp):
        return OPERATIONS[type(tree.op)][2](evaluated(tree.left, known), evaluated(tree.right, known))
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        return FUNCTIONS[tree.func.id](*(evaluated(one, known) for one in tree.args))
    raise ValueError(f"A step may not say {ast.dump(tree)}.")


def rendered(tree: ast.expr, values: Mapping[str, Any], outer: int = 0) -> str:
    """An expression as people write it, each name replaced by its value where it has one (a number or other words)."""
    if isinstance(tree, ast.Constant):
        return shown(tree.value)
    if isinstance(tree, ast.Name):
        text = "π" if tree.id == "pi" else shown(values.get(tree.id, tree.id))
        return f"({text})" if outer and text.startswith(MINUS) else text
    if isinstance(tree, ast.UnaryOp):
        return f"{MINUS}{rendered(tree.operand, values, 3)}"
    if isinstance(tree, ast.BinOp):
        text, rank = _operation(tree, values)
        return f"({text})" if rank < outer else text
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        return f"{tree.func.id}({', '.join(rendered(one, values) for one in tree.args)})"
    raise ValueError(f"A step may not say {ast.dump(tree)}.")


def _operation(tree: ast.BinOp, values: Mapping[str, Any]) -> tuple[str, int]:
    sign, rank, _ = OPERATIONS[type(tree.op)]
    left = rendered(tree.left, values, rank + (rank == POWER))
    if rank == POWER:
        power = tree.right.value if isinstance(tree.right, ast.Constant) else None
        return left + SUPERSCRIPTS.get(power, f"^{rendered(tree.right, values, rank)}"), rank  # type: ignore[arg-type]
    right = rendered(tree.right, values, rank + (sign in (MINUS, "/") or isinstance(tree.right, ast.UnaryOp)))
    return f"{left} {sign} {right}", rank


def shown(value: Any) -> str:
    """A number as people read it: whole numbers whole, others to four significant digits, a true minus.

    >>> shown(12.0), shown(0.123456), shown(-3.5), shown(12345.678)
    ('12', '0.1235', '−3.5', '12346')
    """
    if isinstance(value, str):
        return value
    number = float(value)
    if number.is_integer() and abs(number) < 1e9:
        return str(int(number)).replace("-", MINUS)
    digits = f"{number:.0f}" if 1e4 <= abs(number) < 1e9 else f"{number:.4g}"
    return digits.replace("-", MINUS)
