"""The card in its frame, the page that says how to use it, and its description for programs."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.clickjacking import xframe_options_exempt

from whatworks.people.access import PUBLIC, access
from whatworks.publish.formats.card import card_of, frame, known, oembed
from whatworks.publish.views import newest_of

# The one address that other sites may frame. It has no script, no form and nothing of anybody's account.
FRAMED = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
# What every page may (web/middleware.py), and to frame our own card.
PREVIEW = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)


@access(PUBLIC)
@xframe_options_exempt
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The card, for a frame on any site."""
    response = render(request, "publish/card.html", {"card": card_of(*newest_of(slug))})
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cache-Control"] = "public, no-cache"  # a notice is seen at once
    etag = quote_etag(hashlib.sha256(response.content).hexdigest())
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if isinstance(answer, HttpResponse) else response


@access(PUBLIC)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """How to show the card on another site, with what to paste and how it looks."""
    page, _ = newest_of(slug)
    shown = {"page": page, "frame": frame(page), "known": known()}
    response = render(request, "publish/card_embed.html", shown)
    response.headers["Content-Security-Policy"] = PREVIEW
    return response


@access(PUBLIC)
def card_oembed(request: HttpRequest, slug: str) -> HttpResponse:
    """The card's description for programs that make one of a link."""
    return JsonResponse(oembed(newest_of(slug)[0]))
