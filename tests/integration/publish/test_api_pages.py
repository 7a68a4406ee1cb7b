"""The open API of pages, ratings and releases: what readers can see, in the same words, with tags, at both addresses."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.integration.journey.centres import build_roads, revise
from whatworks.publish.models import Page, PageStanding, Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads(db: None, tmp_path, settings) -> None:
    settings.HOME = tmp_path
    build_roads()


def test_every_revision_is_listed_and_one_says_all(roads: None, client: Client) -> None:
    told = client.get("/api/revisions").json()
    assert told["count"] == Revision.objects.count() >= 1 and told["next"] is None
    assert [one["id"] for one in told["revisions"]] == sorted(Revision.objects.values_list("pk", flat=True))
    first = told["revisions"][0]
    whole = client.get(f"/api/revisions/{first['id']}").json()
    held = Revision.objects.get(pk=first["id"])
    assert {name: whole[name] for name in first} == first
    assert whole["content"] == held.content and first["newest"] and not first["ground_moved"]
    assert whole["rests_on"] == sorted(held.subject.rests_on.values_list("input_id", flat=True))
    assert client.get(first["address"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_list_is_narrowed_and_paged(roads: None, client: Client) -> None:
    page = Page.objects.exclude(revisions=None).order_by("slug")[0]
    assert [one["title"] for one in client.get(f"/api/revisions?page={page.slug}").json()["revisions"]] == [page.title]
    revise(page)
    first = client.get("/api/revisions?limit=1").json()
    assert len(first["revisions"]) == 1 and f"after={first['revisions'][0]['id']}" in first["next"]
    shown = client.get(f"/api/revisions?newest=true&page={page.slug}").json()["revisions"]
    assert [(one["number"], one["newest"]) for one in shown] == [(2, True)]
    assert client.get("/api/revisions?newest=perhaps").status_code == 400
    assert "There is no page nowhere" in client.get("/api/ratings?page=nowhere").json()["error"]
    assert "no parameter pages" in client.get("/api/revisions?pages=x").json()["error"]


def test_a_withdrawn_page_says_why(roads: None, client: Client) -> None:
    """Who reads by program must not go on showing what people are told no longer to rely on."""
    revision = Revision.objects.order_by("pk")[0]
    told = {"withdrawn": True, "why": "A study was retracted.", "by": "rule:test", "at": revision.approved_at}
    PageStanding.objects.create(id=PageStanding.fresh(), page=revision.page, number=1, **told)
    assert client.get(f"/api/revisions/{revision.pk}").json()["withdrawn"] == "A study was retracted."


def test_ratings_come_with_the_reason_of_each_step_and_who_stands_behind_them(roads: None, client: Client) -> None:
    told = client.get("/api/ratings").json()
    assert told["count"] == len(told["ratings"]) > 0
    one = client.get(f"/api/ratings/{told['ratings'][0]['id']}").json()
    assert one["provisional"] and "not yet judged by people" in one["standing"]
    assert one["result"]["level"] == one["computed"] and one["inputs"]
    only = client.get(f"/api/ratings?scheme={one['scheme']}").json()["ratings"]
    assert {each["scheme"] for each in only} == {one["scheme"]}


def test_releases_lead_to_their_files(roads: None, client: Client) -> None:
    from whatworks.archive.releasing import make_release

    assert client.get("/api/releases").json() == {"releases": []}
    made = make_release(by="rule:test")
    (told,) = client.get("/api/releases").json()["releases"]
    assert (told["number"], told["manifest_sha256"]) == (1, made.manifest_sha256)
    for name in ("address", "manifest", "changelog", "crate"):
        assert client.get(told[name].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_answers_have_tags_and_the_version_in_the_address_gives_the_same(roads: None, client: Client) -> None:
    for name in ("revisions", "ratings", "releases", "results"):
        plain, versioned = client.get(f"/api/{name}"), client.get(f"/api/v1/{name}")
        assert plain.content == versioned.content and plain.headers["ETag"] == versioned.headers["ETag"]
        again = client.get(f"/api/v1/{name}", headers={"If-None-Match": plain.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/revisions/rev-nowhere").status_code == 404
    assert client.get("/api/v2/revisions").status_code == 404
    assert client.post("/api/v1/revisions").status_code == 405


def test_a_numbered_revision_is_the_same_bytes_whatever_comes_later(
    roads: None, client: Client, settings, tmp_path
) -> None:
    """What somebody cited must stay what they cited, when the templates change too."""
    revision = Revision.objects.select_related("page").order_by("pk")[0]
    address = f"/evidence/{revision.page.slug}/revisions/{revision.number}/"
    first = client.get(address)
    assert "immutable" in first.headers["Cache-Control"] and "Last-Modified" in first.headers
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "base.html").write_text("<title>New</title>{% block main %}{% endblock %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    assert client.get(address).content == first.content
    assert client.get(f"/evidence/{revision.page.slug}/").content.startswith(b"<title>New")
    asked = client.get(f"{address}?number=3")
    assert "immutable" not in asked.headers.get("Cache-Control", "")


def test_a_numbered_revision_that_is_half_written_is_made_again(roads: None, client: Client, tmp_path) -> None:
    revision = Revision.objects.select_related("page").order_by("pk")[0]
    address = f"/evidence/{revision.page.slug}/revisions/{revision.number}/"
    first = client.get(address).content
    (kept,) = (tmp_path / "revisions").rglob("*.gz")
    kept.write_bytes(kept.read_bytes()[:50])
    assert client.get(address).content == first
