"""What the open API gives of guides and packages, field by field. A field here is a promise: it may be joined by others, never
changed."""

from __future__ import annotations

import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

GUIDE = "https://evidence.example.org/guides/safer-streets/"
PACKAGE = "https://evidence.example.org/packages/streets/"
EVIDENCE = "https://evidence.example.org/evidence/lower-limits/"


class GuideOut(Schema):
    """A practice guide: one question, and what to do. It is never ranked by the size of an effect."""

    id: str = Field(description="Our identifier of the guide.", examples=["gui-7h3k9q2x"])
    title: str = Field(description="The question that it answers.", examples=["How can we make a street safer?"])
    page: str = Field(description="Where to read it.", examples=[GUIDE])
    theme: str = Field(description="Its theme, by the name in addresses.", examples=["slower-streets"])
    standing: str = Field(
        description="guidance: a revision was approved; draft: people are asked about it, and it is not guidance.",
        examples=["guidance"],
    )
    illustration: bool = Field(
        description="Whether it only shows what a guide looks like, and nobody wrote it as guidance.", examples=[False]
    )
    number: int = Field(description="The number of its newest revision, or of the draft.", examples=[2])
    dated: datetime.datetime = Field(
        description="When that was approved, or opened for comment.", examples=["2026-11-22T10:00:00Z"]
    )
    what_changed: str = Field(
        description="What changed and why, in a sentence; empty for a draft.", examples=["A trial was added."]
    )
    comments_until: datetime.date | None = Field(
        description="The last day for comments on a draft; null for guidance.", examples=[None]
    )
    review_on: str = Field(description="The day by which it is to be looked at again.", examples=["2027-11-30"])
    recommendations: int = Field(description="How many recommendations it has.", examples=[5])
    ground_moved: bool = Field(
        description="Something it rests on has changed since, and people have not yet looked at it again.",
        examples=[False],
    )
    withdrawn: str | None = Field(description="Why the guide was withdrawn; null where it is in use.", examples=[None])
    withdrawn_under_it: list[str] = Field(
        description="Pages of evidence under it that were withdrawn: do not rely on what it says about them.",
        examples=[[]],
    )
    packages: list[str] = Field(description="The packages that it is part of.", examples=[[PACKAGE]])


class GuideWhole(GuideOut):
    """A guide with all that it says."""

    content: dict[str, Any] = Field(
        description="The guide as data: answer, stages, recommendations with what each rests on.",
        examples=[{"schema": 1, "kind": "guide", "title": "How can we make a street safer?"}],
    )
    rests_on: list[str] = Field(
        description="The identifiers of the results, ratings and pages that it rests on.", examples=[["syn-7h3k9q2x"]]
    )


class GuidesPage(Schema):
    """One page of a list, in the order of the identifiers."""

    guides: list[GuideOut] = Field(description="The guides of this page of the list.")
    count: int = Field(description="How many the filters find.", examples=[3])
    next: str | None = Field(description="The address of the next page; null on the last.", examples=[None])


class PackageItemOut(Schema):
    """A guide or a page of evidence in a package."""

    stage: str = Field(description="Where on a child’s way it belongs.", examples=["Plan"])
    kind: str = Field(description="guide, or evidence: a page about an intervention.", examples=["evidence"])
    title: str = Field(description="What it is called.", examples=["Lower limits"])
    page: str = Field(description="Where to read it.", examples=[EVIDENCE])
    withdrawn: str | None = Field(description="Why it was withdrawn; null where it is in use.", examples=[None])


class PackageOut(Schema):
    """Guides and pages about one theme, in the sequence in which a child’s way meets them."""

    id: str = Field(description="Our identifier of the package.", examples=["pkg-7h3k9q2x"])
    title: str = Field(description="What it is called.", examples=["Safer streets, from plan to paint"])
    page: str = Field(description="Where to read it.", examples=[PACKAGE])
    theme: str = Field(description="Its theme, by the name in addresses.", examples=["slower-streets"])
    lead: str = Field(description="What it is for, in a sentence.", examples=["For those who plan streets."])
    items: list[PackageItemOut] = Field(description="What it gathers, in its sequence.")


class PackagesPage(Schema):
    """One page of a list, in the order of the identifiers."""

    packages: list[PackageOut] = Field(description="The packages of this page of the list.")
    count: int = Field(description="How many the filters find.", examples=[1])
    next: str | None = Field(description="The address of the next page; null on the last.", examples=[None])


PARAMETERS = {
    "theme": ("Of this theme, by its name in addresses.", "slower-streets"),
    "limit": ("On a page of the list, 1 to 200.", "50"),
    "after": ("Only what comes after this identifier; use the address in `next`.", "gui-7h3k9q2x"),
}
