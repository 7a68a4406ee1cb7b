"""The living loop: a search falls due, what it finds is suggested, people take it in or decline it; one list of work with owners."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.journey.centres import build_roads
from tests.integration.screen.team import imported, person, review_of
from whatworks.collate.models import Report
from whatworks.collate.searching import add_strategy, attach_import, record_run
from whatworks.convene.challenging import CHALLENGE
from whatworks.convene.guarding import show, take
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.learn import looping
from whatworks.learn.looping_suggesting import suggested_for, waiting_reviews
from whatworks.learn.looping_timing import told
from whatworks.learn.looping_work import SOURCES, mine, work
from whatworks.learn.models import SavedSearch, SuggestionDeclined
from whatworks.ledger.models import Event
from whatworks.ledger.verification import verify
from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.publish.needs import of
from whatworks.scope.questioning import decline_question, take_up
from whatworks.screen.models import Candidate, Judgement, Review

pytestmark = pytest.mark.django_db


def day(ago: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=ago)


def saved(review: Review, *, every: int = 30, ran: int | None = None) -> SavedSearch:
    """A search of a place that is run again for a review; its last run so many days ago brought three reports."""
    origin = imported(3, name="a place", start=50)
    strategy = add_strategy(by="usr:t", source=origin.source, name="Staying at home", text="home AND child*")
    row = looping.save_search(by="usr:t", review=review, strategy=strategy, every_days=every)
    if ran:
        SavedSearch.objects.filter(pk=row.pk).update(since=day(100))
    if ran is not None:
        run = record_run(by="usr:t", strategy=strategy, ran_on=day(ran), hits=3)
        attach_import(by="usr:t", origin=origin, run=run)
    row.refresh_from_db()
    return row


def role(user: User, *names: str) -> User:
    for name in names:
        user.assignments.create(role=name, given_by="test")
    return user


def test_a_search_is_work_when_it_falls_due_and_not_before() -> None:
    lead = person("lead")
    row = saved(review_of(lead), every=30, ran=5)
    assert looping.next_due(row) == day(-25) and work(["search"]) == []
    SavedSearch.objects.update(every_days=3)
    (item,) = work(["search"])
    assert (item.due_on, item.late, item.about) == (day(2), True, row.pk)
    looping.end_search(by="usr:t", saved=row)
    assert work(["search"]) == []
    with pytest.raises(ConflictError, match="not run for the review any more"):
        looping.end_search(by="usr:t", saved=row)
    with pytest.raises(InputError, match="from 1 to 1100"):
        looping.save_search(by="usr:t", review=row.review, strategy=row.strategy, every_days=0)
    assert looping.save_search(by="usr:t", review=row.review, strategy=row.strategy, every_days=9).pk == row.pk
    assert SavedSearch.objects.get().ended_on is None


def test_what_a_saved_search_finds_is_suggested_until_somebody_takes_it_in_or_declines_it() -> None:
    lead, other = person("lead"), person("other")
    review = review_of(lead)
    saved(review, ran=0)
    found = suggested_for(review)
    assert len(found) == 3 and all("saved for this review" in one.why for one in found)
    assert [(one.pk, n) for one, n in waiting_reviews()] == [(review.pk, 3)]
    assert work(["suggested"])[0].note == "3 new reports may be for it."
    with pytest.raises(ForbiddenError, match="Only a lead"):
        looping.take_in(by=other.pk, review=review, reports=[found[0].report])
    looping.take_in(by=lead.pk, review=review, reports=[found[0].report])
    assert Candidate.objects.get(review=review).report_id == found[0].report.pk
    looping.decline(by=lead.pk, review=review, report=found[1].report, reason="About adults.")
    with pytest.raises(ConflictError, match="declined it for this review already"):
        looping.decline(by=lead.pk, review=review, report=found[1].report, reason="About adults.")
    with pytest.raises(InputError, match="Say why"):
        looping.decline(by=lead.pk, review=review, report=found[2].report, reason=" ")
    assert [one.report.pk for one in suggested_for(review)] == [found[2].report.pk]
    assert SuggestionDeclined.objects.get().reason == "About adults."
    assert Judgement.objects.count() == 0  # nothing that a machine suggested was judged by it
    assert verify().differences == []


def test_a_new_search_of_somebody_else_is_suggested_only_where_titles_speak_of_the_question() -> None:
    lead = person("lead")
    review = review_of(
        lead, title="Family group meetings", question="Do services for families and their meetings help?"
    )
    Review.objects.update(last_search=day(50))
    origin = imported(2, name="elsewhere", start=90)
    strategy = add_strategy(by="usr:t", source=origin.source, name="Everything", text="*")
    attach_import(by="usr:t", origin=origin, run=record_run(by="usr:t", strategy=strategy, ran_on=day(1), hits=2))
    Review.objects.update(question="Do services for families with a study of meetings help?")
    review.refresh_from_db()
    assert len(suggested_for(review)) == 2 and "words of the question" in suggested_for(review)[0].why
    Review.objects.update(title="Roads", question="Do bends slow cars?")
    review.refresh_from_db()
    assert suggested_for(review) == []


def test_work_has_an_owner_and_a_day_and_is_done_when_the_thing_is_done(client: Client) -> None:
    keeper, lead = role(person("keeper"), "loop"), person("lead")
    question = take_up(by="usr:t", wording="Who listens to a child in Mereton?", demonstration=True)
    looping.share_work(by="usr:t", kind="question", about=question.pk, owner=keeper, due_on=day(-3))
    (item,) = mine(keeper.actor)
    assert (item.owner_name, item.due_on, item.late) == ("keeper", day(-3), False)
    assert {"late", "mine"} <= {one.slug for one in of(keeper)}
    with pytest.raises(InputError, match="That day is over"):
        looping.share_work(by="usr:t", kind="question", about=question.pk, owner=None, due_on=day(1))
    client.force_login(keeper)
    page = client.get("/workspace/loop/?whose=mine").content.decode()
    assert "Who listens to a child in Mereton?" in page
    assert "Work that you said you would do" in client.get("/workspace/").content.decode()
    assert "Who listens" not in client.get("/workspace/loop/?whose=nobody").content.decode()
    shared = client.post(f"/workspace/loop/share/question/{question.pk}/", {"owner": "", "due_on": ""})
    assert shared.status_code == 302 and mine(keeper.actor) == []
    assert Event.objects.filter(verb="learn.share-work").count() == 2
    assert client.get("/workspace/loop/share/question/qst-nowhere/").status_code == 404
    decline_question(by="usr:t", question=question, reason="Asked already.")
    assert work(["question"]) == []
    client.force_login(lead)
    assert client.get("/workspace/loop/").status_code == 403


def test_a_challenge_and_a_text_reach_those_who_can_settle_them_and_nobody_else() -> None:
    moderator, answerer = role(person("mod"), "moderator"), role(person("ans"), "enquiries")
    text = take(kind=CHALLENGE, content="The range is far too narrow.", where="/evidence/", by="public")

    def waiting(user: User) -> dict[str, int]:
        return {one.slug: len(one.rows(user.actor)) for one in of(user)}

    assert waiting(moderator)["texts"] == 1 and "challenges" not in waiting(moderator)
    assert waiting(answerer)["challenges"] == 0
    show(by=moderator.actor, text=text)
    assert waiting(moderator)["texts"] == 0 and waiting(answerer)["challenges"] == 1
    (need,) = [one for one in of(answerer) if one.slug == "challenges"]
    ((runs, note),) = need.items(need.rows(answerer.actor))
    assert "narrow" not in str(runs) + str(note)
    assert [one.kind for one in work(["challenge"])] == ["challenge"]


def test_every_kind_of_work_is_for_a_permission_that_some_role_gives() -> None:
    given = {permission for one in roles().values() for permission in one.may}
    assert {one.permission for one in SOURCES} <= given | {"workspace.enter"}


def test_how_fast_counts_reports_that_still_wait_and_says_where_nothing_is_recorded(client: Client) -> None:
    lead = person("lead")
    review = review_of(lead)
    saved(review, ran=40)
    imported(1, name="a drawer", start=80)
    for report in Report.objects.all():
        Judgement.objects.create(
            id=Judgement.fresh(), review=review, report=report, stage="full text", decision="include", by="usr:t"
        )
    found = told(timezone.localdate())
    assert (found.reports, found.backwards) == (4, 0)
    assert found.shown.arrived == 0 and found.shown.median is None and found.shown.longest_waiting == 40
    assert found.unknown + found.shown.reports == 4
    page = client.get("/learning/how-fast/")
    assert page.status_code == 200 and not page.cookies and "Fewer than half have arrived" in page.content.decode()


def test_how_fast_follows_a_report_by_its_numbers_and_results_to_the_page_that_rests_on_them(client: Client) -> None:
    build_roads()
    origin = imported(1, name="roads")
    Report.objects.filter(contrasts__isnull=False).update(origin=origin)  # as if this file had brought them
    strategy = add_strategy(by="usr:t", source=origin.source, name="Roads", text="road*")
    attach_import(by="usr:t", origin=origin, run=record_run(by="usr:t", strategy=strategy, ran_on=day(12), hits=None))
    found = told(timezone.localdate())
    assert found.shown.arrived > 0 and (found.shown.shortest, found.shown.longest) == (12, 12)
    assert all(one.arrived >= found.shown.arrived for _, one in found.steps[1:])
    if found.shown.arrived * 2 >= found.shown.reports:
        assert found.shown.median == 12 and "within 12 days" in client.get("/learning/how-fast/").content.decode()


def test_pages_of_the_loop_for_everybody_answer_when_there_is_nothing(client: Client) -> None:
    addresses: dict[str, Any] = {
        "/gaps/": "0 things", "/gaps/gaps.csv": "what is missing", "/questions/": "There is none yet",
        "/what-did-not-work/": "Nothing of this kind", "/what-did-not-work/feed.atom": "<feed",
        "/what-did-not-work/what-did-not-work.csv": "kind,title", "/learning/how-fast/": "cannot be told",
    }  # fmt: skip
    for address, words in addresses.items():
        page = client.get(address)
        assert page.status_code == 200 and words in page.content.decode() and not page.cookies, address
