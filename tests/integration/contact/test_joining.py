"""Onto a list and off it: by double opt-in, one click, the page of preferences; nothing by following a link alone."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.integration.contact.made import a_list, agreed, approved
from whatworks.contact import tokens
from whatworks.contact.composing import followed, leave_link
from whatworks.contact.consenting import answer_for, object_to_all
from whatworks.contact.joining import forget_unconfirmed
from whatworks.contact.knowing import add_contact
from whatworks.contact.models import ConsentRow, Contact, Follow, MailingList
from whatworks.ledger.work import work_off

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://127\.0\.0\.1:8000(/newsletter/[a-z]+/\S+)")
JO = "jo@fernshire.example"


@pytest.fixture(autouse=True)
def _inbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def stranger() -> Client:
    """Somebody without a cookie, to whom CSRF is as strict as in life."""
    return Client(enforce_csrf_checks=True)


def sign_up(client: Client, *lists: MailingList, email: str = JO, **more: str) -> Any:
    return client.post("/newsletter/", {"email": email, "lists": [one.pk for one in lists], **more})


def link() -> str:
    """The link of the newest letter."""
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_nobody_is_on_a_list_before_they_confirmed_by_post(client: Client) -> None:
    newsletter = a_list()
    assert b"Look in your inbox" in sign_up(client, newsletter).content
    contact = Contact.objects.get(email=JO)
    assert not answer_for(contact, newsletter).may
    for _ in range(3):  # scanners follow every link
        page = stranger().get(link(), headers={"user-agent": "a scanner"})
        assert page.status_code == 200 and b"Yes, I want them" in page.content
        stranger().head(link())
    assert not answer_for(contact, newsletter).may
    done = stranger().post(link(), headers={"user-agent": "a browser"})
    assert done.status_code == 200 and not done.cookies
    answer = answer_for(contact, newsletter)
    assert answer.may
    row = ConsentRow.objects.get(pk=answer.rests_on)
    assert (row.clicked, row.wording, row.by) == (True, "newsletter-1", "reader")
    assert "You keep my address for this only" in row.words
    assert row.evidence["network_address"] == "127.0.0.1" and row.evidence["program"] == "a browser"
    assert row.evidence["at"] and row.evidence["asked_at"]
    stranger().post(link())
    assert ConsentRow.objects.filter(act="given").count() == 1


def test_somebody_here_joins_a_second_list_and_is_asked_for_that_one_only(client: Client) -> None:
    first, second = a_list(), a_list("Events in Fernshire")
    contact = add_contact(by="usr:t", name="A reader in Mereton", email=JO)
    agreed(contact, first)
    sign_up(client, first, second)
    assert second.title in str(mail.outbox[-1].body) and first.title not in str(mail.outbox[-1].body)
    assert answer_for(contact, first).may and not answer_for(contact, second).may
    stranger().post(link())
    assert answer_for(contact, first).may and answer_for(contact, second).may


def test_who_left_can_come_back_and_an_old_link_brings_nobody_back(client: Client) -> None:
    newsletter = a_list()
    sign_up(client, newsletter)
    old = link()
    stranger().post(old)
    contact = Contact.objects.get(email=JO)
    stranger().post(leave_link(contact.pk, newsletter.pk).removeprefix("http://127.0.0.1:8000"))
    assert not answer_for(contact, newsletter).may
    stranger().post(old)
    assert not answer_for(contact, newsletter).may
    sign_up(client, newsletter)
    assert not answer_for(contact, newsletter).may
    stranger().post(link())
    assert answer_for(contact, newsletter).may


def test_the_page_tells_nobody_who_is_here(client: Client) -> None:
    newsletter = a_list()
    agreed(add_contact(by="usr:t", email=JO), newsletter)
    here, unknown = sign_up(client, newsletter), sign_up(client, newsletter, email="new@fernshire.example")
    assert here.content == unknown.content
    assert "you get all of what you asked for already" in str(mail.outbox[0].body)


def test_the_form_is_no_way_to_pester_somebody(client: Client) -> None:
    newsletter = a_list()
    for _ in range(6):
        sign_up(client, newsletter)
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("typed", [{"email": "jo at fernshire"}, {"email": ""}, {"lists": []}])
def test_what_is_wrong_is_said_and_makes_nobody(client: Client, typed: dict[str, Any]) -> None:
    newsletter = a_list()
    answer = client.post("/newsletter/", {"email": JO, "lists": [newsletter.pk]} | typed)
    assert answer.status_code == 400 and b"There is a problem" in answer.content
    assert not Contact.objects.exists() and not mail.outbox


class TestOneClick:
    """RFC 8058."""

    @pytest.fixture
    def newsletter(self) -> MailingList:
        return a_list()

    @pytest.fixture
    def contact(self, newsletter: MailingList) -> Contact:
        made = add_contact(by="usr:t", email=JO)
        agreed(made, newsletter)
        return made

    @pytest.fixture
    def address(self, contact: Contact, newsletter: MailingList) -> str:
        return leave_link(contact.pk, newsletter.pk).removeprefix("http://127.0.0.1:8000")

    @pytest.mark.parametrize(
        "body", [{"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}, {}, {"data": {"a": "b"}}]
    )  # fmt: skip
    def test_one_post_without_cookies_is_enough(
        self, address: str, contact: Contact, newsletter: MailingList, body: dict[str, Any]
    ) -> None:
        answer = stranger().post(address, **body)
        assert answer.status_code == 200 and not answer.cookies  # a redirect would not be followed
        assert not answer_for(contact, newsletter).may
        row = ConsentRow.objects.get(act="withdrawn")
        assert (row.by, row.mailing_list) == ("reader", newsletter)

    def test_following_the_link_takes_nobody_off(self, address: str, contact: Contact, newsletter: MailingList) -> None:
        for method in (stranger().get, stranger().head):
            assert method(address).status_code == 200
        assert stranger().put(address).status_code == 405
        assert answer_for(contact, newsletter).may
        assert JO.encode() not in stranger().get(address).content  # a letter may have been forwarded

    def test_done_twice_it_is_done_once(self, address: str) -> None:
        for _ in range(3):
            assert stranger().post(address).status_code == 200
        assert ConsentRow.objects.filter(act="withdrawn").count() == 1

    def test_it_leaves_one_list_and_no_other(self, address: str, contact: Contact) -> None:
        other = a_list("Events in Fernshire")
        agreed(contact, other)
        stranger().post(address)
        assert answer_for(contact, other).may

    def test_a_token_that_is_not_ours_does_nothing(
        self, address: str, contact: Contact, newsletter: MailingList
    ) -> None:
        token = address.rstrip("/").rpartition("/")[2]
        someone = add_contact(by="usr:t", email="other@fernshire.example")
        forged = [
            token[:-1] + ("A" if token[-1] != "A" else "B"), token.replace(contact.pk, someone.pk), f"{contact.pk}.{newsletter.pk}",
            "x", tokens.sign(tokens.PREFERENCES, contact.pk, newsletter.pk), tokens.sign(tokens.LEAVE, contact.pk),
            tokens.sign(tokens.LEAVE, "ctc-nobody", newsletter.pk), tokens.sign(tokens.LEAVE, contact.pk, "mls-nothing"),
        ]  # fmt: skip
        before = ConsentRow.objects.count()
        for one in forged:
            assert stranger().post(f"/newsletter/leave/{one}/").status_code == 404, one
        assert ConsentRow.objects.count() == before and answer_for(contact, newsletter).may


def test_preferences_take_off_at_once_and_put_on_through_the_inbox() -> None:
    first, second = a_list(), a_list("Events in Fernshire")
    contact = add_contact(by="usr:t", email=JO)
    agreed(contact, first)
    page = f"/newsletter/preferences/{tokens.sign(tokens.PREFERENCES, contact.pk)}/"
    assert JO.encode() not in stranger().get(page).content
    stranger().post(page, {"lists": [second.pk]})
    assert not answer_for(contact, first).may and not answer_for(contact, second).may
    stranger().post(link())
    assert answer_for(contact, second).may
    stranger().post(page, {"object": "yes"})
    assert "objected" in str(answer_for(contact, second).reason)
    agreed(contact, second, clicked=False, at=timezone.now())
    assert not answer_for(contact, second).may  # what staff write down afterwards does not undo it


def test_leaving_every_list_leaves_those_that_open_later() -> None:
    first = a_list()
    contact = add_contact(by="usr:t", email=JO)
    agreed(contact, first)
    page = f"/newsletter/preferences/{tokens.sign(tokens.PREFERENCES, contact.pk)}/"
    for _ in range(2):
        stranger().post(page, {"stop": "yes"})
    assert ConsentRow.objects.filter(act="withdrawn").count() == 1
    later = a_list("Events in Fernshire")
    agreed(contact, later, clicked=False, at=timezone.now())
    assert not answer_for(contact, later).may


def test_an_objection_counts_wherever_it_was_said() -> None:
    newsletter = a_list()
    contact = add_contact(by="usr:t", email=JO)
    agreed(contact, newsletter, basis="corporate", subscriber="corporate", clicked=False)
    assert answer_for(contact, newsletter).may
    object_to_all(by="usr:t", contact=contact, source="by telephone")
    assert not answer_for(contact, newsletter).may


def test_who_never_confirmed_is_forgotten(client: Client) -> None:
    newsletter = a_list()
    sign_up(client, newsletter)
    contact = Contact.objects.get(email=JO)
    now = timezone.now()
    assert forget_unconfirmed(now + datetime.timedelta(days=13)) == 0
    assert forget_unconfirmed(now + datetime.timedelta(days=15)) == 1
    contact.refresh_from_db()
    assert contact.erased_at and contact.email == ""
    assert not ConsentRow.objects.exclude(address="").exists()
    sign_up(client, newsletter)
    assert Contact.objects.filter(email=JO).count() == 1


def test_alerts_tell_a_follower_of_their_page_and_of_no_other(client: Client, settings: Any) -> None:
    from tests.integration.journey.centres import build_roads
    from whatworks.contact.editing import open_list
    from whatworks.ledger.models import Job
    from whatworks.publish.models import Page

    build_roads()
    alerts = open_list(by="usr:t", title="Pages you follow", plain="When they change.", sort="alerts")
    pages = list(Page.objects.exclude(revisions=None))
    here = client.get(f"/evidence/{pages[0].slug}/").content.decode()
    assert f"/newsletter/?follow={pages[0].pk}" in here
    sign_up(client, alerts, follow=pages[0].pk)
    stranger().post(link())
    assert Follow.objects.get().about_id == pages[0].pk
    quiet = add_contact(by="usr:t", email="quiet@fernshire.example")
    agreed(quiet, alerts)  # follows nothing
    work_off()
    assert len(mail.outbox) == 1  # it is not Monday yet
    Job.objects.filter(kind="contact.alerts").update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    work_off()
    assert [one.to for one in mail.outbox[1:]] == [[JO]]
    assert pages[0].title in str(mail.outbox[1].body)
    assert Job.objects.filter(kind="contact.alerts", state="running").count() == 1  # the next Monday's


def test_of_what_changed_a_follower_is_told_what_they_follow() -> None:
    content = {
        "sections": [
            {"key": "pages", "entries": [{"about": "pag-1"}, {"about": "pag-2"}]},
            {"key": "news", "entries": [{"about": ""}]},
        ]
    }
    assert followed(content, {"pag-2"})["sections"] == [{"key": "pages", "entries": [{"about": "pag-2"}]}]


def test_a_letter_in_the_archive_is_read_by_everybody(client: Client) -> None:
    newsletter = a_list()
    agreed(add_contact(by="usr:t", email=JO), newsletter)
    edition = approved(newsletter)
    assert client.get(f"/newsletter/{newsletter.slug}/1/").status_code == 404
    work_off()
    page = client.get(f"/newsletter/{newsletter.slug}/1/")
    assert b"<em>morning</em>" in page.content and JO.encode() not in page.content
    assert edition.title in client.get("/newsletter/").content.decode()
