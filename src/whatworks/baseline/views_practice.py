"""Pages of the practice map: who does this, for everybody; saying and correcting it, for those who keep the map."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.baseline.forms_practice import CorrectingForm, PracticeForm, SayingForm, TableForm
from whatworks.baseline.models import Practice, Standing
from whatworks.baseline.practice_csv import COLUMNS, FORM, LARGEST, Looked, as_csv, look, take_csv
from whatworks.baseline.practising import add_practice, correct_standing, say_standing
from whatworks.baseline.presenters_practice import csv_rows, history, places_today, practice_list, practice_page, shown
from whatworks.baseline.presenters_rounds import rounds_list
from whatworks.errors import InputError
from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken

MAY = "baseline.practise"
PREVIEWED = 50  # lines of a table that are shown before it is taken


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form; None where nothing was sent, which is not the same as an empty form."""
    return request.POST if request.method == "POST" else None


@access(PUBLIC)
def practices(request: HttpRequest) -> HttpResponse:
    """Every practice, and how many places are known to do it."""
    told = {"practices": practice_list(), "total": len(places_today()), "rounds": rounds_list()}
    return render(request, "baseline/practices.html", told)


@access(PUBLIC)
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """Who does this, and what changed."""
    held = _practice(slug)
    told = {"practice": practice_page(held), "sections": sections.about("practice", held.pk)}
    return render(request, "baseline/practice.html", told)


@access(PUBLIC)
def practice_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Every word about a practice, for a spreadsheet."""
    held = _practice(slug)
    return _table(as_csv(csv_rows(held)), f"{held.slug}.csv")


def _practice(slug: str) -> Practice:
    return get_object_or_404(Practice.objects.select_related("intervention"), slug=slug)


def _table(text: str, name: str) -> HttpResponse:
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=told)


@access(MAY)
def work(request: HttpRequest) -> HttpResponse:
    """What the keepers of the map do."""
    told = {"practices": practice_list(), "rounds": rounds_list()}
    return render(request, "baseline/practice_work.html", told)


@access(MAY)
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was ever said of a practice, to be corrected where it is wrong."""
    held = _practice(slug)
    return render(request, "baseline/practice_words.html", {"practice": held, "places": history(held)})


@access(MAY)
def add(request: HttpRequest) -> HttpResponse:
    """Put a practice on the map."""
    form = PracticeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_practice(by=request.user.actor, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("“%(name)s” is on the map.") % {"name": made.name})
            return redirect("practice_words", made.slug)
    return render(request, "baseline/practice_add.html", {"form": form}, status=400 if form.errors else 200)


@access(MAY)
def say(request: HttpRequest) -> HttpResponse:
    """Say how a practice stands in a place."""
    form = SayingForm(posted(request), initial={name: request.GET.get(name, "") for name in ("area", "practice")})
    if request.method == "POST" and form.is_valid():
        told = {"area": form.cleaned_data["area"], "practice": form.cleaned_data["practice"]}
        try:
            made = say_standing(by=request.user.actor, word=form.word(), **told)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request, _("Kept: %(name)s in %(name_2)s.") % {"name": made.practice.name, "name_2": made.area.name}
            )
            return redirect("practice_words", made.practice.slug)
    return render(request, "baseline/practice_say.html", {"form": form}, status=400 if form.errors else 200)


@access(MAY)
def correct(request: HttpRequest, identifier: str) -> HttpResponse:
    """Correct what was said."""
    held = get_object_or_404(Standing.objects.select_related("area", "practice", "reply__round"), pk=identifier)
    form = CorrectingForm(held, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            why = form.cleaned_data["why"]
            correct_standing(by=request.user.actor, standing=held, word=form.word(), why=why)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(
                request,
                _("Corrected: %(name)s in %(name_2)s.") % {"name": held.practice.name, "name_2": held.area.name},
            )
            return redirect("practice_words", held.practice.slug)
    told = {"form": form, "standing": shown(held), "practice": held.practice}
    return render(request, "baseline/practice_correct.html", told, status=400 if form.errors else 200)


@access(MAY)
def table(request: HttpRequest) -> HttpResponse:
    """Bring a table in: looked at first, and then taken whole or not at all."""
    if request.POST.get("step") == "take":
        return _taken(request)
    form, looked, body = TableForm(posted(request), request.FILES or None), None, b""
    if request.method == "POST" and form.is_valid():
        body = form.cleaned_data["file"].read(LARGEST + 1)
        looked = look(body)
    return _look(request, form, looked, body, request.FILES["file"].name if looked else "")


def _taken(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "")[:200]
    try:
        body = base64.b64decode(request.POST.get("body", ""), validate=True)
    except (binascii.Error, ValueError):
        body = b""
    try:
        found = take_csv(by=request.user.actor, body=body, name=name)
    except InputError:
        return _look(request, TableForm(), look(body), b"", name)  # what was looked at does not hold any more
    new = len(found.new)
    said = (
        ngettext("%(new)s word taken from %(name)s.", "%(new)s words taken from %(name)s.", new)
        % {"new": new, "name": name}
        if new
        else _("Everything in %(name)s is held already.") % {"name": name}
    )
    messages.success(request, said)
    return redirect("practice_work")


def _look(request: HttpRequest, form: TableForm, looked: Looked | None, body: bytes, name: str) -> HttpResponse:
    told: dict[str, Any] = {"form": form, "looked": looked, "name": name, "columns": COLUMNS}
    if looked and not looked.faults:
        told |= {"body": base64.b64encode(body).decode(), "shown": looked.lines[:PREVIEWED]}
        told["held"] = len(looked.lines) - len(looked.new)
    wrong = form.errors or (looked and looked.faults)
    return render(request, "baseline/practice_table.html", told, status=400 if wrong else 200)


@access(MAY)
def empty_table(request: HttpRequest) -> HttpResponse:
    """The head of a table to fill in."""
    return _table(as_csv([], FORM), "practice-map.csv")
