"""The addresses about reports: a list in pages, one report, each in every form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.http import http_date
from ninja import Query, Router, Schema

from whatworks.collate.api import reading
from whatworks.collate.api.door import as_json, failure, following
from whatworks.collate.api.forms import JSON, form_for
from whatworks.collate.api.parameters import known, page, told
from whatworks.collate.api.schemas import PARAMETERS, ErrorOut, ReportPage, ReportWhole
from whatworks.collate.exporting import FORMS, shared
from whatworks.collate.models import Report

router = Router(tags=["reports"])
ERRORS = {400: ErrorOut, 404: ErrorOut, 406: ErrorOut, 429: ErrorOut}


class ListQuery(Schema):
    """What a list can be narrowed by. Values are read one by one, so that each mistake has its own sentence."""

    q: str = told(PARAMETERS["q"])
    doi: str = told(PARAMETERS["doi"])
    year_from: str = told(PARAMETERS["year_from"])
    year_to: str = told(PARAMETERS["year_to"])
    type: str = told(PARAMETERS["type"])
    source: str = told(PARAMETERS["source"])
    import_: str = told(PARAMETERS["import"], alias="import")
    review: str = told(PARAMETERS["review"])
    notice: str = told(PARAMETERS["notice"])
    retracted: str = told(PARAMETERS["retracted"])
    changed_since: str = told(PARAMETERS["changed_since"])
    limit: str = told(PARAMETERS["limit"])
    after: str = told(PARAMETERS["after"])
    format: str = told(PARAMETERS["format"])


class OneQuery(Schema):
    """In which form a report is given."""

    format: str = told(PARAMETERS["format"])


@router.get("/reports", response={200: ReportPage, **ERRORS}, summary="Reports, page by page", url_name="api_reports")
def list_reports(request: HttpRequest, asked: ListQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every report that this centre knows, or those that all the filters find, in the order of their identifiers."""
    query = known(request.GET, set(PARAMETERS))
    form = form_for(query.get("format", ""), request.headers.get("Accept", ""))
    rows = reading.filtered(query)
    reports, more = page(rows, query)
    address = following(request, query, reports[-1].pk) if more else None
    if form == JSON:
        count, exact = reading.counted(rows)
        body: Any = {"reports": reading.outs(reports), "count": count, "count_is_exact": exact, "next": address}
        answer = as_json(ReportPage(**body))
    else:
        answer = _in_form(form, reports)
    if address:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


@router.get("/reports/{identifier}", response={200: ReportWhole, **ERRORS}, summary="One report", url_name="api_report")
def one_report(request: HttpRequest, identifier: str, asked: OneQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """A report with where it was found and how to cite it. A merged one leads to the report through which it speaks."""
    query = known(request.GET, {"format"})
    form = form_for(query.get("format", ""), request.headers.get("Accept", ""))
    report = Report.objects.here().filter(pk=identifier).select_related("merged_into").first()
    if report is None:
        return failure(404, f"There is no report {identifier[:40]}; check the identifier.")
    if report.merged_into_id:
        moved = request.build_absolute_uri(request.path.replace(identifier, report.merged_into_id))
        asked_too = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(moved + asked_too, preserve_request=True)
    answer = as_json(ReportWhole(**reading.whole(report))) if form == JSON else _in_form(form, [report])
    if changed := reading.changes([report.pk]).get(report.pk):
        answer.headers["Last-Modified"] = http_date(changed.timestamp())
    return answer


def _in_form(name: str, reports: list[Report]) -> HttpResponse:
    form = FORMS[name]
    assert form.pieces is not None
    stamp = timezone.now().date().isoformat()
    headers = {"Content-Disposition": f'inline; filename="reports-{stamp}.{form.ending}"'}
    charset = "" if name == "csl" else "; charset=utf-8"
    return HttpResponse(
        "".join(form.pieces(shared(reports))), content_type=form.content_type + charset, headers=headers
    )
