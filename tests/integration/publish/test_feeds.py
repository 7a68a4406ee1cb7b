"""Feeds: what changed, dated by stored facts, without a number that nobody approved."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.publish.models import Page, PageStanding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
BY = "test"
SPACE = {"a": "http://www.w3.org/2005/Atom"}
ALL = ["/feeds/all.atom", "/feeds/slower-streets.atom", "/evidence/slow-zones/feed.atom"]


def feed(client: Client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def titles(client: Client, address: str) -> list[str]:
    return [one.text or "" for one in feed(client, address).findall("a:entry/a:title", SPACE)]


@pytest.mark.parametrize("address", ALL)
def test_a_new_page_is_told_with_stable_identifiers_and_stored_dates(client: Client, address: str) -> None:
    """A reader program takes an entry with another identifier, or another date, for news."""
    once, again = client.get(address).content, client.get(f"{address}?again=1").content
    assert once == again
    held = ElementTree.fromstring(once)
    assert titles(client, address) == ["Slow zones: new page"]
    newest = Page.objects.get(slug="slow-zones").newest()
    assert newest is not None
    stamps = {one.text for one in held.iter("{http://www.w3.org/2005/Atom}updated")}
    assert stamps == {newest.approved_at.isoformat()}
    assert all(
        re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.text or "") for one in held.iter("{http://www.w3.org/2005/Atom}id")
    )


def test_identifiers_do_not_depend_on_where_the_centre_runs(client: Client) -> None:
    """A centre that moves must not send every entry again."""
    before = [one.text for one in feed(client, ALL[0]).findall("a:entry/a:id", SPACE)]
    with override_settings(BASE_URL="https://evidence.example.org"):
        moved = feed(client, f"{ALL[0]}?moved=1")
        assert [one.text for one in moved.findall("a:entry/a:id", SPACE)] == before
        assert "https://evidence.example.org/evidence/slow-zones/" in ElementTree.tostring(moved, "unicode")
        assert "is not set" not in client.get("/evidence/?moved=1").content.decode()
    assert "address of this centre is not set" in client.get("/evidence/?moved=2").content.decode()


def test_a_withdrawal_and_a_page_being_checked_are_told_without_new_numbers(client: Client) -> None:
    """A notice must not carry a number that nobody approved."""
    row = Contrast.objects.filter(inputs__contains='"events1"').order_by("pk").first()
    assert row is not None
    correct(by=BY, contrast=row, inputs=row.inputs | {"events1": 3}, reason="A slip.")
    page = Page.objects.get(slug="slow-zones")
    PageStanding.objects.create(
        id=PageStanding.fresh(), page=page, number=1, withdrawn=True, why="It was <wrong>.", by=BY, at=timezone.now()
    )
    held = feed(client, ALL[0])
    told = titles(client, ALL[0])
    assert "Slow zones: withdrawn" in told
    assert "Slow zones: being checked" in told
    texts = {
        one.findtext("a:title", "", SPACE): one.findtext("a:summary", "", SPACE)
        for one in held.findall("a:entry", SPACE)
    }
    assert not re.search(r"\d", texts["Slow zones: being checked"])
    assert texts["Slow zones: withdrawn"] == "It was &lt;wrong&gt;."


@pytest.mark.parametrize("address", ["/feeds/nowhere.atom", "/evidence/nowhere/feed.atom"])
def test_there_is_no_feed_of_nothing(client: Client, address: str) -> None:
    """An empty feed of a page that is not there would be followed for ever."""
    assert client.get(address).status_code == 404


def test_feeds_are_linked_where_readers_and_programs_look(client: Client) -> None:
    """A feed that no page names is found by nobody."""
    text = client.get("/evidence/").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" title="Everything" href="/feeds/all.atom">' in text
    assert '<a href="/feeds/slower-streets.atom">' in text
    assert "/evidence/slow-zones/feed.atom" in client.get("/evidence/slow-zones/").content.decode()
