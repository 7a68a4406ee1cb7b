"""The addresses about guides and packages: those that readers can see, and one of each with all that it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from whatworks.collate.api.door import as_json, failure, following
from whatworks.collate.api.parameters import known, page, told
from whatworks.collate.api.schemas import ErrorOut
from whatworks.errors import InputError
from whatworks.publish.api.guides_reading import guides_out, guides_whole, packages, packages_out, shown_guides
from whatworks.publish.api.schemas_guides import PARAMETERS, GuidesPage, GuideWhole, PackageOut, PackagesPage
from whatworks.saying import said
from whatworks.scope.models import Theme

router = Router(tags=["guides"])
ERRORS = {400: ErrorOut, 404: ErrorOut, 429: ErrorOut}


class GuidesQuery(Schema):
    """What a list of guides or packages can be narrowed by."""

    theme: str = told(PARAMETERS["theme"])
    limit: str = told(PARAMETERS["limit"])
    after: str = told(PARAMETERS["after"])


@router.get("/guides", response={200: GuidesPage, **ERRORS}, summary="Practice guides", url_name="api_guides")
def list_guides(request: HttpRequest, asked: GuidesQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every guide that readers can see, or those of a theme, in the order of their identifiers."""
    return _listed(request, shown_guides(), "guides", guides_out, GuidesPage)


@router.get("/guides/{guide}", response={200: GuideWhole, **ERRORS}, summary="One guide", url_name="api_guide")
def one_guide(request: HttpRequest, guide: str) -> Any:
    """A guide with all that its newest revision says, or its draft where none is approved yet."""
    known(request.GET, set())
    found = guides_whole(shown_guides().filter(pk=guide))
    if not found:
        return failure(404, f"There is no guide {guide[:40]}; check the identifier.")
    return as_json(GuideWhole(**found[0]))


@router.get("/packages", response={200: PackagesPage, **ERRORS}, summary="Packages of guides", url_name="api_packages")
def list_packages(request: HttpRequest, asked: GuidesQuery = Query(...)) -> Any:  # type: ignore[type-arg]  # noqa: B008
    """Every package that holds something, or those of a theme, in the order of their identifiers."""
    return _listed(request, packages(), "packages", packages_out, PackagesPage)


@router.get("/packages/{package}", response={200: PackageOut, **ERRORS}, summary="One package", url_name="api_package")
def one_package(request: HttpRequest, package: str) -> Any:
    """A package with the guides and pages that it gathers."""
    known(request.GET, set())
    found = packages_out(packages().filter(pk=package))
    if not found:
        return failure(404, f"There is no package {package[:40]}; check the identifier.")
    return as_json(PackageOut(**found[0]))


def _listed(
    request: HttpRequest, rows: QuerySet[Any], name: str, outs: Callable[..., Any], form: type[Schema]
) -> HttpResponse:
    query = known(request.GET, set(PARAMETERS))
    if slug := query.get("theme"):
        if not Theme.objects.filter(slug=slug).exists():
            raise InputError(
                said("There is no theme %(slug)s; use its name as in /evidence/?theme=NAME.", slug=slug[:40])
            )
        rows = rows.filter(theme__slug=slug)
    found, more = page(rows, query)
    address = following(request, query, found[-1].pk) if more else None
    answer = as_json(form(**{name: outs(found), "count": rows.order_by().count(), "next": address}))
    if address:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer
