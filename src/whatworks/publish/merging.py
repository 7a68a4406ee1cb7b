"""Where people decide whether two reports are one, and take a merge back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from whatworks.collate.actions import confirm_match, refuse_match, undo_match
from whatworks.collate.models import MatchDecision
from whatworks.people.access import access
from whatworks.publish.paging import paged
from whatworks.publish.pairs import merge_entries, merges, pair


@access("collate.match")
def match(request: HttpRequest, identifier: str) -> HttpResponse:
    """Decide whether two reports are one; then the next pair is there."""
    held = get_object_or_404(MatchDecision.objects.select_related("left", "right"), pk=identifier)
    if request.method == "POST":
        same = request.POST.get("decision") == "same"
        (confirm_match if same else refuse_match)(by=request.user.actor, match=held)
        said = "Merged. It can be undone under Merged reports." if same else "Recorded: two different reports."
        messages.success(request, said)
        waiting = MatchDecision.objects.filter(state=MatchDecision.PROPOSED).order_by("-score", "pk").first()
        return redirect("match", waiting.pk) if waiting else redirect("workspace")
    left = MatchDecision.objects.filter(state=MatchDecision.PROPOSED).count()
    return render(request, "publish/workspace/match.html", {"pair": pair(held), "left": left})


@access("collate.match")
def merged(request: HttpRequest) -> HttpResponse:
    """Every merge that stands, newest first, each with its way back."""
    rows, pages = paged(request, merges())
    return render(request, "publish/workspace/merges.html", {"merges": merge_entries(rows), "pages": pages})


@access("collate.match")
@require_POST
def undo(request: HttpRequest, identifier: str) -> HttpResponse:
    """Take a merge back."""
    held = get_object_or_404(MatchDecision.objects.select_related("left"), pk=identifier)
    undo_match(by=request.user.actor, match=held)
    messages.success(request, f"Undone. “{held.left.title}” and the other are two reports again.")
    return redirect("merges")
