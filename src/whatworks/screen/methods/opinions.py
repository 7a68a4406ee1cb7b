"""Opinions: what several people said about one report, and what follows from it by the review's rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["include", "exclude", "maybe"]
Outcome: TypeAlias = Literal["open", "include", "exclude", "conflict"]
TOGETHER = 2  # opinions from which doubt shared is enough to take a report further


@dataclass(frozen=True, slots=True)
class Said:
    """One person's word as it stands now; `third` where it decides between others."""

    by: str
    decision: Verdict
    reason: str = ""
    third: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What follows: where the report stands, for which reason it is out, and by whose word where one decides alone."""

    outcome: Outcome
    reason: str = ""
    by: str = ""


def result(said: Iterable[Said], *, needed: int, full_text: bool = False, any_include: bool = False) -> Result:
    """What follows from opinions, one a person, in the order in which they came.

    A third opinion decides. Before as many as needed have spoken the report is open. All for it or all against it
    decides; "maybe" from some and no "exclude" takes it further at title and abstract, where doubt is no reason to
    leave out; a single "maybe" waits for a second person. Everything else is a conflict, unless the review takes
    further whatever anybody would (`any_include`, at title and abstract only).

    More opinions than needed are possible (a person was offline, and their place given to another): all of them count.
    """
    rows = list(said)
    thirds = [one for one in rows if one.third and one.decision != "maybe"]
    if thirds:
        last = thirds[-1]
        return Result(_taken(last.decision), last.reason if last.decision == "exclude" else "", last.by)
    if len(rows) < needed:
        return Result("open")
    answers = {one.decision for one in rows}
    alone = rows[0].by if len(rows) == 1 else ""
    if answers == {"include"}:
        return Result("include", "", alone)
    if answers == {"exclude"}:
        return Result("exclude", next((one.reason for one in rows if one.reason), ""), alone)
    further = "exclude" not in answers and len(rows) >= TOGETHER
    if not full_text and (further or (any_include and "include" in answers)):
        return Result("include")
    return Result("conflict")


def _taken(decision: Verdict) -> Outcome:
    return "include" if decision == "include" else "exclude"
