"""Where people bring in a search export, say what the columns of a table are, see how far it came, or take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.actions import source_named
from whatworks.collate.forms_importing import ExportForm
from whatworks.collate.mapping_forms import MappingForm, mapping_shown
from whatworks.collate.models import Source
from whatworks.collate.presenters_importing import STATES, account, named
from whatworks.collate.sources import read
from whatworks.collate.sources.previewing import Preview, preview
from whatworks.collate.tasks import CANCELLED, IMPORT, cancel_import, enqueue_import
from whatworks.collate.uploads import FOLDER, keep
from whatworks.errors import WhatworksError
from whatworks.ledger.models import Job
from whatworks.people.access import access
from whatworks.spoken import spoken

RENEW = 2  # seconds after which the page of a running import renews itself
RECENT = 8
PLAIN = (
    gettext_lazy("CSV table"),
    gettext_lazy("TSV table"),
    gettext_lazy("Excel table"),
)  # whose columns are guessed; a vendor's own export is known
WAITING = "uploads"  # in the session: files whose columns a person looks at


@access("collate.match")
def imports(request: HttpRequest) -> HttpResponse:
    """Bring in a search export; see the last ones."""
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _taken(request, form)
        except WhatworksError as error:
            form.add_error("file", spoken(error))
    recent = Job.objects.filter(kind=IMPORT).order_by("-pk")[:RECENT]
    shown = [
        {
            "name": named(job),
            "number": job.pk,
            "state": _("taken back") if job.error.startswith(CANCELLED) else STATES[job.state],
            "on": job.made_at,
        }
        for job in recent
    ]
    return render(request, "collate/imports.html", {"form": form, "recent": shown})


def _taken(request: HttpRequest, form: ExportForm) -> HttpResponse:
    """Keep the file and ask for its import. A format nobody knows is refused here, not by the worker later."""
    file, name = form.cleaned_data["file"], Path(form.cleaned_data["file"].name).name
    path = keep(file.chunks())
    try:
        seen = preview(path, named=name)
        if seen is None:
            read(path, named=name).close()
    except WhatworksError:
        path.unlink()  # of a file that no import can be made of, nothing is kept
        raise
    run = form.cleaned_data.get("run")
    source = form.cleaned_data["source"] or source_named(
        by=request.user.actor, name=form.cleaned_data["name"], sort="database"
    )
    asked = {"filename": name, "source": source.pk, "run": run.pk if run else ""}
    if seen is None or (seen.format not in PLAIN and not seen.problem):
        return _enqueued(request, path, asked, None)
    held = request.session.get(WAITING, {})
    request.session[WAITING] = {**dict(list(held.items())[-RECENT:]), path.name: asked}
    return redirect("import_columns", path.name)


def _enqueued(request: HttpRequest, path: Path, asked: dict[str, Any], mapping: dict[str, str] | None) -> HttpResponse:
    source = get_object_or_404(Source, pk=asked["source"])
    told = {"filename": asked["filename"], "run": asked["run"], "mapping": mapping}
    job = enqueue_import(by=request.user.actor, path=path, source=source, propose=True, **told)
    return redirect("import", job.pk)


@access("collate.match")
def columns(request: HttpRequest, digest: str) -> HttpResponse:
    """What the columns of an uploaded table were taken for, to be looked at and mended before it comes in."""
    asked, path = request.session.get(WAITING, {}).get(digest), Path(settings.HOME) / FOLDER / digest
    if asked is None or not path.is_file():
        raise Http404
    try:
        seen = preview(path, named=asked["filename"])
        if seen is None:
            return _enqueued(request, path, asked, None)
        form = MappingForm(seen, request.POST or None)
        if request.method == "POST" and form.is_valid():
            mapping, moved = form.mapping, form.cleaned_data["header"] != seen.header_line
            seen = preview(path, mapping, named=asked["filename"]) or seen
            if request.POST.get("step") == "import" and not moved and not seen.problem:
                return _enqueued(request, path, asked, mapping)
            form = MappingForm(seen)
    except WhatworksError as error:
        messages.error(request, spoken(error))
        return redirect("imports")
    return render(request, "collate/import_columns.html", _columns(form, seen, asked))


def _columns(form: MappingForm, seen: Preview, asked: dict[str, Any]) -> dict[str, Any]:
    return {"form": form, "shown": mapping_shown(seen), "name": asked["filename"]}


@access("collate.match")
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far an import came. Renews itself while it runs, unless asked to keep still; no script is needed."""
    job = get_object_or_404(Job, pk=number, kind=IMPORT)
    if request.method == "POST":
        return _cancel(request, job) if request.POST.get("decision") == "cancel" else _again(request, job)
    shown = account(job, timezone.now())
    still = "still" in request.GET
    response = render(request, "collate/import.html", {"job": shown, "still": still})
    if shown["live"] and not still:
        # As a header and not an element of the page: the same to a browser, and the page offers a way to stop it.
        response.headers["Refresh"] = str(RENEW)
    return response


def _cancel(request: HttpRequest, job: Job) -> HttpResponse:
    try:
        cancel_import(by=request.user.actor, job=job)
    except WhatworksError as error:
        messages.error(request, spoken(error))
    return redirect("import", job.pk)


def _again(request: HttpRequest, job: Job) -> HttpResponse:
    """Ask for the same file again: as before, or with what comes before the cut."""
    asked = job.arguments
    partial = request.POST.get("decision") == "partial"
    source = Source.objects.get(pk=asked["source"])
    told = {"filename": asked["filename"], "run": asked.get("run", ""), "mapping": asked.get("mapping")}
    try:
        again = enqueue_import(
            by=request.user.actor, path=Path(asked["path"]), source=source, partial=partial, propose=True, **told
        )
    except WhatworksError as error:
        messages.error(request, spoken(error))
        return redirect("imports")
    return redirect("import", again.pk)
