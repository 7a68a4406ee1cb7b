"""The addresses about results: those that pages show, page by page, and one with everything it was computed from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import http_date
from ninja import Query, Router, Schema

from whatworks.collate.api.door import as_json, failure, following
from whatworks.collate.api.parameters import known, page, told
from whatworks.collate.api.schemas import ErrorOut
from whatworks.publish.api import reading
from whatworks.publish.api.finding import router as finding
from whatworks.publish.api.schemas import RESULT_PARAMETERS, PooledPage, PooledWhole

router = Router(tags=["results"])
router.add_router("", finding)
ERRORS = {400: ErrorOut, 404: ErrorOut, 429: ErrorOut}


class ResultsQuery(Schema):
    """What a list of results can be narrowed by."""

    intervention: str = told(RESULT_PARAMETERS["intervention"])
    outcome: str = told(RESULT_PARAMETERS["outcome"])
    role: str = told(RESULT_PARAMETERS["role"])
    limit: str = told(RESULT_PARAMETERS["limit"])
    after: str = told(RESULT_PARAMETERS["after"])


@router.get(
    "/results", response={200: PooledPage, **ERRORS}, summary="Pooled results, page by page", url_name="api_results"
)
def list_results(request: HttpRequest, asked: ResultsQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every pooled result that a page shows now, or those that all the filters find, in the order of their identifiers."""
    query = known(request.GET, set(RESULT_PARAMETERS))
    rows = reading.filtered(query)
    found, more = page(rows, query)
    address = following(request, query, found[-1].pk) if more else None
    body: Any = {"results": reading.outs(found), "count": rows.order_by().count(), "next": address}
    answer = as_json(PooledPage(**body))
    if address:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


@router.get(
    "/results/{result}", response={200: PooledWhole, **ERRORS}, summary="One pooled result", url_name="api_result"
)
def one_result(request: HttpRequest, result: str) -> Any:
    """A pooled result that a page shows or once showed: its numbers, inputs and method, and how to compute it again."""
    known(request.GET, set())
    row = reading.seen(newest=False).filter(pk=result).first()
    if row is None:
        return failure(404, f"There is no published result {result[:40]}; check the identifier.")
    body = reading.whole(row)
    answer = as_json(PooledWhole(**body))
    answer.headers["Last-Modified"] = http_date(body["published"].timestamp())
    return answer
