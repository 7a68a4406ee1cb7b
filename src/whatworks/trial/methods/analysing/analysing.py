"""One trial analysed as its design declares, beside every other defensible analysis of the same data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.analysing import panel, several
from whatworks.trial.methods.analysing.exposing import by_exposure
from whatworks.trial.methods.analysing.filling import Filled, filled
from whatworks.trial.methods.analysing.grouping import Group, groups
from whatworks.trial.methods.analysing.layout import linear_outcome, matrix, people
from whatworks.trial.methods.analysing.panel_rows import Failed, Row
from whatworks.trial.methods.analysing.several import Secondary, Subgroup
from whatworks.trial.methods.analysing.table import Drawn, Prepared, Table, missing_said, prepare
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, INDIVIDUAL
from whatworks.trial.methods.mixed import RandomTerm, fit_intercepts, fit_mixed
from whatworks.trial.methods.mixed.sharing import Share, icc
from whatworks.trial.methods.mixed.standardising import hedges_g

MUCH_MISSING = 0.05


@dataclass(frozen=True, slots=True)
class Standardised(Result):
    """Hedges' g: the declared difference over the whole spread of people within arms, with its interval by the normal distribution."""

    g: float
    se: float
    ci_low: float
    ci_high: float
    sd: float
    icc: float


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """One arm against the comparator: the `panel`, what `failed`, and what goes beside them.

    `icc` (people of one cluster, given all that is adjusted for) and its interval are of a mixed model; `variance` of the outcome's own
    mixed model, of shares and counts on the log scale; `exposure`: a stepped wedge's mean over
    exposure times; `per_protocol`: not randomised; `filled`: missing outcomes imputed.
    """

    arms: tuple[str, str]
    panel: tuple[Row, ...]
    failed: tuple[Failed, ...]
    groups: tuple[Group, ...]
    icc: float | None
    icc_interval: Share | None
    variance: dict[str, float]
    hedges_g: Standardised | None
    exposure: tuple[Row, ...]
    secondary: tuple[Secondary, ...]
    subgroups: tuple[Subgroup, ...]
    per_protocol: Row | Failed | None
    filled: Filled | None
    warnings: tuple[str, ...]

    @property
    def declared(self) -> Row | None:
        """The line of the analysis that decides, where it could be fitted."""
        return next((row for row in self.panel if row.declared), None)


def compare(
    design: Design, table: Table, *, arm: int = 1, drawn: Drawn | None = None, blind: bool = False
) -> Comparison:
    """One arm (its number in the design) against the comparator. `blind`: leave out what tells who was offered what.

    Raises InputError for data that the design cannot be about; a method that fails only says so in `failed`.
    """
    found = prepare(design, table, arm=arm, drawn=drawn)
    rows, failed = panel.run(found)
    alike, variance = _spread(found, rows)
    exposure, said_of_exposure = _exposure(found)
    received = bool(design.analysis.received) and not blind
    imputed, said_of_filling = _filled(design, table, found, arm)
    warnings = [*missing_said(found), *_cautions(found, rows, failed), *said_of_exposure, *said_of_filling]
    return Comparison(
        found.arms, tuple(rows), tuple(failed), groups(found), alike.value if alike else None, alike, variance,
        _standardised(found, rows), exposure,
        tuple(several.secondary(design, table, arm)), tuple(several.subgroups(design, table, arm)),
        several.per_protocol(found) if received else None, imputed, tuple(warnings),
    )  # fmt: skip


def _spread(found: Prepared, rows: list[Row]) -> tuple[Share | None, dict[str, float]]:
    """The correlation of people of one cluster by a mixed model, with its interval, and the variances of the outcome's own model."""
    by_name = {row.method: row.variances for row in rows}
    order = {
        CONTINUOUS: ("lmm-kr",),
        BINARY: ("glmm-binomial-nested", "glmm-binomial", "lmm-kr"),
        COUNT: ("glmm-poisson", "glmm-nb", "glm-nb"),
    }[found.outcome]
    name = next((one for one in order if one in by_name), "")
    try:
        return _alike(found), dict(by_name.get(name, {}))
    except InputError:
        return None, dict(by_name.get(name, {}))


def _alike(found: Prepared) -> Share:
    if found.outcome == COUNT:
        raise InputError(said("Counts have no correlation of people here."))
    laid = people(found)
    levels = {"cluster": laid.cluster} | dict(laid.random)
    x, y = matrix(laid, without=tuple(levels)), linear_outcome(laid)[0]
    fit = fit_mixed(x, y, [RandomTerm(name, labels) for name, labels in levels.items()])
    return icc(fit, "cluster", level=found.level)


def _or_none(work: Callable[[], float]) -> float | None:
    try:
        return work()
    except InputError:
        return None


def _standardised(found: Prepared, rows: list[Row]) -> Standardised | None:
    """g of a continuous outcome in parallel arms, from the declared line, else the mixed model's, else least squares'."""
    chosen = next((row for row in rows if row.declared), None)
    by_name = {row.method: row for row in rows}
    chosen = chosen or by_name.get("lmm-kr") or by_name.get("ols-cr2")
    if found.outcome != CONTINUOUS or found.wedge or chosen is None:
        return None
    apart = [found.y[found.arm == one] - found.y[found.arm == one].mean() for one in (0, 1)]
    squares = sum(float(one @ one) for one in apart)
    freedom = found.n - 2
    if freedom < 1 or not squares > 0:
        return None
    sd = math.sqrt(squares / freedom)
    plain = np.column_stack([np.ones(found.n), found.arm])
    icc = _or_none(lambda: float(fit_intercepts(plain, found.y, found.cluster).icc[0])) or 0.0
    if found.design.design.kind == INDIVIDUAL and not found.design.analysis.cluster:
        icc = 0.0
    sizes = [np.unique(found.cluster[found.arm == one], return_counts=True)[1] for one in (1, 0)]
    try:
        answer = hedges_g(chosen.estimate, sd, sizes[0], sizes[1], icc)
    except InputError:
        return None
    reach = 1.959963984540054 * answer.se
    return Standardised(answer.g, answer.se, answer.g - reach, answer.g + reach, sd, icc)


def _exposure(found: Prepared) -> tuple[tuple[Row, ...], list[Said]]:
    if not found.wedge:
        return (), []
    try:
        answers = by_exposure(found)
    except InputError as error:
        reason = error.args[0]
        return (), [said("The mean over exposure times was not estimated: %(reason)s", reason=reason)]
    return tuple(panel.line(found, name, answer, False) for name, answer in answers.items()), []


def _filled(design: Design, table: Table, found: Prepared, arm: int) -> tuple[Filled | None, list[Said]]:
    """Missing outcomes imputed, where more than a twentieth of rows lack one."""
    if sum(found.left_out.values()) <= MUCH_MISSING * found.given:
        return None, []
    try:
        answer = filled(prepare(design, table, arm=arm, unknown=True))
    except InputError as error:
        return None, [said("Missing outcomes were not imputed: %(reason)s", reason=error.args[0])]
    return answer, []


def _cautions(found: Prepared, rows: list[Row], failed: list[Failed]) -> list[Said]:
    """What holds for the whole comparison."""
    told = found.design.analysis
    notes = []
    if not told.declared:
        notes.append(said("No analysis is declared; name one under [analysis] declared before anyone sees an outcome."))
    elif not any(row.declared for row in rows):
        notes.append(said("The declared analysis, %(name)s, could not be fitted; see why below.", name=told.declared))
    normal = [row.method for row in rows if row.by == "z"]
    if normal and found.clusters < panel.FEW_CLUSTERS:
        notes.append(
            said("There are %(n)s clusters; analyses by the normal distribution find too much among fewer than %(few)s: %(names)s.",
                 n=found.clusters, few=panel.FEW_CLUSTERS, names=", ".join(normal))
        )  # fmt: skip
    if found.outcome == COUNT and found.time is None:
        notes.append(said("No time at risk is named ([analysis] offset), so that every row counts as the same time."))
    undrawn = [one for one in found.design.allocation.strata if one not in told.strata]
    if undrawn:
        notes.append(
            said("The draw was within %(names)s, which the analysis does not adjust for; add them to [analysis] strata.",
                 names=", ".join(undrawn))
        )  # fmt: skip
    return notes
