"""What mail servers answer, as they write it."""

from __future__ import annotations

from whatworks.contact.methods.bouncing import Told, answers_in

NOTICE = """From: MAILER-DAEMON@mail.fernshire.example
To: news@centre.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.fernshire.example

Final-Recipient: rfc822; jo@fernshire.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <jo@fernshire.example>:
 user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: <msg-0123456789bc@centre.example>
Subject: What is new

--b--
"""
COMPLAINT = """From: feedback@mail.fernshire.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A reader reported this.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
Version: 1
Original-Rcpt-To: <jo@fernshire.example>

--b
Content-Type: message/rfc822

Message-ID: <msg-0123456789bc@centre.example>
Subject: What is new

Words.

--b--
"""


def notice(action: str = "failed", status: str = "5.1.1") -> str:
    return NOTICE.format(action=action, status=status)


def test_an_address_that_is_gone() -> None:
    (found,) = answers_in(notice())
    assert found == Told(
        "hard",
        "jo@fernshire.example",
        "5.1.1",
        "msg-0123456789bc",
        "smtp; 550 5.1.1 <jo@fernshire.example>: user unknown",
    )


def test_one_that_is_full_or_late_is_there() -> None:
    for action, status in (("failed", "5.2.2"), ("failed", "4.4.7"), ("delayed", "4.4.1"), ("failed", "5.7.1")):
        assert [one.sort for one in answers_in(notice(action, status))] == ["soft"], status


def test_what_arrived_is_no_bounce() -> None:
    assert list(answers_in(notice("delivered", "2.0.0"))) == []
    assert list(answers_in("Subject: I am away\n\nUntil Monday.\n")) == []


def test_a_complaint() -> None:
    (found,) = answers_in(COMPLAINT)
    assert (found.sort, found.address, found.message) == ("complaint", "jo@fernshire.example", "msg-0123456789bc")


def test_a_mailbox_of_many() -> None:
    mailbox = "".join(
        f"From MAILER-DAEMON Mon Feb  9 10:00:00 2026\n{one}\n"
        for one in (notice(), COMPLAINT, notice("failed", "4.2.2"))
    )
    assert [one.sort for one in answers_in(mailbox)] == ["hard", "complaint", "soft"]
    assert [one.sort for one in answers_in(mailbox.replace("\n", "\r\n"))] == ["hard", "complaint", "soft"]
