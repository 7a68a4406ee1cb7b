"""The numbers that a lead acts on: what may be missing, whether to stop, who agrees; and the decision to stop itself."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.integration.screen.team import TITLE, imported, review_of
from tests.integration.screen.test_leading_pages import able, at, signed_in
from whatworks.people.models import User
from whatworks.screen.deciding import say
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.methods.stopping import stop_estimate
from whatworks.screen.models import Candidate, Review, Stop
from whatworks.screen.passing_on import pass_on
from whatworks.screen.presenters_agreement import first_opinions
from whatworks.screen.presenters_leading import dashboard
from whatworks.screen.presenters_sample import missing
from whatworks.screen.signing import untouched
from whatworks.screen.stopping import checklist, estimate, known, lot_of, pool
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return able("Lead Lark", "lead")


def single(lead: User, *others: User, **told: Any) -> Review:
    return review_of(lead, *others, title_rules=StageRules("single"), **({"share": 0.3} | told))


def decide(lead: User, review: Review, labels: list[int]) -> None:
    """Decide the next so many by lot: 1 in, 0 out."""
    rows = pool(review).filter(state=Candidate.OPEN).order_by("shuffle")[: len(labels)]
    for label, row in zip(labels, list(rows), strict=True):
        say(by=lead.pk, candidate=row.pk, decision="include" if label else "exclude")


def test_the_estimate_is_that_of_the_method(lead: User) -> None:
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    labels = [0, 1, 0, 1] + [0] * 26
    decide(lead, review, labels)
    assert estimate(review) == stop_estimate(labels, 60, target=0.95, confidence=0.95)


def test_twins_and_the_previous_version_are_not_counted(lead: User) -> None:
    """A twin is decided with another: counted, one decision would be two draws of the lot."""
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(5)])
    add_search(by=lead.pk, review=review, name="y", imports=[imported(5, name="twins")])
    add_search(by=lead.pk, review=review, name="z", imports=[imported(3, name="old", start=90)], route="previous")
    assert known(review).total == 5
    assert dashboard(review, lead.pk, leads=True)["stages"][0]["twins"] == 5


def test_after_a_new_search_only_later_urns_count(lead: User) -> None:
    """A long run of exclusions from before says nothing of records that were not in that urn."""
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    decide(lead, review, [1] + [0] * 57)
    before = estimate(review)
    assert before.stop and before.p is not None and before.p < 0.05
    add_search(by=lead.pk, review=review, name="y", imports=[imported(60, name="b", start=500)])
    told = known(review)
    assert (told.before, told.total) == (58, 120)
    after = estimate(review)
    assert after.p == pytest.approx(1.0) and not after.stop
    assert after.missing_upper == 62  # nothing has been drawn from the new urn
    assert "58 decisions" in after.cautions[0]
    # Naively, with the urns of before, one would be told to stop.
    decide(lead, review, [0] * 40)
    naive, honest = stop_estimate(list(known(review).labels), 120), estimate(review)
    assert honest.p is not None and naive.p is not None and naive.p < honest.p
    decide(lead, review, [0] * 22)
    assert estimate(review).stop and estimate(review).expected_missing == 0.0


def test_what_came_from_another_tool_is_not_tested_in_the_order_of_arrival(lead: User) -> None:
    """Nobody knows in which order it was read there, and the test is about nothing else."""
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    for number, row in enumerate(pool(review).order_by("shuffle")[:58]):
        told = {"decision": "exclude" if number else "include", "key": f"k{number}", "final": True}
        pass_on(by=lead.pk, candidate=row.pk, other="other:ASReview:jo", **told)
    told_now = known(review)
    assert (told_now.before, len(told_now.labels)) == (58, 58)
    assert not estimate(review).stop
    assert first_opinions(review, TITLE) == []
    shown = dashboard(review, lead.pk, leads=True)
    assert "jo in ASReview" in [row["name"] for row in shown["people"]]
    assert shown["hours"]["table"]["rows"] == []


def test_the_sample_ends_at_the_first_that_is_open(lead: User) -> None:
    """A ranking brings relevant ones forward; counted as part of the sample they would make it too rich."""
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(80)])
    drawn = list(pool(review).filter(sampled=True).order_by("shuffle"))
    assert len(drawn) > 8
    for row in (*drawn[:4], *drawn[5:]):
        say(by=lead.pk, candidate=row.pk, decision="include" if row in drawn[5:] else "exclude")
    assert (lot_of(review).read, lot_of(review).included) == (4, 0)
    say(by=lead.pk, candidate=drawn[4].pk, decision="maybe")  # waits for a second person: a conflict
    lot = lot_of(review)
    assert (lot.read, lot.unsettled, lot.included) == (len(drawn), 1, len(drawn) - 5)
    assert "1 is in conflict; the range allows for either answer" in missing(review)["sample"]
    assert checklist(review).conditions[0].said.startswith(f"{len(drawn) - 1} of 80")


def test_agreement_takes_first_words_only(lead: User) -> None:
    """After a talk two people agree on everything."""
    sam = able("Sam", "screener")
    review = review_of(lead, sam)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(20)])
    row = pool(review).order_by("shuffle")[0]
    say(by=lead.pk, candidate=row.pk, decision="include")
    say(by=sam.pk, candidate=row.pk, decision="exclude")
    say(by=sam.pk, candidate=row.pk, decision="include")
    told = {(one.screener, one.decision) for one in first_opinions(review, TITLE)}
    assert told == {(lead.pk, "include"), (sam.pk, "exclude")}


def test_agreement_shows_pairs_to_leads_only(lead: User) -> None:
    sam = able("Sam Screener", "screener")
    review = review_of(lead, sam, share=1.0)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(6)])
    for row in pool(review):
        say(by=lead.pk, candidate=row.pk, decision="include" if row.number < 3 else "exclude")
        say(by=sam.pk, candidate=row.pk, decision="include" if row.number < 2 else "exclude")
    page = signed_in(lead).get(at(review, "agreement/")).content.decode()
    assert "Lead Lark" in page and "83%" in page and "All pairs together" in page
    page = signed_in(sam).get(at(review, "agreement/")).content.decode()
    assert "Lead Lark" not in page and "All pairs together" in page and "Read with care" in page


def test_a_stop_is_signed_shown_frozen_and_lifted(lead: User) -> None:
    review, client = single(lead), signed_in(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    decide(lead, review, [1] + [0] * 57)
    page = client.get(at(review, "stopping/")).content.decode()
    assert "If you stop now, we are 95% sure" in page
    assert client.post(at(review, "stopping/"), {"step": "sign", "confirm": "Stop", "seen": 2}).status_code == 302
    stop = Stop.objects.get()
    assert (stop.unscreened, stop.early, stop.numbers["screened"]) == (2, False, 58)
    page = client.get(at(review, "stopping/")).content.decode()
    assert "What was signed" in page and "The numbers as they stood then" in page and "Lead Lark" in page
    assert "Sign and stop" not in page
    sent = {"step": "lift", "why": ""}
    assert "Say why screening goes on." in client.post(at(review, "stopping/"), sent).content.decode()
    assert client.post(at(review, "stopping/"), {"step": "lift", "why": "A reader asked."}).status_code == 302
    page = client.get(at(review, "stopping/")).content.decode()
    assert "A reader asked." in page and "Sign and stop" in page
    assert untouched(review, TITLE).count() == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"confirm": "", "why": "my reason"}, "Type the word stop to sign."),
        ({"confirm": "yes", "why": "my reason"}, "nothing was signed"),
        ({"confirm": "stop", "why": " "}, "say why you stop all the same"),
        ({"confirm": "stop", "why": "my reason", "seen": 7}, "look at the new numbers"),
        ({"confirm": "stop", "why": "my reason", "seen": "many"}, "Enter a whole number"),
    ],
)
def test_a_signature_that_cannot_be(lead: User, sent: dict[str, Any], said: str) -> None:
    review, client = single(lead), signed_in(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    decide(lead, review, [1, 0, 0])
    page = client.post(at(review, "stopping/"), {"step": "sign", "seen": 57} | sent).content.decode()
    assert said in page and "What you typed is still here" in page
    assert sent["why"].strip() in page
    assert not Stop.objects.exists()
    if sent.get("seen") == 7:  # the page that says so carries the number that can be signed
        assert 'name="seen" value="57"' in page


@pytest.mark.parametrize("rule", ["safe", "everything"])
def test_other_rules_have_their_own_sentence(lead: User, rule: str) -> None:
    """What the protocol chose decides, not the test that is shown beside it."""
    review, client = single(lead, stopping=rule), signed_in(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(60)])
    decide(lead, review, [1] + [0] * 56)
    page = client.get(at(review, "stopping/")).content.decode()
    assert "The rule of the protocol is not met." in page
    assert ("Not every step of SAFE" if rule == "safe" else "The protocol says: read everything.") in page
    client.post(at(review, "stopping/"), {"step": "sign", "confirm": "stop", "seen": 3, "why": "No money left."})
    stop = Stop.objects.get()
    assert stop.early and stop.sentence.startswith(
        "Reading stopped before the protocol's rule was met, with 1 relevant"
    )


def test_nothing_to_stop_where_everything_was_read(lead: User) -> None:
    review, client = single(lead), signed_in(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(4)])
    decide(lead, review, [1, 0, 0, 0])
    page = client.get(at(review, "stopping/")).content.decode()
    assert "Every record has been read." in page and "Sign and stop" not in page


def test_progress_says_when_it_may_be_done_only_if_it_can(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    review = single(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(90)])
    now = timezone.now()
    decide(lead, review, [0, 1])
    assert "Too little has been screened" in dashboard(review, lead.pk, leads=True)["forecast"]
    for days in (3, 2, 1):
        moment = now - datetime.timedelta(days=days)
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        decide(lead, review, [0] * 12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    shown = dashboard(review, lead.pk, leads=True)
    assert "Reading everything would end" in shown["forecast"]
    assert shown["people"][0]["screened"] == 38 and shown["people"][0]["includes"] == 1
    assert shown["stages"][0]["left"] == 52
    page = signed_in(lead).get(at(review)).content.decode()
    assert "Found per hour" in page and "<svg" in page


def test_files_to_take_away(lead: User) -> None:
    review, client = single(lead), signed_in(lead)
    add_search(by=lead.pk, review=review, name="x", imports=[imported(4)])
    decide(lead, review, [1, 0])
    for form in ("ris", "csv", "prisma", "asreview", "spreadsheet"):
        response = client.get(at(review, f"take/{form}/"))
        assert response.status_code == 200 and b"".join(response)  # type: ignore[attr-defined]
    assert client.get(at(review, "take/stone-tablet/")).status_code == 400
    assert client.get(at(review, "flow.svg"))["Content-Type"] == "image/svg+xml"
    stranger = signed_in(able("Stranger", "screener"))
    assert stranger.get(at(review, "take/csv/")).status_code == 403


def test_a_long_list_shows_how_far_it_is(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from whatworks.ledger.work import work_off

    monkeypatch.setattr("whatworks.screen.waves.AT_ONCE", 3)
    review, client = single(lead), signed_in(lead)
    add_search(by=lead.pk, review=review, name="Long", imports=[imported(8)])
    response = client.get(at(review, "searches/"))
    assert "Being added: Long" in response.content.decode() and response["Refresh"] == "3"
    assert "Refresh" not in client.get(at(review, "searches/?still=1"))
    work_off()
    assert "Being added" not in client.get(at(review, "searches/")).content.decode()
