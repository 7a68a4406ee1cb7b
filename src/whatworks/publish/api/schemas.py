"""What the open API gives of results, field by field. A field here is a promise: it may be joined by others, never changed."""

from __future__ import annotations

import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

SAME_SCALE = "on the scale of the effect (ratios as logarithms)"


class PooledOut(Schema):
    """A pooled result that a page shows. Numbers that cannot be known are null."""

    id: str = Field(description="Our identifier of the result. What it names never changes.", examples=["syn-7h3k9q2x"])
    title: str = Field(description="The analysis by name.", examples=["Lower limits: injuries"])
    intervention: str = Field(description="The intervention.", examples=["Lower limits"])
    outcome: str = Field(description="The outcome.", examples=["Injuries"])
    role: str = Field(
        description="our default, or as published: by the method of a published review, to reproduce it.",
        examples=["our default"],
    )
    metric: str = Field(description="The scale of the effect.", examples=["RD"])
    k: int = Field(description="How many results were put together.", examples=[3])
    estimate: float | None = Field(description=f"The pooled effect, {SAME_SCALE}.", examples=[-0.05])
    se: float | None = Field(description="Its standard error.", examples=[0.02])
    ci_low: float | None = Field(description="Lower end of its 95% interval.", examples=[-0.09])
    ci_high: float | None = Field(description="Upper end of its 95% interval.", examples=[-0.01])
    p: float | None = Field(description="The p value of no effect.", examples=[0.02])
    tau2: float | None = Field(description="The variance between studies.", examples=[0.001])
    i2: float | None = Field(description="I2, in per cent.", examples=[12.5])
    pi_low: float | None = Field(description="Lower end of the 95% prediction interval.", examples=[-0.2])
    pi_high: float | None = Field(description="Upper end of the 95% prediction interval.", examples=[0.1])
    warnings: list[str] = Field(description="What to know before it is used, in sentences.", examples=[[]])
    page: str = Field(
        description="The page that shows it to readers.", examples=["https://evidence.example.org/evidence/limits/"]
    )
    revision: int = Field(description="The newest revision of that page that shows it.", examples=[2])
    published: datetime.datetime = Field(description="When that was approved.", examples=["2026-11-22T10:00:00Z"])
    newest: bool = Field(
        description="Whether the page shows it still; false: a later revision shows another.", examples=[True]
    )
    ground_moved: bool = Field(
        description="Something it rests on has changed since, and people have not yet looked at it again.",
        examples=[False],
    )
    withdrawn: str | None = Field(
        description="Why the page that shows it was withdrawn; null where it is in use.", examples=[None]
    )
    trace: str = Field(
        description="Where each step down to the raw numbers can be read.",
        examples=["https://evidence.example.org/trace/syn-7h3k9q2x/"],
    )


class PooledWhole(PooledOut):
    """A pooled result with everything it was computed from."""

    method: str = Field(description="The method by name.", examples=["synthesise.pool"])
    version: str = Field(description="The method's version.", examples=["1"])
    result: dict[str, Any] = Field(description="Every number of the result.", examples=[{"k": 3}])
    inputs: list[dict[str, Any]] = Field(
        description="The results that were put together: study, effect yi, variance vi, and where each comes from.",
        examples=[[{"study": "Aton 2019", "yi": -0.05, "vi": 0.0004}]],
    )
    recipe: dict[str, Any] = Field(
        description="The function of the Python library and its arguments that give the same numbers.",
        examples=[{"function": "pool", "arguments": {"yi": [-0.05], "vi": [0.0004]}}],
    )
    r_script: str = Field(description="The same analysis for R.", examples=["library(metafor)\n…"])


class PooledPage(Schema):
    """One page of a list, in the order of the identifiers."""

    results: list[PooledOut] = Field(description="The results of this page.")
    count: int = Field(description="How many results the filters find.", examples=[20])
    next: str | None = Field(
        description="The address of the next page; null on the last.",
        examples=["https://evidence.example.org/api/results?limit=50&after=syn-7h3k9q2x"],
    )


RESULT_PARAMETERS = {
    "intervention": ("Of this intervention, by the name in the address of its page.", "lower-limits"),
    "outcome": ("On this outcome, by its name.", "Injuries"),
    "role": ("our default, or as published; both without it.", "our default"),
    "limit": ("Results on a page, 1 to 200.", "50"),
    "after": ("Only what comes after this identifier; use the address in `next`.", "syn-7h3k9q2x"),
}
