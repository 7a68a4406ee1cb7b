"""Which studies move the result, by the measures and limits that are usual?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.synthesise.methods.otherwise_tables import ONE_EACH
from whatworks.synthesise.methods.running import several

MEDIAN = 0.454936423119572  # of chi-squared with one degree of freedom
FEWEST = 3  # studies: of two, each is left alone without the other
TOO_FEW = f"it needs at least {FEWEST} studies"
NAMED = 8
Inputs = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Any]


def moved_by(inputs: Inputs, settings: Settings) -> tuple[list[dict[str, Any]], str]:
    """Cook's distance, DFFITS and leverage of each study, with the limits it passes, and a sentence that names them.

    The limits are those of Viechtbauer and Cheung (2010), Research Synthesis Methods 1(2), 112-125, for a mean:
    DFFITS beyond 3 / sqrt(k - 1), Cook's distance beyond the median of chi-squared(1), leverage beyond 3 / k.
    """
    why = ONE_EACH if several(inputs) else TOO_FEW if len(inputs) < FEWEST else ""
    try:
        if why:
            raise InputError(why)
        rows = _diagnosed(inputs, settings)
    except InputError as error:
        return [{"what": "each study", "k": len(inputs), "why_not": str(error)}], "This could not be tried."
    return rows, _said(rows)


def _diagnosed(inputs: Inputs, settings: Settings) -> list[dict[str, Any]]:
    from whatworks.synthesise.methods.influence.diagnosing import influence

    names = [str(row["study"]) for row in inputs]
    model: Any = "common" if settings["model"] == "common" else "random"
    yi, vi = [row["yi"] for row in inputs], [row["vi"] for row in inputs]
    found = influence(yi, vi, names=names, model=model, tau2=settings["tau2"])
    return [
        {"what": one.name, "k": 1, "cook_d": one.cook_d, "dffits": one.dffits, "hat": one.hat}
        | {"beyond": _beyond(one, len(names)), "why_not": ""}
        for one in found.rows
    ]


def _beyond(one: Any, k: int) -> list[str]:
    passed = (
        (one.cook_d is not None and one.cook_d > MEDIAN, "Cook's distance"),
        (one.dffits is not None and abs(one.dffits) > 3 / (k - 1) ** 0.5, "DFFITS"),
        (one.hat > 3 / k, "leverage"),
    )
    return [name for past, name in passed if past]


def _said(rows: Sequence[Mapping[str, Any]]) -> str:
    marked = [f"{row['what']} ({', '.join(row['beyond'])})" for row in rows if row["beyond"]]
    if not marked:
        return "No study moves the result beyond the usual limits."
    more = f" and {len(marked) - NAMED} more" if len(marked) > NAMED else ""
    return f"Beyond the usual limits: {'; '.join(marked[:NAMED])}{more}."
