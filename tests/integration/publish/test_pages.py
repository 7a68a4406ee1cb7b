"""Every page of the centre that ships keeps the six promises; a page that breaks one is named."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from tests.integration.publish.documents import Document, numbers, rows, said, traced, words
from whatworks.extract.models import Finding
from whatworks.ledger.canonical import canonical
from whatworks.ledger.models import Lineage
from whatworks.publish.methods.numbers import MINUS
from whatworks.publish.models import Draft, Page, Revision
from whatworks.publish.page.building import build
from whatworks.rate.gathering import CLEAR
from whatworks.rate.models import Rating
from whatworks.screen.models import Review
from whatworks.synthesise.models import PublishedResult, Synthesis

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HEAVIEST = 300_000  # bytes of a page document: half a second on a slow phone, before compression
INTERVAL = re.compile(r"\([^()]*\bto\b[^()]*\)")
RATING = re.compile(r"\b(better|worse)\b", re.I)


def documents() -> Iterator[Document]:
    """What readers see, page by page."""
    for page in Page.objects.order_by("slug"):
        newest = page.newest()
        assert newest is not None, page.slug
        yield newest.content


def outcomes() -> Iterator[tuple[str, Document]]:
    """Every outcome of every page, with a name to say which."""
    for document in documents():
        for outcome in document["outcomes"]:
            yield f"{document['slug']}: {outcome['name']}", outcome


def test_there_are_pages_to_check() -> None:
    assert Page.objects.count() >= 25 and not Draft.objects.exists()
    assert len(list(outcomes())) > 100


def test_every_document_is_canonical_and_light() -> None:
    for document in documents():
        text = canonical(document)
        assert canonical(json.loads(text)) == text, document["slug"]
        assert len(text.encode()) < HEAVIEST, document["slug"]


def test_every_number_leads_to_a_thread_that_opens(client: Client) -> None:
    """Promise 1. A number that leads nowhere is a number to be believed."""
    leads = {}
    for document in documents():
        nodes = list(traced(document))
        assert all(node["trace"] for node in nodes), document["slug"]
        assert all(node in nodes for node in numbers(document)), f"{document['slug']}: a number without a thread"
        leads |= {node["trace"]: document["slug"] for node in nodes}
    dead = {address: slug for address, slug in leads.items() if client.get(f"/trace/{address}/").status_code != 200}
    assert len(leads) > 300
    assert dead == {}


def test_no_thread_says_that_a_number_is_not_the_same_as_stored(client: Client) -> None:
    for rating in Rating.objects.current().order_by("pk")[:20]:
        assert "NOT the same" not in client.get(f"/trace/{rating.pk}/").content.decode()
    for synthesis in Synthesis.objects.current():
        page = client.get(f"/trace/{synthesis.pk}/").content.decode()
        assert "same as stored" in page and "NOT the same" not in page, synthesis.pk


def test_every_page_rests_on_all_that_its_numbers_lead_to() -> None:
    """Promise 3. What the page does not rest on can move without the page going stale."""
    for page in Page.objects.all():
        revision = page.newest()
        assert revision is not None
        ground = Lineage.ancestors(revision.pk)
        loose = {node["trace"] for node in traced(revision.content)} - ground
        assert loose == set(), page.slug


def test_after_contact_the_next_line_is_what_is_known_about_safety() -> None:
    """Fewer children in care is neither good nor bad by itself; contact outcomes stand together, safety right after."""
    for document in documents():
        marks = "".join("c" if o["contact"] else "s" if o["safety"] else "." for o in document["outcomes"])
        assert re.fullmatch(r"(c+s+|s*)\.*", marks), f"{document['slug']}: {marks}"


def test_where_nothing_is_known_of_safety_the_answer_says_so() -> None:
    for document in documents():
        known = any(one["safety"] and one["table"] for one in document["outcomes"])
        contact = any(one["contact"] for one in document["outcomes"])
        sentence = "We do not know whether children were safer."
        assert (sentence in said(document["answer"]["rest"])) == (contact and not known), document["slug"]


def test_contact_is_fewer_or_more_and_never_better_or_worse() -> None:
    for where, outcome in outcomes():
        if outcome["contact"]:
            assert [text for text in words(outcome) if RATING.search(text)] == [], where
            assert outcome["state"]["css"] in ("change", "unsure"), where
            drawn = [outcome[name]["css"] for name in ("scale", "hundred") if outcome[name]]
            assert set(drawn) <= {"change"}, where


def test_reasons_for_contact_do_not_say_better_or_worse_either() -> None:
    for document in documents():
        contact = {one["name"] for one in document["outcomes"] if one["contact"]}
        for chapter in document["chapters"]:
            heading = ""
            for block in chapter["blocks"]:
                heading = block["text"] if block["type"] == "heading" else heading
                judged = [text for text in words(block) if RATING.search(text)]
                assert heading not in contact or judged == [], (document["slug"], judged)


def test_an_answer_about_contact_does_not_say_better_or_worse() -> None:
    for document in documents():
        if document["outcomes"] and document["outcomes"][0]["contact"]:
            answer = said(document["answer"]["strong"]) + said(document["answer"]["rest"])
            assert not RATING.search(answer), document["slug"]


def held_interval(trace: str) -> tuple[float, float] | None:
    """The interval of what a row leads to, on the scale it was computed on."""
    if finding := Finding.objects.select_related("contrast").filter(pk=trace).first():
        middle, reach = finding.contrast.sign * finding.yi, CLEAR * math.sqrt(finding.vi)
        return middle - reach, middle + reach
    synthesis = Synthesis.objects.filter(pk=trace).first()
    return (synthesis.result["ci_low"], synthesis.result["ci_high"]) if synthesis else None


def test_an_interval_is_drawn_only_where_its_numbers_are_held() -> None:
    """Promise 5. A row's interval is that of its finding or pooled result, to the last digit, or a hundred times it."""
    seen = 0
    for where, outcome in outcomes():
        for row in rows(outcome):
            drawn = (row["low"], row["high"])
            if None in drawn:
                assert drawn == (None, None), where
                assert not INTERVAL.search(row["text"]), f"{where}: {row['name']} prints an interval it does not hold"
                continue
            held = held_interval(row["trace"])
            assert held is not None, (where, row["trace"])
            in_100 = tuple(100 * end for end in held)
            assert drawn in (pytest.approx(held, rel=1e-12), pytest.approx(in_100, rel=1e-12)), where
            seen += 1
    assert seen > 100


def test_a_printed_interval_leads_to_a_row_that_holds_one() -> None:
    held = set(PublishedResult.objects.exclude(ci_low=None).exclude(ci_high=None).values_list("pk", flat=True))
    for document in documents():
        for node in traced(document):
            if node["trace"].startswith("pub-") and INTERVAL.search(str(node.get("number", ""))):
                assert node["trace"] in held, (document["slug"], node)


def test_a_published_result_without_an_interval_says_so() -> None:
    bare = set(PublishedResult.objects.filter(ci_low=None).exclude(estimate=None).values_list("pk", flat=True))
    shown = [
        (where, line) for where, one in outcomes() for line in one["also"] for n in numbers(line) if n["trace"] in bare
    ]
    assert all("no interval in what we hold" in said(line) for _, line in shown)


def test_a_scale_without_an_interval_has_no_ends() -> None:
    for where, outcome in outcomes():
        if scale := outcome["scale"]:
            assert (scale["low"] is None) == (scale["high"] is None), where
            assert scale["minimum"] < scale["maximum"], where
            assert any(tick[0] == 0 for tick in scale["ticks"]), f"{where}: no difference is not on the scale"


def test_no_prediction_interval_below_three_studies() -> None:
    for one in Synthesis.objects.all():
        assert (one.result["pi_low"] is None) == (one.result["k"] < 3), one.pk
        if one.result["k"] < 2:
            assert [one.result[name] for name in ("tau2", "i2", "q")] == [None] * 3, one.pk


def test_the_house_s_interval_is_never_narrower_than_the_normal_one() -> None:
    for one in Synthesis.objects.filter(role=Synthesis.DEFAULT):
        wald = 2 * CLEAR * sum(1 / (row["vi"] + (one.result["tau2"] or 0)) for row in one.inputs) ** -0.5
        assert one.result["ci_high"] - one.result["ci_low"] >= wald * (1 - 1e-9), one.pk


def sourced_only() -> list[Document]:
    """Pages none of whose studies came from a systematic search."""
    sourced = {f"/reviews/{slug}/" for slug in Review.objects.filter(sort="sourced").values_list("slug", flat=True)}
    links = [(d, {p["href"] for f in d["facts"] for p in f if isinstance(p, dict)}) for d in documents()]
    return [document for document, found in links if found and found <= sourced]


def test_what_was_sourced_is_not_called_searched() -> None:
    pages = sourced_only()
    assert len(pages) >= 10
    for document in pages:
        assert document["banner"], document["slug"]
        claims = [text for text in words(document) if re.search("last search|we looked|nothing found", text, re.I)]
        assert claims == [], document["slug"]
        assert not any(one["state"]["key"] == "nothing-found" for one in document["outcomes"]), document["slug"]


def test_what_was_sourced_has_no_date_of_a_search_on_its_page(client: Client) -> None:
    for document in sourced_only():
        assert "last search" not in client.get(f"/evidence/{document['slug']}/").content.decode().lower()
    for review in Review.objects.filter(sort=Review.SOURCED):
        assert "last search" not in client.get(f"/reviews/{review.slug}/").content.decode().lower()


def test_the_strength_of_what_was_sourced_is_not_assessed() -> None:
    """However many trials: nobody knows how many were missed."""
    ratings = Rating.objects.current().filter(scheme="strength-scale")
    sourced = [one for one in ratings if one.inputs["evidence_base"] == "sourced"]
    assert len(sourced) > 20
    assert {one.result["level"] for one in sourced} == {"not-assessed"}


def test_computed_ratings_say_that_nobody_has_judged_them() -> None:
    for where, outcome in outcomes():
        assert outcome["provisional"] == (outcome["rating"] is not None), where


def test_what_is_counted_is_named() -> None:
    """Children, families and schools are different things to count."""
    told = [(where, said(one["sentence"])) for where, one in outcomes() if one["hundred"]]
    units = {
        where: re.match(r"Out of 100 ([a-z ]+), (?:about|less than 1|no difference) ", sentence)
        for where, sentence in told
    }
    assert [where for where, unit in units.items() if unit is None] == []
    assert {unit[1] for unit in units.values() if unit} >= {"families", "young people", "young women"}


def test_numbers_have_a_true_minus() -> None:
    """A hyphen breaks over lines, and in a spreadsheet begins a formula."""
    for where, outcome in outcomes():
        for row in rows(outcome):
            assert not re.search(r"(^|[\s(])-\d", row["text"]), where
    assert any(MINUS in row["text"] for _, outcome in outcomes() for row in rows(outcome))


def test_building_again_changes_nothing() -> None:
    from whatworks.archive.demonstration import build_demonstration
    from whatworks.ledger.models import Event

    def counted() -> tuple[Any, ...]:
        return Event.objects.count(), Revision.objects.count(), Synthesis.objects.count(), Rating.objects.count()

    before = counted()
    build_demonstration()
    assert counted() == before
    assert [_changed(draft) for draft in Draft.objects.select_related("page")] == []


def test_no_page_depends_on_the_order_in_which_a_database_happens_to_give_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL gives rows in whatever order they lie, which every update changes: what asks for none gets the reverse."""
    before = {page.slug: build(page.intervention) for page in Page.objects.select_related("intervention")}
    fetch = QuerySet._fetch_all

    def reversed_unless_ordered(rows: QuerySet[Any]) -> None:
        fresh = rows._result_cache is None
        fetch(rows)
        if fresh and not rows.ordered and isinstance(rows._result_cache, list):
            rows._result_cache.reverse()

    monkeypatch.setattr(QuerySet, "_fetch_all", reversed_unless_ordered)
    after = {page.slug: build(page.intervention) for page in Page.objects.select_related("intervention")}
    assert [slug for slug in before if before[slug] != after[slug]] == []


def _changed(draft: Draft) -> tuple[str, list[str]]:
    """A page that would say something else, and which parts of its document do."""
    newest = draft.page.newest()
    held = newest.content if newest else {}
    return draft.page.slug, [part for part in draft.content if draft.content[part] != held.get(part)]
