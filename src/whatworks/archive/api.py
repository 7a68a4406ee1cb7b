"""The address about releases: which there are, and where their files lie."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from whatworks.archive.models import Release
from whatworks.archive.releasing import address_of
from whatworks.collate.api.door import as_json
from whatworks.collate.api.parameters import known
from whatworks.collate.api.schemas import ErrorOut

router = Router(tags=["releases"])
BASE = "https://evidence.example.org/releases/3/"


class ReleaseOut(Schema):
    """A release: everything public on one day, frozen."""

    id: str = Field(description="Our identifier of the release.", examples=["rel-7h3k9q2x"])
    number: int = Field(description="Its number.", examples=[3])
    made: datetime.datetime = Field(description="When it was made.", examples=["2026-11-22T10:00:00Z"])
    address: str = Field(description="Its page.", examples=[BASE])
    manifest: str = Field(
        description="The list of its files with their SHA-256. A file of the data lies beside it, under its path.",
        examples=[f"{BASE}manifest.json"],
    )
    manifest_sha256: str = Field(description="The SHA-256 of that list: it names these files only.", examples=["9f2c…"])
    changelog: str = Field(description="What it changed.", examples=[f"{BASE}CHANGELOG.md"])
    crate: str = Field(description="What it holds, as RO-Crate.", examples=[f"{BASE}ro-crate-metadata.json"])
    chain_number: int = Field(description="How far the chain of events went.", examples=[5120])
    chain_head: str = Field(description="The chain’s hash there.", examples=["41ab…"])
    files: int = Field(description="How many files it has.", examples=[1500])


class ReleasesOut(Schema):
    """Every release, the newest first."""

    releases: list[ReleaseOut] = Field(description="The releases.")


@router.get(
    "/releases", response={200: ReleasesOut, 400: ErrorOut, 429: ErrorOut}, summary="Releases", url_name="api_releases"
)
def list_releases(request: HttpRequest) -> Any:
    """Every release of the whole centre, the newest first, with the addresses of its files."""
    known(request.GET, set())
    return as_json(ReleasesOut(releases=[_out(one) for one in Release.objects.order_by("-number")]))


def _out(one: Release) -> ReleaseOut:
    address = address_of(one.number)
    return ReleaseOut(
        id=one.pk,
        number=one.number,
        made=one.made_at,
        address=address,
        manifest=f"{address}manifest.json",
        manifest_sha256=one.manifest_sha256,
        changelog=f"{address}CHANGELOG.md",
        crate=f"{address}ro-crate-metadata.json",
        chain_number=one.chain_number,
        chain_head=one.chain_head,
        files=one.counts["files"],
    )
