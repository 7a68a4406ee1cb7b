"""The pages of releases: all of them, one with what it changed, and its files as stored."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.archive.crate import METADATA, citation, kind_of
from whatworks.archive.models import Release
from whatworks.archive.open_data import CATALOGUE, GUIDES, PAGES, RESULTS, about_centre
from whatworks.archive.releasing import CHANGELOG, CHANGES, address_of, files_are_here, manifest_of, stored
from whatworks.errors import InputError
from whatworks.people.access import PUBLIC, access
from whatworks.publish.stored import FOREVER
from whatworks.spoken import on_day

MANIFEST = "manifest.json"
ABOUT = (
    (CHANGELOG, gettext_lazy("What changed, as text")),
    (METADATA, gettext_lazy("What it holds, as RO-Crate")),
    (MANIFEST, gettext_lazy("Every file’s digest")),
)
OPEN = (
    (PAGES, gettext_lazy("Pages as JSON")),
    (RESULTS, gettext_lazy("Results as JSON")),
    (GUIDES, gettext_lazy("Guides as JSON")),
    (CATALOGUE, gettext_lazy("Pages and guides as JSON-LD")),
)


@access(PUBLIC)
def releases(request: HttpRequest) -> HttpResponse:
    """Every release with the digest of its manifest."""
    rows = [_row(one) | {"href": f"/releases/{one.number}/"} for one in Release.objects.order_by("-number")]
    return render(request, "publish/releases.html", {"releases": rows})


@access(PUBLIC)
def release(request: HttpRequest, number: int) -> HttpResponse:
    """One release: how to cite it, what it changed, and its files."""
    held = get_object_or_404(Release, number=number)
    files = _files(held)
    body = stored(files[CHANGES]) if CHANGES in files else None
    changes = json.loads(body) if body else {"note": _("What it changed was not written down."), "sections": []}
    shown = _row(held) | {
        "here": bool(files),
        "cite": _cite(held),
        "note": changes["note"],
        "sections": changes["sections"],
        "about": _links(held, ABOUT, files),
        "open": _links(held, OPEN, files),
        "data": [{"href": _address(held, name), "text": name} for name in sorted(files) if name.startswith("data/")],
    }
    return render(request, "publish/release.html", {"release": shown})


@access(PUBLIC)
def release_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A file of a release, byte for byte; of its site only the whole, by `whatworks publish`."""
    held = get_object_or_404(Release, number=number)
    digest = held.manifest_sha256 if name == MANIFEST else _files(held).get(name, "")
    body = None if name.startswith("site/") else stored(digest)
    if body is None:
        raise Http404(_("Release %(number)s has no file %(name)s here.") % {"number": number, "name": name[:80]})
    kind = kind_of(name)
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    response.headers["Cache-Control"] = FOREVER
    return response


def _row(one: Release) -> dict[str, Any]:
    return {
        "name": _("Release %(number)s") % {"number": one.number},
        "on": on_day(timezone.localtime(one.made_at)),
        "pairs": [
            [_("Files"), [f"{one.counts['files']:,}"]],
            [
                _("Head of the chain"),
                [
                    _("%(chain_head)s… at event %(chain_number)s")
                    % {"chain_head": one.chain_head[:16], "chain_number": f"{one.chain_number:,}"}
                ],
            ],
        ],
        "digest": one.manifest_sha256,
    }


def _files(one: Release) -> dict[str, str]:
    """Its files with their digests; none where they are not here or were changed."""
    try:
        return dict(manifest_of(one)["files"]) if files_are_here(one) else {}
    except InputError:
        return {}


def _cite(one: Release) -> str:
    day = timezone.localtime(one.made_at)
    told = {"number": one.number, "day": f"{day:%-d %B %Y}", "year": day.year, "address": address_of(one.number)}
    return citation(about_centre(), **told, digest=one.manifest_sha256)


def _links(one: Release, names: tuple[tuple[str, str], ...], files: dict[str, str]) -> list[dict[str, str]]:
    return [{"href": _address(one, n), "text": text} for n, text in names if n in files or (n == MANIFEST and files)]


def _address(one: Release, name: str) -> str:
    return f"/releases/{one.number}/{name}"
