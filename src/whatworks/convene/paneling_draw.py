"""The draw of a panel: custodians commit, the list is frozen, secrets are told, a ticket is drawn; then the bands are taken away."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets as randomness
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene.methods import lottery
from whatworks.convene.models import Panel, PanelContact, PanelDraw, PanelFreeze, PanelList, PanelParty
from whatworks.convene.panel_words import words
from whatworks.convene.paneling import forget_on, quotas_in
from whatworks.convene.private_addresses import write
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.stats.lot import Lot


@transaction.atomic
def commit(*, by: str, panel: Panel, name: str, commitment: str) -> PanelParty:
    """A custodian publishes the digest of a secret. Raises ConflictError after the freeze, InputError for what is no such digest."""
    held = _locked(panel)
    if held.frozen():
        raise ConflictError(said("The list is frozen; nobody can commit after that."))
    told, digest = " ".join(name.split()), commitment.strip()
    if not told or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise InputError(said("A commitment is a name and a SHA-256 in 64 small hexadecimal digits."))
    if held.parties.filter(name=told).exists() or held.parties.filter(commitment=digest).exists():
        raise ConflictError(said("%(name)s, or this secret, has committed already.", name=told))
    number = held.parties.count() + 1
    made = PanelParty.objects.create(
        pk=PanelParty.derived(held.pk, number), panel=held, number=number, name=told, commitment=digest, by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(verb="convene.panel-commit", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def freeze(*, by: str, panel: Panel) -> PanelFreeze:
    """Number the applicants by lot and fix the list and its lottery. Raises InputError where the quotas allow no panel, saying why."""
    held = _locked(panel)
    if held.frozen():
        raise ConflictError(said("The list was frozen already; it is frozen once."))
    if held.closes_on is None or held.closes_on >= timezone.localdate():
        raise ConflictError(said("The call is still open; the list is frozen after its last day."))
    salt = randomness.token_hex(32)
    contacts = list(held.contacts.filter(state="applied").order_by("pk"))
    if len(contacts) <= held.places:
        raise ConflictError(
            said("There are places for all %(n)s who applied; nothing is to be drawn.", n=len(contacts))
        )
    for number, contact in enumerate(Lot(randomness.token_hex(32)).shuffled(contacts), 1):
        contact.number = number
    applicants = {contact.number: contact.bands for contact in contacts}
    found = lottery.freeze(
        applicants, quotas_in(held.quotas), held.places, salt=salt, parties=_parties(held), at=_now()
    )
    PanelContact.objects.bulk_update(contacts, ["number"], batch_size=200)
    made = PanelFreeze.objects.create(
        pk=PanelFreeze.derived(held.pk), panel=held, published=found.published, seal=found.published["seal"], by=by,
        at=timezone.now(),
    )  # fmt: skip
    PanelList.objects.create(pk=PanelList.fresh(), freeze=made, content=found.listed)
    record(verb="convene.panel-freeze", by=by, about=[held], made=[made])
    return made


@transaction.atomic
def draw(*, by: str, panel: Panel, secrets: Mapping[str, str]) -> PanelDraw:
    """Draw the ticket that the secrets give; tell everybody; take the bands away. Raises InputError for a secret that is another."""
    held = _locked(panel)
    if held.drawn():
        raise ConflictError(said("This panel was drawn already; a draw is made once."))
    frozen = held.frozen()
    if frozen is None:
        raise ConflictError(said("The list is not frozen yet; freeze it before the draw."))
    found = lottery.draw(frozen.published, frozen.listed.content, secrets, at=_now())
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    made: PanelDraw = PanelDraw.objects.register(
        PanelDraw.derived(held.pk), panel=held, document=text, digest=hashlib.sha256(text.encode()).hexdigest(), by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(verb="convene.panel-draw", by=by, about=[held], made=[made])
    _tell(held, set(found["panel"]))
    frozen.listed.delete()
    return made


def _tell(panel: Panel, numbers: set[int]) -> None:
    """Everybody is told, whoever is not drawn is offered another way in, and nobody's bands stay."""
    last = timezone.localdate() + datetime.timedelta(days=words()["keep"]["not_drawn"])
    for contact in panel.contacts.all():
        contact.bands = {}
        if contact.number in numbers:
            contact.state = "drawn"
            body = _("You were drawn for the panel “%(title)s”. We will be in touch about what is still to be agreed.")
        else:
            contact.state, contact.keep_until = "not drawn", last
            body = _("You were not drawn for the panel “%(title)s” this time. You can still take part:\n\n%(ways)s")
        contact.save(update_fields=["bands", "state", "keep_until"])
        write(contact.email, _("The draw of the panel"), body % {"title": panel.title, "ways": panel.other_ways})
    forget_on(last)


def _parties(panel: Panel) -> list[dict[str, str]]:
    return [
        {"name": one.name, "commitment": one.commitment, "at": _moment(one.at)}
        for one in panel.parties.order_by("number")
    ]


def _locked(panel: Panel) -> Panel:
    held: Panel = Panel.objects.select_for_update().get(pk=panel.pk)
    return held


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> str:
    return _moment(timezone.now())
