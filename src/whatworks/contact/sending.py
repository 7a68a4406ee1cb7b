"""An edition goes out: letters are laid out, taken in small lots, handed to the mail server one by one, each written down at once.

What is promised: no letter is lost, and none goes to somebody who may not be written to at the moment its lot is taken. A
worker that dies leaves at most one letter of which nobody can know whether the mail server had taken it. That one goes again,
with the same Message-ID, so that mail programs and lists show it once: at least once, and twice at most for that one.
"""

from __future__ import annotations

import datetime
import hashlib
import smtplib
import time
import uuid
from typing import Any

from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone

from whatworks.contact.composing import Composed, composed, followed, letter_to
from whatworks.contact.consenting import known_of
from whatworks.contact.joining import UnsentError
from whatworks.contact.methods.deciding import HARD, SOFT, Known, may_write
from whatworks.contact.models import Bounce, Edition, MailingList, SentLetter
from whatworks.saying import said

LOT = 50  # letters that one worker takes at once
LONGEST = 60.0  # seconds that a lot may take; what is left of it then goes back
LASTING = datetime.timedelta(minutes=5)  # before another worker takes the job for abandoned: longer than any lot
GONE = {550, 551, 553, 521, 556}  # answers to an address that say that it is not there


def deliver(edition: Edition) -> int:
    """Send one lot over one connection. Returns how many were handed over.

    Raises UnsentError where the mail server cannot be reached; what was taken is put back first.
    """
    SentLetter.objects.filter(edition=edition, state__in=[SentLetter.TAKEN, SentLetter.GOING]).update(
        state=SentLetter.WAITING, claim=""
    )  # whoever took them is gone: the job is ours now
    lot = _Lot(edition)
    try:
        return lot.deliver()
    finally:
        lot.put_back()


class _Lot:
    """Some letters that one worker took, and the connection over which they go."""

    def __init__(self, edition: Edition) -> None:
        self.edition, self.claim = edition, uuid.uuid4().hex
        waiting = SentLetter.objects.filter(edition=edition, state=SentLetter.WAITING).order_by("pk")
        keys = list(waiting.values_list("pk", flat=True)[:LOT])
        SentLetter.objects.filter(pk__in=keys, state=SentLetter.WAITING).update(
            state=SentLetter.TAKEN, claim=self.claim
        )
        self.mine = SentLetter.objects.filter(claim=self.claim)
        self.connection = get_connection()
        self.whole: Composed | None = None

    def put_back(self) -> None:
        """What did not go goes back into the line."""
        self.mine.filter(state=SentLetter.TAKEN).update(state=SentLetter.WAITING, claim="")

    def deliver(self) -> int:
        letters = list(self.mine.select_related("contact").order_by("pk"))
        if not letters:
            return 0
        known, sent, begun = known_of([one.contact for one in letters]), 0, time.monotonic()
        self._open()
        try:
            for letter in letters:
                if time.monotonic() - begun > LONGEST:
                    break
                sent += self._send(letter, known[letter.contact_id])
        finally:
            self._close()
        return sent

    def _open(self) -> None:
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise UnsentError(
                said("The mail server cannot be reached. What did not go waits; go on when the server is there again.")
            ) from error

    def _close(self) -> None:
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            return  # it had hung up: every letter is written down already

    def _send(self, letter: SentLetter, known: Known) -> bool:
        """One letter: may it go, is it still ours, hand it over, write it down."""
        answer = may_write(known, self.edition.mailing_list_id, timezone.now())
        if not answer.may:
            self.mine.filter(pk=letter.pk, state=SentLetter.TAKEN).update(
                state=SentLetter.DROPPED, why=str(answer.reason)[:200]
            )
            return False
        going = {"state": SentLetter.GOING, "tries": F("tries") + 1, "consent_id": answer.rests_on}
        if not self.mine.filter(pk=letter.pk, state=SentLetter.TAKEN).update(**going):
            return False  # somebody else has it
        message = letter_to(letter, self._composed(letter), self.edition.mailing_list)
        try:
            self._hand_over(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = refused.recipients.get(message.to[0], (0, b""))
            self._refused(letter, code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))
            return False
        except smtplib.SMTPResponseException as refused:
            self._refused(letter, refused.smtp_code, "", of_address=False)
            return False
        self.mine.filter(pk=letter.pk).update(state=SentLetter.SENT, sent_at=timezone.now(), why="")
        return True

    def _hand_over(self, message: Any) -> None:
        """Once more over a new connection where the first hung up: under the same Message-ID, if it had been taken."""
        try:
            self.connection.send_messages([message])
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError, TimeoutError):
            self._close()
            self._open()
            try:
                self.connection.send_messages([message])
            except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError) as error:
                raise UnsentError(
                    said("The mail server hangs up. What did not go waits; go on when the server is there again.")
                ) from error

    def _refused(self, letter: SentLetter, code: int, words: str, *, of_address: bool = True) -> None:
        """What the server said of one letter: an address that is gone is remembered, whatever else is told."""
        why = f"for now: {code}" if 400 <= code < 500 else f"refused: {code}"
        self.mine.filter(pk=letter.pk).update(state=SentLetter.FAILED, why=why)
        if not of_address:
            return
        digest = hashlib.sha256(f"{letter.pk} {letter.tries} {code}".encode()).hexdigest()
        Bounce.objects.get_or_create(
            digest=digest,
            defaults={
                "id": Bounce.fresh(), "contact_id": letter.contact_id, "letter": letter, "status": str(code),
                "sort": HARD if code in GONE else SOFT, "address": letter.contact.email, "words": words[:300],
                "at": timezone.now(),
            },
        )  # fmt: skip

    def _composed(self, letter: SentLetter) -> Composed:
        if self.edition.mailing_list.sort == MailingList.ALERTS:
            about = set(letter.contact.follows.values_list("about", flat=True))
            return composed(followed(self.edition.content, about), self.edition.mailing_list)
        if self.whole is None:
            self.whole = composed(self.edition.content, self.edition.mailing_list)
        return self.whole
