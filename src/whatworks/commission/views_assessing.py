"""Where assessors are: what they are tied to, what they have to read, and their scores. Never anybody else's, before all are in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.commission import assessing, forms
from whatworks.commission.models import Application, Appointment, Assessment, Attachment, Call
from whatworks.commission.presenters_work import assess_page
from whatworks.commission.summary import money
from whatworks.commission.views_applying import answers_of, attached
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.spoken import spoken


@access("commission.assess")
@never_cache
def assess(request: HttpRequest, slug: str) -> HttpResponse:
    """What somebody has to score in a call, after they said what they are tied to."""
    call = get_object_or_404(Call, slug=slug, appointments__user=request.user, appointments__role=Appointment.ASSESSOR)
    if request.method == "POST":
        form = forms.TiesForm(request.POST)
        ties = form.cleaned_data["ties"].splitlines() if form.is_valid() else []
        assessing.declare_ties(by=request.user.actor, call=call, user=request.user, ties=ties)
        messages.success(request, _("Thank you. Applications of those bodies are not shown to you."))
        return redirect("call_assess", slug)
    return render(request, "commission/assess.html", assess_page(call, request.user))


@access("commission.work")
@never_cache
def read(request: HttpRequest, identifier: str) -> HttpResponse:
    """One application, for those who keep, assess or decide on its call."""
    held = readable(request.user, identifier)
    told = {"application": held, "call": held.call, "answers": answers_of(held), "cost": money(held.cost)}
    return render(request, "commission/read.html", told)


@access("commission.work")
@never_cache
def file(request: HttpRequest, identifier: str, attachment: str) -> HttpResponse:
    """A file of an application."""
    return attached(get_object_or_404(Attachment, application=readable(request.user, identifier), pk=attachment))


def readable(user: User, identifier: str) -> Application:
    """An application that somebody may read, or 404: one that they may not read does not exist for them."""
    held = Application.objects.handed_in().visible_to(user).select_related("call")
    if not (user.may("commission.run") or user.may("commission.decide")):
        held = held.filter(
            call__appointments__user=user, call__appointments__role=Appointment.ASSESSOR,
            call__appointments__declared_at__isnull=False,
        )  # fmt: skip
    found: Application = get_object_or_404(held, pk=identifier)
    return found


@access("commission.assess")
@never_cache
def score(request: HttpRequest, identifier: str) -> HttpResponse:
    """Score one application, or say that one is too close to it."""
    held = readable(request.user, identifier)
    criteria = held.call.rules().criteria
    mine = Assessment.objects.filter(application=held, user=request.user).first()
    begun: dict[str, str] = {}
    for one in mine.scores.all() if mine else ():
        begun |= {f"score-{one.criterion}": str(one.score), f"why-{one.criterion}": one.why}
    form = forms.ScoreForm(request.POST or None, criteria=criteria, initial=begun)
    step = request.POST.get("step", "")
    if request.method == "POST" and (step == "recuse" or form.is_valid()):
        try:
            _take(request, held, form, step)
        except WhatworksError as error:
            form.add_error(None, spoken(error)) if step != "recuse" else messages.error(request, spoken(error))
        else:
            return redirect("call_assess", held.call.slug)
    told = {
        "application": held, "call": held.call, "answers": answers_of(held), "cost": money(held.cost), "form": form,
        "recuse": forms.WhyForm(auto_id="id_recuse_%s"), "done": mine is not None and mine.submitted_at is not None,
        "mine": mine.scores.order_by("criterion") if mine else (),
    }  # fmt: skip
    return render(request, "commission/score.html", told, status=400 if request.method == "POST" else 200)


def _take(request: HttpRequest, held: Application, form: forms.ScoreForm, step: str) -> None:
    if step == "recuse":
        why = request.POST.get("why", "")
        assessing.recuse(by=request.user.actor, application=held, user=request.user, why=why)
        messages.success(request, _("It is no longer shown to you."))
        return
    hand_in = step == "hand in"
    assessing.score(by=request.user.actor, user=request.user, application=held, given=form.given(), hand_in=hand_in)
    messages.success(request, _("Your scores are in.") if hand_in else _("Saved. Hand them in when you are sure."))
