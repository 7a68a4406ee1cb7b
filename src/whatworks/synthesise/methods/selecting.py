"""Which of the results that are held does a plan take, and why not the others? Values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from whatworks.saying import said
from whatworks.synthesise.methods.plan import Plan

HIGH = ("high", "serious", "critical")  # the worst overall judgements of the instruments that are held


@dataclass(frozen=True, slots=True)
class Held:
    """A result that could be taken. unsafe: why it must not be pooled, empty where it may be; scale: whether it can be
    brought to the plan's scale; risk: its study's overall judgement, empty where nobody judged it."""

    contrast: str
    study: str
    name: str
    unsafe: str
    scale: bool
    randomised: bool
    months: float | None
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is taken, in the order given, and why each of the others is not (by contrast)."""

    taken: tuple[str, ...]
    left: dict[str, str]


def select(plan: Plan, rows: Iterable[Held]) -> Chosen:
    """Take what the plan asks for: first what may be pooled at all, then its studies, then one result of each study."""
    rows = list(rows)
    left = {row.contrast: why for row in rows if (why := _why_not(plan, row))}
    fit = [row for row in rows if row.contrast not in left]
    if plan.take != "every":
        for row in _not_first(plan, fit):
            left[row.contrast] = said("another result of the same study has %(which)s follow-up", which=_which(plan))
    return Chosen(tuple(row.contrast for row in fit if row.contrast not in left), left)


def _why_not(plan: Plan, row: Held) -> str:
    if row.unsafe:
        return row.unsafe
    if not row.scale:
        return said("its numbers cannot be brought to the scale of this analysis")
    if plan.designs == "randomised" and not row.randomised:
        return said("the study was not randomised")
    if plan.without_high_risk and row.risk in HIGH:
        return said("risk of bias was judged %(risk)s", risk=row.risk)
    return _out_of_time(plan, row.months)


def _out_of_time(plan: Plan, months: float | None) -> str:
    if plan.months_from is None and plan.months_to is None:
        return ""
    if months is None:
        return said("its follow-up is not recorded")
    if plan.months_from is not None and months < plan.months_from:
        return said(
            "followed up for %(months)s months, less than %(months_from)s",
            months=f"{months:g}",
            months_from=f"{plan.months_from:g}",
        )
    if plan.months_to is not None and months > plan.months_to:
        return said(
            "followed up for %(months)s months, more than %(months_to)s",
            months=f"{months:g}",
            months_to=f"{plan.months_to:g}",
        )
    return ""


def _not_first(plan: Plan, rows: Iterable[Held]) -> list[Held]:
    """All but one result of each study: the longest (or shortest) follow-up, then the first by identifier."""
    studies: defaultdict[str, list[Held]] = defaultdict(list)
    for row in rows:
        studies[row.study].append(row)
    way = -1 if plan.take == "longest" else 1
    rest: list[Held] = []
    for held in studies.values():
        rest += sorted(held, key=lambda row: (row.months is None, way * (row.months or 0), row.contrast))[1:]
    return rest


def _which(plan: Plan) -> str:
    return said("the longest") if plan.take == "longest" else said("the shortest")
