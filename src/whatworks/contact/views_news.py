"""The workspace of news: posts and press releases, from the draft to the end of an embargo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.contact import forms, newsroom
from whatworks.contact.models import Post
from whatworks.contact.views_letters import APPROVE, WRITE, may
from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.people.access import access
from whatworks.spoken import spoken

TEXTS = ("title", "summary", "body", "notes_to_editors", "media_contact", "source_url")


@access("workspace.enter")
@never_cache
def posts(request: HttpRequest) -> HttpResponse:
    """Everything that was begun."""
    told = {"posts": Post.objects.order_by("-changed_at", "-pk")[:100], "now": timezone.now()}
    return render(request, "contact/posts.html", told | {"may_write": request.user.may(WRITE)})


@access(WRITE)
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Begin one."""
    form = forms.PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = newsroom.begin_post(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Kept as a draft."))
            return redirect("post_work", made.pk)
    return render(request, "contact/post_begin.html", {"form": form}, status=400 if form.errors else 200)


@access("workspace.enter")
@never_cache
def post(request: HttpRequest, identifier: str) -> HttpResponse:
    """One post: write, approve, correct."""
    held = get_object_or_404(Post, pk=identifier)
    step = request.POST.get("step", "")
    shown: dict[str, Form] = {
        "write": forms.CorrectionForm(prefix="write", initial={name: getattr(held, name) for name in TEXTS}),
        "approve": forms.EmbargoForm(prefix="approve"),
    }
    bound = type(shown[step])(request.POST, prefix=step) if step in shown else None
    if request.method == "POST" and (bound is None or bound.is_valid()):
        try:
            messages.success(request, _taken(step, request, held, bound))
            return redirect("post_work", held.pk)
        except ForbiddenError:
            raise
        except WhatworksError as error:
            if bound is None:
                messages.error(request, spoken(error))
                return redirect("post_work", held.pk)
            bound.add_error(None, spoken(error))
    shown |= {step: bound} if bound is not None else {}
    now = timezone.now()
    told = {
        "post": held, "forms": shown, "may_write": request.user.may(WRITE), "may_approve": request.user.may(APPROVE),
        "own": held.written_by == request.user.actor,
        "embargo": held.public_from if held.public_from and held.public_from > now else None,
    }  # fmt: skip
    return render(request, "contact/post_work.html", told, status=400 if bound is not None else 200)


def _taken(step: str, request: HttpRequest, held: Post, form: Form | None) -> str:
    by = request.user.actor
    told: dict[str, Any] = dict(form.cleaned_data) if form is not None else {}
    may(request, WRITE if step == "write" else APPROVE)
    if step == "write":
        newsroom.write_post(by=by, post=held, **told)
        return _("Kept.")
    if step == "approve":
        newsroom.approve_post(by=by, post=held, **told)
        return _("Approved.")
    if step == "lift":
        newsroom.lift(by=by, post=held)
        return _("The embargo has ended.")
    newsroom.hold_back(by=by, post=held)
    return _("Held back: it is a draft again.")
