"""What the open API gives of pages and ratings, field by field. A field here is a promise: it may be joined by others, never
changed."""

from __future__ import annotations

import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

PAGE = "https://evidence.example.org/evidence/lower-limits/"


class RevisionOut(Schema):
    """A revision of a page: what people approved on one day. It never changes; a later one stands beside it."""

    id: str = Field(description="Our identifier of the revision.", examples=["rev-7h3k9q2x"])
    page: str = Field(description="The page it is a revision of.", examples=[PAGE])
    title: str = Field(description="The page’s title.", examples=["Lower limits"])
    number: int = Field(description="Its number among the page’s revisions.", examples=[2])
    address: str = Field(description="Where it can be read, always the same.", examples=[f"{PAGE}revisions/2/"])
    approved: datetime.datetime = Field(description="When it was approved.", examples=["2026-11-22T10:00:00Z"])
    what_changed: str = Field(description="What changed and why, in a sentence.", examples=["A trial was added."])
    newest: bool = Field(description="Whether the page shows this one.", examples=[True])
    ground_moved: bool = Field(
        description="Something it rests on has changed since, and people have not yet looked at it again.",
        examples=[False],
    )
    withdrawn: str | None = Field(description="Why the page was withdrawn; null where it was not.", examples=[None])


class RevisionWhole(RevisionOut):
    """A revision with all that it says."""

    content: dict[str, Any] = Field(
        description="The page as data: answer, outcomes, tables, chapters, sources. `schema` in it says its form.",
        examples=[{"schema": 2, "kind": "page", "title": "Lower limits"}],
    )
    rests_on: list[str] = Field(
        description="The identifiers of the results, ratings, findings and reports that it rests on.",
        examples=[["syn-7h3k9q2x"]],
    )


class RevisionsPage(Schema):
    """One page of a list, in the order of the identifiers."""

    revisions: list[RevisionOut] = Field(description="The revisions of this page of the list.")
    count: int = Field(description="How many the filters find.", examples=[20])
    next: str | None = Field(description="The address of the next page; null on the last.", examples=[None])


class RatingOut(Schema):
    """A rating by a scheme, as a page shows it now."""

    id: str = Field(description="Our identifier of the rating.", examples=["rat-7h3k9q2x"])
    scheme: str = Field(description="The scheme by name.", examples=["outcome-state"])
    version: str = Field(description="Its version. Old versions stay runnable.", examples=["1"])
    intervention: str = Field(description="What is rated.", examples=["Lower limits"])
    outcome: str = Field(description="On which outcome.", examples=["Injuries"])
    level: str | None = Field(
        description="The level that counts; null where the scheme gives none.", examples=["fewer"]
    )
    computed: str | None = Field(description="The level by the rules alone.", examples=["fewer"])
    standing: str = Field(
        description="Who stands behind it, in a sentence.",
        examples=["computed by rule, not yet judged by people: provisional"],
    )
    provisional: bool = Field(description="Whether no people have approved it yet.", examples=[True])
    withdrawn: str | None = Field(
        description="Why the page that shows it was withdrawn; null where it is in use.", examples=[None]
    )
    trace: str = Field(
        description="Where each step can be read.", examples=["https://evidence.example.org/trace/rat-7h3k9q2x/"]
    )


class RatingWhole(RatingOut):
    """A rating with the reason for every step."""

    inputs: dict[str, Any] = Field(description="What the rules were given.", examples=[{"k": 3}])
    result: dict[str, Any] = Field(
        description="The level and its trail: each rule, whether it fired, and its effect.",
        examples=[{"level": "fewer", "decided_by": "interval"}],
    )


class RatingsPage(Schema):
    """One page of a list, in the order of the identifiers."""

    ratings: list[RatingOut] = Field(description="The ratings of this page of the list.")
    count: int = Field(description="How many the filters find.", examples=[20])
    next: str | None = Field(description="The address of the next page; null on the last.", examples=[None])


AFTER = ("Only what comes after this identifier; use the address in `next`.", "rev-7h3k9q2x")
LIMIT = ("On a page of the list, 1 to 200.", "50")
REVISION_PARAMETERS = {
    "page": ("Of this page, by the name in its address.", "lower-limits"),
    "newest": ("true: only those that pages show now.", "true"),
    "limit": LIMIT,
    "after": AFTER,
}
RATING_PARAMETERS = {
    "page": ("Shown on this page, by the name in its address.", "lower-limits"),
    "scheme": ("By this scheme.", "outcome-state"),
    "limit": LIMIT,
    "after": (AFTER[0], "rat-7h3k9q2x"),
}
