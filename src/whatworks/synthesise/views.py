"""The pages on which analyses are declared, locked, run and read: thin, each authorises, calls one thing, responds."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell
from whatworks.synthesise.actions import put_forward
from whatworks.synthesise.declaring import change_plan, declare, lock_plan, plan_in_force
from whatworks.synthesise.forms import USUAL, ChangingForm, DeclaringForm
from whatworks.synthesise.methods.coded import parts_of
from whatworks.synthesise.methods.otherwise_tables import COUNTS
from whatworks.synthesise.methods.running import result_of
from whatworks.synthesise.models import Analysis, Declaration, Lock
from whatworks.synthesise.presenters import analysis_page, current_of, listed
from whatworks.synthesise.tasks import ask_for_run

INPUTS = ("study", "yi", "vi", "n", "contrast", "finding", "randomised", "risk", "months", "country")


@access("workspace.enter")
def analyses(request: HttpRequest) -> HttpResponse:
    """Every analysis and where it stands."""
    shown = {"rows": listed(), "may_declare": request.user.may("synthesise.declare")}
    return render(request, "synthesise/analyses.html", shown)


@access("synthesise.declare")
def declaring(request: HttpRequest) -> HttpResponse:
    """Declare an analysis."""
    form = DeclaringForm(request.POST or None, initial=USUAL.to_dict())
    if request.method == "POST" and form.is_valid():
        about = {name: form.cleaned_data[name] for name in ("review", "intervention", "outcome", "title", "unit")}
        try:
            made = declare(by=request.user.actor, plan=form.plan(), **about)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Declared. Read the plan again, then lock it; after that it can be run."))
            return redirect("analysis", made.slug)
    return render(request, "synthesise/declare.html", {"form": form})


@access("workspace.enter")
def analysis(request: HttpRequest, slug: str) -> HttpResponse:
    """An analysis: its plan, what it takes, its result and what the result hangs on."""
    one = get_object_or_404(Analysis.objects.select_related("review", "intervention", "outcome"), slug=slug)
    held = Declaration.objects.in_force(one)
    shown = {"analysis": one, "may_declare": request.user.may("synthesise.declare")}
    shown |= {"seen": held.number if held else 0} | analysis_page(one, plan_in_force(one))
    return render(request, "synthesise/analysis.html", shown)


@access("synthesise.declare")
def changing(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a plan: before the lock freely, after it as a deviation with its reason."""
    one = get_object_or_404(Analysis, slug=slug)
    held = Declaration.objects.in_force(one)
    if held is None:
        messages.error(request, _("How this analysis was declared is not recorded; declare a new one."))
        return redirect("analysis", slug)
    form = ChangingForm(request.POST or None, initial=held.plan | {"seen": held.number}, reviews=(one.review_id,))
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("seen", "why")}
        try:
            made = change_plan(by=request.user.actor, analysis=one, plan=form.plan(), **told)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            said = _("Kept as a deviation.") if made.deviation else _("The plan is changed.")
            messages.success(request, said if made.number != held.number else _("Nothing was changed."))
            return redirect("analysis", slug)
    shown = {"form": form, "analysis": one, "locked": Lock.objects.filter(analysis=one).exists()}
    return render(request, "synthesise/change.html", shown)


class SeenForm(Form):
    """Which declaration a person read before they locked it."""

    seen = ChangingForm.base_fields["seen"]


@access("synthesise.declare")
@require_POST
def act(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """Lock the plan, run it, or put its result forward for the page."""
    one = get_object_or_404(Analysis, slug=slug)
    try:
        messages.success(request, _done(request, one, what))
    except WhatworksError as error:
        messages.error(request, spoken(error))
    return redirect("analysis", slug)


def _done(request: HttpRequest, one: Analysis, what: str) -> str:
    by = request.user.actor
    if what == "lock":
        form = SeenForm(request.POST)
        lock_plan(by=by, analysis=one, seen=form.cleaned_data["seen"] if form.is_valid() else -1)
        return _("The plan is locked. From here on every change is a deviation that readers see.")
    if what == "run":
        ask_for_run(by=by, analysis=one)
        return _("The analysis is being run; this page shows its result when it is done.")
    put_forward(by=by, analysis=one)
    return _("Put forward. The page that would show it is being drafted, and waits for an editor.")


@access("workspace.enter")
def taken(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The result to take away: its inputs, the same analysis for R, or everything needed to run it again."""
    one = get_object_or_404(Analysis, slug=slug)
    held = current_of(one)
    if held is None:
        messages.error(request, _("This analysis has no result yet."))
        return redirect("analysis", slug)
    told = result_of(held.inputs, held.settings)
    made: dict[str, tuple[str, Any]] = {
        "r": ("text/plain", told.r_script),
        "json": (
            "application/json",
            lambda: json.dumps({"recipe": told.recipe.to_dict(), "result": held.result}, indent=1),
        ),
        "csv": ("text/csv", lambda: _table(held.inputs)),
    }
    sort, write = made[form]
    name = {"r": "analysis.R", "json": "analysis.json", "csv": "inputs.csv"}[form]
    response = HttpResponse(write(), content_type=f"{sort}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{name}"'
    return response


def _table(inputs: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    rows = [row | row.get("counts", {}) for row in inputs]
    known = [*INPUTS, *COUNTS, *(name for name in rows[0] if parts_of(name))]
    columns = [name for name in known if any(name in row for row in rows)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()
