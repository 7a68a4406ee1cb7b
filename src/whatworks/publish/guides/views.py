"""Public pages of guides: authorise, call one thing, respond."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.errors import WhatworksError
from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, SIGNED_IN, access
from whatworks.publish.guides import presenters as told
from whatworks.publish.guides.comparing import guide_changes
from whatworks.publish.guides.forms import ResponseForm
from whatworks.publish.guides.together import respond
from whatworks.publish.models import Consultation, Guide, GuideRevision, Package
from whatworks.spoken import spoken


@access(PUBLIC)
def guides(request: HttpRequest) -> HttpResponse:
    """Every guide and every package."""
    return render(request, "publish/guides/guides.html", {"guides": told.guide_list(), "packages": told.package_list()})


def _guide(slug: str) -> Guide:
    return get_object_or_404(Guide.objects.shown().select_related("theme"), slug=slug)


@access(PUBLIC)
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest approved revision of a guide; before there is one, the draft that people are asked about."""
    held = _guide(slug)
    newest, asked = held.newest(), held.consulted()
    if newest is None:
        assert asked is not None  # shown() takes care of it
        return _consultation(request, held, asked)
    draft = told.consultation_page(asked) if asked and asked.opened_at > newest.approved_at else None
    context = {
        "guide": told.shown(held, newest),
        "draft_open": draft if draft and draft["open"] else None,
        "sections": sections.about(Guide.kind, held.pk),
    }
    return render(request, "publish/guides/guide.html", context)


@access(PUBLIC)
def guide_revision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One revision of a guide, kept as it was approved."""
    held = _guide(slug)
    revision = get_object_or_404(GuideRevision, guide=held, number=number)
    older = revision != held.newest()
    return render(
        request, "publish/guides/guide.html", {"guide": told.shown(held, revision, older=older), "older": older}
    )


@access(PUBLIC)
def guide_consultation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A draft as people were asked about it, with what they said and what was done about it."""
    held = _guide(slug)
    return _consultation(request, held, get_object_or_404(Consultation, guide=held, number=number))


def _consultation(request: HttpRequest, held: Guide, asked: Consultation) -> HttpResponse:
    context = {"guide": told.shown(held, asked), "asked": told.consultation_page(asked)}
    return render(request, "publish/guides/guide.html", context)


@access(PUBLIC)
def guide_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version of a guide."""
    held = _guide(slug)
    choices = list(held.revisions.order_by("number").values_list("number", flat=True))
    context = {"guide": held, "versions": told.history(held), "choices": choices}
    return render(request, "publish/guides/history.html", context)


@access(PUBLIC)
def guide_changed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a revision changed in the one before it."""
    return _compared(request, _guide(slug), number - 1, number)


@access(PUBLIC)
def guide_compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Any two revisions beside each other."""
    chosen = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(one.isdecimal() and len(one) < 6 for one in chosen):
        raise Http404
    return _compared(request, _guide(slug), *(int(one) for one in chosen))


def _compared(request: HttpRequest, held: Guide, first: int, second: int) -> HttpResponse:
    old, new = (get_object_or_404(GuideRevision, guide=held, number=one) for one in (first, second))
    context = {"guide": held, "old": old, "new": new, "changes": guide_changes(old.content, new.content)}
    return render(request, "publish/guides/compare.html", context)


@access(SIGNED_IN)
def guide_respond(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say what one thinks of a draft."""
    held = _guide(slug)
    asked = get_object_or_404(Consultation, guide=held, number=number)
    form = ResponseForm(asked, request.POST if request.method == "POST" else None, initial=fresh_token())
    if request.method == "POST" and form.is_valid():
        try:
            respond(by=request.user.actor, consultation=asked, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Thank you. Your words are kept, and we shall answer them here."))
            return redirect("guide_consultation", slug, number)
    context = {"guide": held, "consultation": asked, "form": form}
    return render(request, "publish/guides/respond.html", context, status=400 if form.errors else 200)


def fresh_token() -> dict[str, Any]:
    """What tells the same form sent twice from two forms."""
    return {"token": secrets.token_hex(8)}


@access(PUBLIC)
def package(request: HttpRequest, slug: str) -> HttpResponse:
    """The guides and pages of a package, stage by stage."""
    held = get_object_or_404(Package.objects.select_related("theme"), slug=slug, shown=True)
    return render(
        request, "publish/guides/package.html", {"package": told.package_page(held), "map_href": reverse("map")}
    )
