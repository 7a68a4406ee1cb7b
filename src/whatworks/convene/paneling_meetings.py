"""Panels meet: staff whose checks hold, who came, what is paid, what was said and what happened to it; and forgetting."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from whatworks.convene import guarding
from whatworks.convene.methods.agreed import OWN_PART, why_off_duty
from whatworks.convene.models import (
    Panel,
    PanelAttendance,
    PanelContact,
    PanelDuty,
    PanelMeeting,
    PanelPayment,
    PanelRate,
    PanelSaying,
    PanelStaff,
)
from whatworks.convene.panel_words import words
from whatworks.convene.paneling import forget_on
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.people.models import User
from whatworks.saying import said


@transaction.atomic
def hold_meeting(
    *, by: str, panel: Panel, title: str, on: datetime.date, place: str = "", came: int | None = None, summary: str = "",
    source: str = "", address: str = "",
) -> PanelMeeting:  # fmt: skip
    """A meeting of a panel, to come or held."""
    number = panel.meetings.count() + 1
    made: PanelMeeting = PanelMeeting.objects.register(
        PanelMeeting.derived(panel.pk, number), panel=panel, title=title, on=on, place=place, came=came, summary=summary,
        source=source, address=address,
    )  # fmt: skip
    record(verb="convene.panel-meeting", by=by, about=[panel], made=[made])
    return made


@transaction.atomic
def add_staff(
    *, by: str, panel: Panel, user: User, part: str, dbs: str = "", dbs_on: datetime.date | None = None,
    dbs_until: datetime.date | None = None,
) -> PanelStaff:  # fmt: skip
    """Somebody works with the panel; or their check is renewed. The level and the dates of a check are kept, never the certificate."""
    if dbs and dbs not in words()["checks"]:
        raise InputError(
            said(
                "“%(level)s” is no level of check; it is one of %(known)s.",
                level=dbs,
                known=", ".join(words()["checks"]),
            )
        )
    told = {"part": part, "dbs": dbs, "dbs_on": dbs_on, "dbs_until": dbs_until}
    made, _new = PanelStaff.objects.update_or_create(
        panel=panel, user=user, defaults=told, create_defaults={**told, "id": PanelStaff.fresh()}
    )
    record(verb="convene.panel-staff", by=by, about=[panel])
    return made


@transaction.atomic
def put_on_duty(*, by: str, meeting: PanelMeeting, staff: PanelStaff) -> PanelDuty:
    """Put somebody on the rota of a meeting. Raises ConflictError, saying why, where their check is missing, too low or runs out."""
    if staff.panel_id != meeting.panel_id:
        raise InputError(said("This person works with another panel."))
    why = why_off_duty(meeting.panel.dbs, staff.dbs, staff.dbs_on, staff.dbs_until, meeting.on, words()["checks"])
    if why is not None:
        raise ConflictError(why)
    made, _new = PanelDuty.objects.get_or_create(meeting=meeting, staff=staff, defaults={"id": PanelDuty.fresh()})
    record(verb="convene.panel-duty", by=by, about=[meeting])
    return made


@transaction.atomic
def attend(*, by: str, meeting: PanelMeeting, contacts: Iterable[PanelContact]) -> int:
    """Write down who came. Only members can. Who is a member is kept for a year from the meeting."""
    count = 0
    for contact in contacts:
        if contact.panel_id != meeting.panel_id or contact.state != "member":
            raise InputError(said("Somebody in the list is no member of this panel; invite them first."))
        _row, new = PanelAttendance.objects.get_or_create(
            meeting=meeting, contact=contact, defaults={"id": PanelAttendance.fresh()}
        )
        count += new
        contact.keep_until = max(contact.keep_until, meeting.on + datetime.timedelta(days=words()["keep"]["member"]))
        contact.save(update_fields=["keep_until"])
        forget_on(contact.keep_until)
    record(verb="convene.panel-attend", by=by, about=[meeting], payload={"came": count})
    return count


def came_to(meeting: PanelMeeting) -> int | None:
    """How many came: counted where attendance is kept here, also when people were forgotten since; else as on record."""
    return meeting.attendance.count() or meeting.came


@transaction.atomic
def set_rate(*, by: str, activity: str, pence: int, since: datetime.date, source: str = "") -> PanelRate:
    """What is paid for an activity from a day on; the rate before ends on the day before."""
    before = PanelRate.objects.filter(activity=activity, until=None).order_by("-since").first()
    made_from = [before] if before else []
    if before is not None:
        if before.since >= since:
            raise ConflictError(said("There is a rate for “%(activity)s” from that day or later.", activity=activity))
        before.until = since - datetime.timedelta(days=1)
        before.save(update_fields=["until"])
    made = PanelRate.objects.create(
        pk=PanelRate.derived(activity, since), activity=activity, pence=pence, since=since, source=source
    )
    record(verb="convene.panel-rate", by=by, made=[made, *made_from])
    return made


@transaction.atomic
def offer_payment(
    *, by: str, meeting: PanelMeeting, contact: PanelContact, sort: str, rate: PanelRate | None = None, pence: int = 0
) -> PanelPayment:
    """Offer what the rate card says on the day of the meeting, or expenses as they were. Under 16 it is a voucher.

    Raises InputError for a rate that does not hold on that day, or money to somebody under 16.
    """
    if sort == "expenses":
        if pence < 1:
            raise InputError(said("Expenses are an amount above nought."))
    elif rate is None or not PanelRate.objects.on(meeting.on).filter(pk=rate.pk).exists():
        raise InputError(said("Choose a rate that holds on the day of the meeting."))
    else:
        pence = rate.pence
    if sort == "payment" and contact.age is not None and contact.age < OWN_PART:
        raise InputError(said("Under 16 we offer a voucher and not money."))
    made = PanelPayment.objects.create(
        pk=PanelPayment.fresh(), meeting=meeting, contact=contact, sort=sort, rate=None if sort == "expenses" else rate,
        pence=pence, on=timezone.localdate(),
    )  # fmt: skip
    record(verb="convene.panel-pay", by=by, about=[meeting], payload={"sort": sort})
    return made


@transaction.atomic
def answer_payment(*, by: str, payment: PanelPayment, state: str) -> PanelPayment:
    """Accepted or declined by the person; paid by us, after it was accepted."""
    held = PanelPayment.objects.select_for_update().get(pk=payment.pk)
    allowed = {"offered": ("accepted", "declined"), "declined": ("accepted",), "accepted": ("paid", "declined")}
    if state not in allowed.get(held.state, ()):
        raise ConflictError(said("This is “%(now)s” and cannot become “%(state)s”.", now=held.state, state=state))
    held.state = state
    held.save(update_fields=["state"])
    record(verb="convene.panel-pay", by=by, about=[held.meeting_id], payload={"state": state})
    return held


@transaction.atomic
def note(*, by: str, meeting: PanelMeeting, contact: PanelContact, words_: str) -> PanelSaying:
    """Something a member said, so that they can see what happens to it."""
    if not words_.strip():
        raise InputError(said("There is nothing in the box; write something."))
    made = PanelSaying.objects.create(
        pk=PanelSaying.fresh(), meeting=meeting, contact=contact, words=words_.strip(), at=timezone.now()
    )
    record(verb="convene.panel-said", by=by, about=[meeting])
    return made


@transaction.atomic
def tell(*, by: str, saying: PanelSaying, state: str, happened: str) -> PanelSaying:
    """What happened to what somebody said. Raises InputError where nothing is told, ConflictError where it was deleted."""
    held = PanelSaying.objects.select_for_update().get(pk=saying.pk)
    if held.state == "deleted":
        raise ConflictError(said("This was deleted by whoever said it."))
    if state not in ("looked at", "used", "not used") or not happened.strip():
        raise InputError(said("Say what happened to it: looked at, used or not used, and how or why."))
    held.state, held.happened = state, happened.strip()
    held.save(update_fields=["state", "happened"])
    record(verb="convene.panel-tell", by=by, about=[held.meeting_id], payload={"state": state})
    return held


@transaction.atomic
def delete_saying(*, saying: PanelSaying, by: str = guarding.PUBLIC_ACTOR) -> None:
    """Delete what somebody said, for good. Its place in the count stays."""
    PanelSaying.objects.filter(pk=saying.pk).update(words="", happened="", state="deleted", contact=None)
    record(verb="convene.panel-said-deleted", by=by, about=[saying.meeting_id])


@transaction.atomic
def forget(*, contact: PanelContact, by: str = guarding.PUBLIC_ACTOR) -> None:
    """Delete a person and what they said, for good. Counts of who applied, came and was paid stay as they were."""
    panel = contact.panel
    for saying in contact.sayings.all():
        delete_saying(saying=saying, by=by)
    text = contact.why
    contact.delete()
    if text is not None:
        guarding.delete(by=by, text=text)
    record(verb="convene.panel-forget", by=by, about=[panel])


def forget_due(day: datetime.date) -> int:
    """Forget everybody whose time is over. Returns how many."""
    due = list(PanelContact.objects.filter(keep_until__lt=day).select_related("panel")[:500])
    for contact in due:
        forget(contact=contact, by="rule:retention")
    return len(due)
