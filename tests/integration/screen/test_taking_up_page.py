"""On the page of its searches a lead has others' decisions taken up; it is long work, and says what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.integration.screen.team import person, review_of
from tests.integration.screen.test_taking_up import RAYYAN, brought
from whatworks.ledger.work import work_off
from whatworks.people.models import Assignment, User
from whatworks.screen.models import Opinion, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    made = person("Lead Lark")
    Assignment.objects.create(user=made, role="lead", given_by="cli")
    return made


@pytest.fixture
def review(lead: User, tmp_path: Path) -> Review:
    return brought(tmp_path, [lead, person("Sam Screener")], RAYYAN, "rayyan.ris")[0]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_lead_takes_them_up_and_reads_what_came_of_it(lead: User, review: Review) -> None:
    client, here = signed_in(lead), f"/workspace/reviews/{review.slug}/searches/"
    assert "made in other tools" in client.get(here).content.decode()
    client.post(f"{here}take-up/", {"as": "opinions"})
    client.post(f"{here}take-up/", {"as": "opinions"})  # a double click
    assert "being taken up" in client.get(here).content.decode()
    work_off()
    page = client.get(here).content.decode()
    assert "Last time:" in page and "0 taken up before" in page
    assert Opinion.objects.filter(by__startswith="other:").exists()


def test_what_cannot_be_is_said(lead: User, review: Review) -> None:
    here = f"/workspace/reviews/{review.slug}/searches/"
    page = signed_in(lead).post(f"{here}take-up/", {"as": "tea leaves"}, follow=True)
    assert "cannot be taken up as" in page.content.decode()
    assert not Opinion.objects.exists()


def test_a_review_without_others_decisions_offers_nothing(lead: User) -> None:
    made = review_of(lead)
    assert (
        "made in other tools" not in signed_in(lead).get(f"/workspace/reviews/{made.slug}/searches/").content.decode()
    )
