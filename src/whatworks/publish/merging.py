"""Where people settle judgements that differ between reports which were found to be one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Report
from whatworks.errors import WhatworksError
from whatworks.people.access import access
from whatworks.people.naming import names
from whatworks.screen.methods.together import Clash
from whatworks.screen.models import Judgement, Review
from whatworks.screen.settling import open_clashes, settle
from whatworks.spoken import spoken

WORDS = {Judgement.INCLUDE: gettext_lazy("Taken in"), Judgement.EXCLUDE: gettext_lazy("Left out")}


class SettlementForm(forms.Form):
    """What the one report is: in or out, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Is the report in or out?"),
        choices=[("include", gettext_lazy("In")), ("exclude", gettext_lazy("Out"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("If it is out: why?"),
        help_text=gettext_lazy("A reason of this review."),
        max_length=120,
        required=False,
    )


@access("collate.match")
def judged(request: HttpRequest, review: str, report: str) -> HttpResponse:
    """Judgements that differ, side by side, and one that takes their place."""
    held, speaker = get_object_or_404(Review, slug=review), get_object_or_404(Report, pk=report)
    clash = next((one for one in open_clashes(held) if one.speaker == report), None)
    if clash is None:
        raise Http404
    form = SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle(by=request.user.actor, review=held, clash=clash, **form.cleaned_data)
        except WhatworksError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, _("Settled. If the merge is undone, each report has its own judgement again."))
            return redirect("workspace")
    shown = {"review": held, "report": speaker, "stage": clash.stage, "judgements": _listed(clash), "form": form}
    return render(request, "publish/workspace/judged.html", shown)


def _listed(clash: Clash) -> list[dict[str, Any]]:
    rows = list(Judgement.objects.filter(pk__in=clash.judgements).select_related("report").order_by("pk"))
    people = names(one.by for one in rows)
    return [
        {
            "title": one.report.alone()["title"],
            "href": f"/reports/{one.report_id}/",
            "said": f"{WORDS[one.decision]}{f': {one.reason}' if one.reason else ''}",
            "who": people[one.by],
        }
        for one in rows
    ]
