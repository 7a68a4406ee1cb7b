"""The workspace of priorities and decisions: one page for a setting with a form for each step, one for each kind of record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.decide import deciding, filling, forms, prioritising
from whatworks.decide.models import MeetingAction, PlanStep, Post, Priority, PrioritySetting, PutForward
from whatworks.decide.presenters import answer_of, setting_page
from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.models import Subject
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

SET, DECIDE, INTERVIEW = "decide.prioritise", "decide.record", "decide.interview"
Kept = Callable[[str, Any], object]
# Each kind of record: what it is called, its form, and the verb that keeps it.
RECORDS: dict[str, tuple[Any, type[django_forms.Form], Kept]] = {
    "decision": (gettext_lazy("A decision"), forms.DecisionForm, lambda by, form: deciding.decide(by=by, **form.told())),
    "meeting": (
        gettext_lazy("A meeting"), forms.MeetingForm, lambda by, form: deciding.hold_meeting(by=by, **form.cleaned_data)
    ),
    "action": (
        gettext_lazy("What somebody was asked to do"), forms.ActionForm,
        lambda by, form: deciding.ask_action(by=by, **form.cleaned_data),
    ),
    "gate": (gettext_lazy("A gate between stages"), forms.GateForm, lambda by, form: deciding.pass_gate(by=by, **form.told())),
    "response": (
        gettext_lazy("An answer to a consultation or the Government"), forms.PolicyForm,
        lambda by, form: deciding.respond_to_policy(by=by, **form.cleaned_data | {"cites": forms.lines(form.cleaned_data["cites"])}),
    ),
    "post": (gettext_lazy("A post to be filled"), forms.PostForm, lambda by, form: filling.open_post(by=by, **form.told())),
    "step": (gettext_lazy("A step of a plan"), forms.StepForm, lambda by, form: deciding.plan_step(by=by, **form.cleaned_data)),
}  # fmt: skip


@access("workspace.enter")
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Every setting, what waits for an answer, and what can be recorded."""
    listed = Priority.objects.filter(listed=True, states__isnull=True).by_place()
    told = {
        "settings": PrioritySetting.objects.order_by("-closes_on"),
        "unanswered": [{"priority": one, "answer": answer_of(one)} for one in listed],
        "actions": MeetingAction.objects.filter(done_on=None).select_related("meeting").order_by("due_on"),
        "steps": PlanStep.objects.filter(done_on=None).order_by("plan", "order"),
        "records": [{"key": key, "name": name} for key, (name, _form, _kept) in RECORDS.items()],
        "posts": Post.objects.filter(filled=None).order_by("closes_on"),
        "may_interview": request.user.may(INTERVIEW),
        "may_set": request.user.may(SET),
        "may_decide": request.user.may(DECIDE),
    }
    return render(request, "decide/work.html", told)


@access(DECIDE)
@never_cache
def record_one(request: HttpRequest, kind: str) -> HttpResponse:
    """Record a decision, a meeting, a gate and so on."""
    if kind not in RECORDS:
        raise Http404
    name, make, keep = RECORDS[kind]
    form = make(request.POST or None)
    if _done(request, form, lambda: keep(request.user.actor, form)):
        messages.success(request, _("It is kept."))
        return redirect("decisions_work")
    return render(request, "decide/record.html", {"form": form, "name": name}, status=400 if form.errors else 200)


@access(DECIDE)
@never_cache
def finish(request: HttpRequest, kind: str, identifier: str) -> HttpResponse:
    """Say that an action or a step is done."""
    model: Any = {"action": MeetingAction, "step": PlanStep}.get(kind)
    if model is None:
        raise Http404
    held = get_object_or_404(model, pk=identifier)
    form = forms.DoneForm(request.POST or None, initial={"which": identifier})

    def keep() -> object:
        proof = form.cleaned_data["proof"]
        if kind == "action":
            return deciding.do_action(by=request.user.actor, action=held, came_of_it=proof)
        return deciding.finish_step(by=request.user.actor, step=held, proof=proof)

    if _done(request, form, keep):
        messages.success(request, _("It is done."))
        return redirect("decisions_work")
    return render(request, "decide/record.html", {"form": form, "name": held.what}, status=400 if form.errors else 200)


@access(SET)
@never_cache
def open_setting(request: HttpRequest) -> HttpResponse:
    """Begin a setting of priorities."""
    form = forms.SettingForm(request.POST or None)

    def keep() -> object:
        given = dict(form.cleaned_data)
        groups = dict.fromkeys(forms.lines(given.pop("groups")), 1.0)
        return prioritising.open_setting(by=request.user.actor, groups=groups, **given)

    if made := _done(request, form, keep):
        return redirect("setting_work", made.slug)
    told = {"form": form, "name": _("Set priorities together")}
    return render(request, "decide/record.html", told, status=400 if form.errors else 200)


@access(SET)
@never_cache
def setting_work(request: HttpRequest, slug: str) -> HttpResponse:
    """One setting, step by step: put forward, look up, open, hand out codes, publish."""
    setting = get_object_or_404(PrioritySetting, slug=slug)
    step = request.POST.get("step", "")
    given = {name: make(request.POST if name == step else None) for name, make in _forms(setting).items()}
    codes: list[str] = []
    if request.method == "POST":
        steps: dict[str, Callable[[], object]] = {
            "put": lambda: prioritising.put_forward(
                by=request.user.actor, setting=setting, **given["put"].cleaned_data
            ),
            "look": lambda: _looked(request, setting, given["look"].cleaned_data),
            "open": lambda: prioritising.open_voting(by=request.user.actor, setting=setting),
            "codes": lambda: codes.extend(
                prioritising.hand_out(by=request.user.actor, setting=setting, **given["codes"].cleaned_data)
            ),
            "publish": lambda: prioritising.publish(
                by=request.user.actor, setting=setting, without=given["publish"].without()
            ),
        }
        if step not in steps:
            raise Http404
        if _done(request, given[step], steps[step], told=True) and not codes:
            return redirect("setting_work", slug)
    cast = setting.ballots.filter(points__isnull=False)
    told = setting_page(PrioritySetting.objects.get(pk=setting.pk)) | {
        "forms": given,
        "rows": setting.put_forward.select_related("question", "by_what").order_by("at"),
        "codes": codes,
        "ballots": [{"group": one, "cast": cast.filter(group=one).count(), "codes": setting.ballots.filter(group=one).count()}
                    for one in setting.groups],
    }  # fmt: skip
    return render(
        request, "decide/setting_work.html", told, status=400 if any(one.errors for one in given.values()) else 200
    )


def _forms(setting: PrioritySetting) -> dict[str, Callable[[Any], django_forms.Form]]:
    return {
        "put": lambda data: forms.PutForwardForm(setting, data),
        "look": lambda data: forms.LookUpForm(data),
        "open": lambda data: django_forms.Form(data),
        "codes": lambda data: forms.CodesForm(setting, data),
        "publish": lambda data: forms.PublishForm(setting, data),
    }


def _looked(request: HttpRequest, setting: PrioritySetting, given: dict[str, Any]) -> PutForward:
    row = get_object_or_404(PutForward, pk=given.pop("row"), setting=setting)
    given["by_what"] = _subject(given["by_what"])
    return prioritising.look_up(by=request.user.actor, row=row, **given)


@access(SET)
@never_cache
def answer(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say what was done about a priority."""
    priority = get_object_or_404(Priority.objects.select_related("question", "setting"), pk=identifier)
    now = answer_of(priority)
    form = forms.AnswerForm(request.POST or None, initial={"seen": now["number"]})

    def keep() -> object:
        given = dict(form.cleaned_data)
        given["output"] = _subject(given["output"])
        return deciding.answer_priority(by=request.user.actor, priority=priority, **given)

    if _done(request, form, keep):
        messages.success(request, _("The answer stands on the page of priorities."))
        return redirect("decisions_work")
    told = {"form": form, "name": priority.question.wording, "now": now}
    return render(request, "decide/record.html", told, status=400 if form.errors else 200)


@access(INTERVIEW)
@never_cache
def interviews(request: HttpRequest, identifier: str) -> HttpResponse:
    """The interviews for a post: one's own scores first, everybody's once one has scored them all."""
    post = get_object_or_404(Post, pk=identifier)
    step, may_fill = request.POST.get("step", ""), request.user.may(DECIDE)
    score = forms.ScoreForm(post, request.POST if step == "score" else None)
    fill = forms.FillForm(request.POST if step == "fill" else None)
    steps: dict[str, tuple[django_forms.Form, Callable[[], object]]] = {
        "score": (score, lambda: filling.score(by=request.user.actor, post=post, **score.told()))
    }
    if may_fill:
        steps["fill"] = (fill, lambda: filling.fill(by=request.user.actor, post=post, **fill.cleaned_data))
    if request.method == "POST" and step in steps and _done(request, *steps[step]):
        messages.success(request, _("It is kept."))
        return redirect("interviews", identifier)
    told = {
        "post": post, "form": score, "fill": fill if may_fill else None,
        "standings": filling.standings(post, seen_by=request.user.actor),
    }  # fmt: skip
    return render(request, "decide/interviews.html", told, status=400 if score.errors or fill.errors else 200)


def _subject(identifier: str) -> Subject | None:
    if not identifier.strip():
        return None
    found: Subject | None = Subject.objects.filter(pk=identifier.strip()).first()
    if found is None:
        raise InputError(
            said("There is nothing here called “%(one)s”; copy the identifier from its page.", one=identifier.strip())
        )
    return found


def _done(request: HttpRequest, form: django_forms.Form, keep: Callable[[], object], *, told: bool = False) -> Any:
    """What the verb gave, where the form was sent and is right; a sentence that refuses it goes onto the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = keep()
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return None
    return made or told
