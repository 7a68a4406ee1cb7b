"""Numbers as R reads them, so that a script carries its own data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CONTROL = "control = list(maxiter = 2000, stepadj = 0.5, threshold = 1e-10, tol = 1e-14)"


def number(value: float | None) -> str:
    """One number with all of its digits; a missing one is NA."""
    return "NA" if value is None else repr(value)


def column(values: Iterable[float | None]) -> str:
    """A vector."""
    return f"c({', '.join(number(value) for value in values)})"


def loaded(yi: Sequence[float], vi: Sequence[float]) -> str:
    """metafor, and the effects with their variances."""
    return f"library(metafor)\nyi <- {column(yi)}\nvi <- {column(vi)}"
