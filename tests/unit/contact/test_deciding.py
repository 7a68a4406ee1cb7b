"""May we write? The one rule, case by case and over whatever could have been recorded."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.contact.methods.deciding import (
    ACTS,
    ASKED,
    BASES,
    COMPLAINT,
    CONSENT,
    CORPORATE,
    CORPORATE_SUBSCRIBER,
    GIVEN,
    HARD,
    INDIVIDUAL,
    MAY,
    MAY_NOT,
    MUST_ASK,
    OBJECTED,
    SOFT,
    SOFT_OPT_IN,
    SUBSCRIBERS,
    WITHDRAWN,
    Act,
    Known,
    Returned,
    may_write,
)

START = datetime.datetime(2026, 2, 1, 9, tzinfo=datetime.UTC)
NOW = START + datetime.timedelta(days=200)
JO = "jo@example.org"
CONFIRMED = Act("1", GIVEN, START, "news", CONSENT, INDIVIDUAL, JO, "sign-up page", "newsletter-1", True)
SOFTLY = Act(
    "2", GIVEN, START + datetime.timedelta(days=9), "news", SOFT_OPT_IN, INDIVIDUAL, JO, "open day",
    collected_on=datetime.date(2026, 2, 5), directly=True, opt_out_offered=True,
)  # fmt: skip
AT_WORK = Act("3", GIVEN, START, "news", CORPORATE, CORPORATE_SUBSCRIBER, JO, "published on the council's page")


def later(days: int) -> datetime.datetime:
    return START + datetime.timedelta(days=days)


def verdict(*acts: Act, returned: tuple[Returned, ...] = (), address: str = JO) -> str:
    return may_write(Known(address, acts, returned), "news", NOW).verdict


@pytest.mark.parametrize("act", [CONFIRMED, SOFTLY, AT_WORK])
def test_each_basis_holds_when_it_is_whole(act: Act) -> None:
    answer = may_write(Known(JO, (act,)), "news", NOW)
    assert (answer.verdict, answer.rests_on) == (MAY, act.identifier)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (replace(CONFIRMED, wording=""), MUST_ASK),
        (replace(CONFIRMED, source=""), MUST_ASK),
        (replace(CONFIRMED, mailing_list="other"), MUST_ASK),
        (replace(CONFIRMED, address="old@example.org"), MUST_ASK),
        (replace(CONFIRMED, act=ASKED, clicked=False), MUST_ASK),
        (replace(CONFIRMED, basis=""), MAY_NOT),
        (replace(SOFTLY, collected_on=datetime.date(2026, 2, 4)), MUST_ASK),
        (replace(SOFTLY, collected_on=None), MUST_ASK),
        (replace(SOFTLY, opt_out_offered=False), MUST_ASK),
        (replace(SOFTLY, directly=False), MUST_ASK),
        (replace(SOFTLY, subscriber=CORPORATE_SUBSCRIBER), MAY_NOT),
        (replace(AT_WORK, subscriber=INDIVIDUAL), MAY_NOT),
        (replace(AT_WORK, subscriber="unknown"), MAY_NOT),
        (replace(AT_WORK, source=""), MUST_ASK),
    ],
)
def test_what_is_missing_stops_it(act: Act, expected: str) -> None:
    assert verdict(act) == expected


@pytest.mark.parametrize("basis", [CONFIRMED, SOFTLY, AT_WORK])
@pytest.mark.parametrize("no", [WITHDRAWN, OBJECTED])
def test_a_no_stands_against_every_basis_that_staff_could_write_down_after_it(basis: Act, no: str) -> None:
    refused = Act("9", no, later(20), "" if no == OBJECTED else "news")
    afterwards = replace(basis, identifier="8", at=later(40), clicked=False)
    assert verdict(basis, refused, afterwards) == MAY_NOT


@pytest.mark.parametrize("no", [WITHDRAWN, OBJECTED])
def test_who_signs_up_again_gets_letters_again(no: str) -> None:
    refused = Act("9", no, later(20))
    assert verdict(CONFIRMED, refused, replace(CONFIRMED, identifier="8", at=later(40))) == MAY


def test_a_question_that_a_stranger_asked_takes_nobody_off() -> None:
    assert verdict(CONFIRMED, Act("9", ASKED, later(20), "news", CONSENT, INDIVIDUAL, JO)) == MAY


@pytest.mark.parametrize(("sort", "expected"), [(HARD, MAY_NOT), (COMPLAINT, MAY_NOT), (SOFT, MAY)])
def test_what_came_back(sort: str, expected: str) -> None:
    assert verdict(CONFIRMED, returned=(Returned(sort, later(30), JO),)) == expected


def test_an_address_that_is_gone_says_nothing_of_the_next() -> None:
    gone = (Returned(HARD, later(30), "old@example.org"),)
    assert verdict(CONFIRMED, returned=gone) == MAY
    assert verdict(CONFIRMED, returned=(Returned(COMPLAINT, later(30), "old@example.org"),)) == MAY_NOT


def test_a_letter_is_judged_by_what_was_known_when_it_went() -> None:
    known = Known(JO, (CONFIRMED, Act("9", WITHDRAWN, later(20), "news")))
    assert may_write(known, "news", later(10)).may
    assert not may_write(known, "news", later(20)).may


def test_without_an_address_nobody_is_written_to() -> None:
    assert verdict(CONFIRMED, address="") == MAY_NOT


acts = st.lists(
    st.builds(
        Act,
        identifier=st.uuids().map(str), act=st.sampled_from(ACTS),
        at=st.integers(0, 60).map(later), mailing_list=st.sampled_from(["", "news", "other"]),
        basis=st.sampled_from(["", *BASES]), subscriber=st.sampled_from(SUBSCRIBERS),
        address=st.sampled_from([JO, "JO@example.org", "old@example.org"]), source=st.sampled_from(["", "a form"]),
        wording=st.sampled_from(["", "1"]), clicked=st.booleans(),
        collected_on=st.sampled_from([None, datetime.date(2026, 2, 4), datetime.date(2026, 2, 5)]),
        directly=st.booleans(), opt_out_offered=st.booleans(),
    ),
    max_size=8,
)  # fmt: skip
returns = st.lists(
    st.builds(
        Returned, sort=st.sampled_from([HARD, SOFT, COMPLAINT]), at=st.integers(0, 60).map(later),
        address=st.sampled_from([JO, "old@example.org"]),
    ),
    max_size=2,
)  # fmt: skip


@given(acts, returns)
def test_whoever_may_be_written_to_is_found_so_by_an_obvious_reading_too(
    found: list[Act], back: list[Returned]
) -> None:
    """A slow twin that shares no code with the rule: it looks for every reason against, in any order."""
    answer = may_write(Known(JO, tuple(found), tuple(back)), "news", NOW)
    own = [one for one in found if one.mailing_list in ("", "news")]
    clicks = [one.at for one in own if one.act == GIVEN and one.clicked and one.address.lower() == JO]
    undone = lambda at: any(click > at for click in clicks)  # noqa: E731  twice below
    refused = any(one.act == OBJECTED and not undone(one.at) for one in found)
    refused |= any(one.act == WITHDRAWN and not undone(one.at) for one in own)
    refused |= any(
        (one.sort == COMPLAINT or (one.sort == HARD and one.address == JO)) and not undone(one.at) for one in back
    )
    if not answer.may:
        assert answer.rests_on == ""
        assert refused or not any(holds(one) and not stale(one, own) for one in own)
        return
    assert not refused
    rest = next(one for one in found if one.identifier == answer.rests_on)
    assert holds(rest) and rest in own and not stale(rest, own)


def stale(one: Act, own: list[Act]) -> bool:
    return any(other.act == WITHDRAWN and other.at >= one.at for other in own)


def holds(one: Act) -> bool:
    whole = {
        CONSENT: bool(one.source and one.wording),
        SOFT_OPT_IN: one.subscriber == INDIVIDUAL and one.directly and one.opt_out_offered and bool(one.source)
        and one.collected_on is not None and one.collected_on.isoformat() >= "2026-02-05",
        CORPORATE: one.subscriber == CORPORATE_SUBSCRIBER and bool(one.source),
    }  # fmt: skip
    return one.act == GIVEN and one.address.lower() == JO and whole.get(one.basis, False)
