"""What anybody can read of the standards: every scheme, its rules, and a check of a plan."""

from __future__ import annotations

import pytest
from django.test import Client

from whatworks.rate.schemes import schemes

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address, secure=True)
    assert response.status_code == 200, address
    return response.content.decode()


def test_every_scheme_and_every_version_can_be_read(client: Client) -> None:
    """A rating names its scheme and version: both must lead to the rules, old ones too."""
    listed = text(client, "/standards/")
    for one in schemes():
        page = text(client, f"/standards/{one.key}/{one.version}/")
        assert f"/standards/{one.key}/" in listed
        assert one.digest in page
        assert ("not confirmed" in page) is one.unconfirmed, one.key


def test_an_older_version_says_that_it_is_older(client: Client) -> None:
    """Somebody who follows an old rating must not take its bands for today's."""
    assert "There is a newer version." in text(client, "/standards/eef-cost/1/")
    assert "There is a newer version." not in text(client, "/standards/eef-cost/2/")


def test_a_plan_hears_what_each_level_asks(client: Client) -> None:
    """A trial too small for four padlocks should hear so before it starts."""
    page = text(client, "/standards/eef-trial-padlock/check/?design=randomised&mdes=0.32")
    assert "2 answers given." in page
    assert "The smallest effect the trial could find: below 0.3." in page
    assert 'value="0.32"' in page, "what was typed is kept"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("mdes=small", "write a number, or leave it empty"),
        ("attrition=130", "less than or equal to 100"),
        ("design=guessed", "choose one of the answers"),
    ],
)
def test_an_answer_that_will_not_do_is_named(client: Client, asked: str, said: str) -> None:
    """What is wrong is said beside its question, and nothing is worked out from the rest."""
    page = text(client, f"/standards/eef-trial-padlock/check/?{asked}")
    assert said in page and "Mend the answers" in page


def test_answers_that_contradict_each_other_are_refused(client: Client) -> None:
    """More studies at low risk of bias than there are studies."""
    page = text(client, "/standards/strength-scale/check/?studies_randomised=1&studies_randomised_low_risk=4")
    assert "These answers do not go together." in page


def test_schemes_without_a_ladder_have_nothing_to_check(client: Client) -> None:
    """No plan can aim for a cost band."""
    assert client.get("/standards/cost-scale/check/", secure=True).status_code == 404
    assert client.get("/standards/no-such-scheme/", secure=True).status_code == 404
