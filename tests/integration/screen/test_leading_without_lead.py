"""A review whose only lead was erased or deactivated: an administrator gives it another, and reads nothing of it."""

from __future__ import annotations

import pytest

from tests.integration.screen.team import review_of
from tests.integration.screen.test_leading_pages import PAGES, able, at, signed_in
from whatworks.people.actions import erase_subject
from whatworks.people.models import Assignment, User
from whatworks.screen.models import Review, Screener

pytestmark = pytest.mark.django_db
TEAMS = "/workspace/teams/"


@pytest.fixture
def lead() -> User:
    return able("Lead Lark", "lead")


@pytest.fixture
def screener() -> User:
    return able("Sam Screener", "screener")


@pytest.fixture
def review(lead: User, screener: User) -> Review:
    return review_of(lead, screener)


def test_an_administrator_gives_a_review_another_lead(lead: User, screener: User, review: Review) -> None:
    """Without it nobody could ever sign, settle or add anybody again."""
    boss, heir = able("Boss", "administrator"), able("Hera Heir", "lead")
    client, there = signed_in(boss), f"{TEAMS}{review.slug}/"
    assert "nobody leads it" not in client.get(TEAMS).content.decode()
    erase_subject(by="cli", subject=lead.pk, reason="They asked for it.")
    page = signed_in(screener).get(at(review, "team/")).content.decode()
    assert "Ask an administrator to make somebody its lead." in page and "Add to the team" not in page
    page = signed_in(able("Stranger", "screener")).get(at(review)).content.decode()
    assert "has no lead who can sign in; ask an administrator" in page
    page = client.get(TEAMS).content.decode()
    assert there in page and "nobody leads it who can" in page
    page = client.get(there).content.decode()
    assert "Make somebody its lead" in page and "Somebody whose data was erased" in page
    assert at(review, "agreement/") not in page, "what an administrator may not open is not offered"
    sent = {"step": "part", "user": screener.pk, "part": "lead"}
    assert "has not the role" in client.post(there, sent, follow=True).content.decode()
    assert client.post(there, {"user": heir.pk, "part": "lead"}).status_code == 302
    assert Screener.objects.get(review=review, user=heir).part == Screener.LEAD
    page = client.get(there).content.decode()
    assert "Make somebody its lead" not in page and page.count("Remove Somebody whose data was erased") == 1
    client.post(there, {"step": "leave", "user": lead.pk})
    assert not Screener.objects.here().filter(user=lead).exists()
    assert "nobody leads it" not in client.get(TEAMS).content.decode()


def test_an_administrator_opens_no_other_page_of_a_review(review: Review) -> None:
    """Looking after people is no licence to read what they decide."""
    client = signed_in(able("Boss", "administrator"))
    assert {page: client.get(at(review, page)).status_code for page in PAGES} == dict.fromkeys(PAGES, 403)
    both = signed_in(able("Both", "administrator", "screener"))
    assert {page: both.get(at(review, page)).status_code for page in PAGES} == dict.fromkeys(PAGES, 403)
    assert "Teams of all reviews" in both.get("/workspace/reviews/").content.decode()
    assert both.get(f"{TEAMS}no-such-review/").status_code == 404
    for role in ("rater", "screener", "lead"):
        other = signed_in(able(role.title(), role))
        assert other.get(f"{TEAMS}{review.slug}/").status_code == other.get(TEAMS).status_code == 403


def test_a_lead_whose_role_was_taken_leads_nothing(lead: User, review: Review) -> None:
    """The account is there and can do nothing: to the review it is the same as gone."""
    boss = signed_in(able("Boss", "administrator"))
    Assignment.objects.filter(user=lead).update(role="screener")
    assert "nobody leads it who can" in boss.get(TEAMS).content.decode()
