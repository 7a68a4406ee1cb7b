"""The addresses about pages and ratings: every approved revision, and the ratings that pages show with the reason of each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema

from whatworks.collate.api.door import as_json, failure, following
from whatworks.collate.api.parameters import known, page, told
from whatworks.collate.api.schemas import ErrorOut
from whatworks.errors import InputError
from whatworks.ledger.models import Artefact, Lineage
from whatworks.publish.api.schemas_pages import (
    RATING_PARAMETERS,
    REVISION_PARAMETERS,
    RatingsPage,
    RatingWhole,
    RevisionsPage,
    RevisionWhole,
)
from whatworks.publish.models import Page, PageStanding, Revision
from whatworks.rate.models import Rating
from whatworks.rate.standing import standing_of
from whatworks.saying import said

router = Router(tags=["pages"])
ERRORS = {400: ErrorOut, 404: ErrorOut, 429: ErrorOut}


class RevisionsQuery(Schema):
    """What a list of revisions can be narrowed by."""

    page: str = told(REVISION_PARAMETERS["page"])
    newest: str = told(REVISION_PARAMETERS["newest"])
    limit: str = told(REVISION_PARAMETERS["limit"])
    after: str = told(REVISION_PARAMETERS["after"])


class RatingsQuery(Schema):
    """What a list of ratings can be narrowed by."""

    page: str = told(RATING_PARAMETERS["page"])
    scheme: str = told(RATING_PARAMETERS["scheme"])
    limit: str = told(RATING_PARAMETERS["limit"])
    after: str = told(RATING_PARAMETERS["after"])


@router.get(
    "/revisions", response={200: RevisionsPage, **ERRORS}, summary="Revisions of pages", url_name="api_revisions"
)
def list_revisions(request: HttpRequest, asked: RevisionsQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every approved revision of every page, or those that all the filters find, in the order of their identifiers."""
    query = known(request.GET, set(REVISION_PARAMETERS))
    rows = Revision.objects.select_related("page").defer("content")
    if query.get("newest", "false") not in ("true", "false"):
        raise InputError(said("newest=%(newest)s cannot be read; give true or false.", newest=query["newest"][:40]))
    rows = _newest(rows) if query.get("newest") == "true" else rows
    rows = rows.filter(page=_page(query["page"])) if query.get("page") else rows
    return _listed(request, query, rows, "revisions", _revisions, RevisionsPage)


@router.get(
    "/revisions/{revision}", response={200: RevisionWhole, **ERRORS}, summary="One revision", url_name="api_revision"
)
def one_revision(request: HttpRequest, revision: str) -> Any:
    """One revision with all that it says, as it was approved."""
    known(request.GET, set())
    row = Revision.objects.select_related("page").filter(pk=revision).first()
    if row is None:
        return failure(404, f"There is no revision {revision[:40]}; check the identifier.")
    rests_on = list(row.subject.rests_on.order_by("input").values_list("input_id", flat=True))
    body: Any = _revisions([row])[0] | {"content": row.content, "rests_on": rests_on}
    return as_json(RevisionWhole(**body))


@router.get("/ratings", response={200: RatingsPage, **ERRORS}, summary="Ratings", url_name="api_ratings")
def list_ratings(request: HttpRequest, asked: RatingsQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every rating that a page shows now, or those that all the filters find, in the order of their identifiers."""
    query = known(request.GET, set(RATING_PARAMETERS))
    revisions = _newest(Revision.objects.order_by())
    revisions = revisions.filter(page=_page(query["page"])) if query.get("page") else revisions
    rows = _shown(revisions)
    rows = rows.filter(scheme=query["scheme"]) if query.get("scheme") else rows
    return _listed(request, query, rows, "ratings", _ratings, RatingsPage)


@router.get("/ratings/{rating}", response={200: RatingWhole, **ERRORS}, summary="One rating", url_name="api_rating")
def one_rating(request: HttpRequest, rating: str) -> Any:
    """A rating that a page shows or once showed, with the reason for every step."""
    known(request.GET, set())
    row = _shown(Revision.objects.order_by()).filter(pk=rating).first()
    if row is None:
        return failure(404, f"There is no published rating {rating[:40]}; check the identifier.")
    body: Any = _ratings([row])[0] | {"inputs": row.inputs, "result": row.result}
    return as_json(RatingWhole(**body))


def _listed(
    request: HttpRequest, query: Mapping[str, str], rows: QuerySet[Any], name: str, outs: Any, form: type[Schema]
) -> HttpResponse:
    found, more = page(rows, query)
    address = following(request, query, found[-1].pk) if more else None
    answer = as_json(form(**{name: outs(found), "count": rows.order_by().count(), "next": address}))
    if address:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def _page(slug: str) -> Page:
    held = Page.objects.filter(slug=slug).first()
    if held is None:
        raise InputError(
            said("There is no page %(slug)s; use the last part of its address, as in /evidence/NAME/.", slug=slug[:40])
        )
    return held


def _newest(revisions: QuerySet[Revision]) -> QuerySet[Revision]:
    return revisions.exclude(page__revisions__number__gt=F("number"))


def _shown(revisions: QuerySet[Revision]) -> QuerySet[Rating]:
    """The ratings that these revisions rest on."""
    rests = Lineage.objects.filter(output__in=revisions.values("pk")).values("input")
    return Rating.objects.filter(pk__in=rests).select_related("intervention", "outcome")


def _revisions(rows: Sequence[Revision]) -> list[dict[str, Any]]:
    keys = [row.pk for row in rows]
    newest = set(_newest(Revision.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    moved = set(Artefact.objects.stale().filter(pk__in=keys).values_list("pk", flat=True))
    withdrawn = PageStanding.objects.standing()
    return [
        {
            "id": row.pk,
            "page": _address("page", row.page.slug),
            "title": row.page.title,
            "number": row.number,
            "address": _address("page_revision", row.page.slug, row.number),
            "approved": row.approved_at,
            "what_changed": row.what_changed,
            "newest": row.pk in newest,
            "ground_moved": row.pk in moved,
            "withdrawn": withdrawn[row.page_id].why if row.page_id in withdrawn else None,
        }
        for row in rows
    ]


def _ratings(rows: Sequence[Rating]) -> list[dict[str, Any]]:
    gone = {one.page.intervention_id: one.why for one in _withdrawals()}
    return [_rating(row, gone.get(row.intervention.part_of_id or row.intervention_id)) for row in rows]


def _withdrawals() -> list[PageStanding]:
    standing = [one.pk for one in PageStanding.objects.standing().values()]
    return list(PageStanding.objects.filter(pk__in=standing).select_related("page").order_by("pk"))


def _rating(row: Rating, withdrawn: str | None) -> dict[str, Any]:
    stands = standing_of(row)
    return {
        "id": row.pk,
        "scheme": row.scheme,
        "version": row.version,
        "intervention": row.intervention.name,
        "outcome": row.outcome.name,
        "level": stands.level,
        "computed": stands.computed,
        "standing": stands.words,
        "provisional": stands.provisional,
        "withdrawn": withdrawn,
        "trace": _address("trace", row.pk),
    }


def _address(name: str, *given: Any) -> str:
    return str(settings.BASE_URL).rstrip("/") + reverse(name, args=list(given))
