"""Judgements follow the report they hang on through merge and undo; counts follow; what differs is settled by people."""

from __future__ import annotations

import pytest

from tests.integration.collate.centre import BY, OTHER, proposal, reports, speaks
from whatworks.collate.actions import decide, let_rules_merge, undo
from whatworks.collate.models import MatchDecision, Report
from whatworks.errors import ConflictError
from whatworks.ledger.actions import computed
from whatworks.ledger.models import Artefact
from whatworks.ledger.work import work_off
from whatworks.scope.models import Theme
from whatworks.screen.actions import judge
from whatworks.screen.models import Judgement, Review
from whatworks.screen.presenters import held_tallies
from whatworks.screen.settling import all_clashes, held_judgements, open_clashes, settle

pytestmark = pytest.mark.django_db

FULL = Judgement.FULL_TEXT


@pytest.fixture
def review() -> Review:
    theme = Theme.objects.register(slug="theme", name="A theme", order=1)
    held: Review = Review.objects.register(
        slug="review", title="A review", question="?", theme=theme, sort=Review.SYSTEMATIC, conducted_by="Somebody"
    )
    return held


def take_in(review: Review, report: str, decision: str = "include") -> Judgement:
    row = Report.objects.get(pk=report)
    reason = "" if decision == "include" else "wrong design"
    return judge(by=BY, review=review, report=row, stage=FULL, decision=decision, reason=reason)


def included(review: Review) -> int:
    return next((one.n for one in held_tallies(review) if one.item == "new_reports"), 0)


def test_two_records_of_one_report_are_counted_once_and_twice_again_when_parted(review: Review) -> None:
    """A review that counts a report twice says it found more than there is."""
    a, b, *_ = reports(5)
    for one in (a, b):
        take_in(review, one)
    assert included(review) == 2
    decide(by=BY, left=a, right=b, decision="same")
    assert included(review) == 1 and open_clashes(review) == []
    undo(by=BY, decision=MatchDecision.objects.get())
    assert included(review) == 2


def test_a_judgement_made_while_merged_hangs_on_the_report_that_speaks(review: Review) -> None:
    a, b, *_ = reports(5)
    decide(by=BY, left=a, right=b, decision="same")
    made = take_in(review, b)
    assert made.report_id == a
    undo(by=BY, decision=MatchDecision.objects.get())
    assert [one.report for one in held_judgements(review)] == [a]


def test_different_judgements_wait_for_a_person_and_come_back_with_an_undo(review: Review) -> None:
    a, b, *_ = reports(5)
    take_in(review, a)
    take_in(review, b, "exclude")
    before = held_judgements(review)
    decide(by=BY, left=a, right=b, decision="same")
    [(_, clash)] = all_clashes()
    assert clash.speaker == a
    settle(by=OTHER, review=review, clash=clash, decision="exclude", reason="wrong design")
    assert all_clashes() == [] and included(review) == 0
    with pytest.raises(ConflictError, match="changed meanwhile"):
        settle(by=OTHER, review=review, clash=clash, decision="include")
    undo(by=BY, decision=MatchDecision.objects.get())
    assert held_judgements(review) == before and included(review) == 1
    decide(by=BY, left=a, right=b, decision="same")
    assert all_clashes() == []  # together again, what was settled is settled


def test_a_merge_marks_what_counts_on_both_and_nothing_else(review: Review) -> None:
    """Public pages must not change their counts in silence; nor cry wolf at every duplicate that is found."""
    a, b, c, *_ = reports(5)
    page = Report.objects.get(pk=c)  # stands for what was computed from the review
    computed(output=page, method="page", version="1", inputs={}, rests_on=[review.pk])
    take_in(review, a)
    Artefact.objects.update(stale_event="")
    decide(by=BY, left=a, right=b, decision="same")  # b was never judged: no count moves
    assert not Artefact.objects.stale().exists()
    undo(by=BY, decision=MatchDecision.objects.get())
    take = Judgement.objects.create(
        id=Judgement.fresh(), review=review, report_id=b, stage=FULL, decision="include", by=BY
    )
    assert take.report_id == b
    Artefact.objects.update(stale_event="")
    decide(by=BY, left=a, right=b, decision="same")
    assert Artefact.objects.stale().get().pk == page.pk


def test_what_rests_on_both_reports_themselves_is_marked() -> None:
    """Two findings from two records of one trial are one finding counted twice."""
    a, b, c, d, e = reports(5)
    for output, ground in ((c, a), (d, b)):
        computed(output=Report.objects.get(pk=output), method="m", version="1", inputs={}, rests_on=[ground])
    decide(by=BY, left=a, right=e, decision="same")
    assert not Artefact.objects.stale().exists()
    decide(by=BY, left=a, right=b, decision="same")
    assert set(Artefact.objects.stale().values_list("pk", flat=True)) == {c, d}


def test_no_rule_joins_reports_that_were_judged_differently(review: Review) -> None:
    a, b, c, *_ = reports(5)
    take_in(review, a)
    take_in(review, b, "exclude")
    proposal(a, b)
    proposal(b, c)
    let_rules_merge(by=BY, merges=True)
    work_off()
    assert speaks(b) != speaks(a)
    assert speaks(c) == speaks(b)
