"""What the first page of the workspace says waits in reviews."""

from __future__ import annotations

import pytest

from tests.integration.screen.team import imported, review_of
from tests.integration.screen.test_leading_pages import able, in_conflict, signed_in
from whatworks.screen.presenters_waiting import conflicts_for, opinions_wanted
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


def test_who_takes_part_sees_what_waits_and_others_do_not() -> None:
    """A list of other teams' conflicts would be noise, and would tell on them."""
    lead, sam, stranger = able("Lead Lark", "lead"), able("Sam", "screener"), able("Stranger", "screener")
    review = review_of(lead, sam)
    candidate = in_conflict(review, lead, sam)
    page = signed_in(sam).get("/workspace/").content.decode()
    assert "Records waiting for your opinion" in page and "3 records to screen." in page
    assert "Conflicts waiting" in page and f"/workspace/reviews/{review.slug}/conflicts/{candidate.pk}/" in page
    assert "Your reviews" in page
    page = signed_in(stranger).get("/workspace/").content.decode()
    assert "Conflicts waiting" not in page and "records to screen" not in page
    assert signed_in(sam).get("/workspace/waiting/conflicts/").status_code == 200


def test_an_administrator_finds_the_teams_and_others_do_not() -> None:
    """Giving a review without a lead another is theirs alone; it must not need an address by heart."""
    administrator, sam = able("Ada", "administrator"), able("Sam", "screener")
    review_of(able("Lead Lark", "lead"), sam)
    page = signed_in(administrator).get("/workspace/").content.decode()
    assert "/workspace/teams/" in page and "Your reviews" not in page
    assert "/workspace/teams/" not in signed_in(sam).get("/workspace/").content.decode()


def test_who_has_left_is_asked_for_nothing() -> None:
    lead, sam = able("Lead Lark", "lead"), able("Sam", "screener")
    review = review_of(lead, sam)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(3)])
    assert [one.count for one in opinions_wanted(sam.pk)] == [3]
    signed_in(lead).post(f"/workspace/reviews/{review.slug}/team/", {"step": "leave", "user": sam.pk})
    assert opinions_wanted(sam.pk) == [] and not conflicts_for(sam.pk)


def test_the_list_of_reviews_says_what_waits() -> None:
    lead, sam = able("Lead Lark", "lead"), able("Sam", "screener")
    review = review_of(lead, sam)
    in_conflict(review, lead, sam)
    page = signed_in(sam).get("/workspace/reviews/").content.decode()
    assert "3 wait for you" in page and "1 conflict to settle" in page
    assert "Open a review" not in page
    assert "Open a review" in signed_in(lead).get("/workspace/reviews/").content.decode()
    assert signed_in(sam).get("/workspace/open-review/").status_code == 403
