"""What moderators do with texts of the public, the quarantine for the few who may read it, and the public policy with its log."""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from whatworks.convene import guarding
from whatworks.convene.guarding_policy import policy
from whatworks.convene.methods.identifying import REASONS
from whatworks.convene.models import Moderated, Quarantined, Text
from whatworks.errors import WhatworksError
from whatworks.ledger.models import Subject
from whatworks.ledger.paging import paged
from whatworks.people.access import PUBLIC, access
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell

MAY, MAY_APART = "convene.moderate", "convene.quarantine"
SHOWN = 50  # lines of the log on its page; the file has all
DECISIONS = {
    "shown": gettext_lazy("shown"),
    "refused": gettext_lazy("not shown"),
    "quarantined": gettext_lazy("put apart"),
    "released": gettext_lazy("brought back"),
    "deleted": gettext_lazy("deleted"),
}


@access(PUBLIC)
def rules(request: HttpRequest) -> HttpResponse:
    """The policy, and what was decided by it."""
    held = policy()
    rows = [_line(one) for one in Moderated.objects.order_by("-on", "-pk")[:SHOWN]]
    told = {"policy": held, "rows": rows, "total": Moderated.objects.count(), "identifiers": list(REASONS.values())}
    return render(request, "convene/moderation.html", told)


def _line(one: Moderated) -> dict[str, Any]:
    kind, reason = policy().kinds.get(one.kind), policy().reasons.get(one.reason)
    return {
        "on": one.on,
        "kind": kind.title if kind else one.kind,
        "decision": DECISIONS[one.decision],
        "reason": reason.title if reason else one.reason,
    }


@access(PUBLIC)
def log_file(request: HttpRequest) -> HttpResponse:
    """The whole log for a spreadsheet. No words of any text are in it, and nothing that leads to one."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["on", "kind", "decision", "reason", "policy"])
    for one in Moderated.objects.order_by("on", "pk"):
        table.writerow(map(cell, (one.on.isoformat(), one.kind, one.decision, one.reason, one.policy)))
    return HttpResponse(
        out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="moderation-log.csv"'},
    )


class RefuseForm(forms.Form):
    """Why a text is not shown."""

    reason = forms.ChoiceField(label=gettext_lazy("Why it is not shown"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, one.title) for key, one in policy().reasons.items()]


@access(MAY)
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    """Texts that wait for a moderator, the oldest first."""
    rows, pages = paged(request, Text.objects.waiting())
    told = {"rows": [_text(one) for one in rows], "pages": pages, "apart": Text.objects.quarantined().count()}
    return render(request, "convene/moderate.html", told)


@access(MAY)
@never_cache
def text(request: HttpRequest, identifier: str) -> HttpResponse:
    """Read one text, and let it show, refuse it, put it apart, or delete it."""
    held = get_object_or_404(Text, pk=identifier)
    form = RefuseForm(request.POST if request.POST.get("decision") == "refuse" else None)
    if request.method == "POST" and _decided(request, held, form):
        return redirect("texts_work")
    told = {"row": _text(held), "form": form}
    return render(request, "convene/moderate_text.html", told, status=400 if form.errors else 200)


def _decided(request: HttpRequest, held: Text, form: RefuseForm) -> bool:
    by, decision = request.user.actor, request.POST.get("decision", "")
    try:
        if decision == "show":
            guarding.show(by=by, text=held)
        elif decision == "refuse":
            if not form.is_valid():
                return False
            guarding.refuse(by=by, text=held, reason=form.cleaned_data["reason"])
        elif decision == "apart":
            guarding.quarantine(by=by, text=held)
        elif decision == "delete":
            guarding.delete(by=by, text=held)
    except WhatworksError as error:
        messages.error(request, spoken(error))
        return True
    messages.success(request, _("Decided, and in the public log."))
    return True


@access(MAY_APART)
@never_cache
def quarantine(request: HttpRequest) -> HttpResponse:
    """What lies apart because it may say who somebody is, with what was found marked; only for those named to read it."""
    if request.method == "POST":
        held = get_object_or_404(Text, pk=request.POST.get("text", ""))
        by, decision = request.user.actor, request.POST.get("decision", "")
        try:
            if decision == "release":
                guarding.release(by=by, text=held)
            elif decision == "delete":
                guarding.delete(by=by, text=held, reason="identifies")
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("Decided, and in the public log."))
        return redirect("quarantine_work")
    rows, pages = paged(request, Quarantined.objects.select_related("text").order_by("at", "pk"))
    return render(request, "convene/moderate_apart.html", {"rows": [_apart(one) for one in rows], "pages": pages})


def _text(held: Text) -> dict[str, Any]:
    kind = policy().kinds.get(held.kind)
    about = Subject.objects.filter(pk=held.about_id).values_list("title", flat=True).first() if held.about_id else ""
    return {"text": held, "kind": kind.title if kind else held.kind, "about": about or "", "shows": kind and kind.shown}


def _apart(held: Quarantined) -> dict[str, Any]:
    """The words in pieces, each with why it stands out, if it does."""
    pieces, at = [], 0
    for start, end, reason in held.spans:
        pieces += [{"words": held.content[at:start]}, {"words": held.content[start:end], "why": REASONS.get(reason)}]
        at = end
    return _text(held.text) | {"apart": held, "pieces": [*pieces, {"words": held.content[at:]}]}
