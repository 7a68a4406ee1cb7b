"""Long work: an edition goes out, alerts are gathered each week, and who never confirmed is forgotten."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.db.models import Max
from django.utils import timezone

from whatworks.contact.composing import content_of
from whatworks.contact.consenting import known_of
from whatworks.contact.editing import next_alerts
from whatworks.contact.joining import forget_unconfirmed
from whatworks.contact.methods.deciding import acts_on, may_write
from whatworks.contact.models import Contact, Edition, Follow, MailingList, SentLetter
from whatworks.contact.sending import LASTING, deliver
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue, task

LAID_OUT = 500  # contacts looked at in one step
RULE = "rule:alerts"


def _edition(arguments: dict[str, Any]) -> Edition | None:
    """The edition, as long as it is approved as it was when this was asked for."""
    found = Edition.objects.select_related("mailing_list").filter(pk=arguments["edition"]).first()
    if found is None or found.approved_at is None or found.approved_at.isoformat() != arguments["approved"]:
        return None
    return found


def _outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> int:
    """Hand a lot of letters over, outside every transaction: what is sent cannot be rolled back."""
    edition = _edition(arguments)
    return deliver(edition) if edition is not None and edition.planned else 0


@task("contact.send", outside=_outside, lasting=LASTING)
def send(arguments: dict[str, Any], cursor: dict[str, Any], handed_over: int) -> dict[str, Any] | None:
    """Begin an edition, lay its letters out, and go on until none waits."""
    edition = _edition(arguments)
    if edition is None:
        return None
    if edition.begun_at is None:
        _begin(edition)
        return {"done": 0}
    if not edition.planned:
        lay_out(edition)
        return {"done": 0, "total": edition.letters.count()}
    counted = edition.letters.counted()
    left = sum(counted.get(state, 0) for state in (SentLetter.WAITING, SentLetter.TAKEN, SentLetter.GOING))
    if left:
        return {"done": sum(counted.values()) - left, "total": sum(counted.values())}
    Edition.objects.filter(pk=edition.pk).update(ended_at=timezone.now())
    held = Edition.objects.get(pk=edition.pk)
    record(verb="contact.sent", by=edition.approved_by, made=[held], payload={"letters": counted})
    return None


def _begin(edition: Edition) -> None:
    """From now on it is in the archive: it has a number, and its title may be seen."""
    last = edition.mailing_list.editions.aggregate(number=Max("number"))["number"] or 0
    edition.number, edition.begun_at = last + 1, timezone.now()
    edition.save(update_fields=["number", "begun_at"])
    edition.retitle()
    record(verb="contact.begin-sending", by=edition.approved_by, about=[edition.mailing_list], made=[edition])


def lay_out(edition: Edition) -> None:
    """The next contacts: a letter for each who may be written to, a count of the others who have to do with this list."""
    rows = Contact.objects.standing().exclude(email="").filter(pk__gt=edition.planned_to).order_by("pk")
    contacts = list(rows[:LAID_OUT])
    known, now, letters = known_of(contacts), timezone.now(), []
    left_out: Counter[str] = Counter(edition.left_out)
    wanted = _wanted(edition)
    for one in contacts:
        answer = may_write(known[one.pk], edition.mailing_list_id, now)
        if answer.may and (wanted is None or one.pk in wanted):
            letters.append(
                SentLetter(
                    id=SentLetter.derived(edition.pk, one.pk), edition=edition, contact=one, consent_id=answer.rests_on
                )
            )
        elif not answer.may and acts_on(known[one.pk].acts, edition.mailing_list_id):
            left_out[answer.verdict] += 1
    SentLetter.objects.bulk_create(letters, batch_size=200, ignore_conflicts=True)
    Edition.objects.filter(pk=edition.pk).update(
        left_out=dict(left_out),
        planned_to=contacts[-1].pk if contacts else edition.planned_to,
        planned=len(contacts) < LAID_OUT,
    )


def _wanted(edition: Edition) -> set[str] | None:
    """For alerts: who follows something that changed. None for a newsletter, which is for everybody on its list."""
    if edition.mailing_list.sort != MailingList.ALERTS:
        return None
    about = {entry["about"] for section in edition.content["sections"] for entry in section["entries"]}
    followers = Contact.objects.filter(follows__in=Follow.objects.filter(about__in=about)).select_related("merged_into")
    return {one.kept().pk for one in followers}


@task("contact.alerts")
def alerts(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Once a week: an edition of what changed, for those who follow it. It says nothing but what stands on its pages."""
    mailing_list = MailingList.objects.get(pk=arguments["list"])
    now = timezone.now()
    due = datetime.date.fromisoformat(arguments["monday"])
    next_alerts(mailing_list, max(due, timezone.localdate(now)))
    if not mailing_list.open:
        return
    since = mailing_list.editions.aggregate(at=Max("approved_at"))["at"] or now - datetime.timedelta(days=7)
    told: dict[str, Any] = {
        "subject_id": Edition.fresh(), "mailing_list": mailing_list, "title": mailing_list.title, "blocks": ["pages"],
        "since": since, "written_by": RULE, "changed_at": now, "approved_by": RULE, "approved_at": now,
    }  # fmt: skip
    content = content_of(Edition(**told), now)
    if not content["sections"]:
        return
    made = Edition(**told, content=content)
    Edition.objects.register_all([made])
    record(verb="contact.alerts", by=RULE, about=[mailing_list], made=[made])
    approved = now.isoformat()
    enqueue(
        kind="contact.send", by=RULE, key=f"contact.send:{made.pk}:{approved}",
        arguments={"edition": made.pk, "approved": approved},
    )  # fmt: skip


@task("contact.tidy")
def tidy(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Forget who signed up and never confirmed."""
    forget_unconfirmed(timezone.now())
