"""Who may open and change the pages of a review, and what each form says to input that cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.integration.screen.team import FULL, TITLE, imported, next_for, person, review_of
from whatworks.collate.models import Report
from whatworks.people.models import Assignment, User
from whatworks.scope.models import Theme
from whatworks.screen.deciding import say
from whatworks.screen.models import Candidate, Protocol, Review, Screener
from whatworks.screen.reviewing import rules_of
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db

PAGES = ("", "protocol/", "team/", "searches/", "conflicts/", "agreement/", "stopping/", "reread/")


def able(name: str, *roles: str) -> User:
    """Somebody with roles."""
    user = person(name)
    for role in roles:
        Assignment.objects.create(user=user, role=role, given_by="cli")
    return user


@pytest.fixture
def lead() -> User:
    return able("Lead Lark", "lead")


@pytest.fixture
def screener() -> User:
    return able("Sam Screener", "screener")


@pytest.fixture
def review(lead: User, screener: User) -> Review:
    return review_of(lead, screener)


def at(review: Review, page: str = "") -> str:
    return f"/workspace/reviews/{review.slug}/{page}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def given(**changed: Any) -> dict[str, Any]:
    """A whole form for a new review."""
    told = {
        "title": "Kinship care",
        "question": "What helps kinship carers?",
        "theme": Theme.objects.register(slug="kin", name="Kin", order=2).pk,
        "conducted_by": "A team",
        "reasons": "Wrong age\nWrong place\n",
        "title_mode": "dual",
        "full_text_mode": "single",
        "settling": "third",
        "order": "ranked",
        "share": "10",
        "stopping": "hypergeometric",
        "target": "95",
        "confidence": "97.5",
        "criteria-TOTAL_FORMS": "2",
        "criteria-INITIAL_FORMS": "0",
        "criteria-0-name": "Age",
        "criteria-0-include": "Under 18",
        "criteria-1-name": "",
    }
    return told | changed


@pytest.mark.parametrize("page", PAGES)
def test_who_does_not_take_part_is_told_whom_to_ask(review: Review, page: str) -> None:
    """Another team's opinions are none of theirs, whatever roles they have."""
    stranger = able("Stranger", "screener", "lead")
    response = signed_in(stranger).get(at(review, page))
    assert response.status_code == 403
    assert "Lead Lark" in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_whole_team_may_read(review: Review, screener: User, lead: User, page: str) -> None:
    for user in (screener, lead):
        assert signed_in(user).get(at(review, page)).status_code == 200


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("team/", {"step": "leave"}),
        ("team/", {"user": "x", "part": "lead"}),
        ("searches/", {"route": "databases"}),
        ("stopping/", {"step": "sign", "confirm": "stop"}),
        ("protocol/change/", {"why": "x"}),
    ],
)
def test_who_does_not_lead_cannot_change(review: Review, screener: User, page: str, sent: dict[str, str]) -> None:
    """A page that hides a button must refuse what the button sends."""
    assert signed_in(screener).post(at(review, page), sent).status_code == 403


def test_a_lead_without_the_role_cannot_change(review: Review, screener: User) -> None:
    """A role that was taken away must stop its powers in every review."""
    Screener.objects.filter(review=review, user=screener).update(part=Screener.LEAD)
    assert signed_in(screener).post(at(review, "team/"), {"step": "leave"}).status_code == 403


def test_a_screener_sees_no_table_of_persons(review: Review, screener: User, lead: User) -> None:
    """How much each colleague includes would sway the next decision."""
    add_search(by=lead.pk, review=review, name="x", imports=[imported(3)])
    assert "Who did what" in signed_in(lead).get(at(review)).content.decode()
    assert "Who did what" not in signed_in(screener).get(at(review)).content.decode()


def test_a_review_is_opened(lead: User) -> None:
    response = signed_in(lead).post("/workspace/open-review/", given())
    assert response.status_code == 302, response.content.decode()
    review = Review.objects.get(slug="kinship-care")
    rules = rules_of(review)
    assert (rules.share, rules.target, rules.confidence) == (0.1, 0.95, 0.975)
    assert [one.name for one in rules.criteria] == ["Age"]
    assert rules.reasons == ("Wrong age", "Wrong place")
    assert Screener.objects.get(review=review).part == Screener.LEAD


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "Give the review a name"),
        ({"title": "!!!"}, "A review needs a name with letters"),
        ({"question": " "}, "Write what the review asks"),
        ({"theme": ""}, "Choose the theme"),
        ({"share": "120"}, "less than or equal to 100"),
        ({"target": "100"}, "only reading everything finds all"),
        ({"title_mode": "sample", "share": "0"}, "but the share is 0"),
        ({"seeds": "10.1000/nowhere"}, "10.1000/nowhere"),
        ({"reasons": "x" * 130}, "at most 120 characters"),
        ({"criteria-1-include": "Foster care"}, "Say in a word or two"),
        ({"criteria-0-include": ""}, "Say what is in or what is out"),
        ({"order": "by colour"}, "by colour"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(lead: User, changed: dict[str, str], said: str) -> None:
    """A protocol takes an hour to write."""
    response = signed_in(lead).post("/workspace/open-review/", given(**changed))
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "Wrong place" in page or "reasons" in changed
    assert not Review.objects.filter(slug="kinship-care").exists()


def test_more_rows_keep_what_was_typed(lead: User) -> None:
    """Without a script the button goes to the server, and what is half written must come back."""
    sent = given(**{"rows": "more", "title": "", "criteria-1-exclude": "Adults"})
    page = signed_in(lead).post("/workspace/open-review/", sent).content.decode()
    assert "Criterion 5" in page and "Adults" in page and "Wrong age" in page
    assert "There is a problem" not in page
    assert 'value="ranked" required' in page or 'value="ranked"' in page
    assert "checked" in page


def test_the_same_name_twice_is_refused(lead: User, review: Review) -> None:
    page = signed_in(lead).post("/workspace/open-review/", given(title=review.title)).content.decode()
    assert "There is a review called" in page


def amended(review: Review, **changed: Any) -> dict[str, Any]:
    told = given(question="What helps children to stay at home?", reasons="Wrong population\nWrong design", share="20")
    told |= {"confidence": "95", "criteria-0-name": "", "criteria-0-include": "", "seen": 1, "why": "We learnt more."}
    return told | changed


def test_the_protocol_is_amended_with_its_reason(lead: User, review: Review) -> None:
    sent = amended(review, settling="discussion")
    assert signed_in(lead).post(at(review, "protocol/change/"), sent).status_code == 302
    page = signed_in(lead).get(at(review, "protocol/")).content.decode()
    assert "We learnt more." in page and "If two people differ" in page
    assert Protocol.objects.current(review).number == 2
    assert rules_of(review).seed == 1  # a lot that can be drawn again can be chosen


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": "", "settling": "discussion"}, "Say why the protocol is changed"),
        ({"seen": 7, "settling": "discussion"}, "was changed meanwhile"),
        ({"share": "30"}, "its size and seed cannot change now"),
    ],
)
def test_an_amendment_that_cannot_be(lead: User, review: Review, changed: dict[str, Any], said: str) -> None:
    add_search(by=lead.pk, review=review, name="x", imports=[imported(3)])
    page = signed_in(lead).post(at(review, "protocol/change/"), amended(review, **changed)).content.decode()
    assert said in page
    assert Protocol.objects.current(review).number == 1


def test_people_join_change_and_leave(lead: User, review: Review) -> None:
    joiner, client = able("Jo", "screener"), signed_in(lead)
    assert client.post(at(review, "team/"), {"user": joiner.pk, "part": "core"}).status_code == 302
    row = Screener.objects.get(review=review, user=joiner)
    assert row.part == "core"
    client.post(at(review, "team/"), {"step": "part", "user": joiner.pk, "part": "screener"})
    row.refresh_from_db()
    assert row.part == "screener"
    client.post(at(review, "team/"), {"step": "leave", "user": joiner.pk})
    row.refresh_from_db()
    assert row.until is not None
    assert "Who has left" in client.get(at(review, "team/")).content.decode()


def test_a_team_that_cannot_be(lead: User, screener: User, review: Review) -> None:
    client, outsider = signed_in(lead), able("Outsider", "rater")
    page = client.post(at(review, "team/"), {"user": "", "part": "core"}).content.decode()
    assert "Choose who is to take part." in page
    page = client.post(at(review, "team/"), {"user": outsider.pk, "part": "core"}).content.decode()
    assert "not one of the available choices" in page
    sent = {"step": "part", "user": screener.pk, "part": "lead"}
    assert "has not the role" in client.post(at(review, "team/"), sent, follow=True).content.decode()
    sent = {"step": "leave", "user": lead.pk}
    assert "A review needs a lead" in client.post(at(review, "team/"), sent, follow=True).content.decode()


def test_searches_come_in_with_their_counts(lead: User, review: Review) -> None:
    first, again, client = imported(6), imported(4, name="another", start=5), signed_in(lead)
    assert client.post(at(review, "searches/"), {"imports": [first.pk], "route": "databases"}).status_code == 302
    page = client.get(at(review, "searches/")).content.decode()
    assert "6 records came in" in page
    assert first.filename not in page.partition("Add records")[2] or "another" in page
    report = Report.objects.order_by("pk").first()
    assert report is not None
    sent = {"imports": [again.pk], "reports": report.pk, "route": "other", "kind": "citations", "name": "Cited"}
    assert client.post(at(review, "searches/"), sent).status_code == 302
    wave = review.waves.get(number=2)
    assert (wave.records, wave.name, wave.kind) == (5, "Cited", "citations")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"route": "databases"}, "Choose at least one search export"),
        ({"route": "databases", "reports": "rep-nothing"}, "No report here has the identifier or DOI"),
        ({"route": "other", "reports": "KNOWN"}, "Say by which other method"),
        ({"route": "by pigeon", "reports": "KNOWN"}, "by pigeon"),
    ],
)
def test_a_search_that_cannot_be(lead: User, review: Review, sent: dict[str, str], said: str) -> None:
    imported(2)
    report = Report.objects.order_by("pk").first()
    assert report is not None
    sent = {key: report.pk if value == "KNOWN" else value for key, value in sent.items()}
    page = signed_in(lead).post(at(review, "searches/"), sent).content.decode()
    assert said in page
    assert sent.get("reports", "") in page
    assert not review.waves.exists()


def in_conflict(review: Review, lead: User, screener: User) -> Candidate:
    """A record on which the two differ."""
    add_search(by=lead.pk, review=review, name="x", imports=[imported(4)])
    candidate = next_for(lead, review)
    assert candidate is not None
    say(by=lead.pk, candidate=candidate.pk, decision="include", note="a note of the lead")
    say(by=screener.pk, candidate=candidate.pk, decision="exclude", reason="Wrong design")
    candidate.refresh_from_db()
    assert candidate.state == Candidate.CONFLICT
    return candidate


def test_a_conflict_is_blind_until_it_is_settled(lead: User, screener: User, review: Review) -> None:
    """A name on an opinion makes the one who decides agree with the person."""
    candidate, third = in_conflict(review, lead, screener), able("Tess Third", "screener")
    signed_in(lead).post(at(review, "team/"), {"user": third.pk, "part": "screener"})
    client, page_at = signed_in(third), at(review, f"conflicts/{candidate.pk}/")
    shown = client.get(at(review, "conflicts/")).content.decode()
    assert "One says it belongs in, one says it does not belong in." in shown
    page = client.get(page_at).content.decode()
    assert "Screener A" in page and "Screener B" in page and "a note of the lead" in page
    for name in ("Lead Lark", "Sam Screener"):
        assert name not in page and name not in shown
    assert client.post(page_at, {"step": "remark", "remark-text": "What of page 3?"}).status_code == 302
    sent = {"step": "third", "third-decision": "exclude", "third-reason": "Wrong design", "third-key": "k"}
    assert client.post(page_at, sent).status_code == 302
    candidate.refresh_from_db()
    assert candidate.state == Candidate.EXCLUDE
    page = client.get(page_at).content.decode()
    for name in ("Lead Lark", "Sam Screener", "Tess Third", "deciding between the others", "What of page 3?"):
        assert name in page


def test_who_differs_may_change_their_mind_and_not_decide(lead: User, screener: User, review: Review) -> None:
    candidate, client = in_conflict(review, lead, screener), signed_in(screener)
    page_at = at(review, f"conflicts/{candidate.pk}/")
    page = client.get(page_at).content.decode()
    assert "Change your mind" in page and "Decide between them" not in page
    sent = {"step": "third", "third-decision": "exclude", "third-key": "k"}
    assert "You are one of those who differ" in client.post(page_at, sent).content.decode()
    assert client.post(page_at, {"step": "change", "change-decision": "include", "change-key": "c"}).status_code == 302
    candidate.refresh_from_db()
    assert candidate.state == Candidate.INCLUDE


def test_where_people_talk_it_over_only_a_lead_decides(lead: User, screener: User) -> None:
    review, third = review_of(lead, screener, title="Talks", settling="discussion"), able("Tess", "screener")
    candidate = in_conflict(review, lead, screener)
    signed_in(lead).post(at(review, "team/"), {"user": third.pk, "part": "screener"})
    sent = {"step": "third", "third-decision": "exclude", "third-key": "k"}
    page = signed_in(third).post(at(review, f"conflicts/{candidate.pk}/"), sent).content.decode()
    assert "a lead decides where they cannot agree" in page
    candidate.refresh_from_db()
    assert candidate.state == Candidate.CONFLICT


def test_what_is_still_open_shows_nothing_of_what_was_said(lead: User, screener: User, review: Review) -> None:
    """The page of a record that waits for a second opinion must not give the first away."""
    add_search(by=lead.pk, review=review, name="x", imports=[imported(4)])
    candidate = next_for(lead, review)
    assert candidate is not None
    say(by=lead.pk, candidate=candidate.pk, decision="include", note="look at this")
    page = signed_in(screener).get(at(review, f"conflicts/{candidate.pk}/")).content.decode()
    assert "look at this" not in page and "Lead Lark" not in page and "belongs in." not in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"step": "remark", "remark-text": "  "}, "Write something first."),
        ({"step": "remark", "remark-text": "x" * 5001}, "at most 5,000"),
        ({"step": "third", "third-decision": "", "third-note": "my words"}, "This field is required"),
        ({"step": "third", "third-decision": "exclude", "third-reason": "No such"}, "No such"),
    ],
)
def test_words_in_a_conflict_that_cannot_be(
    lead: User, screener: User, review: Review, sent: dict[str, str], said: str
) -> None:
    candidate = in_conflict(review, lead, screener)
    page = signed_in(lead).post(at(review, f"conflicts/{candidate.pk}/"), sent | {"third-key": "k"}).content.decode()
    assert said in page or "between 1 and 5,000" in page
    assert sent.get("third-note", "") in page


def test_an_exclusion_at_full_text_needs_a_reason(lead: User, screener: User) -> None:
    from whatworks.screen.methods.protocol import StageRules

    review = review_of(lead, screener, title="Two at each", full_text=StageRules("dual"))
    candidate = in_conflict(review, lead, screener)
    say(by=lead.pk, candidate=candidate.pk, decision="include", third=True)
    full = Candidate.objects.at(review, FULL).get()
    say(by=lead.pk, candidate=full.pk, decision="include")
    say(by=screener.pk, candidate=full.pk, decision="exclude", reason="Wrong design")
    client, sent = signed_in(lead), {"step": "third", "third-decision": "exclude", "third-key": "k"}
    page = client.post(at(review, f"conflicts/{full.pk}/"), sent).content.decode()
    assert "needs a reason" in page
    assert "Full text (1)" in client.get(at(review, "conflicts/?stage=full-text")).content.decode()
    assert (
        TITLE not in client.get(at(review, "conflicts/?stage=full-text")).content.decode().lower().partition("<ol")[2]
    )
