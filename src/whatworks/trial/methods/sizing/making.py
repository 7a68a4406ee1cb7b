"""A formula for arms side by side, with the degrees of freedom and the levels that a design gives it."""

from __future__ import annotations

from collections.abc import Callable

from whatworks.saying import Said, said
from whatworks.trial.methods.design.parts import Design
from whatworks.trial.methods.sizing.formulae import Errors, Formula
from whatworks.trial.methods.sizing.several import level_of

Se = Callable[[float, float], Errors]


def made(
    design: Design, name: Said, source: str, se: Se, *, lost: int, kept: float, t: bool = True, both: bool = True,
    scale: Callable[[float], float] = float, df: Callable[[float], float | None] | None = None,
) -> Formula:  # fmt: skip
    """A formula with the degrees of freedom and levels of this design: units less `lost` (arms, covariates), or as `df` says."""
    by_t = t and design.size.reference != "z"
    own = df or (lambda units: units - lost)

    def freedom(units: float) -> float | None:
        return own(units) if by_t else None

    parts = tuple(arm.parts for arm in design.arms)

    def level(units: float) -> float:
        return level_of(design.design.alpha, parts, freedom(units), design.size.correction)

    words = name if by_t or not t else said("%(name)s, by z", name=name)
    return Formula(words, source, se, freedom, level, lost + 1.0, kept, both, scale)
