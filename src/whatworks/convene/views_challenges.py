"""Public challenge: say what is wrong with a page, read what others said and what we answered; how to complain about a service."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.convene import challenging
from whatworks.convene.challenging_forms import AnswerForm, SayForm
from whatworks.convene.challenging_presenters import complaining, every_challenge, shown_challenge, title_of
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.convene.models import Challenge
from whatworks.errors import WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken

MAY = "convene.answer"


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """Comment on a public page, or challenge it."""
    where = request.POST.get("of", "") if request.method == "POST" else request.GET.get("of", "")
    if not where and request.method != "POST":
        return render(request, "convene/challenge_which.html")
    if not challenging.may_be_challenged(where):
        return redirect("challenges")
    form = SayForm(request.POST if request.method == "POST" else None, initial={"of": where, "kind": "comment"})
    if request.method == "POST":
        refuse_flood(request)
        if form.is_valid() and form.trapped:
            return redirect(where)
        if form.is_valid():
            told = form.cleaned_data
            try:
                text = challenging.say(
                    kind=told["kind"], words=told["words"], where=where, speaks_as=told["speaks_as"],
                    reply_to=told["reply_to"],
                )  # fmt: skip
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                return redirect("enquiry_mine", text.token)
    told_page = {"form": form, "where": where, "title": title_of(where)}
    return render(request, "convene/challenge.html", told_page, status=400 if form.errors else 200)


@access(PUBLIC)
def challenges(request: HttpRequest) -> HttpResponse:
    """Every challenge that was let through, and what we answered."""
    return render(request, "convene/challenges.html", {"rows": every_challenge()})


@access(PUBLIC)
def complain(request: HttpRequest) -> HttpResponse:
    """How to complain about a service: who looks after what, with the source of each fact."""
    return render(request, "convene/complain.html", {"told": complaining()})


@access(MAY)
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Challenges that wait for our answer, and those that have one."""
    answered = Challenge.objects.exclude(state=Challenge.UNANSWERED).order_by("-answered_on", "pk")[:50]
    rows = [shown_challenge(one) for one in Challenge.objects.unanswered().select_related("text", "about")]
    return render(
        request, "convene/challenges_work.html", {"rows": rows, "answered": [shown_challenge(one) for one in answered]}
    )


@access(MAY)
@never_cache
def answer(request: HttpRequest, identifier: str) -> HttpResponse:
    """Answer a challenge in public."""
    held = get_object_or_404(Challenge.objects.select_related("text", "about"), pk=identifier)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            challenging.answer(by=request.user.actor, challenge=held, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Answered. Everybody can read it."))
            return redirect("challenges_work")
    told = {"row": shown_challenge(held), "form": form}
    return render(request, "convene/challenge_answer.html", told, status=400 if form.errors else 200)
