"""A small frame that has one of everything, for tests."""

from __future__ import annotations

from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.methods.coding.reading import from_toml

SMALL = """
key = "small"
version = 1
title = "A small frame"

[[items]]
key = "aim"
label = "Aim"
critical = false

[[items]]
key = "design"
label = "Design"

[[items.items]]
key = "randomised"
label = "Was it randomised?"
kind = "yes-no"
required = true

[[items.items]]
key = "drawn"
label = "How was the lot drawn?"
kind = "choice"
required = true
values = [{ value = "computer", label = "By computer" }, "coin"]
when = { item = "randomised", is = true }

[[items.items]]
key = "sealed"
label = "Were the envelopes sealed?"
kind = "yes-no"
when = [{ item = "drawn", is = ["coin", "not reported"] }]

[[items]]
key = "settings"
label = "Settings"
kind = "choices"
values = ["home", "school", "court"]

[[items]]
key = "joined"
label = "People who joined"
kind = "integer"
minimum = 0
tolerance = 1
unit = "people"
required = true

[[items]]
key = "began"
label = "When it began"
kind = "date"

[[items]]
key = "country"
label = "Country"
kind = "place"

[[items]]
key = "arm"
label = "Each arm"
repeats = "arm"

[[items.items]]
key = "offered"
label = "What was offered"
kind = "choice"
values = ["service", "usual"]
required = true

[[items.items]]
key = "lost"
label = "People lost"
kind = "number"
when = { item = "offered", is = "service" }
"""


def small() -> Frame:
    """The frame."""
    return from_toml(SMALL)
