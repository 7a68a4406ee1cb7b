"""How what people rated is verified: each said what its event vouches for, and who signed off was none of the others."""

from __future__ import annotations

import json

from django.utils import timezone

from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Event, EventSubject, Payload
from whatworks.ledger.verification import Difference, Report, check, check_digests
from whatworks.people.models import User
from whatworks.rate.conflicts import conflict, reach_of
from whatworks.rate.judging import TOLD
from whatworks.rate.models import Assessment, Moderation, PersonalRating, Rater, Revocation, Signature, Signoff
from whatworks.rate.rated_things import thing_rated


@check("rate judging")
def check_judging(report: Report) -> None:
    """Blind ratings, agreements and sign-offs are as people made them, by people who might."""
    check_digests(report, Assessment.objects.all(), "ratings by two")
    check_digests(report, Moderation.objects.all(), "agreed levels")
    check_digests(report, Signoff.objects.all(), "sign-offs")
    check_digests(report, Revocation.objects.all(), "approvals taken back")
    _check_said(report)
    _check_signatures(report)
    rows = Signoff.objects.select_related("moderation__assessment__about", "moderation__assessment__intervention")
    for one in rows.order_by("pk").iterator(500):
        report.differences += [Difference(one.pk, wrong, one.by, None) for wrong in _wrong(one)]


def _check_said(report: Report) -> None:
    held = {one.pk: one for one in PersonalRating.objects.order_by("pk").iterator(2000)}
    vouched: dict[str, str] = {}
    events = Event.objects.filter(verb="rate.judge-blind", payload__state=Payload.HELD)
    for body in events.values_list("payload__body", flat=True).iterator(2000):
        told = json.loads(body)
        vouched[told.get("rating", "")] = told.get("digest", "")
    for pk, one in held.items():
        report.count("ratings by one person")
        found = digest({name: getattr(one, name) for name in TOLD})
        if vouched.get(pk, found) != found:
            report.differences.append(Difference(pk, "row changed outside the ledger", found, vouched[pk]))
    for agreed in Moderation.objects.order_by("pk").iterator(500) if held else ():
        lost = [pk for pk in agreed.over if pk not in held]
        report.differences += [Difference(agreed.pk, "rating by one person missing", None, pk) for pk in lost]


def _check_signatures(report: Report) -> None:
    """Signatures of before two raters worked blind: each was left by its own signer's event."""
    for one in Signature.objects.order_by("pk").iterator(500):
        report.count("signatures")
        about = EventSubject.objects.filter(subject=one.rating_id).values("event")
        if not Event.objects.filter(verb="rate.sign", actor=one.by, pk__in=about).exists():
            report.differences.append(Difference(one.pk, "no event left this signature", one.by, None))


def _wrong(one: Signoff) -> list[str]:
    """What a sign-off breaks of the rules, at the time it was made."""
    agreed = one.moderation
    found = []
    if (one.first, one.second, one.moderator) != (agreed.first, agreed.second, agreed.by):
        found.append("a sign-off names other raters or another moderator than the agreement")
    raters = set(Rater.objects.here().filter(assessment=agreed.assessment_id).values_list("user", flat=True))
    if raters and raters != {agreed.first, agreed.second}:
        found.append("an agreement names other raters than were asked")
    if one.by in {agreed.first, agreed.second, agreed.by} | raters:
        found.append("an approver rated or moderated what they signed off")
    on, reach = timezone.localdate(one.at), reach_of(thing_rated(agreed.assessment))
    people = {agreed.first: "a rater", agreed.second: "a rater", agreed.by: "a moderator", one.by: "an approver"}
    for who in User.objects.filter(pk__in=people).order_by("pk"):
        if conflict(who, reach, on=on):
            found.append(f"{people[who.pk]} had an interest in what was judged")
    return found
