"""The flow of a review while people are at work: after everything that anybody does, it adds up and loses nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.integration.screen.recount import recount
from tests.integration.screen.team import FULL, REASONS, TITLE, person, review_of
from whatworks.collate.actions import add_records, close_import, decide, open_import, undo
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, MatchDecision, Report, Source
from whatworks.errors import InputError, WhatworksError
from whatworks.people.models import User
from whatworks.screen.counting import tallies
from whatworks.screen.deciding import say, set_retrieved, take_back
from whatworks.screen.lifting import lift
from whatworks.screen.methods.identities import identities
from whatworks.screen.methods.prisma import build_flow
from whatworks.screen.models import Candidate, Protocol, Review
from whatworks.screen.presenters import held_tallies
from whatworks.screen.reviewing import amend_protocol, rules_of
from whatworks.screen.signing import sign_stop, untouched
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db

_numbers: Iterator[int] = itertools.count(1)


def brought(works: list[int]) -> Import:
    """An import of records about these works; those about one work are near-identical, and yet reports of their own."""
    source = Source.objects.filter(name="a database").first()
    source = source or Source.objects.register(Source.derived("a database", ""), name="a database", sort="database")
    records = [
        ReadRecord(
            at, at, (("TY", "JOUR"), ("TI", f"Study {work} of families and of services for them"), ("PY", "2001"))
        )
        for at, work in enumerate(works, 1)
    ]
    count = len(records)
    result: dict[str, Any] = {"sha256": f"{next(_numbers):064d}", "format": "RIS", "encoding": "utf-8"}
    result |= {"record_starts": count, "records": count, "unreadable": []}
    origin = open_import(result=result, filename="x.ris", source=source)
    add_records(origin, records)
    return close_import(by="cli", origin=origin)


class Team:
    """Three people and a review; what they do is chosen by numbers, so that Hypothesis can choose."""

    def __init__(self, people: list[User], works: list[int]) -> None:
        self.people = people
        self.review: Review = review_of(*people, title=f"Review {next(_numbers)}")
        add_search(by=people[0].pk, review=self.review, name="First", imports=[brought(works)])

    def one(self, at: int, **where: Any) -> Candidate:
        rows = list(Candidate.objects.filter(review=self.review, **where).order_by("stage", "number"))
        if not rows:
            raise InputError("There is none.")
        return rows[at % len(rows)]

    def _reports(self) -> list[Report]:
        return list(Report.objects.order_by("pk"))

    def say(self, at: int, who: int, what: int) -> None:
        decision = ("include", "exclude", "include", "exclude", "maybe")[what % 5]
        told = {"reason": REASONS[what % 2] if decision == "exclude" else ""}
        say(by=self.people[who % 3].pk, candidate=self.one(at).pk, decision=decision, **told)

    def agree(self, at: int, who: int, what: int) -> None:
        one = self.one(at, state__in=("open", "conflict"))
        for user in self.people[:2]:
            told = {"decision": "exclude", "reason": REASONS[who % 2]} if what % 3 == 0 else {"decision": "include"}
            say(by=user.pk, candidate=one.pk, **told)

    def third(self, at: int, who: int, what: int) -> None:
        told = {"decision": "exclude", "reason": REASONS[0]} if what % 2 else {"decision": "include"}
        say(by=self.people[who % 3].pk, candidate=self.one(at, state="conflict").pk, third=True, **told)

    def take_back(self, at: int, who: int, what: int) -> None:
        one = self.one(at, opinions__isnull=False)
        take_back(by=one.opinions.order_by("pk")[who % one.opinions.count()].by, candidate=one.pk)

    def merge(self, at: int, who: int, what: int) -> None:
        reports = self._reports()
        left, right = reports[at % len(reports)].pk, reports[(at + 1 + who) % len(reports)].pk
        decide(by=self.people[0].pk, left=left, right=right, decision="same")

    def part(self, at: int, who: int, what: int) -> None:
        rows = list(MatchDecision.objects.order_by("pk"))
        if rows:
            undo(by=self.people[0].pk, decision=rows[at % len(rows)])

    def search(self, at: int, who: int, what: int) -> None:
        works = [at % 5, what % 5, 5 + who % 3]
        route = ("databases", "registers")[what % 2]
        add_search(by=self.people[0].pk, review=self.review, name="Later", imports=[brought(works)], route=route)

    def by_hand(self, at: int, who: int, what: int) -> None:
        reports, kind = self._reports(), ("websites", "organisations", "citations", "")[what % 4]
        chosen = [reports[at % len(reports)]] if who % 2 else []
        imports = [brought([what % 7])] if not chosen or what % 2 else []
        told = {"route": "other", "kind": kind, "reports": chosen, "imports": imports}
        add_search(by=self.people[0].pk, review=self.review, name="By hand", **told)

    def previous(self, at: int, who: int, what: int) -> None:
        reports = self._reports()
        told = {"reports": [reports[at % len(reports)]]} if who % 3 == 0 else {"imports": [brought([what % 5])]}
        add_search(by=self.people[0].pk, review=self.review, name="Before", route="previous", studies=1, **told)

    def stop(self, at: int, who: int, what: int) -> None:
        stage = FULL if what % 4 == 0 else TITLE
        seen = untouched(self.review, stage).count()
        sign_stop(by=self.people[0].pk, review=self.review, stage=stage, seen=seen, why="It is enough.")

    def lift(self, at: int, who: int, what: int) -> None:
        if stop := self.review.stops.standing().first():
            lift(by=self.people[0].pk, stop=stop, why="There may be more.")

    def retrieve(self, at: int, who: int, what: int) -> None:
        set_retrieved(by=self.people[0].pk, candidate=self.one(at, stage=FULL).pk, retrieved=what % 3 == 0)

    def amend(self, at: int, who: int, what: int) -> None:
        rules = rules_of(self.review).amended(title={"mode": ("single", "dual")[what % 2]})
        held = Protocol.objects.current(self.review)
        assert held is not None
        amend_protocol(by=self.people[0].pk, review=self.review, rules=rules, why="We thought again.", seen=held.number)

    def check(self) -> None:
        """What must be true at every moment."""
        found = tallies(self.review)
        assert all(one.n >= 0 for one in found), found
        flow = build_flow(held=held_tallies(self.review))
        assert [one.sentence for one in identities(flow) if not one.holds] == []
        counted = {name: box.held for name, box in flow.boxes.items() if box.held}
        sources = ("website_results", "organisation_results", "citations_results", "otherwise_results")
        told = {item: n for item, n in counted.items() if item not in (*sources, "previous_studies")}
        assert told == recount(self.review)
        decided = Candidate.objects.filter(review=self.review).exclude(judgement=None)
        assert all(row.state == row.judgement.decision for row in decided)
        assert {row.judgement_id for row in decided} == set(
            self.review.judgements.standing().values_list("pk", flat=True)
        )


ACTIONS = ("say", "agree", "third", "take_back", "merge", "part", "search", "by_hand", "previous", "stop", "lift")
STEPS = st.tuples(
    st.sampled_from((*ACTIONS, "retrieve", "amend", "say", "agree", "agree", "merge", "part", "take_back")),
    st.integers(0, 11),
    st.integers(0, 5),
    st.integers(0, 11),
)


@pytest.fixture
def people() -> list[User]:
    return [person(name) for name in ("ada", "ben", "cas")]


def play(people: list[User], works: list[int], steps: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        team = Team(people, works)
        team.check()
        for name, *numbers in steps:
            try:
                getattr(team, name)(*numbers)
            except WhatworksError:
                continue  # it was refused, and changed nothing
            team.check()
        transaction.set_rollback(True)


# A failure is shown as it was found: making it small takes many minutes with a database.
@settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(works=st.lists(st.integers(0, 4), min_size=2, max_size=5), steps=st.lists(STEPS, max_size=14))
def test_whatever_people_do_the_flow_adds_up(
    people: list[User], works: list[int], steps: list[tuple[str, int, int, int]]
) -> None:
    """A count that is off by one is found by the reader who adds up, after it was published."""
    play(people, works, steps)


@pytest.fixture
def team(people: list[User]) -> Team:
    return Team(people, [0, 1, 2])


def first_two(team: Team) -> list[str]:
    return list(Candidate.objects.at(team.review, TITLE).order_by("number").values_list("report", flat=True)[:2])


def both_take(team: Team, at: int) -> None:
    one = Candidate.objects.at(team.review, TITLE).order_by("number")[at]
    for user in team.people[:2]:
        say(by=user.pk, candidate=one.pk, decision="include")


def test_a_report_found_twice_is_one_full_text(team: Team) -> None:
    """Both were taken further before anybody saw that they are one: it would be sought, and counted, twice."""
    both_take(team, 0)
    both_take(team, 1)
    left, right = first_two(team)
    made = decide(by=team.people[0].pk, left=left, right=right, decision="same")
    team.check()
    assert Candidate.objects.at(team.review, FULL).counted().count() == 1
    undo(by=team.people[0].pk, decision=made)
    team.check()
    assert Candidate.objects.at(team.review, FULL).counted().count() == 2


def test_the_second_of_two_carries_the_full_text_of_the_first(team: Team) -> None:
    """The one that speaks was not decided yet: the other's full text must not stay up beside it."""
    both_take(team, 1)
    left, right = first_two(team)
    decide(by=team.people[0].pk, left=left, right=right, decision="same")
    team.check()
    full = Candidate.objects.at(team.review, FULL).counted().get()
    assert full.report_id == Candidate.objects.at(team.review, TITLE).get(state="include").report_id


def test_a_report_of_the_previous_version_is_known(team: Team) -> None:
    """It would be counted among the new ones too."""
    both_take(team, 0)
    origin = brought([9])
    add_search(by=team.people[0].pk, review=team.review, name="Before", route="previous", imports=[origin])
    decide(by=team.people[0].pk, left=first_two(team)[0], right=origin.rows.get().report_id, decision="same")
    team.check()
    told = {one.item: one.n for one in tallies(team.review)}
    assert (told["previous_reports"], told["new_reports"], told["duplicates"]) == (1, 0, 1)
    with pytest.raises(WhatworksError, match="previous version"):
        say(by=team.people[0].pk, candidate=team.one(0, stage=TITLE, state="duplicate").pk, decision="include")


def test_what_was_taken_for_another_before_it_was_given_is_not_lost(team: Team) -> None:
    """Merged by a rule, added as one, and parted by a person: both are to be screened."""
    origin = brought([6, 7])
    left, right = origin.rows.order_by("position").values_list("report", flat=True)
    made = decide(by=team.people[0].pk, left=left, right=right, decision="same")
    wave = add_search(by=team.people[0].pk, review=team.review, name="Later", imports=[origin])
    assert (wave.records, wave.added) == (2, 1)
    undo(by=team.people[0].pk, decision=made)
    team.check()
    wave.refresh_from_db()
    assert wave.added == 2


def test_a_report_that_is_up_through_another_is_not_put_up_again(team: Team) -> None:
    """It was imported long before, and came to speak for one that is up already."""
    review = review_of(*team.people, title="The other")
    origin = brought([8])
    add_search(by=team.people[0].pk, review=review, name="Later", imports=[origin])
    decide(by=team.people[0].pk, left=first_two(team)[0], right=origin.rows.get().report_id, decision="same")
    first = Candidate.objects.at(team.review, TITLE).order_by("number")[0]
    wave = add_search(by=team.people[0].pk, review=review, name="Again", reports=[first.report])
    assert (wave.added, Candidate.objects.at(review, TITLE).count()) == (0, 1)


def test_what_is_taken_further_with_one_like_it_is_new_once(team: Team) -> None:
    """Its full text is not a second record of the wave."""
    both_take(team, 0)
    both_take(team, 1)
    wave = add_search(by=team.people[0].pk, review=team.review, name="Later", imports=[brought([0, 1])])
    assert (wave.records, wave.added) == (2, 2)
    team.check()


def test_a_full_text_that_nobody_wants_cannot_be_missed(team: Team) -> None:
    """Said not to be had after its title was taken back, it would be up again."""
    team.agree(0, 0, 1)
    full = Candidate.objects.at(team.review, FULL).get()
    title = Candidate.objects.at(team.review, TITLE).get(state="include")
    take_back(by=team.people[0].pk, candidate=title.pk)
    with pytest.raises(WhatworksError, match="Only a full text"):
        set_retrieved(by=team.people[0].pk, candidate=full.pk, retrieved=True)
    team.check()


def test_a_judged_full_text_stays_judged_and_goes_when_that_is_taken_back(team: Team) -> None:
    """A slip on a title must not throw out what was judged in full; nor may an empty full text stay."""
    team.agree(0, 0, 1)
    full = Candidate.objects.at(team.review, FULL).get()
    title = Candidate.objects.at(team.review, TITLE).get(state="include")
    say(by=team.people[0].pk, candidate=full.pk, decision="include")
    take_back(by=team.people[0].pk, candidate=title.pk)
    team.check()
    assert {one.item: one.n for one in tallies(team.review)}["new_reports"] == 1
    take_back(by=team.people[0].pk, candidate=full.pk)
    team.check()
    full.refresh_from_db()
    assert full.state == Candidate.GONE


def test_nobody_stops_while_records_are_being_added(team: Team) -> None:
    """Those that are not there yet would be neither stopped nor screened."""
    team.review.waves.update(complete=False)
    with pytest.raises(WhatworksError, match="still being added"):
        team.stop(0, 0, 1)
