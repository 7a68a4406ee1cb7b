"""The living answer: a correction travels up, the public sees that, a person decides, and all of it can be recomputed."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection

from tests.integration.rate.raters import agreed, compared, raters, signed
from whatworks.archive.verifying import verify_centre
from whatworks.collate.actions import mark_retracted
from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Artefact
from whatworks.publish.actions import approve, refresh
from whatworks.publish.models import Draft, Page
from whatworks.publish.presenters import stale_notice
from whatworks.rate.models import Rating
from whatworks.rate.rated_things import thing_of
from whatworks.screen.actions import judge
from whatworks.synthesise.models import Synthesis

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]


def pooled_contrast() -> Contrast:
    synthesis = Synthesis.objects.current().filter(role=Synthesis.DEFAULT).order_by("pk").first()
    assert synthesis is not None
    return Contrast.objects.get(pk=synthesis.inputs[0]["contrast"])


def page_of(contrast: Contrast) -> Page:
    intervention = contrast.intervention.part_of or contrast.intervention
    return Page.objects.get(intervention=intervention)


def put_right(contrast: Contrast, by: str = "usr-coder") -> None:
    inputs = contrast.inputs | {"events1": contrast.inputs["events1"] + 2}
    correct(by=by, contrast=contrast, inputs=inputs, reason="The table prints two more.")


def test_a_correction_moves_the_pool_only_in_a_new_result_beside_the_old() -> None:
    contrast = pooled_contrast()
    old = Synthesis.objects.current().get(role=Synthesis.DEFAULT, analysis__members__contrast=contrast)
    put_right(contrast)
    assert refresh(by="rule")["syntheses"] >= 1
    new = Synthesis.objects.current().get(role=Synthesis.DEFAULT, analysis=old.analysis)
    assert new.pk != old.pk and new.result["estimate"] != old.result["estimate"]
    assert Artefact.objects.get(pk=old.pk).superseded_by == new.pk
    old.refresh_from_db()
    assert verify_centre()["ok"]


def test_the_page_goes_stale_and_shows_its_approved_numbers_until_a_person_approves() -> None:
    contrast = pooled_contrast()
    page = page_of(contrast)
    shown = page.newest()
    assert shown is not None and stale_notice(shown) is None
    put_right(contrast)
    refresh(by="rule")
    assert page.newest() == shown
    notice = stale_notice(shown)
    assert notice is not None and "corrected" in notice["text"]
    waiting = Draft.objects.get(page=page)
    second = approve(by="usr-editor", page=page, what_changed="A count was put right.", seen=digest(waiting.content))
    assert (second.number, page.newest()) == (shown.number + 1, second)
    assert stale_notice(second) is None
    assert verify_centre()["ok"]


def test_a_number_put_right_and_back_leaves_the_page_as_it_was() -> None:
    contrast = pooled_contrast()
    before = dict(contrast.inputs)
    put_right(contrast)
    refresh(by="rule")
    contrast.refresh_from_db()
    correct(by="usr-coder", contrast=contrast, inputs=before, reason="The first reading was right.")
    refresh(by="rule")
    assert Finding.objects.filter(contrast=contrast).count() >= 3
    assert verify_centre()["ok"]


def test_an_approver_who_read_another_draft_is_stopped() -> None:
    contrast = pooled_contrast()
    put_right(contrast)
    refresh(by="rule")
    with pytest.raises(ConflictError, match="has changed since you read it"):
        approve(by="usr-editor", page=page_of(contrast), what_changed="x", seen="0" * 64)


def test_a_new_revision_needs_words_for_readers() -> None:
    contrast = pooled_contrast()
    put_right(contrast)
    refresh(by="rule")
    with pytest.raises(InputError, match="what changed"):
        approve(by="usr-editor", page=page_of(contrast))


def test_nothing_to_approve_says_so() -> None:
    with pytest.raises(ConflictError, match="Nothing waits"):
        approve(by="usr-editor", page=page_of(pooled_contrast()), what_changed="x")


def test_a_new_report_taken_in_shows_on_every_page_of_its_review_until_a_person_has_looked() -> None:
    contrast = pooled_contrast()
    page, review = page_of(contrast), contrast.study.review
    judge(by="usr-one", review=review, report=contrast.report, stage="full text", decision="include")
    notice = stale_notice(page.newest())
    assert notice is not None and notice["text"] == "A new report arrived."
    refresh(by="rule")
    assert stale_notice(page.newest()) is not None, "a machine took the notice away"
    approve(by="usr-editor", page=page, what_changed="We read the new report; nothing changes.")
    assert stale_notice(page.newest()) is None


def test_a_retraction_takes_the_report_out_of_the_pool_and_says_so() -> None:
    contrast = pooled_contrast()
    page = page_of(contrast)
    before = Synthesis.objects.current().filter(role=Synthesis.DEFAULT, analysis__members__contrast=contrast).first()
    mark_retracted(
        by="usr-one", report=contrast.report, on=datetime.date(2026, 1, 2), notice_url="https://example.org/n"
    )
    notice = stale_notice(page.newest())
    assert notice is not None and "retracted" in notice["text"]
    refresh(by="rule")
    rows = [row["contrast"] for row in before.analysis.syntheses.current().get(role=Synthesis.DEFAULT).inputs]
    assert contrast.pk in {row["contrast"] for row in before.inputs} and contrast.pk not in rows
    shown = [
        row
        for outcome in Draft.objects.get(page=page).content["outcomes"]
        for row in (outcome["table"] or {"rows": []})["rows"]
    ]
    assert any("retracted on 2 January 2026" in (row["why_not"] or "") for row in shown)
    assert verify_centre()["ok"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_correction_needs_its_reason(reason: str) -> None:
    contrast = pooled_contrast()
    with pytest.raises(InputError, match="reason"):
        correct(by="usr-coder", contrast=contrast, inputs=contrast.inputs | {"events1": 1}, reason=reason)


def test_impossible_numbers_are_refused_before_anything_is_written() -> None:
    contrast = pooled_contrast()
    with pytest.raises(InputError):
        correct(by="usr-coder", contrast=contrast, inputs=contrast.inputs | {"events1": 10**9}, reason="no")
    assert Contrast.objects.get(pk=contrast.pk).inputs == contrast.inputs


@pytest.mark.parametrize("what", ["contrast", "finding", "synthesis", "rating", "revision"])
def test_a_value_changed_by_hand_is_named_with_the_pages_that_rest_on_it(what: str) -> None:
    from whatworks.ledger import triggers

    contrast = pooled_contrast()
    page = page_of(contrast)
    revision = page.newest()
    assert revision is not None
    rests = revision.subject.rests_on.values("input")
    rows = {
        "contrast": (contrast.pk, "extract_contrast", "inputs", '{"events1":1,"events2":1,"n1":9,"n2":9}'),
        "finding": (contrast.findings.first().pk, "extract_finding", "yi", 1.5),
        "synthesis": (Synthesis.objects.filter(pk__in=rests).first().pk, "synthesise_synthesis", "result", '{"k":3}'),
        "rating": (Rating.objects.filter(pk__in=rests).first().pk, "rate_rating", "result", '{"level":"better"}'),
        "revision": (revision.pk, "publish_revision", "content", "{}"),
    }
    identifier, table, column, value = rows[what]
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE identifier = %s", [value, identifier])
    triggers.install()
    verdict = verify_centre()
    assert not verdict["ok"]
    named = [one for one in verdict["differences"] if one["identifier"] == identifier]
    assert named, verdict["differences"]
    assert page.slug in {found["slug"] for found in named[0]["pages"]}


def test_two_raters_and_an_approver_before_a_rating_stops_being_provisional() -> None:
    contrast = pooled_contrast()
    page = page_of(contrast)
    rating = Rating.objects.get(pk=page.newest().content["outcomes"][0]["rating"])
    team, level = raters(), rating.result["level"]
    held = compared(team, (level, level), thing_of(rating.pk))
    agreed(held, team.lead, level)
    refresh(by="rule")
    assert page.newest().content["outcomes"][0]["provisional"]
    with pytest.raises(WhatworksError):
        signed(held, team.mia)
    signed(held, team.approver)
    refresh(by="rule")
    assert not Draft.objects.get(page=page).content["outcomes"][0]["provisional"]
