"""Many people at once, real processes on a real database: nothing is lost, and nothing is counted twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.integration.ledger.test_work import _address, _own_centre

RECORDS, PEOPLE = 60, 4

BEGIN = f"""
import django; django.setup()
from whatworks.archive.opening import bring_up_to_date; bring_up_to_date()
from tests.integration.screen.team import imported, person, review_of
from whatworks.screen.waves import add_search
people = [person(f"p{{n}}") for n in range({PEOPLE})]
review = review_of(*people)
add_search(by=people[0].pk, review=review, name="A database", imports=[imported({RECORDS})])
print(review.pk, *[user.pk for user in people])
"""

# Screens until nothing is left; sends every second decision again, and asks anew after every answer.
SCREEN = """
import sys, django; django.setup()
from whatworks.screen.deciding import say
from whatworks.screen.models import Review
from whatworks.screen.queueing import next_places
review, me = Review.objects.get(pk=sys.argv[1]), sys.argv[2]
number = 0
while places := next_places(by=me, review=review, stage="title and abstract"):
    for place in places:
        number += 1
        decision = "include" if place.candidate.number % 7 == 0 else "exclude"
        for again in range(1 + number % 2):
            say(by=me, candidate=place.candidate_id, decision=decision, key=f"{me}-{place.candidate_id}")
        print(number, flush=True)
"""

RANK = "import django; django.setup()\nfrom whatworks.ledger.work import work_off\nwork_off()"

FIRST = """
import django; django.setup()
from whatworks.screen.models import Candidate
print(Candidate.objects.order_by("number")[0].pk)
"""

LAPSE = """
import datetime, django; django.setup()
from django.utils import timezone
from whatworks.screen.models import Place
from whatworks.ledger.models import Job
past = timezone.now() - datetime.timedelta(seconds=1)
Place.objects.filter(done=False).update(until=past)
Job.objects.filter(state="running").update(lease_until=past)
"""

TELL = """
import json, django; django.setup()
from collections import Counter
from whatworks.screen.models import Candidate, Judgement, Opinion, Place, Ranking
from whatworks.ledger.models import Job
said = Counter(Opinion.objects.values_list("candidate", "by"))
print(json.dumps({
    "states": Counter(Candidate.objects.filter(stage="title and abstract").values_list("state", flat=True)),
    "opinions": sum(said.values()), "twice": [key for key, n in said.items() if n > 1],
    "judgements": Judgement.objects.standing().count(), "withdrawn": Judgement.objects.exclude(withdrawal=None).count(),
    "places": Counter(str(n) for n in Counter(Place.objects.values_list("candidate", flat=True)).values()),
    "full texts": Candidate.objects.filter(stage="full text").count(),
    "failed": list(Job.objects.filter(state="failed").values_list("kind", "error")),
    "rankings": Ranking.objects.count(),
}))
"""


def ran(code: str, environment: dict[str, str], *arguments: str) -> str:
    """What a program of its own prints; it must end well."""
    command = [sys.executable, "-c", code, *arguments]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    assert found.returncode == 0, found.stderr[-3000:]
    return found.stdout


@pytest.mark.django_db(transaction=True)
def test_four_screeners_a_killed_one_and_a_killed_worker_decide_every_report_once(tmp_path, settings) -> None:
    """Each report gets two opinions of two people, whoever dies meanwhile and however often a request is sent."""
    from django.db import connection

    in_memory = connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])
    environment = _own_centre(tmp_path) if in_memory else dict(os.environ) | _address(connection)
    review, *people = ran(BEGIN, environment).split()
    commands = [[sys.executable, "-c", SCREEN, review, who] for who in people]
    running = [subprocess.Popen(one, env=environment, stdout=subprocess.PIPE, text=True) for one in commands]
    worker = subprocess.Popen([sys.executable, "-c", RANK], env=environment)
    for _ in range(3):
        assert running[0].stdout is not None and running[0].stdout.readline()  # killed in the middle of it
    for process in (running[0], worker):
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert [process.communicate(timeout=180) and process.returncode for process in running[1:]] == [0] * (PEOPLE - 1)
    ran(LAPSE, environment)
    for who in people[:2]:  # the one who was killed comes back, and what they held is there again
        ran(SCREEN, environment, review, who)
    ran(RANK, environment)
    told = json.loads(ran(TELL, environment))
    wanted = Counter("include" if number % 7 == 0 else "exclude" for number in range(1, RECORDS + 1))
    assert (told["states"], told["opinions"], told["twice"]) == (wanted, 2 * RECORDS, [])
    assert (told["judgements"], told["withdrawn"], told["full texts"]) == (RECORDS, 0, wanted["include"])
    assert told["places"] == {"2": RECORDS}, "nobody worked on what two others had"
    assert (told["failed"], told["rankings"] > 0) == ([], True)


SAY = """
import sys, django; django.setup()
from whatworks.screen.deciding import say
print(say(by=sys.argv[1], candidate=sys.argv[2], decision=sys.argv[3], key=sys.argv[4]).pk)
"""

SLOW = """
import sys, time, django; django.setup()
from django.db import transaction
from whatworks.screen.deciding import say
with transaction.atomic():
    say(by=sys.argv[1], candidate=sys.argv[2], decision="include")
    print("said", flush=True)
    time.sleep(1.5)
"""


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_decision_sees_it_when_their_turn_comes(tmp_path, settings) -> None:
    """The second decides by what stood before the first: its judgement would count beside a conflict for ever."""
    from django.db import connection

    in_memory = connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])
    environment = _own_centre(tmp_path) if in_memory else dict(os.environ) | _address(connection)
    _, first, second, third, *_ = ran(BEGIN, environment).split()
    one = ran(FIRST, environment).strip()
    ran(SAY, environment, first, one, "include", "k1")
    slow = subprocess.Popen(
        [sys.executable, "-c", SLOW, second, one], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert slow.stdout is not None and slow.stdout.readline().strip() == "said"
    ran(SAY, environment, third, one, "exclude", "k3")
    assert slow.communicate(timeout=60) is not None and slow.returncode == 0
    told = json.loads(ran(TELL, environment))
    assert (told["opinions"], told["states"]["conflict"]) == (3, 1)
    assert (told["judgements"], told["withdrawn"]) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_from_two_processes_at_once_is_one_opinion(tmp_path, settings) -> None:
    """Two tabs of one person send what both of them kept."""
    from django.db import connection

    in_memory = connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])
    environment = _own_centre(tmp_path) if in_memory else dict(os.environ) | _address(connection)
    _, first, second, *_ = ran(BEGIN, environment).split()
    one = ran(FIRST, environment).strip()
    asked = [(first, "include", "k1"), (first, "include", "k1"), (second, "exclude", "k2"), (second, "exclude", "k2")]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SAY, who, one, what, key], env=environment, stdout=subprocess.PIPE, text=True
        )
        for who, what, key in asked
    ]
    told = [process.communicate(timeout=120)[0].strip() for process in running]
    assert told[0] == told[1] != "" and told[2] == told[3] != "" and told[0] != told[2]
    states = json.loads(ran(TELL, environment))
    assert (states["opinions"], states["states"]["conflict"]) == (2, 1)
