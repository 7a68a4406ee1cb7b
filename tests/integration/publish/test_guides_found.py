"""Guides and packages beside the evidence: found by words, told in feeds, given to programs, named in releases."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.integration.publish import guides as made
from whatworks.archive.releasing import make_release, manifest_of, stored
from whatworks.ledger.actions import record
from whatworks.publish.guides.guiding import withdraw_guide
from whatworks.publish.models import GuideRevision, Package, PackageItem, Page
from whatworks.publish.writing.withdrawing import withdraw

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HEADING = 'id="found-guides"'


@pytest.fixture
def guide(db: None, tmp_path, settings) -> GuideRevision:
    """The tiny pack of another sector with a guide."""
    from tests.integration.journey.centres import build_roads

    settings.HOME = tmp_path
    build_roads()
    return made.published()


def package_of(guide: GuideRevision) -> Package:
    """A package that holds the guide and then the page."""
    told = {"slug": "streets", "title": "From plan to paint", "theme": guide.guide.theme, "lead": "For planners."}
    package = Package.objects.register(Package.derived("streets"), **told)
    page = Page.objects.get(slug="slow-zones")
    for order, held in enumerate(({"guide": guide.guide}, {"intervention": page.intervention}), 1):
        PackageItem.objects.create(id=PackageItem.fresh(), package=package, stage="Plan", order=order, **held)
    record(verb="publish.package", by="test", made=[package])
    return package


def said(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def told(client: Client, address: str) -> dict[str, Any]:
    return dict(json.loads(said(client, f"/api/v1/{address}")))


@pytest.mark.parametrize("asked", ["how can we make a street safer?", "streets", "“street safer”", "saffer street"])
def test_a_guide_is_found_in_the_store_by_what_it_asks(guide: GuideRevision, client: Client, asked: str) -> None:
    """A practitioner asks the store, and does not know that guides have a list of their own."""
    text = said(client, f"/evidence/?q={asked}")
    part = text.partition(HEADING)[2].partition("</section>")[0]
    assert made.QUESTION in part and f'href="/guides/{guide.guide.slug}/"' in part


@pytest.mark.parametrize("asked", ["?q=pension", "?q=pension+reform+street", "?sure=Low", "?q=street&sure=Low"])
def test_a_guide_that_does_not_answer_or_of_which_a_filter_says_nothing_is_not_shown(
    guide: GuideRevision, client: Client, asked: str
) -> None:
    """One word of three is no answer; and nobody recorded of a guide how sure it is."""
    assert HEADING not in said(client, f"/evidence/{asked}")


def test_guides_are_listed_under_their_theme_and_without_a_question(guide: GuideRevision, client: Client) -> None:
    theme = guide.guide.theme.slug
    assert HEADING in said(client, "/evidence/") and HEADING in said(client, f"/evidence/?theme={theme}")
    assert HEADING not in said(client, "/evidence/?theme=nothing")


def test_a_word_that_only_a_guide_has_is_not_called_unknown(guide: GuideRevision, client: Client) -> None:
    """“We hold nothing that says …” beside a guide that says it."""
    text = said(client, "/evidence/?q=thing+called")
    assert "We hold nothing that says" not in text
    assert "The guides above speak of it" in text or "Found" in text


def test_a_withdrawn_guide_answers_nothing_and_is_named_as_withdrawn(guide: GuideRevision, client: Client) -> None:
    withdraw_guide(by=made.EDITOR, guide=guide.guide, why="It was wrong.")
    text = said(client, "/evidence/?q=street+safer")
    assert HEADING not in text and "It was wrong." in text
    assert [one["why"] for one in told(client, "evidence?q=street+safer")["withdrawn"]] == ["It was wrong."]


def test_programs_find_guides_beside_the_pages_and_never_among_them(guide: GuideRevision, client: Client) -> None:
    package = package_of(guide)
    found = told(client, "evidence?q=street")
    assert [one["kind"] for one in found["guides"]] == [
        "guide",
        "package",
    ]  # its title asks for it; the other gathers it
    assert {one["id"] for one in told(client, "evidence")["guides"]} == {guide.guide_id, package.pk}
    assert not {one["id"] for one in found["results"]} & {guide.guide_id, package.pk}


def test_the_list_and_one_guide_say_how_it_stands_and_what_it_says(guide: GuideRevision, client: Client) -> None:
    listed = told(client, "guides")
    (one,) = listed["guides"]
    assert (listed["count"], one["standing"], one["number"], one["withdrawn"]) == (1, "guidance", 1, None)
    whole = told(client, f"guides/{one['id']}")
    assert {name: whole[name] for name in one} == one
    assert whole["content"] == guide.content and whole["rests_on"]
    assert client.get(one["page"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert told(client, f"guides?theme={one['theme']}")["count"] == 1
    assert "There is no theme nowhere" in client.get("/api/guides?theme=nowhere").json()["error"]
    assert client.get("/api/v1/guides/gui-nowhere").status_code == 404
    withdraw(by=made.EDITOR, page=Page.objects.get(slug="slow-zones"), why="Wrong.")
    assert told(client, f"guides/{one['id']}")["withdrawn_under_it"] == ["http://127.0.0.1:8000/evidence/slow-zones/"]


def test_a_package_says_what_it_gathers_in_its_sequence(guide: GuideRevision, client: Client) -> None:
    package = package_of(guide)
    (one,) = told(client, "packages")["packages"]
    assert one == told(client, f"packages/{package.pk}")
    assert [(item["kind"], item["title"]) for item in one["items"]] == [
        ("guide", made.QUESTION),
        ("evidence", "Slow zones"),
    ]
    assert client.get("/api/v1/packages/pkg-nowhere").status_code == 404
    assert client.get(one["page"].removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.parametrize("name", ["all", "slower-streets"])
def test_a_feed_of_its_topic_tells_what_happened_to_a_guide(guide: GuideRevision, client: Client, name: str) -> None:
    withdraw_guide(by=made.EDITOR, guide=guide.guide, why="It was <wrong>.")
    held = ElementTree.fromstring(client.get(f"/feeds/{name}.atom").content)
    titles = {
        one.findtext("a:title", "", ATOM): one.findtext("a:summary", "", ATOM) for one in held.findall("a:entry", ATOM)
    }
    assert f"{made.QUESTION}: new guide" in titles
    assert titles[f"{made.QUESTION}: guide withdrawn"] == "It was &lt;wrong&gt;."
    assert "Slow zones: new page" in titles


def test_the_feed_of_a_page_tells_nothing_of_guides(guide: GuideRevision, client: Client) -> None:
    assert "new guide" not in said(client, "/evidence/slow-zones/feed.atom")


def test_a_release_holds_guides_as_data_names_them_and_says_what_changed(guide: GuideRevision, client: Client) -> None:
    """Whoever takes the centre over must not lose its guidance."""
    make_release(by="rule:test")
    made.published("Another step.", count=6)
    package_of(guide)
    withdraw(by=made.EDITOR, page=Page.objects.get(slug="slow-zones"), why="Wrong.")
    listed = manifest_of(make_release(by="rule:test"))["files"]
    held = json.loads(stored(listed["open/guides.json"]) or b"")
    assert [(one["title"], one["number"]) for one in held["guides"]] == [(made.QUESTION, 2)]
    assert (
        held["guides"][0]["content"]["recommendations"][5] and held["packages"][0]["items"][1]["withdrawn"] == "Wrong."
    )
    catalogue = json.loads(stored(listed["open/catalogue.jsonld"]) or b"")
    assert made.QUESTION in {one["name"] for one in catalogue["hasPart"]}
    crate = json.loads(stored(listed["ro-crate-metadata.json"]) or b"")
    (file,) = [one for one in crate["@graph"] if one["@id"] == "open/guides.json"]
    assert "practice guide" in file["description"]
    text = (stored(listed["CHANGELOG.md"]) or b"").decode()
    assert f"## Guides revised\n\n- {made.QUESTION}: revision 1 to 2. Another step." in text
    assert "## New packages\n\n- From plan to paint: For planners." in text
    assert "## Pages withdrawn\n\n- Slow zones: Wrong." in text
    shown = said(client, "/releases/2/")
    assert "Guides revised" in shown and "/releases/2/open/guides.json" in shown
