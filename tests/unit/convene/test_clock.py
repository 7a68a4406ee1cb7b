"""The clock of enquiries: clarification, extension, review, each allowed and refused; lateness is worked out when read."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.convene.enquiring_calendar import bank_holidays, clocks
from whatworks.convene.methods import clock
from whatworks.convene.methods.clock import Happened, Standing, lateness, left, run, very_late
from whatworks.errors import InputError

Day = datetime.date
UK = bank_holidays()
FOIA, EIR, OWN = clocks()["foia"], clocks()["eir"], clocks()["own-data"]
RECEIVED = Day(2018, 3, 1)  # due 3 April


def after(*happened: Happened, rule: clock.Rule = FOIA, received: Day = RECEIVED) -> Standing:
    """Where it stands after these."""
    return run(rule, received, happened, UK)


def test_received_it_is_due_on_the_twentieth_working_day() -> None:
    """The day of receipt is not counted."""
    assert after() == Standing("received", RECEIVED, Day(2018, 4, 3), RECEIVED, Day(2018, 4, 3))


def test_asking_back_stops_the_clock_and_the_answer_starts_it_anew() -> None:
    """Not from where it stood: a new twenty days, as if it had come on the day of the answer."""
    asked = after(Happened(clock.ASK, Day(2018, 3, 20)))
    assert (asked.state, asked.due_on) == ("clarifying", None)
    answered = after(Happened(clock.ASK, Day(2018, 3, 20)), Happened(clock.REPLY, Day(2018, 7, 2)))
    assert (answered.state, answered.due_on) == ("received", Day(2018, 7, 31))


def test_asking_back_when_it_is_late_stops_nothing() -> None:
    """Else whoever is late asks something, and is in time again."""
    after(Happened(clock.ASK, Day(2018, 4, 3)))
    with pytest.raises(InputError, match="due on 3 April 2018"):
        after(Happened(clock.ASK, Day(2018, 4, 4)))


def test_the_public_interest_takes_twenty_days_more() -> None:
    """Told on the last day, with the exemption named."""
    standing = after(Happened(clock.EXTEND, Day(2018, 4, 3), "s22"))
    assert standing.due_on == UK.after(RECEIVED, 40) == Day(2018, 5, 1)


def test_more_time_after_day_twenty_is_refused() -> None:
    """The Act lets nobody take more time once the first is over."""
    with pytest.raises(InputError, match="by 3 April 2018"):
        after(Happened(clock.EXTEND, Day(2018, 4, 4), "s22"))


@pytest.mark.parametrize("exemption", ["", "   "])
def test_more_time_must_name_the_exemption(exemption: str) -> None:
    """Who asked must be able to see what is weighed."""
    with pytest.raises(InputError, match="exemption"):
        after(Happened(clock.EXTEND, Day(2018, 3, 20), exemption))


def test_more_time_is_taken_once() -> None:
    """A second extension would have no end."""
    with pytest.raises(InputError, match="longer once"):
        after(Happened(clock.EXTEND, Day(2018, 3, 20), "s22"), Happened(clock.EXTEND, Day(2018, 3, 21), "s35"))


def test_environmental_information_needs_no_exemption_for_more_time() -> None:
    """There it is the size of the request that counts."""
    assert after(Happened(clock.EXTEND, Day(2018, 3, 20)), rule=EIR).due_on == UK.after(RECEIVED, 40)


def test_after_the_clock_began_anew_more_time_is_told_inside_the_new_twenty() -> None:
    """The first twenty days are those that run."""
    begun = (Happened(clock.ASK, Day(2018, 3, 20)), Happened(clock.REPLY, Day(2018, 7, 2)))
    assert after(*begun, Happened(clock.EXTEND, Day(2018, 7, 31), "s22")).due_on == UK.after(Day(2018, 7, 2), 40)
    with pytest.raises(InputError):
        after(*begun, Happened(clock.EXTEND, Day(2018, 8, 1), "s22"))


def test_ones_own_data_within_a_month_and_two_more() -> None:
    """A month that ends on a Saturday ends on Monday; of a question back the days that it took are added."""
    assert after(rule=OWN, received=Day(2026, 9, 3)).due_on == Day(2026, 10, 5)
    assert after(Happened(clock.EXTEND, Day(2026, 10, 1)), rule=OWN, received=Day(2026, 9, 1)).due_on == Day(
        2026, 12, 1
    )
    waited = (Happened(clock.ASK, Day(2026, 9, 10)), Happened(clock.REPLY, Day(2026, 9, 24)))
    assert after(*waited, rule=OWN, received=Day(2026, 9, 1)).due_on == Day(2026, 10, 15)


def test_a_review_within_its_own_clock() -> None:
    """Asked within forty working days of the answer; twenty to do it, twenty more when told in time; once."""
    answered = Happened(clock.ANSWER, Day(2018, 4, 3))
    last = UK.after(Day(2018, 4, 3), 40)
    standing = after(answered, Happened(clock.REVIEW, last))
    assert (standing.state, standing.due_on) == ("reviewing", UK.after(last, 20))
    longer = after(answered, Happened(clock.REVIEW, last), Happened(clock.REVIEW_LONGER, UK.after(last, 20)))
    assert longer.due_on == UK.after(last, 40)
    with pytest.raises(InputError, match="within 40 working days"):
        after(answered, Happened(clock.REVIEW, last + datetime.timedelta(days=1)))
    done = (answered, Happened(clock.REVIEW, last), Happened(clock.REVIEWED, last))
    assert after(*done).state == "answered"
    with pytest.raises(InputError, match="reviewed once"):
        after(*done, Happened(clock.REVIEW, last))


def test_a_complaint_and_a_general_question_have_no_review_and_no_more_time() -> None:
    """Where a rule has none, none is made up."""
    for key in ("data-complaint", "general"):
        with pytest.raises(InputError, match="no longer time"):
            after(Happened(clock.EXTEND, Day(2018, 3, 2), "s22"), rule=clocks()[key])
        with pytest.raises(InputError, match="no internal review"):
            after(Happened(clock.ANSWER, Day(2018, 3, 2)), Happened(clock.REVIEW, Day(2018, 3, 5)), rule=clocks()[key])


def test_a_step_that_a_rule_lacks_is_not_offered() -> None:
    """A button that can only be refused helps nobody."""
    every = {what for allowed in clock.ALLOWED.values() for what in allowed}
    assert all(clock.has(FOIA, what) for what in every)
    assert {what for what in every if not clock.has(clocks()["general"], what)} == {
        clock.EXTEND, clock.REVIEW, clock.REVIEW_LONGER,
    }  # fmt: skip
    assert not clock.has(clocks()["data-complaint"], clock.ASK)


def test_nothing_happens_before_what_happened_last() -> None:
    """A day typed wrong would make the history false."""
    with pytest.raises(InputError, match="before 20 March 2018"):
        after(Happened(clock.ASK, Day(2018, 3, 20)), Happened(clock.REPLY, Day(2018, 3, 19)))


@pytest.mark.parametrize("state", sorted(clock.ALLOWED))
def test_every_state_lets_happen_what_is_declared_and_no_more(state: str) -> None:
    """Each pair of state and happening: what is not declared is refused by its name."""
    ways = {
        "received": (),
        "clarifying": (Happened(clock.ASK, Day(2018, 3, 2)),),
        "answered": (Happened(clock.ANSWER, Day(2018, 3, 2)),),
        "refused": (Happened(clock.REFUSE, Day(2018, 3, 2)),),
        "transferred": (Happened(clock.TRANSFER, Day(2018, 3, 2)),),
        "withdrawn": (Happened(clock.WITHDRAW, Day(2018, 3, 2)),),
        "reviewing": (Happened(clock.ANSWER, Day(2018, 3, 2)), Happened(clock.REVIEW, Day(2018, 3, 2))),
    }
    assert after(*ways[state]).state == state
    every = {what for allowed in clock.ALLOWED.values() for what in allowed}
    for what in every:
        if what in clock.ALLOWED[state]:
            after(*ways[state], Happened(what, Day(2018, 3, 2), "s22"))
        else:
            with pytest.raises(InputError, match="cannot follow"):
                after(*ways[state], Happened(what, Day(2018, 3, 2), "s22"))


def test_lateness_is_counted_in_working_days() -> None:
    """On the day it is due it is in time; twenty working days later it is very late after that."""
    standing = after()
    assert (lateness(standing, Day(2018, 4, 3), UK), left(standing, Day(2018, 4, 3), UK)) == (0, 0)
    assert lateness(standing, Day(2018, 4, 4), UK) == 1
    assert not very_late(standing, UK.after(Day(2018, 4, 3), 20), UK)
    assert very_late(standing, UK.after(Day(2018, 4, 3), 21), UK)
    asked = after(Happened(clock.ASK, Day(2018, 3, 20)))
    assert (lateness(asked, Day(2020, 1, 6), UK), left(asked, Day(2020, 1, 6), UK)) == (0, None)


@given(received=st.dates(Day(2018, 1, 1), Day(2027, 12, 31)), waited=st.integers(0, 60), more=st.integers(0, 30))
def test_over_ten_years_a_clarified_request_is_due_as_if_it_had_come_that_day(
    received: Day, waited: int, more: int
) -> None:
    """Whatever the year: the clock after the answer is the clock of a fresh request, and more time is its fortieth day."""
    asked = received + datetime.timedelta(days=min(waited, 20))
    replied = asked + datetime.timedelta(days=more)
    begun = [Happened(clock.ASK, asked), Happened(clock.REPLY, replied)]
    standing = run(FOIA, received, begun, UK)
    assert standing.due_on == run(FOIA, replied, [], UK).due_on == UK.after(replied, 20)
    longer = run(FOIA, received, [*begun, Happened(clock.EXTEND, standing.due_on or replied, "s22")], UK)
    assert longer.due_on == UK.after(replied, 40)
    with pytest.raises(InputError):
        too_late = UK.after(replied, 21)
        run(FOIA, received, [*begun, Happened(clock.EXTEND, too_late, "s22")], UK)
