"""A withdrawn page: it stays at its address and says why; nothing else counts it as an answer, and each says so."""

from __future__ import annotations

import datetime
import json

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.journey.centres import build_roads, revise
from tests.integration.publish import guides as made
from whatworks.errors import InputError
from whatworks.publish.guides.needs import moved_guides, moved_items
from whatworks.publish.guides.presenters import package_page
from whatworks.publish.guides.resting import Rests
from whatworks.publish.listing import newest_revisions
from whatworks.publish.maps.own import own_map
from whatworks.publish.models import Package, PackageItem, Page
from whatworks.publish.offering import _said, changed_pages
from whatworks.publish.writing.withdrawing import reinstate, withdraw
from whatworks.synthesise.models import Synthesis

BY = "usr-editor"
WHY = "A study under it was retracted."
ON = "was withdrawn on"


@pytest.fixture
def page(db: None, tmp_path, settings) -> Page:
    """The page of the tiny pack of another sector."""
    settings.HOME = tmp_path
    build_roads()
    return Page.objects.get(slug="slow-zones")


@pytest.fixture
def gone(page: Page) -> Page:
    withdraw(by=BY, page=page, why=WHY)
    return page


def said(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_each_form_of_the_page_says_that_it_is_withdrawn_and_why(gone: Page, client: Client) -> None:
    """Whoever comes by another door than the page's own must be told too."""
    for address in ("", "young/", "ratings/", "embed/", "history/"):
        text = said(client, f"/evidence/slow-zones/{address}")
        assert "ithdrawn" in text and WHY in text, address
    assert WHY in said(client, "/embed/slow-zones/")
    oembed = json.loads(said(client, "/embed/slow-zones/oembed.json"))
    assert oembed["title"] == "Withdrawn: Slow zones"
    assert client.get("/evidence/slow-zones/page.json").status_code == 410
    result = Synthesis.objects.current().filter(analysis__intervention=gone.intervention, role="our default")[0]
    assert "which was withdrawn" in said(client, f"/trace/{result.pk}/")


def test_nothing_is_offered_to_take_away_from_a_withdrawn_page(page: Page, client: Client) -> None:
    """A printed page, or a paragraph in somebody's notes, cannot say later that it was withdrawn."""
    offered = ("summary.pdf", 'id="supervision"', 'id="here"')
    text = said(client, "/evidence/slow-zones/")
    assert all(one in text for one in offered)
    withdraw(by=BY, page=page, why=WHY)
    text = said(client, "/evidence/slow-zones/")
    assert not any(one in text for one in offered)
    assert 'id="outcomes"' in text and "/evidence/slow-zones/history/" in text


def test_a_page_that_was_put_back_says_nothing_of_it(gone: Page, client: Client) -> None:
    reinstate(by=BY, page=gone, why="It was another study.")
    for address in ("", "young/", "ratings/", "embed/"):
        assert ON not in said(client, f"/evidence/slow-zones/{address}")
    assert [one.page for one in newest_revisions()] == [gone]


def test_a_numbered_revision_is_the_same_bytes_whether_the_page_is_withdrawn_or_not(page: Page, client: Client) -> None:
    """It is kept as it was approved, for ever: a notice of one day would stay in it after the page was put back."""
    address = "/evidence/slow-zones/revisions/1/"
    withdraw(by=BY, page=page, why=WHY)
    first = client.get(address).content
    assert WHY.encode() not in first and b"There may be a newer one, or news about it" in first
    reinstate(by=BY, page=page, why="Back.")
    assert client.get(address).content == first


def test_the_map_counts_nothing_of_it_and_says_that_it_is_not_there(gone: Page, client: Client) -> None:
    """A study on a withdrawn page would look like evidence that somebody stands behind."""
    held = own_map()
    assert (held.rows, held.items, held.notes) == ((), (), {})
    text = said(client, "/map/")
    assert "Not on the map" in text and WHY in text and 'href="/evidence/slow-zones/"' in text
    reinstate(by=BY, page=gone, why="Back.")
    assert own_map().items and "Not on the map" not in said(client, "/map/")


def test_lists_leave_it_out_and_say_where_it_is(gone: Page, client: Client) -> None:
    text = said(client, "/evidence/")
    assert "0 answers and 0 evidence notes" in text
    assert f"</a>: {WHY}" in text
    found = json.loads(said(client, "/api/v1/evidence?q=slow+zones"))
    assert found["results"] == [] and [one["why"] for one in found["withdrawn"]] == [WHY]
    assert "Slow zones" not in said(client, "/").split("What changed")[0]


def test_its_outcomes_are_not_called_never_looked_for(gone: Page, client: Client) -> None:
    """They were looked for: that the page is withdrawn does not undo the search."""
    text = said(client, "/evidence/")
    part = text.partition('id="not-searched"')[2].partition("</section>")[0]
    assert "Serious injuries" not in part


def test_programs_are_told_by_every_address_that_names_it(gone: Page, client: Client) -> None:
    for name in ("revisions", "results", "ratings"):
        rows = json.loads(said(client, f"/api/v1/{name}"))[name]
        assert rows and {one["withdrawn"] for one in rows} == {WHY}, name
    reinstate(by=BY, page=gone, why="Back.")
    for name in ("revisions", "results", "ratings"):
        assert {one["withdrawn"] for one in json.loads(said(client, f"/api/v1/{name}"))[name]} == {None}, name


def test_a_place_is_not_told_its_answer(gone: Page) -> None:
    """“What the evidence says about that” must not say what nobody stands behind any more."""
    told = _said(gone)
    assert told["withdrawn"]["why"] == WHY and "strong" not in told


def test_letters_and_alerts_say_that_it_was_withdrawn_and_nothing_else_of_it(gone: Page) -> None:
    early, late = timezone.now() - datetime.timedelta(days=1), timezone.now() + datetime.timedelta(days=1)
    (told,) = changed_pages(early, late)
    assert (told.title, told.text, told.about) == ("Slow zones: withdrawn", WHY, gone.pk)
    assert changed_pages(timezone.now(), late) == []
    revise(gone)
    assert [one.title for one in changed_pages(early, late)] == ["Slow zones: withdrawn"]
    reinstate(by=BY, page=gone, why="Back.")
    (told,) = changed_pages(early, late)
    assert (told.title, told.text) == ("Slow zones: put back", "Back.")
    assert changed_pages(late, late) == []


def test_a_guide_that_rests_on_it_says_so_and_its_writers_are_told(page: Page, client: Client) -> None:
    revision = made.published()
    assert ON not in said(client, f"/guides/{revision.guide.slug}/") and not moved_guides(BY)
    withdraw(by=BY, page=page, why=WHY)
    text = said(client, f"/guides/{revision.guide.slug}/")
    assert (
        "This guide rests on a page that was withdrawn" in text and text.count(WHY) == 6
    )  # and beside each of five results
    (needed,) = moved_items(moved_guides(BY))
    assert "A page under it was withdrawn" in needed[1][0]


def test_a_guide_cannot_be_made_to_rest_on_it(gone: Page) -> None:
    with pytest.raises(InputError, match="was withdrawn: A study under it was retracted"):
        Rests().of(gone.pk)


def test_a_package_keeps_its_place_and_says_that_it_is_withdrawn(gone: Page) -> None:
    """A stage that is silently empty would look as if nothing had ever belonged there."""
    package = Package.objects.register(
        Package.derived("streets"), slug="streets", title="Streets", theme=gone.intervention.theme, lead="For planners."
    )
    held = {"stage": "Plan", "order": 1, "intervention": gone.intervention}
    PackageItem.objects.create(id=PackageItem.fresh(), package=package, **held)
    (stage,) = package_page(package)["stages"]
    assert stage["rows"][0]["withdrawn"]["why"] == WHY


def test_a_new_revision_of_a_withdrawn_page_does_not_bring_it_back(gone: Page, client: Client) -> None:
    """Whoever withdrew it must be the one to put it back, with a reason."""
    revise(gone)
    assert newest_revisions() == [] and own_map().items == ()
    assert "0 answers" in said(client, "/evidence/")
