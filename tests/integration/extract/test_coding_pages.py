"""The pages on which studies are coded: who may open them, what each form says to what cannot be, and blindness."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.integration.extract.studied import Team, fill, put_up, team
from tests.unit.collate.pdfs import pdf
from whatworks.collate.documents import keep_document
from whatworks.collate.models import Document
from whatworks.extract.models import Answer, Coding, Decided, Sheet, Study
from whatworks.ledger.work import work_off
from whatworks.people.models import Assignment, User

pytestmark = pytest.mark.django_db


def able(user: User, *roles: str) -> Client:
    for role in roles:
        Assignment.objects.get_or_create(user=user, role=role, defaults={"given_by": "cli"})
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def lead(held: Team) -> Client:
    return able(held.lead, "lead")


def text(response: Any) -> str:
    return str(response.content.decode())


def at(coding: Coding, page: str = "") -> str:
    return f"/workspace/coding/{coding.pk}/{page}"


def test_a_study_is_opened_described_and_put_up(held: Team, lead: Client) -> None:
    new = f"/workspace/reviews/{held.review.slug}/open-study/"
    assert "Give it a name" in text(lead.post(new, {"name": "", "design": "trial", "randomised": "yes"}))
    made = lead.post(new, {"name": "Elm 2020", "design": "trial", "randomised": "yes"}, follow=True)
    study = Study.objects.get(name="Elm 2020")
    here = f"/workspace/studies/{study.pk}/"
    assert made.redirect_chain[-1][0] == here and study.randomised
    lead.post(f"{here}add/arm/", {"arm-name": "Service", "arm-role": "intervention", "arm-n_analysed": "30"})
    again = lead.post(f"{here}add/arm/", {"arm-name": "Service", "arm-role": "comparison"})
    assert again.status_code == 200 and "already" in text(again) and study.arms.count() == 1
    lead.post(f"{here}add/coding/", {"coding-frame": held.frame.pk, "coding-needed": "2"})
    coding = Coding.objects.get(study=study)
    able(held.first, "coder")
    lead.post(f"{here}add/assigning/", {"coding": coding.pk, "assigning-user": held.first.pk})
    assert Sheet.objects.here().filter(coding=coding, user=held.first).exists()
    assert "Elm 2020" in text(lead.get("/workspace/studies/"))


def test_a_report_is_taken_off_only_with_a_reason(held: Team, lead: Client) -> None:
    here = f"/workspace/studies/{held.study.pk}/"
    told = {"report": held.reports[0].pk}
    assert "Say why" in text(lead.post(f"{here}remove/report/", told, follow=True))
    lead.post(f"{here}remove/report/", told | {"why": "It tells of another place."})
    assert not held.study.tellings.exists()


def test_only_leads_put_up_and_strangers_see_nothing(held: Team) -> None:
    coder = able(held.first, "coder")
    here = f"/workspace/studies/{held.study.pk}/"
    assert coder.get(here).status_code == 200
    assert coder.post(f"{here}add/coding/", {"coding-frame": held.frame.pk, "coding-needed": "2"}).status_code == 403
    stranger = able(User.objects.create_user("out@example.invalid", None, name="Out"), "coder")
    rater = able(held.third, "rater")
    assert stranger.get(here).status_code == rater.get(here).status_code == 403
    assert rater.get("/workspace/studies/").status_code == 403
    assert "Oak 2019" not in text(stranger.get("/workspace/studies/"))


def test_what_is_answered_is_kept_and_what_is_wrong_stays_on_the_page(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    given = {"randomised||status": "coded", "randomised||value": "yes", "joined||status": "coded"}
    page = coder.post(at(coding), given | {"joined||value": "many", "step": "section-1"})
    assert "wants a number" in text(page) and 'value="many"' in text(page)
    assert list(Answer.objects.values_list("item", flat=True)) == ["randomised"]
    shown = text(coder.get(at(coding)))
    drawn = shown[shown.index('data-name="drawn|"') :]
    assert not drawn.startswith('data-name="drawn|" hidden') and "1 of" in shown


def test_a_condition_hides_until_it_holds(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    assert 'data-name="drawn|" hidden' in text(coder.get(at(coding)))
    told = coder.post(
        at(coding),
        {"randomised||status": "coded", "randomised||value": "yes"},
        headers={"Accept": "application/json"},
    ).json()
    assert told["kept"] == ["randomised|"] and told["applies"]["drawn|"] and not told["applies"]["sealed|"]


def test_an_answer_is_taken_back_by_emptying_it_or_by_saying_so(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    for given in ({"aim||status": "coded", "aim||value": ""}, {"aim||status": "withdrawn", "aim||value": "x"}):
        coder.post(at(coding), {"aim||status": "coded", "aim||value": "To help", "aim||page": "3"})
        assert Answer.objects.current().get().page == 3
        coder.post(at(coding), given)
        assert not Answer.objects.current().exists()


def test_a_page_that_is_none_is_said(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    page = coder.post(at(coding), {"aim||status": "coded", "aim||value": "To help", "aim||page": "iv"})
    assert "A page is a whole number" in text(page) and not Answer.objects.exists()


def test_coders_are_blind_until_both_are_done(held: Team) -> None:
    coding = put_up(held, held.first, held.second)
    one, other = able(held.first, "coder"), able(held.second, "coder")
    fill(held, coding, held.first, aim="A secret aim")
    assert "A secret aim" not in text(other.get(at(coding)))
    assert one.get(at(coding, "reconcile/")).status_code == other.get(at(coding, "reconcile/")).status_code == 403
    missing = other.post(at(coding), {"step": "done"}, follow=True)
    assert "Not done yet" in text(missing)
    fill(held, coding, held.second, done=False, joined=60)
    done = other.post(at(coding), {"step": "done"}, follow=True)
    assert done.redirect_chain[-1][0] == at(coding, "reconcile/")
    assert "People who joined" in text(done) and "40 people" in text(done) and "60 people" in text(done)


def test_who_does_not_code_a_study_has_no_form(held: Team) -> None:
    coding = put_up(held, held.first, held.second)
    assert able(held.third, "coder").get(at(coding)).status_code == 403


def test_a_difference_is_decided_with_a_reason(held: Team, lead: Client) -> None:
    coding = put_up(held, held.first, held.second)
    fill(held, coding, held.first)
    fill(held, coding, held.second, joined=60)
    page = lead.get(at(coding, "reconcile/"))
    line = next(one for one in page.context["lines"] if one["item"].key == "joined")
    told = {"item": "joined", "unit": "", "seen": line["seen"], "how": "third", "choice": line["sides"][1]["answer"]}
    assert "Say why" in text(lead.post(at(coding, "reconcile/"), told))
    assert "Choose one of the answers" in text(lead.post(at(coding, "reconcile/"), told | {"choice": ""}))
    done = lead.post(at(coding, "reconcile/"), told | {"why": "Table 1 says 60."}, follow=True)
    assert Decided.objects.standing().get(item="joined").value == 60
    assert "Everything is settled" in text(done)
    shown = text(lead.get(at(coding, "reconcile/") + "?show=all"))
    assert "Table 1 says 60." in shown and "The coders agree." in shown
    agreement = text(lead.get(f"/workspace/reviews/{held.review.slug}/coders/"))
    assert "People who joined" in agreement and "0 of 1" in agreement


def test_another_answer_may_be_right_and_a_coder_decides_only_in_discussion(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    fill(held, coding, held.first)
    fill(held, coding, held.second, joined=60)
    line = next(one for one in coder.get(at(coding, "reconcile/")).context["lines"] if one["item"].key == "joined")
    told = {"item": "joined", "unit": "", "seen": line["seen"], "choice": "another", "status": "coded", "value": "55"}
    refused = coder.post(at(coding, "reconcile/"), told | {"how": "third", "why": "I think so."})
    assert "third person decides" in text(refused)
    assert "wants a number" in text(
        coder.post(at(coding, "reconcile/"), told | {"value": "some", "how": "discussion", "why": "We looked."})
    )
    coder.post(at(coding, "reconcile/"), told | {"how": "discussion", "why": "We looked again."})
    assert Decided.objects.standing().get(item="joined").value == 55


def test_the_report_is_read_beside_the_form(held: Team) -> None:
    coding, coder = put_up(held, held.first, held.second), able(held.first, "coder")
    keep_document(by="cli", report=held.reports[0], chunks=[pdf("First words", "Second words")], filename="oak.pdf")
    work_off()
    document = Document.objects.get()
    page = coder.get(at(coding))
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"] and "oak.pdf" in text(page)
    reads = f"/workspace/studies/{held.study.pk}/text/{document.pk}/"
    assert "Second words" in text(coder.get(reads + "?page=2")) and "Second words" in text(
        coder.get(reads + "?page=99")
    )
    assert "First words" in text(coder.get(reads + "?page=x"))
    file = coder.get(f"/workspace/studies/{held.study.pk}/files/{document.pk}/")
    assert file.headers["Content-Type"] == "application/pdf" and file.headers["X-Frame-Options"] == "SAMEORIGIN"
    b"".join(file.streaming_content)
    file.close()


def test_a_page_is_read_as_it_looks(held: Team) -> None:
    """A table cannot be read from its text alone; its picture has the words in their places."""
    put_up(held, held.first, held.second)
    coder = able(held.first, "coder")
    keep_document(by="cli", report=held.reports[0], chunks=[pdf("First words", "Second words")], filename="oak.pdf")
    document = Document.objects.get()
    reads = f"/workspace/studies/{held.study.pk}/pages/{document.pk}/"
    page = coder.get(reads + "?page=2")
    assert ">Second words</text>" in page.content.decode() and "First words" not in text(page)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert f'data-report="{held.reports[0].pk}" data-page="2"' in page.content.decode()
    picture = coder.get(reads + "2.png")
    assert picture.content.startswith(b"\x89PNG") and "private" in picture.headers["Cache-Control"]
    assert coder.get(reads + "3.png").status_code == 404


def test_a_page_that_cannot_be_drawn_says_what_to_do(held: Team) -> None:
    put_up(held, held.first, held.second)
    coder = able(held.first, "coder")
    keep_document(by="cli", report=held.reports[0], chunks=[b"%PDF-1.4 and nothing else"], filename="oak.pdf")
    work_off()
    page = coder.get(f"/workspace/studies/{held.study.pk}/pages/{Document.objects.get().pk}/?page=7")
    assert "It could not be read. Add another copy." in text(page) and 'data-page=""' in page.content.decode()


def test_a_file_of_another_report_is_not_served(held: Team) -> None:
    coder = able(held.first, "coder")
    keep_document(by="cli", report=held.reports[1], chunks=[pdf("Other")], filename="elm.pdf")
    document = Document.objects.get()
    for what in ("files", "text", "pages"):
        assert coder.get(f"/workspace/studies/{held.study.pk}/{what}/{document.pk}/").status_code == 404
