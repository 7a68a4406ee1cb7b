"""The workspace of learning from cases: enter, code unseen, settle, tie to interventions, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.errors import WhatworksError
from whatworks.learn import reviewing_cases as reviewing
from whatworks.learn.cases_forms import CodeForm, EnterForm, LinkForm, SettleForm, UnlinkForm
from whatworks.learn.cases_presenters import SENTENCE, title_of
from whatworks.learn.frames import newest
from whatworks.learn.methods.cases_frame import Codes
from whatworks.learn.models import CaseLink, CasePublication
from whatworks.people.access import access
from whatworks.spoken import spoken

CODE, SETTLE = "learn.code-cases", "learn.settle-cases"


@access(CODE)
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """What waits for whom. Nobody sees here what somebody else coded."""
    version, me = newest().version, request.user.actor
    groups: dict[str, list[CasePublication]] = {"mine": [], "other": [], "settle": [], "done": []}
    for one in CasePublication.objects.order_by("title").prefetch_related("codings", "settled"):
        coders = [row.coder for row in one.codings.all() if row.version == version]
        if any(row.version == version for row in one.settled.all()):
            groups["done"].append(one)
        elif len(coders) >= 2:
            groups["settle"].append(one)
        else:
            groups["other" if me in coders else "mine"].append(one)
    may_settle = request.user.may(SETTLE)
    told = {**groups, "may_settle": may_settle, "sentence": SENTENCE, "links": _links() if may_settle else []}
    return render(request, "learn/cases_work.html", told)


def _links() -> list[dict[str, Any]]:
    held = CaseLink.objects.select_related("intervention").order_by("theme", "intervention__name")
    return [{"link": one, "theme": title_of("theme", one.theme)} for one in held]


@access(CODE)
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a publication."""
    form = EnterForm(request.POST or None)
    made = _kept(request, form, lambda: reviewing.enter(by=request.user.actor, **form.cleaned_data))
    if made:
        messages.success(request, _("It is entered. Two people now code it, each without seeing the other's codes."))
        return redirect("cases_work")
    return _form(request, form, _("Enter a publication"))


@access(CODE)
@never_cache
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Code a publication, once."""
    held = get_object_or_404(CasePublication, slug=slug)
    form = CodeForm(request.POST or None)
    if _kept(request, form, lambda: reviewing.code(by=request.user.actor, publication=held, codes=form.codes())):
        messages.success(request, _("Your codes are kept."))
        return redirect("cases_work")
    told = {"form": form, "publication": held, "asked": form.asked(), "button": _("Keep my codes")}
    return render(request, "learn/case_code.html", told, status=400 if form.errors else 200)


@access(SETTLE)
@never_cache
def settle(request: HttpRequest, slug: str) -> HttpResponse:
    """Settle what two people coded differently."""
    held = get_object_or_404(CasePublication, slug=slug)
    both = reviewing.pair(held, newest().version)
    if both is None:
        raise Http404
    first, second = (reviewing.read(one.codes) for one in both)
    only = {key: sorted({*first.get(key, {}), *second.get(key, {})}) for key in {*first, *second}}
    form = SettleForm(request.POST or None, only=only, initial=_initial(first, second))
    if _kept(
        request,
        form,
        lambda: reviewing.settle(
            by=request.user.actor, publication=held, codes=form.codes(), why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("It is settled, and stands on the page."))
        return redirect("case_publication", slug)
    asked = form.asked()
    for part in asked:
        for row in part["rows"]:
            row["given"] = [codes.get(part["dimension"].key, {}).get(row["term"].key) for codes in (first, second)]
    told = {"form": form, "publication": held, "asked": asked, "why": form["why"], "button": _("Settle it")}
    return render(request, "learn/case_code.html", told, status=400 if form.errors else 200)


def _initial(first: Codes, second: Codes) -> dict[str, Any]:
    """What both gave stands in the form already; what only one gave is left for a decision."""
    found: dict[str, Any] = {}
    for key in set(first) & set(second):
        for term in set(first[key]) & set(second[key]):
            found[f"{key}__{term}"] = first[key][term].place
            if first[key][term].cases == second[key][term].cases:
                found[f"{key}__{term}__cases"] = first[key][term].cases
    return found


@access(SETTLE)
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """Tie a theme to an intervention, as a question."""
    form = LinkForm(request.POST or None)
    if _kept(request, form, lambda: reviewing.link(by=request.user.actor, **form.cleaned_data)):
        messages.success(request, _("It stands on both pages, as a question."))
        return redirect("cases_work")
    return _form(request, form, _("Tie a theme to an intervention"))


@access(SETTLE)
@never_cache
def unlink(request: HttpRequest) -> HttpResponse:
    """Take a tie back."""
    form = UnlinkForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        raise Http404
    reviewing.unlink(by=request.user.actor, held=form.cleaned_data["link"])
    messages.success(request, _("The tie is taken back."))
    return redirect("cases_work")


@access(SETTLE)
@never_cache
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Its source has withdrawn it."""
    held = get_object_or_404(CasePublication, slug=slug)
    form = django_forms.Form(request.POST if "sure" in request.POST else None)
    if _kept(request, form, lambda: reviewing.withdraw(by=request.user.actor, publication=held)):
        messages.success(request, _("It is gone from here, with its codes. Only the day remains."))
        return redirect("cases_work")
    return render(request, "learn/case_withdraw.html", {"publication": held})


def _kept(request: HttpRequest, form: django_forms.Form, keep: Callable[[], object]) -> bool:
    """Whether the form was sent, was right, and the verb took it; a sentence that refuses it goes onto the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        keep()
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return False
    return True


def _form(request: HttpRequest, form: django_forms.Form, name: str) -> HttpResponse:
    return render(request, "learn/case_form.html", {"form": form, "name": name}, status=400 if form.errors else 200)
