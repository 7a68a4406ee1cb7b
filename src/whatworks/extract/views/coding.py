"""Where a coder answers: the form beside the report, kept item by item, and blind to the other coder."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.extract.coding import answer_all, finish, resume, take_back_answer
from whatworks.extract.forms_coding import Typed, read_answers
from whatworks.extract.models import Coding, Sheet
from whatworks.extract.presenters_coding import form_of, held_by, name_of, reader_of
from whatworks.extract.views.parts import CODE, of_coding, reading
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken


@access(CODE)
@of_coding
def coding(request: HttpRequest, coding: Coding) -> HttpResponse:
    """The form of one coder. Its script sends each item as it is answered; without one its buttons send all of it."""
    sheet = Sheet.objects.here().filter(coding=coding, user=request.user.actor).first()
    if sheet is None:
        raise ForbiddenError(said("You do not code this study; ask a lead of the review to give you its form."))
    sheet.coding = coding
    if request.method != "POST":
        return _page(request, sheet)
    scripted = request.headers.get("Accept", "").startswith("application/json")
    try:
        typed = _kept(request, sheet)
    except WhatworksError as error:
        if scripted:
            return JsonResponse({"error": spoken(error)}, status=error.http_status)
        messages.error(request, spoken(error))
        return redirect(request.get_full_path())
    if scripted:
        return JsonResponse(_told(sheet, typed))
    return _answered(request, sheet, typed)


def _kept(request: HttpRequest, sheet: Sheet) -> Typed:
    """Keep what can be kept."""
    by, coding = request.user.actor, sheet.coding
    frame = coding.frame.frame()
    typed = read_answers(request.POST, coding, frame, held_by(sheet, frame)[0])
    if typed.said:
        answer_all(by=by, coding=coding, answers=typed.said)
    for item, unit in typed.back:
        take_back_answer(by=by, coding=coding, item=item, unit=unit)
    return typed


def _told(sheet: Sheet, typed: Typed) -> dict[str, Any]:
    """What the script shows: what was wrong, how far the form is, and which items apply now."""
    _, applies, filled = held_by(sheet, sheet.coding.frame.frame())
    return {
        "errors": {name_of(cell): said for cell, said in typed.errors.items()},
        "kept": [name_of((one.item, one.unit)) for one in typed.said],
        "back": [name_of(cell) for cell in typed.back],
        "sentence": spoken(filled.sentence),
        "applies": {name_of(cell): said == "yes" for cell, said in applies.items()},
    }


def _answered(request: HttpRequest, sheet: Sheet, typed: Typed) -> HttpResponse:
    step = request.POST.get("step", "")
    if typed.errors:
        return _page(request, sheet, typed)
    try:
        said = _stepped(request, sheet, step)
    except WhatworksError as error:
        messages.error(request, spoken(error))
        return redirect(request.get_full_path())
    messages.success(request, said)
    if step == "done" and sheet.coding.unblinded_at is not None:
        return redirect("reconcile", sheet.coding_id)
    at = f"#{step}" if step.startswith("section-") else ""
    return redirect(request.get_full_path() + at)


def _stepped(request: HttpRequest, sheet: Sheet, step: str) -> str:
    by = request.user.actor
    if step == "done":
        finish(by=by, coding=sheet.coding)
        sheet.coding.refresh_from_db()
        if sheet.coding.unblinded_at is not None:
            return _("You are done, and everybody is: what was answered is compared now.")
        return _("You are done. What you answered is compared once everybody is.")
    if step == "resume":
        resume(by=by, coding=sheet.coding)
        return _("You are not done after all; go on.")
    return _("Kept.")


def _page(request: HttpRequest, sheet: Sheet, typed: Typed | None = None) -> HttpResponse:
    coding = sheet.coding
    shown = {"coding": coding, "study": coding.study, "sheet": sheet, "action": request.get_full_path()}
    shown |= form_of(sheet, typed.typed if typed else None, typed.errors if typed else None)
    shown |= {"reader": reader_of(coding.study, request.GET.get("report", "")), "errors": bool(typed and typed.errors)}
    return reading(render(request, "extract/coding.html", shown))
