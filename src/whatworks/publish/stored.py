"""A numbered revision as it was first served: its bytes are kept, and no later template, notice or revision changes them.

Kept in the centre's folder beside the releases, one file for each revision, made the first time that a reader without an
account asks for it. What may change lies elsewhere: the address without a number shows the newest, with all notices.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

from whatworks.publish.models import Revision

FOLDER = "revisions"
FOREVER = "public, max-age=31536000, immutable"


def stored(request: HttpRequest, revision: Revision, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The stored bytes of a revision; `make` renders it where there are none yet, or for a reader with an account."""
    if _own(request):
        return make()
    path = _path(revision)
    body = _read(path)
    if body is None:
        made = make()
        if made.status_code != 200 or made.cookies:
            return made
        body = _keep(path, made.content)
    response = HttpResponse(body)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Last-Modified"] = http_date(revision.approved_at.timestamp())
    patch_vary_headers(response, ["Cookie"])
    return response


def _own(request: HttpRequest) -> bool:
    """Whether what is asked for is more than the bare page: an account's view, a question, or a file of the static site."""
    return bool(
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or request.META.get("QUERY_STRING")
        or "X-Static-Site" in request.headers
    )


def _path(revision: Revision) -> Path:
    # Named by what was approved, not only by who it is: a row that was changed does not answer with what it said before.
    name = hashlib.sha256(f"{revision.pk} {revision.row_digest()}".encode()).hexdigest()
    return Path(settings.HOME) / FOLDER / name[:2] / f"{name}.gz"


def _read(path: Path) -> bytes | None:
    """What is kept; None where nothing is, or it is cut off."""
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, ValueError):
        return None


def _keep(path: Path, body: bytes) -> bytes:
    """Keep bytes, whole at once and never over another's. Returns what is kept now."""
    beside = path.with_name(f".{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(gzip.compress(body, 6, mtime=0))
        if _read(path) is None:
            path.unlink(missing_ok=True)
        with suppress(FileExistsError):
            os.link(beside, path)
    except OSError:
        return body  # a folder that cannot be written: made again each time
    finally:
        beside.unlink(missing_ok=True)
    return _read(path) or body
