"""What programs send and get when they screen, field by field. A field here is a promise: joined by others, never changed."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

MOST_NEXT, MOST_DECISIONS, MOST_WITHOUT = 50, 100, 200
KEY_WORDS = "Your own name for this request: sent again, it is the same opinion. Or the header Idempotency-Key."
CND, RPT = "cnd-7h3k9q2x5mzt", "rep-7h3k9q2x"


def _storable(text: str) -> str:
    """Text that both databases can keep; half a character is refused before."""
    if "\0" in text:
        raise ValueError("it holds a character with the number 0")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[str, Field(max_length=40), AfterValidator(_storable)]
Stage = Literal["title and abstract", "full text"]


class Asked(Schema):
    """What is sent. A field that is not known is refused: one that is misspelt would quietly do something else."""

    model_config = ConfigDict(extra="forbid")


class NextIn(Asked):
    """What one wants to be handed."""

    stage: Stage = Field(description="title and abstract, or full text.", examples=["title and abstract"])
    count: int = Field(25, ge=1, le=MOST_NEXT, description=f"How many, at most {MOST_NEXT}.", examples=[25])
    without: list[Name] = Field(
        [], max_length=MOST_WITHOUT, description="Candidates that you leave for later.", examples=[[]]
    )


class DecisionIn(Asked):
    """What the token’s person says of a candidate."""

    candidate: Name = Field(description="The candidate, as `next` names it.", examples=[CND])
    decision: Literal["include", "exclude", "maybe"] = Field(
        description="include, exclude or maybe.", examples=["exclude"]
    )
    reason: Text = Field(
        "", max_length=120, description="One of the review’s reasons; only with exclude.", examples=["Wrong population"]
    )
    note: Text = Field("", max_length=5000, description="Why, for the others when you talk it over.", examples=[""])
    key: Text = Field("", max_length=200, description=KEY_WORDS, examples=["run-7-record-12"])


class ReleaseIn(Asked):
    """What is given back."""

    candidates: list[Name] | None = Field(
        None,
        max_length=MOST_DECISIONS,
        description="Which to give back; left out: all that you hold.",
        examples=[[CND]],
    )


class CriterionOut(Schema):
    """One criterion of a review in plain words."""

    name: str = Field(description="What it is about.", examples=["Population"])
    include: str = Field(description="What is in.", examples=["Families with children under 18"])
    exclude: str = Field(description="What is out.", examples=["Adults only"])


class StageOut(Schema):
    """A stage, and how far the token’s person is in it. What others said or how far they are is not told."""

    stage: str = Field(description="The name of the stage, to be sent as it is.", examples=["title and abstract"])
    people: str = Field(description="How many decide each report.", examples=["One person decides each report"])
    done: int = Field(description="On how many you have said something that counts.", examples=[120])
    left: int = Field(description="How many you can still be handed.", examples=[380])


class ScreeningOut(Schema):
    """What a review asks, by which rules it is screened, and how far the token’s person is."""

    review: str = Field(description="Its name in addresses.", examples=["leaving-care"])
    title: str = Field(description="What it is called.", examples=["Leaving care"])
    protocol: int = Field(description="The version of the protocol in force.", examples=[1])
    question: str = Field(description="What it asks.", examples=["What helps young people who leave care?"])
    criteria: list[CriterionOut] = Field(description="What is in and what is out.")
    reasons: list[str] = Field(
        description="The reasons to exclude; with none, any may be written.", examples=[["Wrong population"]]
    )
    terms_for: list[str] = Field(description="Words that speak for a report.", examples=[["care leaver"]])
    terms_against: list[str] = Field(description="Words that speak against one.", examples=[["dental"]])
    stages: list[StageOut] = Field(description="Both stages.")


class RecordOut(Schema):
    """What a report says of itself. Texts are empty where nothing is known."""

    candidate: str = Field(description="What decisions name.", examples=[CND])
    report: str = Field(description="Our identifier of the report.", examples=[RPT])
    title: str = Field(description="The title.", examples=["Family support after a first contact: a trial"])
    authors: list[str] = Field(description="Authors in their order, as `Family, Given`.", examples=[["Smith, Mary B."]])
    year: int | None = Field(description="The year of publication.", examples=[2020])
    venue: str = Field(description="The journal, book or series.", examples=["Journal of Fictional Studies"])
    doi: str = Field(description="The DOI in lower case, without an address before it.", examples=["10.1000/first"])


class HandedOut(RecordOut):
    """A record that is held for the token’s person."""

    abstract: str = Field(description="The longest abstract that any database gave. Do not pass it on.", examples=["…"])
    held_until: datetime.datetime = Field(
        description="Until then nobody else is handed it; asking again holds it longer.",
        examples=["2026-11-22T10:20:00Z"],
    )


class NextOut(Schema):
    """The next records: first those that you hold already, then the best that are free."""

    stage: str = Field(description="The stage.", examples=["title and abstract"])
    records: list[HandedOut] = Field(description="The records; none when nothing is free for you.")
    left: int = Field(description="How many you can still be handed, these among them.", examples=[380])


class DecisionOut(Schema):
    """What was kept, or why it was not. How the report stands now is not told: others may not have spoken yet."""

    candidate: str = Field(description="The candidate.", examples=[CND])
    status: int = Field(description="As if it had been sent alone: 200, 400, 404 or 409.", examples=[200])
    decision: str | None = Field(None, description="What was kept; null where nothing was.", examples=["exclude"])
    at: datetime.datetime | None = Field(None, description="When.", examples=["2026-11-22T10:00:00Z"])
    error: str | None = Field(None, description="One sentence on what went wrong.", examples=[None])


class DecisionsOut(Schema):
    """The answers to a list of decisions, in its order."""

    decisions: list[DecisionOut] = Field(description="One for each, whether it was kept or not.")


class TakenBackOut(Schema):
    """That an opinion was taken back."""

    candidate: str = Field(description="The candidate; it is held for you again.", examples=[CND])


class ReleasedOut(Schema):
    """That records were given back."""

    released: int = Field(description="How many.", examples=[3])


class IncludedOut(RecordOut):
    """A report that was taken further, or in."""

    settled_at: datetime.datetime | None = Field(description="When it was settled.", examples=["2026-11-22T10:00:00Z"])


class IncludesOut(Schema):
    """One page of what was taken further (title and abstract) or in (full text), in the order of the candidates."""

    reports: list[IncludedOut] = Field(description="The reports of this page.")
    count: int = Field(description="How many there are in all.", examples=[42])
    next: str | None = Field(
        description="The address of the next page, also in the header Link; null on the last.",
        examples=["https://evidence.example.org/api/reviews/leaving-care/includes?stage=full+text&cursor=" + CND],
    )


PARAMETERS = {
    "stage": ("title and abstract: what was taken further; full text: what was taken in.", "full text"),
    "limit": ("Reports on a page, 1 to 200.", "50"),
    "cursor": ("Only what comes after this one; use the address in `next`.", CND),
}
