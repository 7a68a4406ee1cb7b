"""A page of results in words: what was found, how it is ordered, what was searched, what else was meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.collate.methods.tokens import marked
from whatworks.collate.models import Entry, Report
from whatworks.collate.retractions import standing
from whatworks.collate.search.facets import Group
from whatworks.collate.search.finding import COUNTED, Page
from whatworks.collate.search.indexing import written
from whatworks.collate.search.suggesting import did_you_mean, titles_like
from whatworks.collate.search.vocabulary import known
from whatworks.collate.search.work import current

NAMES = 4  # authors shown in a list; the report's page has them all
EXCERPT = 260  # characters of an abstract shown beside a result
FEW = 3  # results, up to which another spelling is offered
SEARCHED = gettext_lazy("titles, authors, abstracts, journals and keywords")


def entry(report: Report, wanted: frozenset[str], *, excerpt: str = "", stands: Any = None) -> dict[str, Any]:
    """One report in a list."""
    names = [name for name in report.authors.split("; ") if name]
    who = "; ".join(names[:NAMES]) + (
        _(" and %(names)s more") % {"names": len(names) - NAMES} if len(names) > NAMES else ""
    )
    return {
        "identifier": report.pk,
        "title": marked(report.title, wanted),
        "who": marked(f"{who.removesuffix('.')}. " if who else "", wanted),
        "where": marked(report.venue, wanted),
        "year": report.year,
        "excerpt": marked(excerpt, wanted) if excerpt else [],
        "standing": stands,
    }


def entries(rows: Sequence[Report], wanted: frozenset[str], *, inside: bool) -> list[dict[str, Any]]:
    """Reports in a list; people who work here see the part of the abstract that speaks of what was asked."""
    stand = standing(report.pk for report in rows)
    abstracts = {report: said.abstract for report, said in written(rows)} if inside and rows else {}
    return [
        entry(report, wanted, excerpt=part_of(abstracts.get(report.pk, ""), wanted), stands=stand.get(report.pk))
        for report in rows
    ]


def part_of(text: str, wanted: frozenset[str]) -> str:
    """The stretch of a text where a wanted word first stands, or its beginning."""
    text = " ".join(text.split())
    if len(text) <= EXCERPT:
        return text
    before = 0
    for part in marked(text, wanted):
        if isinstance(part, dict):
            break
        before += len(part)
    start = text.rfind(" ", 0, max(before - EXCERPT // 3, 0)) + 1 if before < len(text) else 0
    end = text.rfind(" ", start, start + EXCERPT)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def results(page: Page, query: QueryDict) -> dict[str, Any]:
    """The page of results, for its template."""
    search = page.search
    state = current()
    seldom = page.total <= FEW and bool(search.text.strip())
    better = did_you_mean(search) if seldom else ""
    near = titles_like(search.text) if seldom and not page.total else []
    return {
        "text": search.text,
        "count": count_words(page),
        "order": page.order,
        "searched": SEARCHED,
        "entries": entries(page.rows, page.marked, inside=search.inside),
        "filters": [_filter(group, page) for group in page.groups],
        "narrowed": narrowed(page),
        "notes": (*page.notes, *_unknown(page)),
        "better": {"text": better, "href": address(query, q=better, after="")} if better else None,
        "near": entries(near, page.marked, inside=False),
        "more": address(query, after=str(page.following)) if page.following is not None else "",
        "first": address(query, after="") if query.get("after") else "",
        "all": address(QueryDict(), q=search.text),
        "exports": asked_words(query),
        "building": bool(state and state.building),
        "none_held": not page.total and not Entry.objects.exists(),
    }


def _unknown(page: Page) -> list[str]:
    """Where nothing was found, the words that are the reason: those that no report has."""
    if page.total:
        return []
    held = known(page.asked.plain)
    missing = [word for word in dict.fromkeys(page.asked.plain) if word not in held and not word.isdigit()][:5]
    if not missing:
        return []
    said = ", ".join(f"\u201c{word}\u201d" for word in missing)
    return [
        ngettext(
            "No report held here has the word %(said)s.",
            "No report held here has any of the words %(said)s.",
            len(missing),
        )
        % {"said": said}
    ]


def count_words(page: Page) -> str:
    """How many were found, in words that are true."""
    if page.more:
        return _("More than %(counted)s reports; the counts beside the list are of the first %(counted)s") % {
            "counted": f"{COUNTED:,}"
        }
    return (
        ngettext("%(total)s report", "%(total)s reports", page.total) % {"total": f"{page.total:,}"}
        if page.total
        else _("No report")
    )


def narrowed(page: Page) -> bool:
    """Whether anything was chosen beside the words."""
    search = page.search
    return any((search.year, search.source, search.type, *search.owned.values()))


def _filter(group: Group, page: Page) -> dict[str, Any]:
    return {
        "name": group.name,
        "title": group.title,
        "options": [
            {"value": one.value, "label": one.label, "count": f"{one.count:,}", "checked": one.checked}
            for one in group.options
        ],
        "open": any(one.checked for one in group.options),
    }


def address(query: QueryDict, **changes: str) -> str:
    """The page's own address with something changed; an empty value takes it away."""
    pairs = [(name, value) for name, values in query.lists() for value in values if name not in changes and value]
    pairs += [(name, value) for name, value in changes.items() if value]
    return f"/reports/?{urlencode(pairs)}"


def asked_words(query: QueryDict) -> str:
    """The query string without the place in the list: what an export of everything found is asked by."""
    return urlencode([(name, value) for name, values in query.lists() for value in values if name != "after" and value])
