"""What the analysis of a design without a lot gives: the arms' names, the panel, what failed, and what it all rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.analysing.grouping import Group
from whatworks.trial.methods.analysing.panel_rows import LOGS, Failed, Found, Row
from whatworks.trial.methods.design import Design

Methods = Mapping[str, Callable[[], Found]]
Lines = Callable[[str, Found, bool], Row]


@dataclass(frozen=True, slots=True)
class Observed:
    """`arms`: what is compared; `panel` and `failed` as a trial's; `details`: the series, the cells or the balance, by name."""

    arms: tuple[str, str]
    panel: tuple[Row, ...]
    failed: tuple[Failed, ...]
    groups: tuple[Group, ...]
    details: Mapping[str, Any]
    warnings: tuple[Said, ...]


def run(design: Design, methods: Methods, line: Lines) -> tuple[tuple[Row, ...], tuple[Failed, ...]]:
    """Each method's line, or why there is none; the declared one marked."""
    rows, failed = [], []
    for name, work in methods.items():
        declared = name == design.analysis.declared
        try:
            rows.append(line(name, work(), declared))
        except InputError as error:
            reason = error.args[0] if error.args and isinstance(error.args[0], Said) else str(error)
            failed.append(Failed(name, reason, declared))
    return tuple(rows), tuple(failed)


def alone(name: str, answer: Found, declared: bool) -> Row:
    """A line beside which there is no comparator whose level could be held: logarithms have a ratio, differences are absolute."""
    log = answer.scale in LOGS

    def ratio(value: float | None) -> float | None:
        return math.exp(value) if log and value is not None else None

    def plain(value: float | None) -> float | None:
        return None if log else value

    b, low, high = answer.estimate, answer.low, answer.high
    return Row(
        name, b, answer.se, answer.df, answer.p, low, high, declared, answer.scale, answer.by, answer.model, ratio(b), ratio(low),
        ratio(high), plain(b), plain(low), plain(high), dict(answer.variances), tuple(answer.notes),
    )  # fmt: skip


def declared_said(design: Design, failed: tuple[Failed, ...]) -> list[Said]:
    """What is said of the declaration: that there is none, or that it could not be followed."""
    declared = design.analysis.declared
    if not declared:
        return [said("No analysis is declared; name one under [analysis] declared before anyone sees an outcome.")]
    if any(one.declared for one in failed):
        return [said("The declared analysis, %(name)s, could not be fitted; see why below.", name=declared)]
    return []
