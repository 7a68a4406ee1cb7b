"""The work on calls: opened, written, published, closed; who assesses; conflicts; gateways. Each step in its own form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.commission import assessing, calling, forms, lots
from whatworks.commission.forms import checked
from whatworks.commission.methods.workflow import CALL, Workflow, step
from whatworks.commission.models import Application, Call, CallConflict
from whatworks.commission.presenters import label
from whatworks.commission.presenters_work import run_page
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.people.roles import granted
from whatworks.spoken import spoken

Do = Callable[[HttpRequest, Call], str]


def may_take(user: User, workflow: Workflow, state: str, name: str) -> None:
    """Raise what the declared workflow has to say against somebody taking a way from a state."""
    step(workflow, state, name, granted(user.roles()))


@access("commission.work")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every call that is run here, and the awards that follow from it, with what one may do there."""
    held = Call.objects.filter(elsewhere=False).order_by("-begun", "title")
    user = request.user
    rows = [
        {
            "call": one, "label": label(one) or _("In draft"), "awards": one.awards.order_by("body") if one.state == "decided" else [],
            "assess": one.appointments.filter(user=user, role="assessor").exists(),
        }
        for one in held
    ]  # fmt: skip
    may = {name: user.may(f"commission.{name}") for name in ("run", "decide", "pay")}
    return render(request, "commission/work.html", {"rows": rows, "may": may})


@access("commission.run")
@never_cache
def open_call(request: HttpRequest) -> HttpResponse:
    """Open a call."""
    form = forms.CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = calling.open_call(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The call is in draft. Publish it when its rules are right."))
            return redirect("call_run", made.slug)
    told = {"form": form, "heading": _("Open a call"), "button": _("Open it")}
    return render(request, "commission/write.html", told, status=400 if form.errors else 200)


@access("commission.run")
@never_cache
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A new version of a call's rules."""
    call = get_object_or_404(Call, slug=slug, elsewhere=False)
    newest = call.newest()
    assert newest is not None
    form = forms.VersionForm(request.POST or None, initial={"seen": newest.number, "text": newest.text})
    if request.method == "POST" and form.is_valid():
        try:
            calling.add_version(by=request.user.actor, call=call, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("The new rules are kept. They bind once they are published."))
            return redirect("call_run", call.slug)
    told = {"form": form, "heading": call.title, "button": _("Keep this version")}
    return render(request, "commission/write.html", told, status=400 if form.errors else 200)


@access("commission.run")
@never_cache
def run(request: HttpRequest, slug: str) -> HttpResponse:
    """One call, step by step, for whoever keeps it."""
    call = get_object_or_404(Call, slug=slug, elsewhere=False)
    asked = request.POST.get("step", "")
    if request.method == "POST" and asked in STEPS:
        try:
            messages.success(request, STEPS[asked](request, call))
        except WhatworksError as error:
            messages.error(request, spoken(error))
        return redirect("call_run", slug)
    return render(request, "commission/run.html", run_page(call, request.user))


def _publish(request: HttpRequest, call: Call) -> str:
    may_take(request.user, CALL, call.state, "publish" if call.state == "draft" else "amend")
    calling.publish(by=request.user.actor, call=call)
    return _("The rules are published, and bind.")


def _close(request: HttpRequest, call: Call) -> str:
    may_take(request.user, CALL, call.state, "close")
    calling.close(by=request.user.actor, call=call)
    assessing.find_conflicts(by="rule:conflicts", call=call)
    return _("The call is closed.")


def _end(request: HttpRequest, call: Call) -> str:
    may_take(request.user, CALL, call.state, "end scoring")
    calling.end_scoring(by=request.user.actor, call=call)
    return _("Scoring has ended. Averages can be seen now.")


def _cancel(request: HttpRequest, call: Call) -> str:
    may_take(request.user, CALL, call.state, "cancel")
    calling.cancel(by=request.user.actor, call=call, why=_typed(forms.WhyForm, request)["why"])
    return _("The call is cancelled.")


def _appoint(request: HttpRequest, call: Call) -> str:
    told = _typed(forms.AppointForm, request)
    assessing.appoint(by=request.user.actor, call=call, **told)
    return _("They are appointed. They say first what they are tied to.")


def _conflict(request: HttpRequest, call: Call) -> str:
    told = _typed(forms.ConflictForm, request)
    seen = Application.objects.filter(call=call).visible_to(request.user)
    held = get_object_or_404(CallConflict, pk=told["conflict"], application__in=seen)
    stands = told["stands"] == "yes"
    assessing.settle_conflict(by=request.user.actor, conflict=held, stands=stands, why=told["why"])
    return _("It is decided.")


def _gateway(request: HttpRequest, call: Call) -> str:
    told = _typed(forms.GatewayForm, request)
    seen = Application.objects.filter(call=call).visible_to(request.user)
    held = get_object_or_404(seen, pk=request.POST.get("application", ""))
    eligible = told["eligible"] == "yes"
    assessing.judge_gateways(by=request.user.actor, application=held, eligible=eligible, why=told["why"])
    return _("It is written down.")


STEPS: dict[str, Do] = {
    "publish": _publish, "close": _close, "end-scoring": _end, "cancel": _cancel, "appoint": _appoint, "conflict": _conflict,
    "gateway": _gateway,
}  # fmt: skip


def _typed(form: type[Form], request: HttpRequest) -> dict[str, Any]:
    """What was typed into a small form. Raises InputError that says the first thing that is wrong."""
    return checked(form(request.POST))


@access("trial.custody")
@never_cache
def custody(request: HttpRequest) -> HttpResponse:
    """Where custodians commit to the lots of calls whose rules have one."""
    if request.method == "POST":
        try:
            told = _typed(forms.CommitForm, request)
            call = get_object_or_404(Call, pk=told["call"])
            lots.commit(by=request.user.actor, call=call, custodian=told["custodian"], commitment=told["commitment"])
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("Your commitment is published. Keep your secret until the draw."))
        return redirect("lots_work")
    running = Call.objects.filter(elsewhere=False, state__in=["open", "assessing", "deciding"]).order_by("title")
    rows = [
        {
            "call": one,
            "form": forms.CommitForm(initial={"call": one.pk}, auto_id=f"id_{one.pk}_%s"),
            "commitments": one.lot_commitments.order_by("number"),
        }
        for one in running
        if one.standing() and one.rules().selection.lot
    ]
    return render(request, "commission/lots.html", {"rows": rows})
