"""Texts for pages: numbers by reference, two writers, what may go in, and that text and results cannot disagree."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.integration.journey.centres import build_roads
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, InputError
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.ledger.models import Event, Lineage
from whatworks.people.models import Assignment, User
from whatworks.publish.actions import approve, draft, refresh
from whatworks.publish.methods.references import reference
from whatworks.publish.models import Draft, Page, Passage, Revision
from whatworks.publish.presenters import stale_notice
from whatworks.publish.writing import passages
from whatworks.publish.writing.pack import PASSAGES
from whatworks.publish.writing.referring import GONE, numbers_of, resolved, rests
from whatworks.publish.writing.results import results
from whatworks.publish.writing.reviewing import facts_of, reviewed, syllables
from whatworks.publish.writing.withdrawing import notice_of, reinstate, standing_of, withdraw, withdrawn
from whatworks.scope.models import Intervention
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

pytestmark = pytest.mark.django_db
WRITER, EDITOR = "usr-writer", "usr-editor"


@pytest.fixture(autouse=True)
def roads(db: None) -> None:
    """The tiny pack of another sector, computed and published."""
    build_roads()


def analysis() -> Analysis:
    return Analysis.objects.order_by("pk").get()


def about() -> Intervention:
    one = analysis().intervention
    return one.part_of or one


def page() -> Page:
    return Page.objects.get(intervention=about())


def result() -> Synthesis:
    return Synthesis.objects.current().get(role=Synthesis.DEFAULT, analysis=analysis())


def number(what: str) -> str:
    """How a number of the pack's one result is referred to."""
    return reference(analysis().pk, what)


def counted() -> str:
    """A text that holds a number, and how sure we are beside it."""
    return f"Where zones were slow it was {number('per 100 with')} ({number('certainty')})."


def write(text: str, part: str = "how-to-do-it", *, by: str = WRITER, seen: int = 0, ready: bool = True) -> Passage:
    return passages.write(by=by, intervention=about(), part=part, text=text, seen=seen, ready=ready)


def put_right() -> None:
    """Correct a raw number behind the pack's one result, and work everything out again."""
    contrast = Contrast.objects.get(pk=result().inputs[0]["contrast"])
    inputs = contrast.inputs | {"events1": contrast.inputs["events1"] + 12}
    correct(by="usr-coder", contrast=contrast, inputs=inputs, reason="The table prints twelve more.")
    refresh(by="rule")


def said(text: str) -> str:
    return "".join(one if isinstance(one, str) else one["number"] for one in resolved(text))


def signed_in(*roles: str) -> Client:
    user = User.objects.create_user(email=f"{'-'.join(roles)}@example.invalid", password="x" * 20)
    for role in roles:
        Assignment.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


# Numbers


def test_every_number_of_a_result_is_offered_once_and_leads_to_its_trace() -> None:
    numbers = numbers_of(analysis().pk)
    assert len({one.what for one in numbers}) == len(numbers) >= 5
    for one in numbers:
        (part,) = resolved(one.reference)
        assert isinstance(part, dict)
        assert (part["number"], Client().get(f"/trace/{part['trace']}/").status_code) == (one.text, 200)


def test_the_numbers_are_those_that_the_page_prints() -> None:
    newest = page().newest()
    assert newest is not None
    shown = next(one for one in newest.content["outcomes"] if one["analysis"] == analysis().pk)
    printed = {one["number"] for one in shown["sentence"] if isinstance(one, dict)}
    offered = {one.text.removesuffix(" out of 100") for one in numbers_of(analysis().pk)}
    assert printed <= offered


def test_what_is_no_result_has_no_numbers() -> None:
    with pytest.raises(InputError, match="is no result"):
        numbers_of(about().pk)


def test_a_number_that_is_not_held_says_so_and_has_no_trace() -> None:
    assert resolved("{ana-zzzzzzzz: studies}") == [{"number": GONE, "trace": ""}]


def test_a_reference_to_a_replaced_result_follows_the_newest() -> None:
    old = result()
    text = reference(old.pk, "result")
    before = said(text)
    put_right()
    assert (result().pk != old.pk, said(text) != before) == (True, True)
    assert rests(text) == (result().pk,)


def test_published_results_can_be_referred_to() -> None:
    for one in PublishedResult.objects.exclude(estimate=None).order_by("pk"):
        assert numbers_of(one.pk)[0].trace == one.pk
        assert one.pk in facts_of([one.pk])


def test_results_are_found_by_words_and_those_of_the_page_come_first() -> None:
    found = results("serious", about().slug)
    assert analysis().pk in [row["identifier"] for row in found["rows"]]
    assert results("no such words at all")["rows"] == []


# What may go in


def test_a_claim_is_measured_against_the_state_of_its_result() -> None:
    review = reviewed(f"Slow zones reduce injuries: {number('difference per 100')} ({number('certainty')}).")
    fact = facts_of([analysis().pk])[analysis().pk]
    assert ("claim" in {one.rule for one in review.problems}) == (fact.side != -1 or fact.certainty != "high")
    assert reviewed(counted()).fits


def test_a_typed_result_is_refused_where_it_would_go_into_the_page_and_kept_as_work_in_hand() -> None:
    with pytest.raises(InputError, match=r"cannot go into the page yet. Line 1, column 8: “12%”"):
        write("It was 12% of all.")
    assert not Passage.objects.exists()
    write("It was 12% of all.", ready=False)
    assert passages.passages_of(about()) == {}


def test_a_long_or_empty_text_is_refused_with_a_sentence() -> None:
    for text, words in (("", "is empty"), ("a" * 20_000, "at most 12,000")):
        with pytest.raises(InputError, match=words):
            write(text)
    with pytest.raises(InputError, match="No part of a page"):
        write("Words.", part="prices")


def test_syllables_come_from_hyphens_and_vowels() -> None:
    assert [syllables(word) for word in ("care", "family", "being", "reading")] == [1, 3, 2, 2]


# Two people


def test_two_people_at_once_never_overwrite_each_other() -> None:
    write("Put up signs first.")
    with pytest.raises(ConflictError, match="Somebody else has written"):
        write("Ask the neighbours first.", by="usr-other")
    write("Ask the neighbours, then put up signs.", by="usr-other", seen=1)
    assert [one.text for one in Passage.objects.order_by("number")] == [
        "Put up signs first.",
        "Ask the neighbours, then put up signs.",
    ]


def test_the_same_text_sent_twice_is_one_passage() -> None:
    assert write("Put up signs.") == write("Put up signs.")
    assert Event.objects.filter(verb="publish.write").count() == 1


def test_a_passage_is_taken_back_with_a_reason_and_stays_readable() -> None:
    write("Put up signs.")
    with pytest.raises(InputError, match="Say why"):
        passages.take_back(by=WRITER, intervention=about(), part="how-to-do-it", why=" ", seen=1)
    passages.take_back(by=WRITER, intervention=about(), part="how-to-do-it", why="It was about another place.", seen=1)
    assert passages.passages_of(about()) == {}
    assert Passage.objects.count() == 2
    with pytest.raises(ConflictError, match="nothing to take back"):
        passages.take_back(by=WRITER, intervention=about(), part="how-to-do-it", why="Again.", seen=2)


# Text and results together


def test_a_text_goes_into_the_would_be_page_and_moves_with_its_result() -> None:
    write(counted())
    before = said(counted())
    draft(by=WRITER, intervention=about())
    revision = approve(by=EDITOR, page=page(), what_changed="How to do it is written.")
    assert result().pk in Lineage.ancestors(revision.pk)
    put_right()
    assert said(counted()) != before
    notice = stale_notice(revision)
    assert notice is not None
    assert before.split(" was ")[1] not in str(Draft.objects.get(page=page()).content)
    approve(by=EDITOR, page=page(), what_changed="A count was put right.")
    assert verify_centre()["ok"]


def test_a_page_whose_text_no_longer_agrees_with_its_result_is_not_approved() -> None:
    write(counted())
    draft(by=WRITER, intervention=about())
    Passage.objects.create(
        id=Passage.fresh(),
        intervention=about(),
        part="how-to-do-it",
        number=2,
        text=f"It had no effect: {number('difference per 100')} ({number('certainty')}).",
        by=WRITER,
        at=Passage.objects.get().at,
    )
    with pytest.raises(InputError, match="cannot go into the page yet"):
        approve(by=EDITOR, page=page(), what_changed="x")


def test_an_open_pack_leaves_out_what_nobody_has_approved() -> None:
    table = PASSAGES[0]
    write("Put up signs.")
    assert table.write("open") is None
    assert "Put up signs." in (table.write("move") or "")
    draft(by=WRITER, intervention=about())
    approve(by=EDITOR, page=page(), what_changed="Written.")
    assert "Put up signs." in (table.write("open") or "")


# Withdrawal


def test_a_page_is_withdrawn_and_put_back_with_reasons() -> None:
    with pytest.raises(InputError, match="Say why"):
        withdraw(by=EDITOR, page=page(), why="")
    withdraw(by=EDITOR, page=page(), why="A study is under question.")
    assert list(withdrawn()) == [page().pk]
    with pytest.raises(ConflictError, match="was withdrawn already"):
        withdraw(by=EDITOR, page=page(), why="Again.")
    notice = notice_of(page())
    assert notice is not None
    assert notice["why"] == "A study is under question."
    answer = Client().get(f"/evidence/{page().slug}/")
    assert answer.status_code == 200
    assert "A study is under question." in answer.content.decode()
    reinstate(by=EDITOR, page=page(), why="It holds.")
    assert (withdrawn(), standing_of(page())) == ({}, None)
    with pytest.raises(ConflictError, match="is not withdrawn"):
        reinstate(by=EDITOR, page=page(), why="Again.")
    assert verify_centre()["ok"]


# Pages


def test_revisions_are_compared_and_old_addresses_lead_there() -> None:
    put_right()
    approve(by=EDITOR, page=page(), what_changed="A count was put right.")
    slug = page().slug
    answer = Client().get(f"/evidence/{slug}/revisions/2/changes/")
    shown = answer.content.decode()
    assert (answer.status_code, "Taken out:" in shown, "Added:" in shown) == (200, True, True)
    assert "A count was put right." in shown
    assert "Numbers that moved" in shown
    for query in ("?from=1&to=2", "?from=2&to=1", ""):
        assert Client().get(f"/evidence/{slug}/compare/{query}").headers["Location"] == answer.wsgi_request.path
    for lost in ("?from=1&to=9", "?from=x&to=99999999999"):
        assert Client().get(f"/evidence/{slug}/compare/{lost}").status_code in (302, 404)
    assert Client().get(f"/evidence/{slug}/revisions/1/changes/").status_code == 404
    assert "What changed" in Client().get(f"/evidence/{slug}/history/").content.decode()


def test_what_was_typed_is_kept_when_it_is_refused() -> None:
    writer, slug = signed_in("writer"), about().slug
    address = f"/workspace/texts/{slug}/write/how-to-do-it/"
    sent = {"text": "It was 12%.", "sources": "", "seen": "0", "decision": "save"}
    shown = writer.post(address, sent).content.decode()
    assert ("It was 12%." in shown, "cannot go into the page yet" in shown) == (True, True)
    write("Others wrote this.", by="usr-other")
    shown = writer.post(address, sent | {"text": "Mine says this."}).content.decode()
    assert ("Others wrote this." in shown, "Mine says this." in shown) == (True, True)
    assert writer.post(address, sent | {"text": "Both.", "seen": "1"}).status_code == 302


def test_every_page_of_the_editor_answers_and_is_closed_to_others() -> None:
    slug = about().slug
    write("Put up signs.")
    pages = [
        "/workspace/texts/",
        f"/workspace/texts/{slug}/",
        f"/workspace/texts/{slug}/write/costs/",
        f"/workspace/texts/{slug}/as/page/itself/",
        f"/workspace/texts/{slug}/as/page/itself/?as=paper",
        *(f"/workspace/texts/{slug}/as/{how}/" for how in ("page", "phone", "print", "easy")),
        "/workspace/writing/numbers/?q=injuries",
        "/workspace/writing/paper.css",
    ]
    writer = signed_in("writer")
    for address in pages:
        assert writer.get(address).status_code == 200, address
        assert Client().get(address).status_code == 302, address
    assert writer.get(f"/workspace/texts/{slug}/write/nothing/").status_code == 404
    assert writer.get(f"/workspace/texts/{slug}/withdraw/").status_code == 403
    assert signed_in("editor").get(f"/workspace/texts/{slug}/withdraw/").status_code == 200
    checked = writer.post("/workspace/writing/check/", {"text": "It was 12%."})
    assert "12%" in checked.content.decode()


def test_a_hostile_text_is_only_words() -> None:
    write("<script>alert(document)</script> & more.")
    draft(by=WRITER, intervention=about())
    approve(by=EDITOR, page=page(), what_changed="Written.")
    shown = Client().get(f"/evidence/{page().slug}/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(document)" in shown
    assert Revision.objects.filter(page=page()).count() == 2
