"""The workspace of the living loop: the one list of work, searches that are run again, reports that are suggested to reviews."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.collate.models import Report
from whatworks.errors import WhatworksError
from whatworks.learn import looping
from whatworks.learn.looping_forms import DeclineForm, SearchForm, ShareForm
from whatworks.learn.looping_suggesting import suggested_for
from whatworks.learn.looping_work import SOURCES, Item, source, work
from whatworks.learn.models import SavedSearch, WorkShare
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.people.models import User
from whatworks.screen.models import Review
from whatworks.screen.reviewing import may_lead
from whatworks.spoken import spoken

LOOP = "learn.loop"
MINE, NOBODY, LATE = "mine", "nobody", "late"


@access("workspace.enter")
@never_cache
def loop(request: HttpRequest) -> HttpResponse:
    """What is to be done, by whom and by when."""
    kind, whose = request.GET.get("kind", ""), request.GET.get("whose", "")
    everything = work()
    kept = {
        MINE: lambda one: one.owner == request.user.actor,
        NOBODY: lambda one: not one.owner,
        LATE: lambda one: one.late,
    }
    test = kept.get(whose, lambda one: True)
    rows = [one for one in everything if test(one) and kind in ("", one.kind)]
    shown, pages = paged(request, rows)
    query = "".join(f"&{name}={value}" for name, value in (("kind", kind), ("whose", whose)) if value)
    told = {
        "rows": [_row(request, one) for one in shown],
        "pages": pages | {name: pages[name] and pages[name] + query for name in ("previous", "next")},
        "kinds": [{"key": one.kind, "title": one.title, "n": sum(item.kind == one.kind for item in everything)} for one in SOURCES],
        "kind": kind, "whose": whose, "total": len(everything), "late": sum(one.late for one in everything),
        "may_loop": request.user.may(LOOP),
    }  # fmt: skip
    return render(request, "learn/loop.html", told)


def _row(request: HttpRequest, item: Item) -> dict[str, Any]:
    held = source(item.kind)
    assert held is not None
    return {"item": item, "title": held.title, "may": request.user.may(held.permission)}


@access(LOOP)
@never_cache
def share(request: HttpRequest, kind: str, about: str) -> HttpResponse:
    """Say who does a piece of work, and by when."""
    held = source(kind)
    item = next((one for one in work([kind]) if one.about == about), None) if held else None
    if held is None or item is None:
        raise Http404
    before = WorkShare.objects.filter(kind=kind, about=about).first()
    people = [one for one in User.objects.here() if one.may(held.permission)]
    start = {"owner": before.owner, "due_on": before.due_on} if before else None
    form = ShareForm(people, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            looping.share_work(
                by=request.user.actor, kind=kind, about=about, owner=form.person(), due_on=form.cleaned_data["due_on"]
            )
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("It is kept. The work is done when the thing itself is done."))
            return redirect("loop")
    told = {"form": form, "item": item, "title": held.title, "few": not people}
    return render(request, "learn/loop_share.html", told, status=400 if form.errors else 200)


@access(LOOP)
@never_cache
def searches(request: HttpRequest) -> HttpResponse:
    """Searches that are run again for reviews."""
    form = SearchForm(request.POST if "review" in request.POST else None)
    if request.method == "POST" and "end" in request.POST:
        looping.end_search(
            by=request.user.actor, saved=get_object_or_404(SavedSearch.objects.standing(), pk=request.POST["end"])
        )
        return redirect("loop_searches")
    if request.method == "POST" and form.is_valid():
        try:
            looping.save_search(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("It comes onto the list of work when it is due."))
            return redirect("loop_searches")
    rows = [
        {"saved": one, "last": looping.last_run(one), "due": looping.next_due(one)}
        for one in SavedSearch.objects.standing()
    ]
    return render(request, "learn/loop_searches.html", {"rows": rows, "form": form}, status=400 if form.errors else 200)


@access(LOOP)
@never_cache
def suggested(request: HttpRequest, slug: str) -> HttpResponse:
    """New reports that may belong to a review: give them to it, or say why not."""
    review = get_object_or_404(Review, slug=slug)
    wrong, form = "", DeclineForm(request.POST if request.POST.get("step") == "decline" else None)
    if request.method == "POST":
        report = get_object_or_404(Report, pk=request.POST.get("report", ""))
        try:
            if request.POST.get("step") == "take":
                looping.take_in(by=request.user.actor, review=review, reports=[report])
                messages.success(request, _("It waits in the review to be screened."))
                return redirect("loop_suggested", slug)
            if form.is_valid():
                looping.decline(by=request.user.actor, review=review, report=report, **form.cleaned_data)
                return redirect("loop_suggested", slug)
            wrong = _("Say why the report is not for this review.")
        except WhatworksError as error:
            wrong = spoken(error)
    rows, pages = paged(request, suggested_for(review))
    told = {
        "review": review,
        "rows": rows,
        "pages": pages,
        "wrong": wrong,
        "leads": may_lead(review, request.user.actor),
    }
    return render(request, "learn/loop_suggested.html", told, status=400 if wrong else 200)
