"""How long does a newsletter take? 10,000 letters, each with its reader's own links, over real SMTP to a server on this machine.

With `--kill` the worker is killed with SIGKILL a few times in the midst, and the rest is sent by the next. What is printed at
the end is counted at the server: letters, and how often a Message-ID came again.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

READERS = int(os.environ.get("BENCH_READERS", "10000"))
GOAL = 100  # letters a second
KILLS = 3
WORK = "import django; django.setup(); from whatworks.ledger.work import work_off; work_off()"


def setup() -> None:
    """Start Django in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()


def people() -> Any:
    """A list, and as many people who confirmed that they want it, and a few who did not. Returns the list."""
    from django.db import transaction
    from django.utils import timezone

    from whatworks.contact.editing import open_list
    from whatworks.contact.models import ConsentRow, Contact

    newsletter = open_list(by="bench", title="Newsletter of Fernshire", plain="Made up for a measurement.")
    now = timezone.now() - datetime.timedelta(days=1)
    extra = READERS // 20
    with transaction.atomic():
        made = Contact.objects.register_all(
            Contact(
                subject_id=Contact.fresh() + f"{n % 10}",
                email=f"reader{n}@fernshire.example",
                made_at=now,
                made_up=True,
            )
            for n in range(READERS + extra)
        )
        rows = [
            ConsentRow(
                id=ConsentRow.fresh(), contact=one, mailing_list=newsletter, act="given" if n < READERS else "asked",
                basis="consent", subscriber="individual", wording="newsletter-1", source="bench", clicked=n < READERS,
                address=one.email, by="reader", at=now,
            )
            for n, one in enumerate(made)
        ]  # fmt: skip
        ConsentRow.objects.bulk_create(rows, batch_size=500)
    return newsletter


def edition(newsletter: Any) -> None:
    """An edition of some length, approved."""
    from django.utils import timezone

    from whatworks.contact.editing import approve_edition, begin_edition, write_edition

    made = begin_edition(by="bench:writer", mailing_list=newsletter, title="What is new in Fernshire")
    words = "\n\n".join(f"Paragraph {n} says *something*, and [leads](/evidence/) somewhere." for n in range(30))
    write_edition(
        by="bench:writer", edition=made, title=made.title, opening=words, closing="", since=timezone.now(), chosen=[]
    )
    approve_edition(by="bench:approver", edition=made)


def release() -> None:
    """Let the next worker go on at once, as `serve` does when its worker is gone."""
    from django.utils import timezone

    from whatworks.ledger.models import Job

    Job.objects.filter(state=Job.RUNNING, kind="contact.send").update(lease_until=timezone.now())


def send(sink: Any, kill: bool) -> float:
    """Let workers do it. Returns the seconds that it took them, their own start included."""
    begun = time.perf_counter()
    for number in range(1, KILLS + 1) if kill else ():
        worker = subprocess.Popen([sys.executable, "-c", WORK])
        while len(sink.letters) < READERS * number // (KILLS + 1) and worker.poll() is None:
            time.sleep(0.002)
        worker.kill()
        worker.wait()
        release()
    subprocess.run([sys.executable, "-c", WORK], check=True)
    return time.perf_counter() - begun


def main() -> None:
    """Prepare, send, and print what arrived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kill", action="store_true")
    kill = parser.parse_args().kill
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.fakes.smtp import sinking

    os.environ["WHATWORKS_HOME"] = tempfile.mkdtemp(prefix="bench-newsletter-")
    os.environ |= {
        "WHATWORKS_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "WHATWORKS_EMAIL_HOST": "127.0.0.1",
    }
    with sinking() as sink:
        os.environ["WHATWORKS_EMAIL_PORT"] = str(sink.port)
        setup()
        from django.db import connection

        from whatworks.archive.opening import bring_up_to_date

        bring_up_to_date()
        edition(people())
        seconds = send(sink, kill)
        ids = Counter(sink.message_ids())
    from whatworks.contact.models import SentLetter

    processor = resource.getrusage(resource.RUSAGE_CHILDREN)  # of the workers, their start included
    spent = processor.ru_utime + processor.ru_stime
    written = SentLetter.objects.filter(state="sent").count()
    again = sum(ids.values()) - len(ids)
    print(
        f"{connection.vendor}: {len(ids):,} of {READERS:,} letters in {seconds:.1f} s, {len(ids) / seconds:.0f} a second "
        f"(goal {GOAL}); {sink.connections} lines{f'; killed {KILLS} times' if kill else ''}"
    )
    print(f"the workers took {1000 * spent / READERS:.1f} ms of one processor for a letter, their start included")
    others = {one for one, _ in sink.letters} - {f"reader{n}@fernshire.example" for n in range(READERS)}
    print(f"written down as sent: {written:,}; the same Message-ID again: {again}; to anybody else: {len(others)}")
    sys.exit(0 if not others and len(ids) == written == READERS and len(ids) / seconds >= GOAL else 1)


if __name__ == "__main__":
    main()
