"""Judgements of merged reports: each stays with its report, and a settlement holds only while all are together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whatworks.screen.methods.together import Clash, Judged, Settled, clashes, holding

TITLE, FULL = "title and abstract", "full text"


def judged(name: str, report: str, speaker: str, decision: str, stage: str = FULL) -> Judged:
    return Judged(name, report, speaker, stage, decision)


APART = [judged("1", "a", "a", "include"), judged("2", "b", "b", "exclude")]
TOGETHER = [judged("1", "a", "a", "include"), judged("2", "b", "a", "exclude")]
SETTLED = [*TOGETHER, judged("3", "a", "a", "include")]


def test_different_judgements_clash_once_their_reports_are_one() -> None:
    assert clashes(APART, []) == []
    assert clashes(TOGETHER, []) == [Clash("a", FULL, ("1", "2"))]


def test_different_stages_and_two_people_on_one_report_do_not_clash() -> None:
    stages = [judged("1", "a", "a", "include"), judged("2", "b", "a", "exclude", TITLE)]
    people = [judged("1", "a", "a", "include"), judged("2", "a", "a", "exclude")]
    assert clashes(stages, []) == clashes(people, []) == []


def test_what_settles_them_counts_alone() -> None:
    settled = [Settled("3", ("1", "2"))]
    assert clashes(SETTLED, settled) == []
    assert [one.judgement for one in holding(SETTLED, settled)] == ["3"]


def test_a_merge_taken_back_gives_each_report_its_own_judgement_back() -> None:
    """And the judgement that settled them goes to sleep: it was about a report that turned out to be two."""
    parted = [*APART, judged("3", "a", "a", "include")]
    assert holding(parted, [Settled("3", ("1", "2"))]) == APART


def test_a_third_report_that_joins_later_is_a_new_clash() -> None:
    more = [*SETTLED, judged("4", "c", "a", "exclude")]
    assert clashes(more, [Settled("3", ("1", "2"))]) == [Clash("a", FULL, ("3", "4"))]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from(["include", "exclude"])), max_size=8
    )
)
def test_without_settlements_every_judgement_counts(rows: list[tuple[str, str, str]]) -> None:
    made = [judged(str(at), report, speaker, decision) for at, (report, speaker, decision) in enumerate(rows)]
    assert holding(made, []) == made
    assert holding(made, [Settled("none", ("nowhere",))]) == made
