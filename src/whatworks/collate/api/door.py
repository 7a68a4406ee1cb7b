"""What stands before every answer of the open API: who may ask how often, from which site, and what they hold already."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe
from ninja import Schema

from whatworks.collate.api.limits import MOST, Allowance, address_of, spend
from whatworks.errors import WhatworksError

View = Callable[..., HttpResponse]
EXPOSED = "ETag, Last-Modified, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"


def door(view: View) -> View:
    """The view as it is open to every site: GET and HEAD only, limited, with a tag so that nothing is sent twice."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _open_to_all(_preflight())
        if request.method not in ("GET", "HEAD"):
            answer = failure(405, f"This address is for reading: {request.method} is not taken; use GET.")
            answer.headers["Allow"] = "GET, HEAD, OPTIONS"
            return answer
        left = spend(address_of(request))
        if left.exceeded:
            return _open_to_all(_told(_too_many(left), left))
        request.method, asked = "GET", request.method
        answer = _answer(view, request, *args, **kwargs)
        request.method = asked
        return _open_to_all(_told(_unless_held(request, answer), left))

    opened.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is changed here, whoever asks
    return opened


def failure(status: int, sentence: str) -> JsonResponse:
    """What went wrong, as the one object that every failure is."""
    return JsonResponse({"error": sentence}, status=status, json_dumps_params={"ensure_ascii": False})


def as_json(body: Schema) -> HttpResponse:
    """What was asked for, as JSON."""
    told = json.dumps(body.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    return HttpResponse(told, content_type="application/json")


def following(request: HttpRequest, query: Mapping[str, str], last: str) -> str:
    """The address of the page after the row `last`."""
    return request.build_absolute_uri(f"{request.path}?{urlencode({**query, 'after': last})}")


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except WhatworksError as error:
        return failure(error.http_status, str(error))


def _too_many(left: Allowance) -> HttpResponse:
    answer = failure(
        429, f"More than {MOST} requests in a minute came from your address; ask again in {left.renews} seconds."
    )
    answer.headers["Retry-After"] = str(left.renews)
    return answer


def _told(answer: HttpResponse, left: Allowance) -> HttpResponse:
    answer.headers["RateLimit-Limit"] = str(MOST)
    answer.headers["RateLimit-Remaining"] = str(max(left.left, 0))
    answer.headers["RateLimit-Reset"] = str(left.renews)
    return answer


def _unless_held(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer, or only that it has not changed, where the client says that it holds it."""
    if answer.status_code != 200 or answer.streaming:
        return answer
    answer.headers["ETag"] = f'"{hashlib.sha256(answer.content).hexdigest()[:32]}"'
    answer.headers.setdefault("Cache-Control", "no-cache")  # may be kept, and is asked about before it is used again
    patch_vary_headers(answer, ["Accept"])
    stamp = parse_http_date_safe(answer.headers.get("Last-Modified", ""))
    held = get_conditional_response(request, etag=answer.headers["ETag"], last_modified=stamp, response=answer)
    return held if held is not None else answer


def _preflight() -> HttpResponse:
    answer = HttpResponse(status=204)
    answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    answer.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
    answer.headers["Access-Control-Max-Age"] = "86400"
    answer.headers["Allow"] = "GET, HEAD, OPTIONS"
    return answer


def _open_to_all(answer: HttpResponse) -> HttpResponse:
    """Any site may read it; no cookie is taken or given, so nobody's own view can leak."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = EXPOSED
    return answer
