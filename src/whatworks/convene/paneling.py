"""A panel is opened, people apply and agree, and who may be invited is invited. Who they are stands in no event."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from whatworks.convene import guarding
from whatworks.convene.methods.agreed import PARENT, may_agree, missing, missing_data
from whatworks.convene.methods.selecting import Quota, pool_of
from whatworks.convene.models import Panel, PanelAgreement, PanelContact
from whatworks.convene.panel_words import words
from whatworks.convene.private_addresses import full, made, write
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.work import enqueue
from whatworks.saying import said


@dataclass(frozen=True, slots=True)
class Parent:
    """Who holds parental responsibility, in which capacity, and for a local authority which one."""

    name: str
    reach: str
    capacity: str
    authority: str = ""


@transaction.atomic
def open_panel(
    *, by: str, title: str, sort: str, slug: str = "", facts: Sequence[Mapping[str, str]] = (), **told: Any
) -> Panel:
    """A panel. With `opens_on` it calls for people, and then needs places, quotas that can be, and a safeguarding contact."""
    name = " ".join(title.split())
    key = slug or slugify(name)[:80].strip("-")
    if not key or Panel.objects.filter(slug=key).exists():
        raise ConflictError(
            said("There is a panel called “%(name)s” already, or it has no name; give it another.", name=name)
        )
    if sort not in words()["kinds"]:
        raise InputError(
            said(
                "“%(sort)s” is no kind of panel; it is one of %(kinds)s.", sort=sort, kinds=", ".join(words()["kinds"])
            )
        )
    _refuse_call(told)
    panel: Panel = Panel.objects.register(
        Panel.derived(key), slug=key, title=name, sort=sort, facts=[dict(one) for one in facts], **told
    )
    record(verb="convene.panel-open", by=by, made=[panel])
    return panel


def _refuse_call(told: Mapping[str, Any]) -> None:
    """Raise InputError where a call has not what it needs."""
    pool_of({}, quotas_in(told.get("quotas", [])), max(1, told.get("places", 1)))
    if told.get("opens_on") is None:
        return
    if not told.get("safeguarding", "").strip():
        raise InputError(said("A call needs a safeguarding contact: who to talk to, and how to reach them."))
    if told.get("places", 0) < 1 or told.get("closes_on") is None:
        raise InputError(said("A call needs a number of places and a last day."))
    if not told.get("other_ways", "").strip():
        raise InputError(said("Say what everybody is offered who is not drawn: another way in."))
    if told.get("dbs", "") and told["dbs"] not in words()["checks"]:
        raise InputError(
            said(
                "“%(level)s” is no level of check; it is one of %(known)s.",
                level=told["dbs"],
                known=", ".join(words()["checks"]),
            )
        )


def quotas_in(rows: Sequence[Sequence[Any]]) -> list[Quota]:
    """The quotas of a panel as the methods know them."""
    return [Quota(str(category), str(band), int(low), int(high)) for category, band, low, high in rows]


def bands_of(panel: Panel) -> dict[str, list[str]]:
    """What people can choose in each category."""
    found: dict[str, list[str]] = {}
    for one in quotas_in(panel.quotas):
        found.setdefault(one.category, []).append(one.band)
    return found


@transaction.atomic
def apply(
    *, panel: Panel, name: str, email: str = "", phone: str = "", age: int | None = None, bands: Mapping[str, str],
    why: str = "", agrees: Sequence[str] = (), parent: Parent | None = None, parent_agrees: Sequence[str] = (),
    by: str = guarding.PUBLIC_ACTOR, day: datetime.date | None = None,
) -> tuple[PanelContact, str]:  # fmt: skip
    """Somebody applies. Returns the contact and the end of their private address, which is told once.

    Raises InputError outside the call or the ages it is for, for a band it does not know, and where nobody who may has agreed that
    details are kept: under 13 that is somebody with parental responsibility, and nobody else.
    """
    today = day or timezone.localdate()
    held = Panel.objects.select_for_update().get(pk=panel.pk)
    _refuse_applicant(held, name, email or phone, age, bands, today)
    token, digest = made()
    text = guarding.take(kind="application", content=why, about=held.subject_id, by=by) if why.strip() else None
    contact = PanelContact.objects.create(
        pk=PanelContact.fresh(), panel=held, name=" ".join(name.split()), email=email.strip(), phone=phone.strip(), age=age,
        applied_on=today, bands=dict(bands), why=text, token=digest,
        keep_until=(held.closes_on or today) + datetime.timedelta(days=words()["keep"]["member"]),
    )  # fmt: skip
    for to in agrees:
        _agree(contact, "person", to, None, _("on the form"), today)
    for to in parent_agrees if parent else ():
        _agree(contact, PARENT, to, parent, _("on the form"), today)
    if still := missing_data(age, held_by(contact)):
        raise InputError(still[0])
    record(verb="convene.panel-apply", by=by, about=[held])
    forget_on(contact.keep_until)
    write(
        contact.email, _("Your application to the panel"),
        _("Thank you. Your private page: %(address)s") % {"address": full(reverse("panel_mine", args=[token]))},
    )  # fmt: skip
    return contact, token


def _refuse_applicant(
    panel: Panel, name: str, reach: str, age: int | None, bands: Mapping[str, str], day: datetime.date
) -> None:
    if panel.frozen() or not Panel.objects.calling(day).filter(pk=panel.pk).exists():
        raise ConflictError(said("This panel does not take applications today."))
    if not name.strip() or not reach.strip():
        raise InputError(said("Tell us your name, and an e-mail address or a telephone number."))
    if panel.sort == Panel.YOUNG and age is None:
        raise InputError(said("Tell us how old you are."))
    if age is not None and not panel.youngest <= age <= (panel.oldest or 110):
        raise InputError(
            said(
                "This panel is for people from %(youngest)s to %(oldest)s.",
                youngest=panel.youngest,
                oldest=panel.oldest or 110,
            )
        )
    pool_of({1: bands}, quotas_in(panel.quotas), 1)


def _agree(
    contact: PanelContact, by_whom: str, to: str, parent: Parent | None, how: str, on: datetime.date
) -> PanelAgreement:
    if problem := may_agree(contact.age, by_whom, to):
        raise InputError(problem)
    if by_whom == PARENT and parent is None:
        raise InputError(said("Say who holds parental responsibility."))
    if parent is not None and (
        not parent.name.strip() or parent.capacity not in words()["capacities"]
        or (parent.capacity == "local authority" and not parent.authority.strip())
    ):  # fmt: skip
        raise InputError(
            said("Say who holds parental responsibility, in which capacity, and for a local authority which one.")
        )
    own = (
        {"name": parent.name, "reach": parent.reach, "capacity": parent.capacity, "authority": parent.authority}
        if parent
        else {}
    )
    return PanelAgreement.objects.create(
        pk=PanelAgreement.fresh(),
        contact=contact,
        by_whom=by_whom,
        to=to,
        wording=words()["wording"],
        how=how,
        on=on,
        **own,
    )


@transaction.atomic
def agree(
    *, by: str, contact: PanelContact, by_whom: str, to: str, how: str, parent: Parent | None = None,
    on: datetime.date | None = None,
) -> PanelAgreement:  # fmt: skip
    """Record an agreement with how it was given. Raises InputError for one that this person cannot give."""
    made_ = _agree(contact, by_whom, to, parent, how, on or timezone.localdate())
    record(verb="convene.panel-agree", by=by, about=[contact.panel_id], payload={"to": to, "by": by_whom})
    return made_


@transaction.atomic
def take_back(*, by: str, contact: PanelContact, to: str) -> None:
    """Take agreements back. Without the one to taking part nobody stays a member."""
    contact.agreements.filter(to=to, withdrawn_on=None).update(withdrawn_on=timezone.localdate())
    if contact.state == "member":
        contact.state = "left"
        contact.save(update_fields=["state"])
    record(verb="convene.panel-take-back", by=by, about=[contact.panel_id], payload={"to": to})


def held_by(contact: PanelContact) -> set[tuple[str, str]]:
    """Who agreed to what and has not taken it back."""
    return set(contact.agreements.filter(withdrawn_on=None).values_list("by_whom", "to"))


@transaction.atomic
def invite(*, by: str, contact: PanelContact) -> PanelContact:
    """Invite somebody who was drawn. Raises ConflictError for who was not, InputError for what is still to be agreed."""
    held = PanelContact.objects.select_for_update().select_related("panel").get(pk=contact.pk)
    drawn = held.state == "drawn"
    if not drawn and not (held.state == "applied" and everybody_fits(held.panel)):
        raise ConflictError(
            said("This person was not drawn; a panel with more applicants than places is drawn by lot.")
        )
    if still := missing(held.age, held_by(held)):
        raise InputError(still[0])
    held.state, held.invited_on = "member", timezone.localdate()
    held.save(update_fields=["state", "invited_on"])
    record(verb="convene.panel-invite", by=by, about=[held.panel_id])
    body = _("You are invited to the panel: %(title)s. We will write to you about the first meeting.")
    write(held.email, _("You are invited to the panel"), body % {"title": held.panel.title})
    return held


def everybody_fits(panel: Panel) -> bool:
    """Whether the call is over and there are places enough for all, so that nothing is to be drawn."""
    over = panel.closes_on is not None and panel.closes_on < timezone.localdate()
    return over and panel.frozen() is None and panel.contacts.count() <= panel.places


def forget_on(day: datetime.date) -> None:
    """Ask for the forgetting that is due on the day after."""
    after = day + datetime.timedelta(days=1)
    enqueue(
        kind="convene.forget", by="rule:retention", key=f"convene.forget:{after}",
        not_before=timezone.make_aware(datetime.datetime.combine(after, datetime.time(3))),
    )  # fmt: skip
