"""Lists are opened; an edition is written, tried on oneself, approved by somebody else, and goes out at its moment."""

from __future__ import annotations

import datetime
import smtplib
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from whatworks.contact import blocks
from whatworks.contact.composing import addressed, composed, content_of
from whatworks.contact.joining import UnsentError
from whatworks.contact.knowing import address_of
from whatworks.contact.models import Edition, MailingList, SentLetter
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue
from whatworks.saying import said

FIRST_LOOK_BACK = datetime.timedelta(days=30)  # what the first edition of a list tells of
MOST_TRIES = 5  # of one letter that the mail refused for now


@transaction.atomic
def open_list(*, by: str, title: str, plain: str, sort: str = MailingList.NEWSLETTER) -> MailingList:
    """Open a list. Its words are what people tick."""
    name = " ".join(title.split())
    slug = slugify(name)[:60].strip("-")
    if not slug or not plain.strip():
        raise InputError(said("Give the list a title, and say in a sentence what people get and how often."))
    if sort == MailingList.ALERTS and (held := MailingList.objects.filter(sort=sort).first()):
        raise ConflictError(said("There is a list of alerts already: “%(title)s”.", title=held.title))
    if MailingList.objects.filter(slug=slug).exists():
        raise ConflictError(said("There is a list called “%(title)s” already.", title=name))
    made: MailingList = MailingList.objects.register(
        MailingList.derived(slug), slug=slug, title=name, plain=" ".join(plain.split()), sort=sort
    )
    record(verb="contact.open-list", by=by, about=[made], made=[made])
    if sort == MailingList.ALERTS:
        next_alerts(made, timezone.localdate())
    return made


def next_alerts(mailing_list: MailingList, after: datetime.date) -> None:
    """Ask for the alerts of the Monday after a day: at seven in the morning."""
    monday = after + datetime.timedelta(days=7 - after.weekday())
    enqueue(
        kind="contact.alerts",
        by="rule:alerts",
        key=f"contact.alerts:{mailing_list.pk}:{monday}",
        arguments={"list": mailing_list.pk, "monday": monday.isoformat()},
        not_before=timezone.make_aware(datetime.datetime.combine(monday, datetime.time(7))),
    )


@transaction.atomic
def begin_edition(*, by: str, mailing_list: MailingList, title: str) -> Edition:
    """Begin an edition. It tells of what is new since the last one that was approved."""
    name = " ".join(title.split())
    if not name:
        raise InputError(said("Give the edition a title; it is the subject of the e-mail."))
    now = timezone.now()
    last = mailing_list.editions.aggregate(at=Max("approved_at"))["at"]
    made: Edition = Edition.objects.register(
        mailing_list=mailing_list, title=name, blocks=[one.key for one in blocks.offered()],
        since=last or now - FIRST_LOOK_BACK, written_by=by, changed_at=now,
    )  # fmt: skip
    record(verb="contact.begin-edition", by=by, about=[mailing_list], made=[made])
    return made


@transaction.atomic
def write_edition(
    *,
    by: str,
    edition: Edition,
    title: str,
    opening: str,
    closing: str,
    since: datetime.datetime,
    chosen: Collection[str],
) -> Edition:
    """Write an edition. Raises ConflictError where it is approved already."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if held.state != "draft":
        raise ConflictError(said("This edition is approved. Take it back before you change it."))
    name = " ".join(title.split())
    if not name:
        raise InputError(said("Give the edition a title; it is the subject of the e-mail."))
    held.title, held.opening, held.closing = name, opening.strip(), closing.strip()
    held.since, held.written_by, held.changed_at = since, by, timezone.now()
    held.blocks = [one.key for one in blocks.offered() if one.key in chosen]
    held.save()
    held.retitle()
    record(verb="contact.write-edition", by=by, made=[held])
    return held


def try_edition(*, by: str, edition: Edition, to: str) -> None:
    """Send an edition to oneself, as it would be now. Its links to leave are a stranger's, and change nothing."""
    content = edition.content if edition.approved_at else content_of(edition, timezone.now())
    letter = composed(content, edition.mailing_list)
    message = addressed(
        letter, contact="ctc-nobody", to=address_of(to), mailing_list=edition.mailing_list,
        message_id=f"<try-{SentLetter.fresh()}@test.invalid>",
    )  # fmt: skip
    message.subject = f"[test] {message.subject}"
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise UnsentError(said("The mail server does not take it; ask who looks after it.")) from error


@transaction.atomic
def approve_edition(*, by: str, edition: Edition, send_at: datetime.datetime | None = None) -> Edition:
    """Approve an edition as it stands, and send it then, or now. What it says is frozen. Nobody approves what they wrote."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if held.state != "draft":
        raise ConflictError(said("This edition is approved already."))
    if held.written_by == by:
        raise ForbiddenError(said("You wrote this edition; somebody else approves it."))
    now = timezone.now()
    if send_at is not None and send_at <= now:
        raise InputError(said("That moment has passed; choose another, or none to send it now."))
    held.content = content_of(held, now)
    if not (held.opening or held.closing or held.content["sections"]):
        raise InputError(said("The edition says nothing: write something, or choose blocks that have news."))
    held.approved_by, held.approved_at, held.send_at = by, now, send_at
    held.save()
    record(verb="contact.approve-edition", by=by, made=[held])
    _ask_for_sending(held, by, send_at)
    return held


def _ask_for_sending(edition: Edition, by: str, at: datetime.datetime | None, again: str = "") -> None:
    assert edition.approved_at is not None
    approved = edition.approved_at.isoformat()
    enqueue(
        kind="contact.send", by=by, key=f"contact.send:{edition.pk}:{approved}{again}",
        arguments={"edition": edition.pk, "approved": approved}, not_before=at,
    )  # fmt: skip


@transaction.atomic
def take_back(*, by: str, edition: Edition) -> Edition:
    """Take an approval back, as long as no letter went out."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if held.state != "approved":
        raise ConflictError(said("Only an edition that is approved and not begun can be taken back."))
    held.approved_by, held.approved_at, held.send_at, held.content = "", None, None, {}
    held.save()
    record(verb="contact.take-edition-back", by=by, made=[held])
    return held


@transaction.atomic
def go_on(*, by: str, edition: Edition) -> int:
    """Go on sending after the mail server failed, and try again what it refused for now. Returns how many wait."""
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if held.begun_at is None:
        raise ConflictError(said("This edition has not begun to go out."))
    again = held.letters.filter(state=SentLetter.FAILED, tries__lt=MOST_TRIES, why__startswith="for now")
    again.update(state=SentLetter.WAITING, claim="", why="")
    left = held.letters.exclude(state__in=[SentLetter.SENT, SentLetter.FAILED, SentLetter.DROPPED]).count()
    if left or not held.planned:
        held.ended_at = None
        held.save(update_fields=["ended_at"])
        record(verb="contact.go-on", by=by, made=[held])
        _ask_for_sending(held, by, None, f":{timezone.now().isoformat()}"[:30])
    return left


def repeats(edition: Edition) -> int:
    """How many letters may have arrived twice, under one Message-ID: a worker died while they were handed over."""
    return edition.letters.filter(tries__gt=1, state=SentLetter.SENT).count()
