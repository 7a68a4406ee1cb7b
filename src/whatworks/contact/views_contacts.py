"""The workspace of contacts: who is here, what they agreed to, what is held of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.contact import consenting, forms, knowing
from whatworks.contact.held import erase_contact, held_of
from whatworks.contact.models import Contact, ContactMerge, ContactTie
from whatworks.contact.presenters import page_of
from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

KEEP = "contact.keep"
Step = Callable[[str, Contact, Form], object]


@access(KEEP)
@never_cache
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody here, or those whose name or address holds some letters."""
    # The letters are sent by POST: an address in a URL would stand in logs.
    looked_for = request.POST.get("q", "")[:100]
    rows = Contact.objects.standing().named_like(looked_for).order_by("name", "email", "pk")
    found, pages = paged(request, rows if not looked_for else rows[:25])
    return render(request, "contact/contacts.html", {"contacts": found, "pages": pages, "q": looked_for})


@access(KEEP)
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody."""
    form = forms.AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = knowing.add_contact(by=request.user.actor, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Added."))
            return redirect("contact", made.pk)
    return render(request, "contact/add.html", {"form": form}, status=400 if form.errors else 200)


@access(KEEP)
@never_cache
def contact(request: HttpRequest, identifier: str) -> HttpResponse:
    """One contact, and every step with it."""
    held = get_object_or_404(Contact, pk=identifier)
    if held.kept().pk != held.pk:
        return redirect("contact", held.kept().pk)
    asked = request.POST.get("step", "")
    known = STEPS.get(asked)
    bound = known[0](request.POST, prefix=asked) if known else None
    if request.method == "POST":
        try:
            if known is None or bound is None:
                _button(asked, request, held)
                return redirect("contact", held.pk)
            if bound.is_valid():
                known[1](request.user.actor, held, bound)
                done = known[2]
                messages.success(request, done)
                return redirect("contact", held.pk)
        except WhatworksError as error:
            if bound is None:
                messages.error(request, spoken(error))
                return redirect("contact", held.pk)
            bound.add_error(None, spoken(error))
    shown: dict[str, Any] = {name: step[0](prefix=name) for name, step in STEPS.items()}
    shown["change"] = forms.ChangeForm(prefix="change", initial={"name": held.name, "email": held.email})
    told = {"contact": held, "forms": shown | ({asked: bound} if bound else {}), "open": asked, **page_of(held)}
    return render(request, "contact/contact.html", told, status=400 if bound is not None else 200)


def _button(step: str, request: HttpRequest, held: Contact) -> None:
    """A step that is a button alone."""
    if step == "end":
        tied = get_object_or_404(ContactTie, pk=request.POST.get("tie", ""), contact__in=held.everyone())
        knowing.end_tie(by=request.user.actor, tied=tied, ended=timezone.localdate())
        messages.success(request, _("The role ended today."))
    elif step == "part":
        merged = get_object_or_404(ContactMerge, pk=request.POST.get("merge", ""), kept=held)
        knowing.part(by=request.user.actor, merged=merged)
        messages.success(request, _("The merge is undone: both are here again, with their rows."))
    else:
        raise InputError(said("There is no step “%(step)s”; reload the page.", step=step[:40]))


def _change(by: str, held: Contact, form: Form) -> None:
    knowing.change_contact(by=by, contact=held, **form.cleaned_data)


def _tie(by: str, held: Contact, form: Form) -> None:
    knowing.tie(by=by, contact=held, **form.cleaned_data)


def _note(by: str, held: Contact, form: Form) -> None:
    knowing.note(by=by, contact=held, **form.cleaned_data)


def _consent(by: str, held: Contact, form: Form) -> None:
    consenting.record_consent(by=by, contact=held, **form.cleaned_data)


def _leave(by: str, held: Contact, form: Form) -> None:
    consenting.leave(by=by, contact=held, mailing_list=None, source=form.cleaned_data["source"])


def _object(by: str, held: Contact, form: Form) -> None:
    consenting.object_to_all(by=by, contact=held, source=form.cleaned_data["source"])


def _erase(by: str, held: Contact, form: Form) -> None:
    erase_contact(by=by, contact=held, reason=form.cleaned_data["reason"])


STEPS: dict[str, tuple[type[Form], Step, Any]] = {
    "change": (forms.ChangeForm, _change, gettext_lazy("Kept.")),
    "tie": (forms.TieForm, _tie, gettext_lazy("The role is kept.")),
    "note": (forms.NoteForm, _note, gettext_lazy("Written down.")),
    "consent": (forms.ConsentForm, _consent, gettext_lazy("Kept. What follows from it stands with the lists.")),
    "leave": (forms.LeaveForm, _leave, gettext_lazy("They are off every list.")),
    "object": (forms.LeaveForm, _object, gettext_lazy("Kept: nobody may write to them about our work.")),
    "erase": (forms.EraseForm, _erase, gettext_lazy("Erased. The rows are still counted; nothing says who it was.")),
}


@access(KEEP)
@never_cache
def held(request: HttpRequest, identifier: str) -> HttpResponse:
    """All that is held of one person, to be read, printed or sent to them."""
    one = get_object_or_404(Contact, pk=identifier)
    found = held_of(one)
    parts = [(name, [list(row.items()) for row in rows]) for name, rows in found.items() if isinstance(rows, list)]
    return render(request, "contact/held.html", {"contact": one, "parts": parts, "at": found["told_at"]})


@access(KEEP)
@never_cache
def held_file(request: HttpRequest, identifier: str) -> HttpResponse:
    """The same for a program."""
    one = get_object_or_404(Contact, pk=identifier)
    text = json.dumps(held_of(one), ensure_ascii=False, indent=2, default=str)
    name = f"{one.pk}.json"
    return HttpResponse(
        text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
