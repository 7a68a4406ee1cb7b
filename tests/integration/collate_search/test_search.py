"""Search on the database in use: the same results as the slow, obvious twin, for any question, on either database."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.collate_search.holding import found
from whatworks.collate.actions import add_source
from whatworks.collate.methods.query import Begins, Every, Node, Some, Term, Without, Years, holds, parse
from whatworks.collate.methods.tokens import Written, stream
from whatworks.collate.models import Entry, Report
from whatworks.collate.search import asked, find, refresh, reports
from whatworks.collate.search.finding import search_of
from whatworks.collate.search.places import year_kept
from whatworks.collate.search.store import TooSlow, store
from whatworks.collate.search.suggesting import did_you_mean, more_like, titles_like
from whatworks.collate.search.vocabulary import complete

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("kinship", [0, 4]),
        ('"kinship care"', [0, 4]),
        ('"care kinship"', []),
        ('"care and kinship"', [4]),
        ('"children in need"', [0]),
        ('"need in child"', [3]),
        ("wellbeing", [0, 2]),
        ("well-being", [0, 2]),
        ("behavior", [2, 3]),
        ("organiz*", [3]),
        ("author:smith -john", [0]),
        ('author:"smith j"', [0, 2]),
        ("author:william", []),
        ("author:williams", [1]),
        ("Williams", [1]),
        ("journal:child", [0, 2]),
        ("keyword:foster", [0]),
        ("doi:10.1234/a", [0]),
        ("doi:10.1234/*", [0, 2]),
        ("10.1234/b", [2]),
        ("year:2015", [1, 2]),
        ("year:1990..2015 OR need", [0, 1, 2, 3, 4]),
        ("-year:2015", [5, 0, 3, 4]),
        ("-care", [3]),
        ("保护", [5]),
        ("obrien cafe zoe", [5]),
        ("secret", []),
        ("nothingatall", []),
        ("", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_searches_find_what_they_mean(held: list[tuple[Report, Written]], text: str, keys: list[int]) -> None:
    """Each piece of the language against reports that only it can tell apart."""
    assert sorted(found(text)) == sorted(f"rep-{key}" for key in keys)
    assert sorted(reports(text).values_list("pk", flat=True)) == sorted(found(text))


def test_the_order_is_the_one_that_is_stated(held: list[tuple[Report, Written]]) -> None:
    """Newest year first, of one year the latest to arrive; a year that cannot be one comes last with those without."""
    assert found("") == ["rep-0", "rep-2", "rep-1", "rep-4", "rep-5", "rep-3"]


WORDS = st.sampled_from(
    ["child", "care", "kinship", "need", "in", "smith", "t:care", "a:smith", "v:child", "x:", "behavior", "k:foster"]
)
LEAVES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=3).map(lambda said: Term(tuple(said))),
    st.tuples(st.integers(1990, 2025), st.integers(0, 12)).map(lambda span: Years(span[0], span[0] + span[1])),
    st.sampled_from([Begins("10_2e_1234", "d"), Every(), Some()]),
)
TREES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: Every(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: Some(tuple(parts))),
        inner.map(Without),
    ),
    max_leaves=9,
)
ON_ONE_CENTRE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@ON_ONE_CENTRE
@given(tree=TREES)
def test_any_question_has_the_answer_of_its_meaning(held: list[tuple[Report, Written]], tree: Node) -> None:
    """Both databases are compared with the same slow twin, so they are equal to each other."""
    right = {
        report.pk for report, said in held if holds(tree, list(stream(said).tokens), year_kept(said.year))
    }  # fmt: skip
    rows = store().find(tree, limit=100)
    by_place = dict(Entry.objects.values_list("place", "report_id"))
    assert {by_place[place] for place, _ in rows} == right
    assert [place for place, _ in rows] == sorted(place for place, _ in rows)
    sql, parameters = store().condition(tree)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert {by_place[place] for (place,) in cursor.fetchall()} == right


PIECES = st.sampled_from([*"ab\"()-*:. |\\'%_~&!<>é", "care ", "child", " OR ", "NOT ", "title:", "year:2015"])


@ON_ONE_CENTRE
@given(text=st.lists(PIECES, max_size=14).map("".join))
def test_any_text_can_be_asked(held: list[tuple[Report, Written]], text: str) -> None:
    """What a person types is never an error of a database, and means what the twin says."""
    node, _ = complete(parse(text).node, store())
    right = {report.pk for report, said in held if holds(node, list(stream(said).tokens), said.year)}
    assert set(found(text)) == right


def test_pages_follow_by_position(held: list[tuple[Report, Written]]) -> None:
    """A report that arrives meanwhile must neither be shown twice nor push another out."""
    first = find("", size=2)
    assert [row.pk for row in first.rows] == ["rep-0", "rep-2"]
    late = Report.objects.register("rep-late", title="Late care", year=2030)
    refresh([late.pk])
    second = find("", size=3, after=first.following)
    assert [row.pk for row in second.rows] == ["rep-1", "rep-4", "rep-5"]
    last = find("", size=3, after=second.following)
    assert [row.pk for row in last.rows] == ["rep-3"]
    assert last.following is None
    assert last.total == 7


def test_counting_stops(held: list[tuple[Report, Written]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts say “more than” where they stop; pages beyond are reached all the same."""
    monkeypatch.setattr("whatworks.collate.search.finding.COUNTED", 2)
    page = find("", size=2)
    assert (page.total, page.more) == (2, True)
    seen = [row.pk for row in page.rows]
    while page.following is not None:
        page = find("", size=2, after=page.following)
        seen += [row.pk for row in page.rows]
    assert seen == found("")


def test_facets_count_and_narrow(held: list[tuple[Report, Written]]) -> None:
    """A facet's options keep their counts when one of them is chosen; the others are narrowed by it."""
    for key in ("a", "b"):
        add_source(by="test", name=f"Source {key}", sort="database")
    page = find("care", type=["JOUR"])
    groups = {group.name: {one.value: (one.count, one.checked) for one in group.options} for group in page.groups}
    assert groups["type"] == {"JOUR": (3, True), "RPRT": (1, False), "": (1, False)}
    assert groups["year"] == {"2010..2019": (2, False)}
    assert groups["source"] == {"src-a": (3, False), "src-b": (1, False)}
    assert found("care", type=["JOUR"], source=["src-b"]) == ["rep-1"]
    assert found("", year=["2010..2019", "1998"]) == ["rep-0", "rep-2", "rep-1", "rep-4"]
    assert sorted(reports("", year=["1998"], type=["", "JOUR"]).values_list("pk", flat=True)) == ["rep-4"]
    assert found("", source=["no such"]) == []


def test_a_query_string_is_the_same_question() -> None:
    """Pages, exports and the open door read one address alike; what readers may not ask is left out."""
    query = QueryDict("q=care&year=2015&type=JOUR&type=RPRT&decision=include&after=5")
    outside, inside = asked(query, inside=False), asked(query, inside=True)
    assert outside == {"text": "care", "year": ("2015",), "source": (), "type": ("JOUR", "RPRT"), "inside": False}
    assert inside == outside | {"inside": True, "decision": ("include",)}


def test_typing_errors_are_put_right(held: list[tuple[Report, Written]]) -> None:
    """Slips in words of titles; the rest of the question stays, and only what finds something is offered."""
    assert did_you_mean(search_of("kinshp")) == "kinship"
    assert did_you_mean(search_of("organisatoinal behavior")) == "organisational behavior"
    assert did_you_mean(search_of('title:kinshpi "care"')) == 'title:kinship "care"'
    assert did_you_mean(search_of("kinship")) == ""
    assert did_you_mean(search_of("kinshp zebra")) == ""
    assert did_you_mean(search_of("xqzzy")) == ""


def test_a_title_nearly_remembered_is_found(held: list[tuple[Report, Written]]) -> None:
    """Slips and a word too many."""
    assert [row.pk for row in titles_like("organisatonal behavor")] == ["rep-3"]
    assert titles_like("utterly different thing") == []


def test_more_like_a_report() -> None:
    """What shares its rare words comes first; the report itself is not like itself."""
    texts = [
        "attachment therapy infants trauma",
        "attachment therapy infants",
        "trauma informed school",
        "bridge design steel",
    ]
    for number, text in enumerate(texts):
        Report.objects.register(f"rep-m{number}", title=text, year=2000)
    refresh([f"rep-m{number}" for number in range(4)])
    like = [row.pk for row in more_like(Report.objects.get(pk="rep-m0"))]
    assert like[0] == "rep-m1"
    assert "rep-m0" not in like
    assert "rep-m3" not in like


def test_a_search_that_takes_too_long_is_stopped(held: list[tuple[Report, Written]]) -> None:
    """One reader's question must not keep a worker busy for minutes."""
    endless = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
        "postgresql": "SELECT pg_sleep(20)",
    }[connection.vendor]
    with pytest.raises(TooSlow), store().in_time(0.2), connection.cursor() as cursor:
        cursor.execute(endless)
    assert found("kinship") == ["rep-0", "rep-4"], "the connection is of use afterwards"


def test_results_come_though_counting_takes_too_long(
    held: list[tuple[Report, Written]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers beside the list are not worth the list."""

    def slow(*_: Any) -> None:
        raise TooSlow("stopped")

    monkeypatch.setattr("whatworks.collate.search.finding._groups", slow)
    page = find("kinship")
    assert len(page.rows) == 2
    assert page.groups == ()
    assert "took too long" in page.notes[0]


@pytest.mark.postgres
def test_the_time_limit_ends_with_the_search(held: list[tuple[Report, Written]]) -> None:
    """Inside somebody's long transaction, what comes after a search must have all the time it needs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()
        found("kinship")
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == before


def test_retracted_reports_are_still_found(held: list[tuple[Report, Written]]) -> None:
    """A retraction is shown, not hidden."""
    Report.objects.filter(pk="rep-0").update(retracted_on=datetime.date(2024, 5, 1))
    refresh(["rep-0"])
    assert "rep-0" in found("kinship")
