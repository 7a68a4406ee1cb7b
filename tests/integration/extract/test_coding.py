"""Two people code a study blind to each other; what they say is kept, once, and never lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.integration.extract.studied import Team, fill, put_up, team
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.agreement import agreement_in, agreement_of
from whatworks.extract.coding import (
    Said,
    answer,
    answer_all,
    assign_coder,
    filled_by,
    finish,
    leave_coding,
    need_coders,
    open_coding,
    resume,
    take_back_answer,
)
from whatworks.extract.models import Answer, Coding, Decided, Sheet
from whatworks.extract.reconciling import compared
from whatworks.ledger.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Team:
    return team()


@pytest.fixture
def coding(held: Team) -> Coding:
    return put_up(held, held.first, held.second)


def test_an_answer_is_kept_with_its_place_and_leaves_one_event(held: Team, coding: Coding) -> None:
    before = Event.objects.count()
    made = answer(
        by=held.first.pk, coding=coding, item="joined", value="1,204", report=held.reports[0].pk, page=3,
        place="Table 2", quote=" 1,204 joined ", rectangle=[0.1, 0.2, 0.5, 0.3], note="n",
    )  # fmt: skip
    assert Event.objects.count() == before + 1
    made.refresh_from_db()
    assert (made.value, made.page, made.place, made.quote) == (1204, 3, "Table 2", "1,204 joined")
    assert (made.rectangle, made.late, made.number) == ([0.1, 0.2, 0.5, 0.3], False, 1)
    event = Event.objects.about(made.pk).get()
    assert event.payload.audience == "internal" and "1,204 joined" not in event.payload.body


def test_the_same_request_and_the_same_answer_again_are_one_row(held: Team, coding: Coding) -> None:
    """A double click, a replayed request, and a page that saves what nobody changed."""
    told = {"by": held.first.pk, "coding": coding, "item": "joined", "value": 40}
    first = answer(**told, key="k1")
    before = Event.objects.count()
    assert answer(**told, key="k1") == answer(**told, key="k2") == answer(**told) == first
    assert (Answer.objects.count(), Event.objects.count()) == (1, before)


def test_a_request_s_name_is_not_given_twice(held: Team, coding: Coding) -> None:
    answer(by=held.first.pk, coding=coding, item="joined", value=40, key="k1")
    with pytest.raises(ConflictError, match="name of an earlier one"):
        answer(by=held.first.pk, coding=coding, item="randomised", value="no", key="k1")


def test_another_answer_is_a_new_row_and_the_old_stays(held: Team, coding: Coding) -> None:
    told = {"by": held.first.pk, "coding": coding, "item": "joined"}
    for value in (40, 41, 40):
        answer(**told, value=value)
    rows = Answer.objects.order_by("number")
    assert [(one.number, one.value) for one in rows] == [(1, 40), (2, 41), (3, 40)]
    assert [one.value for one in Answer.objects.current()] == [40]


def test_an_answer_taken_back_is_none_and_can_be_given_again(held: Team, coding: Coding) -> None:
    told = {"by": held.first.pk, "coding": coding, "item": "joined"}
    answer(**told, value=40)
    taken = take_back_answer(**told)
    assert take_back_answer(**told) == taken and not Answer.objects.current().exists()
    answer(**told, value=40)
    assert Answer.objects.current().get().number == 3
    with pytest.raises(ConflictError, match="no answer here"):
        take_back_answer(by=held.second.pk, coding=coding, item="joined")


@pytest.mark.parametrize("change", [lambda rows: rows.update(value=1), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_an_answer(held: Team, coding: Coding, change: Any) -> None:
    answer(by=held.first.pk, coding=coding, item="joined", value=40)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Answer.objects.all())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"item": "joined", "value": "many"}, "wants a number"),
        ({"item": "nothing", "value": "x"}, "has no item 'nothing'"),
        ({"item": "design", "value": "x"}, "has no item 'design'"),
        ({"item": "joined", "value": 4, "unit": "arm-x"}, "asked once for each study"),
        ({"item": "offered", "value": "usual"}, "asked once for each arm"),
        ({"item": "joined", "value": 4, "page": 0}, "no page 0"),
        ({"item": "joined", "value": 4, "report": "rep-x"}, "does not tell of this study"),
        ({"item": "joined", "value": 4, "rectangle": [0.5, 0, 0.1, 1]}, "A rectangle is"),
        ({"item": "joined", "value": 4, "rectangle": [0, 1]}, "A rectangle is"),
        ({"item": "joined", "value": 4, "quote": "x" * 5001}, "5,000 is the most"),
        ({"item": "joined", "value": 4, "place": "x" * 161}, "160 is the most"),
        ({"item": "joined", "value": 4, "note": "x" * 5001}, "at most 5,000"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(held: Team, coding: Coding, said: Any, told: str) -> None:
    before = Event.objects.count()
    both = [Said("randomised", value="no"), Said(**said)]
    with pytest.raises(InputError, match=told):
        answer_all(by=held.first.pk, coding=coding, answers=both)
    assert (Answer.objects.count(), Event.objects.count()) == (0, before)


def test_only_who_was_given_the_form_answers(held: Team, coding: Coding) -> None:
    for action in (finish, resume):
        with pytest.raises(ForbiddenError, match="You do not code this study"):
            action(by=held.third.pk, coding=coding)
    with pytest.raises(ForbiddenError):
        answer(by=held.third.pk, coding=coding, item="joined", value=1)
    with pytest.raises(InputError, match="no coding cdg-none"):
        answer(by=held.third.pk, coding="cdg-none", item="joined", value=1)


def test_coders_are_blind_until_both_are_done(held: Team, coding: Coding) -> None:
    """One who sees the other's answers copies them, and agreement means nothing."""
    fill(held, coding, held.first)
    fill(held, coding, held.second, done=False, joined=50)
    coding.refresh_from_db()
    assert (coding.state, coding.unblinded_at) == (Coding.CODING, None)
    for who in (held.first, held.second, held.third, held.lead):
        seen = set(Answer.objects.seen_by(who.pk).values_list("sheet__user", flat=True))
        assert seen <= {who.pk}
        with pytest.raises(ForbiddenError, match="have not all said that they are done"):
            compared(coding, by=who.pk)
    assert not Decided.objects.exists() and agreement_of(coding) == ()
    finish(by=held.second.pk, coding=coding)
    coding.refresh_from_db()
    assert coding.state == Coding.RECONCILING and coding.unblinded_at is not None
    assert Answer.objects.seen_by(held.third.pk).count() == Answer.objects.count()


def test_nobody_is_done_while_something_required_is_missing(held: Team, coding: Coding) -> None:
    with pytest.raises(InputError, match=r"Was it randomised.*People who joined.* and 1 more are without an answer"):
        finish(by=held.first.pk, coding=coding)
    fill(held, coding, held.first, done=False)
    sheet = Sheet.objects.get(user=held.first)
    assert filled_by(sheet).complete
    answer(by=held.first.pk, coding=coding, item="randomised", value="yes")
    assert filled_by(sheet).missing == (("drawn", ""),), "another answer may ask for more"


def test_done_can_be_taken_back_until_the_other_is_done_too(held: Team, coding: Coding) -> None:
    fill(held, coding, held.first)
    assert finish(by=held.first.pk, coding=coding).done_at is not None, "twice is once"
    assert resume(by=held.first.pk, coding=coding).done_at is None
    fill(held, coding, held.second)
    finish(by=held.first.pk, coding=coding)
    with pytest.raises(ConflictError, match="see each other's answers already"):
        resume(by=held.first.pk, coding=coding)


def test_a_study_has_as_many_coders_as_it_needs(held: Team, coding: Coding) -> None:
    with pytest.raises(ConflictError, match="has its 2 coders"):
        assign_coder(by=held.lead.pk, coding=coding, user=held.third)
    assert assign_coder(by=held.lead.pk, coding=coding, user=held.first).place == 1, "twice is once"
    assert Sheet.objects.count() == 2
    assert open_coding(by=held.lead.pk, study=held.study, frame=held.frame) == coding


def test_who_leaves_keeps_their_answers_and_another_takes_the_place(held: Team, coding: Coding) -> None:
    answer(by=held.first.pk, coding=coding, item="joined", value=7)
    leave_coding(by=held.lead.pk, coding=coding, user=held.first)
    with pytest.raises(ForbiddenError):
        answer(by=held.first.pk, coding=coding, item="joined", value=8)
    assign_coder(by=held.lead.pk, coding=coding, user=held.third)
    fill(held, coding, held.second)
    fill(held, coding, held.third)
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED
    assert Answer.objects.current().filter(sheet__user=held.first).get().value == 7
    assert Decided.objects.standing().get(item="joined").value == 40, "an unfinished form does not count"
    with pytest.raises(ConflictError, match="nobody can code this study blind"):
        assign_coder(by=held.lead.pk, coding=coding, user=held.first)


def test_who_was_done_before_they_left_counts_and_can_come_back(held: Team, coding: Coding) -> None:
    fill(held, coding, held.first)
    leave_coding(by=held.lead.pk, coding=coding, user=held.first)
    with pytest.raises(ConflictError, match="has its 2 coders"):
        assign_coder(by=held.lead.pk, coding=coding, user=held.third)
    fill(held, coding, held.second)
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED
    assign_coder(by=held.lead.pk, coding=coding, user=held.first)
    assert answer(by=held.first.pk, coding=coding, item="joined", value=99).late


def test_one_coder_can_be_enough_and_that_is_said(held: Team, coding: Coding) -> None:
    fill(held, coding, held.first)
    with pytest.raises(InputError, match="Say why"):
        need_coders(by=held.lead.pk, coding=coding, needed=1, why=" ")
    made = need_coders(by=held.lead.pk, coding=coding, needed=1, why="The second coder left.")
    assert made.state == Coding.SETTLED
    assert set(Decided.objects.values_list("how", flat=True)) == {"single"}
    with pytest.raises(ConflictError, match="cannot change any more"):
        need_coders(by=held.lead.pk, coding=coding, needed=2, why="Again.")
    with pytest.raises(InputError, match="one or two people, not 3"):
        need_coders(by=held.lead.pk, coding=coding, needed=3, why="More.")


def test_agreement_is_of_the_answers_before_they_saw_each_other_s(held: Team, coding: Coding) -> None:
    """Coders who change their minds after they talked agree perfectly: that is not what is asked."""
    fill(held, coding, held.first, country="Wales")
    fill(held, coding, held.second, country="England", randomised="yes", drawn="coin")
    before = agreement_in(held.review, held.frame)
    answer(by=held.second.pk, coding=coding, item="country", value="Wales")
    assert agreement_in(held.review, held.frame) == before == agreement_of(Coding.objects.get())
    told = {one.item: (one.agreed, one.n) for one in before}
    assert told["country"] == (0, 1) and told["offered"] == (2, 2)
    assert "drawn" not in told, "what only one of them was asked is one disagreement, not two"
