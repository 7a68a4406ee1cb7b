"""Addresses of screening: where people decide on reports, one after the other, and what helps them meanwhile."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.urls_leading import urlpatterns as leading
from whatworks.screen.views import candidates, full_texts, screening

REVIEW = "workspace/reviews/<slug:slug>"


def _screening(at: str, stage: str) -> list[URLPattern | URLResolver]:
    """The page of a stage, and what its script asks of the server: the next records, and each thing a person can do."""
    here, told = f"{REVIEW}/{at}/", {"stage": stage}
    return [
        path(here, screening.page, told, name=f"screen_{at}"),
        path(f"{here}next/", screening.upcoming, told, name=f"screen_{at}_next"),
        *(
            path(f"{here}{what}/", screening.act, told | {"what": what}, name=f"screen_{at}_{what}")
            for what in ("say", "undo", "skip", "note")
        ),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    *_screening("screen", TITLE),
    *_screening("full-text", FULL_TEXT),
    path(f"{REVIEW}/full-text/not-had/", full_texts.not_had, name="screen_not_had"),
    path(f"{REVIEW}/full-text/file/<str:identifier>/", full_texts.file, name="screen_file"),
    path(f"{REVIEW}/candidates/<str:identifier>/retrieved/", full_texts.retrieved, name="screen_retrieved"),
    path(f"{REVIEW}/candidates/<str:identifier>/abstract/", candidates.abstract, name="screen_abstract"),
    path(f"{REVIEW}/candidates/<str:identifier>/seen-before/", candidates.seen_before, name="screen_seen_before"),
    path(f"{REVIEW}/terms/", candidates.terms, name="screen_terms"),
    *leading,
]
