"""Every rating of one intervention side by side: ours, people's, other bodies', and what made them differ."""

from __future__ import annotations

import pytest
from django.test import Client

from whatworks.extract.actions import correct
from whatworks.publish.actions import refresh
from whatworks.publish.models import Page
from whatworks.publish.ratings import compared
from whatworks.rate.models import Rating

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def held(slug: str) -> dict:
    page = Page.objects.get(slug=slug)
    newest = page.newest()
    assert newest
    return compared(page, newest)


def test_each_outcome_is_said_by_each_scheme_and_the_criteria_are_named() -> None:
    """The reader asked why two ratings differ: the answer is what each was told."""
    shown = held("intensive-family-preservation")
    first = shown["outcomes"][0]
    assert [row[0][0]["link"] for row in first["said"]["rows"]][1:] == ["Effect scale", "Strength scale"]
    asked = {row[0]: row[1:] for row in first["criteria"]["rows"]}
    assert asked["How the studies were found"][:2] == ["does not ask", "does not ask"]
    assert asked["How the studies were found"][2].endswith("(decided)")


def test_what_people_judged_and_what_others_say_stand_in_their_own_words() -> None:
    """Never a crosswalk: their words, their scheme, their date."""
    grade = [row for one in held("independent-living-programmes")["outcomes"] for row in one["said"]["rows"]]
    assert any(row[0] == "GRADE" and "Judged and published by" in row[3][0] for row in grade)
    others = held("family-group-conferencing")["others"]
    assert others["rows"][0][0] == "CrimeSolutions" and others["rows"][0][4] == "2020-02-25"
    assert any("GRADE" in item[0]["link"] for item in held("family-group-conferencing")["not_applied"])


def test_every_page_has_its_comparison_and_leads_to_the_rules(client: Client) -> None:
    """A page with one rated outcome, none, or thirty."""
    for page in Page.objects.order_by("slug"):
        response = client.get(f"/evidence/{page.slug}/ratings/", secure=True)
        assert response.status_code == 200, page.slug
        assert "/standards/" in response.content.decode()


def test_only_what_the_approved_page_rests_on_is_shown() -> None:
    """A rating that waits for approval stays in the workspace: the numbers in its reasons are not public yet."""
    before = held("intensive-family-preservation")
    rated = Rating.objects.get(pk=before["outcomes"][0]["said"]["rows"][0][1][0]["trace"])
    assert rated.synthesis
    row = rated.synthesis.analysis.members.order_by("pk").first().contrast
    correct(by="rule", contrast=row, inputs=row.inputs | {"events1": row.inputs["events1"] + 5}, reason="Read again.")
    refresh(by="rule")
    newer = Rating.objects.current().get(scheme=rated.scheme, synthesis__analysis=rated.synthesis.analysis)
    assert newer.result != rated.result
    assert held("intensive-family-preservation") == before
