"""What an interest keeps people from: being asked, rating, agreeing, signing off; and that verifying finds who did so."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from tests.integration.rate.raters import Raters, a_rating, agreed, asked, compared, differences, levels, rated, signed
from whatworks.collate.models import Report as Told
from whatworks.errors import ForbiddenError
from whatworks.extract.models import Contrast, StudyDetail
from whatworks.people.interests import declare_interest, withdraw_interest
from whatworks.people.models import Interest, Organisation
from whatworks.rate.asking import replace_rater
from whatworks.rate.judging import keep_rating, say_no_interest, step_back
from whatworks.rate.models import Assessment, PersonalRating
from whatworks.rate.rated_things import thing_of

pytestmark = pytest.mark.django_db


def test_who_declared_an_interest_is_not_asked_and_hears_which(team: Raters) -> None:
    rating = a_rating()
    declare_interest(by=team.noa.pk, user=team.noa, about=rating.intervention_id, what="I sell it.")
    with pytest.raises(ForbiddenError, match=r"An interest in “.*” was declared on .*: “I sell it.”"):
        asked(team)


def test_an_interest_in_a_study_behind_it_counts(team: Raters) -> None:
    rating = a_rating()
    row = Contrast.objects.filter(intervention=rating.intervention, outcome=rating.outcome).order_by("pk").first()
    assert row is not None
    declare_interest(by=team.noa.pk, user=team.noa, about=row.study_id, what="I ran it.")
    with pytest.raises(ForbiddenError, match="I ran it"):
        asked(team)


def test_an_author_of_a_report_behind_it_cannot_rate(team: Raters) -> None:
    rating = a_rating()
    row = Contrast.objects.filter(intervention=rating.intervention, outcome=rating.outcome).order_by("pk").first()
    assert row is not None
    telling = row.study.tellings.order_by("pk").first()
    assert telling is not None
    Told.objects.filter(pk=telling.report_id).update(authors="Perch, N.; Other, O.")
    with pytest.raises(ForbiddenError, match=r"Perch, N\. is an author"):
        asked(team)


def test_an_interest_in_the_body_that_paid_counts(team: Raters) -> None:
    rating, body = a_rating(), Organisation.objects.order_by("pk").first()
    assert body is not None
    row = Contrast.objects.filter(intervention=rating.intervention, outcome=rating.outcome).order_by("pk").first()
    assert row is not None
    StudyDetail.objects.filter(study=row.study).delete()
    name = body.name.partition(" (")[0]
    StudyDetail.objects.create(id=StudyDetail.fresh(), study=row.study, funder=f"Paid by {name}")
    declare_interest(by=team.mia.pk, user=team.mia, about=body.pk, what="I work there.")
    with pytest.raises(ForbiddenError, match="I work there"):
        asked(team)


def test_an_interest_declared_meanwhile_stops_rating_moderating_and_approving(team: Raters) -> None:
    rating = a_rating()
    computed, _ = levels(rating)
    held = asked(team)
    say_no_interest(by=team.mia.pk, assessment=held)
    one = declare_interest(by=team.mia.pk, user=team.mia, about=rating.intervention_id, what="I wrote its manual.")
    with pytest.raises(ForbiddenError, match="I wrote its manual"):
        keep_rating(by=team.mia.pk, assessment=held, level=computed)
    withdraw_interest(by=team.mia.pk, interest=one, why="It was another manual.")
    for user in team.two:
        rated(held, user, computed)
    for user in (team.third, team.approver):
        declare_interest(by=user.pk, user=user, about=rating.intervention_id, what="My sister runs it.")
    with pytest.raises(ForbiddenError, match="My sister runs it"):
        agreed(held, team.third, computed)
    agreed(held, team.mia, computed)
    with pytest.raises(ForbiddenError, match="My sister runs it"):
        signed(held, team.approver)


def test_nobody_rates_before_saying_whether_they_have_an_interest(team: Raters) -> None:
    held = asked(team)
    with pytest.raises(ForbiddenError, match="Say first whether you have an interest"):
        keep_rating(by=team.mia.pk, assessment=held, level="mixed")
    assert not PersonalRating.objects.exists()


def test_who_steps_back_declares_it_and_somebody_else_is_asked(team: Raters) -> None:
    held = asked(team)
    step_back(by=team.mia.pk, assessment=held, what="I used to run it.")
    assert Interest.objects.standing().get(user=team.mia).about_id == held.intervention_id
    with pytest.raises(ForbiddenError, match="not one of the two"):
        keep_rating(by=team.mia.pk, assessment=held, level="mixed")
    replace_rater(by=team.lead.pk, assessment=held, thing=thing_of(a_rating().pk), to=team.third)
    computed, _ = levels(a_rating())
    for user in (team.noa, team.third):
        rated(held, user, computed)
    held.refresh_from_db()
    assert held.state == Assessment.COMPARING


def test_one_who_is_done_alone_opens_nothing(team: Raters) -> None:
    """Where the other stepped back, one rating would lie open and nobody could rate blind any more."""
    held = asked(team)
    step_back(by=team.mia.pk, assessment=held, what="I used to run it.")
    rated(held, team.noa, levels(a_rating())[0])
    held.refresh_from_db()
    assert held.unblinded_at is None and held.state == Assessment.JUDGING


def test_verify_finds_an_approver_who_had_an_interest_then(team: Raters) -> None:
    computed, _ = levels(a_rating())
    held = compared(team, (computed, computed))
    agreed(held, team.mia, computed)
    made = signed(held, team.approver)
    assert differences() == []
    about = a_rating().intervention_id
    late = declare_interest(by=team.approver.pk, user=team.approver, about=about, what="I run it.")
    Interest.objects.filter(pk=late.pk).update(declared_on=timezone.localdate() + datetime.timedelta(days=1))
    assert differences() == [], "an interest of later does not undo what was signed before"
    Interest.objects.filter(pk=late.pk).update(declared_on=timezone.localdate() - datetime.timedelta(days=9))
    assert [(one.identifier, one.what) for one in differences()] == [
        (made.pk, "an approver had an interest in what was judged")
    ]
