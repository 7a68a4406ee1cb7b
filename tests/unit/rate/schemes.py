"""A small scheme from another sector, so that nothing in the engine can assume the first one."""

from __future__ import annotations

from pathlib import Path

from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.schemes import read_scheme

PUMPS = """
key = "village-pumps"
version = 1
title = "How well a village pump is kept"
standing = "made up for tests"
rates = "one pump"
about = "Water, to be far from the first sector."
levels = [
  { key = "poor", word = "Poor", meaning = "It fails often." },
  { key = "fair", word = "Fair", meaning = "It fails at times." },
  { key = "good", word = "Good", meaning = "It hardly fails." },
  { key = "unseen", word = "Not seen", meaning = "Nobody went there.", beside = true },
]

[[sources]]
says = "All of it."
mark = "ours"

[inputs.visited]
meaning = "Whether anybody went there."
kind = "boolean"

[inputs.failures]
meaning = "Failures in a year."
kind = "integer"
minimum = 0

[inputs.litres]
meaning = "Litres a minute."
kind = "number"

[inputs.keeper]
meaning = "Who keeps it."
kind = "choice"
choices = { village = "the village", nobody = "nobody" }

[inputs.worn]
meaning = "Steps to lower for wear."
kind = "integer"
minimum = 0
maximum = 2
judged = true

[conditions.often]
input = "failures"
above = 6

[[checks]]
says = "a pump with {failures:failure|failures} gives some water."
must = { any = [{ input = "failures", below = 1 }, { input = "litres", above = 0 }] }

[[rules]]
id = "unseen"
says = "Nobody went there."
when = { input = "visited", equals = false }
set = "unseen"

[[rules]]
id = "starts"
says = "It failed {failures:time|times} and gives {litres} litres a minute."
otherwise = "It was not visited."
when = { input = "visited", equals = true }
set = "good"

[[rules]]
id = "often"
says = "{failures} failures are many."
otherwise = "{failures:failure is|failures are} not many."
when = { holds = "often" }
cap_at = "fair"

[[rules]]
id = "worn"
says = "Lowered {worn} for wear: {worn.reason} (seen by {worn.by})."
otherwise = "Not worn."
when = { input = "worn", at_least = 1 }
lower_by = { input = "worn" }

[[rules]]
id = "kept"
says = "It is kept by {keeper}."
otherwise = "It is kept by {keeper}."
when = { input = "keeper", equals = "village" }
raise_by = 1

[[rules]]
id = "unkept"
says = "Nobody keeps it."
otherwise = "Somebody keeps it."
when = { input = "keeper", one_of = ["nobody"] }
person = "Somebody must find a keeper for a pump with {failures:failure|failures}."

[[alternatives]]
says = "A keeper from the village"
sets = { keeper = "village" }

[[alternatives]]
says = "Three failures fewer"
sets = { failures = { input = "failures", plus = -3 } }

[[alternatives]]
says = "A dry pump"
sets = { litres = 0 }

[[alternatives]]
says = "A tenth more water than failures"
sets = { litres = { sum = { litres = 1, failures = 0.1 } } }
"""


def written(folder: Path, text: str = PUMPS, name: str = "village-pumps-1.toml") -> Path:
    """The scheme as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def pumps(folder: Path) -> Scheme:
    """The scheme, read."""
    return read_scheme(written(folder))
