"""Lists and people for the tests of this room."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from whatworks.contact.consenting import keep
from whatworks.contact.editing import approve_edition, begin_edition, open_list, write_edition
from whatworks.contact.knowing import add_contact
from whatworks.contact.methods.deciding import CONSENT, GIVEN, INDIVIDUAL
from whatworks.contact.models import ConsentRow, Contact, Edition, MailingList


def a_list(title: str = "Newsletter of Fernshire") -> MailingList:
    """An open list, made up."""
    return open_list(by="usr:t", title=title, plain="What is new in Fernshire, once a month.")


def agreed(contact: Contact, mailing_list: MailingList, **told: Any) -> ConsentRow:
    """That somebody confirmed from their inbox, a while ago."""
    whole: dict[str, Any] = {
        "act": GIVEN, "at": timezone.now() - datetime.timedelta(days=3), "basis": CONSENT, "subscriber": INDIVIDUAL,
        "address": contact.email, "source": "sign-up page", "wording": "newsletter-1", "clicked": True,
    }  # fmt: skip
    return keep(by="reader", contact=contact, mailing_list=mailing_list, **(whole | told))


def readers(mailing_list: MailingList, number: int) -> list[Contact]:
    """People who confirmed."""
    made = [add_contact(by="usr:t", email=f"reader{n:05}@fernshire.example") for n in range(number)]
    for one in made:
        agreed(one, mailing_list)
    return made


def approved(mailing_list: MailingList, title: str = "What is new") -> Edition:
    """An edition, written by one, approved by another."""
    edition = begin_edition(by="usr:writer", mailing_list=mailing_list, title=title)
    write_edition(
        by="usr:writer", edition=edition, title=title, opening="Good *morning*, see [our pages](/evidence/).", closing="",
        since=timezone.now() - datetime.timedelta(days=30), chosen=["news"],
    )  # fmt: skip
    return approve_edition(by="usr:approver", edition=edition)
