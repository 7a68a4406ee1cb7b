"""Filling a post: criteria first, scores by each interviewer unseen by the others, the papers deleted on the day that was said."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.decide.models import Interviewed, Post, Resolution
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record, record_node
from whatworks.saying import said

LOWEST, HIGHEST = 1, 5
PARTS = ("criterion", "weight", "anchors")


@transaction.atomic
def open_post(
    *,
    by: str,
    title: str,
    says: str,
    criteria: Sequence[Mapping[str, Any]],
    panels: Sequence[str],
    closes_on: datetime.date,
    kept_until: datetime.date,
    demonstration: bool = False,
) -> Post:
    """Open a post. `criteria`: rows of criterion, weight (above nought) and anchors (what a low and a high score mean).

    Raises InputError for no criterion, one without weight or anchors, no panel, or papers that would be kept for less than they need.
    """
    rows = [(str(row["criterion"]).strip(), float(row["weight"]), str(row["anchors"]).strip()) for row in criteria]
    if not rows or any(not criterion or not anchors or weight <= 0 for criterion, weight, anchors in rows):
        raise InputError(said("Each criterion needs a weight above nought, and what a low and a high score mean."))
    if not [one for one in panels if one.strip()]:
        raise InputError(said("Say who interviews, such as “a panel of young people”."))
    if kept_until <= closes_on:
        raise InputError(said("Papers of applicants are needed after the closing day; say until when they are kept."))
    made: Post = Post.objects.register(
        title=" ".join(title.split()), says=says.strip(), criteria=[dict(zip(PARTS, row, strict=True)) for row in rows],
        panels=[one.strip() for one in panels if one.strip()],
        closes_on=closes_on, kept_until=kept_until, demonstration=demonstration,
    )  # fmt: skip
    record(verb="decide.open-post", by=by, made=[made])
    return made


@transaction.atomic
def score(*, by: str, post: Post, applicant: str, panel: str, scores: Mapping[str, int], note: str = "") -> Interviewed:
    """Keep one interviewer's scores, once. Who was scored is a number; nothing of it is in any event that leaves.

    Raises InputError for a panel or criterion that is not the post's, or scores that are not 1 to 5; ConflictError the second time.
    """
    asked = {row["criterion"] for row in post.criteria}
    if panel not in post.panels or set(scores) != asked:
        raise InputError(said("Score each criterion of this post, for one of its panels."))
    if any(value not in range(LOWEST, HIGHEST + 1) for value in scores.values()):
        raise InputError(said("Scores are whole numbers from %(low)s to %(high)s.", low=LOWEST, high=HIGHEST))
    if not applicant.strip():
        raise InputError(said("Give the number under which the applicant is interviewed."))
    if Interviewed.objects.filter(post=post, applicant=applicant.strip(), interviewer=by).exists():
        raise ConflictError(
            said("You have scored this applicant; scores are given once, before those of others are seen.")
        )
    made = Interviewed.objects.create(
        id=Interviewed.fresh(), post=post, applicant=applicant.strip(), panel=panel, interviewer=by, scores=dict(scores),
        note=note.strip(), at=timezone.now(),
    )  # fmt: skip
    record_node(verb="decide.score-interview", by=by, about=[post])
    return made


@dataclass(frozen=True, slots=True)
class Standing:
    """How an applicant was scored: the mean of each panel, and the mean of the panels, so that no panel is outnumbered."""

    applicant: str
    by_panel: tuple[float | None, ...]
    """In the order of the post's panels; None where a panel has not scored them (or not for you to see)."""
    overall: float | None
    """None until every panel has scored."""


def standings(post: Post, *, seen_by: str) -> tuple[Standing, ...]:
    """Applicants, highest first, for somebody who has scored all of them; else nothing but their own scores.

    Weighted means of the criteria, 1 to 5. Once the post is filled nobody is blind any more.
    """
    rows = list(post.interviews.order_by("applicant", "at"))
    own = {row.applicant for row in rows if row.interviewer == seen_by}
    if post.filled_id is None and own != {row.applicant for row in rows}:
        rows = [row for row in rows if row.interviewer == seen_by]
    found = [
        _standing(post, name, [row for row in rows if row.applicant == name])
        for name in sorted({r.applicant for r in rows})
    ]
    return tuple(sorted(found, key=lambda one: (-(one.overall or 0), one.applicant)))


def _standing(post: Post, applicant: str, rows: Sequence[Interviewed]) -> Standing:
    held = [[_weighted(post, row.scores) for row in rows if row.panel == panel] for panel in post.panels]
    means = tuple(sum(one) / len(one) if one else None for one in held)
    known = [one for one in means if one is not None]
    return Standing(applicant, means, sum(known) / len(known) if len(known) == len(means) else None)


def _weighted(post: Post, scores: Mapping[str, int]) -> float:
    total = sum(row["weight"] for row in post.criteria)
    return float(sum(row["weight"] * scores[row["criterion"]] for row in post.criteria) / total)


@transaction.atomic
def fill(*, by: str, post: Post, resolution: Resolution) -> Post:
    """Say by which decision the post was filled."""
    held = Post.objects.select_for_update().get(pk=post.pk)
    if held.filled_id:
        raise ConflictError(said("The post is filled already."))
    held.filled = resolution
    held.save(update_fields=["filled"])
    record(verb="decide.fill-post", by=by, about=[resolution], made=[held])
    return held


@transaction.atomic
def let_go(*, by: str, today: datetime.date | None = None) -> int:
    """Delete the papers of applicants whose day has come; gives how many rows. What was decided stays."""
    gone = Interviewed.objects.filter(post__kept_until__lt=today or timezone.localdate())
    posts = sorted(set(gone.values_list("post", flat=True)))
    number, _kinds = gone.delete()
    if number:
        record_node(verb="decide.delete-interviews", by=by, about=posts, payload={"rows": number})
    return number
