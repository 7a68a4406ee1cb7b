"""Several people and tabs at once, real processes on a real database: nothing is lost, and nothing is kept twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.integration.ledger.test_work import _address, _own_centre

BEGIN = """
import django; django.setup()
from whatworks.archive.opening import bring_up_to_date; bring_up_to_date()
from tests.integration.extract.studied import put_up, team
held = team()
coding = put_up(held, held.first, held.second)
print(coding.pk, held.first.pk, held.second.pk, held.arms[0].pk, held.arms[1].pk)
"""

# Fills the form in, sends every request twice, and says that it is done.
CODE = """
import sys, django; django.setup()
from whatworks.extract.coding import answer, finish
coding, me, joined, *arms = sys.argv[1:]
said = [("randomised", "no", ""), ("joined", joined, ""), *(("offered", "usual", arm) for arm in arms)]
for item, value, unit in said:
    for again in (1, 2):
        answer(by=me, coding=coding, item=item, value=value, unit=unit, key=f"{me}-{item}-{unit}")
finish(by=me, coding=coding)
finish(by=me, coding=coding)
"""

TELL = """
import json, django; django.setup()
from collections import Counter
from whatworks.extract.models import Answer, Coding, Decided
print(json.dumps({
    "answers": Counter(Answer.objects.values_list("sheet__user", flat=True)),
    "states": list(Coding.objects.values_list("state", flat=True)),
    "decided": sorted(Decided.objects.values_list("item", "number")),
}))
"""


def started(code: str, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """A program of its own."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    """What it prints; it must end well."""
    told, wrong = process.communicate(timeout=180)
    assert process.returncode == 0, wrong[-3000:]
    return told


@pytest.mark.django_db(transaction=True)
def test_two_coders_in_two_tabs_each_are_done_once(tmp_path, settings) -> None:
    """Whoever is done last opens the answers; were it both or neither, values would stand twice or never."""
    from django.db import connection

    in_memory = connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])
    environment = _own_centre(tmp_path) if in_memory else dict(os.environ) | _address(connection)
    coding, first, second, *arms = ended(started(BEGIN, environment)).split()
    asked = [(first, "40"), (first, "40"), (second, "50"), (second, "50")]
    for process in [started(CODE, environment, coding, who, joined, *arms) for who, joined in asked]:
        ended(process)
    told = json.loads(ended(started(TELL, environment)))
    assert told["answers"] == {first: 4, second: 4}
    assert told["states"] == ["reconciling"]
    assert told["decided"] == [["offered", 1], ["offered", 1], ["randomised", 1]]
