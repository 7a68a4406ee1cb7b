"""The record of learning that belongs to whoever is signed in. Nobody else's entry is ever looked up here, whatever the role."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from whatworks.convene.models import Gathering
from whatworks.errors import WhatworksError
from whatworks.learn import recording
from whatworks.learn.explaining import explainers
from whatworks.learn.methods.register_year import PIECES, STANDARD, RegisterYear
from whatworks.learn.models import LearningEntry
from whatworks.learn.recording_exports import EXPORTS, fields_of
from whatworks.learn.recording_forms import LearningForm, filled
from whatworks.learn.recording_presenters import day_of, record_of, row
from whatworks.people.access import PUBLIC, SIGNED_IN, access
from whatworks.publish.models import Revision
from whatworks.spoken import spoken

OF = ("of", "lesson", "club")  # what an address may say that an entry is to be about


@access(PUBLIC)
def about_records(request: HttpRequest) -> HttpResponse:
    """What a learning record is, for everybody; whoever is signed in and comes from a page goes on to its entry."""
    asked = {name: value for name in OF if (value := request.GET.get(name, ""))}
    add = reverse("add_learning") + (f"?{urlencode(asked)}" if asked else "")
    if request.user.is_authenticated and asked:
        return redirect(add)
    way_in = f"{reverse('account_login')}?{urlencode({'next': add if asked else reverse('my_learning')})}"
    return render(request, "learn/record_about.html", {"pieces": PIECES, "standard": STANDARD, "way_in": way_in})


@access(SIGNED_IN)
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """My record: what this year holds and lacks."""
    told = record_of(request.user, timezone.localdate())
    told |= {"standard": STANDARD, "may_work": request.user.may("workspace.enter"), "endings": list(EXPORTS)}
    return render(request, "learn/record.html", told)


@access(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new entry of mine, begun with what I come from."""
    started, about = _begun(request)
    form = LearningForm(request.POST or None, initial=started)
    if request.method == "POST" and form.is_valid():
        try:
            made = recording.write(user=request.user, words=form.words(), about=about)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Kept in your record. Only you can read it."))
            return redirect("learning_entry", made.pk)
    told = {"form": form, "about": started.get("title", ""), "entry": None}
    return render(request, "learn/record_form.html", told, status=400 if form.errors else 200)


def _begun(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """What an entry begins with, and what it is tied to; nothing where the address names nothing that is here."""
    told: dict[str, Any] = {"on": timezone.localdate().isoformat()}
    of, lesson = request.GET.get("of", "").replace("\0", ""), request.GET.get("lesson", "")
    read = Revision.objects.select_related("page").filter(pk=of).first()
    came = Gathering.objects.filter(pk=of).first()
    if read:
        club = bool(request.GET.get("club"))
        title = _("%(page)s, revision %(number)s") % {"page": read.page.title, "number": read.number}
        return told | {"sort": LearningEntry.CLUB if club else LearningEntry.READING, "title": title}, of
    if came:
        day = day_of(came)
        on = day.isoformat() if day and day <= timezone.localdate() else told["on"]
        return told | {"sort": LearningEntry.EVENT, "title": came.title, "on": on}, of
    if one := next((one for one in explainers() if one.slug == lesson), None):
        return told | {"sort": LearningEntry.READING, "title": one.title}, ""
    return told, ""


def _entry(request: HttpRequest, identifier: str) -> LearningEntry:
    """An entry of mine; of anybody else's it is not told that it is there."""
    return get_object_or_404(LearningEntry.objects.of(request.user).select_related("about"), pk=identifier)


@access(SIGNED_IN)
@never_cache
def entry(request: HttpRequest, identifier: str) -> HttpResponse:
    """One entry of mine, field by field to copy."""
    held = _entry(request, identifier)
    return render(request, "learn/record_entry.html", row(held) | {"fields": fields_of(held), "standard": STANDARD})


@access(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, identifier: str) -> HttpResponse:
    """Change an entry of mine."""
    held = _entry(request, identifier)
    form = LearningForm(request.POST or None, initial=filled(held))
    if request.method == "POST" and form.is_valid():
        try:
            recording.change(user=request.user, entry=held, words=form.words())
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Changed."))
            return redirect("learning_entry", identifier)
    told = {"form": form, "about": "", "entry": held}
    return render(request, "learn/record_form.html", told, status=400 if form.errors else 200)


@access(SIGNED_IN)
@require_POST
def delete(request: HttpRequest, identifier: str) -> HttpResponse:
    """Delete an entry of mine for good."""
    recording.delete(user=request.user, entry=_entry(request, identifier))
    messages.success(request, _("Deleted for good."))
    return redirect("my_learning")


@access(SIGNED_IN)
@require_POST
def peer(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say whether I thought it over together with whoever asks me."""
    held = get_object_or_404(LearningEntry.objects.asking(request.user), pk=identifier)
    recording.answer_peer(user=request.user, entry=held, together=request.POST.get("together") == "yes")
    messages.success(request, _("Thank you. Whoever asked sees your answer."))
    return redirect("my_learning")


@access(SIGNED_IN)
@never_cache
def export(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """A year of mine as a file."""
    if ending not in EXPORTS or not 2000 <= year <= 2200:
        raise Http404
    wanted = RegisterYear(year)
    held = LearningEntry.objects.of(request.user).filter(on__gte=wanted.first, on__lte=wanted.last)
    rows = list(held.select_related("about").order_by("on", "pk"))
    form = EXPORTS[ending]
    name = f"learning-record-{year}.{ending}"
    return HttpResponse(
        form.make(wanted, rows),
        content_type=form.type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
