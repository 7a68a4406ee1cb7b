"""Panels for everybody: what they are, the call, the application, the draw to repeat, a member's own page. No cookie is set."""

from __future__ import annotations

from importlib import resources

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.convene import paneling, paneling_meetings
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.convene.models import Panel, PanelContact, PanelDraw
from whatworks.convene.panel_forms import ApplicationForm
from whatworks.convene.panel_presenters import mine_of, panel_of
from whatworks.convene.private_addresses import digest_of
from whatworks.errors import InputError, WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.saying import said
from whatworks.spoken import spoken


@access(PUBLIC)
def panels(request: HttpRequest) -> HttpResponse:
    """Every panel; those that call for people first."""
    today = timezone.localdate()
    calling = list(Panel.objects.calling(today))
    others = Panel.objects.exclude(pk__in=[one.pk for one in calling]).order_by("title")
    return render(request, "convene/panels.html", {"calling": calling, "panels": [panel_of(one) for one in others]})


@access(PUBLIC)
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel."""
    return render(request, "convene/panel.html", {"panel": panel_of(get_object_or_404(Panel, slug=slug))})


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
@never_cache
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Apply to a panel."""
    held = get_object_or_404(Panel, slug=slug)
    shown = panel_of(held)
    if not shown["calling"]:
        return redirect("panel", slug)
    form = ApplicationForm(held, request.POST or None)
    if request.method == "POST":
        refuse_flood(request)
        if form.trapped:
            return redirect("panel", slug)
        if form.is_valid():
            try:
                _contact, token = paneling.apply(panel=held, **form.told())
            except WhatworksError as error:
                form.add_error(None, spoken(error))
            else:
                return redirect("panel_mine", token)
    told = {"form": form, "panel": shown}
    return render(request, "convene/panel_apply.html", told, status=400 if form.errors else 200)


@csrf_exempt
@access(PUBLIC)
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What happened to what somebody said, what they agreed to and are offered; there they can take it back and delete it."""
    contact = PanelContact.objects.select_related("panel").filter(token=digest_of(token)).first()
    if contact is None:
        raise Http404
    wrong = ""
    if request.method == "POST":
        refuse_flood(request)
        try:
            if _done(request, contact):
                return render(request, "convene/panel_forgotten.html")
            return redirect("panel_mine", token)
        except WhatworksError as error:
            wrong = spoken(error)
    told = {"mine": mine_of(contact), "wrong": wrong}
    return render(request, "convene/panel_mine.html", told, status=400 if wrong else 200)


def _done(request: HttpRequest, contact: PanelContact) -> bool:
    """Do what the person asks for on their page. True where they were forgotten."""
    step, which = request.POST.get("step", ""), request.POST.get("which", "")
    if step == "forget":
        paneling_meetings.forget(contact=contact)
        return True
    if step == "delete":
        paneling_meetings.delete_saying(saying=get_object_or_404(contact.sayings.all(), pk=which))
    elif step in ("accepted", "declined"):
        payment = get_object_or_404(contact.payments.all(), pk=which)
        paneling_meetings.answer_payment(by="public", payment=payment, state=step)
    elif step == "stop":
        paneling.take_back(by="public", contact=contact, to="taking part")
    else:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))
    return False


@access(PUBLIC)
def draw_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The record of a draw, from which anybody can repeat it."""
    held = get_object_or_404(PanelDraw, panel__slug=slug)
    return HttpResponse(
        held.document, content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{slug}-draw.json"'},
    )  # fmt: skip


@access(PUBLIC)
def replay_file(request: HttpRequest) -> HttpResponse:
    """The program of one file that repeats a draw."""
    text = resources.files("whatworks.convene").joinpath("standalone", "replay_panel.py").read_text("utf-8")
    return HttpResponse(
        text, content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="replay_panel.py"'},
    )  # fmt: skip
