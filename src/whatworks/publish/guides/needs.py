"""What needs a writer or an editor of guides now: drafts sent to them, responses, moved ground, days that have passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.ledger.models import Artefact
from whatworks.publish.guides.presenters import overdue, plainly, told_day, withdrawn_under
from whatworks.publish.models import Guide, GuideDraft, GuideRevision, Response

Item = tuple[list[Any], list[Any]]


def sent_drafts(actor: str) -> Sequence[GuideDraft]:
    """Drafts that wait for an editor who wrote no part of them."""
    waiting = GuideDraft.objects.exclude(sent_for="").select_related("guide").order_by("guide__title", "pk")
    return [one for one in waiting if actor not in one.writers]


def sent_items(drafts: Sequence[GuideDraft]) -> list[Item]:
    """Each with what it was sent for."""
    what = {GuideDraft.APPROVAL: _("Sent for approval."), GuideDraft.CONSULTATION: _("Sent to be put out for comment.")}
    return [(_link(one.guide, f"/workspace/guides/{one.guide_id}/read/"), [what[one.sent_for]]) for one in drafts]


def unanswered(actor: str) -> Sequence[Response]:
    """Responses that nobody has answered, oldest first."""
    waiting = Response.objects.filter(answers=None).select_related("consultation__guide")
    return waiting.order_by("at", "pk")


def unanswered_items(responses: Sequence[Response]) -> list[Item]:
    """Each with who spoke, and when."""
    return [
        (
            _link(one.consultation.guide, f"/workspace/responses/{one.pk}/"),
            [
                _("From %(speaks_as)s, %(timezone)s.")
                % {"speaks_as": one.speaks_as, "timezone": plainly(timezone.localdate(one.at))}
            ],
        )
        for one in responses
    ]


def moved_guides(actor: str) -> Sequence[GuideRevision]:
    """Published guides whose ground has moved, or a page under them was withdrawn, and on which nobody is writing yet."""
    stale = set(Artefact.objects.stale().filter(subject__kind=GuideRevision.kind).values_list("pk", flat=True))
    held = GuideRevision.objects.filter(guide__draft=None).exclude(guide__revisions__number__gt=F("number"))
    rows = held.select_related("guide").order_by("guide__title", "pk")
    return [one for one in rows if one.pk in stale or (not one.guide.withdrawn() and withdrawn_under(one.content))]


def moved_items(revisions: Sequence[GuideRevision]) -> list[Item]:
    """Each with the way to what it would say now."""
    said = [_("A result or rating behind it has changed. Read what it would say now, and write what must change.")]
    gone = [_("A page under it was withdrawn. Write what must change, or withdraw the guide.")]
    return [
        (_link(one.guide, f"/workspace/guides/{one.guide_id}/read/"), gone if withdrawn_under(one.content) else said)
        for one in revisions
    ]


def due_guides(actor: str) -> Sequence[tuple[Guide, str]]:
    """Published guides, or recommendations of theirs, that were to be reviewed by a day that has passed."""
    found = []
    for guide in Guide.objects.exclude(revisions=None).order_by("title", "pk"):
        newest = guide.newest()
        if newest is None or guide.withdrawn():
            continue
        days = [newest.content["review_on"], *(one["review_on"] for one in newest.content["recommendations"])]
        if past := sorted(day for day in days if overdue(day)):
            found.append((guide, past[0]))
    return found


def due_items(rows: Sequence[tuple[Guide, str]]) -> list[Item]:
    """Each with the day."""
    return [
        (_link(guide, f"/workspace/guides/{guide.pk}/"), [_("By %(day)s.") % {"day": told_day(day)}])
        for guide, day in rows
    ]


def _link(guide: Guide, href: str) -> list[Any]:
    return [{"link": guide.title, "href": href}]
