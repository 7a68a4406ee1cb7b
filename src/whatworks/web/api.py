"""The open API, put together: what the rooms offer to machines, its description, and the page that explains it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import ValidationError

from whatworks.collate.api.door import door, failure
from whatworks.collate.api.routes import router
from whatworks.people.access import PUBLIC, access
from whatworks.web.api_page import operations_of, schemas_of

WORDS = (
    "The reports that this centre has found, as open data: free to use without a key, from any site. Bibliographic facts "
    "are in the public domain (CC0). Abstracts and subject terms are given only where a record says that its licence is open."
)

api = NinjaAPI(title="whatworks", version="1", description=WORDS, docs_url=None, openapi_url=None, urls_namespace="api")
api.add_router("", router)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter of the wrong kind, in one sentence."""
    first = error.errors[0]
    return failure(400, f"{first['loc'][-1]} cannot be read: {first['msg'][:1].lower()}{first['msg'][1:]}.")


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
    context = {"words": WORDS, "operations": operations_of(described), "schemas": schemas_of(described)}
    return render(request, "web/api.html", context)


@access(PUBLIC)
@door
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """An address of the API that does not exist."""
    return failure(404, f"There is nothing at /api/{rest[:80]}; the addresses are described at /api/openapi.json.")


def _opened(pattern: URLPattern) -> URLPattern:
    """An address of the library behind our door, under our name: open to all, and its policy said."""
    through = door(pattern.callback)

    @access(PUBLIC)
    def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return through(request, *args, **kwargs)

    served.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is changed here, whoever asks
    return path(f"api/{pattern.pattern}", served, name=pattern.name)


urlpatterns = [
    path("api/", explained, name="api"),
    path("api/openapi.json", openapi, name="openapi"),
    *(_opened(pattern) for pattern in api.urls[0] if pattern.name != "api-root"),
    path("api/<path:rest>", nowhere, name="api_nowhere"),
]
