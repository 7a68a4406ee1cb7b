"""Priorities and decisions as everybody can read them, and the ballot."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from whatworks.decide.forms import BallotForm, CodeForm
from whatworks.decide.models import Gate, Meeting, PlanStep, PolicyResponse, Post, PrioritySetting, Resolution
from whatworks.decide.presenters import csv_rows, decision_page, gate_row, meeting_row, said_and_done, setting_page
from whatworks.decide.prioritising import ballot_of, cast, on_ballot
from whatworks.errors import WhatworksError
from whatworks.ledger.addresses import links_to
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell


@access(PUBLIC)
@require_GET
def priorities(request: HttpRequest) -> HttpResponse:
    """You said, we did: every priority with what became of it."""
    return render(request, "decide/priorities.html", said_and_done())


@access(PUBLIC)
@require_GET
def priority_setting(request: HttpRequest, slug: str) -> HttpResponse:
    """One setting of priorities: its rule, its questions, its order."""
    return render(request, "decide/setting.html", setting_page(_setting(slug)))


@access(PUBLIC)
@require_GET
def priority_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The published order, for a spreadsheet."""
    setting = _setting(slug)
    if setting.state != PrioritySetting.PUBLISHED:
        raise Http404
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell(one) for one in row] for row in csv_rows(setting))
    kind = "text/csv; charset=utf-8"
    return HttpResponse(
        out.getvalue(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{slug}.csv"'}
    )


# Nobody is signed in here and no cookie is set: the code alone opens a ballot, and no other site knows it.
@csrf_exempt
@access(PUBLIC)
@never_cache
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballot: first the code, then the questions. The code stays out of addresses, which are kept in histories."""
    setting = _setting(slug)
    if setting.state != PrioritySetting.VOTING:
        return redirect("priority_setting", slug)
    rows = on_ballot(setting)
    if "ticked" in request.POST or "cast" in request.POST:
        form = BallotForm(rows, request.POST)
        if form.is_valid():
            try:
                cast(setting=setting, code=form.cleaned_data["code"], ticked=form.cleaned_data["ticked"])
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                return render(request, "decide/voted.html", {"setting": setting})
        return _ballot(request, setting, form, 400)
    first = CodeForm(request.POST or None)
    if request.method == "POST" and first.is_valid():
        try:
            ballot_of(setting, first.cleaned_data["code"])
        except WhatworksError as error:
            first.add_error(None, spoken(error))
        else:
            return _ballot(request, setting, BallotForm(rows, initial=first.cleaned_data), 200)
    told = {"setting": setting, "form": first, "button": _("Open my ballot"), "name": ""}
    return render(request, "decide/vote.html", told, status=400 if first.errors else 200)


def _ballot(request: HttpRequest, setting: PrioritySetting, form: BallotForm, status: int) -> HttpResponse:
    told = {"setting": setting, "form": form, "button": _("Cast my ballot"), "name": "cast"}
    return render(request, "decide/vote.html", told, status=status)


@access(PUBLIC)
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """What was decided, in which meetings, at which gates, what was said to Government, and the plan."""
    today = timezone.localdate()
    told = {
        "decisions": Resolution.objects.standing(),
        "meetings": [meeting_row(one, today) for one in Meeting.objects.order_by("-held_on", "body")],
        "gates": [gate_row(one) for one in Gate.objects.select_related("about", "resolution").order_by("-at")],
        "responses": [
            {"response": one, "cites": links_to(one.cites)}
            for one in PolicyResponse.objects.order_by("-sent_on", "title")
        ],
        "plans": _plans(),
        "posts": Post.objects.select_related("filled").order_by("-closes_on"),
        "today": today,
    }
    return render(request, "decide/decisions.html", told)


@access(PUBLIC)
@require_GET
def decision(request: HttpRequest, identifier: str) -> HttpResponse:
    """One decision."""
    return render(request, "decide/decision.html", decision_page(get_object_or_404(Resolution, pk=identifier)))


def _plans() -> list[dict[str, object]]:
    plans: dict[str, list[PlanStep]] = {}
    for step in PlanStep.objects.order_by("plan", "order"):
        plans.setdefault(step.plan, []).append(step)
    return [
        {"name": name, "steps": steps, "done": sum(step.done_on is not None for step in steps)}
        for name, steps in plans.items()
    ]


def _setting(slug: str) -> PrioritySetting:
    found: PrioritySetting = get_object_or_404(PrioritySetting.objects.shown(), slug=slug)
    return found
