"""The first page of the workspace says which studies wait for whom, and tells nobody what is another's to do."""

from __future__ import annotations

import pytest

from tests.integration.extract.studied import Team, fill, put_up, team
from tests.integration.extract.test_coding_pages import able, text
from whatworks.extract.appraising_two import ask_two
from whatworks.extract.presenters_waiting import appraising_for, coding_for
from whatworks.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db: None) -> Team:
    return team()


def home(user: User, role: str) -> str:
    return text(able(user, role).get("/workspace/"))


def test_a_form_waits_until_its_coder_is_done_and_then_for_the_lead(held: Team) -> None:
    coding = put_up(held, held.first, held.second)
    assert [one.name for one in coding_for(held.first.pk)] == ["Oak 2019"]
    assert "Studies waiting for your coding" in home(held.first, "coder")
    assert "Studies waiting for your coding" not in home(held.third, "coder")
    fill(held, coding, held.first)
    assert coding_for(held.first.pk) == [] and coding_for(held.lead.pk) == []
    fill(held, coding, held.second, joined=70)
    (task,) = coding_for(held.lead.pk)
    assert task.at.endswith("/reconcile/") and "to be decided" in task.asked
    assert coding_for(held.second.pk) == []


def test_what_two_judge_waits_for_each_until_they_have(held: Team) -> None:
    two = ask_two(by=held.lead.pk, study=held.study, tool="rob-2", users=[held.first, held.second])
    (task,) = appraising_for(held.first.pk)
    assert task.at == f"/workspace/appraisings/{two.pk}/" and "without seeing the other" in task.asked
    assert appraising_for(held.third.pk) == []
    assert "Risk of bias waiting for your judgement" in home(held.first, "coder")
    assert task.at in home(held.second, "coder")
