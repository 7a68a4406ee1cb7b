"""What was said in other tools, passed on by one who takes part: kept under the tool's name, and counted as it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.deciding import LONGEST, LONGEST_REASON, keep, locked, whole
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Opinion
from whatworks.screen.reckoning import NO_REASON, OTHERS, around, draw
from whatworks.screen.reviewing import part_in, rules_of


@dataclass(frozen=True, slots=True)
class Voice:
    """What one voice in another tool said about a candidate. `key`: the same voice passed on again has the same.

    `final` where that tool had decided: it decides here too, unless somebody here has said something.
    """

    candidate: str
    other: str
    decision: str
    key: str
    reason: str = ""
    note: str = ""
    final: bool = False


def pass_on(*, by: str, **told: Any) -> tuple[Opinion, bool]:
    """Keep one voice, given as the fields of `Voice`; and whether it is new."""
    return pass_all_on(by=by, voices=[Voice(**told)])[0]


@transaction.atomic
def pass_all_on(*, by: str, voices: Sequence[Voice]) -> list[tuple[Opinion, bool]]:
    """Keep what voices in other tools said about candidates of one stage of one review, all or none; and which are new.

    The name of each begins with OTHERS, so that nobody can be made to speak here who has a place here. Reasons are kept
    in their own words. A new order is asked for once, at the end. Raises ForbiddenError where `by` does not take part.
    """
    if not voices:
        return []
    if not all(one.other.startswith(OTHERS) for one in voices):
        raise InputError(
            said("What comes from another tool is kept under a name that begins with %(others)r.", others=OTHERS)
        )
    held = _locked(one.candidate for one in voices)
    rows = list({row.pk: row for row in held.values()}.values())
    review = rows[0].review
    part_in(review, by)
    near, rules, changed = around(rows), rules_of(review), False
    kept = {one.key: one for one in Opinion.objects.filter(key__in=[one.key for one in voices])}
    found = []
    for one in voices:
        row = held[one.candidate]
        told = _told(row, one)
        made = kept.get(one.key) or _again(near.last_word(row, one.other), told)
        if new := made is None:
            made = kept[one.key] = keep(row, near, one.other, one.key, actor=by, note=one.note[:LONGEST], **told)
            changed |= draw(row, near, by=by, rules=rules)
        found.append((made, new))
    if changed:
        ask_for_ranking(review, TITLE, by=by)
    return found


def _locked(candidates: Iterable[str]) -> dict[str, Candidate]:
    """The candidates that decide for these, locked in one order, whoever else is at it."""
    keys = sorted(set(candidates))
    rows = {row.pk: row for row in whole().filter(pk__in=keys).order_by("pk")}
    held: dict[str, Candidate] = {}
    for key in keys:
        row = rows.get(key)
        row = row if row and not (row.same_as_id or row.as_one_id) else locked(key)
        held[key] = rows.setdefault(row.pk, row)
    return held


def _told(held: Candidate, one: Voice) -> dict[str, Any]:
    """What is kept of a voice."""
    reason = one.reason.strip()[:LONGEST_REASON]
    if one.decision == Opinion.EXCLUDE and held.stage == FULL_TEXT:
        reason = reason or NO_REASON
    return {"decision": one.decision, "reason": reason, "third": one.final and one.decision != Opinion.MAYBE}


def _again(last: Opinion | None, told: dict[str, Any]) -> Opinion | None:
    """What this voice said last, where it says the same now."""
    return last if last and all(getattr(last, name) == value for name, value in told.items()) else None
