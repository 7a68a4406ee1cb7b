"""What does every combination of defensible choices say? The multiverse of a declared analysis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.running import run_plan, several
from whatworks.synthesise.methods.selecting import HIGH

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multiverse.results import Multiverse

ESTIMATORS = ("REML", "DL", "PM", "ML", "SJ", "HE", "EB", "HS")
INTERVALS = ("wald", "t", "hksj", "hksj-adhoc")
RHOS = (0.0, 0.2, 0.4, 0.6, 0.8)
NAMES = {
    "tau2": "estimator",
    "wald": "the normal (Wald) one",
    "t": "Student's t",
    "hksj": "Hartung and Knapp's",
    "hksj-adhoc": "Hartung and Knapp's, its scale never below 1",
    "common effect": "none, one true effect",
}
RISK = "studies at high risk of bias"
RHO = "assumed correlation"
COMBINED = (
    "Here the results of one study are first put together into one, with the assumed correlation, so that every "
    "combination takes one result of each study."
)
Inputs = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Any]
Band = Sequence[Any] | None


def every_choice(inputs: Inputs, settings: Settings, band: Band = None) -> Multiverse:
    """All combinations of estimator, interval and leaving out studies at high risk, and of the correlation where studies
    give several results. The declared choices come first. InputError where there is nothing to choose.

    Several results of a study become one before: their mean, with the variance that the correlation gives it (Borenstein
    et al. 2009, Introduction to Meta-Analysis, chapter 24).
    """
    from whatworks.synthesise.methods.multiverse.specifying import multiverse

    rows: Inputs = inputs
    data: Any = None
    if several(inputs):
        own = settings.get("rho", 0.6)
        columns = {rho: combined(inputs, rho) for rho in dict.fromkeys((own, *RHOS))}
        rows = columns[own]
        data = {RHO: {f"{rho:g}": None if rho == own else _pair(made) for rho, made in columns.items()}}
    if len(rows) < 2:
        raise InputError(said("it needs at least 2 results"))
    risky = [row.get("risk", "") in HIGH for row in rows]
    common = settings["model"] == "common"
    tau2: Any = _first(settings["tau2"], ESTIMATORS)
    return multiverse(
        *_pair(rows),
        names=[str(row["study"]) for row in rows],
        model=("common", "random") if common else ("random", "common"),
        tau2=tau2,
        interval=_first(_used(inputs, settings), INTERVALS),
        without={RISK: risky} if any(risky) and not all(risky) else None,
        each=False,
        data=data,
        band=(float(band[0]), float(band[1]), str(band[2])) if band else None,
    )


def _used(inputs: Inputs, settings: Settings) -> str:
    """The interval that was shown: the declared one, or the wider normal one in its place."""
    if several(inputs):
        return "t"  # on as many degrees of freedom as there are studies less one, as near as two levels come to CR2
    return str(run_plan(inputs, settings)["method"]["interval"])


def _first(chosen: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((chosen, *known)))


def combined(inputs: Inputs, rho: float) -> list[dict[str, Any]]:
    """One result for each study: the mean of its results, with errors correlated by rho."""
    studies: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in inputs:
        studies[str(row["study_id"])].append(row)
    return [dict(rows[0]) | _mean(rows, rho) for rows in studies.values()]


def _mean(rows: Sequence[Mapping[str, Any]], rho: float) -> dict[str, float]:
    variances = sum(row["vi"] for row in rows)
    spread = sum(row["vi"] ** 0.5 for row in rows) ** 2
    # sum of all pairs rho sd_i sd_j with i not j is rho times the square of the sum less the sum of squares
    return {
        "yi": sum(row["yi"] for row in rows) / len(rows),
        "vi": (variances + rho * (spread - variances)) / len(rows) ** 2,
    }


def _pair(rows: Inputs) -> tuple[list[float], list[float]]:
    return [row["yi"] for row in rows], [row["vi"] for row in rows]


def across(inputs: Inputs, settings: Settings, band: Band) -> tuple[list[dict[str, Any]], str]:
    """What was found: for each option how many combinations take it, their middle estimate, and how many agree."""
    try:
        found = every_choice(inputs, settings, band)
    except InputError as error:
        return [{"what": "every combination", "k": len(inputs), "why_not": str(error)}], "This could not be tried."
    rows = [
        {"what": f"{_named(part.name)}: {_named(option.name)}", "k": option.specifications, "estimate": option.median}
        | {"same": option.same, "why_not": ""}
        for part in found.dimensions
        for option in part.options
    ]
    whole = {"what": "all combinations", "k": found.n, "estimate": found.median, "same": found.same, "why_not": ""}
    ends = {"low": found.low, "high": found.high}
    return [whole | ends, *rows], _said(found, several(inputs))


def _named(word: str) -> str:
    return NAMES.get(word, word)


def _said(found: Multiverse, put_together: bool) -> str:
    combinations = f"{found.n:,} combinations" if found.n > 1 else "One combination"
    text = f"{combinations}: {100 * found.same:.0f}% conclude as the declared choices do, so the conclusion {found.verdict}. "
    moves = found.matters_most()
    text += "A share counts combinations; it is no chance. "
    text += (
        f"What moves the estimate most: {_named(moves.name)}."
        if moves.moves > 1e-9
        else "No choice moves the estimate."
    )
    return f"{text} {COMBINED}" if put_together else text
