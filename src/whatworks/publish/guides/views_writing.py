"""Pages on which guides are written, sent, approved and withdrawn: authorise, call one thing, respond."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.ledger.canonical import digest
from whatworks.people.access import access
from whatworks.people.naming import who_and_when
from whatworks.publish.guides import guiding
from whatworks.publish.guides.building import build_guide
from whatworks.publish.guides.comparing import guide_changes, text_changes
from whatworks.publish.guides.forms import DecisionForm, OpenForm, StandingForm
from whatworks.publish.guides.forms_text import GuideForm
from whatworks.publish.guides.presenters import package_work, shown_draft, work_list
from whatworks.publish.guides.problems import problems
from whatworks.publish.guides.together import consult
from whatworks.publish.methods.guide_text import Text, changed, whole
from whatworks.publish.models import Guide, GuideDraft
from whatworks.saying import said
from whatworks.spoken import on_day, spoken

MAY = "publish.write"
DECIDES = "publish.approve"


@access("workspace.enter")
def guide_work(request: HttpRequest) -> HttpResponse:
    """Every guide: what is written, what is out, what waits."""
    context = {"guides": work_list(), "may_write": request.user.may(MAY), "packages": package_work()}
    context["may_gather"] = request.user.may("publish.package")
    return render(request, "publish/guides/work.html", context)


@access(MAY)
def open_guide(request: HttpRequest) -> HttpResponse:
    """Begin a guide."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = guiding.open_guide(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Begun. Now write it; nothing is public until an editor approves it."))
            return redirect("write_guide", made.pk)
    return render(request, "publish/guides/open.html", {"form": form}, status=400 if form.errors else 200)


def _guide(identifier: str) -> Guide:
    return get_object_or_404(Guide.objects.select_related("theme"), pk=identifier)


@access(MAY)
def write_guide(request: HttpRequest, identifier: str) -> HttpResponse:
    """Write a guide. Whoever comes second sees both texts, and loses nothing."""
    guide = _guide(identifier)
    held = guiding.draft_of(guide)
    if request.method != "POST":
        return _form(request, guide, held, GuideForm(held.text, digest(held.text)))
    form = GuideForm(held.text, digest(held.text), request.POST)
    action, _, key = request.POST.get("do", "save").partition(":")
    try:
        mine = whole(form.text())
        if action not in ("save", "look"):
            mine = whole(changed(mine, action, key))
        guiding.write(by=request.user.actor, guide=guide, text=mine, seen=request.POST.get("seen", ""))
    except ConflictError as error:
        return _conflict(request, guide, form, spoken(error))
    except InputError as error:
        form.is_valid()
        form.add_error(None, spoken(error))
        return _form(request, guide, held, form, status=400)
    return _kept(request, guide, mine, action, key)


def _kept(request: HttpRequest, guide: Guide, mine: Text, action: str, key: str) -> HttpResponse:
    if action == "look":
        return redirect("read_guide", guide.pk)
    told = {
        "remove": _("Removed. You can put it back at the end of this page."),
        "put-back": _("Put back, at the end."),
        "add": _("A recommendation is added at the end."),
    }
    messages.success(request, told.get(action, "Kept."))
    last = mine["recommendations"][-1]["key"] if mine["recommendations"] else ""
    at = {"remove": "removed", "save": "", "add": last}.get(action, key)
    return redirect(reverse("write_guide", args=[guide.pk]) + (f"#{at}" if at else ""))


def _conflict(request: HttpRequest, guide: Guide, form: GuideForm, sentence: str) -> HttpResponse:
    """Both texts beside each other. What this person typed stays in the form, now upon the other's."""
    held = guiding.draft_of(guide)
    mine = whole(form.text())
    again = GuideForm(mine, digest(held.text))
    conflict = {"sentence": sentence, "changes": text_changes(held.text, mine), "by": _written(held)}
    return _form(request, guide, held, again, text=mine, conflict=conflict, status=409)


def _written(held: GuideDraft) -> str:
    return who_and_when(held.written_by, held.written_at) if held.written_by else ""


def _form(
    request: HttpRequest,
    guide: Guide,
    held: GuideDraft,
    form: GuideForm,
    *,
    text: Text | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = text or held.text
    found = problems(now)
    context = {
        "guide": guide,
        "form": form,
        "draft": held,
        "written": _written(held),
        "problems": found,
        "recommendations": form.recommendations(found),
        "removed": now["removed"],
        "gone": " ".join(one["key"] for one in now["removed"]),
        "conflict": conflict,
    }
    return render(request, "publish/guides/write.html", context, status=status)


@access("workspace.enter")
def read_guide(request: HttpRequest, identifier: str) -> HttpResponse:
    """The would-be guide as readers would see it, what would change, and what can be done with it."""
    guide = _guide(identifier)
    held = GuideDraft.objects.filter(guide=guide).first()
    if held is None:
        held = guiding.draft_of(guide)
    held.text = whole(held.text)
    form = _decision(request, guide, held)
    if isinstance(form, HttpResponse):
        return form
    built, newest = build_guide(guide, held.text), guide.newest()
    if not form.is_bound:
        form.initial["seen"] = digest(built.content)
    context = {
        "guide": guide,
        "draft": held,
        "saved": bool(held.version),
        "seen": digest(held.text),
        "written": _written(held),
        "shown": shown_draft(guide, built.content),
        "problems": problems(held.text),
        "changes": guide_changes(newest.content, built.content) if newest else [],
        "newest": newest,
        "form": form,
        "may_write": request.user.may(MAY),
        "may_decide": request.user.may(DECIDES),
        "own": request.user.actor in held.writers,
    }
    return render(request, "publish/guides/read.html", context, status=400 if form.errors else 200)


ASKS = {GuideDraft.APPROVAL: ("what_changed", "why"), GuideDraft.CONSULTATION: ("closes_on", "why"), "": ()}


def _decision(request: HttpRequest, guide: Guide, held: GuideDraft) -> DecisionForm | HttpResponse:
    """The form with its errors, or the way on where something was done."""
    form = DecisionForm(ASKS[held.sent_for], request.POST if request.POST.get("decision") else None)
    if request.method != "POST":
        return form
    if "send" in request.POST:
        return _sent(request, guide)
    if not request.user.may(DECIDES):
        raise Http404
    if form.is_valid():
        try:
            return _decided(request, guide, request.POST.get("decision", ""), form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
    return form


def _sent(request: HttpRequest, guide: Guide) -> HttpResponse:
    if not request.user.may(MAY):
        raise Http404
    try:
        seen = request.POST.get("text", "")
        guiding.send(by=request.user.actor, guide=guide, what_for=request.POST["send"], seen=seen)
    except WhatworksError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(request, _("Sent. An editor who did not write it reads it next."))
    return redirect("read_guide", guide.pk)


def _decided(request: HttpRequest, guide: Guide, decision: str, given: dict[str, Any]) -> HttpResponse:
    by = request.user.actor
    if decision == "approve":
        made = guiding.approve_guide(by=by, guide=guide, what_changed=given["what_changed"], seen=given["seen"])
        messages.success(request, _("Published as revision %(number)s.") % {"number": made.number})
    elif decision == "consult":
        if given["closes_on"] is None:
            raise InputError(said("Give the last day on which people can respond, such as 2027-01-31."))
        asked = consult(by=by, guide=guide, closes_on=given["closes_on"], seen=given["seen"])
        told = {"number": asked.number, "day": on_day(asked.closes_on)}
        messages.success(request, _("Draft %(number)s is public until %(day)s.") % told)
        return redirect("guide_consultation", guide.slug, asked.number)
    else:
        held = guiding.draft_of(guide)
        guiding.send_back(by=by, guide=guide, why=given["why"], seen=digest(held.text))
        messages.success(request, _("Sent back to its writers."))
        return redirect("read_guide", guide.pk)
    return redirect("guide", guide.slug)


@access(DECIDES)
def stand_guide(request: HttpRequest, identifier: str) -> HttpResponse:
    """Withdraw a guide, or take it into use again."""
    guide = _guide(identifier)
    form = StandingForm(request.POST if request.method == "POST" else None)
    out = guide.withdrawn()
    if request.method == "POST" and form.is_valid():
        do = guiding.reinstate_guide if out else guiding.withdraw_guide
        try:
            do(by=request.user.actor, guide=guide, why=form.cleaned_data["why"])
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("It is in use again.") if out else _("Withdrawn. It stays at its address."))
            return redirect("guide", guide.slug)
    context = {"guide": guide, "form": form, "out": out}
    return render(request, "publish/guides/stand.html", context, status=400 if form.errors else 200)
