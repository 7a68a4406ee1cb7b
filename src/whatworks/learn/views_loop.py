"""What is missing, what did not work, and how fast the loop is: for everybody, as pages, tables and a feed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.learn.gaps_presenters import csv_rows, gaps_page
from whatworks.learn.looping_timing import as_of
from whatworks.learn.looping_timing import told as waits
from whatworks.learn.undone import KINDS, counts, everything, told
from whatworks.people.access import PUBLIC, access
from whatworks.publish.finding.feeds import addressed, atom
from whatworks.publish.finding.feeds_guides import LATEST, Item
from whatworks.spreadsheets import cell

ATOM = "application/atom+xml; charset=utf-8"


@access(PUBLIC)
def how_fast(request: HttpRequest) -> HttpResponse:
    """From a report to a page: how long it takes."""
    day = as_of()
    return render(request, "learn/loop_fast.html", {"told": waits(day), "day": day})


@access(PUBLIC)
def missing(request: HttpRequest) -> HttpResponse:
    """What is missing."""
    return render(request, "learn/gaps.html", gaps_page(request.GET.dict()) | {"asked": request.GET.urlencode()})


@access(PUBLIC)
def missing_file(request: HttpRequest) -> HttpResponse:
    """What is missing, for a spreadsheet."""
    return _file("gaps", csv_rows(request.GET.dict()))


@access(PUBLIC)
def did_not_work(request: HttpRequest) -> HttpResponse:
    """What did not work, newest first; or one kind of it."""
    rows, kind = everything(), request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    shown = {
        "rows": told(one for one in rows if kind in ("", one.kind)),
        "kinds": counts(rows),
        "kind": kind,
        "total": len(rows),
        "addressed": addressed(),
    }
    return render(request, "learn/failed.html", shown)


@access(PUBLIC)
def did_not_work_file(request: HttpRequest) -> HttpResponse:
    """The same, for a spreadsheet."""
    head = ["kind", "title", "what was tried", "where", "what was found", "when", "made up", "address"]
    body = [
        [str(one.kind), one.row.title, one.row.tried, one.row.where, one.row.found, one.row.when,
         "yes" if one.row.demonstration else "", one.row.href]
        for one in told(everything())
    ]  # fmt: skip
    return _file("what-did-not-work", [head, *body])


@access(PUBLIC)
def did_not_work_feed(request: HttpRequest) -> HttpResponse:
    """The same as a feed."""
    found = [
        Item(
            f"undone {one.row.kind} {one.row.key}",
            f"{one.kind}: {one.row.title}",
            one.row.found,
            one.row.at,
            one.row.href,
        )
        for one in told(everything())
        if one.row.at is not None
    ]
    path, at = reverse("did_not_work_feed"), reverse("did_not_work")
    text = atom(key="did-not-work", title=_("What did not work"), path=path, at=at, found=found[:LATEST])
    return HttpResponse(text, content_type=ATOM)


def _file(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell(one) for one in row] for row in rows)
    return HttpResponse(
        out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
