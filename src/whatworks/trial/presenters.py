"""Trials as a reader sees them: the list, the registry entry, its versions, the flow of units, the draws."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.ledger.addresses import link_to
from whatworks.spoken import spoken
from whatworks.trial.foreseeing import foreseen, signal_of
from whatworks.trial.happening import flow_of
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.flowing import (
    ALLOCATED,
    ANALYSED,
    ENROLLED,
    GONE,
    NOT_RECEIVED,
    RECEIVED,
    ArmFlow,
    Counted,
)
from whatworks.trial.methods.registering import DATES, FIELDS, STATES, cautions, differences
from whatworks.trial.models import Allocation, Deposit, Trial, TrialLock, TrialProtocol
from whatworks.trial.presenters_conduct import pilot_of, recruitment_of, took_it_up
from whatworks.trial.presenters_result import result_of
from whatworks.trial.presenters_size import as_now, sized
from whatworks.trial.sighting import TOGETHER, drawn_of, hidden

ENTRY = [name for name in FIELDS if name not in ("status", "registry", "registration", "summary")]


def entry_of(trial: Trial) -> dict[str, Any]:
    """A trial in a list: what it is, where it stands, its number in a registry, what it found."""
    newest = trial.newest()
    told: Mapping[str, str] = newest.particulars if newest else {}
    return {
        "slug": trial.slug,
        "title": trial.title,
        "demonstration": trial.demonstration,
        "intervention": trial.intervention,
        "status": spoken(next((state for state in STATES if state == told.get("status")), "")),
        "registration": registration_of(told),
        "summary": told.get("summary", ""),
        "primary": trial.published.filter(primary=True).order_by("order", "pk").first(),
    }


def registration_of(told: Mapping[str, str]) -> str:
    """The registry and the number in it; once where the number begins with the registry's name."""
    registry, number = told.get("registry", ""), told.get("registration", "")
    return number if registry and number.startswith(registry) else " ".join(filter(None, (registry, number)))


def trials_list() -> list[dict[str, Any]]:
    """Every trial: those of real places first, each by title."""
    return [entry_of(one) for one in Trial.objects.select_related("intervention").order_by("demonstration", "title")]


def trial_page(trial: Trial) -> dict[str, Any]:
    """A registry entry with all that is known of the trial."""
    protocols = list(trial.protocols.order_by("-number"))
    newest = protocols[0]
    design = read(newest.design) if newest.design else None
    return entry_of(trial) | {
        "about": link_to(trial.intervention.subject) if trial.intervention else None,
        "outcome": trial.outcome,
        "version": newest,
        "facts": [
            (spoken(FIELDS[name]), _shown(name, newest.particulars[name]))
            for name in ENTRY
            if name in newest.particulars
        ],
        "cautions": [spoken(one) for one in cautions(newest.particulars)],
        "design": designed(design) if design else None,
        "text": newest.design,
        "versions": [{"protocol": one, "locks": _locks(one)} for one in protocols],
        "published": list(trial.published.select_related("report").order_by("order", "pk")),
        "draws": [_draw(one) for one in trial.allocations.order_by("number")],
        "concealment": concealment(trial, design),
        "recruited": recruitment_of(trial, inside=False) is not None,
        "piloted": pilot_of(trial) is not None,
        "taken": took_it_up(trial),
        "sights": trial.sights.count(),
        "commitments": list(trial.commitments.order_by("number")),
        "flow": flow_drawing(trial) if design else None,
        **_foreseeing(trial, design, public=True),
        "result": _result(trial),
        "deposit": Deposit.objects.filter(analysis__trial=trial).select_related("contrast").first(),
        "unblinded": trial.unblindings.order_by("at").first(),
    }


def _draw(one: Allocation) -> dict[str, Any]:
    """A draw as the register lists it."""
    return {
        "number": one.number,
        "practice": one.practice,
        "document": bool(one.document),
        "digest": one.digest,
        "at": one.at,
        "concealed": one.concealed,
        "hidden": one.concealed and not one.whole_file(),
    }


def concealment(trial: Trial, design: Design | None) -> list[str]:
    """What the draw of a trial conceals from whom, plainly; nothing for a trial without a design of ours."""
    if design is None:
        return []
    if not design.allocation.concealed and not hidden(trial):
        return [
            _(
                "Nothing is concealed: from the draw on everybody sees which unit is in which arm. That suits units "
                "that know it anyway, such as schools. Whoever assesses outcomes or analyses can know it too; only the steps are blind."
            )
        ]
    told = _("They have been told.") if drawn_of(trial) and not hidden(trial) else _("They are not told yet.")
    return [
        _(
            "The arms are concealed from the public, from those who analyse and from everybody in the workspace until they are told to all "
            "(unblinding). What is published at once is the list, the commitments and the digest of the whole file."
        ),
        _(
            "They are not concealed from the administrator of this server, nor from anybody who has the secrets of all custodians. A "
            "keeper of arms can look before; each look stands in the record."
        ),
        told,
    ]


def _foreseeing(trial: Trial, design: Design | None, *, public: bool) -> dict[str, Any]:
    """What the design can find, what is known beforehand, and what the trial as it is now still can; nothing without a design."""
    if design is None:
        return {"sized": None, "foreseen": None, "now": None, "signal": []}
    return {
        "sized": sized(design),
        "foreseen": foreseen(trial, design, public=public),
        "now": as_now(trial, design),
        "signal": signal_of(trial, design),
    }


def _result(trial: Trial) -> dict[str, Any] | None:
    held = trial.analyses.filter(blind=False).select_related("protocol").order_by("-number").first()
    return result_of(held) if held else None


def _locks(protocol: TrialProtocol) -> list[dict[str, Any]]:
    words = {TrialLock.REGISTRATION: _("registration"), TrialLock.PLAN: _("the plan of analysis")}
    return [{"what": words[one.what], "at": one.at, "digest": one.digest} for one in protocol.locks.order_by("at")]


def _shown(name: str, text: str) -> str:
    return date_format(datetime.date.fromisoformat(text), "j F Y") if name in DATES else text


def designed(design: Design) -> list[tuple[str, str]]:
    """What a design says, for somebody who does not read TOML: name and value, only what is given."""
    about, meant, size, drawn, planned = design.design, design.estimand, design.size, design.allocation, design.analysis
    arms = "; ".join(f"{arm.name} ({arm.gets})" if arm.gets else arm.name for arm in design.arms)
    rows = [
        (_("Layout"), about.kind),
        (_("Question"), about.question),
        (_("Arms, the comparator first"), arms),
        (_("Whom it is about"), meant.population),
        (_("Outcome"), meant.endpoint or planned.outcome),
        (_("Kind of outcome"), about.outcome),
        (_("How arms are compared"), meant.summary),
        (_("What happens after allocation"), meant.handling),
        (_("Units drawn"), _number(size.clusters)),
        (_("People in each"), _number(size.per_cluster)),
        (_("Correlation within a cluster (ICC)"), _number(size.icc)),
        (_("How units are drawn"), drawn.method + (f" ({', '.join(drawn.strata)})" if drawn.strata else "")),
        (_("The analysis that decides"), planned.declared),
        (_("Level and power"), f"{about.alpha:g}; {about.power:g}"),
    ]
    rows += [
        (one.name, _("red up to %(red)s, green from %(green)s") % {"red": _share(one.red), "green": _share(one.green)})
        for one in design.progression
    ]
    return [(name, value) for name, value in rows if value]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _share(value: float) -> str:
    return f"{100 * value:g}%"


def changed(before: TrialProtocol, after: TrialProtocol) -> list[dict[str, Any]]:
    """What one version of a protocol changed in another, field by field."""
    told = differences(before.particulars | {"design": before.design}, after.particulars | {"design": after.design})
    return [
        {
            "name": _("Design") if one.field == "design" else spoken(FIELDS[one.field]),
            "before": one.before,
            "after": one.after,
            "lines": one.lines,
        }
        for one in told
    ]


def flow_drawing(trial: Trial) -> dict[str, Any] | None:
    """The boxes of a flow diagram; nothing before the first event."""
    if not trial.unit_events.exists():
        return None
    found = flow_of(trial)
    before = [
        {"name": name, "count": _units(found.before[kind]), "reasons": _reasons(found.before[kind])}
        for kind, name in (
            ("assessed", _("Assessed")),
            ("ineligible", _("Not eligible")),
            ("declined", _("Declined")),
            ("late", _("Came late")),
        )
        if found.before[kind].units
    ]
    return {
        "before": before,
        "allocated": ngettext("%(n)s unit allocated", "%(n)s units allocated", found.allocated)
        % {"n": found.allocated},
        "arms": [{"name": _arm_name(arm), "boxes": list(_boxes(arm)), "retention": _kept(arm)} for arm in found.arms],
        "problems": [spoken(one) for one in found.problems],
    }


def _arm_name(arm: ArmFlow) -> str:
    return _("All arms together; they are concealed") if arm.name == TOGETHER else arm.name


def _boxes(arm: ArmFlow) -> Iterator[dict[str, Any]]:
    names = {
        ALLOCATED: _("Allocated"),
        ENROLLED: _("People enrolled"),
        RECEIVED: _("Received it"),
        NOT_RECEIVED: _("Did not receive it"),
        "lost": _("Lost"),
        "withdrew": _("Withdrew"),
        "excluded": _("Excluded"),
        ANALYSED: _("Analysed"),
    }
    for kind in (ALLOCATED, ENROLLED, RECEIVED, NOT_RECEIVED, *GONE, ANALYSED):
        counted = arm.counted[kind]
        if counted.units or counted.people:
            said = (
                _people(counted) if kind == ENROLLED else "; ".join(filter(None, (_units(counted), _people(counted))))
            )
            yield {"name": names[kind], "count": said, "reasons": _reasons(counted)}


def _units(counted: Counted) -> str:
    return ngettext("%(n)s unit", "%(n)s units", counted.units) % {"n": f"{counted.units:,}"} if counted.units else ""


def _people(counted: Counted) -> str:
    return (
        ngettext("%(n)s person", "%(n)s people", counted.people) % {"n": f"{counted.people:,}"}
        if counted.people
        else ""
    )


def _reasons(counted: Counted) -> list[str]:
    return [f"{reason}: {n:,}" for reason, n in counted.reasons.most_common()]


def _kept(arm: ArmFlow) -> str:
    return (
        _("%(share)s of people enrolled were analysed") % {"share": f"{100 * arm.retention:.0f}%"}
        if arm.retention is not None
        else ""
    )


def stage_of(trial: Trial) -> dict[str, Any]:
    """How far a trial is, for the page on which it is run: what is done, and what comes next."""
    newest = trial.newest()
    locks = {one.what: one for one in TrialLock.objects.filter(protocol=newest)} if newest else {}
    draws = Allocation.objects.filter(trial=trial, practice=False)
    design = read(newest.design) if newest and newest.design else None
    return {
        **_foreseeing(trial, design, public=False),
        "protocol": newest,
        "hidden": hidden(trial),
        "concealment": concealment(trial, design),
        "registered": locks.get(TrialLock.REGISTRATION),
        "planned": locks.get(TrialLock.PLAN),
        "commitments": trial.commitments.order_by("number"),
        "frozen": newest.lists.order_by("-number").first() if newest else None,
        "drawn": draws.order_by("-number").first(),
        "datasets": trial.datasets.order_by("-number"),
        "blind": trial.analyses.filter(blind=True).order_by("-number").first(),
        "unblinded": trial.unblindings.order_by("at").first(),
        "open": trial.analyses.filter(blind=False).order_by("-number").first(),
        "deposit": Deposit.objects.filter(analysis__trial=trial).select_related("contrast").first(),
    }
