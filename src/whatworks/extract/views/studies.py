"""Where the studies of a review stand, and one study: its reports, arms, outcomes as measured, codings and results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.collate.models import Report
from whatworks.errors import WhatworksError
from whatworks.extract.coding import assign_coder, leave_coding, open_coding
from whatworks.extract.forms_mending import RemovingForm
from whatworks.extract.forms_regrouping import TakingBackForm
from whatworks.extract.forms_studies import ArmForm, AssigningForm, CodingForm, MeasureForm, StudyForm, TellingForm
from whatworks.extract.measuring import add_measure
from whatworks.extract.models import Coding, CodingFrame, Study
from whatworks.extract.presenters_regrouping import merged_into
from whatworks.extract.presenters_studies import reviews_for, study_page
from whatworks.extract.removing import detach_report
from whatworks.extract.studying import add_arm, attach_report, open_study
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
from whatworks.spoken import spoken


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
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("“%(name)s” is open. Add its arms and what it measured.") % {"name": made.name})
            return redirect("study_work", made.pk)
    return render(request, "extract/open_study.html", {"review": review, "form": form})


@access("extract.study")
@of_study
def study(request: HttpRequest, study: Study) -> HttpResponse:
    """A study: what tells of it, who codes it, and what was found and judged."""
    return study_view(request, study)


def study_view(request: HttpRequest, study: Study, **bound: Form) -> HttpResponse:
    """The page of a study, with forms that were refused as they were sent."""
    review = study.review
    made: dict[str, Form] = {"arm": ArmForm(prefix="arm"), "measure": MeasureForm(prefix="measure")}
    made |= {"telling": TellingForm(review, prefix="telling"), "coding": CodingForm(prefix="coding")}
    made |= {"assigning": AssigningForm(review, prefix="assigning"), "taking": TakingBackForm()}
    shown = {"study": study, "review": review, "forms": made | bound} | study_page(study, request.user.actor)
    here, may = shown["merged"] is None, changes(request, review)  # what is done to a merged study is done over there
    shown |= {"leads": here and leads(request, review), "changes": here and may, "takes": may}
    return render(request, "extract/study.html", shown)


def gone(request: HttpRequest, study: Study) -> HttpResponse | None:
    """The way to the study that this one was merged into; None while it is a study of its own."""
    merged = merged_into(study)
    if merged is None:
        return None
    messages.error(request, _("“%(name)s” was merged into this study; change it here.") % {"name": study.name})
    return redirect("study_work", merged.other_id)


def _telling(request: HttpRequest, study: Study) -> Form:
    form = TellingForm(study.review, request.POST, prefix="telling")
    if form.is_valid():
        told = {"by": request.user.actor, "study": study, **form.cleaned_data}
        tried(request, form, lambda: attach_report(**told), _("The report is attached to the study."))
    return form


def _added(told: dict[str, Any]) -> str:
    return _("Added: %(name)s.") % {"name": told["name"]}


def _arm(request: HttpRequest, study: Study) -> Form:
    form = ArmForm(request.POST, prefix="arm")
    if form.is_valid():
        told = form.told()
        tried(request, form, lambda: add_arm(by=request.user.actor, study=study, **told), _added(told))
    return form


def _measure(request: HttpRequest, study: Study) -> Form:
    form = MeasureForm(request.POST, prefix="measure")
    if form.is_valid():
        told = form.told()
        tried(request, form, lambda: add_measure(by=request.user.actor, study=study, **told), _added(told))
    return form


def _coding(request: HttpRequest, study: Study) -> Form:
    refuse_unless_lead(request, study.review_id)
    form = CodingForm(request.POST, prefix="coding")
    if form.is_valid():
        told = {"by": request.user.actor, "study": study, **form.cleaned_data}
        tried(request, form, lambda: open_coding(**told), _("It is put up for coding. Say who codes it."))
    return form


def _assigning(request: HttpRequest, study: Study) -> Form:
    refuse_unless_lead(request, study.review_id)
    coding = get_object_or_404(Coding, pk=request.POST.get("coding", ""), study=study)
    form = AssigningForm(study.review, request.POST, prefix="assigning")
    if form.is_valid():
        user = form.cleaned_data["user"]
        said = _("%(name)s has the form now.") % {"name": user.name or user.email}
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
        return study_view(request, study, **{what: form})
    return redirect("study_work", study.pk)


@access("extract.study")
@require_POST
@of_study
def remove(request: HttpRequest, study: Study, what: str) -> HttpResponse:
    """Say that a report does not tell of the study, or that somebody codes it no longer."""
    if what not in REMOVING:
        raise Http404
    form = RemovingForm(request.POST)
    do, said = REMOVING[what](request, study)
    if form.is_valid() and tried(request, form, do, said):
        return redirect("study_work", study.pk)
    if what == "report":
        return study_view(request, study, leaving=form)
    messages.error(request, " ".join(form.non_field_errors()))
    return redirect("study_work", study.pk)


def _detaching(request: HttpRequest, study: Study) -> tuple[Callable[[], Any], str]:
    refuse_unless_changing(request, study.review_id)
    report = get_object_or_404(Report, pk=request.POST.get("report", ""))
    told = {"by": request.user.actor, "study": study, "report": report, "why": request.POST.get("why", "")}
    return lambda: detach_report(**told), _("The report is not attached any more.")


def _leaving(request: HttpRequest, study: Study) -> tuple[Callable[[], Any], str]:
    refuse_unless_lead(request, study.review_id)
    coding = get_object_or_404(Coding, pk=request.POST.get("coding", ""), study=study)
    user = get_object_or_404(User, pk=request.POST.get("user", ""))
    said = _("They code it no longer. What they answered is kept.")
    return lambda: leave_coding(by=request.user.actor, coding=coding, user=user), said


REMOVING: dict[str, Callable[[HttpRequest, Study], tuple[Callable[[], Any], str]]] = {
    "report": _detaching,
    "coder": _leaving,
}
