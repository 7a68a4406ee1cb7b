"""What somebody takes away from a page: every page that ships as one sheet, files that never change, a card on another site."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.integration.journey.centres import BY, build_roads
from whatworks.archive.site import site_files
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.publish.actions import approve, refresh
from whatworks.publish.formats import downloads, keeping
from whatworks.publish.formats import views_card as card_views
from whatworks.publish.formats.downloads import FORMATS, body_of
from whatworks.publish.methods.handout import DEMONSTRATION, handout
from whatworks.publish.methods.handout_parts import said
from whatworks.publish.models import Page, Revision
from whatworks.publish.writing.withdrawing import withdraw
from whatworks.web.middleware import POLICY

FOLDER = "/evidence/slow-zones/"
KB = 1000


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own: nothing that another test had made is found."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def page(db: None) -> Page:
    """The page of the small pack with a pooled result."""
    build_roads()
    return Page.objects.get(slug="slow-zones")


def newest(page: Page) -> Revision:
    revision = page.newest()
    assert revision is not None
    return revision


def changed(page: Page) -> None:
    """A count behind the page is put right, so that its ground has moved."""
    contrast = Contrast.objects.exclude(formula="").order_by("pk").first()
    assert contrast is not None
    correct(by="usr-1", contrast=contrast, inputs=contrast.inputs | {"events1": 1}, reason="Read again.")
    refresh(by=BY)


@pytest.mark.usefixtures("demo")
def test_every_page_that_ships_is_one_sheet_with_what_must_be_on_it() -> None:
    import pypdfium2

    revisions = list(Revision.objects.order_by("pk"))
    assert len(revisions) > 20
    for revision in revisions:
        held = handout(revision.content)
        body, _ = body_of(revision, FORMATS["summary.pdf"])
        with pypdfium2.PdfDocument(body) as file:
            assert len(file) == 1, held.title
            words = "".join(file[0].get_textpage().get_text_bounded().split())
        must = [held.title, said(held.strong), held.closing, held.dated, held.identifier, DEMONSTRATION, held.home]
        must += [one.word for one in held.outcomes if one.safety]
        for part in must:
            assert "".join(part.split()) in words, (held.title, part)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["summary.pdf", "summary.docx", "slide.pptx", "summary.txt", "page.json"])
def test_files_are_as_small_as_the_page_says(name: str) -> None:
    for revision in Revision.objects.order_by("pk"):
        assert len(body_of(revision, FORMATS[name])[0]) < 100 * KB, revision.page_id


def test_every_file_is_there_for_the_newest_and_for_a_numbered_revision(client: Client, page: Page) -> None:
    for name, form in FORMATS.items():
        now, numbered = client.get(FOLDER + name), client.get(f"{FOLDER}revisions/1/{name}")
        assert (now.status_code, numbered.status_code) == (200, 200), name
        assert now.content == numbered.content, "a revision has one file of a kind"
        assert now.headers["Content-Type"] == form.type
        assert now.headers["Cache-Control"] == "public, no-cache"
        assert numbered.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not now.cookies
        assert numbered.headers["Content-Disposition"].endswith(
            f'filename="slow-zones-revision-1.{name.rpartition(".")[2]}"'
        )


def test_what_a_browser_holds_is_not_sent_again(client: Client, page: Page) -> None:
    first = client.get(f"{FOLDER}revisions/1/summary.pdf")
    etag = first.headers["ETag"]
    assert not etag.startswith("W/")
    again = client.get(f"{FOLDER}revisions/1/summary.pdf", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_there_is_no_file_of_what_is_not_there(client: Client, page: Page) -> None:
    for address in ("/evidence/nowhere/summary.pdf", f"{FOLDER}revisions/9/summary.pdf", f"{FOLDER}summary.exe"):
        assert client.get(address).status_code == 404, address


def test_an_old_revision_stays_the_file_it_was_when_the_making_changes(page: Page) -> None:
    """With templates of next year, last year's revision must not look another way than the copy in somebody's file."""
    form, revision = FORMATS["summary.txt"], newest(page)
    first, digest = body_of(revision, form)
    later = dataclasses.replace(form, make=lambda one: b"quite another text")
    assert body_of(revision, later) == (first, digest)


def test_a_file_that_was_damaged_is_made_again_and_not_served(page: Page, home: Path) -> None:
    form, revision = FORMATS["summary.txt"], newest(page)
    body, digest = body_of(revision, form)
    (home / keeping.FOLDER / digest[:2] / digest).write_bytes(b"something else")
    assert body_of(revision, form) == (body, digest)
    for name in (home / keeping.FOLDER / "names").iterdir():
        name.write_text("../../secret_key")
    assert body_of(revision, form) == (body, digest)


def test_a_folder_that_cannot_be_written_serves_all_the_same(page: Page, home: Path) -> None:
    (home / keeping.FOLDER).write_text("a file stands where the folder should be")
    assert body_of(newest(page), FORMATS["summary.txt"])[0]


def test_whoever_waits_too_long_is_told_when_to_come_again(
    client: Client, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file is made at a time: many at once must not stop the server."""
    monkeypatch.setattr(keeping, "PATIENCE", 0.01)
    with keeping._one_at_a_time:
        response = client.get(FOLDER + "summary.txt")
    assert response.status_code == 503
    assert "try again in a minute" in response.content.decode()


def test_a_new_revision_has_files_of_its_own(client: Client, page: Page) -> None:
    before = client.get(f"{FOLDER}revisions/1/summary.txt").content
    changed(page)
    approve(by="usr-2", page=page, what_changed="A count was put right.")
    assert client.get(f"{FOLDER}revisions/1/summary.txt").content == before
    assert "Revision 2" in client.get(FOLDER + "summary.txt").content.decode()


def test_the_table_says_which_revision_its_rows_are_of(client: Client, page: Page) -> None:
    text = client.get(FOLDER + "data.csv").content.decode()
    assert f"{newest(page).content['identifier']} revision 1" in text


def test_links_lead_to_the_centre_only_where_others_can_reach_it(page: Page, settings: Any) -> None:
    assert downloads.base() == ""
    settings.BASE_URL = "https://evidence.example.org/"
    assert downloads.base() == "https://evidence.example.org"
    text = body_of(newest(page), FORMATS["summary.txt"])[0].decode()
    assert "https://evidence.example.org/evidence/slow-zones/" in text


def test_the_page_lists_what_can_be_taken_away_with_type_and_size(client: Client, page: Page) -> None:
    text = client.get(FOLDER).content.decode()
    assert "One page to print (PDF, under 100 kB)" in text
    assert f'href="{FOLDER}revisions/1/summary.pdf"' in text
    assert f'href="{FOLDER}embed/"' in text


def test_programs_get_a_report_with_its_sources_its_data_and_what_they_cannot_say(client: Client, page: Page) -> None:
    held = json.loads(client.get(FOLDER + "page.json").content)
    content = newest(page).content
    assert (held["@context"], held["@type"], held["version"]) == ("https://schema.org", "Report", 1)
    assert held["@id"].endswith(f"{FOLDER}revisions/1/")
    assert held["hasPart"]["@type"] == "Dataset"
    assert [one["value"] for one in held["hasPart"]["variableMeasured"]] == [
        one["state"]["word"] for one in content["outcomes"]
    ]
    assert [one["name"] for one in held["citation"]] == [one["text"] for one in content["sources"]]
    assert "cannot say what is right for this child" in held["abstract"]


def test_the_card_may_be_framed_and_nothing_else_may(client: Client, page: Page) -> None:
    card = client.get("/embed/slow-zones/")
    policy = card.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "script-src" not in policy and "unsafe" not in policy
    assert "X-Frame-Options" not in card.headers
    assert not card.cookies
    text = card.content.decode()
    first = newest(page).content["outcomes"][0]
    assert first["state"]["word"] in text and first["name"] in text and "Revision 1" in text
    assert "<script" not in text and "<form" not in text and " style=" not in text
    for address in (FOLDER, FOLDER + "embed/", FOLDER + "summary.pdf", "/embed/slow-zones/oembed.json"):
        other = client.get(address)
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"], address
        assert other.headers["X-Frame-Options"] == "DENY", address
    assert client.get("/embed/nowhere/").status_code == 404


def test_the_page_with_the_preview_may_what_every_page_may_and_frame_our_own(client: Client, page: Page) -> None:
    """Written twice, because a room below cannot import the house's policy: they must not drift apart."""
    allowed = card_views.PREVIEW
    assert allowed == f"{POLICY}; frame-src 'self'"
    response = client.get(FOLDER + "embed/")
    assert response.headers["Content-Security-Policy"] == allowed
    assert "&lt;iframe src=&quot;" in response.content.decode()


def test_the_card_says_at_once_that_the_ground_has_moved(client: Client, page: Page) -> None:
    before = client.get("/embed/slow-zones/")
    assert "We have been checking it since" not in before.content.decode()
    changed(page)
    after = client.get("/embed/slow-zones/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "We have been checking it since" in after.content.decode()
    assert "Revision 1" in after.content.decode(), "it shows what was approved"


def test_the_card_of_a_withdrawn_page_says_why_and_gives_no_answer(client: Client, page: Page) -> None:
    withdraw(by="usr-1", page=page, why="A study behind it was made up.")
    text = client.get("/embed/slow-zones/").content.decode()
    assert "withdrawn on" in text and "A study behind it was made up." in text
    assert newest(page).content["outcomes"][0]["state"]["word"] not in text


def test_a_program_is_told_how_to_show_the_card(client: Client, page: Page) -> None:
    held = client.get("/embed/slow-zones/oembed.json").json()
    assert (held["version"], held["type"]) == ("1.0", "rich")
    assert "/embed/slow-zones/" in held["html"] and f'title="What is known about {page.title}"' in held["html"]


def test_a_title_cannot_leave_the_frame_that_is_pasted(page: Page) -> None:
    from whatworks.publish.formats.card import frame

    page.title = '"><script>alert(1)</script>'
    assert "<script" not in frame(page)


def test_word_and_slide_of_a_served_revision_open(client: Client, page: Page) -> None:
    import docx
    import pptx

    assert docx.Document(io.BytesIO(client.get(FOLDER + "summary.docx").content)).tables
    assert len(pptx.Presentation(io.BytesIO(client.get(FOLDER + "slide.pptx").content)).slides) == 1


def test_a_withdrawn_page_gives_no_new_copies_and_says_why(client: Client, page: Page) -> None:
    """A sheet cannot say that it was withdrawn after it was made, so it is not handed out as the newest any more."""
    withdraw(by="usr-1", page=page, why="A study behind it was made up.")
    response = client.get(FOLDER + "summary.pdf")
    assert response.status_code == 410
    assert "A study behind it was made up." in response.content.decode()
    assert client.get(f"{FOLDER}revisions/1/summary.pdf").status_code == 200


def test_the_static_site_has_the_files_and_the_card(page: Page) -> None:
    files = dict(site_files(lambda digest: None))
    for name in FORMATS:
        assert f"evidence/slow-zones/revisions/1/{name}" in files, name
    assert files["evidence/slow-zones/revisions/1/summary.pdf"][:5] == b"%PDF-"
    card = files["embed/slow-zones/index.html"].decode()
    assert 'href="../../evidence/slow-zones/index.html"' in card and 'href="../../static/publish/card.css"' in card
    assert {
        "embed/slow-zones/oembed.json",
        "evidence/slow-zones/embed/index.html",
        "static/publish/card.css",
    } <= files.keys()
