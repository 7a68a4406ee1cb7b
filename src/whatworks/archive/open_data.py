"""What pages say and what they show as results, as JSON and JSON-LD in each release, for people who bring their own tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from whatworks.archive.models import Document
from whatworks.archive.reading import MANIFEST
from whatworks.publish.api import reading
from whatworks.publish.api.guides_reading import DRAFT, guides_whole, packages, packages_out, shown_guides
from whatworks.publish.listing import text_of
from whatworks.publish.models import PageStanding, Revision

PAGES, RESULTS, CATALOGUE = "open/pages.json", "open/results.json", "open/catalogue.jsonld"
GUIDES = "open/guides.json"
FORM = 1  # to be raised when a field is taken away or comes to mean something else


def open_files() -> Iterator[tuple[str, bytes]]:
    """The files, by path."""
    pages, results, guides = pages_now(), results_now(), guides_now()
    yield PAGES, as_json({"form": FORM, "pages": pages})
    yield RESULTS, as_json({"form": FORM, "results": results})
    yield GUIDES, as_json({"form": FORM} | guides)
    yield CATALOGUE, as_json(_catalogue(pages, guides["guides"]))


def as_json(body: Any) -> bytes:
    """JSON for people to read, the same bytes each time."""
    return (
        json.dumps(body, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True, default=str) + "\n"
    ).encode()


def about_centre() -> dict[str, str]:
    """The name and licence that the centre's own pack gives; plain words where it gives none."""
    import tomllib

    body = Document.objects.filter(path=MANIFEST).values_list("body", flat=True).first() or ""
    told = tomllib.loads(body)
    return {
        "name": str(told.get("title", "A centre")),
        "description": str(told.get("description", "")),
        "licence": str(told.get("licence", "")),
    }


def pages_now() -> list[dict[str, Any]]:
    """The newest revision of every page with all it says, and whether it is withdrawn."""
    newest: dict[str, Revision] = {}
    for revision in Revision.objects.select_related("page").order_by("page__slug", "number"):
        newest[revision.page_id] = revision
    withdrawn = PageStanding.objects.standing()
    return [_page(one, withdrawn.get(one.page_id)) for one in newest.values()]


def _page(revision: Revision, withdrawal: Any) -> dict[str, Any]:
    return {
        "identifier": revision.page_id,
        "slug": revision.page.slug,
        "title": revision.page.title,
        "address": f"{_base()}/evidence/{revision.page.slug}/",
        "revision": revision.number,
        "approved": revision.approved_at.isoformat(),
        "what_changed": revision.what_changed,
        "withdrawn": withdrawal.why if withdrawal else None,
        "content": revision.content,
    }


def results_now() -> list[dict[str, Any]]:
    """The pooled results that pages show, in the fields of the open API."""
    return reading.outs(list(reading.filtered({}).order_by("pk")))


def guides_now() -> dict[str, list[dict[str, Any]]]:
    """The guides with all they say and the packages that gather them, in the fields of the open API."""
    return {
        "guides": guides_whole(shown_guides()),
        "packages": packages_out(packages().order_by("pk")),
    }


def _base() -> str:
    return str(settings.BASE_URL).rstrip("/")


def _catalogue(pages: list[dict[str, Any]], guides: list[dict[str, Any]]) -> dict[str, Any]:
    """Pages and guides in schema.org's words. Only what is plainly true there: a web page with a date and a version."""
    centre = about_centre()
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "@id": f"{_base()}/",
        "name": centre["name"],
        "description": centre["description"],
        "hasPart": [
            {
                "@type": "WebPage",
                "@id": page["address"],
                "identifier": page["identifier"],
                "name": page["title"],
                "abstract": said(page["content"]),
                "version": str(page["revision"]),
                "datePublished": page["approved"][:10],
                "creativeWorkStatus": "Withdrawn" if page["withdrawn"] else "Published",
            }
            for page in pages
        ]
        + [_guide(one) for one in guides],
    }


def _guide(one: dict[str, Any]) -> dict[str, Any]:
    status = "Withdrawn" if one["withdrawn"] else "Draft" if one["standing"] == DRAFT else "Published"
    return {
        "@type": "WebPage",
        "@id": one["page"],
        "identifier": one["id"],
        "genre": "Practice guide",
        "name": one["title"],
        "abstract": " ".join(text_of(run) for run in one["content"]["answer"]),
        "version": str(one["number"]),
        "datePublished": one["dated"].isoformat()[:10],
        "creativeWorkStatus": status,
    }


def said(content: dict[str, Any]) -> str:
    """A page's answer as text."""
    return text_of([*content["answer"]["strong"], *content["answer"]["rest"]])
