"""The workspace of letters: lists, editions step by step, and what came back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from whatworks.contact import editing, forms
from whatworks.contact.bouncing import take_bounces
from whatworks.contact.composing import composed, content_of
from whatworks.contact.models import Edition, MailingList
from whatworks.contact.presenters import alike_in_mail
from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.ledger.models import Job
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

WRITE, APPROVE, KEEP = "contact.write", "contact.approve", "contact.keep"


def may(request: HttpRequest, permission: str) -> None:
    """Raises ForbiddenError where this person may not."""
    if not request.user.may(permission):
        raise ForbiddenError(said("Your roles do not allow this step; ask somebody who may."))


@access("workspace.enter")
@never_cache
def editions(request: HttpRequest) -> HttpResponse:
    """Every list with its editions; a new one of either."""
    step = request.POST.get("step", "")
    shown: dict[str, Form] = {"list": forms.ListForm(prefix="list"), "begin": forms.BeginForm(prefix="begin")}
    if request.method == "POST" and step in shown:
        may(request, WRITE)
        bound = type(shown[step])(request.POST, prefix=step)
        shown[step] = bound
        if bound.is_valid():
            try:
                if step == "list":
                    editing.open_list(by=request.user.actor, **bound.cleaned_data)
                    messages.success(request, _("The list is open."))
                    return redirect("editions")
                made = editing.begin_edition(by=request.user.actor, **bound.cleaned_data)
                return redirect("edition_work", made.pk)
            except WhatworksError as error:
                bound.add_error(None, spoken(error))
    told = {
        "lists": MailingList.objects.order_by("order", "title"), "forms": shown, "may_write": request.user.may(WRITE),
        "may_keep": request.user.may(KEEP),
        "editions": Edition.objects.select_related("mailing_list").order_by("-changed_at", "-pk")[:100],
    }  # fmt: skip
    return render(
        request, "contact/editions.html", told, status=400 if any(one.errors for one in shown.values()) else 200
    )


@access("workspace.enter")
@never_cache
def edition(request: HttpRequest, identifier: str) -> HttpResponse:
    """One edition, step by step: write, look, try, approve, watch it go."""
    held = get_object_or_404(Edition.objects.select_related("mailing_list"), pk=identifier)
    begun = {name: getattr(held, name) for name in ("title", "opening", "closing")}
    begun |= {"chosen": held.blocks, "since": timezone.localtime(held.since)}
    step = request.POST.get("step", "")
    shown: dict[str, Form] = {
        "write": forms.EditionForm(prefix="write", initial=begun), "approve": forms.ApproveForm(prefix="approve")
    }  # fmt: skip
    bound = type(shown[step])(request.POST, prefix=step) if step in shown else None
    if request.method == "POST" and (bound is None or bound.is_valid()):
        try:
            messages.success(request, _taken(step, request, held, bound))
            return redirect("edition_work", held.pk)
        except ForbiddenError:
            raise
        except WhatworksError as error:
            if bound is None:
                messages.error(request, spoken(error))
                return redirect("edition_work", held.pk)
            bound.add_error(None, spoken(error))
    shown |= {step: bound} if bound is not None else {}
    told = {"edition": held, "forms": shown, **_standing(request, held)}
    return render(request, "contact/edition_work.html", told, status=400 if bound is not None else 200)


def _taken(step: str, request: HttpRequest, held: Edition, form: Form | None) -> str:
    """Do one step; the sentence that says so."""
    by = request.user.actor
    told: dict[str, Any] = form.cleaned_data if form is not None else {}
    may(request, APPROVE if step in ("approve", "back", "on") else WRITE)
    if step == "write":
        editing.write_edition(by=by, edition=held, **told)
        return _("Kept.")
    if step == "approve":
        editing.approve_edition(by=by, edition=held, **told)
        return _("Approved. It goes out at its moment.")
    if step == "back":
        editing.take_back(by=by, edition=held)
        return _("Taken back: it is a draft again.")
    if step == "on":
        return _("%(n)s letters wait, and go now.") % {"n": editing.go_on(by=by, edition=held)}
    editing.try_edition(by=by, edition=held, to=request.user.email)
    return _("Sent to you. Look at it in your inbox.")


def _standing(request: HttpRequest, held: Edition) -> dict[str, Any]:
    counted = held.letters.counted()
    jobs = Job.objects.filter(kind="contact.send", key__startswith=f"contact.send:{held.pk}:").order_by("-pk")
    job = jobs.first()
    return {
        "counted": sorted(counted.items()), "left_out": sorted(held.left_out.items()), "repeats": editing.repeats(held),
        "trouble": job.error if job and job.state == Job.FAILED else "",
        "refused_for_now": held.letters.filter(state="failed", why__startswith="for now").count(),
        "may_write": request.user.may(WRITE), "may_approve": request.user.may(APPROVE),
        "own": held.written_by == request.user.actor,
        "shown": alike_in_mail(held) if held.approved_at else None,
    }  # fmt: skip


@access("workspace.enter")
@never_cache
def preview(request: HttpRequest, identifier: str) -> HttpResponse:
    """An edition as it would read now: its text, and its archive page's parts."""
    held = get_object_or_404(Edition.objects.select_related("mailing_list"), pk=identifier)
    if held.approved_at is None:
        held.content = content_of(held, timezone.now())
    letter = composed(held.content, held.mailing_list)
    return render(
        request, "contact/edition_preview.html", {"edition": held, "text": letter.text, "shown": alike_in_mail(held)}
    )


@access(KEEP)
@never_cache
def bounces(request: HttpRequest) -> HttpResponse:
    """Take in what came back."""
    form = forms.BounceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["mailbox"]
        text = upload.read().decode("utf-8", "replace") if upload else form.cleaned_data["letter"]
        try:
            counted = take_bounces(by=request.user.actor, text=text)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            parts = ", ".join(f"{name}: {n}" for name, n in sorted(counted.items()))
            messages.success(request, _("Taken in. %(parts)s.") % {"parts": parts})
            return redirect("contact_bounces")
    return render(request, "contact/bounces.html", {"form": form}, status=400 if form.errors else 200)
