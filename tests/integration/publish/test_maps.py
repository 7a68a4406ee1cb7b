"""The centre's own map against what readers can see; maps that others made, taken in, shown, hidden and given away."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client

from tests import made_up_maps as made
from whatworks.errors import InputError
from whatworks.ledger.models import Event
from whatworks.people.actions import add_user
from whatworks.publish.maps.actions import Taken, Whose, show_map, take_map
from whatworks.publish.maps.own import own_map
from whatworks.publish.maps.sources import read_map
from whatworks.publish.methods.mapping_counting import counted
from whatworks.publish.methods.mapping_plain import from_plain
from whatworks.publish.models import EvidenceMap, MapVersion, Revision
from whatworks.scope.models import Outcome
from whatworks.spreadsheets import RISKY

MAKERS = Whose(whose="The makers of made-up maps", licence="CC BY 4.0", dated="April 2024")


def taken(count: int = 40, *, whose: Whose = MAKERS, slug: str = "") -> Taken:
    return take_map(by="usr-test", body=made.eppi_map(count).encode(), filename="map.html", whose=whose, slug=slug)


@pytest.fixture
def keeper(db: None, settings: Any) -> Client:
    """Somebody who may keep maps, signed in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = add_user(by="test", email="editor@example.org", roles=["editor"])[0]
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("demo")
class TestOwn:
    """On the pack that ships."""

    def test_every_study_of_every_approved_page_stands_where_its_page_says(self, db: None) -> None:
        """The map must claim what pages claim: no study more, none less, and no outcome beside its own."""
        slugs = dict(Outcome.objects.values_list("subject", "slug"))
        said = set()
        for revision in Revision.objects.order_by("page", "number"):
            for block in revision.content["outcomes"]:
                for row in (block["table"] or {"rows": ()})["rows"]:
                    said.add((row["study"], revision.content["slug"], slugs[block["identifier"]]))
        held = own_map()
        drawn = {(item.key, *place) for item in held.items for place in item.places if item.key.startswith("sty-")}
        assert drawn == said
        assert len(drawn) > 50

    def test_a_cell_says_how_sure_people_were_and_never_what_was_found(self, db: None) -> None:
        """A map shows what was studied: a state that is a result has no place in it."""
        held = own_map()
        assert {note.state for note in held.notes.values()} <= {"", "not-poolable", "nothing-found", "not-searched"}
        sure = [note for note in held.notes.values() if note.level]
        assert sure
        assert {note.sure.split()[0] for note in sure} <= {"Very", "Low", "Moderate", "High"}

    def test_the_page_is_light_and_works_without_script(self, db: None, client: Client) -> None:
        """100 kB are for the whole page with its style and script."""
        page = client.get("/map/", secure=True)
        text = page.content.decode()
        assert page.status_code == 200
        assert len(page.content) < 64_000
        assert not re.search(r"\son[a-z]+=|style=", text)
        link = re.search(r'href="(/map/cells/[^"]+)"', text)
        assert link
        cell = client.get(link[1], secure=True).content.decode()
        assert "What this square holds" in cell
        assert 'href="/studies/sty-' in cell

    def test_choosing_narrows_and_the_choice_goes_along(self, db: None, client: Client) -> None:
        """A cell opened from a narrowed map must hold what the number said."""
        text = client.get("/map/?kind=review&kind=nonsense", secure=True).content.decode()
        held = own_map()
        assert f"{len(counted(held, {'kind': {'review'}}).items)} of {len(held.items)} fit what you chose." in text
        link = re.search(r'href="(/map/cells/[^"]+\?kind=review)"', text)
        assert link
        cell = client.get(link[1], secure=True).content.decode()
        assert "Published reviews, not ours" in cell
        assert "Randomised trials</span>" not in cell
        assert "Nothing fits what you chose" in client.get("/map/?kind=views", secure=True).content.decode()

    def test_a_blank_square_says_that_no_search_is_recorded(self, db: None, client: Client) -> None:
        """Absence is told honestly, also where somebody types the address of an empty square."""
        held = counted(own_map())
        empty = next(place for place in [("home-visiting", "earnings")] if place not in held.cells)
        text = client.get("/map/cells/{}/{}/".format(*empty), secure=True).content.decode()
        assert "No search is recorded. That says nothing about what works." in text
        assert client.get("/map/cells/home-visiting/nothing/", secure=True).status_code == 404

    def test_the_same_map_comes_back_from_each_file(self, db: None, client: Client) -> None:
        """What is given away can be taken in again; addresses within this site are left behind."""
        held = own_map()
        text = client.get("/map/evidence-map.json", secure=True).content
        assert from_plain(json.loads(text)) == held
        again = read_map(client.get("/map/evidence-map.html", secure=True).content).map
        assert [(one.key, one.codes, one.places) for one in again.items] == [
            (one.key, one.codes, one.places) for one in held.items
        ]
        assert again.rows == held.rows

    def test_the_file_asks_nothing_of_any_network(self, db: None, client: Client) -> None:
        """It opens from a disk, where there is none."""
        text = client.get("/map/evidence-map.html", secure=True).content.decode()
        assert not re.search(r'(src|href)="(?!#|https?://)', text.split('<script type="application/json"')[0])
        assert not re.search(r"<(link|img|iframe)|src=|url\(|@import", text.split('<script type="application/json"')[0])
        assert "default-src 'none'" in text

    def test_the_table_has_a_line_for_each_item_in_each_cell(self, db: None, client: Client) -> None:
        """A spreadsheet counts what the map counts, and runs nothing."""
        rows = list(csv.DictReader(io.StringIO(client.get("/map/evidence-map.csv", secure=True).content.decode())))
        held = own_map()
        assert sum(bool(row["key"]) for row in rows) == sum(len(set(item.places)) for item in held.items)
        assert [row for row in rows if row["state"] == "searched, nothing found" and not row["key"]]
        assert not [value for row in rows for value in row.values() if value.startswith(RISKY)]


def test_a_map_is_taken_in_once_and_its_next_edition_stands_beside_it(db: None) -> None:
    """The same file twice changes nothing; a newer one replaces nothing."""
    first = taken()
    assert (first.new, first.version.number, first.version.items) == (True, 1, 40)
    events = Event.objects.count()
    assert not taken().new
    assert Event.objects.count() == events
    second = taken(50, slug=first.version.map.slug)
    assert (second.version.number, second.version.map) == (2, first.version.map)
    assert EvidenceMap.objects.count() == 1
    assert taken(60).version.map.slug != first.version.map.slug  # as a new map, under a name of its own
    assert MapVersion.objects.get(pk=first.version.pk).items == 40


def test_what_is_wrong_with_a_map_is_said(db: None) -> None:
    """Whose it is, where it is from, and which map is meant: each has its sentence."""
    with pytest.raises(InputError, match="Say whose map it is"):
        taken(whose=Whose(whose=" "))
    with pytest.raises(InputError, match="is no web address"):
        taken(whose=Whose(whose="X", source_url="javascript:alert(1)"))
    with pytest.raises(InputError, match="There is no map “gone” here"):
        taken(slug="gone")
    assert not EvidenceMap.objects.exists()


def test_readers_see_a_map_only_under_a_licence(db: None, client: Client, keeper: Client) -> None:
    """It is somebody else's work: without a licence it stays with those who keep maps."""
    held = taken(whose=Whose(whose="X")).version.map
    address = f"/maps/{held.slug}/"
    assert client.get(address, secure=True).status_code == 404
    seen = keeper.get(address, secure=True)
    assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "private")
    with pytest.raises(InputError, match="under which licence"):
        show_map(by="usr-test", held=held, shown=True)
    show_map(by="usr-test", held=held, shown=True, licence="CC BY 4.0")
    events = Event.objects.count()
    show_map(by="usr-test", held=held, shown=True)
    assert Event.objects.count() == events  # once shown, shown
    for path in ("", "cells/2201/1201/", "cells/2101/1101/", "map.json", "map.csv", "map.html"):
        assert client.get(address + path, secure=True).status_code == 200, path
    show_map(by="usr-test", held=held, shown=False)
    assert client.get(address, secure=True).status_code == 404
    assert client.get(address + "map.json", secure=True).status_code == 404


def test_hostile_words_of_a_map_are_shown_as_words(db: None, client: Client) -> None:
    """A file of somebody else's must not run in our pages, nor in the file that we give away."""
    bad = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)>&lt;script&gt;alert(3)&lt;/script&gt;'
    page = made.page(
        csvData=made.table((1,), (1,)),
        referenceData=[
            made.reference(1, [2201, 1201], Title=bad.replace("</script>", "<\\/script>"), URL="javascript:1", DOI="")
        ],
        filters=[],
        segmentAttributes=None,
    )
    held = take_map(by="usr-test", body=page.encode(), filename=bad, whose=MAKERS).version.map
    show_map(by="usr-test", held=held, shown=True)
    for path in ("", "cells/2201/1201/", "map.html"):
        text = client.get(f"/maps/{held.slug}/{path}", secure=True).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "javascript:" not in text


def test_somebody_takes_a_map_in_and_shows_it(db: None, keeper: Client) -> None:
    """The whole way by pages; what is refused keeps what was typed."""
    file = io.BytesIO(b"not a map")
    file.name = "x.html"
    refused = keeper.post("/workspace/maps/", {"file": file, "whose": "The makers", "title": "Kept words"}, secure=True)
    assert refused.status_code == 400
    assert b"no map that can be read" in refused.content
    assert b'value="Kept words"' in refused.content
    file = io.BytesIO(made.eppi_map(30).encode())
    file.name = "x.html"
    done = keeper.post("/workspace/maps/", {"file": file, "whose": "The makers"}, secure=True)
    held = EvidenceMap.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/workspace/maps/{held.slug}/")
    bare = keeper.post(done["Location"], {"step": "show", "licence": ""}, secure=True)
    assert bare.status_code == 400
    assert b"under which licence" in bare.content
    keeper.post(done["Location"], {"step": "show", "licence": "CC BY 4.0"}, secure=True)
    assert EvidenceMap.objects.for_readers().get().licence == "CC BY 4.0"
    keeper.post(done["Location"], {"step": "hide", "licence": "CC BY 4.0"}, secure=True)
    assert not EvidenceMap.objects.for_readers().exists()


def test_nobody_else_takes_maps_in(db: None, client: Client) -> None:
    """The workspace is for those whose role says so."""
    assert client.get("/workspace/maps/", secure=True).status_code == 302
