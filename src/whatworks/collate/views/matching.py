"""Where people decide, pair by pair, whether two reports are one, and take decisions back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from whatworks.collate.matching import decide, decide_together, undo
from whatworks.collate.models import Import, MatchDecision, MatchProposal, Report
from whatworks.collate.models.matching import in_order
from whatworks.collate.presenters_matching import brief, pair, pairs
from whatworks.collate.queueing import let_go, next_pairs, waiting
from whatworks.collate.sitting import keep, sitting
from whatworks.errors import ConflictError, WhatworksError
from whatworks.people.access import access
from whatworks.saying import said
from whatworks.spoken import spoken

LAST = 5  # decisions that can be taken back from the page
SURE = 0.95  # probability from which pairs are offered many at once
AT_ONCE = 20
SCRIPTED = "pairs"  # what the script says of itself in X-Requested-With
WORDS = {
    "same": gettext_lazy("Merged."),
    "different": gettext_lazy("Two different reports."),
    "linked": gettext_lazy("Related, and kept apart."),
    "skip": gettext_lazy("Skipped; it comes again later."),
    "undo": gettext_lazy("Taken back."),
}


@access("collate.match")
def queue(request: HttpRequest) -> HttpResponse:
    """One pair after the other: decide, and the next is there."""
    origin = request.GET.get("import", "")
    if request.method != "POST":
        return render(request, "collate/match_pairs.html", _queue(request, origin))
    said, first, status = "", request.POST.get("shown", ""), 200
    try:
        said, reopened = _act(request, request.POST)
        first = reopened or first
    except ConflictError as error:
        said, status = spoken(error), 409
    if request.headers.get("X-Requested-With") == SCRIPTED:
        shown = _queue(request, origin, first=first) | {"said": said}
        return render(request, "collate/_match_queue.html", shown, status=status)
    messages.success(request, said) if status == 200 else messages.error(request, said)
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in (("import", origin), ("first", first)) if value})
    return redirect(f"{request.path}{f'?{query.urlencode()}' if query else ''}")


def _act(request: HttpRequest, asked: Any) -> tuple[str, str]:
    """Do what was asked. Returns what to say, and the pair that is open again after an undo."""
    by, now, what = request.user.actor, timezone.now(), asked.get("decision", "")
    held, reopened = sitting(request.session, now), ""
    if what == "undo":
        last = _undoable(by).filter(pk=asked["which"]).first() if asked.get("which") else _undoable(by).first()
        if last is None:
            raise ConflictError(said("There is nothing of yours to take back."))
        undo(by=by, decision=last)
        proposal = MatchProposal.objects.filter(left=last.left_id, right=last.right_id, waits=True).first()
        reopened = proposal.pk if proposal else ""
        held.decided(now, -1)
    else:
        proposal = get_object_or_404(MatchProposal, pk=asked.get("pair", ""))
        if what == "skip":
            let_go(proposal.pk, by)
            held.skip(proposal.pk, now)
        elif what in ("same", "different", "linked"):
            seen = int(asked.get("seen", "0")) if asked.get("seen", "0").isdigit() else 0
            decide(by=by, left=proposal.left_id, right=proposal.right_id, decision=what, seen=seen)
            held.decided(now)
        else:
            raise Http404
    keep(request.session, held)
    return WORDS[what], reopened


def _undoable(by: str) -> Any:
    """The last decisions of this person that still stand, newest first."""
    mine = MatchDecision.objects.standing().filter(by=by).exclude(decision=MatchDecision.OPEN)
    return mine.select_related("left", "right").order_by("-at", "-pk")


def _queue(request: HttpRequest, origin: str, first: str = "") -> dict[str, Any]:
    """What the page shows: this pair and the next, how far it is, and what can be taken back."""
    by, held = request.user.actor, sitting(request.session, timezone.now())
    first = first or request.GET.get("first", "")
    found = next_pairs(by, origin=origin, skipped=held.skipped, first=first)
    if not found and held.skipped:  # the rest was skipped: it comes again now
        held.skipped = []
        keep(request.session, held)
        found = next_pairs(by, origin=origin)
    shown = pairs(found)
    left = waiting(origin)
    undoable = [
        {"which": one.pk, "what": WORDS[one.decision], "title": one.left.alone()["title"]}
        for one in _undoable(by)[:LAST]
    ]
    return {
        "pair": shown[0] if shown else None,
        "following": shown[1] if len(shown) > 1 else None,
        "progress": held.words(left),
        "waiting": left,
        "elsewhere": left > 0 and not shown,
        "undoable": undoable,
        "origin": Import.objects.filter(pk=origin).first() if origin else None,
        "imports": _with_pairs(),
        "surest": MatchProposal.objects.filter(waits=True, decision="same", probability__gte=SURE).exists(),
    }


def _with_pairs() -> list[dict[str, Any]]:
    """The imports in whose matching pairs wait, for the filter; only the last few, which are those worked on."""
    found = MatchProposal.objects.filter(waits=True, origin__isnull=False).order_by().values("origin").distinct()
    rows = Import.objects.filter(pk__in=found).select_related("source").order_by("filename")[:30]
    return [{"identifier": one.pk, "name": f"{one.filename} ({one.source.name})"} for one in rows]


@access("collate.match")
def match(request: HttpRequest, identifier: str) -> HttpResponse:
    """One pair that a rule proposed: its fields, its history, and a decision."""
    held = get_object_or_404(MatchProposal.objects.select_related("left", "right"), pk=identifier)
    return _one(request, held.left, held.right, held)


@access("collate.match")
def two(request: HttpRequest, left: str, right: str) -> HttpResponse:
    """Any two reports side by side: what no rule has seen, a person may."""
    if left == right:
        raise Http404
    left, right = in_order(left, right)
    ours, theirs = get_object_or_404(Report, pk=left), get_object_or_404(Report, pk=right)
    held = MatchProposal.objects.current().filter(left=left, right=right).first()
    return _one(request, ours, theirs, held)


def _one(request: HttpRequest, left: Report, right: Report, held: MatchProposal | None) -> HttpResponse:
    if request.method == "POST":
        what = request.POST.get("decision", "")
        try:
            decide(by=request.user.actor, left=left.pk, right=right.pk, decision=what)
        except WhatworksError as error:
            messages.error(request, spoken(error))
            return redirect(request.path)
        messages.success(request, WORDS.get(what, "Taken back."))
        left.refresh_from_db()
        right.refresh_from_db()
        if what == "same" and left.speaker() != right.speaker():
            messages.error(request, _("But that contradicts another decision, so they stay apart until it is settled."))
            return redirect("match_conflicts")
        return redirect(request.path)
    return render(request, "collate/match.html", {"pair": pair(left, right, held)})


@access("collate.match")
def surest(request: HttpRequest) -> HttpResponse:
    """The pairs that a rule is surest of, many on one page: untick what is doubtful, merge the rest."""
    if request.method == "POST":
        chosen = MatchProposal.objects.filter(pk__in=request.POST.getlist("pair")[:AT_ONCE], decision="same")
        count = decide_together(by=request.user.actor, proposals=list(chosen), decision="same")
        held = sitting(request.session, timezone.now())
        held.decided(timezone.now(), count)
        keep(request.session, held)
        said = ngettext(
            "%(count)s pair merged. Each can be taken back by itself.",
            "%(count)s pairs merged. Each can be taken back by itself.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect(request.get_full_path())
    sure = MatchProposal.objects.filter(waits=True, decision="same", probability__gte=SURE)
    rows = sure.select_related("left", "right").order_by("-probability", "pk")
    return render(request, "collate/match_surest.html", {"pairs": brief(rows[:AT_ONCE]), "total": rows.count()})


@access("collate.match")
@require_POST
def take_back(request: HttpRequest, identifier: str) -> HttpResponse:
    """Take a decision back, from wherever it is listed."""
    held = get_object_or_404(MatchDecision.objects.select_related("left__merged_into"), pk=identifier)
    try:
        undo(by=request.user.actor, decision=held)
    except ConflictError as error:
        messages.error(request, spoken(error))
    else:
        messages.success(
            request, _("Undone. “%(title)s” and the other are two reports again.") % {"title": held.left.title}
        )
    if request.POST.get("back") == "report":
        return redirect("merged_report", held.left.speaker().pk)
    return redirect("merges")
