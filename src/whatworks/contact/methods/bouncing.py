"""What mail servers answer about letters: delivery status notifications (RFC 3464) and complaints (RFC 5965)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from whatworks.contact.methods.addresses import tidy
from whatworks.contact.methods.deciding import COMPLAINT, HARD, SOFT

STARTS = re.compile(r"^From .*$", re.MULTILINE)  # of each letter in a mailbox file (RFC 4155)
STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
OWN = re.compile(r"<(msg-[0-9a-z]{6,16})@[^>\s]+>")
FOR_NOW = {
    "5.2.2",
    "5.3.1",
    "5.3.4",
    "5.4.5",
    "5.7.1",
}  # full, too busy, too large, refused by policy: the address is there


@dataclass(frozen=True, slots=True)
class Told:
    """One answer about one address. `message` is the identifier of our letter, where the answer quotes it."""

    sort: str
    address: str
    status: str
    message: str
    words: str


def answers_in(text: str) -> Iterator[Told]:
    """Every answer in a letter or a mailbox file. What is none is passed over."""
    for one in _letters(text):
        yield from _of(email.message_from_string(one, policy=email.policy.compat32))


def _letters(text: str) -> Iterator[str]:
    text = text.replace("\r\n", "\n")
    if not text.startswith("From "):
        yield text
        return
    yield from (part.lstrip("\n") for part in STARTS.split(text) if part.strip())


def _of(letter: Message) -> Iterator[Told]:
    quoted = OWN.search(letter.as_string())
    message = quoted[1] if quoted else ""
    for part in letter.walk():
        sort = part.get_content_type()
        if sort == "message/feedback-report":
            yield _complaint(part, letter, message)
        elif sort == "message/delivery-status":
            yield from _failures(part, message)


def _complaint(part: Message, letter: Message, message: str) -> Told:
    fields = email.message_from_string(_text_of(part))
    address = _bare(fields.get("Original-Rcpt-To", ""))
    return Told(COMPLAINT, address, "", message, str(fields.get("Feedback-Type", ""))[:100])


def _failures(part: Message, message: str) -> Iterator[Told]:
    """Each recipient of a notification that failed, or is late for now."""
    held = part.get_payload()
    blocks = held if isinstance(held, list) else []
    for block in blocks:
        if not isinstance(block, Message) or "Final-Recipient" not in block:
            continue
        action = str(block.get("Action", "")).strip().casefold()
        found = STATUS.search(str(block.get("Status", "")))
        status = found[0] if found else ""
        if action == "delivered" or status.startswith("2") or action not in ("failed", "delayed"):
            continue
        hard = action == "failed" and status.startswith("5") and status not in FOR_NOW
        address = _bare(str(block.get("Original-Recipient") or block["Final-Recipient"]))
        words = " ".join(str(block.get("Diagnostic-Code", "")).split())[:300]
        yield Told(HARD if hard else SOFT, address, status, message, words)


def _bare(text: str) -> str:
    return tidy(text.rpartition(";")[2].strip().strip("<>"))


def _text_of(part: Message) -> str:
    held = part.get_payload()
    if isinstance(held, list):
        return "\n".join(str(one) for one in held)
    return str(held)
