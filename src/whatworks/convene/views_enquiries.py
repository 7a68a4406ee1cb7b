"""Enquiries for everybody: ask, see how it stands, read what we answered. No cookie is set: authorise, call one thing, respond."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from whatworks.convene import enquiring, enquiring_offers, guarding
from whatworks.convene.enquiring_forms import AskForm, LookForm, WriteForm
from whatworks.convene.enquiring_presenters import REGIMES, one, promises, said_of
from whatworks.convene.guarding_forms import refuse_flood
from whatworks.convene.models import Disclosure, Text
from whatworks.errors import WhatworksError
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell

ADDRESSES = {"page": "page", "guide": "guide"}


# Nobody is signed in here and no cookie is set, so there is no session that another site could misuse.
@csrf_exempt
@access(PUBLIC)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask: first what is published about it, then the enquiry."""
    if request.method != "POST":
        return render(request, "convene/enquire.html", {"form": LookForm(), "promises": promises()})
    refuse_flood(request)
    if request.POST.get("step") == "send":
        return _send(request)
    form = LookForm(request.POST)
    if not form.is_valid():
        return render(request, "convene/enquire.html", {"form": form, "promises": promises()}, status=400)
    found = enquiring_offers.offers(form.cleaned_data["words"])
    offer = enquiring_offers.keep_offer(len(found))
    start = {"words": form.cleaned_data["words"], "offer": offer.pk, "sort": "general"}
    for row in found:
        row["href"] = reverse("ask_followed", args=[offer.pk, *row["key"].split("/")])
    return render(
        request, "convene/enquire_ask.html", {"form": AskForm(initial=start), "offers": found, "looked": True}
    )


def _send(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST)
    if form.trapped:
        return redirect("ask")
    if form.is_valid():
        told = form.cleaned_data
        try:
            enquiry = enquiring.ask(words=told["words"], sort=told["sort"], reply_to=told["reply_to"])
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            enquiring_offers.submitted(told["offer"])
            return redirect("enquiry_mine", enquiry.text.token)
    return render(request, "convene/enquire_ask.html", {"form": form, "offers": []}, status=400)


@access(PUBLIC)
@never_cache
def ask_followed(request: HttpRequest, offer: str, kind: str, key: str) -> HttpResponse:
    """Open an answer that was offered, and count that it was."""
    try:
        target = reverse("answer_given", args=[int(key)]) if kind == "answer" else reverse(ADDRESSES[kind], args=[key])
    except (KeyError, ValueError, NoReverseMatch) as error:
        raise Http404 from error
    if request.method == "GET":
        enquiring_offers.followed(offer)
    return redirect(target)


@csrf_exempt
@access(PUBLIC)
@never_cache
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """What became of what somebody sent us, at their private address; there they can write again, or delete it."""
    text = get_object_or_404(Text.objects.select_related("enquiry"), token=token)
    form, wrong = WriteForm(request.POST if request.POST.get("step") == "write" else None), ""
    if request.method == "POST":
        refuse_flood(request)
        try:
            if _done(request, text, form):
                return redirect("enquiry_mine", token)
        except WhatworksError as error:
            wrong = spoken(error)
    shown = _mine(text) | {"form": form, "wrong": wrong, "token": token}
    response = render(request, "convene/enquiry_mine.html", shown, status=400 if wrong or form.errors else 200)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _mine(text: Text) -> dict[str, Any]:
    held = getattr(text, "enquiry", None)
    return {"said": said_of(text), "told": one(held, colleagues=False) if held else None}


def _done(request: HttpRequest, text: Text, form: WriteForm) -> bool:
    """Do what the button at a private address says; False where the form has to be shown again."""
    step, held = request.POST.get("step", ""), getattr(text, "enquiry", None)
    if step == "delete":
        if held:
            enquiring.forget(by=guarding.PUBLIC_ACTOR, enquiry=held)
        else:
            guarding.delete(by=guarding.PUBLIC_ACTOR, text=text)
    elif step == "write" and held:
        if not form.is_valid():
            return False
        if not form.trapped:
            enquiring.write_back(token=text.token, words=form.cleaned_data["words"])
    elif step == "review" and held:
        enquiring.ask_for_review(token=text.token)
    elif step == "withdraw" and held:
        enquiring.withdraw(token=text.token)
    return True


@access(PUBLIC)
def answers(request: HttpRequest) -> HttpResponse:
    """The disclosure log, and how often a published answer was enough."""
    rows = [_answer(one) for one in Disclosure.objects.order_by("-number")]
    return render(request, "convene/enquiries_answered.html", {"rows": rows, "offered": enquiring_offers.deflection()})


@access(PUBLIC)
def answer_given(request: HttpRequest, number: int) -> HttpResponse:
    """One answer of the disclosure log."""
    held = get_object_or_404(Disclosure.objects.select_related("question"), number=number)
    return render(request, "convene/enquiry_answered.html", {"row": _answer(held)})


def _answer(held: Disclosure) -> dict[str, Any]:
    outcomes = {
        "full": _("We gave all of it."),
        "part": _("We gave a part of it."),
        "refused": _("We refused it."),
        "not-held": _("We do not hold it."),
    }
    return {
        "held": held,
        "outcome": outcomes[held.outcome],
        "regime": REGIMES.get(held.regime, ""),
        "question": held.question,
    }


@access(PUBLIC)
def answers_file(request: HttpRequest) -> HttpResponse:
    """The disclosure log for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(
        ["number", "title", "regime", "outcome", "exemption", "received_on", "answered_on", "asked", "answered"]
    )
    for held in Disclosure.objects.order_by("number"):
        told = (held.title, held.regime, held.outcome, held.exemption, held.received_on, held.answered_on)
        table.writerow([held.number, *(cell(str(value)) for value in (*told, held.asked, held.answered))])
    return HttpResponse(
        out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="answers.csv"'},
    )
