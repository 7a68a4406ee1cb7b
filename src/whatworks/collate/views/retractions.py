"""Where a list of retractions is brought in, and where people say whether a notice is about a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from whatworks.collate.methods.notices import WORDS
from whatworks.collate.models import NoticeHit, RetractionNotice
from whatworks.collate.retractions import LOAD, confirm_hit, enqueue_list, outcome, refuse_hit
from whatworks.collate.uploads import LARGEST, keep, too_large
from whatworks.errors import WhatworksError
from whatworks.ledger.models import Job
from whatworks.people.access import access
from whatworks.spoken import spoken

RENEW = 2  # seconds after which the page of a running load renews itself
RECENT = 5
PER_PAGE = 20
STATES = {
    Job.WAITING: gettext_lazy("waiting"),
    Job.RUNNING: gettext_lazy("being read"),
    Job.DONE: gettext_lazy("read"),
    Job.FAILED: gettext_lazy("not read"),
}


class ListForm(forms.Form):
    """A list of retractions."""

    file = forms.FileField(
        label=gettext_lazy("The list, as CSV"),
        help_text=format_lazy(
            gettext_lazy(
                "The list of Retraction Watch and Crossref as it comes, or a table with the columns doi, date and "
                "notice (and, if you like, nature, title and reason). Up to {size} MB."
            ),
            size=LARGEST // 1024**2,
        ),
        error_messages={"empty": gettext_lazy("The file is empty; download the list again.")},
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(spoken(too_large()))
        return file


@access("collate.match")
def retractions(request: HttpRequest) -> HttpResponse:
    """Bring in a list; decide on titles; see what stands. Renews itself while a list is being read."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _taken(form.cleaned_data["file"], request.user.actor)
        except WhatworksError as error:
            form.add_error("file", spoken(error))
        else:
            return redirect("retractions")
    loads = [_load(job) for job in Job.objects.filter(kind=LOAD).order_by("-pk")[:RECENT]]
    waiting = Paginator(_with_both(NoticeHit.objects.waiting()), PER_PAGE).get_page(request.GET.get("page"))
    held = _with_both(NoticeHit.objects.held()).order_by("-notice__on", "pk")
    held_page = Paginator(held, PER_PAGE).get_page(request.GET.get("held"))
    shown = {
        "form": form,
        "loads": loads,
        "waiting": waiting,
        "held": held_page,
        "known": RetractionNotice.objects.count(),
        "live": any(one["live"] for one in loads),
        "still": "still" in request.GET,
    }
    response = render(request, "collate/retractions.html", shown)
    if shown["live"] and request.method == "GET" and not shown["still"]:
        response.headers["Refresh"] = str(RENEW)
    return response


def _with_both(hits: Any) -> Any:
    return hits.select_related("notice", "report__merged_into")


def _taken(file: UploadedFile, by: str) -> Job:
    path = keep(file.chunks())
    try:
        return enqueue_list(by=by, path=path, name=str(file.name))
    finally:
        path.unlink(missing_ok=True)  # what the list says is kept, row by row


def _load(job: Job) -> dict[str, Any]:
    """A load in words, for its line."""
    found = outcome(job.arguments, job.cursor) if job.state == Job.DONE else None
    return {
        "name": job.arguments["name"],
        "on": job.made_at,
        "state": STATES[job.state],
        "live": job.state in (Job.WAITING, Job.RUNNING),
        "done": job.done,
        "total": job.total or job.arguments["rows"],
        "error": ""
        if job.state != Job.FAILED
        else job.error
        if not job.error.startswith("Traceback")
        else _("A fault of ours; its details are kept as job %(job)s.") % {"job": job.pk},
        "result": found,
    }


def _marked(count: int) -> str:
    """What to say once a notice was found to be about a report on which so much rested."""
    if not count:
        return _("Marked as %(word)s: %(title)s. Nothing rested on it.")
    return ngettext(
        "Marked as %(word)s: %(title)s. %(count)s result and pages rested on it and must be looked at.",
        "Marked as %(word)s: %(title)s. %(count)s results and pages rested on it and must be looked at.",
        count,
    )


@access("collate.match")
@require_POST
def judge_notice(request: HttpRequest, identifier: str) -> HttpResponse:
    """Say whether a notice is about a report."""
    hit = get_object_or_404(NoticeHit.objects.select_related("notice", "report"), pk=identifier)
    word, title = WORDS[hit.notice.nature].lower(), hit.report.title
    try:
        if request.POST.get("decision") == "yes":
            marked = confirm_hit(by=request.user.actor, hit=hit)
            messages.success(request, _marked(len(marked)) % {"word": word, "title": title, "count": len(marked)})
        else:
            refuse_hit(by=request.user.actor, hit=hit)
            messages.success(
                request, _("Kept apart: the notice is about another report than %(title)s.") % {"title": title}
            )
    except WhatworksError as error:
        messages.error(request, spoken(error))
    return redirect("retractions")
