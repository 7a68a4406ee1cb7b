"""The API, put together: what the rooms offer to machines, its description, and the page that explains it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from whatworks.archive.api import router as releases
from whatworks.collate.api.door import door, failure
from whatworks.collate.api.routes import router
from whatworks.people.access import PUBLIC, access
from whatworks.people.tokens import SCOPES
from whatworks.publish.api.guides import router as guides
from whatworks.publish.api.pages import router as pages
from whatworks.publish.api.routes import router as results
from whatworks.screen.api.door import NO_TOKEN
from whatworks.screen.api.door import door as door_for_tokens
from whatworks.screen.api.routes import router as screening
from whatworks.screen.api.saying import sentence_of
from whatworks.web.api_page import operations_of, schemas_of

WORDS = (
    "The reports that this centre has found, the results that its pages show and the guides that rest on them, as open "
    "data: free to use without a key, from any site. A result comes with everything it was computed from. Bibliographic facts "
    "are in the public domain (CC0). Abstracts and subject terms are given only where a record says that its licence is open. "
    "People who screen here can let a program of theirs take part, with a token."
)
VERSION = "v1"  # a field is never changed or taken away in it
REVIEWS = "reviews/"  # what lies below is for holders of a token

api = NinjaAPI(title="whatworks", version="1", description=WORDS, docs_url=None, openapi_url=None, urls_namespace="api")
api.add_router("", router)
api.add_router("", results)
api.add_router("", pages)
api.add_router("", guides)
api.add_router("", releases)
api.add_router("", screening)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter or field of the wrong kind, in one sentence."""
    return failure(400, sentence_of(error.errors[0]))


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library itself refuses, in one sentence: no token, or a body that is no JSON."""
    if error.status_code == 401:
        return failure(401, NO_TOKEN)
    return failure(error.status_code, "The body of the request cannot be read; send JSON in UTF-8.")


def schema() -> dict[str, Any]:
    """The description of the API as OpenAPI 3.1, its addresses as they are."""
    return dict(api.get_openapi_schema(path_prefix="/api"))


@access(PUBLIC)
@door
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for machines."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@access(PUBLIC)
def explained(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    described = schema()
    open_to_all, with_token = operations_of(described, closed=False), operations_of(described, closed=True)
    context = {"words": WORDS, "operations": open_to_all, "with_token": with_token, "scopes": SCOPES.values()}
    context |= {"base": settings.BASE_URL}
    return render(request, "web/api.html", context | {"schemas": schemas_of(described)})


@access(PUBLIC)
@door
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that does not exist."""
    return failure(404, f"There is nothing at /api/{rest[:80]}; the addresses are described at /api/openapi.json.")


@access(PUBLIC)
@door_for_tokens
def nowhere_in_reviews(request: HttpRequest, rest: str) -> HttpResponse:
    """The same below what needs a token: no site may read it, and any way of asking is answered alike."""
    return failure(404, f"There is nothing at /api/{REVIEWS}{rest[:80]}; the addresses are described at /api/.")


def _opened(pattern: URLPattern, version: str = "") -> URLPattern:
    """An address of the library behind our door, under our name, and its policy said.

    With a version it is the same answer at an address that says so; without, it is the version there is.

    What needs a token is public to the guard, which knows only people with a session: the door asks for the token.
    """
    through = (door_for_tokens if str(pattern.pattern).startswith(REVIEWS) else door)(pattern.callback)

    @access(PUBLIC)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return through(request, *args, **kwargs)

    served.csrf_exempt = True  # type: ignore[attr-defined]  # no door takes a cookie, so none can be abused
    name = f"{version}_{pattern.name}" if version else pattern.name
    return path(f"api/{version}/{pattern.pattern}" if version else f"api/{pattern.pattern}", served, name=name)


urlpatterns = [
    path("api/", explained, name="api"),
    path("api/openapi.json", openapi, name="openapi"),
    *(_opened(pattern, version) for version in ("", VERSION) for pattern in api.urls[0] if pattern.name != "api-root"),
    path(f"api/{REVIEWS}<path:rest>", nowhere_in_reviews, name="api_nowhere_in_reviews"),
    path(f"api/{VERSION}/{REVIEWS}<path:rest>", nowhere_in_reviews, name="v1_api_nowhere_in_reviews"),
    path("api/<path:rest>", nowhere, name="api_nowhere"),
]
