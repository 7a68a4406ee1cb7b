"""Where people bring in a search export, and see how far it came."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from whatworks.collate.actions import add_source
from whatworks.collate.models import Import, MatchDecision, Source
from whatworks.collate.sources import SOURCES, read
from whatworks.collate.tasks import IMPORT, PROPOSE, enqueue_import
from whatworks.collate.uploads import LARGEST, keep, too_large
from whatworks.errors import WhatworksError
from whatworks.ledger.models import Job
from whatworks.people.access import access

RENEW = 2  # seconds after which the page of a running import renews itself
LATE = 15  # seconds after which a job that nobody took is worth a word
RECENT = 8
SHOWN = 20  # unreadable records listed; the rest are counted
FORMATS = ", ".join(source.name for source in SOURCES)


class ExportForm(forms.Form):
    """A search export and where the search was made."""

    file = forms.FileField(
        label="The file",
        help_text=f"A search export as {FORMATS}, up to {LARGEST // 1024**2} MB. It is kept as it is.",
        error_messages={"empty": "The file is empty; export the search again."},
    )
    source = forms.ModelChoiceField(
        Source.objects.order_by("name", "platform"),
        label="Where was the search made?",
        empty_label="Somewhere else: I name it below",
        required=False,
    )
    name = forms.CharField(label="If it is somewhere else, what is it called?", max_length=160, required=False)

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(too_large())
        return file

    def clean(self) -> dict[str, Any]:
        """One source, chosen or named."""
        given = super().clean() or {}
        if bool(given.get("source")) == bool(given.get("name")):
            self.add_error("source", "Choose where the search was made, or name it; one of the two.")
        return given


@access("collate.match")
def imports(request: HttpRequest) -> HttpResponse:
    """Bring in a search export; see the last ones."""
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = _taken(form, request.user.actor)
        except WhatworksError as error:
            form.add_error("file", str(error))
        else:
            return redirect("import", job.pk)
    recent = Job.objects.filter(kind=IMPORT).order_by("-pk")[:RECENT]
    shown = [{"name": named(job), "number": job.pk, "state": STATES[job.state], "on": job.made_at} for job in recent]
    return render(request, "publish/workspace/imports.html", {"form": form, "recent": shown})


def _taken(form: ExportForm, by: str) -> Job:
    """Keep the file and ask for its import. A format nobody knows is refused here, not by the worker later."""
    file, name = form.cleaned_data["file"], Path(form.cleaned_data["file"].name).name
    path = keep(file.chunks())
    try:
        read(path, named=name).close()
    except WhatworksError:
        path.unlink()  # of a file that no import can be made of, nothing is kept
        raise
    source = form.cleaned_data["source"] or _named_source(form.cleaned_data["name"].strip(), by)
    return enqueue_import(by=by, path=path, source=source, filename=name, propose=True)


def _named_source(name: str, by: str) -> Source:
    held = Source.objects.filter(name__iexact=name).first()
    return held or add_source(by=by, name=name, sort="database")


STATES = {
    Job.WAITING: "waiting",
    Job.RUNNING: "being brought in",
    Job.DONE: "brought in",
    Job.FAILED: "refused",
}


@access("collate.match")
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far an import came. Renews itself while it runs, unless asked to keep still; no script is needed."""
    job = get_object_or_404(Job, pk=number, kind=IMPORT)
    if request.method == "POST":
        return _again(request, job)
    shown = account(job, timezone.now())
    still = "still" in request.GET
    response = render(request, "publish/workspace/import.html", {"job": shown, "still": still})
    if shown["live"] and not still:
        # As a header and not an element of the page: the same to a browser, and the page offers a way to stop it.
        response.headers["Refresh"] = str(RENEW)
    return response


def _again(request: HttpRequest, job: Job) -> HttpResponse:
    """Ask for the same file again: as before, or with what comes before the cut."""
    asked = job.arguments
    partial = request.POST.get("decision") == "partial"
    source = Source.objects.get(pk=asked["source"])
    try:
        again = enqueue_import(
            by=request.user.actor,
            path=Path(asked["path"]),
            source=source,
            partial=partial,
            filename=asked["filename"],
            propose=True,
        )
    except WhatworksError as error:
        messages.error(request, str(error))
        return redirect("imports")
    return redirect("import", again.pk)


def named(job: Job) -> str:
    """What the person who brought it calls the file."""
    return str(job.arguments["filename"])


def account(job: Job, now: datetime.datetime) -> dict[str, Any]:
    """An import in words and numbers, for its page."""
    source = Source.objects.filter(pk=job.arguments["source"]).first()
    after = Job.objects.filter(kind=PROPOSE, key=f"propose-{job.cursor.get('import', '')}").first()
    live = [one for one in (job, after) if one and one.state in (Job.WAITING, Job.RUNNING)]
    return {
        "name": named(job),
        "number": job.pk,
        "source": source.name if source else "",
        "state": job.state,
        "live": bool(live),
        "done": job.done,
        "total": job.total,
        "words": _words(job, now),
        "matching": bool(live) and job.state == Job.DONE,
        "error": _reason(job),
        "cut": "--partial" in job.error,
        "result": _result(job) if job.state == Job.DONE else None,
    }


def _words(job: Job, now: datetime.datetime) -> str:
    """What is happening, and how long it will take."""
    if job.state == Job.WAITING:
        late = (now - job.made_at).total_seconds() > LATE
        return "Nobody has taken it up yet. Is the worker running?" if late else "Waiting for the worker."
    if job.state == Job.RUNNING:
        if job.total is None:
            return "The file is being read."
        return f"{job.done:,} of {job.total:,} records. {pace(job.done, job.total, _seconds(job, now))}"
    return ""


def _seconds(job: Job, now: datetime.datetime) -> float:
    return (now - datetime.datetime.fromisoformat(job.cursor["began"])).total_seconds()


def pace(done: int, total: int, seconds: float) -> str:
    """How quick it goes and how long it takes still, in round words; nothing before there is something to tell."""
    if done <= 0 or seconds <= 0:
        return ""
    rate = done / seconds
    left = (total - done) / rate
    lasting = "a few seconds" if left < 10 else f"{round(left, -1):.0f} seconds" if left < 90 else ""
    about = float(f"{rate:.1g}") if rate >= 1 else 1
    return f"About {about:,.0f} a second; {lasting or f'{left / 60:.0f} minutes'} left."


def _reason(job: Job) -> str:
    """Why it failed, in one sentence."""
    if job.state != Job.FAILED:
        return ""
    if job.error.startswith("Traceback"):  # a defect of ours: the whole of it stays with the job
        return (
            f"{named(job)} could not be brought in, because of a fault of ours; its details are kept as job {job.pk}."
        )
    return job.error.replace("read it with --partial to keep", "keep")


def _came_out(records: int, starts: int) -> str:
    if records == starts:
        return (
            f"All {records:,} records of the file are here." if records > 1 else "The one record of the file is here."
        )
    return f"{records:,} of {starts:,} records are here; the others could not be read, and are listed below."


def _result(job: Job) -> dict[str, Any]:
    """What came of it, with what could not be read, line by line."""
    origin = Import.objects.get(pk=job.cursor["import"])
    reports = origin.rows.values("report")
    waiting = MatchDecision.objects.filter(state=MatchDecision.PROPOSED)
    unreadable = origin.unreadable[:SHOWN]
    return {
        "words": _came_out(origin.records, origin.record_starts),
        "format": f"{origin.format}, {origin.encoding}",
        "unreadable": [f"Line {one['line']:,}: {one['reason']}" for one in unreadable],
        "more": len(origin.unreadable) - len(unreadable),
        "pairs": waiting.filter(left__in=reports).union(waiting.filter(right__in=reports)).count(),
    }
