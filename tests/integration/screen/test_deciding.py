"""A team decides: what counts, what is a conflict, what happens to second thoughts, late answers and those who leave."""

from __future__ import annotations

import pytest

from tests.integration.screen.team import FULL, TITLE, imported, next_for, person, review_of
from whatworks.collate.models import Import
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.people.actions import give_roles
from whatworks.people.models import User
from whatworks.screen.deciding import remark, say, set_retrieved, take_back
from whatworks.screen.lifting import lift
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Judgement, Opinion, Place, Review, Screener
from whatworks.screen.queueing import next_places, waiting_for
from whatworks.screen.reviewing import join, leave
from whatworks.screen.signing import sign_stop, untouched
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[User]:
    return [person(name) for name in ("ada", "ben", "cas")]


@pytest.fixture
def review(people: list[User]) -> Review:
    held = review_of(*people)
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(12)])
    return held


def standing(review: Review, stage: str = TITLE) -> list[str]:
    return sorted(review.judgements.standing().filter(stage=stage).values_list("decision", flat=True))


def first(review: Review, stage: str = TITLE) -> Candidate:
    return Candidate.objects.at(review, stage).order_by("number")[0]


def both_say(people: list[User], one: Candidate, *decisions: str) -> Candidate:
    for user, decision in zip(people, decisions, strict=False):
        say(by=user.pk, candidate=one.pk, decision=decision)
    one.refresh_from_db()
    return one


def test_every_report_is_up_once_with_as_many_opinions_as_the_protocol_wants(review: Review) -> None:
    """A report that is up twice is screened twice; one that is not is lost."""
    rows = Candidate.objects.filter(review=review)
    assert (rows.count(), set(rows.values_list("needed", "state"))) == (12, {(2, "open")})
    assert review.waves.get().added == 12


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (("include", "include"), "include"),
        (("exclude", "exclude"), "exclude"),
        (("include", "maybe"), "include"),
        (("include", "exclude"), "conflict"),
        (("maybe", "exclude"), "conflict"),
        (("include",), "open"),
    ],
)
def test_two_agree_or_it_is_a_conflict(people: list[User], review: Review, said: tuple[str, ...], state: str) -> None:
    """One of two must never decide alone, and doubt is no reason to leave out."""
    one = both_say(people, first(review), *said)
    assert one.state == state
    assert standing(review) == ([state] if state in ("include", "exclude") else [])
    up = Candidate.objects.at(review, FULL).count()
    assert up == (1 if state == "include" else 0)


def test_a_third_person_decides_a_conflict_and_not_one_of_the_two(people: list[User], review: Review) -> None:
    """Whoever is overruled would otherwise overrule in turn."""
    one = both_say(people, first(review), "include", "exclude")
    with pytest.raises(ForbiddenError, match="those who differ"):
        say(by=people[1].pk, candidate=one.pk, decision="exclude", third=True)
    say(by=people[2].pk, candidate=one.pk, decision="exclude", reason="Wrong design", third=True)
    one.refresh_from_db()
    judgement = review.judgements.standing().get()
    assert (one.state, judgement.by, judgement.reason) == ("exclude", people[2].pk, "Wrong design")
    with pytest.raises(ConflictError, match="not in conflict"):
        say(by=people[2].pk, candidate=one.pk, decision="include", third=True)


def test_a_change_of_mind_settles_a_conflict(people: list[User], review: Review) -> None:
    """The two talked it over; both of the first answers stay in the history."""
    one = both_say(people, first(review), "include", "exclude")
    remark(by=people[0].pk, candidate=one.pk, text="See the abstract: families at home.")
    say(by=people[1].pk, candidate=one.pk, decision="include")
    one.refresh_from_db()
    assert (one.state, Opinion.objects.filter(candidate=one).count()) == ("include", 3)


def test_taking_back_draws_everything_anew(people: list[User], review: Review) -> None:
    """An undo that leaves the judgement, or the full text up, has undone nothing."""
    one = both_say(people, first(review), "include", "include")
    take_back(by=people[1].pk, candidate=one.pk)
    one.refresh_from_db()
    assert (one.state, one.said, one.judgement, standing(review)) == ("open", 1, None, [])
    assert Candidate.objects.at(review, FULL).get().state == Candidate.GONE
    held = next_places(by=people[1].pk, review=review, stage=TITLE, count=1)
    assert held[0].candidate_id == one.pk, "what was taken back comes next"
    say(by=people[1].pk, candidate=one.pk, decision="include")
    assert Candidate.objects.at(review, FULL).get().state == Candidate.OPEN
    assert Judgement.objects.filter(review=review).count() == 2, "the first judgement stays, withdrawn"


def test_the_same_request_twice_is_one_opinion(people: list[User], review: Review) -> None:
    """A phone that was offline sends again what may have arrived."""
    one = first(review)
    made = [say(by=people[0].pk, candidate=one.pk, decision="include", key="abc") for _ in range(3)]
    clicked = say(by=people[0].pk, candidate=one.pk, decision="include")
    assert {row.pk for row in made} == {clicked.pk} == {Opinion.objects.get().pk}
    with pytest.raises(ConflictError, match="somebody else"):
        say(by=people[1].pk, candidate=one.pk, decision="include", key="abc")
    with pytest.raises(ConflictError, match="name of an earlier one"):
        say(by=people[0].pk, candidate=one.pk, decision="exclude", key="abc")
    other = Candidate.objects.at(review, TITLE).order_by("number")[1]
    with pytest.raises(ConflictError, match="name of an earlier one"):
        say(by=people[0].pk, candidate=other.pk, decision="include", key="abc")
    with pytest.raises(ConflictError, match="name of an earlier one"):
        take_back(by=people[0].pk, candidate=one.pk, key="abc")
    assert Opinion.objects.count() == 1


def test_what_no_database_keeps_is_left_out_or_said(people: list[User], review: Review) -> None:
    """A zero byte, or a reason too long for its column, is no reason to answer with an error page."""
    held = review_of(*people, title="No reasons", reasons=())
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(1, start=900)])
    one = first(held)
    with pytest.raises(InputError, match="at most 120 characters"):
        say(by=people[0].pk, candidate=one.pk, decision="exclude", reason="x" * 121)
    made = say(by=people[0].pk, candidate=one.pk, decision="exclude", reason="wrong\0 age", note="\0")
    assert (made.reason, made.note) == ("wrong age", "")


def test_a_full_text_needs_a_reason_of_the_review(people: list[User], review: Review) -> None:
    """PRISMA reports the reasons."""
    both_say(people, first(review), "include", "include")
    full = first(review, FULL)
    with pytest.raises(InputError, match="needs a reason"):
        say(by=people[0].pk, candidate=full.pk, decision="exclude")
    with pytest.raises(InputError, match="not one of this review's reasons"):
        say(by=people[0].pk, candidate=full.pk, decision="exclude", reason="Dull")
    say(by=people[0].pk, candidate=full.pk, decision="exclude", reason="Wrong design")
    assert standing(review, FULL) == ["exclude"]


def test_a_full_text_that_cannot_be_had_is_said_so_and_back(people: list[User], review: Review) -> None:
    """Not retrieved is neither in nor out."""
    both_say(people, first(review), "include", "include")
    full = first(review, FULL)
    set_retrieved(by=people[0].pk, candidate=full.pk, retrieved=False)
    assert next_for(people[0], review, FULL) is None
    set_retrieved(by=people[0].pk, candidate=full.pk, retrieved=True)
    assert next_for(people[0], review, FULL) == full


def test_nobody_is_handed_what_two_others_hold(people: list[User], review: Review) -> None:
    """Three people, two places: the third would work for nothing."""
    handed = [next_for(user, review) for user in people]
    assert handed[0] == handed[1] != handed[2]


def test_who_leaves_gives_back_what_they_hold_and_keeps_what_they_said(people: list[User], review: Review) -> None:
    """Removing somebody must not leave a report that nobody can finish."""
    one = next_for(people[0], review)
    assert one is not None
    say(by=people[1].pk, candidate=one.pk, decision="include")
    join(by=people[0].pk, review=review, user=people[1], part=Screener.LEAD)
    leave(by=people[1].pk, review=review, user=people[0])
    assert not Place.objects.filter(by=people[0].pk, done=False).exists()
    with pytest.raises(ForbiddenError, match="do not take part"):
        say(by=people[0].pk, candidate=one.pk, decision="include")
    say(by=people[2].pk, candidate=one.pk, decision="include")
    one.refresh_from_db()
    assert one.state == "include"


def test_the_last_lead_stays(people: list[User], review: Review) -> None:
    """A review without a lead can never be stopped or settled."""
    with pytest.raises(InputError, match="needs a lead"):
        leave(by=people[0].pk, review=review, user=people[0])


def test_only_who_is_in_charge_says_who_takes_part(people: list[User], review: Review) -> None:
    """Whoever could add themselves could decide; a program that calls the action has no page before it."""
    outsider = person("dan")
    for by in (people[1].pk, outsider.pk, "cli"):
        with pytest.raises(ForbiddenError, match="Only a lead of this review, or an administrator"):
            join(by=by, review=review, user=outsider)
        with pytest.raises(ForbiddenError, match="Only a lead of this review, or an administrator"):
            leave(by=by, review=review, user=people[2])
    give_roles(by="cli", who=outsider.pk, roles=["administrator"])
    assert join(by=outsider.pk, review=review, user=people[1], part=Screener.LEAD).part == Screener.LEAD
    with pytest.raises(ForbiddenError, match="Only a lead"):
        sign_stop(by=outsider.pk, review=review, stage=TITLE, seen=12, why="An administrator judges no evidence.")


def test_a_lead_who_cannot_sign_in_is_no_lead(people: list[User], review: Review) -> None:
    """The last who can must not leave because the name of one who cannot stands beside theirs."""
    ada, ben, cas = people
    join(by=ada.pk, review=review, user=ben, part=Screener.LEAD)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    for act in (lambda: leave(by=ben.pk, review=review, user=ben), lambda: join(by=ben.pk, review=review, user=ben)):
        with pytest.raises(InputError, match="A review needs a lead"):
            act()
    with pytest.raises(ForbiddenError, match="Only a lead"):
        join(by=ada.pk, review=review, user=cas, part=Screener.LEAD)
    ada.refresh_from_db()
    with pytest.raises(InputError, match="cannot sign in any more"):
        join(by=ben.pk, review=review, user=ada, part=Screener.LEAD)
    assert leave(by=ben.pk, review=review, user=ada).until is not None


def test_near_identical_reports_are_decided_once(people: list[User]) -> None:
    """Nobody reads the same abstract four times."""
    held = review_of(*people, title="Alike")
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(4, same=True)])
    leader = first(held)
    assert Candidate.objects.filter(as_one=leader).count() == 3
    assert waiting_for(by=people[0].pk, review=held, stage=TITLE) == 1
    both_say(people, leader, "exclude", "exclude")
    assert standing(held) == ["exclude"] * 4
    take_back(by=people[0].pk, candidate=leader.pk)
    assert standing(held) == []


def test_a_core_screener_is_in_every_pair(people: list[User]) -> None:
    """Two newcomers must not decide between them."""
    held = review_of(*people, title="Core", title_rules=StageRules("core"))
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(3)])
    newcomers = [next_places(by=user.pk, review=held, stage=TITLE, count=5) for user in people[1:]]
    places = [(place.candidate_id, place.slot) for found in newcomers for place in found]
    assert len(places) == len(set(places)) == 3
    assert {slot for _, slot in places} == {2}
    assert len(next_places(by=people[0].pk, review=held, stage=TITLE, count=5)) == 3


def test_a_stop_is_signed_by_a_lead_and_leaves_out_only_what_nobody_touched(people: list[User], review: Review) -> None:
    """A half-screened report left behind would be neither in nor out."""
    half = first(review)
    say(by=people[0].pk, candidate=half.pk, decision="include")
    told = {"review": review, "stage": TITLE}
    with pytest.raises(ForbiddenError, match="Only a lead"):
        sign_stop(by=people[1].pk, **told, seen=11)
    with pytest.raises(ConflictError, match="look at the new numbers"):
        sign_stop(by=people[0].pk, **told, seen=5)
    with pytest.raises(InputError, match="say why"):
        sign_stop(by=people[0].pk, **told, seen=11)
    stop = sign_stop(by=people[0].pk, **told, seen=11, why="The money has run out.")
    assert (stop.unscreened, stop.early, untouched(review, TITLE).count()) == (11, True, 0)
    assert (stop.rule, stop.numbers["total"], stop.numbers["screened"]) == ("hypergeometric", 12, 0)
    assert stop.sentence.startswith("Reading stopped before the protocol's rule was met, with no relevant report found")
    with pytest.raises(ForbiddenError, match="Only a lead"):
        lift(by=people[1].pk, stop=stop, why="I should like to go on.")
    assert review.stops.standing().count() == 1
    assert next_for(people[1], review) == half, "what one has judged is finished"
    add_search(by=people[0].pk, review=review, name="Another", imports=[imported(3, name="another", start=50)])
    assert not Candidate.objects.filter(review=review, state=Candidate.UNSCREENED).exists(), "there is more to screen"
    assert review.stops.standing().count() == 0


def test_a_search_added_later_counts_only_what_is_new(people: list[User], review: Review) -> None:
    """The same import twice would be counted twice; a report known already is a duplicate."""
    with pytest.raises(ConflictError, match="were added before"):
        add_search(by=people[0].pk, review=review, name="Again", imports=[Import.objects.get()])
    known = [first(review).report]
    wave = add_search(by=people[0].pk, review=review, name="By hand", reports=known, route="other")
    assert (wave.records, wave.added) == (1, 0)


def test_an_answer_that_comes_late_is_kept_and_counts(people: list[User], review: Review) -> None:
    """Somebody was offline; their place went to another. What they said is not lost, nor does it overrule."""
    one = both_say(people, first(review), "exclude", "exclude")
    say(by=people[2].pk, candidate=one.pk, decision="include")
    one.refresh_from_db()
    assert (one.state, one.said, standing(review)) == ("conflict", 3, [])
