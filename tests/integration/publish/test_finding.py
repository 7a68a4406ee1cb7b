"""The store, its search and filters, as readers and programs get them; right after an approval and a withdrawal."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event
from whatworks.publish.finding import listed as finding_list
from whatworks.publish.finding.listed import catch_up, current, evidence_of, from_home
from whatworks.publish.models import Listed, Page, PageStanding, Revision
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import particulars_of, record_particular, sorts, take_back_particular

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
BY = "test"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def names(text: str) -> list[str]:
    return re.findall(r'<h3><a href="/evidence/[^"]+">(.*?)</a></h3>', text)


def page() -> Page:
    return Page.objects.get(slug="slow-zones")


def recorded(value: str = "teenagers", **more: Any) -> Particular:
    given = {"by": BY, "intervention": page().intervention, "sort": "age", "value": value, "source": "A report, 2020."}
    return record_particular(**(given | more))


def second(title: str = "Speed cameras") -> Page:
    """Another page with the same content under another name."""
    first = page()
    row = Intervention.objects.register(slug="cameras", name=title, theme=first.intervention.theme)
    made = Page.objects.register(slug="cameras", title=title, intervention=row)
    content = first.newest().content | {"title": title, "slug": "cameras", "lead": "Cameras measure how fast cars go."}
    approve(made, content)
    return made


def approve(held: Page, content: dict[str, Any]) -> Revision:
    number = held.revisions.count() + 1
    now = timezone.now()
    return Revision.objects.register(page=held, number=number, content=content, approved_by=BY, approved_at=now)


def test_a_page_is_found_as_soon_as_it_is_approved_whoever_approved_it(client: Client) -> None:
    """The approving process is another one: this one is told nothing, and must find it all the same."""
    assert names(read(client, "/evidence/?q=cameras")) == []
    second()
    assert names(read(client, "/evidence/?q=cameras")) == ["Speed cameras"]


def test_a_new_revision_is_found_by_its_new_words_and_no_longer_by_the_old(client: Client) -> None:
    """What readers see is what is found."""
    held = second()
    read(client, "/evidence/")
    content = held.newest().content
    approve(held, content | {"title": "Chicanes", "lead": "Bends."})
    assert names(read(client, "/evidence/?q=cameras&words=only")) == []
    assert names(read(client, "/evidence/?q=chicanes")) == ["Chicanes"]


def test_a_withdrawn_page_is_no_answer_and_is_named_as_withdrawn(client: Client) -> None:
    """It must neither be offered nor vanish without a word; put back, it is found again."""
    held = second()
    read(client, "/evidence/")
    PageStanding.objects.create(
        id=PageStanding.fresh(),
        page=held,
        number=1,
        withdrawn=True,
        why="A number was wrong.",
        by=BY,
        at=timezone.now(),
    )
    text = read(client, "/evidence/")
    assert names(text) == ["Slow zones"]
    assert "A number was wrong." in text
    PageStanding.objects.create(
        id=PageStanding.fresh(), page=held, number=2, withdrawn=False, why="Mended.", by=BY, at=timezone.now()
    )
    assert "Speed cameras" in names(read(client, "/evidence/"))


def test_a_process_that_remembers_takes_in_only_what_changed() -> None:
    """Reading all pages again after each approval would take seconds of a reader's time."""
    before = current()
    held = second()
    with CaptureQueriesContext(connection) as asked:
        after = current()
    assert after.name != before.name
    assert set(after.shelf.slots) == {*before.shelf.slots, held.pk}
    assert not [one for one in asked.captured_queries if page().pk in one["sql"] and "content" in one["sql"]]
    assert current() is after


def test_a_process_that_begins_holds_the_same_as_one_that_went_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes must not answer differently."""
    current()
    second()
    recorded()
    along = current().shelf
    monkeypatch.setattr(finding_list, "_remembered", finding_list.Remembered())
    anew = current().shelf
    assert {key: along.documents[slot] for key, slot in along.slots.items()} == {
        key: anew.documents[slot] for key, slot in anew.slots.items()
    }


def test_it_is_done_once_and_again_with_other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run must change nothing; a new program must not trust the rows of an old one."""
    catch_up()
    assert catch_up() == 0
    monkeypatch.setattr(finding_list, "VERSION", 999)
    assert catch_up() == Listed.objects.count() > 0


def test_somebody_who_writes_for_long_does_not_hide_what_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader gets the right list, though it cannot be kept at that moment."""
    from django.db import OperationalError

    current()
    held = second()

    def busy() -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(finding_list, "catch_up", busy)
    assert held.pk in current().shelf.slots


def test_no_content_of_pages_is_read_for_a_list(client: Client) -> None:
    """At ten thousand pages it would be half a gigabyte for each reader."""
    client.get("/evidence/?warm=1")
    with CaptureQueriesContext(connection) as asked:
        client.get("/evidence/?q=zones&warm=2")
    assert not [one["sql"] for one in asked.captured_queries if '"publish_revision"."content"' in one["sql"]]


def test_a_filter_says_whom_it_leaves_out_and_shows_them_too(client: Client) -> None:
    """Nothing may be left out only because nobody recorded it, without a word."""
    second()
    recorded()
    text = read(client, "/evidence/?age=teenagers")
    assert names(text) == ["Slow zones"]
    assert "1 page does not record an age, so it is not in this list." in text
    assert names(read(client, "/evidence/?age=teenagers&age=not-recorded")) == ["Slow zones", "Speed cameras"]
    assert 'aria-label="What the list is narrowed to"' in text


def test_other_searches_keep_the_filters_and_a_chip_takes_one_off(client: Client) -> None:
    """A reader who narrows must see by what, and get out of it with one link."""
    recorded()
    text = read(client, "/evidence/?q=zones&age=teenagers&kind=page")
    assert re.search(r'<a href="/evidence/\?q=zones&kind=page"><span class="visually">Take off </span>', text)
    assert '<input type="hidden" name="age" value="teenagers">' in text


def test_what_was_understood_is_told_with_a_way_back_to_the_bare_words(client: Client) -> None:
    """A search for more than was typed must say so."""
    text = read(client, "/evidence/?q=adolescents")
    assert "Also searched for: teenagers" in text
    assert "/evidence/?q=adolescents&words=only" in text
    assert "We searched only for the words you typed." in read(client, "/evidence/?q=adolescents&words=only")


def test_what_is_recorded_answers_a_question_that_the_words_do_not(client: Client) -> None:
    """The page never says teenagers; that it is for them is recorded."""
    recorded()
    assert names(read(client, "/evidence/?q=for+teenagers")) == ["Slow zones"]


def test_nothing_found_is_no_verdict_and_offers_the_nearest_words(client: Client) -> None:
    """“No results” must not be read as “it does not work”."""
    text = read(client, "/evidence/?q=zonnnes")
    assert "We hold nothing that says “zonnnes”. That is not evidence that it does not work." in text
    assert "No answer fits “zonnnes”." in text
    assert ">zones</a>" in text


def test_order_does_not_follow_effects(client: Client) -> None:
    """The same pages with other numbers must stand in the same order."""
    held = second("Slow cameras")
    before = names(read(client, "/evidence/?q=slow"))
    content = held.newest().content
    for outcome in content["outcomes"]:
        outcome["sentence"] = ["99 fewer in 100."]
    approve(held, content)
    assert names(read(client, "/evidence/?q=slow&again=1")) == before


def test_pages_of_the_list_go_on_and_none_comes_twice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that stood on two, or on none, would be lost."""
    second()
    monkeypatch.setattr("whatworks.publish.finding.store.PER_PAGE", 1)
    found = [names(read(client, f"/evidence/?page={number}&fresh={number}")) for number in (1, 2)]
    assert found == [["Slow zones"], ["Speed cameras"]]
    assert 'rel="next"' in read(client, "/evidence/?page=1&fresh=3")
    assert names(read(client, "/evidence/?page=99&fresh=4")) == ["Speed cameras"]


@pytest.mark.parametrize(
    "address", ["?q=%00", "?age=nothing", "?page=-1", "?page=%D9%A3", "?q=%22", "?sort=effect", "?uk=yes&uk=yes"]
)
def test_whatever_is_typed_there_is_an_answer(client: Client, address: str) -> None:
    """An address that was cut or made up must not end in an error."""
    read(client, f"/evidence/{address}")


def test_kinds_of_evidence_and_where_it_is_from() -> None:
    """Derived from studies alone: reviews by others count only where there is no study."""
    trial, survey, talk = (
        ("England", True, "randomised trial"),
        ("", False, "survey"),
        ("", False, "Qualitative interviews"),
    )
    review = ("", False, finding_list.REVIEW)
    assert evidence_of([trial, survey, review]) == ["comparison", "randomised"]
    assert evidence_of([talk]) == ["views"]
    assert (evidence_of([review]), evidence_of([])) == (["review"], [])
    assert from_home([trial, survey]) == ["yes"]
    assert from_home([("Norway", True, "trial")]) == ["no"]
    assert from_home([("Norway", True, "trial"), survey]) == from_home([review]) == from_home([]) == []


def test_a_program_gets_the_same_pages_in_the_same_order(client: Client) -> None:
    """The API must not know of another list than readers do; every parameter has its example."""
    second()
    recorded()
    answer = json.loads(read(client, "/api/evidence?q=zones+for+teenagers"))
    assert [one["title"] for one in answer["results"]] == names(read(client, "/evidence/?q=zones+for+teenagers"))
    assert answer["results"][0]["facets"]["age"] == ["teenagers"]
    assert answer["counts"]["age"]["teenagers"] == 1
    narrowed = json.loads(read(client, "/api/evidence?age=teenagers&limit=1"))
    assert (narrowed["count"], narrowed["not_recorded"], narrowed["next"]) == (1, {"age": 1}, None)
    assert "page=2" in json.loads(read(client, "/api/evidence?limit=1"))["next"]


@pytest.mark.parametrize("question", ["limit=0", "page=x", "words=all", "effect=largest"])
def test_a_program_is_refused_in_one_sentence(client: Client, question: str) -> None:
    """A parameter that is misspelt would quietly give everything."""
    response = client.get(f"/api/evidence?{question}")
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")


def test_a_particular_needs_a_known_value_and_a_source() -> None:
    """Without its source a record is a rumour."""
    for wrong in ({"source": " "}, {"value": "old"}, {"sort": "colour"}, {"cites": "rep-nowhere"}):
        with pytest.raises(InputError):
            recorded(**wrong)
    assert Particular.objects.count() == 0


def test_a_particular_is_recorded_once_replaced_and_taken_back() -> None:
    """Sent twice it is one; two people at once do not overwrite each other; nothing is lost."""
    first = recorded()
    assert recorded() == first
    with pytest.raises(ConflictError, match="replace that record"):
        recorded(source="Another report.")
    later = recorded(source="Another report.", replaces=first)
    with pytest.raises(ConflictError, match="replaced or taken back"):
        recorded(source="A third.", replaces=first)
    assert particulars_of(page().intervention)["age"] == [later]
    gone = take_back_particular(by=BY, particular=later, reason="The report was misread.")
    assert gone.taken_back
    assert particulars_of(page().intervention)["age"] == []
    assert Particular.objects.count() == 3
    verbs = list(Event.objects.filter(verb__startswith="scope.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["scope.record-particular", "scope.record-particular", "scope.take-back-particular"]


def test_every_sort_of_particular_is_one_the_database_takes() -> None:
    """A sort in the file that the table refuses would crash whoever records it."""
    assert tuple(sorts()) == Particular.SORTS
