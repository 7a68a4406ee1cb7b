"""Where the studies of a review stand, and one study: its reports, arms, outcomes as measured, codings and results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from whatworks.collate.models import Report
from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.extract.coding import assign_coder, leave_coding, open_coding
from whatworks.extract.forms_studies import ArmForm, AssigningForm, CodingForm, MeasureForm, StudyForm, TellingForm
from whatworks.extract.models import Coding, CodingFrame, Study
from whatworks.extract.presenters_studies import reviews_for, study_page
from whatworks.extract.studying import add_arm, add_measure, attach_report, detach_report, open_study
from whatworks.extract.views.parts import (
    changes,
    leads,
    of_study,
    refuse_strangers,
    refuse_unless_changing,
    refuse_unless_lead,
    tried,
)
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.screen.models import Review


@access("extract.study")
def studies(request: HttpRequest) -> HttpResponse:
    """The studies of the reviews that this person works on, and how far the coding of each is."""
    shown = {"reviews": reviews_for(request.user.actor), "frames": CodingFrame.objects.newest().count()}
    return render(request, "extract/studies.html", shown)


@access("extract.study")
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a study in a review, from the reports that were taken in."""
    review = get_object_or_404(Review, slug=slug)
    refuse_strangers(request, review)
    refuse_unless_changing(request, review)
    form = StudyForm(review, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
        try:
            made = open_study(by=request.user.actor, review=review, **told)
        except WhatworksError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{made.name}” is open. Add its arms and what it measured.")
            return redirect("study_work", made.pk)
    return render(request, "extract/open_study.html", {"review": review, "form": form})


@access("extract.study")
@of_study
def study(request: HttpRequest, study: Study) -> HttpResponse:
    """A study: what tells of it, who codes it, and what was found and judged."""
    return _page(request, study)


def _page(request: HttpRequest, study: Study, **bound: Form) -> HttpResponse:
    review = study.review
    made: dict[str, Form] = {"arm": ArmForm(prefix="arm"), "measure": MeasureForm(prefix="measure")}
    made |= {"telling": TellingForm(review, prefix="telling"), "coding": CodingForm(prefix="coding")}
    made |= {"assigning": AssigningForm(review, prefix="assigning")}
    shown = {"study": study, "review": review, "forms": made | bound} | study_page(study, request.user.actor)
    shown |= {"leads": leads(request, review), "changes": changes(request, review)}
    return render(request, "extract/study.html", shown)


def _telling(request: HttpRequest, study: Study) -> Form:
    form = TellingForm(study.review, request.POST, prefix="telling")
    if form.is_valid():
        told = {"by": request.user.actor, "study": study, **form.cleaned_data}
        tried(request, form, lambda: attach_report(**told), "The report is attached to the study.")
    return form


def _arm(request: HttpRequest, study: Study) -> Form:
    form = ArmForm(request.POST, prefix="arm")
    if form.is_valid():
        told = form.told()
        tried(request, form, lambda: add_arm(by=request.user.actor, study=study, **told), f"Added: {told['name']}.")
    return form


def _measure(request: HttpRequest, study: Study) -> Form:
    form = MeasureForm(request.POST, prefix="measure")
    if form.is_valid():
        told = form.told()
        tried(request, form, lambda: add_measure(by=request.user.actor, study=study, **told), f"Added: {told['name']}.")
    return form


def _coding(request: HttpRequest, study: Study) -> Form:
    refuse_unless_lead(request, study.review_id)
    form = CodingForm(request.POST, prefix="coding")
    if form.is_valid():
        told = {"by": request.user.actor, "study": study, **form.cleaned_data}
        tried(request, form, lambda: open_coding(**told), "It is put up for coding. Say who codes it.")
    return form


def _assigning(request: HttpRequest, study: Study) -> Form:
    refuse_unless_lead(request, study.review_id)
    coding = get_object_or_404(Coding, pk=request.POST.get("coding", ""), study=study)
    form = AssigningForm(study.review, request.POST, prefix="assigning")
    if form.is_valid():
        user = form.cleaned_data["user"]
        said = f"{user.name or user.email} has the form now."
        tried(request, form, lambda: assign_coder(by=request.user.actor, coding=coding, user=user), said)
    return form


ADDING: dict[str, Callable[[HttpRequest, Study], Form]] = {
    "telling": _telling,
    "arm": _arm,
    "measure": _measure,
    "coding": _coding,
    "assigning": _assigning,
}


@access("extract.study")
@require_POST
@of_study
def add(request: HttpRequest, study: Study, what: str) -> HttpResponse:
    """Add a report, an arm, an outcome as measured, a coding or a coder; what cannot be stays on the page, with why."""
    if what not in ADDING:
        raise Http404
    if what not in ("coding", "assigning"):
        refuse_unless_changing(request, study.review_id)
    form = ADDING[what](request, study)
    if form.errors:
        return _page(request, study, **{what: form})
    return redirect("study_work", study.pk)


@access("extract.study")
@require_POST
@of_study
def remove(request: HttpRequest, study: Study, what: str) -> HttpResponse:
    """Say that a report does not tell of the study, or that somebody codes it no longer."""
    by, asked = request.user.actor, request.POST
    try:
        messages.success(request, _removed(request, study, what, by, asked))
    except ForbiddenError:
        raise
    except WhatworksError as error:
        messages.error(request, str(error))
    return redirect("study_work", study.pk)


def _removed(request: HttpRequest, study: Study, what: str, by: str, asked: Any) -> str:
    if what == "report":
        refuse_unless_changing(request, study.review_id)
        report = get_object_or_404(Report, pk=asked.get("report", ""))
        detach_report(by=by, study=study, report=report, why=asked.get("why", ""))
        return "The report is not attached any more."
    if what == "coder":
        refuse_unless_lead(request, study.review_id)
        coding = get_object_or_404(Coding, pk=asked.get("coding", ""), study=study)
        leave_coding(by=by, coding=coding, user=get_object_or_404(User, pk=asked.get("user", "")))
        return "They code it no longer. What they answered is kept."
    raise Http404
