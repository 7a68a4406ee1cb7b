"""Which analysis a design's simulated trials get: the declared one, or what its closed form supposes."""

from __future__ import annotations

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import (
    BINARY,
    BLOCKED,
    CLUSTER,
    CONTINUOUS,
    COUNT,
    INDIVIDUAL,
    METHODS,
    PAIRS,
    SURVIVAL,
    Design,
)
from whatworks.trial.methods.sizing.assuming import over_periods

ROBUST_COX = "cox-robust"
ONLY_FOR = {
    "glmm-binomial": BINARY, "glmm-binomial-nested": BINARY, "glmm-poisson": COUNT, "glmm-nb": COUNT, "glm-nb": COUNT,
    "poisson-naive": COUNT,
}  # fmt: skip
WITH_CLUSTERS = ("lmm", "glmm", "gee", "wild")  # what needs people who have something in common


def fitting(design: Design) -> tuple[str, ...]:
    """The declared methods that analyse such a trial, as the panel of its analysis would."""
    outcome = BINARY if design.design.outcome == SURVIVAL else design.design.outcome
    return tuple(name for name in METHODS if ONLY_FOR.get(name, outcome) == outcome and _possible(design, name))


def _possible(design: Design, name: str) -> bool:
    size, counts = design.size, design.design.outcome == COUNT
    periods, further = over_periods(design), bool(design.analysis.random)
    if design.design.kind == INDIVIDUAL:
        alone = not (size.icc_groups or (size.blocks and design.analysis.cluster))
        if name in ("ri-exact", "glmm-binomial-nested") or (name == "glm-nb" and not alone):
            return False
        return not (alone and name.startswith(WITH_CLUSTERS))
    if name == "cluster-means-t":
        return not periods
    if name == "glmm-binomial-nested":
        return periods
    if name == "glm-nb":
        return not periods and not size.icc_groups
    if name == "glmm-nb":  # where clusters are one row each, the spread between them is the negative binomial's own
        return periods or bool(size.blocks) or design.design.kind == PAIRS or (bool(size.icc_groups) and further)
    if name.startswith("lmm"):
        return not counts or periods
    return True


def method_of(design: Design) -> str:
    """The declared method; without one, that of the closed form, and for clusters a mixed model of means or a t test of shares or rates.

    Raises InputError where it does not fit the outcome or the layout.
    """
    declared = design.analysis.declared
    if not declared:
        return _of_people(design) if design.design.kind == INDIVIDUAL else _of_clusters(design)
    able = fitting(design)
    if declared not in able:
        raise InputError(
            said(
                "[analysis] declared = %(declared)s does not analyse a %(outcome)s outcome of such a trial; these do: %(fitting)s.",
                declared=declared,
                outcome=design.design.outcome,
                fitting=", ".join(able),
            )
        )
    return declared


def _of_people(design: Design) -> str:
    size, outcome = design.size, design.design.outcome
    if size.icc_groups:
        return "groups-t"
    if outcome == SURVIVAL:
        return "cox"
    if size.blocks:
        return "block-differences-t" if size.blocks_are == "sampled" else "blocks-t"
    if outcome == COUNT:
        return "glm-nb" if size.dispersion else "poisson-naive"
    return "z-test" if outcome == BINARY else "t-test"


def _of_clusters(design: Design) -> str:
    outcome, kind = design.design.outcome, design.design.kind
    if over_periods(design):
        return "lmm-kr"
    if kind == BLOCKED and design.size.blocks_are == "sampled":
        return "block-differences-t"
    if outcome == SURVIVAL and kind == CLUSTER:
        return ROBUST_COX
    return "lmm-kr" if outcome == CONTINUOUS else "cluster-means-t"
