"""The guide that ships shows what a guide looks like: honest, marked, and sure of nothing that the results are not."""

from __future__ import annotations

import pytest
from django.test import Client

from whatworks.publish.guides.presenters import package_page
from whatworks.publish.guides.problems import problems
from whatworks.publish.guides.together import show_illustrations
from whatworks.publish.methods.guide_text import whole
from whatworks.publish.models import Consultation, Guide, GuideDraft, Package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def shipped() -> Guide:
    return Guide.objects.get(illustration=True)


def test_nothing_stands_in_the_way_of_sending_it() -> None:
    """A shipped guide that breaks the house's own rules would teach them wrongly."""
    assert problems(whole(GuideDraft.objects.get(guide=shipped()).text)) == []


def test_it_is_out_as_a_draft_and_nobody_approved_it() -> None:
    guide = shipped()
    assert guide.newest() is None and Consultation.objects.filter(guide=guide).count() == 1
    shown = Client().get(f"/guides/{guide.slug}/", secure=True).content.decode()
    assert "It is not real guidance." in shown and "no person has signed it" in shown
    assert shown.count("Nobody has been asked yet.") == 2 * len(Consultation.objects.get().content["recommendations"])


def test_no_recommendation_is_surer_than_what_it_rests_on() -> None:
    for one in Consultation.objects.get().content["recommendations"]:
        held = [rest["certainty"] and rest["certainty"]["level"] for rest in one["rests"] if rest["state"]]
        expected = None if not held or None in held else min(held)
        assert (one["certainty"] and one["certainty"]["level"]) == expected, one["title"]


def test_every_number_in_it_leads_to_a_trace() -> None:
    """A number without its way back is a number somebody typed."""
    client, seen = Client(), 0
    for one in Consultation.objects.get().content["recommendations"]:
        parts = [part for run in one["why"] for part in run] + [part for rest in one["rests"] for part in rest["said"]]
        for part in parts:
            if isinstance(part, dict) and "number" in part:
                assert client.get(f"/trace/{part['trace']}/", secure=True).status_code == 200, part
                seen += 1
    assert seen > 10


def test_showing_it_again_changes_nothing() -> None:
    assert show_illustrations(by="rule:test") == [] and Consultation.objects.count() == 1


def test_its_package_shows_every_stage() -> None:
    stages = package_page(Package.objects.get(slug="leaving-care"))["stages"]
    names = [stage["stage"] for stage in stages]
    assert names == ["Start here", "Getting ready", "The last year in care", "The first years after care"]
    assert all(stage["rows"] for stage in stages)
