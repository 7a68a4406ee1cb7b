"""Where the answers of two coders lie side by side, and what differs is decided; and how far coders agreed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import InputError, WhatworksError
from whatworks.extract.forms_coding import page_of as page_typed
from whatworks.extract.models import Coding
from whatworks.extract.presenters_agreement import agreement_page
from whatworks.extract.presenters_coding import reader_of
from whatworks.extract.presenters_reconciling import page_of
from whatworks.extract.reconciling import settle
from whatworks.extract.views.parts import of_coding, reading, refuse_strangers
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.spoken import spoken

ANOTHER = "another"


@access("extract.study")
@of_coding
def reconcile(request: HttpRequest, coding: Coding) -> HttpResponse:
    """What the coders of a study answered, side by side; what they agree on stands, and the rest is decided here."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        try:
            _settled(request, coding)
        except WhatworksError as error:
            wrong = {"error": spoken(error), "typed": request.POST, "at": _named(request)}
        else:
            messages.success(request, _("Decided."))
            return redirect(request.get_full_path())
    coding.refresh_from_db()
    shown = {"coding": coding, "study": coding.study, "frame": coding.frame, "wrong": wrong}
    shown |= page_of(coding, request.user.actor, everything=request.GET.get("show") == "all")
    shown |= {"reader": reader_of(coding.study, request.GET.get("report", "")), "action": request.get_full_path()}
    return reading(render(request, "extract/reconcile.html", shown))


def _named(request: HttpRequest) -> str:
    return f"{request.POST.get('item', '')}|{request.POST.get('unit', '')}"


def _settled(request: HttpRequest, coding: Coding) -> None:
    """Keep what was decided: one of the answers, or another with its place."""
    post = request.POST
    choice = post.get("choice", "")
    if not choice:
        raise InputError(said("Choose one of the answers, or give another."))
    told: dict[str, Any] = {"item": post.get("item", ""), "unit": post.get("unit", "")}
    told |= {"how": post.get("how", ""), "why": post.get("why", "")}
    told["seen"] = [one for one in post.get("seen", "").split(",") if one]
    if choice == ANOTHER:
        status = post.get("status", "coded")
        values = [one.strip() for one in post.getlist("value") if one.strip()]
        kind = coding.frame.frame().item(told["item"]).kind
        value: Any = values if kind == "choices" else (values[0] if values else "")
        told |= {"status": status, "value": value if status == "coded" else None}
        told |= {"page": page_typed(post.get("page", "").strip()), "place": post.get("place", "")}
        told |= {"quote": post.get("quote", "")}
        told["report"] = post.get("report", "") if told["page"] or told["place"] or told["quote"] else ""
    else:
        told["like"] = choice
    settle(by=request.user.actor, coding=coding, **told)


@access("extract.study")
def review_agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the coders of a review agreed before they saw each other's answers, item by item."""
    review = get_object_or_404(Review, slug=slug)
    refuse_strangers(request, review)
    return render(request, "extract/agreement.html", {"review": review} | agreement_page(review))
