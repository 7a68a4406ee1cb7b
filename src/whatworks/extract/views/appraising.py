"""Where a study, a report or a result of it is judged by an instrument, and what was judged in a review is drawn."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import InputError, WhatworksError
from whatworks.extract.appraising import appraise, of_two
from whatworks.extract.drawings import robvis_csv
from whatworks.extract.forms_appraising import Typed, acted, blank, held, typed
from whatworks.extract.forms_studies import coders
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.judged_things import Thing, per_result, thing_of, things_of
from whatworks.extract.models import Appraisal, Study
from whatworks.extract.presenters_appraising import drawings_of, form_of, last_of, newest
from whatworks.extract.presenters_coding import reader_of
from whatworks.extract.presenters_comparing import agreement_rows
from whatworks.extract.presenters_judged import appraisal_page, waiting_for
from whatworks.extract.presenters_studies import reviews_for
from whatworks.extract.views.parts import leads, of_study, reading, refuse_strangers, refuse_unless_changing
from whatworks.people.access import access
from whatworks.screen.models import Review
from whatworks.spoken import spoken

CHOOSE = gettext_lazy("Choose what is judged: this instrument judges one result at a time.")


@access("extract.study")
@of_study
def judging(request: HttpRequest, study: Study) -> HttpResponse:
    """The signalling questions of an instrument, what its rules propose, and what a person judges and why."""
    refuse_unless_changing(request, study.review_id)
    told = request.POST if request.method == "POST" else request.GET
    if not told.get("tool", ""):
        return reading(render(request, "extract/appraise.html", {"study": study, "instruments": newest()}))
    chosen, error = instrument(told["tool"]), ""
    try:
        thing = thing_of(study, chosen, told.get("of", ""))
    except InputError as refused:
        thing, error = None, spoken(refused)
    if thing is None:
        return choosing(request, study, chosen, error or (CHOOSE if request.method == "POST" else ""))
    asked = "what" in request.GET or of_two(study, chosen, thing.report, thing.contrast) is not None
    if asked and request.method != "POST":
        return choosing(request, study, chosen, "", thing)
    return _judging(request, chosen, thing)


def choosing(
    request: HttpRequest, study: Study, chosen: Instrument, error: str = "", thing: Thing | None = None
) -> HttpResponse:
    """What can be judged of the study by this instrument, and whom two judge it; with what was typed."""
    two = of_two(study, chosen, thing.report, thing.contrast) if thing else None
    shown: dict[str, Any] = {"study": study, "chosen": chosen, "things": things_of(study), "thing": thing, "two": two}
    shown |= {"per_result": per_result(chosen), "error": error, "asked": request.POST}
    if leads(request, study.review_id):
        shown |= {"people": coders(study.review_id), "key": request.POST.get("key", "") or uuid.uuid4().hex}
    return reading(render(request, "extract/appraise_what.html", shown))


def _judging(request: HttpRequest, chosen: Instrument, thing: Thing) -> HttpResponse:
    last = last_of(thing, chosen)
    told = typed(request.POST, chosen) if request.method == "POST" else held(last)
    form, error = filled(chosen, told)
    if request.method == "POST" and request.POST.get("step") == "keep" and not error:
        error = _kept(request, thing, chosen, acted(told, form["answers"]))
        if not error:
            return redirect("study_work", thing.study.pk)
    shown = {"study": thing.study, "chosen": chosen, "thing": thing, "form": form, "error": error}
    shown |= {"last": last, "reader": reader_of(thing.study), "leads": leads(request, thing.study.review_id)}
    return reading(render(request, "extract/appraise.html", shown))


def filled(chosen: Instrument, told: Typed) -> tuple[dict[str, Any], str]:
    """The form for what was typed (an empty one where that is not `readable`), and what stands against it."""
    try:
        return form_of(chosen, told) | {"readable": True}, ""
    except InputError as refused:
        return form_of(chosen, blank()) | {"readable": False}, spoken(refused)


def _kept(request: HttpRequest, thing: Thing, chosen: Instrument, told: dict[str, Any]) -> str:
    """Keep it; what stands against that, in a sentence."""
    about = {"study": thing.study, "report": thing.report, "contrast": thing.contrast}
    try:
        made = appraise(by=request.user.actor, tool=chosen.key, version=chosen.version, **about, **told)
    except WhatworksError as error:
        return spoken(error)
    messages.success(request, _("Judged: %(overall)s.") % {"overall": made.overall or _("each domain by itself")})
    return ""


@access("extract.study")
def appraisal(request: HttpRequest, identifier: str) -> HttpResponse:
    """One judgement as it stands, what supports it, and how it stood before."""
    row = get_object_or_404(Appraisal.objects.select_related("study__review", "report"), pk=identifier)
    refuse_strangers(request, row.study.review_id)
    shown = {"study": row.study, "appraisal": row} | appraisal_page(row)
    return reading(render(request, "extract/appraisal.html", shown))


@access("extract.study")
def appraised(request: HttpRequest) -> HttpResponse:
    """What waits for this person, what was judged in the reviews they work on, and how far two appraisers agreed."""
    rows = [one["review"] for one in reviews_for(request.user.actor)]
    shown = [{"review": one, "drawn": drawings_of(one), "agreements": agreement_rows(one)} for one in rows]
    reviews = [one for one in shown if one["drawn"] or one["agreements"]]
    told = {"reviews": reviews, "waiting": waiting_for(request.user.actor)}
    return render(request, "extract/appraised.html", told)


@access("extract.study")
def robvis(request: HttpRequest, slug: str, tool: str, version: int) -> HttpResponse:
    """The judgements of a review as the table that robvis reads."""
    review = get_object_or_404(Review, slug=slug)
    refuse_strangers(request, review)
    for one in drawings_of(review):
        if (one["instrument"].key, one["instrument"].version) == (tool, version):
            response = HttpResponse(robvis_csv(one["rated"]), content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{tool}-{version}.csv"'
            return response
    raise Http404
