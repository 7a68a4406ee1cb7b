"""An old list: sorted with reasons, nothing lost, nobody brought back who said no; who is here twice; what is held, and erasure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.integration.contact.made import a_list, agreed
from whatworks.contact.bouncing import take_bounces
from whatworks.contact.consenting import answer_for, leave, object_to_all
from whatworks.contact.duplicates import suggested
from whatworks.contact.held import erase_contact, held_of
from whatworks.contact.importing import preview, save_import
from whatworks.contact.knowing import add_contact, end_tie, merge, note, part, tie
from whatworks.contact.models import (
    Bounce,
    ConsentRow,
    Contact,
    ContactImport,
    ContactTie,
    ImportLine,
    Interaction,
    MailingList,
)
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Payload
from whatworks.ledger.verification import verify

pytestmark = pytest.mark.django_db

LIST = """email,name,organisation,role,subscriber,basis,consent on,wording,source,collected_on,opt_out_offered,directly,status,shoe size
confirmed@fernshire.example,A reader,,,individual,consent,2025-05-01,form 2,paper form,,,,,42
noday@fernshire.example,,,,individual,consent,,form 2,paper form,,,,,
officer@mereton.gov.uk,An officer,Mereton Council,team manager,,corporate,,,the council's page,,,,,
soft@fernshire.example,,,,individual,charity-soft-opt-in,,,open day,2026-02-05,yes,yes,,
early@fernshire.example,,,,individual,charity-soft-opt-in,,,open day,2026-02-04,yes,yes,,
private@gmail.com,,,,,corporate,,,a list,,,,,
nothing@fernshire.example,,,,,,,,,,,,,
gone@fernshire.example,,,,individual,consent,2025-05-01,form 2,paper form,,,,unsubscribed,
no@fernshire.example,,,,,,,,,,,,objected,
here@fernshire.example,,,,individual,consent,2025-05-01,form 2,paper form,,,,,
not an address,Somebody,,,,,,,,,,,,
"""


@pytest.fixture
def newsletter() -> MailingList:
    return a_list()


def bring(newsletter: MailingList, text: str = LIST) -> ContactImport:
    return preview(by="usr:t", mailing_list=newsletter, filename="old.csv", content=text.encode())


def test_each_line_is_sorted_with_its_reason_and_nothing_is_saved_before_somebody_looked(
    newsletter: MailingList,
) -> None:
    here = add_contact(by="usr:t", email="here@fernshire.example")
    leave(by="reader", contact=here, mailing_list=newsletter, source="a link")
    held = bring(newsletter)
    assert Contact.objects.count() == 1 and ConsentRow.objects.count() == 1
    found = {line.given["email"].partition("@")[0]: (line.verdict, line.reason) for line in held.lines.all()}
    assert {name: verdict for name, (verdict, _) in found.items()} == {
        "confirmed": "may", "noday": "must ask", "officer": "may", "soft": "may", "early": "must ask", "private": "may not",
        "nothing": "must ask", "gone": "may not", "no": "may not", "here": "may not", "not an address": "may not",
    }  # fmt: skip
    assert "5 February 2026" in found["early"][1] and "left on" in found["here"][1]
    assert all(reason for _, reason in found.values())


def test_what_is_saved_is_what_was_sorted_and_every_cell_is_kept(newsletter: MailingList) -> None:
    held = bring(newsletter)
    counted = save_import(by="usr:t", origin=held)
    assert counted == {"lines": 11, "new": 10, "known": 0, "consents": 8, "without an address": 1}
    for line in held.lines.exclude(contact=None).select_related("contact"):
        assert answer_for(line.contact, newsletter).verdict == line.verdict, line.address
    assert held.lines.get(number=2).given["shoe_size"] == "42"
    assert held.lines.get(number=12).given["name"] == "Somebody"
    officer = Contact.objects.get(email="officer@mereton.gov.uk")
    assert (officer.ties.get().role, officer.ties.get().body.name) == ("team manager", "Mereton Council")
    row = ConsentRow.objects.get(contact=officer)
    assert row.evidence == {"import": held.pk, "line": 4} and row.subscriber == "corporate"
    with pytest.raises(ConflictError, match="saved already"):
        save_import(by="usr:t", origin=held)
    with pytest.raises(ConflictError, match="very file"):
        bring(newsletter)


def test_the_day_of_the_saving_counts_not_that_of_the_preview(newsletter: MailingList) -> None:
    contact = add_contact(by="usr:t", email="confirmed@fernshire.example")
    held = bring(newsletter)
    assert held.lines.get(number=2).verdict == "may"
    leave(by="reader", contact=contact, mailing_list=newsletter, source="a link")
    save_import(by="usr:t", origin=held)
    assert held.lines.get(number=2).verdict == "may not" and not answer_for(contact, newsletter).may


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nJo\n", "no column"),
        ("email,email\na,b\n", "same name"),
        ("email,name\na@b.example\n", "Line 2 has 1 cells"),
    ],
)
def test_a_list_that_cannot_be_read_says_where(newsletter: MailingList, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        bring(newsletter, text)
    with pytest.raises(InputError, match="UTF-8"):
        preview(by="usr:t", mailing_list=newsletter, filename="x", content=b"\xff\xfe")


def test_who_may_be_here_twice_is_suggested_merged_and_parted() -> None:
    first = add_contact(by="usr:t", name="Zoë Example", email="zoe.example+news@gmail.com")
    second = add_contact(by="usr:t", name="Example, Zoe", email="zoeexample@googlemail.com")
    add_contact(by="usr:t", name="Somebody Else", email="zoe@fernshire.example")
    (pair,) = suggested()
    assert {pair.first.pk, pair.second.pk} == {first.pk, second.pk} and str(pair.reason) == "Two forms of one mailbox."
    note(by="usr:t", contact=second, sort="call", on=first.made_at.date(), what="Asked for the plan.")
    merged = merge(by="usr:t", kept=first, gone=second)
    assert suggested() == [] and Contact.objects.at(second.email) == first
    assert [one["what"] for one in held_of(first)["interactions"]] == ["Asked for the plan."]
    with pytest.raises(ConflictError, match="merged into another"):
        merge(by="usr:t", kept=second, gone=first)
    part(by="usr:t", merged=merged)
    assert Contact.objects.at(second.email).kept().pk == second.pk and Interaction.objects.get().contact_id == second.pk  # type: ignore[union-attr]
    assert suggested() == []  # a person said that they are two


def known_everywhere(newsletter: MailingList) -> Contact:
    """Somebody of whom there is a row of every kind."""
    save_import(
        by="usr:t",
        origin=bring(newsletter, "email,name,secret\nSecret.Reader@fernshire.example,Secret Reader,secret cell\n"),
    )
    contact = Contact.objects.get(email="secret.reader@fernshire.example")
    body = add_contact(by="usr:t", name="Mereton Council", sort="body")
    tied = tie(
        by="usr:t", contact=contact, role="secret role", body=body, began=contact.made_at.date(), source="secret source"
    )
    end_tie(by="usr:t", tied=tied, ended=contact.made_at.date())
    note(by="usr:t", contact=contact, sort="meeting", on=contact.made_at.date(), what="Said a secret.")
    agreed(contact, newsletter, source="secret form", evidence={"network_address": "secret"})
    Bounce.objects.create(
        id=Bounce.fresh(),
        contact=contact,
        sort="soft",
        at=contact.made_at,
        address=contact.email,
        words="secret words",
        digest="1",
    )
    twin = add_contact(by="usr:t", name="Secret Twin", email="secret.twin@fernshire.example")
    merge(by="usr:t", kept=contact, gone=twin, reason="secret reason")
    object_to_all(by="usr:t", contact=contact, source="secret call")
    return contact


def everything() -> str:
    """Every cell of every table of the database, but the digests that must know an address again."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found).lower()


def test_erasure_leaves_the_counts_and_nothing_of_the_person(newsletter: MailingList) -> None:
    contact = known_everywhere(newsletter)
    models: list[Any] = [Contact, ContactTie, Interaction, ConsentRow, Bounce, ImportLine]
    before = [model.objects.count() for model in models]
    assert "secret" in everything()
    erase_contact(by="usr:t", contact=contact, reason="asked by the person")
    assert [model.objects.count() for model in models] == before
    assert "secret" not in everything()
    assert (
        not Payload.objects.filter(event__mentions__subject=contact.pk, state="held")
        .exclude(event__verb="ledger.erase")
        .exists()
    )
    assert verify().differences == []
    with pytest.raises(ConflictError, match="erased already"):
        erase_contact(by="usr:t", contact=contact, reason="again")


def test_an_old_list_does_not_bring_back_who_was_erased(newsletter: MailingList) -> None:
    contact = known_everywhere(newsletter)
    erase_contact(by="usr:t", contact=contact, reason="asked by the person")
    held = bring(
        newsletter,
        "email,name,basis,consent_on,wording,source\nsecret.READER@fernshire.example,Secret,consent,2025-01-01,1,form\n",
    )
    line = held.lines.get()
    assert line.verdict == "may not" and "erased" in line.reason and line.given == {} and line.address == ""
    save_import(by="usr:t", origin=held)
    assert not Contact.objects.filter(email__startswith="secret").exists()


def test_what_is_held_is_told_whole(newsletter: MailingList) -> None:
    contact = known_everywhere(newsletter)
    told = json.dumps(held_of(contact), default=str)
    for word in (
        "Secret Reader",
        "secret cell",
        "secret role",
        "Said a secret.",
        "secret form",
        "secret words",
        "Secret Twin",
    ):
        assert word in told, word


def test_a_bounce_is_counted_once_and_stops_the_first_time_it_is_hard(newsletter: MailingList) -> None:
    from tests.unit.contact.test_bouncing import COMPLAINT, notice

    contact = add_contact(by="usr:t", email="jo@fernshire.example")
    agreed(contact, newsletter)
    assert (
        take_bounces(by="usr:t", text=notice("failed", "5.2.2")) == {"soft": 1} and answer_for(contact, newsletter).may
    )
    assert take_bounces(by="usr:t", text=notice()) == {"hard": 1}
    assert not answer_for(contact, newsletter).may
    assert take_bounces(by="usr:t", text=notice()) == {"known": 1} and Bounce.objects.count() == 2
    stranger = COMPLAINT.replace("jo@", "stranger@")
    assert take_bounces(by="usr:t", text=stranger) == {"unknown": 1}
    with pytest.raises(InputError, match="no delivery notification"):
        take_bounces(by="usr:t", text="Hello.")
