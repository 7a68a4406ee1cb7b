"""News: nothing before its moment, everything after it, in lists, feed, newsletter, and the open pack."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.contact.made import a_list
from whatworks.contact import blocks
from whatworks.contact.editing import begin_edition
from whatworks.contact.models import Contact, Edition, Post
from whatworks.contact.newsroom import approve_post, begin_post, hold_back, lift, write_post
from whatworks.contact.pack import TABLES
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.addresses import link_to
from whatworks.ledger.models import Subject
from whatworks.ledger.verification import verify

pytestmark = pytest.mark.django_db

TITLE = "Brookfield tries something new"


def release(**told: str) -> Post:
    whole = {
        "sort": "press release", "title": TITLE, "summary": "A made-up council in a made-up county tries something.",
        "body": "It *begins* in spring. <script>alert(1)</script>", "notes_to_editors": "1. Fernshire does not exist.",
        "media_contact": "Press office, press@fernshire.example",
    }  # fmt: skip
    return begin_post(by="usr:writer", made_up=True, **(whole | told))


def public_places(client: Client) -> list[str]:
    """Where a stranger would come upon it."""
    found = [client.get(path).content.decode() for path in ("/news/", "/news/feed.atom", "/take-part/")]
    soon = timezone.now() + datetime.timedelta(seconds=1)
    found.append(repr(blocks.entries("news", soon - datetime.timedelta(days=1), soon)))
    found.append(repr([link_to(one) for one in Subject.objects.filter(kind="post")]))
    found += [table.write("open") or "" for table in TABLES]
    return found


def test_nothing_is_seen_before_the_embargo_ends_and_it_ends_by_itself(client: Client, monkeypatch: Any) -> None:
    post = release()
    address = f"/news/{post.slug}/"
    later = timezone.now() + datetime.timedelta(hours=2)
    approve_post(by="usr:approver", post=post, embargo=later)
    assert not any(TITLE in text for text in public_places(client)) and client.get(address).status_code == 404
    assert "no-store" in client.get("/news/").headers["Cache-Control"]  # a page that is kept would miss the moment
    after = later + datetime.timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: after)
    assert client.get(address).status_code == 200
    assert TITLE in client.get("/news/").content.decode() and TITLE in client.get("/news/feed.atom").content.decode()
    assert "no-store" not in client.get("/news/").headers.get("Cache-Control", "")


def test_a_press_release_has_what_journalists_need(client: Client) -> None:
    post = release()
    approve_post(by="usr:approver", post=post)
    page = client.get(f"/news/{post.slug}/").content.decode()
    for part in (
        "<em>begins</em>", "Fernshire does not exist.", "press@fernshire.example", "Made up, for a demonstration",
        f'<meta property="og:title" content="{TITLE}">', '<meta property="og:type" content="article">',
        f'<meta property="og:url" content="http://127.0.0.1:8000/news/{post.slug}/">', '<meta property="og:description" content="A made-up',
        '<meta property="article:published_time" content="',
    ):  # fmt: skip
        assert part in page, part
    assert "<script>" not in page
    assert (
        sum(TITLE in text for text in public_places(client)) == 5
    )  # all but the page of taking part, and of the tables one
    with pytest.raises(InputError, match="whom journalists can ask"):
        release(title="Another", media_contact="")


def test_nobody_approves_what_they_wrote_and_corrections_are_shown(client: Client) -> None:
    post = release()
    with pytest.raises(ForbiddenError, match="somebody else"):
        approve_post(by="usr:writer", post=post)
    approve_post(by="usr:approver", post=post)
    with pytest.raises(InputError, match="say what is corrected"):
        write_post(by="usr:writer", post=post, body="It begins in summer.")
    write_post(by="usr:writer", post=post, body="It begins in summer.", correction="The season was wrong.")
    page = client.get(f"/news/{post.slug}/").content.decode()
    assert "The season was wrong." in page and "summer" in page
    with pytest.raises(ConflictError, match="under embargo"):
        hold_back(by="usr:approver", post=post)
    assert verify().differences == []


def test_an_embargo_can_end_sooner_and_what_is_held_back_is_a_draft(client: Client) -> None:
    post, later = release(), timezone.now() + datetime.timedelta(hours=2)
    approve_post(by="usr:approver", post=post, embargo=later)
    hold_back(by="usr:approver", post=post)
    assert Post.objects.get().state == "draft"
    approve_post(by="usr:approver", post=post, embargo=later)
    lift(by="usr:approver", post=post)
    assert client.get(f"/news/{post.slug}/").status_code == 200
    assert Subject.objects.get(pk=post.pk).title == TITLE
    assert verify().differences == []


def test_people_leave_in_no_open_pack_and_all_of_them_move(tmp_path: Any) -> None:
    from tests.integration.contact.test_importing import known_everywhere
    from whatworks.archive.exporting import export_pack
    from whatworks.contact.models import ConsentRow

    newsletter = a_list()
    known_everywhere(newsletter)
    begin_edition(by="usr:writer", mailing_list=newsletter, title="A secret draft")
    approve_post(by="usr:approver", post=release())
    release(title="Another draft of a release")
    counted = [Contact.objects.count(), ConsentRow.objects.count(), Edition.objects.count(), Post.objects.count()]
    assert counted == [3, 2, 1, 2]
    export_pack(folder=tmp_path / "open")
    text = "".join(one.read_text("utf-8") for one in (tmp_path / "open").rglob("*.*") if one.is_file())
    assert TITLE in text and "secret" not in text.lower() and "Another draft" not in text and "ctc-" not in text
    moved = {table.model: table.load(dict(table.files("move"))) for table in TABLES}
    assert {model: len(rows) for model, rows in moved.items()} == {model: model.objects.count() for model in moved}
