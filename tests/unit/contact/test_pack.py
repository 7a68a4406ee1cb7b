"""An open pack holds what the public can read of posts and editions: it loads, and they are shown as they were."""

from __future__ import annotations

import datetime

from whatworks.contact.models import Edition, Post
from whatworks.contact.pack import TABLES

AT = "2018-07-24T12:00:00+00:00"
POSTS = f"id,sort,slug,title,summary,body,made_up,public_from\nnws-2345bcdf,post,a,A,B,C,no,{AT}\n"
EDITIONS = f"id,mailing_list,number,title,content,approved_at,begun_at\nedn-2345bcdf,mls-2345bcdf,1,A,{{}},2018-07-23T12:00:00+00:00,{AT}\n"


def read(model: type, text: str):  # type: ignore[no-untyped-def]
    (table,) = (one for one in TABLES if one.model is model)
    (row,) = table.read(text, table.path)
    return row


def test_a_post_without_its_inner_moments_has_the_public_one() -> None:
    row = read(Post, POSTS)
    assert row.approved_at == row.changed_at == row.public_from == datetime.datetime.fromisoformat(AT)


def test_an_edition_keeps_the_moment_that_the_pack_gives() -> None:
    row = read(Edition, EDITIONS)
    assert row.since == row.changed_at == row.begun_at == datetime.datetime.fromisoformat(AT)
    assert row.approved_at.day == 23
