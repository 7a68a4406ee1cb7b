"""Events: places are asked for and given in order, people are reminded, what they need is known in time and forgotten after."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from whatworks.convene import guarding
from whatworks.convene.methods.calendar_file import calendar_file
from whatworks.convene.models import Gathering, GatheringFeedback, GatheringPlace
from whatworks.convene.private_addresses import full, made, write
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue
from whatworks.saying import said

AHEAD = datetime.timedelta(days=2)  # how long before an event people are reminded
NEEDS_GO = 1  # days after an event on which what people need is deleted
NAMES_GO = 60  # and on which who they are is


@transaction.atomic
def open_gathering(
    *, by: str, title: str, slug: str = "", facts: Sequence[Mapping[str, str]] = (), **told: Any
) -> Gathering:
    """An event. With places, people can ask for one; then it needs its times and a contact."""
    name = " ".join(title.split())
    key = slug or slugify(name)[:80].strip("-")
    if not key or Gathering.objects.filter(slug=key).exists():
        raise ConflictError(
            said("There is an event called “%(name)s” already, or it has no name; give it another.", name=name)
        )
    starts, ends = told.get("starts_at"), told.get("ends_at")
    if told.get("places", 0) and (starts is None or ends is None or not told.get("contact", "").strip()):
        raise InputError(said("An event with places needs the time at which it starts and ends, and whom to ask."))
    if (starts is None) != (ends is None) or (starts is not None and ends <= starts):
        raise InputError(said("An event starts before it ends; give both times or none."))
    event: Gathering = Gathering.objects.register(
        Gathering.derived(key), slug=key, title=name, facts=[dict(one) for one in facts], **told
    )
    record(verb="convene.gathering-open", by=by, made=[event])
    if event.places:
        _plan(event)
    return event


def _plan(event: Gathering) -> None:
    """Ask for the reminder and for the forgetting, each at its time."""
    enqueue(
        kind="convene.remind", by="rule:reminder", key=f"convene.remind:{event.pk}", not_before=event.starts_at - AHEAD
    )
    for days in (NEEDS_GO, NAMES_GO):
        due = event.ends_at + datetime.timedelta(days=days, hours=1)
        enqueue(kind="convene.forget", by="rule:retention", key=f"convene.forget:{event.pk}:{days}", not_before=due)


@transaction.atomic
def ask_place(
    *, gathering: Gathering, name: str, email: str, needs: str = "", by: str = guarding.PUBLIC_ACTOR,
    at: datetime.datetime | None = None,
) -> tuple[GatheringPlace, str]:  # fmt: skip
    """Somebody asks for a place, and gets it or waits. Returns the row and the end of their private address.

    Raises ConflictError once the event has begun or where there are no places to ask for, InputError for a missing name or address.
    """
    now = at or timezone.now()
    held = Gathering.objects.select_for_update().get(pk=gathering.pk)
    if not held.places or held.starts_at is None or held.starts_at <= now:
        raise ConflictError(said("Nobody can sign up for this event any more, or it has no places to ask for."))
    if not name.strip() or "@" not in email:
        raise InputError(said("Tell us your name and an e-mail address."))
    address = email.strip().lower()
    if held.asked.filter(email=address, state__in=["place", "waiting"]).exists():
        raise ConflictError(said("Somebody with this e-mail address has asked for a place already."))
    token, digest = made()
    free = held.asked.taken().count() < held.places and not held.asked.waiting().exists()
    place = GatheringPlace.objects.create(
        pk=GatheringPlace.fresh(), gathering=held, name=" ".join(name.split()), email=address, needs=needs.strip(),
        state="place" if free else "waiting", asked_at=now, token=digest,
    )  # fmt: skip
    record(verb="convene.gathering-ask", by=by, about=[held], payload={"state": place.state})
    body = (
        _("You have a place.")
        if free
        else _("All places are taken. You are on the waiting list; we write to you when one is free.")
    )
    link = full(reverse("gathering_mine", args=[token]))
    write(address, held.title, f"{body}\n\n" + _("Your private page, where you can cancel: %(link)s") % {"link": link},
          attached=_attached(held) if free else None)  # fmt: skip
    return place, token


@transaction.atomic
def cancel(*, place: GatheringPlace, by: str = guarding.PUBLIC_ACTOR) -> GatheringPlace:
    """Give a place back. Who they are goes at once, and the first who waits gets the place. Done twice, it is done once."""
    event = Gathering.objects.select_for_update().get(pk=place.gathering_id)
    held = GatheringPlace.objects.select_for_update().get(pk=place.pk)
    if held.state not in ("place", "waiting"):
        return held
    held.state, held.name, held.email, held.needs = "cancelled", "", "", ""
    held.save(update_fields=["state", "name", "email", "needs"])
    record(verb="convene.gathering-cancel", by=by, about=[event])
    _promote(event)
    return held


def _promote(event: Gathering) -> None:
    """Give free places to those who wait, in the order in which they asked, as long as the event has not begun."""
    if event.starts_at is None or event.starts_at <= timezone.now():
        return
    for place in list(event.asked.waiting()[: max(0, event.places - event.asked.taken().count())]):
        place.state = "place"
        place.save(update_fields=["state"])
        record(verb="convene.gathering-promote", by="rule:waiting-list", about=[event])
        write(place.email, event.title, _("A place is free, and it is yours."), attached=_attached(event))


@transaction.atomic
def change_places(*, by: str, gathering: Gathering, places: int) -> Gathering:
    """More places, or fewer; never fewer than are taken. Those who wait move up."""
    held = Gathering.objects.select_for_update().get(pk=gathering.pk)
    if places < held.asked.taken().count() or places < 1:
        raise InputError(said("There must be at least as many places as are taken already."))
    held.places = places
    held.save(update_fields=["places"])
    record(verb="convene.gathering-places", by=by, made=[held])
    _promote(held)
    return held


def ics(event: Gathering) -> str:
    """The event as a calendar file."""
    assert event.starts_at is not None and event.ends_at is not None
    return calendar_file(
        identifier=event.pk, title=event.title, starts=event.starts_at, ends=event.ends_at, place=event.place, about=event.about,
        address=full(reverse("gathering", args=[event.slug])), at=event.starts_at - datetime.timedelta(days=30),
    )  # fmt: skip


def _attached(event: Gathering) -> tuple[str, str, str]:
    return f"{event.slug}.ics", ics(event), "text/calendar"


@transaction.atomic
def remind_due(now: datetime.datetime) -> int:
    """Remind who has a place at an event that begins soon; each once. Returns how many."""
    due = GatheringPlace.objects.select_for_update().filter(
        state="place", reminded_at=None, gathering__starts_at__gt=now, gathering__starts_at__lte=now + AHEAD
    )
    count = 0
    for place in due.select_related("gathering")[:500]:
        place.reminded_at = now
        place.save(update_fields=["reminded_at"])
        event = place.gathering
        when = timezone.localtime(event.starts_at).strftime("%d.%m.%Y %H:%M")
        body = _("A reminder: %(when)s, %(place)s.") % {"when": when, "place": event.place}
        write(place.email, event.title, body, attached=_attached(event))
        count += 1
    return count


@transaction.atomic
def write_attendance(*, by: str, gathering: Gathering, came: Sequence[str]) -> int:
    """Write down who came, by the rows; whoever else has a place did not. Raises InputError for a row of another event."""
    taken = {place.pk: place for place in gathering.asked.taken()}
    if unknown := [one for one in came if one not in taken]:
        raise InputError(said("%(row)s has no place at this event.", row=unknown[0]))
    for identifier, place in taken.items():
        place.state = "came" if identifier in set(came) else "did not come"
        place.save(update_fields=["state"])
    record(verb="convene.gathering-attend", by=by, about=[gathering], payload={"came": len(set(came))})
    return len(set(came))


@transaction.atomic
def give_feedback(
    *, gathering: Gathering, useful: int, heard: int, words: str = "", by: str = guarding.PUBLIC_ACTOR
) -> GatheringFeedback:
    """What somebody thought, from 1 to 5, and in their own words; who it was is not kept. Only once the event has begun."""
    if gathering.starts_at is None or gathering.starts_at > timezone.now():
        raise ConflictError(said("The event has not begun yet; tell us afterwards."))
    if not (1 <= useful <= 5 and 1 <= heard <= 5):
        raise InputError(said("Answers go from 1 to 5."))
    text = guarding.take(kind="feedback", content=words, about=gathering.subject_id, by=by) if words.strip() else None
    made_ = GatheringFeedback.objects.create(
        pk=GatheringFeedback.fresh(),
        gathering=gathering,
        useful=useful,
        heard=heard,
        text=text,
        on=timezone.localdate(),
    )
    record(verb="convene.gathering-feedback", by=by, about=[gathering])
    return made_


@transaction.atomic
def forget_after(day: datetime.date) -> int:
    """Delete what people need the day after an event, and who they are two months after. Returns how many rows changed."""
    ended = {days: timezone.make_aware(datetime.datetime.combine(day - datetime.timedelta(days=days), datetime.time.max))
             for days in (NEEDS_GO, NAMES_GO)}  # fmt: skip
    needs = GatheringPlace.objects.filter(gathering__ends_at__lte=ended[NEEDS_GO]).exclude(needs="").update(needs="")
    old = GatheringPlace.objects.filter(gathering__ends_at__lte=ended[NAMES_GO]).exclude(name="", email="")
    names = old.update(name="", email="")
    if needs + names:
        record(verb="convene.gathering-forget", by="rule:retention", payload={"needs": needs, "names": names})
    return needs + names
