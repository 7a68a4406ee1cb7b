"""Consultations for everybody: questions to answer, a private page, what came of it, and what was done about each key message."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.convene import consulting
from whatworks.convene.consultation_forms import AnswerForm
from whatworks.convene.consultation_presenters import consultation_of, document_of, message_of
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.convene.message_slides import slides
from whatworks.convene.models import Consultation, KeyMessage
from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.trial.reports.pdf import pdf
from whatworks.trial.reports.word import word

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@access(PUBLIC)
def consultations(request: HttpRequest) -> HttpResponse:
    """Every consultation; those that can be answered first."""
    asking = list(Consultation.objects.asking(timezone.localdate()))
    others = Consultation.objects.exclude(pk__in=[one.pk for one in asking]).order_by("-closes_on", "title")
    return render(request, "convene/consultations.html", {"asking": asking, "others": others})


@access(PUBLIC)
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    """What was asked, how many answered, and the key messages with the answers behind each."""
    held = get_object_or_404(Consultation, slug=slug)
    return render(request, "convene/consultation.html", {"told": consultation_of(held)})


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer a consultation."""
    held = get_object_or_404(Consultation, slug=slug)
    if not consultation_of(held)["asking"]:
        return redirect("consultation", slug)
    form = AnswerForm(held, request.POST or None)
    if request.method == "POST":
        refuse_flood(request)
        if form.trapped:
            return redirect("consultation", slug)
        if form.is_valid():
            try:
                _made, token = consulting.respond(
                    consultation=held, answers=form.answers(), scope=form.cleaned_data["scope"]
                )
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                return redirect("response_mine", token)
    told = {"form": form, "held": held}
    return render(request, "convene/consultation_answer.html", told, status=400 if form.errors else 200)


@csrf_exempt
@access(PUBLIC)
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's answer, at their private address: there they say whether it may be shown, or take it back."""
    response = consulting.by_token(token)
    if response is None:
        raise Http404
    if request.method == "POST":
        step = request.POST.get("step", "")
        if step == "withdraw":
            consulting.withdraw(response=response)
        elif step in ("count", "quote"):
            consulting.change_scope(response=response, scope=step)
        else:
            raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))
        return redirect("response_mine", token)
    own = response.own_words.select_related("text").order_by("number")
    return render(request, "convene/consultation_mine.html", {"response": response, "own": own})


@access(PUBLIC)
def report_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The key messages as PDF, Word or slides. Only signed messages, and only quotes that may be shown now."""
    held = get_object_or_404(Consultation, slug=slug)
    told = consultation_of(held)
    if not told["messages"]:
        raise Http404
    body = slides(told) if form == "pptx" else (pdf if form == "pdf" else word)(document_of(told))
    return HttpResponse(
        body,
        content_type=KINDS[form],
        headers={"Content-Disposition": f'attachment; filename="{slug}-messages.{form}"'},
    )


@access(PUBLIC)
def messages_done(request: HttpRequest) -> HttpResponse:
    """Every signed key message, and what was done about it."""
    held = KeyMessage.objects.exclude(signed_by="").select_related("consultation").order_by("consultation", "number")
    rows: list[dict[str, Any]] = [message_of(one) for one in held]
    return render(request, "convene/consultation_promises.html", {"rows": rows})


@access(PUBLIC)
def message(request: HttpRequest, identifier: str) -> HttpResponse:
    """One key message with the answers that it rests on, and what was done about it."""
    held = get_object_or_404(KeyMessage.objects.exclude(signed_by="").select_related("consultation"), pk=identifier)
    return render(request, "convene/consultation_message.html", {"row": message_of(held)})
