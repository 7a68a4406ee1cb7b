"""Pages on which responses to a draft are read and answered, and letters entered: authorise, call one thing, respond."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.publish.guides.forms import AnswerForm, LetterForm
from whatworks.publish.guides.presenters import response_rows
from whatworks.publish.guides.together import answer, respond
from whatworks.publish.guides.views import fresh_token
from whatworks.publish.models import Consultation, Response
from whatworks.spoken import spoken

MAY = "publish.write"


@access(MAY)
def responses(request: HttpRequest, identifier: str) -> HttpResponse:
    """Everything that was said of a draft, and what was answered."""
    asked = get_object_or_404(Consultation.objects.select_related("guide"), pk=identifier)
    context = {"consultation": asked, "guide": asked.guide, "rows": response_rows(asked)}
    return render(request, "publish/guides/responses.html", context)


@access(MAY)
def enter_letter(request: HttpRequest, identifier: str) -> HttpResponse:
    """Enter a letter that came by post."""
    asked = get_object_or_404(Consultation.objects.select_related("guide"), pk=identifier)
    form = LetterForm(asked, request.POST if request.method == "POST" else None, initial=fresh_token())
    if request.method == "POST" and form.is_valid():
        try:
            respond(by=request.user.actor, consultation=asked, came_by=Response.LETTER, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The letter is kept."))
            return redirect("guide_responses", asked.pk)
    context = {"guide": asked.guide, "consultation": asked, "form": form, "letter": True}
    return render(request, "publish/guides/respond.html", context, status=400 if form.errors else 200)


@access(MAY)
def answer_response(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say what was asked and what was done about it."""
    held = get_object_or_404(Response.objects.select_related("consultation__guide"), pk=identifier)
    newest = held.answers.order_by("-number").first()
    start = {"asked": newest.asked, "did": newest.did, "seen": newest.number} if newest else {"seen": 0}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data | {"seen": form.cleaned_data["seen"] or 0}
        try:
            answer(by=request.user.actor, response=held, **said)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Answered. Readers see it with the draft."))
            return redirect("guide_responses", held.consultation_id)
    context = {"response": held, "guide": held.consultation.guide, "form": form, "newest": newest}
    return render(request, "publish/guides/answer.html", context, status=400 if form.errors else 200)
