"""Sites in words for everybody: what they do, by which page, how far, and what they changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from whatworks.implement.delivering import Month, months
from whatworks.implement.methods.adapting import CHOICES, INCONSISTENT, STATES
from whatworks.implement.methods.delivering import RULES, SCORE
from whatworks.implement.methods.planning import LOGIC, Plan, read_plan
from whatworks.implement.methods.reaching import Share, share
from whatworks.implement.models import Adaptation, Site
from whatworks.implement.models.delivery import DECISIONS
from whatworks.implement.models.sites import SORTS
from whatworks.implement.showing import shown
from whatworks.implement.wording import REASONS
from whatworks.ledger.addresses import link_to
from whatworks.saying import month_of
from whatworks.spoken import spoken, spoken_capital

SMALL = 5  # a count below this is said as “fewer than five”


def entry_of(site: Site) -> dict[str, Any]:
    """A site as a line."""
    phase = site.phase()
    return {
        "slug": site.slug,
        "name": site.name,
        "sort": spoken(SORTS[site.sort]),
        "phase": spoken(STATES[phase]),
        "page": site.revision.page,
        "early": site.early,
        "demonstration": site.demonstration,
        "trial": site.trial,
    }


def listed() -> list[dict[str, Any]]:
    """Every site that is shown, by what it does and then by name: an order of letters, not of merit."""
    entries = sorted((entry_of(site) for site in shown()), key=lambda one: (one["page"].title, one["name"]))
    groups: list[dict[str, Any]] = []
    for one in entries:
        if not groups or groups[-1]["page"] != one["page"]:
            groups.append({"page": one["page"], "sites": []})
        groups[-1]["sites"].append(one)
    return groups


def site_page(site: Site) -> dict[str, Any]:
    """A site as everybody sees it."""
    newest = site.revision.page.newest()
    row = site.plan()
    plan = read_plan(row.content) if row else None
    held = months(site) if plan else []
    return entry_of(site) | {
        "area": site.area,
        "practice": site.practice,
        "award": link_to(site.award.subject) if site.award else None,
        "revision": site.revision,
        "older": newest is not None and newest.number > site.revision.number,
        "phases": phases_of(site),
        "plan": plan_words(plan) if plan else None,
        "version": row,
        "months": [month_words(one) for one in held],
        "reach": reach_words(plan, held),
        "adaptations": [
            change_words(one) for one in site.adaptations.select_related("plan").order_by("-on", "-number")
        ],
    }


def phases_of(site: Site) -> list[dict[str, Any]]:
    """Every phase with its day, and the reason to go back or stop."""
    return [
        {"phase": spoken(STATES[one.phase]), "on": one.on, "reason": spoken(REASONS[one.reason]) if one.reason else ""}
        for one in site.phases.order_by("number")
    ]


def percent(value: float | None) -> str:
    """A share as people say it; empty where it is not known."""
    return "" if value is None else f"{100 * value:.0f}%"


def plan_words(plan: Plan) -> dict[str, Any]:
    """A plan for reading."""
    rule = spoken_capital(RULES[plan.rule.kind])
    if plan.rule.kind == SCORE:
        rule = _("%(rule)s of %(percent)s.") % {"rule": rule, "percent": percent(plan.rule.threshold)}
    else:
        rule = f"{rule}."
    if plan.rule.least_dose:
        rule += " " + _("At least %(n)s of: %(dose)s.") % {"n": f"{plan.rule.least_dose:g}", "dose": plan.dose_name}
    return {
        "components": [
            {
                "name": one.name,
                "counted": one.counted,
                "threshold": percent(one.threshold),
                "essential": one.essential,
            }
            for one in plan.components
        ],
        "rule": rule,
        "dose_name": plan.dose_name,
        "logic": [
            {
                "title": spoken(title),
                "links": [{"says": one.says, "indicator": one.indicator} for one in plan.logic if one.part == part],
            }
            for part, title in LOGIC.items()
            if any(one.part == part for one in plan.logic)
        ],
        "indicators": plan.indicators,
        "partners": plan.partners,
        "feeds": plan.feeds,
    }


def month_name(period: str) -> str:
    """A month in words."""
    return spoken(month_of(datetime.date.fromisoformat(f"{period}-01")))


def month_words(one: Month) -> dict[str, Any]:
    """A month of delivery for everybody: shares, never small counts of people."""
    complied = one.result.complied
    return {
        "period": one.period,
        "month": month_name(one.period),
        "score": percent(one.result.score) or _("not known"),
        "dose": one.result.dose,
        "complied": _("not known") if complied is None else _("yes") if complied else _("no"),
        "short": [held.name for key in one.result.fell_short if (held := one.plan.component(key)) is not None],
    }


def reach_words(plan: Plan | None, held: Sequence[Month]) -> dict[str, Any] | None:
    """How many of those it could reach were reached; None where no denominator was given, or nobody was counted."""
    counted = [one.people for one in held if one.people is not None]
    if plan is None or plan.eligible is None or not counted or sum(counted) < SMALL:
        return None
    found: Share = share(min(sum(counted), plan.eligible.people), plan.eligible.people)
    on = datetime.date.fromisoformat(plan.eligible.on)
    return {
        "number": found.number,
        "of": found.of,
        "percent": round(found.percent),
        "on": on,
        "source": plan.eligible.source,
    }


def change_words(one: Adaptation) -> dict[str, Any]:
    """An adaptation, question by question."""
    told: Mapping[str, Any] = one.frame
    plan = read_plan(one.plan.content)
    heeded = getattr(one, "heeded", None)
    return {
        "number": one.number,
        "on": one.on,
        "inconsistent": one.keeps == INCONSISTENT,
        "planned": _("planned beforehand") if told["planned"] else _("not planned beforehand"),
        **{name: spoken(words[told[name]]) for name, words in CHOICES.items()},
        "components": [held.name for key in told["components"] if (held := plan.component(key)) is not None],
        "decision": spoken(DECISIONS[heeded.decision]) if heeded else "",
    }
