"""Gaps side by side from what is so: a question with its place, its worth, its trial; what higher rooms offer; and the same as a table."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from tests.integration.journey.centres import build_roads
from whatworks.learn import gaps as gapping
from whatworks.learn.gaps import gaps
from whatworks.learn.methods.gaps import ASKED, CASES, UNCERTAIN
from whatworks.scope.questioning import take_up
from whatworks.synthesise.models import Analysis
from whatworks.trial.opening import open_trial

pytestmark = pytest.mark.django_db


def test_a_question_and_an_unsure_answer_stand_beside_what_is_known_of_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_roads()
    lead = Analysis.objects.filter(lead=True).select_related("intervention__theme", "outcome").order_by("pk")[0]
    asked = take_up(
        by="usr:t", wording="=Does it last longer than a year?", theme=lead.intervention.theme, outcome=lead.outcome,
        origin_kind="panel", demonstration=True,
    )  # fmt: skip
    bare = take_up(by="usr:t", wording="What of lorries?")
    told = {"status": "running", "summary": "A made-up trial."}
    open_trial(
        by="usr:t", title="A trial that runs", intervention=lead.intervention, outcome=lead.outcome, particulars=told,
        demonstration=True,
    )  # fmt: skip
    monkeypatch.setattr(gapping, "_offered", [lambda: [("A theme of cases", "/learning/cases/")]])
    rows = {one.facts.key: one for one in gaps()}
    row = rows[asked.pk]
    assert row.facts.running == 1 and row.trials[0]["text"] == "A trial that runs" and row.demonstration
    assert row.facts.wrong is not None and 0 <= row.facts.wrong <= 0.5 and "times out of 100" in row.worth[0]
    assert rows[bare.pk].worth == () and "nothing to work it out from" in rows[bare.pk].why_no_worth
    kinds = {one.facts.kind for one in rows.values()}
    assert {ASKED, CASES} <= kinds
    for one in rows.values():
        assert one.worth or one.why_no_worth, one.facts.words  # worth, or why there is none: never an empty cell
        if one.facts.kind == UNCERTAIN:
            assert one.facts.wrong is not None
    page = client.get("/gaps/?by=nobody&kind=asked").content.decode()
    assert "A trial that runs" in page and "A theme of cases" not in page
    assert page.index("What of lorries?") < page.index("Does it last longer")
    table = list(csv.DictReader(io.StringIO(client.get("/gaps/gaps.csv?kind=asked").content.decode())))
    assert {one["what is missing"] for one in table} == {"'=Does it last longer than a year?", "What of lorries?"}
    assert not any("score" in name for name in table[0])
