"""Whole public pages, kept as they were sent, for as long as nothing at all has changed.

What readers without an account get is the same for all of them. It is kept with the mark of the database at which it was
made (`ledger.standing_still`) and the day; while both are the same, the kept bytes are the page. With the next commit, by
whichever process, the mark has moved and every page is made anew when it is next asked for: nothing has to be told which
pages a change touches, and no notice comes late.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import parse_etags, patch_vary_headers, quote_etag

from whatworks.ledger.standing_still import mark
from whatworks.people.access import PUBLIC, policy_of

Key = tuple[str, bool, str]
PAGES, QUESTIONS = 64 * 2**20, 8 * 2**20  # bytes kept of addresses, and of addresses with a question
LARGEST = 4 * 2**20  # bytes of one page
LONGEST = 200  # characters of a question that is kept
APART = ("/static/", "/api/", "/health/", "/workspace/", "/account/")  # what keeps its own, or is nobody else's
ASK_EACH_TIME = "public, max-age=0, must-revalidate"
PACKED = re.compile(r"(text/|application/(json|ld\+json|atom\+xml|xml)|image/svg)")
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as sent: when it holds, its headers, its bytes plain and packed (empty where packing gains nothing)."""

    state: tuple[str, str]
    headers: tuple[tuple[str, str], ...]
    plain: bytes
    packed: bytes
    tag: str

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.plain) + len(self.packed) + 1000


class Shelf:
    """Pages by their key, the least lately asked for going first when there is no room."""

    def __init__(self, room: int) -> None:
        self._room, self._size, self._lock = room, 0, threading.Lock()
        self._pages: OrderedDict[Key, Kept] = OrderedDict()

    def find(self, key: Key, state: tuple[str, str]) -> Kept | None:
        """The page as it is in this state."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.state != state:
                return None
            self._pages.move_to_end(key)
            return found

    def keep(self, key: Key, page: Kept) -> None:
        """Keep a page, instead of what was made of it before."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += page.size - (before.size if before else 0)
            while self._size > self._room:
                self._size -= self._pages.popitem(last=False)[1].size


class store:
    """Answers readers without an account from what is kept; keeps what they may see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages, self.questions = Shelf(PAGES), Shelf(QUESTIONS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        state = _state() if key else None
        if key is None or state is None:
            return self.get_response(request)
        shelf = self.questions if request.META.get("QUERY_STRING") else self.pages
        found = shelf.find(key, state)
        if found is None:
            response = self.get_response(request)
            found = _kept(request, response, state)
            if found is None:
                return response
            shelf.keep(key, found)
        return _answer(request, found)


def _state() -> tuple[str, str] | None:
    """What a kept page must have been made in; None where that cannot be told, and nothing is kept."""
    now = mark()
    return None if now is None else (now, timezone.localdate().isoformat())


def _key(request: HttpRequest) -> Key | None:
    """The name of what is asked for; None where it may be somebody's own, or is not kept."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(APART) or "X-Static-Site" in request.headers:
        return None
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, CookieStorage.cookie_name}
    if ours & request.COOKIES.keys() or "Range" in request.headers:
        return None
    question = request.META.get("QUERY_STRING", "")
    if len(question) > LONGEST:
        return None
    try:
        return request.get_host(), request.is_secure(), f"{request.path}?{question}"
    except DisallowedHost:
        return None


def _kept(request: HttpRequest, response: HttpResponse, state: tuple[str, str]) -> Kept | None:
    """The page to keep; None where it is not public, not whole, or gives the reader something of their own."""
    match = request.resolver_match
    if match is None or policy_of(match.func) != PUBLIC or response.status_code != 200 or response.streaming:
        return None
    control = response.headers.get("Cache-Control", "")
    varies = {word.strip().lower() for word in response.headers.get("Vary", "").split(",") if word.strip()}
    own = (
        response.cookies or "private" in control or "no-store" in control or not varies <= {"cookie", "accept-encoding"}
    )
    if own or response.has_header("Content-Encoding") or len(response.content) > LARGEST:
        return None
    if not control:
        response.headers["Cache-Control"] = ASK_EACH_TIME
    patch_vary_headers(response, ["Accept-Encoding"])
    plain = response.content
    worth = len(plain) > 500 and PACKED.match(response.headers.get("Content-Type", ""))
    packed = gzip.compress(plain, 6, mtime=0) if worth else b""
    headers = tuple((name, value) for name, value in response.headers.items() if name not in ("ETag", "Content-Length"))
    return Kept(state, headers, plain, packed, hashlib.sha256(plain).hexdigest()[:32])


def _answer(request: HttpRequest, page: Kept) -> HttpResponse:
    """The page, packed where the reader takes that; or only that it is still the one they hold."""
    packed = bool(page.packed and TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
    tag = quote_etag(f"{page.tag}-gz" if packed else page.tag)
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in held or {page.tag, f"{page.tag}-gz"} & {one.removeprefix("W/").strip('"') for one in held}:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(page.packed if packed else page.plain)
        response.headers["Content-Length"] = str(len(response.content))
    for name, value in page.headers:
        if response.status_code == 200 or name in ("Cache-Control", "Vary", "Last-Modified", "Content-Security-Policy"):
            response.headers[name] = value
    response.headers["ETag"] = tag
    if packed and response.status_code == 200:
        response.headers["Content-Encoding"] = "gzip"
    return response
