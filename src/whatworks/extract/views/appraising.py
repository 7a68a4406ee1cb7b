"""Where a study's risk of bias is judged by an instrument, and what was judged in a review is drawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from whatworks.errors import InputError, WhatworksError
from whatworks.extract.appraising import OVERALL, appraise
from whatworks.extract.drawings import robvis_csv
from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.models import Study
from whatworks.extract.presenters_appraising import drawings_of, form_of, last_of, newest
from whatworks.extract.presenters_coding import reader_of
from whatworks.extract.presenters_studies import reviews_for
from whatworks.extract.views.parts import of_study, reading, refuse_strangers, refuse_unless_changing
from whatworks.people.access import access
from whatworks.screen.models import Review

BLANK: dict[str, Any] = {"answers": {}, "domains": {}, "reasons": {}, "overall": "", "notes": {}}


@access("extract.study")
@of_study
def judging(request: HttpRequest, study: Study) -> HttpResponse:
    """The signalling questions of an instrument, what its rules propose, and what a person judges and why."""
    refuse_unless_changing(request, study.review_id)
    asked = (request.POST if request.method == "POST" else request.GET).get("tool", "")
    shown: dict[str, Any] = {"study": study, "instruments": newest(), "reader": reader_of(study)}
    if not asked:
        return reading(render(request, "extract/appraise.html", shown))
    chosen = instrument(asked)
    typed = _typed(request, chosen) if request.method == "POST" else _held(study, chosen)
    error = ""
    try:
        form = form_of(chosen, typed)
    except InputError as refused:
        error, form = str(refused), form_of(chosen, BLANK)
    if request.method == "POST" and request.POST.get("step") == "keep" and not error:
        error = _kept(request, study, chosen, typed | {"answers": form["answers"]})
        if not error:
            return redirect("study_work", study.pk)
    return reading(render(request, "extract/appraise.html", shown | {"chosen": chosen, "form": form, "error": error}))


def _kept(request: HttpRequest, study: Study, chosen: Instrument, typed: dict[str, Any]) -> str:
    """Keep it; what stands against that, in a sentence."""
    told = {name: typed[name] for name in ("answers", "domains", "reasons", "overall")}
    try:
        made = appraise(by=request.user.actor, study=study, tool=chosen.key, version=chosen.version, **told)
    except WhatworksError as error:
        return str(error)
    messages.success(request, f"Judged: {made.overall or 'each domain by itself'}.")
    return ""


def _typed(request: HttpRequest, chosen: Instrument) -> dict[str, Any]:
    post = request.POST
    keys = [*(domain.key for domain in chosen.domains), OVERALL]
    return {
        "answers": {one.key: post.get(f"q-{one.key}", "") for one in chosen.questions},
        "domains": {key: said for key in keys[:-1] if (said := post.get(f"judged-{key}", ""))},
        "reasons": {key: said for key in keys if (said := post.get(f"why-{key}", "").strip())},
        "overall": post.get(f"judged-{OVERALL}", ""),
    }


def _held(study: Study, chosen: Instrument) -> dict[str, Any]:
    """What was judged before; where it is as the rules propose, nothing is chosen against them."""
    last = last_of(study, chosen)
    if last is None:
        return BLANK
    said = {key: word for key, word in last.domains.items() if last.proposed.get(key) != word}
    overall = last.overall if last.proposed.get(OVERALL) != last.overall else ""
    return {"answers": last.answers, "domains": said, "reasons": last.reasons, "overall": overall}


@access("extract.study")
def appraised(request: HttpRequest) -> HttpResponse:
    """What was judged in the reviews that this person works on."""
    rows = [one["review"] for one in reviews_for(request.user.actor)]
    shown = [{"review": one, "drawn": drawings_of(one)} for one in rows]
    return render(request, "extract/appraised.html", {"reviews": [one for one in shown if one["drawn"]]})


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
