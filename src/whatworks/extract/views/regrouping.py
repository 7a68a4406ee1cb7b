"""Where a study is split in two, merged into another, and a merge taken back: first what will move, then the doing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.errors import WhatworksError
from whatworks.extract.forms_regrouping import MergeForm, SplitForm, TakingBackForm
from whatworks.extract.models import Regrouping, Study
from whatworks.extract.presenters_regrouping import moving
from whatworks.extract.regrouping import merge_studies, rehearse, split_study, undo_merge
from whatworks.extract.views.parts import of_study, refuse_unless_changing, tried
from whatworks.extract.views.studies import gone, study_view
from whatworks.people.access import access
from whatworks.spoken import spoken

LONGEST_KEY = 64
Doing = Callable[..., Regrouping]


@access("extract.study")
@of_study
def split(request: HttpRequest, study: Study) -> HttpResponse:
    """Say what of a study is a study of its own; see what moves; then do it."""
    form = SplitForm(study, request.POST or None)
    return _regrouped(request, study, form, split_study, "extract/split.html")


@access("extract.study")
@of_study
def merge(request: HttpRequest, study: Study) -> HttpResponse:
    """Say which study this one is the same as; see what moves; then do it."""
    form = MergeForm(study, request.POST or None)
    return _regrouped(request, study, form, merge_studies, "extract/merge.html")


def _regrouped(request: HttpRequest, study: Study, form: Any, act: Doing, template: str) -> HttpResponse:
    refuse_unless_changing(request, study.review_id)
    shown: dict[str, Any] = {"study": study, "review": study.review, "form": form}
    key = request.POST.get("key", "")[:LONGEST_KEY]
    if key and (done := Regrouping.objects.of(study).filter(key=key).first()):
        return _done(request, study, done)  # the page was sent twice; what it asked for is no choice any more
    if elsewhere := gone(request, study):
        return elsewhere
    if request.method == "POST" and form.is_valid():
        do = partial(act, by=request.user.actor, study=study, **form.told())
        try:
            if request.POST.get("step") == "do":
                return _done(request, study, do(key=key, seen=request.POST.get("seen", "")))
            shown["moving"] = rehearse(do, moving)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
    return render(request, template, shown | {"key": key or uuid.uuid4().hex})


def _done(request: HttpRequest, study: Study, row: Regrouping) -> HttpResponse:
    if row.kind == Regrouping.SPLIT:
        messages.success(request, _("Split. “%(name)s” is a study of its own now.") % {"name": row.other.name})
        return redirect("study_work", study.pk)
    messages.success(request, _("Merged. “%(name)s” is one with this study now.") % {"name": row.study.name})
    return redirect("study_work", row.other_id)


@access("extract.study")
@require_POST
@of_study
def take_back(request: HttpRequest, study: Study) -> HttpResponse:
    """Take a merge back, saying why; the study's page says why it cannot be."""
    refuse_unless_changing(request, study.review_id)
    merged = get_object_or_404(Regrouping.objects.of(study), pk=request.POST.get("regrouping", ""))
    form = TakingBackForm(request.POST)
    do = partial(undo_merge, by=request.user.actor, merge=merged)
    said = _("Taken back. “%(name)s” is a study of its own again.") % {"name": merged.study.name}
    if form.is_valid() and tried(request, form, lambda: do(why=form.cleaned_data["why"]), said):
        return redirect("study_work", merged.study_id)
    return study_view(request, study, taking=form)
