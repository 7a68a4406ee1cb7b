"""An abstract is mended, a duplicate told: what is kept of it, who sees it, and what is refused."""

from __future__ import annotations

import pytest

from tests.integration.screen.team import imported, person, review_of
from tests.integration.screen.test_screening_views import client_of, screener
from whatworks.collate.actions import decide, propose_matches
from whatworks.collate.matching import let_rules_merge
from whatworks.collate.models import Import, MatchProposal, Record
from whatworks.collate.search import reports
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.models import Event, Job
from whatworks.people.models import User
from whatworks.screen.mending import LONGEST, mend_abstract
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Review
from whatworks.screen.seen_before import report_duplicate
from whatworks.screen.tasks import MEND
from whatworks.screen.texts import texts_of
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db
TEXT = "Aardvarks were counted in forty councils before and after the law, with no difference at all."
PLACE = "The publisher's page"


@pytest.fixture
def ada() -> User:
    return screener("ada")


@pytest.fixture
def review(ada: User) -> Review:
    held = review_of(ada, title_rules=StageRules("single"))
    origin = imported(4)
    bare = Record.objects.filter(origin=origin).order_by("position")[0]
    bare.tags = [tag for tag in bare.tags if tag[0] != "AB"]
    bare.save()
    add_search(by=ada.pk, review=held, name="A database", imports=[origin])
    return held


@pytest.fixture
def bare(review: Review) -> Candidate:
    return Candidate.objects.order_by("number").select_related("report")[0]


def test_a_mended_abstract_is_read_found_and_signed(ada: User, review: Review, bare: Candidate) -> None:
    """What is typed in and not found again is typed in twice."""
    assert texts_of([bare.report_id])[bare.report_id].abstract == ""
    jobs = Job.objects.filter(kind="screen.rank").count()
    made = mend_abstract(by=ada.pk, review=review, report=bare.report, text=f"  {TEXT}\r\n", source=PLACE)
    assert texts_of([bare.report_id])[bare.report_id].abstract == TEXT
    assert (made.report_id, made.first_report_id, made.origin.format) == (bare.report_id,) * 2 + ("typed by hand",)
    assert (made.origin.source.name, made.origin.complete) == (PLACE, True)
    assert (
        Event.objects.filter(verb=MEND, mentions__subject=review.pk).filter(mentions__subject=bare.report_id).exists()
    )
    assert list(reports("aardvarks", inside=True).values_list("pk", flat=True)) == [bare.report_id]
    assert Job.objects.filter(kind="screen.rank").count() >= min(jobs, 1)
    page = client_of(ada).get(f"/workspace/reviews/{review.slug}/screen/?first={bare.pk}").content.decode()
    assert "Aardvarks" in page and "This abstract was typed in by ada" in page


def test_the_rules_do_not_ask_about_a_mended_report_again(ada: User, review: Review, bare: Candidate) -> None:
    """Two records of one report must not stand for two reports."""
    before = {one.pair for one in propose_matches(by="cli")}
    mend_abstract(by=ada.pk, review=review, report=bare.report, text=TEXT, source=PLACE)
    assert {one.pair for one in propose_matches(by="cli")} - before == set()


@pytest.mark.parametrize(
    ("text", "source", "sentence"),
    [
        ("", PLACE, "no abstract"),
        ("Too short.", PLACE, "no abstract"),
        ("x" * (LONGEST + 1), PLACE, "too long"),
        (TEXT, " ", "where you found it"),
    ],
)
def test_what_is_no_abstract_is_refused(
    ada: User, review: Review, bare: Candidate, text: str, source: str, sentence: str
) -> None:
    imports = Import.objects.count()
    with pytest.raises(InputError, match=sentence):
        mend_abstract(by=ada.pk, review=review, report=bare.report, text=text, source=source)
    assert Import.objects.count() == imports


def test_an_abstract_that_is_here_is_replaced_only_on_purpose(ada: User, review: Review) -> None:
    """Somebody who types over a better abstract would lose it for everybody."""
    whole = Candidate.objects.order_by("number").select_related("report")[1].report
    told = {"by": ada.pk, "review": review, "report": whole, "source": PLACE}
    with pytest.raises(ConflictError, match="has an abstract"):
        mend_abstract(**told, text=TEXT)
    with pytest.raises(InputError, match="as long or longer"):
        mend_abstract(**told, text="x" * 41, replace=True)
    mend_abstract(**told, text=TEXT, replace=True)
    assert texts_of([whole.pk])[whole.pk].abstract == TEXT
    with pytest.raises(ForbiddenError):
        mend_abstract(**(told | {"by": person("eve").pk}), text=TEXT * 2, replace=True)


def test_the_page_mends_and_says_what_is_wrong(ada: User, review: Review, bare: Candidate) -> None:
    place = f"/workspace/reviews/{review.slug}/candidates/{bare.pk}/abstract/"
    client = client_of(ada)
    assert "no abstract" in client.post(place, {"text": "short", "source": PLACE}).content.decode()
    page = client.post(place, {"text": TEXT, "source": PLACE}, follow=True)
    assert "The abstract is kept." in page.content.decode() and "Aardvarks" in page.content.decode()


def test_a_screener_asks_and_nothing_is_joined(ada: User, review: Review, bare: Candidate) -> None:
    """Who may not merge must not merge by a detour, not even where rules may."""
    let_rules_merge(by="cli", merges=True)
    other = Candidate.objects.order_by("number").select_related("report")[2]
    made = report_duplicate(by=ada.pk, review=review, report=bare.report, other=other.report)
    assert (made.waits, made.decision, made.rule, ada.pk in made.reason) == (True, "ask", "person", False)
    assert report_duplicate(by=ada.pk, review=review, report=other.report, other=bare.report).pk == made.pk
    bare.report.refresh_from_db()
    assert bare.report.merged_into_id is None
    shown = client_of(screener("lou", "lead")).get(f"/workspace/matches/{made.pk}/").content.decode()
    assert "takes them for one" in shown and "The rule is" not in shown, "a person is not a rule"
    decide(by="cli", left=bare.report_id, right=other.report_id, decision="different")
    made.refresh_from_db()
    assert not made.waits
    with pytest.raises(ConflictError, match="keeps them apart"):
        report_duplicate(by=ada.pk, review=review, report=bare.report, other=other.report)


@pytest.mark.parametrize(("role", "one"), [("lead", True), ("screener", False)])
def test_the_page_finds_the_other_and_decides_or_asks(
    ada: User, review: Review, bare: Candidate, role: str, one: bool
) -> None:
    from whatworks.screen.reviewing import join

    user = screener("cas", role)
    join(by=ada.pk, review=review, user=user)
    client, other = client_of(user), Candidate.objects.order_by("number")[2]
    place = f"/workspace/reviews/{review.slug}/candidates/{bare.pk}/seen-before/"
    found = client.get(place, {"q": "study 3 families"}).context["found"]
    assert [row.pk for row in found] == [other.pk]
    assert client.get(place).status_code == 200
    assert "Choose the one" in client.post(place, follow=True).content.decode()
    assert "same record" in client.post(place, {"other": bare.pk}, follow=True).content.decode()
    page = client.post(place, {"other": other.pk}, follow=True).content.decode()
    assert ("They are one report now." in page, "are asked" in page) == (one, not one)
    assert MatchProposal.objects.filter(rule="person", waits=True).exists() is not one
    assert Candidate.objects.filter(state="duplicate").exists() is one
