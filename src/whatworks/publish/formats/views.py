"""Files of a revision: as they were first made, with what a browser needs to keep them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.publish.formats.downloads import FORMATS, body_of
from whatworks.publish.models import Revision
from whatworks.publish.views import newest_of, revision_of
from whatworks.publish.writing.withdrawing import notice_of
from whatworks.saying import said

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"  # kept, but asked about each time: tomorrow another revision may be the newest


class WithdrawnError(InputError):
    """The page is out of use, and a copy could not say so. Says since when, and why."""

    http_status = 410


@access(PUBLIC)
def newest_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A file of the newest revision; of a page that is withdrawn, why there is none."""
    page, revision = newest_of(slug)
    if one := notice_of(page):
        raise WithdrawnError(
            said(
                "“%(title)s” was withdrawn on %(on)s: %(why)s Its revisions keep their files; see its history.",
                title=page.title,
                on=one["on"],
                why=one["why"],
            )
        )
    return _answer(request, revision, name, f"{slug}", ASK_AGAIN)


@access(PUBLIC)
def revision_file(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """A file of one revision, which never changes."""
    _, revision = revision_of(slug, number)
    return _answer(request, revision, name, f"{slug}-revision-{number}", FOREVER)


def _answer(request: HttpRequest, revision: Revision, name: str, called: str, caching: str) -> HttpResponse:
    form = FORMATS[name]
    body, digest = body_of(revision, form)
    etag, at = quote_etag(digest), int(revision.approved_at.timestamp())
    ending = name.rpartition(".")[2]
    manner = "inline" if form.shown else "attachment"
    headers = {"Content-Disposition": f'{manner}; filename="{called}.{ending}"', "Cache-Control": caching, "ETag": etag}
    whole = HttpResponse(body, content_type=form.type, headers=headers)
    answer = get_conditional_response(request, etag=etag, last_modified=at, response=whole)
    return answer if isinstance(answer, HttpResponse) else whole
