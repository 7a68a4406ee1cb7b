"""What a design can find, and what the trial as it is now still can, for a page: numbers with their formula, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.spoken import spoken
from whatworks.stats.chart import shown
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, SURVIVAL, Size
from whatworks.trial.methods.foreseeing.living import ArmNow, as_it_is, now
from whatworks.trial.methods.progressing import needed
from whatworks.trial.methods.sizing.planning import Plan, counted, mdes, power, size
from whatworks.trial.methods.sizing.telling import references, sentences
from whatworks.trial.models import Trial
from whatworks.trial.sighting import TOGETHER, happenings, hidden


def sized(design: Design) -> dict[str, Any] | None:
    """What a design can find; nothing where it says nothing of sizes, and a sentence where its sums cannot be made."""
    criteria = _criteria(design)
    if design.size == Size():
        return {"criteria": criteria} if criteria else None
    try:
        plan = planned(design)
        text, sources = " ".join(map(spoken, sentences(design, plan))), list(map(spoken, references(design, plan)))
    except InputError as error:
        return {"problem": spoken(error), "criteria": criteria}
    return {
        "rows": [*_power(design, plan), *_least(design, plan), *_units(plan)],
        "method": spoken(plan.method),
        "paragraph": text,
        "references": sources,
        "warnings": [spoken(one) for one in plan.warnings],
        "criteria": criteria,
    }


def planned(design: Design) -> Plan:
    """The sum that fits what a design gives: power where units and effect are there, else the one of the two that is missing."""
    if design.size.effect is None and design.size.ratio is None:
        return mdes(design)
    try:
        counted(design)
    except InputError:
        return size(design)
    return power(design)


def _power(design: Design, plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.power is not None:
        yield _("Power"), f"{100 * plan.power:.0f}%"
    if plan.effect is not None:
        yield _("Effect that is planned for"), effect_words(design, abs(plan.effect), plan.ratio)
    if plan.assurance is not None:
        yield _("Assurance: power on average over what is believed of the effect"), f"{100 * plan.assurance:.0f}%"


def _least(design: Design, plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.mdes is None:
        return
    yield _("Smallest effect it can be expected to find"), effect_words(design, plan.mdes, plan.mdes_ratio)
    if plan.mdes_g is not None:
        yield _("The same in standard deviations (g)"), shown(plan.mdes_g)


def _units(plan: Plan) -> Iterator[tuple[str, str]]:
    yield _("Units drawn"), f"{plan.clusters:,}"
    if abs(plan.clusters_left - plan.clusters) > 1e-9:
        yield _("Units left at the end"), shown(plan.clusters_left)
    if plan.people is not None:
        yield _("People with an outcome, at one time"), f"{plan.people:,.0f}"


def effect_words(design: Design, effect: float, ratio: float | None) -> str:
    """An effect in the outcome's own units: out of 100 for shares, out of 1,000 for rates, as a ratio beside."""
    if design.design.outcome == CONTINUOUS:
        return _("%(effect)s in the outcome's units") % {"effect": shown(effect)}
    named = {"effect": shown(100 * effect), "ratio": f"{ratio or 0:.3g}"}
    if design.design.outcome in (BINARY, SURVIVAL):
        if design.design.outcome == SURVIVAL:
            return _("%(effect)s in each 100, a hazard ratio of %(ratio)s") % named
        return _("%(effect)s in each 100, a ratio of %(ratio)s") % named
    return _("%(effect)s in each 1,000, a ratio of %(ratio)s") % (named | {"effect": shown(1000 * effect)})


def _criteria(design: Design) -> list[str]:
    """How many must be counted for each criterion of a pilot."""
    lines = []
    for one in design.progression:
        try:
            found = needed(one)
        except InputError as error:
            lines.append(spoken(error))
            continue
        lines.append(
            _("%(name)s: %(n)s must be counted to tell green from red, of which %(at_least)s or more then refuse red.")
            % {"name": one.name, "n": found.exact, "at_least": found.at_least}
        )
    return lines


def as_now(trial: Trial, design: Design) -> dict[str, Any] | None:
    """Who is still in, arm by arm, and what the trial with those can find; nothing before units are drawn."""
    arms = now(happenings(trial), [TOGETHER] if hidden(trial) else [arm.name for arm in design.arms])
    if not any(arm.drawn for arm in arms):
        return None
    return {"arms": [_arm(arm) for arm in arms], **_still(design, arms, icc_found(trial))}


def icc_found(trial: Trial) -> float | None:
    """The intra-cluster correlation of the open analysis; None before there is one."""
    held = trial.analyses.filter(blind=False).order_by("-number").first()
    found: float | None = held.panel["icc"] if held else None
    return found


def _arm(arm: ArmNow) -> dict[str, str]:
    return {
        "name": _("All arms together; they are concealed") if arm.name == TOGETHER else arm.name,
        "units": _kept(arm.units, arm.drawn, arm.units_kept),
        "people": _kept(arm.people, arm.enrolled, arm.people_kept),
    }


def _kept(left: int, of: int, share: float | None) -> str:
    if share is None:
        return _("not counted")
    return _("%(left)s of %(of)s (%(share)s)") % {"left": f"{left:,}", "of": f"{of:,}", "share": f"{100 * share:.0f}%"}


def _still(design: Design, arms: Sequence[ArmNow], icc: float | None) -> dict[str, Any]:
    """The smallest effect with those who are left, beside the one that was planned for."""
    if design.size == Size():
        return {}
    held = as_it_is(design, arms, icc)
    try:
        plan = mdes(held)
    except InputError as error:
        return {"problem": spoken(error)}
    lines = [
        _("With those still in, the smallest effect that this trial can be expected to find is %(effect)s%(g)s.")
        % {"effect": effect_words(held, plan.mdes or 0.0, plan.mdes_ratio), "g": _g(plan)}
    ]
    if (line := _as_planned(design)) is not None:
        lines.append(line)
    if icc is not None and held.size.icc is not None and held.size.k is None:
        lines.append(_("It is reckoned with the ICC that was found, %(icc)s.") % {"icc": f"{held.size.icc:.4f}"})
    return {"lines": lines}


def _as_planned(design: Design) -> str | None:
    try:
        plan = mdes(design)
    except InputError:
        return None
    return _("As planned it was %(effect)s%(g)s.") % {
        "effect": effect_words(design, plan.mdes or 0.0, plan.mdes_ratio),
        "g": _g(plan),
    }


def _g(plan: Plan) -> str:
    return _(" (g = %(g)s)") % {"g": f"{plan.mdes_g:.2f}"} if plan.mdes_g is not None else ""
