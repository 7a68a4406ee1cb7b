"""Letters about an enquiry: ours are sent when the day's work is safely kept, theirs wait at the private address."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.convene.guarding import PUBLIC_ACTOR, take
from whatworks.convene.models import Enquiry, Letter
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said

MOST = 20_000


def private_address(enquiry: Enquiry) -> str:
    """Where whoever asked sees how it stands. It is as good as a key: it goes to nobody else."""
    return settings.BASE_URL + reverse("enquiry_mine", args=[enquiry.text.token])


@transaction.atomic
def write(*, enquiry: Enquiry, by: str, words: str) -> Letter:
    """Keep a letter of ours, and send it where there is an e-mail address; else it is read at the private address."""
    told = words.replace("\r\n", "\n").strip()
    if not told or len(told) > MOST:
        raise InputError(said("A letter has words, and at most %(most)s characters.", most=MOST))
    letter = Letter.objects.create(
        pk=Letter.fresh(), enquiry=enquiry, ours=True, content=told, state="kept", at=timezone.now(), by=by
    )
    if enquiry.text.reply_to:
        transaction.on_commit(lambda: send(letter))
    return letter


def send(letter: Letter) -> Letter:
    """Send a letter by e-mail, and keep whether it went. One that failed can be sent again; one that went is not."""
    letter.refresh_from_db()
    to = letter.enquiry.text.reply_to
    if letter.state not in ("kept", "failed") or not letter.ours or not to:
        raise ConflictError(said("This letter is not waiting to be sent; it is “%(state)s”.", state=letter.state))
    message = EmailMessage(_("Your question %(n)s") % {"n": letter.enquiry_id}, _body(letter), to=[to])
    try:
        message.send()
    except (OSError, SMTPException):
        letter.state = "failed"
    else:
        letter.state = "sent"
    with transaction.atomic():
        letter.save(update_fields=["state"])
        record(verb=f"convene.letter-{letter.state}", by=letter.by, about=[letter.enquiry])
    return letter


def _body(letter: Letter) -> str:
    end = _(
        "See where your question stands, answer us, or delete what you wrote:\n%(address)s\n\n"
        "This address is yours alone; whoever has it can do the same. We do not watch this all day and cannot act on a "
        "case. If a child is in danger call 999; Childline 0800 1111; NSPCC 0808 800 5000."
    ) % {"address": private_address(letter.enquiry)}
    return f"{letter.content}\n\n{end}\n"


@transaction.atomic
def keep_theirs(*, enquiry: Enquiry, words: str, apart: bool) -> Letter:
    """Keep what somebody wrote back, guarded like every text of the public."""
    text = take(kind="letter", content=words, about=enquiry.pk, apart=apart)
    return Letter.objects.create(
        pk=Letter.fresh(), enquiry=enquiry, ours=False, text=text, state="kept", at=text.made_at, by=PUBLIC_ACTOR
    )
