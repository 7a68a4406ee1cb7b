"""The evidence store for one reader: what was understood of a question, what answers it, how the list can be narrowed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.ledger.models import Artefact
from whatworks.publish.finding import guides
from whatworks.publish.finding.absent import absences
from whatworks.publish.finding.filters import FILTERS, Filter, filters
from whatworks.publish.finding.listed import Remembered, current
from whatworks.publish.finding.words import synonyms
from whatworks.publish.guides.presenters import entries_of
from whatworks.publish.listing import review_entry
from whatworks.publish.methods.finding import NOT_RECORDED, Found
from whatworks.publish.methods.finding_asking import Understood, nearest, understood
from whatworks.publish.models import Listed
from whatworks.screen.models import Review

PER_PAGE = 25
LONGEST = 200  # characters of a question
MORE = 3  # words that are offered for one that no page has
SHORT = 2  # letters of a word for which none is offered
GUIDES = 3  # shown in the store; the others have their own list
TOLD = 8  # other words that are told; the rest are counted


def checking() -> str:
    """What stands after an answer behind which something has changed."""
    return " " + _("A new report arrived; we are checking it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the store: a question, filters, a page of the list, and whether words are taken plainly."""

    query: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    plainly: bool = False

    def address(self, **changed: Any) -> str:
        """The store's address for the same, with some of it changed; the page is the first unless it is said."""
        query, chosen = changed.get("query", self.query), changed.get("chosen", self.chosen)
        pairs = [("q", query)] if query else []
        pairs += [(name, value) for name in FILTERS for value in chosen.get(name, ())]
        pairs += [("words", "only")] if changed.get("plainly", self.plainly) and query else []
        pairs += [("page", str(changed["page"]))] if changed.get("page", 1) > 1 else []
        return reverse("store") + (f"?{urlencode(pairs)}" if pairs else "")


def wanted(given: Mapping[str, Sequence[str]]) -> Wanted:
    """What the parameters of an address ask for; what cannot be read is passed over, for a reader typed none of it."""
    first = {name: values[0].replace("\0", " ") for name, values in given.items() if values}
    chosen = {name: tuple(dict.fromkeys(given[name]))[:40] for name in FILTERS if given.get(name)}
    number = first.get("page", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else 1
    return Wanted(first.get("q", "").strip()[:LONGEST], chosen, max(page, 1), first.get("words") == "only")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found, and how the question was read."""

    held: Remembered
    read: Understood
    found: Found
    guides: tuple[str, ...] = ()


def answered(asked: Wanted) -> Answered:
    """The pages that answer a question under the filters chosen."""
    held, beside = current(), guides.current()
    known = ChainMap(held.shelf.postings, beside.shelf.postings)
    spoken = ChainMap(held.spoken, dict(beside.spoken))
    read = understood(asked.query, synonyms(), known, spoken, plainly=asked.plainly)
    also = guides.found(beside, read.concepts, asked.chosen)
    return Answered(held, read, held.shelf.find(read.concepts, asked.chosen), also)


def entries(keys: Sequence[str]) -> list[dict[str, Any]]:
    """These pages as they stand in a list."""
    rows = {row.page_id: row for row in Listed.objects.filter(pk__in=keys).order_by("page")}
    revisions = [row.revision_id for row in rows.values()]
    stale = set(Artefact.objects.stale().filter(pk__in=revisions).values_list("pk", flat=True))
    found = []
    for row in (rows[key] for key in keys if key in rows):
        line = row.entry["line"] + ([checking()] if row.revision_id in stale else [])
        found.append(row.entry | {"line": line, "note": row.index["place"][0] == 1})
    return found


def store(asked: Wanted) -> dict[str, Any]:
    """The evidence store for what a reader asks."""
    answer = answered(asked)
    keys = answer.found.keys
    last = max((len(keys) + PER_PAGE - 1) // PER_PAGE, 1)
    number = min(asked.page, last)
    shown = entries(keys[(number - 1) * PER_PAGE : number * PER_PAGE])
    groups = filters(answer.held.shelf, answer.found, asked.chosen)
    whole = not any(asked.chosen.values())
    return {
        "title": _("What helps children stay safely with their families?"),
        "query": asked.query,
        "plainly": asked.plainly and bool(asked.query),
        "count": _count(answer, asked),
        "total": len(keys),
        "themes": [slug for slug, mask in answer.held.shelf.facets.get("theme", {}).items() if mask],
        "filters": groups,
        "active": _active(asked, groups),
        "clear": asked.address(chosen={}),
        "everything": asked.address(chosen={}, query=""),
        "understood": _told(asked, answer.read),
        "unrecorded": _unrecorded(asked, answer.found, groups),
        "help": _help(asked, answer) if not keys or answer.read.unknown else [],
        "guides": entries_of(answer.guides[:GUIDES]) if number == 1 else [],
        "more_guides": max(len(answer.guides) - GUIDES, 0),
        "entries": shown if asked.query else [one for one in shown if not one["note"]],
        "notes": [] if asked.query else [one for one in shown if one["note"]],
        "pages": _paging(asked, number, last),
        "reviews": _reviews() if whole and not asked.query and number == 1 else [],
        "absences": absences(answer.held.shelf, answer.read.concepts if asked.query else None)
        if whole and number == 1
        else [],
    }


def _count(answer: Answered, asked: Wanted) -> str:
    kinds, chosen = answer.found.counts.get("kind", {}), asked.chosen.get("kind")
    pages, notes = (kinds.get(kind, 0) if not chosen or kind in chosen else 0 for kind in ("page", "note"))
    answers = ngettext("%(number)s answer", "%(number)s answers", pages) % {"number": f"{pages:,}"}
    others = ngettext("%(number)s evidence note", "%(number)s evidence notes", notes) % {"number": f"{notes:,}"}
    return _("%(answers)s and %(notes)s") % {"answers": answers, "notes": others}


def _reviews() -> list[dict[str, Any]]:
    return [review_entry(review) for review in Review.objects.listed().order_by("title", "pk")]


def _active(asked: Wanted, groups: Iterable[Filter]) -> list[dict[str, str]]:
    """Each filter that is chosen, with the address of the list without it."""
    found = []
    for group in groups:
        for option in group.options:
            if option.checked:
                rest = tuple(one for one in asked.chosen[group.name] if one != option.value)
                href = asked.address(chosen={**asked.chosen, group.name: rest})
                found.append({"text": f"{group.title}: {option.label}", "href": href})
    return found


def _told(asked: Wanted, read: Understood) -> dict[str, Any] | None:
    """What a question was read as, beyond the reader's own words, and where to search for these alone."""
    labels = {name: one.labels() for name, one in FILTERS.items()}
    facets = [
        {
            "text": f"{FILTERS[name].title}: {labels[name].get(value, value)}",
            "href": asked.address(chosen={**asked.chosen, name: (*asked.chosen.get(name, ()), value)}),
        }
        for name, value in read.facets
        if name in FILTERS and value not in asked.chosen.get(name, ())
    ]
    if not (read.also or facets or read.mended):
        return None
    return {
        "also": list(read.also[:TOLD]),
        "more": max(len(read.also) - TOLD, 0),
        "facets": facets,
        "mended": [{"said": said, "read": meant} for said, meant in read.mended],
        "plainly": asked.address(plainly=True),
    }


def _unrecorded(asked: Wanted, found: Found, groups: Iterable[Filter]) -> list[dict[str, str]]:
    """How many pages a filter leaves out only because nothing is recorded of them, and where they are shown too."""
    lines = []
    for group in groups:
        count = found.unrecorded.get(group.name, 0)
        if count and group.record:
            words = ngettext(
                "%(count)s page does not record %(what)s, so it is not in this list.",
                "%(count)s pages do not record %(what)s, so they are not in this list.",
                count,
            )
            chosen = {**asked.chosen, group.name: (*asked.chosen[group.name], NOT_RECORDED)}
            lines.append(
                {
                    "text": words % {"count": f"{count:,}", "what": group.record},
                    "href": asked.address(chosen=chosen),
                }
            )
    return lines


def _help(asked: Wanted, answer: Answered) -> list[dict[str, Any]]:
    """For each word that no page has: the nearest that some page has, and where to search for it."""
    found = []
    said = (
        {answer.held.spoken.get(one, one): one for one in answer.held.shelf.vocabulary()} if answer.read.unknown else {}
    )
    for word in dict.fromkeys(answer.read.unknown):
        near = nearest(word, said, MORE, further=1) if len(word) > SHORT else []
        offers = [{"text": one, "href": asked.address(query=asked.query.lower().replace(word, one))} for one in near]
        found.append({"word": word, "near": offers})
    return found


def _paging(asked: Wanted, number: int, last: int) -> dict[str, Any]:
    return {
        "page": number,
        "pages": last,
        "start": (number - 1) * PER_PAGE + 1,
        "previous": asked.address(page=number - 1) if number > 1 else "",
        "next": asked.address(page=number + 1) if number < last else "",
    }
