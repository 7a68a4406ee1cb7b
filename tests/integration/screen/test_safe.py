"""The steps of SAFE in a review: which learner orders, since when another does, and reading again what was excluded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.screen.team import TITLE, imported, review_of
from tests.integration.screen.test_leading_pages import able, at, given, signed_in
from whatworks.errors import InputError
from whatworks.ledger.work import work_off
from whatworks.people.models import User
from whatworks.screen.deciding import say, take_back
from whatworks.screen.forms import AmendingForm
from whatworks.screen.methods.learners import DEFAULT, LEARNERS
from whatworks.screen.methods.protocol import LEARNING, USUAL, StageRules
from whatworks.screen.models import Candidate, Ranking, Review, Stop
from whatworks.screen.proposing import order_digest, rebuilt
from whatworks.screen.rereading import row_of
from whatworks.screen.reviewing import amend_protocol, rules_of
from whatworks.screen.stopping import checklist, last_added, pool, switched_at
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db

EVALUATE = "have somebody else check the excluded records that rank highest"


@pytest.fixture
def lead() -> User:
    return able("Lead Lark", "lead")


@pytest.fixture
def sam() -> User:
    return able("Sam Screener", "screener")


def opened(lead: User, sam: User, count: int, **told: Any) -> Review:
    """A review in which one person decides each title, with so many reports."""
    given_rules: dict[str, Any] = {"share": 0.15, "stopping": "safe"} | told
    review = review_of(lead, sam, title_rules=StageRules("single"), **given_rules)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(count)])
    work_off()
    return review


def exclude(lead: User, review: Review, count: int) -> list[str]:
    """Leave out the next so many that are not of the random sample."""
    rows = pool(review).filter(state=Candidate.OPEN, sampled=False).order_by("shuffle")[:count]
    keys = list(rows.values_list("pk", flat=True))
    assert len(keys) == count
    for key in keys:
        say(by=lead.pk, candidate=key, decision="exclude", note="a note of the lead")
    return keys


def amend(lead: User, review: Review, **changed: Any) -> None:
    """Change the protocol, and have the reports put in order anew."""
    seen = review.protocols.count()
    amend_protocol(by=lead.pk, review=review, rules=rules_of(review).amended(**changed), why="SAFE.", seen=seen)
    work_off()


def missing(review: Review) -> list[str]:
    return [one.name for one in checklist(review).missing]


def test_a_review_that_follows_every_step_may_stop(lead: User, sam: User) -> None:
    """Each step that is still to be done is named, and with all of them done no reason is asked for."""
    review, client = opened(lead, sam, 170), signed_in(sam)
    assert len(missing(review)) == 8
    sampled = list(pool(review).filter(sampled=True).order_by("shuffle"))
    for number, row in enumerate(sampled):
        say(by=lead.pk, candidate=row.pk, decision="exclude" if number else "include")
    assert "read a random sample first" not in missing(review) and "find every key paper" in missing(review)
    amend(lead, review, seeds=(sampled[0].report_id,))
    assert "find every key paper" not in missing(review)
    exclude(lead, review, 50)
    work_off()
    find = ["rank the rest with a different model", "read on with that model until many in a row are irrelevant"]
    assert missing(review) == [*find, EVALUATE]
    amend(lead, review, learner="nearest")
    assert missing(review) == [find[1], EVALUATE]
    assert f"since record {50 + len(sampled)}." in checklist(review).summary()
    exclude(lead, review, 50)
    assert missing(review) == [EVALUATE]
    assert "Keep reading. Not every step of SAFE is done." in client.get(at(review, "stopping/")).content.decode()
    for key in row_of(pool(review)).waiting_for(sam.pk):
        response = client.post(at(review, "reread/"), {"candidate": key, "decision": "exclude", "key": key})
        assert response.status_code == 302
    assert checklist(review).done
    assert "Done: 50 in a row were read again" in client.get(at(review, "reread/")).content.decode()
    page = signed_in(lead).get(at(review, "stopping/")).content.decode()
    assert "Every step of SAFE is done." in page and "<strong>The rule of the protocol is not met" not in page
    left = pool(review).filter(state=Candidate.OPEN).count()
    sent = {"step": "sign", "confirm": "stop", "seen": left}
    assert left and signed_in(lead).post(at(review, "stopping/"), sent).status_code == 302
    assert not Stop.objects.get().early


def test_the_last_change_of_learner_counts_and_new_records_begin_it_anew(lead: User, sam: User) -> None:
    """A change made too early could never be made up for, and a row from before says nothing of what came later."""
    review = opened(lead, sam, 20)
    assert switched_at(review) is None
    amend(lead, review, order="random")
    amend(lead, review, order="ranked")
    assert switched_at(review) is None
    amend(lead, review, learner="bayes")
    first = switched_at(review)
    assert first == Ranking.objects.filter(learner="bayes").order_by("number")[0].at
    exclude(lead, review, 3)
    work_off()
    assert switched_at(review) == first
    amend(lead, review, learner="")
    last = Ranking.objects.order_by("-number")[0]
    assert last.learner == DEFAULT and switched_at(review) == last.at
    add_search(by=lead.pk, review=review, name="y", imports=[imported(5, name="later", start=400)])
    work_off()
    assert switched_at(review) == last_added(review) != last.at
    assert {one.learner for one in Ranking.objects.all()} == {DEFAULT, "bayes", "random"}
    for one in Ranking.objects.all():
        assert order_digest(rebuilt(one)) == one.order_digest


@pytest.fixture
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("rereading", "presenters_rereading"):
        monkeypatch.setattr(f"whatworks.screen.{place}.WANTED", 3)


@pytest.mark.usefixtures("three")
def test_a_find_begins_the_row_anew_until_it_is_settled(lead: User, sam: User) -> None:
    review = opened(lead, sam, 30)
    keys = exclude(lead, review, 7)
    say(by=lead.pk, candidate=keys[6], decision="include")  # a second thought is nobody else's reading
    assert [one.candidate for one in row_of(pool(review)).reports] == keys[:3]
    assert checklist(review).conditions[-1].said == "Not yet."
    say(by=sam.pk, candidate=keys[0], decision="exclude")
    say(by=sam.pk, candidate=keys[1], decision="include")
    row = row_of(pool(review))
    assert ([one.candidate for one in row.reports], row.done, row.found) == (keys[2:5], 0, 1)
    assert "The reading brought up 1 report that may" in signed_in(lead).get(at(review, "reread/")).content.decode()
    say(by=lead.pk, candidate=keys[1], decision="exclude", third=True)
    row = row_of(pool(review))
    assert ([one.candidate for one in row.reports], row.done, row.found) == (keys[:3], 2, 0)
    take_back(by=sam.pk, candidate=keys[0])
    assert row_of(pool(review)).done == 1


@pytest.mark.usefixtures("three")
def test_reading_again_is_blind_and_for_somebody_else(lead: User, sam: User) -> None:
    review, client = opened(lead, sam, 30), signed_in(sam)
    assert "3 more excluded reports are needed" in client.get(at(review, "reread/")).content.decode()
    keys = exclude(lead, review, 5)
    page = client.get(at(review, "reread/")).content.decode()
    assert "0 of 3 reports have been read again" in page and 'value="include"' in page and "3 wait for you" in page
    assert "Lead Lark" not in page and "a note of the lead" not in page
    page = signed_in(lead).get(at(review, "reread/")).content.decode()
    assert "3 wait for somebody else" in page and 'value="include"' not in page
    for who, told, said in (
        (lead, {"candidate": keys[0], "decision": "include"}, "need not be read again by you"),
        (sam, {"candidate": keys[4], "decision": "include"}, "need not be read again by you"),
        (sam, {"candidate": "nowhere", "decision": "include"}, "need not be read again by you"),
        (sam, {"candidate": keys[0], "decision": "maybe"}, "belongs in or not"),
        (sam, {"candidate": keys[0], "decision": "include", "key": "one"}, "among the conflicts"),
        (sam, {"candidate": keys[0], "decision": "include", "key": "one"}, "among the conflicts"),
        (sam, {"candidate": keys[1], "decision": "exclude", "key": "two"}, "Kept."),
    ):
        assert said in signed_in(who).post(at(review, "reread/"), told, follow=True).content.decode(), told
    assert Candidate.objects.get(pk=keys[0]).state == Candidate.CONFLICT
    assert (row_of(pool(review)).done, row_of(pool(review)).found) == (1, 1)


def test_a_protocol_names_its_learner(lead: User, sam: User) -> None:
    """The words are kept apart from the learners, which are too heavy to read a protocol with."""
    assert set(LEARNING) <= set(LEARNERS) and USUAL == DEFAULT
    review, client = review_of(lead, sam), signed_in(lead)
    with pytest.raises(InputError, match="There is no learner 'crystal ball'"):
        rules_of(review).amended(learner="crystal ball")
    assert LEARNING[USUAL] in client.get(at(review, "protocol/")).content.decode()
    assert "Which learner orders the reports?" in client.get(at(review, "protocol/change/")).content.decode()
    told = AmendingForm.initial_of(rules_of(review)) | given() | {"seen": 1, "why": "For SAFE.", "share": "20"}
    assert client.post(at(review, "protocol/change/"), told | {"learner": "blend"}).status_code == 302
    assert rules_of(review).learner == ""
    told |= {"seen": 2, "learner": "nearest"}
    assert client.post(at(review, "protocol/change/"), told).status_code == 302
    assert rules_of(review).learner == "nearest"
    assert LEARNING["nearest"] in client.get(at(review, "protocol/")).content.decode()
    assert rules_of(review).title.mode == "dual" and review.rankings.filter(stage=TITLE).count() == 0
