"""What screening left is verified: a word changed behind the ledger's back is named, and so is an order that differs."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from tests.integration.screen.team import TITLE, imported, person, review_of
from whatworks.collate.models import Report
from whatworks.ledger import triggers
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.verification import verify
from whatworks.ledger.work import work_off
from whatworks.screen.deciding import say, take_back
from whatworks.screen.methods.features import features
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Ranking, Review, Turn
from whatworks.screen.proposing import Corpus, labels_at, order_digest, ordered, rebuilt
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    """A review with fourteen of thirty decided, in four goes with an order after each."""
    ada, ben = person("ada"), person("ben")
    held = review_of(ada, ben, title_rules=StageRules("single"))
    add_search(by=ada.pk, review=held, name="A database", imports=[imported(30)])
    rows = list(Candidate.objects.at(held, TITLE).order_by("number")[:14])
    for number, one in enumerate(rows):
        say(by=ada.pk, candidate=one.pk, decision="include" if number % 3 == 0 else "exclude")
        if number % 4 == 0:
            work_off()
    take_back(by=ada.pk, candidate=rows[0].pk)
    work_off()
    return held


def test_every_order_can_be_made_again(review: Review) -> None:
    """A suggestion that cannot be rebuilt cannot be answered for."""
    rankings = list(Ranking.objects.filter(review=review).order_by("number"))
    assert len(rankings) > 2
    assert [order_digest(rebuilt(one)) == one.order_digest for one in rankings] == [True] * len(rankings)
    assert [one.labels for one in rankings] == [len(labels_at(one)) for one in rankings]
    assert len(labels_at(rankings[-1])) == 13, "what was taken back is not learnt from any more"


def test_an_order_does_not_hang_on_the_sequence_of_decisions() -> None:
    """Last decided first or first decided first: sums differ in their last places, and the order must not."""
    drawn = np.random.default_rng(1)
    words = [f"word{number}" for number in range(300)]
    titles = [" ".join(drawn.choice(words, 8)) for _ in range(2000)]
    abstracts = [" ".join(drawn.choice(words, drawn.integers(60))) for _ in range(2000)]
    reports = [f"rpt-{number}" for number in range(2000)]
    place = {report: number for number, report in enumerate(reports)}
    corpus = Corpus(reports, reports, np.arange(2000), np.zeros(2000), features(titles, abstracts), place)
    protocol = review_of(person("ada")).protocols.get()
    labels = {report: int(drawn.random() < 0.2) for report in reports[:60]}
    sequences = [[reports[at] for at in drawn.permutation(60)] for _ in range(30)]
    orders = {order_digest(ordered(corpus, {one: labels[one] for one in sequence}, protocol)) for sequence in sequences}
    assert len(orders) == 1


def test_oldest_first_is_oldest_first() -> None:
    """Somebody who asks for the oldest must not be given a lot; those without a year come last."""
    ada = person("ada")
    held = review_of(ada, title="Oldest", order="oldest", share=0.0)
    add_search(by=ada.pk, review=held, name="A database", imports=[imported(25)])
    late = Candidate.objects.at(held, TITLE).order_by("number")[0]
    Report.objects.filter(pk=late.report_id).update(year=None)
    work_off()
    turns = list(
        Turn.objects.filter(review=held).order_by("position").values_list("candidate__report__year", flat=True)
    )
    assert (len(turns), turns[-1]) == (25, None)
    assert turns[:-1] == sorted(turns[:-1])
    assert Ranking.objects.get(review=held).learner == "oldest"


def test_all_is_well_until_somebody_changes_a_word_behind_the_ledger(review: Review) -> None:
    """The database's owner can always write; what they change must be found."""
    seal_all()
    found = verify()
    assert (found.differences, found.checked["opinions"], found.checked["rankings"]) == ([], 15, 1)
    opinion = Candidate.objects.at(review, TITLE).order_by("number")[1].opinions.get()
    _without_triggers(f"UPDATE screen_opinion SET decision = 'include' WHERE id = '{opinion.pk}'")
    changed = [(one.identifier, one.what) for one in verify().differences]
    assert (opinion.pk, "decision") in changed
    assert (opinion.candidate_id, "state") in changed


def _without_triggers(sql: str) -> None:
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    triggers.install()
