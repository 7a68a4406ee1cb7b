"""The workspace of sites: opened, planned, moved on; forms of delivery, adaptations, and what the statistician says to those."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.errors import InputError, WhatworksError
from whatworks.implement import adapting, delivering, forms, opening
from whatworks.implement.forms_improving import HeedForm
from whatworks.implement.mapping import tell_map
from whatworks.implement.models import Adaptation, Site
from whatworks.implement.presenters import entry_of
from whatworks.implement.presenters_agreement import agreement_page
from whatworks.implement.presenters_work import warning, work_page
from whatworks.implement.showing import KEEP, TEAM, working
from whatworks.implement.views_parts import Step, numbered, site_for, stepped
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

ANALYSE = "trial.analyse"


@access(TEAM)
@never_cache
def sites(request: HttpRequest) -> HttpResponse:
    """The sites at which this person works."""
    told = {"sites": [entry_of(one) for one in working(request.user)], "may_open": request.user.may(KEEP)}
    return render(request, "implement/work_sites.html", told)


@access(KEEP)
@never_cache
def open_site(request: HttpRequest) -> HttpResponse:
    """Open a site."""
    form = forms.OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = opening.open_site(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The site is open. Write its plan next, and take its people into the team."))
            return redirect("site_work", made.slug)
    return render(request, "implement/work_open.html", {"form": form}, status=400 if form.errors else 200)


def _phase(request: HttpRequest, site: Site, form: Any) -> object:
    return opening.go_on(by=request.user.actor, site=site, **form.cleaned_data)


def _member(request: HttpRequest, site: Site, form: Any) -> object:
    return opening.add_member(by=request.user.actor, site=site, **form.cleaned_data)


def _remove(request: HttpRequest, site: Site, form: Any) -> object:
    return opening.remove_member(by=request.user.actor, site=site, member=numbered(request, site.members))


def _show(request: HttpRequest, site: Site, form: Any) -> object:
    return opening.agree_to_show(by=request.user.actor, site=site, shown=not site.shown)


def _pin(request: HttpRequest, site: Site, form: Any) -> object:
    return opening.pin(by=request.user.actor, site=site, revision=site.revision.page.newest())


def _pass_on(request: HttpRequest, site: Site, form: Any) -> object:
    if site.trial is None or not delivering.ready(site.trial):
        raise InputError(said("The trial takes nothing yet: its design is not locked, or its units are not drawn."))
    return delivering.pass_on(by=request.user.actor, site=site)


def _map(request: HttpRequest, site: Site, form: Any) -> object:
    if tell_map(by=request.user.actor, site=site) is None:
        raise InputError(said("There is nothing to say on the practice map now."))
    return None


STEPS = {
    "phase": Step(forms.PhaseForm, _phase, gettext_lazy("The site has moved on.")),
    "member": Step(forms.MemberForm, _member, gettext_lazy("They are in the team.")),
    "remove": Step(None, _remove, gettext_lazy("They are in the team no longer.")),
    "show": Step(None, _show, gettext_lazy("It is as you said.")),
    "pin": Step(None, _pin, gettext_lazy("The site goes by the newest revision.")),
    "pass": Step(None, _pass_on, gettext_lazy("The trial has what the forms come to.")),
    "map": Step(None, _map, gettext_lazy("The practice map says it.")),
}


@access(TEAM)
@never_cache
def site(request: HttpRequest, slug: str) -> HttpResponse:
    """One site for its team."""
    held = site_for(request, slug)
    return stepped(request, held, STEPS, "implement/work_site.html", lambda: {"told": work_page(held)})


@access(TEAM)
@never_cache
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version of the plan."""
    held = site_for(request, slug)
    row = held.plan()
    start = forms.begun(held, forms_plan(held), row.number if row else 0)
    form = forms.PlanForm(held, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            opening.write_plan(
                by=request.user.actor, site=held, seen=told["seen"], plan=form.plan(), what_changed=told["what_changed"]
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The plan is kept."))
            return redirect("site_work", slug)
    told = {"site": held, "form": form, "after_start": held.delivering(), "first": row is None}
    return render(request, "implement/work_plan.html", told, status=400 if form.errors else 200)


def forms_plan(site: Site) -> Any:
    """The plan that stands, read; None before there is one."""
    return opening.plan_of(site)[1] if site.plan() else None


def _sent(request: HttpRequest, site: Site, form: Any) -> object:
    told = form.cleaned_data
    before = site.forms.standing().filter(period=told["period"]).order_by("-number").first()
    replaces = before if "replace" in request.POST else None
    return delivering.send_form(
        by=request.user.actor, site=site, period=told["period"], done=form.counts(), dose=told["dose"],
        people=told["people"], note=told["note"], replaces=replaces,
    )  # fmt: skip


@access(TEAM)
@never_cache
def delivery(request: HttpRequest, slug: str) -> HttpResponse:
    """One form, for a phone."""
    held = site_for(request, slug)
    read = forms_plan(held)
    if read is None:
        raise Http404
    steps = {"form": Step(partial(forms.DeliveryForm, read), _sent, gettext_lazy("Sent. Thank you."))}
    return stepped(request, held, steps, "implement/work_form.html", lambda: {"told": work_page(held)})


def _adapted(request: HttpRequest, site: Site, form: Any) -> object:
    told = form.cleaned_data
    return adapting.adapt(by=request.user.actor, site=site, change=form.change(), on=told["on"], note=told["note"])


@access(TEAM)
@never_cache
def adaptation(request: HttpRequest, slug: str) -> HttpResponse:
    """An adaptation."""
    held = site_for(request, slug)
    read = forms_plan(held)
    if read is None:
        raise Http404
    make = partial(forms.AdaptationForm, read, initial={"when": held.phase(), "on": timezone.localdate().isoformat()})
    steps = {"adapt": Step(make, _adapted, gettext_lazy("Written down."))}
    return stepped(request, held, steps, "implement/work_adapt.html", lambda: {"told": work_page(held)})


@access(KEEP)
@never_cache
def agreement(request: HttpRequest) -> HttpResponse:
    """How alike people of one place answered, over all places."""
    return render(request, "implement/work_agreement.html", {"instruments": agreement_page()})


@access(ANALYSE)
@never_cache
def warnings(request: HttpRequest) -> HttpResponse:
    """Adaptations that may lower fidelity, for statisticians of trials."""
    form = HeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = get_object_or_404(Adaptation, pk=request.POST.get("which", ""))
        try:
            adapting.heed(by=request.user.actor, adaptation=held, decision=form.cleaned_data["decision"])
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("It is in the record of the trial."))
        return redirect("site_warnings")
    told = {"warnings": [warning(one) for one in Adaptation.objects.unheeded()], "form": form}
    return render(request, "implement/work_warnings.html", told, status=400 if form.errors else 200)
