"""A review with something to screen, put into a served centre, as its lead would set it up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.functional.conftest import Centre
from tools.sources import ROOT

WORDS = "meetings visits letters kinship mentors respite housing grants courses tablets gardens choirs".split()
ABSTRACT = """Background: families who are known to children's services are offered many kinds of help, and few of them \
have been tested. We asked whether family group {word} help children to stay at home safely.

Methods: in forty councils, teams were drawn by lot to offer {word} or to go on as before. Children were followed for a \
year. Foster carers and social workers were asked too.

Results: of 100 children, 7 came into care where {word} were offered and 9 where they were not; the interval reaches \
from 4 fewer to 1 more. Nothing suggests that children were less safe."""

SEEDING = """
import json, sys
from whatworks.cli.centre import open_centre
open_centre(None)
from tests.functional.screened import build
print(json.dumps(build(**json.loads(sys.argv[1]))))
"""


def review_in(centre: Centre, title: str, count: int, **told: Any) -> str:
    """The address of a new review in the centre with so many reports to screen, the administrator its lead."""
    asked = json.dumps({"title": title, "count": count, "email": centre.administrator[0]} | told)
    environment = centre.environment | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    ran = subprocess.run(
        [sys.executable, "-c", SEEDING, asked], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return f"{centre.url}/workspace/reviews/{json.loads(ran.stdout.splitlines()[-1])}/"


def build(*, title: str, count: int, email: str, bare: int = 2, further: int = 0) -> str:
    """Make the review; report number `bare` has no abstract, `further` are up for their full texts. Returns its slug."""
    from whatworks.people.models import User
    from whatworks.scope.models import Theme
    from whatworks.screen.deciding import say
    from whatworks.screen.methods.protocol import Criterion, Rules, StageRules
    from whatworks.screen.models import Candidate
    from whatworks.screen.reviewing import open_review
    from whatworks.screen.waves import add_search

    rules = Rules(
        question="What helps children to stay safely at home?",
        criteria=(
            Criterion("Children", "Children under 18 whose family is known to services.", "Adults only."),
            Criterion("What was done", "Any help that a council or charity offers.", "Medicines."),
            Criterion("Design", "A comparison with a group that was drawn by lot, or matched.", "Opinions."),
        ),
        reasons=("Wrong children", "Nothing was offered", "No comparison"),
        terms_for=("family group", "by lot", "stay at home"),
        terms_against=("foster care*",),
        title=StageRules("single"),
        full_text=StageRules("single"),
    )
    user, theme = User.objects.get(email=email), Theme.objects.order_by("order")[0]
    review = open_review(by="cli", title=title, rules=rules, theme=theme, lead=user, conducted_by="A team for tests")
    add_search(by="cli", review=review, name="A database", imports=[imported(title, count, bare)])
    for one in Candidate.objects.at(review, "title and abstract").order_by("number")[:further]:
        say(by=user.pk, candidate=one.pk, decision="include")
    return str(review.slug)


def imported(title: str, count: int, bare: int) -> Any:
    """So many made-up records, all but one with an abstract."""
    import hashlib

    from whatworks.collate.actions import add_records, close_import, open_import
    from whatworks.collate.methods.records import Record
    from whatworks.collate.models import Source

    source = Source.objects.filter(name="A screening database").first() or Source.objects.register(
        Source.derived("A screening database", ""), name="A screening database", sort="database"
    )
    records = []
    for number in range(1, count + 1):
        word = f"{WORDS[number % len(WORDS)]} number {number}"
        tags = [
            ("TY", "JOUR"),
            ("TI", f"{title}: do family group {word} help children to stay at home? A trial by lot"),
        ]
        tags += [("AU", "Marlow, Ann"), ("AU", "Pike, Tom"), ("PY", str(2000 + number % 25)), ("JO", "Made-up Journal")]
        tags += [] if number == bare else [("AB", ABSTRACT.format(word=word))]
        records.append(Record(number, number, tuple(tags)))
    told = {"sha256": hashlib.sha256(title.encode()).hexdigest(), "format": "RIS", "encoding": "utf-8"}
    told |= {"record_starts": count, "records": count, "unreadable": []}
    origin = open_import(result=told, filename="screening.ris", source=source)
    add_records(origin, records)
    return close_import(by="cli", origin=origin)
