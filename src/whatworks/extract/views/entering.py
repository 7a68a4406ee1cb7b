"""Where a result is entered as the report prints it; the page shows what the numbers come to before they are kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.errors import WhatworksError
from whatworks.extract.entering import enter_finding
from whatworks.extract.forms_entering import ALARMED, CORRECTED, FindingForm, boxes_of, kind_of, typed_in
from whatworks.extract.models import Study
from whatworks.extract.presenters_coding import reader_of
from whatworks.extract.presenters_entering import Worked, work_out
from whatworks.extract.views.parts import of_study, reading, refuse_unless_changing
from whatworks.people.access import access
from whatworks.spoken import spoken

LONGEST_KEY = 64


@access("extract.study")
@of_study
def finding(request: HttpRequest, study: Study) -> HttpResponse:
    """The form. Its buttons change the boxes, work the numbers out, or keep them; its script asks for the working alone."""
    refuse_unless_changing(request, study.review_id)
    post = request.POST if request.method == "POST" else None
    kind = kind_of((post or request.GET).get("kind", ""))
    worked = _worked(request)
    if post is not None and request.headers.get("X-Part") == "worked":
        return render(request, "extract/_worked.html", {"worked": worked})
    step = post.get("step", "") if post is not None else ""
    form = FindingForm(study, kind, post if step == "keep" else None, initial=_again(post) | {"kind": kind.key})
    if step == "keep" and form.is_valid() and _kept(request, study, form, worked):
        return redirect("study_work", study.pk)
    shown = {"study": study, "form": form, "boxes": boxes_of(kind, post), "worked": worked, "kind": kind}
    shown |= {"key": (post or {}).get("key", "")[:LONGEST_KEY] or uuid.uuid4().hex, "reader": reader_of(study)}
    return reading(render(request, "extract/finding.html", shown))


def _worked(request: HttpRequest) -> Worked:
    post = request.POST
    kind = kind_of(post.get("kind", ""))
    direction: Any = ALARMED.get(post.get("direction", ""))
    whole = bool(post.get("whole"))
    return work_out(kind, typed_in(kind, post), post.get("formula", ""), direction=direction, whole=whole)


def _again(post: Any) -> dict[str, Any]:
    """What was typed, to stand there again while nothing is kept yet."""
    return {name: post.get(name) for name in post if not name.startswith("csrf")} if post else {}


def _corrected(worked: Worked) -> dict[str, Any]:
    """The ICC, its source and the size of clusters of numbers that the formula itself corrects."""
    found = {name: worked.inputs[name] for name in CORRECTED if worked.inputs.get(name) not in (None, "")}
    return found | ({"clustering": "handled"} if found else {})


def _kept(request: HttpRequest, study: Study, form: FindingForm, worked: Worked) -> bool:
    if worked.wrong or not worked.formula:
        form.add_error(None, worked.wrong or worked.waits)
        return False
    given = form.cleaned_data
    told = {name: given[name] for name in ("report", "intervention", "outcome", "place")}
    told |= {"inputs": worked.inputs, "formula": worked.formula, "arms": (given["arm"], given["comparison"])}
    told |= {"key": request.POST.get("key", "")[:LONGEST_KEY], **_corrected(worked), **form.said()}
    if worked.rest:
        told["printed"] = worked.rest
    try:
        enter_finding(by=request.user.actor, study=study, **told)
    except WhatworksError as error:
        form.add_error(None, spoken(error))
        return False
    messages.success(request, _("Kept. The effect is computed, and every number leads back to this report."))
    return True
