"""An old list comes in: looked at line by line first, saved when a person says so, with every line kept as it was."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.contact.consenting import keep, known_of
from whatworks.contact.held import suppressed
from whatworks.contact.knowing import add_contact, tie
from whatworks.contact.methods.addresses import tidy
from whatworks.contact.methods.deciding import MAY_NOT, Answer
from whatworks.contact.methods.sorting import Line, read_list, sort_line
from whatworks.contact.models import Contact, ContactImport, ImportLine, MailingList
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record_node
from whatworks.saying import said


@transaction.atomic
def preview(*, by: str, mailing_list: MailingList, filename: str, content: bytes) -> ContactImport:
    """Take a list in to be looked at: nobody becomes a contact yet. The same file for the same list is the same preview.

    Raises InputError where it cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(said("The file is not a CSV in UTF-8; save it so and bring it again.")) from error
    sha256 = hashlib.sha256(content).hexdigest()
    if held := ContactImport.objects.filter(sha256=sha256, mailing_list=mailing_list).first():
        if held.saved_at:
            raise ConflictError(said("This very file was saved already, as %(origin)s.", origin=held.pk))
        held.delete()
    rows = read_list(text)
    made = ContactImport.objects.create(
        id=ContactImport.fresh(),
        mailing_list=mailing_list,
        filename=filename[:200],
        sha256=sha256,
        by=by,
        at=timezone.now(),
    )
    lines = [
        ImportLine(
            id=ImportLine.fresh(), origin=made, number=one.number, given=one.given, address=one.address,
            verdict=one.answer.verdict, reason=str(one.answer.reason), notes=one.notes,
        )
        for one in _sorted(rows, mailing_list)
    ]  # fmt: skip
    ImportLine.objects.bulk_create(lines, batch_size=200)
    record_node(verb="contact.import-read", by=by, payload={"import": made.pk, "lines": len(lines)})
    return made


def _sorted(rows: list[tuple[int, dict[str, str]]], mailing_list: MailingList) -> list[Line]:
    """Each line with its answer. An address that stands twice is judged once; later lines add what they say to the first."""
    now = timezone.localtime()  # a day in the list begins here
    addresses = [address for _, given in rows if (address := tidy(given.get("email", "")))]
    here = _here(addresses)
    known = known_of(set(here.values()))
    gone, seen, found = suppressed(addresses), set(), []
    for number, given in rows:
        address = tidy(given.get("email", ""))
        contact = here.get(address)
        line = sort_line(number, given, mailing_list.pk, now, known[contact.pk] if contact else None)
        if address in gone:
            answer = Answer(MAY_NOT, said("This person asked to be erased; they are not taken in again."))
            line = Line(number, {}, "", None, answer, [])
        elif address and address in seen:
            line.notes.append(str(said("The same address stands in an earlier line.")))
        seen.add(address)
        found.append(line)
    return found


def _here(addresses: list[str]) -> dict[str, Contact]:
    """Who is here already, by address."""
    found: dict[str, Contact] = {}
    for at in range(0, len(addresses), 500):
        rows = Contact.objects.filter(email__in=addresses[at : at + 500], erased_at=None).select_related("merged_into")
        found |= {one.email: one.kept() for one in rows}
    return found


@transaction.atomic
def save_import(*, by: str, origin: ContactImport) -> dict[str, int]:
    """Make contacts of the lines that have an address, with what each says on consent. Returns how many of what.

    Raises ConflictError where that was done already. Every line is judged anew: people may have left since the preview.
    """
    held = ContactImport.objects.select_for_update().select_related("mailing_list").get(pk=origin.pk)
    if held.saved_at:
        raise ConflictError(said("This list is saved already."))
    counted = {"lines": 0, "new": 0, "known": 0, "consents": 0, "without an address": 0}
    rows = list(held.lines.order_by("number"))
    judged = {one.number: one for one in _sorted([(one.number, one.given) for one in rows], held.mailing_list)}
    for row in rows:
        line = judged[row.number]
        counted["lines"] += 1
        row.verdict, row.reason, row.notes = line.answer.verdict, str(line.answer.reason), line.notes
        if line.address:
            contact, new = _contact(by, line)
            counted["new" if new else "known"] += 1
            counted["consents"] += _consent(by, held, line, contact)
            row.contact = contact
        else:
            counted["without an address"] += 1
        row.save(update_fields=["verdict", "reason", "notes", "contact"])
    held.saved_at = timezone.now()
    held.save(update_fields=["saved_at"])
    record_node(verb="contact.import-saved", by=by, payload={"import": held.pk, "counted": counted})
    return counted


def _contact(by: str, line: Line) -> tuple[Contact, bool]:
    held = Contact.objects.at(line.address)
    if held is not None:
        return held, False
    made = add_contact(by=by, name=line.given.get("name", "")[:200], email=line.address)
    role, body = line.given.get("role", "")[:160], line.given.get("organisation", "")[:200]
    if role or body:
        tie(
            by=by,
            contact=made,
            role=role or str(said("works there")),
            body=_body(by, body),
            source=str(said("an imported list")),
        )
    return made, True


def _body(by: str, name: str) -> Contact | None:
    told = " ".join(name.split())
    if not told:
        return None
    held = Contact.objects.standing().filter(sort=Contact.BODY, name__iexact=told).order_by("pk").first()
    return held or add_contact(by=by, name=told, sort=Contact.BODY)


def _consent(by: str, origin: ContactImport, line: Line, contact: Contact) -> int:
    """The row that the line stands for. What it says is kept with it, so that the row can be checked against the list."""
    if line.act is None:
        return 0
    told: dict[str, Any] = {
        name: getattr(line.act, name)
        for name in (
            "basis",
            "subscriber",
            "source",
            "wording",
            "collected_on",
            "directly",
            "opt_out_offered",
            "address",
        )
    }
    keep(
        by=by, contact=contact, act=line.act.act, at=line.act.at,
        mailing_list=origin.mailing_list if line.act.mailing_list else None,
        evidence={"import": origin.pk, "line": line.number}, **told,
    )  # fmt: skip
    return 1
