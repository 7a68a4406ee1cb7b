"""An edition goes out over real SMTP: to those who may be written to, each letter with its ground, none lost, whatever dies."""

from __future__ import annotations

import datetime
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.fakes.smtp import Sink, sinking
from tests.integration.contact.made import a_list, agreed, approved, readers
from whatworks.contact import sending
from whatworks.contact.consenting import known_of, leave, object_to_all
from whatworks.contact.editing import (
    approve_edition,
    begin_edition,
    go_on,
    repeats,
    take_back,
    try_edition,
    write_edition,
)
from whatworks.contact.knowing import add_contact, merge, part
from whatworks.contact.methods.deciding import BASES, SUBSCRIBERS, may_write
from whatworks.contact.models import Bounce, Contact, Edition, MailingList, SentLetter
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.models import Job
from whatworks.ledger.verification import Report
from whatworks.ledger.work import work_off

pytestmark = pytest.mark.django_db

MIXED = int(os.environ.get("CONTACTS", "400"))  # people of mixed bases; with 10000 it takes minutes


@pytest.fixture
def post(settings: Any) -> Any:
    """Letters go to a server on this machine."""

    def through(sink: Sink) -> Sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        return sink

    return through


def sent_to(sink: Sink) -> Counter[str]:
    return Counter(recipient for recipient, _ in sink.letters)


def test_a_letter_has_what_mail_programs_and_readers_need(post: Any) -> None:
    newsletter = a_list()
    (reader,) = readers(newsletter, 1)
    with sinking() as sink:
        post(sink)
        edition = approved(newsletter)
        work_off()
    (letter,) = sink.took()
    row = SentLetter.objects.get()
    assert letter["To"] == reader.email and letter["Subject"] == "What is new"
    assert letter["Message-ID"] == row.message_id
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave_at = str(letter["List-Unsubscribe"]).replace("\n", "").replace(" ", "")
    assert leave_at.startswith("<http://127.0.0.1:8000/newsletter/leave/") and reader.email not in leave_at
    text, html = (letter.get_body((form,)).get_content() for form in ("plain", "html"))  # type: ignore[union-attr]
    assert "Good morning, see our pages (http://127.0.0.1:8000/evidence/)." in text
    assert '<em>morning</em>, see <a href="http://127.0.0.1:8000/evidence/"' in html
    assert leave_at.strip("<>") in text and leave_at.strip("<>") in html
    assert "<img" not in html and "@@" not in text + html
    edition.refresh_from_db()
    assert (edition.state, edition.number, row.state, row.consent.contact_id) == ("sent", 1, "sent", reader.pk)


def mixed(newsletter: MailingList, number: int) -> list[Contact]:
    """People with everything that could have been recorded of them, by a fixed lot."""
    lot, other, made = random.Random(20260205), a_list("Another list"), []
    for n in range(number):
        one = add_contact(by="usr:t", email=f"mixed{n:04}@fernshire.example")
        made.append(one)
        for _ in range(lot.choice([0, 1, 1, 1, 2])):
            agreed(
                one, lot.choice([newsletter, newsletter, newsletter, other]), act=lot.choice(["given", "given", "given", "asked"]),
                basis=lot.choice(BASES), subscriber=lot.choice(SUBSCRIBERS), clicked=lot.random() < 0.4,
                at=timezone.now() - datetime.timedelta(days=lot.randint(2, 90)), source=lot.choice(["a form", "a form", ""]),
                wording=lot.choice(["newsletter-1", "newsletter-1", ""]),
                address=lot.choice([one.email, one.email, one.email, "old@fernshire.example"]),
                collected_on=lot.choice([datetime.date(2026, 2, 4), datetime.date(2026, 2, 5), None]),
                directly=lot.random() < 0.8, opt_out_offered=lot.random() < 0.8,
            )  # fmt: skip
        fate = lot.random()
        if fate < 0.08:
            leave(by="reader", contact=one, mailing_list=newsletter, source="a link")
        elif fate < 0.12:
            object_to_all(by="usr:t", contact=one, source="by telephone")
        elif fate < 0.2:
            sort = lot.choice(["hard", "complaint", "soft"])
            Bounce.objects.create(
                id=Bounce.fresh(), contact=one, sort=sort, at=timezone.now(), digest=f"{n}", address=one.email
            )
        elif fate < 0.24 and n:
            merge(by="usr:t", kept=Contact.objects.get(pk=made[n - 1].pk).kept(), gone=one)
    return made


def test_nobody_is_written_to_without_a_ground_and_every_letter_names_its_own(post: Any) -> None:
    """The bar of the law: of people with mixed bases, no letter to one who is unconfirmed, gone, returned or on a wrong basis."""
    newsletter = a_list()
    made = mixed(newsletter, MIXED)
    standing = list(Contact.objects.standing().exclude(email=""))
    known, now = known_of(standing), timezone.now()
    expected = {one.email for one in standing if may_write(known[one.pk], newsletter.pk, now).may}
    with sinking() as sink:
        post(sink)
        edition = approved(newsletter)
        work_off()
    assert sent_to(sink) == Counter(expected) and MIXED / 20 < len(expected) < MIXED * 5 / 8
    for letter in SentLetter.objects.filter(state="sent").select_related("consent", "contact"):
        row = letter.consent
        assert row.act == "given" and row.source and row.at < letter.sent_at
        assert row.contact.kept().pk == letter.contact_id and row.address == letter.contact.email
        assert row.basis != "consent" or row.wording
        assert row.basis != "charity-soft-opt-in" or row.collected_on >= datetime.date(2026, 2, 5)
        assert row.basis != "corporate" or row.subscriber == "corporate"
    no = set(Contact.objects.filter(consents__act__in=["withdrawn", "objected"]).values_list("email", flat=True))
    back = set(Bounce.objects.exclude(sort="soft").values_list("contact__email", flat=True))
    assert not (no | back) & set(sent_to(sink))
    edition.refresh_from_db()
    assert sum(edition.left_out.values()) > MIXED / 8 and len(made) == MIXED
    report = Report()
    from whatworks.contact.checks import check_contact

    check_contact(report)
    assert report.differences == []


def test_who_leaves_between_approval_and_sending_gets_nothing(post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    newsletter = a_list()
    first, second = readers(newsletter, 2)
    monkeypatch.setattr(sending, "LOT", 1)
    with sinking() as sink:
        post(sink)
        sink.answer = lambda recipient: _leaves(second if recipient == first.email else first, newsletter)
        approved(newsletter)
        work_off()
    assert len(sink.letters) == 1
    assert SentLetter.objects.exclude(contact__email=sink.letters[0][0]).get().state == "dropped"


def _leaves(contact: Contact, newsletter: MailingList) -> str:
    """As if somebody pressed the button at that moment: in a thread of the sink, so only noted for the next lot."""
    LEFT.append((contact, newsletter))
    return "250 ok"


LEFT: list[tuple[Contact, MailingList]] = []


@pytest.fixture(autouse=True)
def _leaving(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Between two lots, who pressed the button has left."""
    LEFT.clear()
    real = sending.deliver

    def deliver(edition: Edition) -> int:
        for contact, newsletter in LEFT:
            leave(by="reader", contact=contact, mailing_list=newsletter, source="a link")
        return real(edition)

    monkeypatch.setattr("whatworks.contact.tasks.deliver", deliver)


def test_an_address_that_is_gone_is_written_to_no_more_and_one_that_is_full_is_tried_again(post: Any) -> None:
    newsletter = a_list()
    gone, full, fine = readers(newsletter, 3)
    answers = {gone.email: "550 5.1.1 no such user", full.email: "452 4.2.2 mailbox full"}
    with sinking(answer=lambda recipient: answers.get(recipient, "250 ok")) as sink:
        post(sink)
        edition = approved(newsletter)
        work_off()
        assert sent_to(sink) == {fine.email: 1}
        assert dict(Bounce.objects.values_list("contact__email", "sort")) == {gone.email: "hard", full.email: "soft"}
        answers.clear()
        edition.refresh_from_db()
        assert go_on(by="usr:approver", edition=edition) == 1
        work_off()
        assert sent_to(sink) == {fine.email: 1, full.email: 1}
        approved(newsletter, "The next")
        work_off()
        assert sent_to(sink) == {fine.email: 2, full.email: 2}


def test_a_server_that_is_away_loses_nothing(post: Any) -> None:
    newsletter = a_list()
    readers(newsletter, 3)
    with sinking() as sink:
        post(sink)
    edition = approved(newsletter)
    work_off()
    job = Job.objects.get(kind="contact.send")
    assert job.state == Job.FAILED and "cannot be reached" in job.error
    with sinking() as sink:
        post(sink)
        edition.refresh_from_db()
        assert go_on(by="usr:approver", edition=edition) == 3
        work_off()
        assert len(sink.letters) == 3


def test_a_server_that_hangs_up_gets_the_rest_over_another_line(post: Any) -> None:
    newsletter = a_list()
    readers(newsletter, 7)
    with sinking(hang_up_after=3) as sink:
        post(sink)
        approved(newsletter)
        work_off()
    assert len(set(sink.message_ids())) == 7 and sink.connections > 2
    assert SentLetter.objects.filter(state="sent").count() == 7


def test_a_lot_goes_over_one_line(post: Any) -> None:
    newsletter = a_list()
    readers(newsletter, sending.LOT + 1)
    with sinking() as sink:
        post(sink)
        approved(newsletter)
        work_off()
    assert len(sink.letters) == sending.LOT + 1 and sink.connections == 2


def test_nobody_approves_what_they_wrote_and_what_is_approved_is_frozen(post: Any) -> None:
    newsletter = a_list()
    edition = begin_edition(by="usr:writer", mailing_list=newsletter, title="News")
    told: dict[str, Any] = {"title": "News", "closing": "", "since": timezone.now(), "chosen": []}
    with pytest.raises(InputError, match="says nothing"):
        approve_edition(by="usr:approver", edition=edition)
    write_edition(by="usr:writer", edition=edition, opening="Words.", **told)
    with pytest.raises(ForbiddenError, match="somebody else"):
        approve_edition(by="usr:writer", edition=edition)
    with pytest.raises(InputError, match="has passed"):
        approve_edition(by="usr:approver", edition=edition, send_at=timezone.now())
    approve_edition(by="usr:approver", edition=edition, send_at=timezone.now() + datetime.timedelta(days=1))
    with pytest.raises(ConflictError, match="Take it back"):
        write_edition(by="usr:writer", edition=edition, opening="Other words.", **told)
    readers(newsletter, 1)
    with sinking() as sink:
        post(sink)
        work_off()
        assert not sink.letters  # its moment has not come
        take_back(by="usr:approver", edition=edition)
        Job.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
        work_off()
        assert not sink.letters  # an approval that was taken back sends nothing
        approve_edition(by="usr:approver", edition=edition)
        work_off()
        assert len(sink.letters) == 1


def test_a_try_goes_to_oneself_and_takes_nobody_off(post: Any, client: Any) -> None:
    newsletter = a_list()
    edition = begin_edition(by="usr:writer", mailing_list=newsletter, title="News")
    with sinking() as sink:
        post(sink)
        try_edition(by="usr:writer", edition=edition, to="writer@fernshire.example")
    (letter,) = sink.took()
    assert letter["Subject"] == "[test] News" and not SentLetter.objects.exists()
    link = (
        str(letter["List-Unsubscribe"])
        .replace("\n", "")
        .replace(" ", "")
        .strip("<>")
        .removeprefix("http://127.0.0.1:8000")
    )
    assert client.post(link).status_code == 404


def test_a_merge_counts_a_no_of_either_and_is_undone_whole(post: Any) -> None:
    newsletter = a_list()
    first, second = readers(newsletter, 2)
    leave(by="reader", contact=second, mailing_list=newsletter, source="a link")
    merged = merge(by="usr:t", kept=first, gone=second)
    with sinking() as sink:
        post(sink)
        approved(newsletter)
        work_off()
        assert not sink.letters
        part(by="usr:t", merged=merged)
        approved(newsletter, "The next")
        work_off()
        assert sent_to(sink) == {first.email: 1}


NUMBER, KILLS = 60, 2
WORKER = "import django; django.setup(); from whatworks.ledger.work import work_off; work_off()"


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_nine_loses_no_letter_and_repeats_at_most_the_one_in_its_hand(tmp_path: Path) -> None:
    """Real processes, a real database file, real SMTP, a real SIGKILL in the midst, twice."""
    newsletter = a_list()
    readers(newsletter, NUMBER)
    approved(newsletter)
    (tmp_path / "centre").mkdir()
    with sqlite3.connect(tmp_path / "centre" / "centre.sqlite3") as file:
        connection.connection.backup(file)  # what was prepared here, as another process finds it
    journal = tmp_path / "taken"
    with sinking(journal=journal, dawdle=0.02) as sink:
        environment = dict(os.environ) | {
            "WHATWORKS_HOME": str(tmp_path / "centre"), "DATABASE_URL": "", "PYTHONPATH": os.pathsep.join(sys.path),
            "WHATWORKS_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "WHATWORKS_EMAIL_HOST": "127.0.0.1",
            "WHATWORKS_EMAIL_PORT": str(sink.port),
        }  # fmt: skip
        for kill in range(1, KILLS + 1):
            worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
            deadline = time.monotonic() + 300
            while len(sink.letters) < 20 * kill and time.monotonic() < deadline:
                time.sleep(0.005)
            worker.send_signal(signal.SIGKILL)  # while the server dawdles: a letter is taken, and not written down
            worker.wait()
            file.execute("UPDATE ledger_job SET lease_until = '2020-01-01 00:00:00' WHERE state = 'running'")
            file.commit()
        subprocess.run([sys.executable, "-c", WORKER], env=environment, check=True, timeout=500)
    times = Counter(journal.read_text().split())
    assert len(times) == NUMBER  # none lost
    again = sum(n - 1 for n in times.values())
    assert again <= KILLS and max(times.values()) <= 2  # at most the one in the hand of each worker that was killed
    (sent,) = file.execute("SELECT count(*) FROM contact_sentletter WHERE state = 'sent'").fetchone()
    (told,) = file.execute("SELECT count(*) FROM contact_sentletter WHERE tries > 1").fetchone()
    (ended,) = file.execute("SELECT ended_at IS NOT NULL FROM contact_edition").fetchone()
    file.close()
    assert (sent, ended) == (NUMBER, 1)
    assert again <= told <= KILLS  # a repeat has the same Message-ID, and its row says that it may be one


def test_what_may_have_gone_twice_is_told(post: Any) -> None:
    newsletter = a_list()
    readers(newsletter, 2)
    edition = approved(newsletter)
    with sinking() as sink:
        post(sink)
        work_off()
        assert repeats(edition) == 0
        # as a worker leaves it that died between the server's answer and writing it down
        SentLetter.objects.filter(contact__email="reader00000@fernshire.example").update(state="going", sent_at=None)
        Edition.objects.filter(pk=edition.pk).update(ended_at=None)
        edition.refresh_from_db()
        go_on(by="usr:approver", edition=edition)
        work_off()
    assert len(sink.letters) == 3 and len(set(sink.message_ids())) == 2
    assert repeats(edition) == 1
