"""Two people rate blind, agree, and an approver who is neither signs it off; until then nothing of it counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.integration.rate.raters import (
    Raters,
    a_rating,
    a_result,
    agreed,
    answers,
    asked,
    compared,
    differences,
    levels,
    rated,
    signed,
)
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.models import Event
from whatworks.rate.approving import sign_off, take_back
from whatworks.rate.asking import ask_two, call_off
from whatworks.rate.judging import keep_rating, ratings_of, say_no_interest
from whatworks.rate.models import Assessment, Moderation, PersonalRating, Rating, RecordedJudgement, Signature, Signoff
from whatworks.rate.moderating import moderate, seen_of
from whatworks.rate.rated_things import thing_of
from whatworks.rate.standing import certainty_of, standing_of, standings

pytestmark = pytest.mark.django_db


def test_what_is_said_blind_is_told_to_nobody_and_counts_nowhere(team: Raters) -> None:
    rating = a_rating()
    held = asked(team)
    rated(held, team.mia, levels(rating)[0])
    with pytest.raises(ForbiddenError, match="not both said that they are done"):
        ratings_of(held)
    with pytest.raises(ForbiddenError, match="not both said that they are done"):
        agreed(held, team.noa, levels(rating)[0])
    assert standing_of(rating).state == "computed" and standing_of(rating).provisional
    payloads = " ".join(event.payload.body for event in Event.objects.filter(verb="rate.judge-blind"))
    assert "Mia" not in payloads and levels(rating)[0] not in payloads


def test_people_who_agree_with_the_rules_make_it_stand(team: Raters) -> None:
    rating = a_rating()
    level, _ = levels(rating)
    held = compared(team, (level, level))
    agreed(held, team.mia, level)
    assert standing_of(rating).provisional, "an approver has not looked"
    signed(held, team.approver)
    stands = standing_of(rating)
    assert (stands.state, stands.level, stands.provisional) == ("approved", level, False)
    assert "neither" in stands.words


def test_another_level_than_the_rules_needs_its_reason_and_says_it(team: Raters) -> None:
    rating = a_rating()
    computed, other = levels(rating)
    held = compared(team, (other, other))
    with pytest.raises(InputError, match="say why, for readers to see"):
        agreed(held, team.mia, other)
    agreed(held, team.mia, other, override="The two studies measured different things.")
    signed(held, team.approver)
    stands = standing_of(rating)
    assert (stands.state, stands.level, stands.computed) == ("overridden", other, computed)
    assert stands.reason == "The two studies measured different things."


def test_a_level_that_not_both_gave_needs_its_reason(team: Raters) -> None:
    computed, other = levels(a_rating())
    held = compared(team, (computed, other))
    with pytest.raises(InputError, match="why the level is not what both raters said"):
        agreed(held, team.third, computed)
    made = agreed(held, team.third, computed, changed={"level": "Noa had the older table."})
    assert made.how == Moderation.THIRD and made.changed == {"level": "Noa had the older table."}
    assert agreed(held, team.third, computed, changed={"level": "Noa had the older table."}).pk == made.pk


def test_two_who_agree_at_once_never_overwrite_each_other(team: Raters) -> None:
    computed, other = levels(a_rating())
    held = compared(team, (computed, other))
    before = seen_of(held)
    agreed(held, team.mia, computed, changed={"level": "We talked."})
    with pytest.raises(ConflictError, match="Somebody else recorded"):
        moderate(by=team.noa.pk, assessment=held, seen=before, level=other, changed={"level": "I."}, override="No.")
    with pytest.raises(ConflictError, match="Something else was agreed since you read it"):
        sign_off(by=team.approver.pk, assessment=held, seen=before)


@pytest.mark.parametrize("who", ["mia", "noa", "third"])
def test_nobody_signs_off_what_they_rated_or_moderated(team: Raters, who: str) -> None:
    from whatworks.people.models import Assignment

    for user in team.two:
        Assignment.objects.create(user=user, role="approver", given_by="test")
    computed, _ = levels(a_rating())
    held = compared(team, (computed, computed))
    agreed(held, team.third, computed)
    with pytest.raises(ForbiddenError, match="somebody else must sign it off"):
        signed(held, getattr(team, who))
    assert not Signoff.objects.exists()


def test_the_database_too_refuses_an_approver_who_rated(team: Raters) -> None:
    computed, _ = levels(a_rating())
    made = agreed(compared(team, (computed, computed)), team.third, computed)
    told: dict[str, Any] = {"moderation": made, "decision": "approved", "at": timezone.now()}
    told |= {"first": made.first, "second": made.second, "moderator": made.by}
    for by in (made.first, made.second, made.by):
        with pytest.raises(IntegrityError), transaction.atomic():
            Signoff.objects.create(id=Signoff.fresh(), by=by, **told)


def test_the_database_too_refuses_an_override_without_a_reason(team: Raters) -> None:
    computed, other = levels(a_rating())
    held = compared(team, (computed, computed))
    told: dict[str, Any] = {"how": "third", "first": "usr-a", "second": "usr-b", "by": "usr-c", "at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Moderation.objects.create(id="mdn-x", assessment=held, number=1, level=other, computed=computed, **told)


def test_contact_with_services_is_never_agreed_to_be_better(team: Raters) -> None:
    """No sentence says so, and no page could be built of it."""
    of = Rating.objects.current().filter(scheme="outcome-state", outcome__direction__in=["contact", "neutral"])
    one = of.order_by("pk").first()
    assert one and one.inputs["direction_kind"] == "contact"
    held = compared(team, ("better", "better"), thing_of(one.pk))
    with pytest.raises(InputError, match="never better"):
        agreed(held, team.mia, "better", override="Both of us think so.")


def test_only_an_approver_signs_off(team: Raters) -> None:
    computed, _ = levels(a_rating())
    held = compared(team, (computed, computed))
    agreed(held, team.mia, computed)
    with pytest.raises(ForbiddenError, match="the role Approver"):
        signed(held, team.lead)


def test_what_is_sent_back_is_agreed_anew(team: Raters) -> None:
    computed, _ = levels(a_rating())
    held = compared(team, (computed, computed))
    agreed(held, team.mia, computed)
    with pytest.raises(InputError, match="Say why you send it back"):
        signed(held, team.approver, approve=False)
    signed(held, team.approver, approve=False, why="Say more about the second study.")
    held.refresh_from_db()
    assert held.state == Assessment.COMPARING and standing_of(a_rating()).provisional
    agreed(held, team.noa, computed)
    signed(held, team.approver)
    assert not standing_of(a_rating()).provisional


def test_an_approval_is_taken_back_with_a_reason_and_it_is_provisional_again(team: Raters) -> None:
    rating = a_rating()
    computed, _ = levels(rating)
    held = compared(team, (computed, computed))
    agreed(held, team.mia, computed)
    signed(held, team.approver)
    with pytest.raises(InputError, match="Say why the approval is taken back"):
        take_back(by=team.approver.pk, assessment=held, why=" ")
    made = take_back(by=team.approver.pk, assessment=held, why="A study was counted twice.")
    assert take_back(by=team.approver.pk, assessment=held, why="Again.").pk == made.pk
    assert standing_of(rating).state == "computed"
    assert asked(team).pk != held.pk, "two can be asked anew"


def test_who_is_done_is_done_since_the_rules_are_shown_then(team: Raters) -> None:
    computed, other = levels(a_rating())
    held = asked(team)
    rated(held, team.mia, computed)
    with pytest.raises(ConflictError, match="does not change any more"):
        keep_rating(by=team.mia.pk, assessment=held, level=other)
    assert keep_rating(by=team.mia.pk, assessment=held, level=computed).done, "the same again is what is here"


def test_half_done_work_is_kept_question_by_question(team: Raters) -> None:
    held = asked(team, thing_of(a_result().pk, "grade"))
    say_no_interest(by=team.mia.pk, assessment=held)
    keep_rating(by=team.mia.pk, assessment=held, answers={"start": {"value": "randomised", "reason": "Both."}})
    kept = keep_rating(by=team.mia.pk, assessment=held, answers={"imprecision": {"value": 2, "reason": ""}})
    assert kept.answers["start"]["value"] == "randomised" and kept.number == 2
    with pytest.raises(InputError, match="Not answered yet: a judgement of risk of bias"):
        keep_rating(by=team.mia.pk, assessment=held, level="low", reason="So.", done=True)
    with pytest.raises(InputError, match="the most it can be"):
        keep_rating(by=team.mia.pk, assessment=held, answers={"imprecision": {"value": 7, "reason": ""}})


def test_grade_that_was_approved_is_the_certainty_of_that_result_only(team: Raters) -> None:
    result = a_result()
    theirs = certainty_of(result.analysis, result)
    held = asked(team, thing_of(result.pk, "grade"))
    rated(held, team.mia, "low", answers())
    rated(held, team.noa, "moderate", answers(indirectness=0))
    held.refresh_from_db()
    why = {"indirectness": "The families lived elsewhere.", "level": "It follows."}
    with pytest.raises(InputError, match="why a judgement of indirectness is not what both"):
        agreed(held, team.mia, "low", answers=answers())
    agreed(held, team.mia, "low", answers=answers(), changed=why)
    assert certainty_of(result.analysis, result) == theirs
    made = signed(held, team.approver).recorded
    assert made is not None and made == certainty_of(result.analysis, result)
    assert (made.level, made.domains["risk_of_bias"], made.domains["inconsistency"]) == ("low", -1, 0)
    newer = type(result)(subject_id="syn-newer", analysis=result.analysis)
    assert certainty_of(result.analysis, newer) == theirs, "nobody here has judged the newer result"


def test_a_newer_rating_is_provisional_and_tells_what_was_approved(team: Raters) -> None:
    from whatworks.ledger.actions import computed as told

    rating = a_rating()
    level, _ = levels(rating)
    held = compared(team, (level, level))
    agreed(held, team.mia, level)
    signed(held, team.approver)
    newer = Rating.objects.register(
        "rat-newer00", scheme=rating.scheme, version=rating.version, intervention=rating.intervention,
        outcome=rating.outcome, inputs=rating.inputs, result=rating.result,
    )  # fmt: skip
    told(output=newer, method="rate", version="1", inputs={}, rests_on=[], replaces=rating.pk)
    stands = standing_of(newer)
    assert stands.provisional and "People approved" in stands.earlier and "look again" in stands.earlier
    assert standing_of(rating).state == "approved", "of the old one it stands"
    every = list(Rating.objects.order_by("pk"))
    assert standings(every) == {one.pk: standing_of(one) for one in every}, "asked at once or one by one"
    with pytest.raises(ConflictError, match="newer"):
        asked(team, thing_of(rating.pk))


def test_two_signatures_of_before_still_count(team: Raters) -> None:
    from whatworks.ledger.actions import record

    rating = a_rating()
    for user in team.two:
        one = Signature.objects.create(id=Signature.fresh(), rating=rating, by=user.pk)
        record(verb="rate.sign", by=user.pk, about=[rating], payload={"signature": one.pk})
    assert standing_of(rating).state == "signed" and not standing_of(rating).provisional
    assert differences() == []
    Signature.objects.create(id=Signature.fresh(), rating=rating, by="usr-forged")
    assert [one.what for one in differences()] == ["no event left this signature"]


def test_verify_finds_what_was_changed_outside_the_ledger(team: Raters) -> None:
    from whatworks.ledger import triggers

    computed, other = levels(a_rating())
    held = compared(team, (computed, computed))
    triggers.remove()
    PersonalRating.objects.filter(rater__user=team.mia).update(level=other)
    triggers.install()
    assert [one.what for one in differences()] == ["row changed outside the ledger"]
    Assessment.objects.filter(pk=held.pk).update(title="Another")
    assert len(differences()) == 2


def test_two_different_raters_are_asked_once(team: Raters) -> None:
    thing = thing_of(a_rating().pk)
    with pytest.raises(InputError, match="two different people"):
        ask_two(by=team.lead.pk, thing=thing, users=[team.mia, team.mia])
    with pytest.raises(InputError, match="Ada Finch is no rater"):
        ask_two(by=team.lead.pk, thing=thing, users=[team.mia, team.approver])
    first = ask_two(by=team.lead.pk, thing=thing, users=team.two, key="k1")
    assert ask_two(by=team.lead.pk, thing=thing, users=team.two, key="k1").pk == first.pk
    with pytest.raises(ConflictError, match="already"):
        ask_two(by=team.lead.pk, thing=thing, users=team.two)
    call_off(by=team.lead.pk, assessment=first, why="Too early.")
    assert ask_two(by=team.lead.pk, thing=thing, users=team.two).pk != first.pk


def test_a_thing_that_cannot_be_rated_is_refused_in_a_sentence(team: Raters) -> None:
    with pytest.raises(InputError, match="Nothing that can be rated"):
        thing_of("int-nowhere")
    with pytest.raises(InputError, match="Choose by which scheme"):
        thing_of(a_result().pk, "cerqual")
    with pytest.raises(InputError, match="which qualitative finding"):
        thing_of(a_rating().intervention_id, "cerqual")


def test_what_each_said_is_never_changed(team: Raters) -> None:
    computed, other = levels(a_rating())
    compared(team, (computed, computed))
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        PersonalRating.objects.update(level=other)
    assert connection.vendor in ("sqlite", "postgresql")


def test_recorded_judgements_of_others_stay_where_nobody_judged_here(team: Raters) -> None:
    result = a_result()
    RecordedJudgement.objects.filter(analysis=result.analysis).delete()
    theirs = RecordedJudgement.objects.register(
        scheme="grade", analysis=result.analysis, design_start="randomised", domains={}, level="high", by="Them",
        source_url="https://example.org/",
    )  # fmt: skip
    assert certainty_of(result.analysis, result) == theirs
