"""How a trial is run, for pages: the funnel of recruitment with its curve, what was delivered, what the pilot found and decided."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.spoken import on_day, spoken
from whatworks.stats.chart import Chart, Plane, round_steps
from whatworks.trial.delivering import locked_protocol, taken_up
from whatworks.trial.drawing import frozen_of
from whatworks.trial.methods.complying import Met, Taken, components_of
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.design.conduct import ACTIVITY, FEASIBILITY, INPUT, LOGIC, MECHANISM, PROMISE
from whatworks.trial.methods.design.parts import INDIVIDUAL
from whatworks.trial.methods.progressing import AMBER_GREEN, AMBER_RED, GREEN, MEANT, RED
from whatworks.trial.methods.recruiting import WAY, Funnel, Reached, Stage, funnel
from whatworks.trial.models import PilotAnswer, ProgressionDecision, Trial
from whatworks.trial.piloting import standing_answers
from whatworks.trial.sighting import happenings, whole

SHADES = {RED: "red", AMBER_RED: "amber", AMBER_GREEN: "amber", GREEN: "green"}


def design_of(trial: Trial) -> Design | None:
    """The design that stands; None where there is none of ours."""
    newest = trial.newest()
    return read(newest.design) if newest and newest.design else None


def stage_words(name: str) -> str:
    """A stage of the funnel in words."""
    return {
        "approached": _("Approached"),
        "eligible": _("Eligible"),
        "agreed": _("Agreed"),
        "baseline": _("Consented, baseline done"),
        "drawn": _("Drawn"),
        "stopped": _("Stopped since"),
    }[name]


def funnel_of(trial: Trial, design: Design) -> Funnel:
    """The funnel as events stand, with the strata of the frozen list."""
    frozen = frozen_of(trial)
    names = design.allocation.strata
    strata = {
        unit["unit"]: ", ".join(unit.get(name, "") for name in names)
        for unit in (frozen.listed() if frozen and names else ())
    }
    return funnel(happenings(trial), strata)


def recruitment_of(trial: Trial, *, inside: bool) -> dict[str, Any] | None:
    """The funnel for a page; None before anything is recorded of it. `inside`: unit by unit, for those who run the trial."""
    design = design_of(trial)
    if design is None:
        return None
    found = funnel_of(trial, design)
    if not found.recorded and not design.target:
        return None
    people = design.design.kind == INDIVIDUAL
    return {
        "stages": [_stage(one) for one in found.stages],
        "strata": [] if people and not inside else _strata(found, design),
        "withheld": people and not inside and bool(design.allocation.strata),
        "chart": curve(found, design),
        "problems": [spoken(one) for one in found.problems] if inside else [],
        "unsettled": len(found.problems),
        "units": [unit_row(one) for one in found.units] if inside else [],
    }


def _stage(one: Stage) -> dict[str, Any]:
    return {
        "name": stage_words(one.name),
        "units": _("not recorded") if one.units is None else f"{one.units:,}",
        "left": f"{one.left:,}" if one.left else "",
        "waiting": f"{one.waiting:,}" if one.waiting else "",
    }


def _strata(found: Funnel, design: Design) -> list[dict[str, Any]]:
    """The stages of each stratum of the frozen list; nothing where units are drawn without strata, or nothing is frozen yet."""
    parts = found.by_stratum()
    if not design.allocation.strata or set(parts) <= {""}:
        return []
    return [
        {
            "name": name or _("not in the frozen list"),
            "counts": ["" if one.units is None else f"{one.units:,}" for one in stages],
        }
        for name, stages in parts.items()
    ]


def unit_row(one: Reached) -> dict[str, str]:
    """One unit in the workspace."""
    why = f"{one.left}: {one.reason}" if one.reason else one.left
    return {"unit": one.unit, "stratum": one.stratum, "furthest": stage_words(one.furthest), "left": why} | {
        stage: one.days[stage].isoformat() if stage in one.days else "" for stage in WAY
    }


def curve(found: Funnel, design: Design) -> Chart | None:
    """How many had come how far by when, beside the target of the design; None where there is nothing to draw."""
    stage = design.target[0].stage if design.target else next((one for one in ("drawn", "baseline", "agreed", "eligible", "approached")
                                                               if one in found.recorded), "")  # fmt: skip
    points = found.curve(stage) if stage else ()
    target = [(datetime.date.fromisoformat(one.on), one.units) for one in design.target if one.stage == stage]
    days = sorted({day for day, _count in (*points, *target)})
    if not days or (len(days) == 1 and not target):
        return None
    first, last = days[0] - datetime.timedelta(days=1), max(days[-1], days[0] + datetime.timedelta(days=6))
    most = max(count for _day, count in (*points, *target))
    plane = Plane((float(first.toordinal()), float(last.toordinal())), (0.0, max(1.0, most * 1.05)), right=48)
    if target:
        plane.line(
            [(first.toordinal(), 0.0), *((day.toordinal(), float(n)) for day, n in target)], css="null", dash="6 4"
        )
    plane.line(list(_steps(points, first, last)), css="accent", width=2)
    plane.x_axis(
        _("Day"),
        ticks=_day_ticks(first, last),
        said=lambda value: date_format(datetime.date.fromordinal(int(value)), "j M Y"),
    )
    plane.y_axis(_("Units"), ticks=[one for one in round_steps(0, max(1.0, most)) if one == int(one)])
    named = stage_words(stage)
    note = (
        _("Full line: units that had come so far (%(stage)s). Broken line: what the design means to reach.")
        if target
        else _("Units that had come so far (%(stage)s).")
    ) % {"stage": named}
    title = _("Recruitment over time: %(stage)s") % {"stage": named}
    return plane.chart(title, note, (_("Day"), named, _("Target")), _curve_rows(days, points, target))


def _steps(
    points: Sequence[tuple[datetime.date, int]], first: datetime.date, last: datetime.date
) -> Iterator[tuple[float, float]]:
    """A line that rises on the days and is level between them."""
    before = 0
    yield float(first.toordinal()), 0.0
    for day, count in points:
        yield float(day.toordinal()), float(before)
        yield float(day.toordinal()), float(count)
        before = count
    yield float(last.toordinal()), float(before)


def _day_ticks(first: datetime.date, last: datetime.date) -> list[float]:
    wide = last.toordinal() - first.toordinal()
    return [float(first.toordinal() + round(wide * share)) for share in (0, 0.5, 1)]


def _curve_rows(
    days: Sequence[datetime.date],
    points: Sequence[tuple[datetime.date, int]],
    target: Sequence[tuple[datetime.date, int]],
) -> Iterator[tuple[Any, ...]]:
    held, aims = dict(points), dict(target)
    count = 0
    for day in days:
        count = held.get(day, count)
        yield on_day(day), count, aims.get(day)


def fidelity_of(trial: Trial) -> dict[str, Any]:
    """What units had of the offer, and who took it up by the locked rule. Raises InputError where there is no such rule."""
    design = read(locked_protocol(trial).design)
    parts, found, drawn = components_of(design), taken_up(trial), whole(trial)
    arms: dict[str, str] = dict(drawn["allocation"]) if drawn else {}
    return {
        "rule": rule_words(design),
        "components": [one.measure for one in parts],
        "units": [
            {
                "unit": one.unit,
                "arm": arms[one.unit],
                "cells": [_cell(part) for part in one.components],
                "taken": _taken(one),
            }
            for one in found
        ],
        "arms": by_arm(design, found, arms),
        "variable": design.compliance.variable,
    }


def took_it_up(trial: Trial) -> list[dict[str, Any]]:
    """How many units of each arm took the offer up by the locked rule, for everybody: once arms are told, and where there is a rule."""
    if not trial.unblindings.exists():
        return []
    try:
        rows: list[dict[str, Any]] = fidelity_of(trial)["arms"]
    except InputError:  # no design of ours, or no rule in it
        return []
    return rows if any(row["yes"] or row["no"] for row in rows) else []


def by_arm(design: Design, found: Sequence[Taken], arms: dict[str, str]) -> list[dict[str, Any]]:
    """How many units of each arm took the offer up, did not, or are not known."""
    return [
        {
            "name": arm.name,
            "yes": sum(one.taken == 1 for one in found if arms[one.unit] == arm.name),
            "no": sum(one.taken == 0 for one in found if arms[one.unit] == arm.name),
            "unknown": sum(one.taken is None for one in found if arms[one.unit] == arm.name),
        }
        for arm in design.arms
    ]


def rule_words(design: Design) -> list[str]:
    """The rule for taking the offer up in sentences."""
    over = {
        "sum": _("all periods together"),
        "mean": _("on average over periods"),
        "least": _("in each period"),
        "last": _("in the last period"),
    }
    lines = [
        _("%(measure)s: %(enough)s or more, %(over)s")
        % {"measure": one.measure, "enough": f"{one.enough:g}", "over": over[one.over]}
        for one in components_of(design)
    ]
    told = design.compliance
    if len(lines) > 1:
        rules = {"all": _("All of them are needed."), "any": _("Any of them is enough.")}
        lines.append(
            rules.get(told.rule)
            or _("At least %(share)s of them are needed.") % {"share": f"{100 * (told.share or 0):g}%"}
        )
    return lines


def _cell(one: Met) -> str:
    return _("not known") if one.value is None else f"{one.value:g}"


def _taken(one: Taken) -> str:
    return _("not known") if one.taken is None else _("yes") if one.taken else _("no")


def pilot_of(trial: Trial) -> dict[str, Any] | None:
    """The logic model, the pilot's questions with what was found, and the decisions; None where the design has none of it."""
    design = design_of(trial)
    if design is None:
        return None
    answers = standing_answers(trial)
    decisions = [decision_row(one) for one in trial.decisions.order_by("-number")]
    if not (design.logic or design.pilot or decisions):
        return None
    return {
        "logic": [
            {"name": part_words(part), "links": links}
            for part in LOGIC
            if (links := [one for one in design.logic if one.part == part])
        ],
        "questions": [
            {
                "about": about_words(one.about), "name": one.name, "question": one.question, "method": one.method,
                "criterion": one.criterion, "answer": answers.get(one.name), "outcome": outcome_words(answers.get(one.name)),
            }
            for one in design.pilot
        ],
        "decisions": decisions,
    }  # fmt: skip


def part_words(part: str) -> str:
    """A part of a logic model in words."""
    return {INPUT: _("What is put in"), ACTIVITY: _("What is done"), MECHANISM: _("What that sets off")}.get(
        part, _("What changes")
    )


def about_words(about: str) -> str:
    """What a question of a pilot is about, in words."""
    return {FEASIBILITY: _("Feasibility"), PROMISE: _("Evidence of promise")}.get(about, _("Acceptability"))


def outcome_words(answer: PilotAnswer | None) -> str:
    """Whether a criterion of a pilot is met, in words."""
    if answer is None:
        return _("not answered yet")
    return {
        PilotAnswer.MET: _("met"), PilotAnswer.PARTLY: _("partly met"), PilotAnswer.NOT_MET: _("not met"),
    }.get(answer.outcome, _("cannot be told"))  # fmt: skip


def decision_words(decision: str) -> str:
    """A decision on going on, in words."""
    return {
        ProgressionDecision.GO_ON: _("Go on"), ProgressionDecision.CHANGE: _("Change and look again"),
    }.get(decision, _("Stop"))  # fmt: skip


def decision_row(one: ProgressionDecision) -> dict[str, Any]:
    """A decision with the signal that it rests on."""
    return {
        "on": one.on,
        "decision": decision_words(one.decision),
        "decided_by": one.decided_by,
        "why": one.why,
        "answers": len(one.answers),
        "signal": [
            {
                "name": part["name"], "counted": _("%(events)s of %(n)s") % {"events": part["events"], "n": part["n"]},
                "share": f"{100 * part['share']:.0f}%", "p": f"{part['p']:.4f}", "colour": colour_words(part["colour"]),
                "shade": SHADES[part["colour"]], "means": spoken(MEANT[part["colour"]]),
            }
            for part in one.signal.get("criteria", ())
        ],
        "worst": colour_words(one.signal["colour"]) if one.signal else "",
        "shade": SHADES[one.signal["colour"]] if one.signal else "",
    }  # fmt: skip


def colour_words(colour: str) -> str:
    """A colour of a criterion in words: colour alone tells nobody anything."""
    return {
        RED: _("red"), AMBER_RED: _("amber, nearer to red"), AMBER_GREEN: _("amber, nearer to green"), GREEN: _("green"),
    }[colour]  # fmt: skip


def told_or_why(trial: Trial) -> dict[str, Any]:
    """`fidelity_of`, or the sentence that says why there is nothing."""
    try:
        return fidelity_of(trial)
    except InputError as error:
        return {"problem": spoken(error)}
