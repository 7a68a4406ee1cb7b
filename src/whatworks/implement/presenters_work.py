"""Sites for those who work at them: what comes next, the charts of small tests, barriers, readiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from whatworks.convene.guarding import words_of
from whatworks.convene.models import Text
from whatworks.errors import InputError
from whatworks.implement.asking import results
from whatworks.implement.instruments import instrument
from whatworks.implement.mapping import concealed
from whatworks.implement.methods.acting import PARTS, standing
from whatworks.implement.methods.adapting import DELIVER, STOPPED, SUSTAIN
from whatworks.implement.methods.coding import agreement, told
from whatworks.implement.methods.planning import Indicator, read_plan
from whatworks.implement.methods.run_charts import RunChart, run_chart
from whatworks.implement.methods.scoring import Standing
from whatworks.implement.models import Adaptation, Barrier, Insight, ReadinessWave, Site, SmallTest
from whatworks.implement.models.improving import ENDS, ROLES
from whatworks.implement.presenters import change_words, site_page
from whatworks.spoken import on_day, spoken
from whatworks.stats.chart import Chart, Plane


def work_page(site: Site) -> dict[str, Any]:
    """One site, and what its team could do next."""
    phase = site.phase()
    waiting = site.adaptations.unheeded().count() if site.trial_id else 0
    held = list(site.barriers.filter(gone_on=None))
    acted = {one.pk for one in held if one.actions.exists()}
    return site_page(site) | {
        "phase_key": phase,
        "delivers": phase in (DELIVER, SUSTAIN),
        "stopped": phase == STOPPED,
        "members": site.members.select_related("user").order_by("pk"),
        "waiting": waiting,
        "unaddressed": len(standing([(one.pk, one.part) for one in held], acted).unaddressed),
        "concealed": concealed(site),
        "notes": notes_of(site),
    }


def notes_of(site: Site, newest: int = 12) -> list[dict[str, Any]]:
    """Notes sent with forms and adaptations, the newest first; what is in quarantine is said to be, and no more."""
    about = [*site.forms.values_list("pk", flat=True), *site.adaptations.values_list("pk", flat=True)]
    texts = Text.objects.filter(about__in=about).select_related("about").order_by("-made_at", "-pk")[:newest]
    return [{"title": one.about.title if one.about else "", "words": said_of(one), "at": one.made_at} for one in texts]


def said_of(text: Text | None) -> str:
    """The words of a note, or where they are."""
    if text is None:
        return ""
    states = {
        Text.QUARANTINED: _("Set apart: it may say who somebody is."),
        Text.DELETED: _("Deleted."),
        Text.REFUSED: _("Not shown."),
    }
    return str(states.get(text.state, "")) or words_of(text)


def indicators_page(site: Site) -> list[dict[str, Any]]:
    """Every indicator of the plan with its run chart."""
    row = site.plan()
    return [_indicator(site, one) for one in read_plan(row.content).indicators] if row else []


def _indicator(site: Site, one: Indicator) -> dict[str, Any]:
    points = list(site.points.filter(indicator=one.key, replaced_by__isnull=True).order_by("on"))
    tests = site.tests.filter(indicator=one.key)
    begun = min((test.opened_on for test in tests), default=None)
    before = sum(point.on < begun for point in points) if begun else None
    shown: dict[str, Any] = {"indicator": one, "points": points}
    try:
        found = run_chart([point.value for point in points], before=before if before and before > 1 else None)
    except InputError:
        return shown
    chart = drawn(one, [on_day(point.on) for point in points], found)
    signals = [spoken(line) for line in found.signals] or [_("Nothing but chance shows.")]
    return shown | {"chart": chart, "signals": signals, "found": found}


def drawn(one: Indicator, on: list[str], found: RunChart) -> Chart:
    """A run chart: the points in their order and the median of those before the change."""
    top, bottom = max(*found.values, found.median), min(0.0, *found.values)
    plane = Plane(x=(-0.4, len(on) - 0.6), y=(bottom, top * 1.12 or 1.0), width=460, height=260, left=64, bottom=50)
    plane.level(found.median, css="total", dash="5 4")
    plane.line([*enumerate(found.values)], width=2)
    for at, value in enumerate(found.values):
        plane.dot(at, value, hollow=not found.shift[at])
    plane.x_axis(
        _("number of the measurement"), ticks=[*range(0, len(on), max(1, len(on) // 8))], said=lambda at: f"{at + 1:g}"
    )
    plane.y_axis(one.unit or _("value"))
    note = _("The broken line is the median of the first %(n)s. Filled marks belong to a shift.") % {
        "n": found.based_on
    }
    rows = [
        (day, value, _("yes") if shift else "", _("yes") if trend else "")
        for day, value, shift, trend in zip(on, found.values, found.shift, found.trend, strict=True)
    ]
    return plane.chart(one.name, note, (_("day"), one.name, _("in a shift"), _("in a trend")), rows)


def turns_of(test: SmallTest) -> dict[str, Any]:
    """A small test with its turns."""
    cycles = [
        {
            "cycle": one,
            "plan": said_of(one.plan),
            "learnt": said_of(one.learnt),
            "ended": spoken(ENDS[one.ended]) if one.ended else "",
        }
        for one in test.cycles.select_related("plan", "learnt").order_by("number")
    ]
    return {"test": test, "cycles": cycles, "open": next((one["cycle"] for one in cycles if not one["ended"]), None)}


def barriers_page(site: Site) -> dict[str, Any]:
    """What stands in the way, part by part, and what nothing is planned against."""
    held = list(site.barriers.filter(gone_on=None).order_by("part", "pk").prefetch_related("actions"))
    found = standing([(one.pk, one.part) for one in held], [one.pk for one in held if one.actions.all()])
    rows = [_barrier(one, one.pk in found.unaddressed) for one in held]
    return {
        "barriers": rows,
        "unaddressed": len(found.unaddressed),
        "gone": site.barriers.exclude(gone_on=None).count(),
    }


def _barrier(one: Barrier, unaddressed: bool) -> dict[str, Any]:
    return {
        "barrier": one,
        "part": spoken(PARTS[one.part]),
        "unaddressed": unaddressed,
        "actions": sorted(one.actions.all(), key=lambda action: (action.due, action.pk)),
    }


def insights_page(site: Site, actor: str) -> dict[str, Any]:
    """Interviews, what this person has still to code, and how far coders agree once two have coded."""
    held = list(site.insights.order_by("number").prefetch_related("codings"))
    pairs, codings = [], {}
    for one in held:
        sets = [frozenset(each.parts) for each in sorted(one.codings.all(), key=lambda each: (each.at, each.pk))]
        codings[one.pk] = sets
        if len(sets) == 2:
            pairs.append((sets[0], sets[1]))
    counts = told(codings)
    rows = [
        {"part": spoken(PARTS[one.part]), "found": one, "marked": counts[one.part]} for one in agreement(pairs) if pairs
    ]
    return {"interviews": [_interview(one, actor) for one in held], "agreement": rows, "coded_twice": len(pairs)}


def _interview(one: Insight, actor: str) -> dict[str, Any]:
    codings = list(one.codings.all())
    mine = any(each.coder == actor for each in codings)
    both = sorted({part for each in codings for part in each.parts}) if len(codings) == 2 else []
    return {
        "insight": one,
        "label": _("Interview %(n)s, %(on)s") % {"n": one.number, "on": on_day(one.on)},
        "role": spoken(ROLES[one.role]),
        "coded": len(codings),
        "to_code": not mine and len(codings) < 2,
        "parts": [spoken(PARTS[part]) for part in both],
    }


def waves_page(site: Site) -> list[dict[str, Any]]:
    """Every wave with its results where it is closed, the newest first."""
    held = site.waves.order_by("instrument", "-number")
    return [_wave(one) for one in held]


def _wave(one: ReadinessWave) -> dict[str, Any]:
    found = instrument(one.instrument)
    closed = one.closed_on is not None
    return {
        "wave": one,
        "title": _("%(title)s, wave %(n)s") % {"title": found.title, "n": one.number},
        "source": found.source,
        "by_code": bool(found.wording),
        "items": found.items,
        "answered": one.answers.count() if closed else None,
        "scales": [scale_words(each) for each in results(one)] if closed else [],
    }


def scale_words(found: Standing) -> dict[str, Any]:
    """A scale of a wave: the score if there may be one, otherwise why not; a prompt, never a mark."""
    return {
        "found": found,
        "score": "" if found.score is None else f"{found.score:.1f}",
        "why": spoken(found.why) if found.why else "",
        "agreed": f"{found.agreed.value:.2f}" if found.agreed else "",
        "leaning": f"{found.leaning.value:.2f}" if found.leaning else "",
        "prompt": prompt(found),
    }


def prompt(found: Standing) -> str:
    """What a team might talk over, by what came out."""
    if found.score is None:
        return _("Talk over why people see it differently, or ask more of them; a mean would hide what matters.")
    if found.scale == "commitment":
        return _("What would have to be true for more people here to want this? Who has not been asked?")
    if found.scale == "efficacy":
        return _("Which one thing makes people least sure that it can be done here, and who could change it?")
    return _("What would one more step in using research look like here next month?")


def warning(adaptation: Adaptation) -> dict[str, Any]:
    """An adaptation for the statistician. While arms are concealed neither site nor unit is named: that would tell the arm."""
    site = adaptation.site
    assert site.trial is not None
    hide = concealed(site)
    told: Mapping[str, Any] = change_words(adaptation)
    return {"pk": adaptation.pk, "trial": site.trial, "site": None if hide else site, "change": told, "concealed": hide}
