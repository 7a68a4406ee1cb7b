"""The workspace of a site: small tests with run charts, and what makes it ready: waves of questions, barriers, interviews."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.errors import InputError
from whatworks.implement import asking, forms_improving, improving
from whatworks.implement.models import BarrierAction, Cycle, Site
from whatworks.implement.presenters_work import (
    barriers_page,
    indicators_page,
    insights_page,
    turns_of,
    waves_page,
)
from whatworks.implement.showing import TEAM
from whatworks.implement.views_parts import Step, numbered, site_for, stepped
from whatworks.people.access import access
from whatworks.saying import said

LARGEST = 1024 * 1024


def _point(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.add_point(by=request.user.actor, site=site, **form.cleaned_data)


def _test(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.open_test(by=request.user.actor, site=site, **form.cleaned_data)


def _cycle(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.plan_cycle(
        by=request.user.actor, test=numbered(request, site.tests), plan=form.cleaned_data["plan"]
    )


def _end(request: HttpRequest, site: Site, form: Any) -> object:
    cycle = numbered(request, Cycle.objects.filter(test__site=site))
    return improving.end_cycle(by=request.user.actor, cycle=cycle, **form.cleaned_data)


@access(TEAM)
@never_cache
def tests(request: HttpRequest, slug: str) -> HttpResponse:
    """Small tests of change, and the run charts of the indicators."""
    held = site_for(request, slug)
    row = held.plan()
    choices = [(key, name) for key, name, _unit in row.content["indicators"]] if row else []
    steps = {
        "point": Step(partial(forms_improving.PointForm, choices), _point, gettext_lazy("The number is kept.")),
        "test": Step(partial(forms_improving.TestForm, choices), _test, gettext_lazy("Begun. Plan its first turn.")),
        "cycle": Step(forms_improving.CycleForm, _cycle, gettext_lazy("Planned.")),
        "end": Step(forms_improving.EndForm, _end, gettext_lazy("Kept.")),
    }

    def told() -> dict[str, Any]:
        shown = [turns_of(one) for one in held.tests.order_by("-number")]
        may_plan = [(one["test"].pk, one["test"].title) for one in shown if one["open"] is None]
        may_end = [(one["open"].pk, one["test"].title) for one in shown if one["open"] is not None]
        found = {"indicators": indicators_page(held), "tests": shown, "choices": choices}
        return found | {"may_plan": may_plan, "may_end": may_end}

    return stepped(request, held, steps, "implement/work_tests.html", told)


def _barrier(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.add_barrier(by=request.user.actor, site=site, **form.cleaned_data)


def _action(request: HttpRequest, site: Site, form: Any) -> object:
    barrier = numbered(request, site.barriers)
    return improving.add_action(by=request.user.actor, barrier=barrier, **form.cleaned_data)


def _tick(request: HttpRequest, site: Site, form: Any) -> object:
    action = numbered(request, BarrierAction.objects.filter(barrier__site=site))
    return improving.tick(by=request.user.actor, action=action)


def _clear(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.clear(by=request.user.actor, barrier=numbered(request, site.barriers))


def _insight(request: HttpRequest, site: Site, form: Any) -> object:
    return improving.add_insight(by=request.user.actor, site=site, **form.cleaned_data)


def _code(request: HttpRequest, site: Site, form: Any) -> object:
    insight = numbered(request, site.insights)
    return improving.code(by=request.user.actor, insight=insight, parts=form.cleaned_data["parts"])


def _wave(request: HttpRequest, site: Site, form: Any) -> HttpResponse | None:
    wave, codes = asking.open_wave(by=request.user.actor, site=site, **form.cleaned_data)
    if not codes:
        return None
    return render(request, "implement/work_codes.html", {"site": site, "wave": wave, "codes": codes})


def _answers(request: HttpRequest, site: Site, form: Any) -> object:
    sent = form.cleaned_data["table"]
    if sent.size > LARGEST:
        raise InputError(said("The file is larger than 1 MB; it cannot be a table of answers."))
    try:
        table = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(said("The file is not a CSV in UTF-8; save it so and bring it again.")) from error
    return asking.take_answers(by=request.user.actor, wave=numbered(request, site.waves), table=table)


def _close(request: HttpRequest, site: Site, form: Any) -> object:
    return asking.close_wave(by=request.user.actor, wave=numbered(request, site.waves))


READY = {
    "barrier": Step(forms_improving.BarrierForm, _barrier, gettext_lazy("Written down. What will be done about it?")),
    "action": Step(forms_improving.ActionForm, _action, gettext_lazy("Planned.")),
    "tick": Step(None, _tick, gettext_lazy("Done.")),
    "clear": Step(None, _clear, gettext_lazy("It is gone.")),
    "insight": Step(
        forms_improving.InsightForm, _insight, gettext_lazy("Written down. Two people code it, each alone.")
    ),
    "code": Step(forms_improving.CodingForm, _code, gettext_lazy("Your coding is kept.")),
    "wave": Step(forms_improving.WaveForm, _wave, gettext_lazy("The wave is open; bring its answers as a file.")),
    "answers": Step(forms_improving.AnswersForm, _answers, gettext_lazy("The answers are kept.")),
    "close": Step(None, _close, gettext_lazy("The wave is closed.")),
}


@access(TEAM)
@never_cache
def ready(request: HttpRequest, slug: str) -> HttpResponse:
    """What makes the place ready, and what stands in the way."""
    held = site_for(request, slug)

    def told() -> dict[str, Any]:
        waves, barriers = waves_page(held), barriers_page(held)
        talks = insights_page(held, request.user.actor)
        rows = {
            "barrier_rows": [(one["barrier"].pk, one["barrier"].title) for one in barriers["barriers"]],
            "open_waves": [(one["wave"].pk, one["title"]) for one in waves if one["wave"].closed_on is None],
            "to_code": [(one["insight"].pk, one["label"]) for one in talks["interviews"] if one["to_code"]],
        }
        return {"waves": waves} | barriers | talks | rows

    return stepped(request, held, READY, "implement/work_ready.html", told)
