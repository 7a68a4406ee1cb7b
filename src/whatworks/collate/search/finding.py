"""The door: a search goes in, a page of reports comes out, with how many there are and how to narrow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from whatworks.collate.methods.query import Asked, Every, Node, Some, Term, parse, wanted, with_files
from whatworks.collate.methods.tokens import written_out
from whatworks.collate.models import Document, Report
from whatworks.collate.search import facets, vocabulary
from whatworks.collate.search.places import ORDER
from whatworks.collate.search.store import FIRST, Restriction, TooSlow, store

COUNTED = 10_000  # results are counted to here; counting them all could cost more than finding the first
SIZE = 20
SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody asked for: words, and by what to narrow. `owned` are facets of higher rooms, by name."""

    text: str = ""
    year: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    owned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: bool = False

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values chosen of a facet."""
        return getattr(self, name) if name in ("year", "source", "type") else self.owned.get(name, ())

    def leaving_out(self, name: str) -> Search:
        """The same without one facet: so that its other options keep their counts."""
        return replace(
            self,
            year=() if name == "year" else self.year,
            source=() if name == "source" else self.source,
            type=() if name == "type" else self.type,
            owned={key: value for key, value in self.owned.items() if key != name},
        )


@dataclass(frozen=True, slots=True)
class Question:
    """A search as the database is asked it."""

    node: Node
    within: tuple[Restriction, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results. `total` is exact unless `more`, which says that there are more than that."""

    search: Search
    asked: Asked
    rows: tuple[Report, ...]
    total: int
    more: bool
    groups: tuple[facets.Group, ...]
    notes: tuple[str, ...]
    marked: frozenset[str]
    following: int | None  # the place after which the next page begins; None where this is the last
    order: str = ORDER


def asked(query: Mapping[str, Any], *, inside: bool) -> dict[str, Any]:
    """The keyword arguments of `find` and `reports` that a request's query string (a QueryDict) stands for."""
    many = getattr(query, "getlist", lambda name: [query[name]] if name in query else [])
    given = {name: tuple(value for value in many(name)[:20] if value) for name in ("year", "source", "type")}
    owned = {facet.name: tuple(many(facet.name)[:20]) for facet in facets.offered(inside=inside)}
    return {
        "text": str(query.get("q", "")).replace("\0", " "),
        **given,
        "inside": inside,
        **{name: values for name, values in owned.items() if values},
    }


def search_of(
    text: str = "",
    *,
    year: Sequence[str] = (),
    source: Sequence[str] = (),
    type: Sequence[str] = (),
    inside: bool = False,
    **owned: Sequence[str],
) -> Search:
    """A search as one value."""
    kept = {name: tuple(values) for name, values in owned.items()}
    return Search(text, tuple(year), tuple(source), tuple(type), kept, inside)


def question_of(search: Search, asked: Asked) -> tuple[Question, list[str]]:
    """What the database is asked, and what had to be left out of it."""
    node, notes = vocabulary.complete(asked.node, store())
    if search.inside and Document.objects.filter(state=Document.READ).exists():
        node = with_files(node)
    parts = [node]
    if spans := facets.spans(search.year):
        parts.append(spans[0] if len(spans) == 1 else Some(tuple(spans)))
    for mark, values in (("s", search.source), ("m", search.type)):
        if values:
            parts.append(Some(tuple(Term((f"{mark}:{written_out(value)}",)) for value in values)))
    known = {facet.name: facet for facet in facets.offered(inside=search.inside)}
    within = [
        facets.restriction(known[name], values) for name, values in search.owned.items() if name in known and values
    ]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Every) else [part]
    return Question(Every(tuple(flat)), tuple(within)), notes


def find(text: str = "", *, after: int = FIRST, size: int = SIZE, counts: bool = True, **given: Any) -> Page:
    """A page of the reports that a search finds, in the one order; TooSlow where it takes more than two seconds."""
    search = search_of(text, **given)
    understood = parse(search.text)
    with store().in_time(SECONDS):
        question, notes = question_of(search, understood)
        found = store().find(question.node, limit=COUNTED + 1, within=question.within)
        rest = [row for row in found if row[0] > after]
        if len(rest) <= size and len(found) > COUNTED:
            rest = store().find(question.node, after=after, limit=size + 1, within=question.within)
        shown = [place for place, _ in rest[:size]]
        rows = tuple(Report.objects.filter(entry__place__in=shown).order_by("entry__place").select_related("entry"))
    groups, left_out = _groups_in_time(search, understood, found[:COUNTED]) if counts else ((), [])
    return Page(
        search=search,
        asked=understood,
        rows=rows,
        total=min(len(found), COUNTED),
        more=len(found) > COUNTED,
        groups=groups,
        notes=(*understood.notes, *notes, *left_out),
        marked=wanted(question.node) if understood.node != Every() else frozenset(),
        following=shown[-1] if len(rest) > size else None,
    )


def reports(text: str = "", **given: Any) -> QuerySet[Report]:
    """Every report that a search finds, as a query that can be narrowed and ordered further; never refuses a text."""
    search = search_of(text, **given)
    question, _ = question_of(search, parse(search.text))
    held = Report.objects.exclude(entry=None)
    if question.node != Every():
        sql, parameters = store().condition(question.node)
        held = held.filter(entry__place__in=RawSQL(sql, parameters))
    for one in question.within:
        held = held.filter(pk__in=RawSQL(one.sql, one.parameters))
    return held


def _groups_in_time(
    search: Search, asked: Asked, rows: list[tuple[int, int]]
) -> tuple[tuple[facets.Group, ...], list[str]]:
    """The facets; where counting them takes too long, none, and a sentence: the results are there all the same."""
    try:
        with store().in_time(SECONDS):
            return _groups(search, asked, rows), []
    except TooSlow:
        return (), ["Counting by what this could be narrowed took too long just now, so it was left out."]


def _groups(search: Search, asked: Asked, rows: list[tuple[int, int]]) -> tuple[facets.Group, ...]:
    """Every facet with its counts, each counted as if nothing of itself were chosen."""

    def among(name: str) -> Sequence[tuple[int, int]]:
        if not search.chosen(name):
            return rows
        question, _ = question_of(search.leaving_out(name), asked)
        return store().find(question.node, limit=COUNTED, within=question.within)

    groups = [
        facets.by_year(among("year"), search.year),
        facets.by_source(facets.by_bundle(among("source"))[0], search.source),
        facets.by_kind(facets.by_bundle(among("type"))[1], search.type),
    ]
    for facet in facets.offered(inside=search.inside):
        groups.append(facets.by_owned(facet, among(facet.name), search.chosen(facet.name)))
    return tuple(group for group in groups if group.options)
