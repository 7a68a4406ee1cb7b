"""Where people see what was merged and why each field says what it says, choose otherwise, and settle contradictions."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from whatworks.collate.matching import choose_field, let_rules_merge
from whatworks.collate.models import MatchConflict, MatchDecision, MatchPolicy, MatchProposal, Report
from whatworks.collate.presenters_matching import conflicts, merged_report, merges
from whatworks.errors import WhatworksError
from whatworks.ledger.paging import paged
from whatworks.people.access import access
from whatworks.spoken import spoken


@access("collate.match")
def merged(request: HttpRequest) -> HttpResponse:
    """Every merge that people decided and that stands, newest first, each with its way back."""
    rows = MatchDecision.objects.standing().filter(decision=MatchDecision.SAME)
    rows, pages = paged(request, rows.select_related("left__merged_into", "right__merged_into").order_by("-at", "-pk"))
    shown = {
        "merges": merges(rows),
        "pages": pages,
        "conflicts": MatchConflict.objects.count(),
        "by_rule": MatchPolicy.by_rule(),
        "sure": MatchProposal.objects.filter(waits=True, decision=MatchProposal.SAME).count(),
    }
    return render(request, "collate/merges.html", shown)


@access("collate.match")
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """Let rules merge provisionally what they are sure of, or stop that."""
    merging = request.POST.get("merges") == "yes"
    if merging != MatchPolicy.by_rule():
        let_rules_merge(by=request.user.actor, merges=merging)
        said = (
            _("Rules merge now what they are sure of") if merging else _("Rules merge nothing by themselves any more")
        )
        messages.success(request, _("%(said)s; it takes a moment until all pairs are gone through.") % {"said": said})
    return redirect("merges")


@access("collate.match")
def merged_one(request: HttpRequest, identifier: str) -> HttpResponse:
    """One merged report: where each field comes from, and what holds its records together."""
    report = get_object_or_404(Report, pk=identifier)
    if request.method == "POST":
        if other := request.POST.get("other", ""):
            return _beside(request, report, other)
        wanted = get_object_or_404(Report.objects.together(report.pk), pk=request.POST.get("report", ""))
        back = request.POST.get("back") == "yes"
        try:
            choose_field(by=request.user.actor, report=wanted, field=request.POST.get("field", ""), withdrawn=back)
        except WhatworksError as error:
            messages.error(request, spoken(error))
        else:
            messages.success(request, _("Left to the rule again.") if back else _("Chosen. The report says so now."))
        return redirect("merged_report", report.speaker().pk)
    return render(request, "collate/merged.html", {"merged": merged_report(report)})


def _beside(request: HttpRequest, report: Report, other: str) -> HttpResponse:
    """Put another report beside this one, given by its address or its identifier."""
    found = re.search(r"rep-[0-9a-z]+", other)
    held = Report.objects.filter(pk=found.group()).first() if found else None
    if held is None or held.pk == report.pk:
        messages.error(
            request, _("“%(other)s” names no other report; copy the address of its page.") % {"other": other[:80]}
        )
        return redirect("merged_report", report.pk)
    return redirect("two_reports", *sorted((report.pk, held.pk)))


@access("collate.match")
def contradictions(request: HttpRequest) -> HttpResponse:
    """Merges that do not stand, since they would join what people keep apart."""
    rows, pages = paged(request, MatchConflict.objects.order_by("pk"))
    return render(request, "collate/match_conflicts.html", {"conflicts": conflicts(rows), "pages": pages})
