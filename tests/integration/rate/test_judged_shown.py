"""What people judged of a study, a review and a finding reaches its public page, with who says so; and goes when taken back."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.integration.rate.raters import Raters, a_rating, agreed, asked, compared, levels, rated, signed
from whatworks.extract.models import Contrast, Study
from whatworks.ledger.models import Artefact
from whatworks.ledger.work import work_off
from whatworks.publish.actions import approve
from whatworks.publish.models import Draft, Page
from whatworks.rate.approving import take_back
from whatworks.rate.judged import emmie_of, judged_about
from whatworks.rate.models import Assessment
from whatworks.rate.rated_things import thing_of
from whatworks.screen.models import Review

pytestmark = pytest.mark.django_db

THREATS = ("confounding", "concurrent_interventions", "experimental_effects", "fidelity", "missing_data", "measurement",
           "selective_reporting")  # fmt: skip
PADLOCK = {
    "design": "randomised",
    "mdes": 0.25,
    "attrition": 12.0,
    "directions": "unknown",
    **dict.fromkeys(THREATS, "low"),
}
A_REVIEW = {"studies_in_review": 6, "methods_explicit": True, "search_stated": True, "outcome_measured": True}
TRUSTED = {"methodological_limitations": "minor", "coherence": "none", "adequacy": "moderate", "relevance": "none"}
FINDING = "Drivers felt that the limit was fair."


def judged(team: Raters, about: str, scheme: str, given: dict[str, Any], level: str, **told: Any) -> Assessment:
    """Two rate a thing alike to the end, agree, and an approver signs it off."""
    thing = thing_of(about, scheme, finding=told.pop("finding", ""))
    said = {name: {"value": value, "reason": f"Because of {name}."} for name, value in given.items()}
    held = asked(team, thing)
    for user in team.two:
        rated(held, user, level, said)
    agreed(held, team.third, level, answers=said, **told)
    signed(held, team.approver)
    return held


def words(client: Client, at: str) -> str:
    page = client.get(at, secure=True)
    assert page.status_code == 200, at
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def a_page() -> tuple[Page, Study]:
    page = Page.objects.get(intervention=a_rating().intervention)
    row = Contrast.objects.about(page.intervention).exclude(formula="").order_by("pk").first()
    assert row is not None
    return page, row.study


def stale(page: Page) -> bool:
    newest = page.newest()
    assert newest is not None
    return Artefact.objects.stale().filter(pk=newest.pk).exists()


def republished(page: Page) -> None:
    """What follows a judgement: the would-be page is made, and an editor approves it."""
    work_off()
    assert Draft.objects.filter(page=page).exists()
    approve(by="rule", page=page, what_changed="People judged something behind it.")
    assert not stale(page)
    left = list(Artefact.objects.current().exclude(stale_event="").values_list("subject__kind", flat=True))
    assert "synthesis" not in left and "rating" not in left, "nothing that came out the same stays marked"


def test_the_padlocks_of_a_study_are_on_its_page_with_every_rule(team: Raters, client: Client) -> None:
    """A rating that two people made and nobody can read was made for nothing."""
    page, study = a_page()
    at = f"/studies/{study.pk}/"
    assert "How secure its result is" not in words(client, at), "no empty box before anybody rated it"
    held = judged(team, study.pk, "eef-trial-padlock", PADLOCK, "high")
    told = words(client, at)
    assert "High (4 padlocks)" in told and "signed off by an approver who was neither, on" in told
    assert "smallest effect the trial could find: 0.25" in told and "no higher than High (4 padlocks)" in told
    assert "The design is randomised, with an analysis that fits." in told, "rules that did not hold are told too"
    assert "Because of attrition." in told and "What would change this?" in told
    assert stale(page), "its page says so until an editor has looked"
    assert "padlock" not in words(client, f"/evidence/{page.slug}/"), "what an editor has not approved is not shown"
    republished(page)
    assert "High (4 padlocks)" in words(client, f"/evidence/{page.slug}/")
    take_back(by=team.approver.pk, assessment=held, why="The trial's report was read wrongly.")
    told = words(client, at)
    assert "High (4 padlocks)" not in told and "was taken back" in told and "read wrongly" in told
    assert stale(page)
    republished(page)
    assert "High (4 padlocks)" not in words(client, f"/evidence/{page.slug}/")


def test_another_level_than_the_rules_is_shown_with_its_reason(team: Raters, client: Client) -> None:
    _, study = a_page()
    judged(team, study.pk, "eef-trial-padlock", PADLOCK, "moderate-to-high", override="Two schools left at once.")
    told = words(client, f"/studies/{study.pk}/")
    assert "People gave “Moderate to high (3 padlocks)” where the rules give “High (4 padlocks)”" in told
    assert "Two schools left at once." in told and "the level that the rules give?" in told


def test_emmie_stands_by_dimension_and_what_nobody_rated_says_so(team: Raters, client: Client) -> None:
    """Five dimensions, no total; a dimension without a rating is not a nought."""
    page, study = a_page()
    judged(team, study.review_id, "emmie-economics", A_REVIEW | {"economics": "direct"}, "direct")
    assert stale(page)
    republished(page)
    told = words(client, f"/evidence/{page.slug}/")
    assert "1 of 4: direct costs or benefits" in told and "never added up" in told
    assert told.count("Nobody has rated this by EMMIE yet.") == 4
    beside = words(client, f"/evidence/{page.slug}/ratings/")
    assert "1 of 4: direct costs or benefits" in beside
    left = beside.partition("Not applied here")[2]
    assert "CERQual" in left and "EMMIE" not in left


def test_each_dimension_comes_from_the_review_best_on_it(team: Raters) -> None:
    """An older review may say more on costs than the newest."""
    _, study = a_page()
    first = study.review
    other = Review.objects.register(
        slug="another", title="Another review", question="?", theme=first.theme, sort="sourced", conducted_by="Others"
    )
    judged(team, first.pk, "emmie-economics", A_REVIEW | {"economics": "direct"}, "direct")
    judged(team, other.pk, "emmie-economics", A_REVIEW | {"economics": "bearers"}, "bearers")
    found = emmie_of([first, other])
    assert found["economics"] is not None and found["economics"].about == other.pk
    assert [name for name, one in found.items() if one is None] == [
        "effect",
        "mechanism",
        "moderator",
        "implementation",
    ]


def test_a_finding_that_people_trust_stands_with_the_voices(team: Raters, client: Client) -> None:
    """What people said stands apart from effects, each finding with how far it is trusted; the newest counts."""
    page, _ = a_page()
    about = page.intervention_id
    judged(team, about, "cerqual", TRUSTED | {"overall": "moderate"}, "moderate", finding=FINDING)
    assert stale(page)
    republished(page)
    told = words(client, f"/evidence/{page.slug}/")
    assert FINDING in told and "We hold nothing that children" not in told
    newest = page.newest()
    assert newest is not None
    voices = next(one for one in newest.content["chapters"] if one["title"] == "What children and families say")
    assert voices["small"] == "What studies heard"
    assert FINDING in words(client, f"/evidence/{page.slug}/ratings/")
    judged(team, about, "cerqual", TRUSTED | {"adequacy": "serious", "overall": "low"}, "low", finding=FINDING)
    assert [one.level for one in judged_about([about], "cerqual")] == ["low"], "the same finding is told once"


def test_the_comparison_says_of_each_rating_whether_people_judged_it(team: Raters, client: Client) -> None:
    """A computed level and one that three people stand behind must not look alike."""
    rating = a_rating()
    computed, other = levels(rating)
    at = f"/evidence/{Page.objects.get(intervention=rating.intervention).slug}/ratings/"
    assert "Computed by rule, not yet judged by people: provisional." in words(client, at)
    held = compared(team, (other, other))
    agreed(held, team.third, other, override="They measured it alike.")
    signed(held, team.approver)
    told = words(client, at)
    assert "Why people gave another level: They measured it alike." in told and "on " in told
    assert computed != other


def test_an_older_revision_without_these_is_read_as_it_was(team: Raters, client: Client) -> None:
    page, study = a_page()
    judged(team, study.pk, "eef-trial-padlock", PADLOCK, "high")
    republished(page)
    assert "padlocks" not in words(client, f"/evidence/{page.slug}/revisions/1/")
    assert "padlocks" in words(client, f"/evidence/{page.slug}/revisions/2/")
