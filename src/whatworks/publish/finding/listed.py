"""The list of pages as it is looked through: made from newest revisions, kept in a table, remembered by each process.

What readers see comes from approved revisions only. A reader who comes after an approval, by whichever process, finds it:
three counts say whether anything changed, and what changed is made anew before the answer.
"""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import words
from whatworks.extract.models import Contrast
from whatworks.ledger.models import Lineage
from whatworks.publish.finding.words import home
from whatworks.publish.listing import entry, kinds_of, levels_of, text_of
from whatworks.publish.methods.finding import Document, Shelf
from whatworks.publish.methods.finding_asking import SMALL
from whatworks.publish.models import Listed, ListState, Page, PageStanding, Revision
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import name_of, sorts
from whatworks.synthesise.models import PublishedResult

VERSION = 1  # of the rules by which a page is listed: with another one all are made anew
PIECE = 200
RANDOMISED, COMPARISON, VIEWS, REVIEW = "randomised", "comparison", "views", "review"
NAMED, NOTHING_FOUND = "named", "nothing-found"  # outcomes that a page has a row of, and that were looked for in vain
TELLING = ("qualitative", "interview", "focus group", "views")  # words of a design that gathers what people say


@dataclass(slots=True)
class Remembered:
    """What a process holds of the list: as it was after the change of this name."""

    name: str = ""
    mark: int = 0
    shelf: Shelf = field(default_factory=Shelf)
    spoken: dict[str, str] = field(default_factory=dict)


_lock = threading.Lock()
_remembered = Remembered()


def stamp() -> str:
    """What says whether the list is still that of all that is kept: rows that are only ever added, counted."""
    counts = (Revision.objects.count(), Particular.objects.count(), PageStanding.objects.count())
    return ".".join(map(str, (VERSION, *counts)))


def current() -> Remembered:
    """The list as it is now."""
    global _remembered
    now = stamp()
    state = ListState.objects.filter(pk=ListState.FIRST).first()
    if state is None or state.stamp != now:
        try:
            catch_up()
        except OperationalError:  # somebody writes for long: the reader gets the right list all the same
            return _beside(_remembered)
        state = ListState.objects.get(pk=ListState.FIRST)
    held = _remembered
    if state.names and held.name == state.names[-1]:
        return held
    with _lock:
        _remembered = _brought_up(_remembered, state)
        return _remembered


def _brought_up(held: Remembered, state: ListState) -> Remembered:
    if not state.names or held.name not in state.names:
        held = Remembered()
    rows = Listed.objects.filter(mark__gt=held.mark).order_by("page")
    changed = list(rows.values_list("page", "withdrawn", "index"))
    return _with(held, changed, state.names[-1] if state.names else "", state.mark)


def _with(held: Remembered, changed: Sequence[tuple[str, bool, Any]], name: str, mark: int) -> Remembered:
    documents = [_document(page, index) for page, gone, index in changed if not gone]
    gone = [page for page, gone, _ in changed if gone]
    spoken = dict(held.spoken)
    for _, _, index in changed:
        spoken |= {made: shorter(word, spoken.get(made)) for made, word in index.get("spoken", {}).items()}
    return Remembered(name, mark, held.shelf.with_changed(documents, gone), spoken)


def _document(page: str, index: dict[str, Any]) -> Document:
    return Document(page, index["slug"], index["title"], tuple(index["place"]), tuple(index["fields"]), index["facets"])


def _beside(held: Remembered) -> Remembered:
    rows = [row for piece in _pieces(due()) for row in made(piece)]
    return _with(held, [(row.page_id, row.withdrawn, row.index) for row in rows], "", 0)


def due() -> list[str]:
    """The pages whose row is not that of their newest revision, of what is recorded, or of a withdrawal."""
    state = ListState.objects.filter(pk=ListState.FIRST).first()
    anew = state is None or not state.stamp.startswith(f"{VERSION}.")
    held: dict[str, tuple[Any, ...]] = {}
    if not anew:
        rows = Listed.objects.order_by("page").values_list("page", "number", "particulars", "withdrawn")
        held = {page: told for page, *told in rows}
    wanted = _pages().exclude(newest=None).values_list("pk", "newest", "recorded", "gone")
    return sorted(page for page, *told in wanted if held.get(page) != told)


def _pages() -> Any:
    """Every page with its newest revision's number, how many particulars were ever recorded, and whether it is withdrawn."""
    last = PageStanding.objects.filter(page=OuterRef("pk")).order_by("-number").values("withdrawn")[:1]
    return Page.objects.order_by().annotate(
        newest=Max("revisions__number"),
        # Two questions, each with an index: as one, joined by "or", it reads every particular for every page.
        recorded=_how_many("intervention") + _how_many("intervention__part_of"),
        gone=Coalesce(Subquery(last), False),
    )


def _how_many(field: str) -> Any:
    about = Particular.objects.filter(**{field: OuterRef("intervention")}).order_by().annotate(all=Value(1))
    return Coalesce(Subquery(about.values("all").annotate(n=Count("pk")).values("n")), 0)


def catch_up() -> int:
    """Make anew the rows of all pages that changed; returns how many. Nothing is done twice."""
    with transaction.atomic():
        ListState.objects.get_or_create(pk=ListState.FIRST)
        state = ListState.objects.select_for_update().get(pk=ListState.FIRST)
        now, pages = stamp(), due()
        if state.stamp == now and not pages:
            return 0
        state.mark += 1
        for piece in _pieces(pages):
            rows = made(piece)
            for row in rows:
                row.mark = state.mark
            told = ["revision", "number", "particulars", "withdrawn", "entry", "index", "mark"]
            Listed.objects.bulk_create(rows, update_conflicts=True, unique_fields=["page"], update_fields=told)
        state.names = [*state.names, uuid.uuid4().hex][-ListState.NAMED :]
        state.stamp = now
        state.save()
    return len(pages)


def _pieces(pages: Sequence[str]) -> Iterable[Sequence[str]]:
    return (pages[at : at + PIECE] for at in range(0, len(pages), PIECE))


def made(pages: Sequence[str]) -> list[Listed]:
    """The rows of these pages, not saved."""
    rows = {one.pk: one for one in _pages().filter(pk__in=pages).select_related("intervention__theme")}
    newest = Q(page__in=rows, number=Subquery(_newest()))
    revisions = {one.page_id: one for one in Revision.objects.filter(newest).order_by("page")}
    particulars = _recorded([one.intervention_id for one in rows.values()])
    grounds = _grounds([one.pk for one in revisions.values()])
    parts = _parts([one.intervention_id for one in rows.values()])
    return [
        _row(
            page,
            revisions[key],
            particulars[page.intervention_id],
            grounds[revisions[key].pk],
            parts[page.intervention_id],
        )
        for key, page in sorted(rows.items())
        if key in revisions
    ]


def _newest() -> Any:
    return Revision.objects.filter(page=OuterRef("page")).order_by("-number").values("number")[:1]


def _recorded(interventions: Iterable[str]) -> defaultdict[str, list[Particular]]:
    found: defaultdict[str, list[Particular]] = defaultdict(list)
    wanted = list(interventions)
    family = Q(intervention__in=wanted) | Q(intervention__part_of__in=wanted)
    for one in Particular.objects.standing().filter(family).select_related("intervention").in_order():
        found[one.intervention.part_of_id or one.intervention_id].append(one)
    return found


def _parts(interventions: Iterable[str]) -> defaultdict[str, list[str]]:
    """The names of what a page is about besides its own: a reader asks for Homebuilders by that name."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = Intervention.objects.filter(part_of__in=list(interventions)).order_by("name", "pk")
    for whole, name in rows.values_list("part_of", "name"):
        found[whole].append(name)
    return found


def _grounds(revisions: Sequence[str]) -> defaultdict[str, list[tuple[str, bool, str]]]:
    """What each revision rests on: country, whether drawn by lot, and design of its studies; reviews by the word review."""
    rests = Lineage.objects.filter(output__in=revisions, input__kind__in=(Contrast.kind, PublishedResult.kind))
    lines = list(rests.order_by("output", "input").values_list("output", "input", "input__kind"))
    wanted = sorted({row for _, row, kind in lines if kind == Contrast.kind})
    told = {
        row: (country, randomised, design)
        for row, country, randomised, design in Contrast.objects.filter(pk__in=wanted).values_list(
            "pk", "study__country", "study__randomised", "study__design"
        )
    }
    found: defaultdict[str, list[tuple[str, bool, str]]] = defaultdict(list)
    for revision, row, _ in lines:
        found[revision].append(told.get(row, ("", False, REVIEW)))
    return found


def _row(
    page: Any, revision: Revision, recorded: list[Particular], grounds: list[tuple[str, bool, str]], parts: list[str]
) -> Listed:
    content = revision.content
    place = [content["kind"] != "page", page.intervention.theme.order]
    index: dict[str, Any] = {"slug": page.slug, "title": content["title"], "place": [int(one) for one in place]}
    if not page.gone:
        index |= {"facets": _facets(content, recorded, grounds)} | _fields(content, recorded, parts)
    return Listed(
        page=page,
        revision=revision,
        number=revision.number,
        particulars=page.recorded,
        withdrawn=page.gone,
        entry=entry(content),
        index=index,
        mark=0,
    )


def _facets(
    content: dict[str, Any], recorded: list[Particular], grounds: list[tuple[str, bool, str]]
) -> dict[str, list[str]]:
    facets = {
        "outcome": sorted(kinds_of(content)),
        "theme": [content["theme"]["slug"]],
        "sure": sorted(levels_of(content)),
        "kind": [content["kind"]],
        "evidence": evidence_of(grounds),
        "uk": from_home(grounds),
        NAMED: sorted({one["identifier"] for one in content["outcomes"] if one["table"] or one["also"]}),
        NOTHING_FOUND: sorted(
            {one["identifier"] for one in content["outcomes"] if one["state"]["key"] == "nothing-found"}
        ),
    }
    for sort in sorts().values():
        if sort.values:
            facets[sort.key] = sorted({one.value for one in recorded if one.sort == sort.key})
    return facets


def shorter(word: str, other: str | None) -> str:
    """Of two words with one stem, the one to tell: “support”, not “supportive”; the same whichever comes first."""
    return min((word, other or word), key=lambda one: (len(one), one))


def evidence_of(grounds: Iterable[tuple[str, bool, str]]) -> list[str]:
    """The kinds of evidence that a page rests on; published reviews only where there is no study."""
    found = set()
    for _, randomised, design in grounds:
        telling = any(word in design.lower() for word in TELLING)
        found.add(REVIEW if design == REVIEW else RANDOMISED if randomised else VIEWS if telling else COMPARISON)
    return sorted(found - {REVIEW} or found)


def from_home(grounds: Iterable[tuple[str, bool, str]]) -> list[str]:
    """Whether any study was done at home; nothing where no study was, and of some the country is not recorded."""
    countries = {country for country, _, design in grounds if design != REVIEW}
    if countries & home()[1]:
        return ["yes"]
    return ["no"] if countries and "" not in countries else []


def _fields(content: dict[str, Any], recorded: list[Particular], parts: list[str]) -> dict[str, Any]:
    answer = text_of(content["answer"]["strong"]) + text_of(content["answer"]["rest"])
    facts = [text_of(parts) for parts in content["facts"]]
    texts = (
        [content["title"]],
        [*parts, *(outcome["name"] for outcome in content["outcomes"])],
        [content["lead"] or ""],
        [content["theme"]["name"], answer, *facts, *(name_of(one) for one in recorded)],
    )
    spoken: dict[str, str] = {}
    fields = []
    for field_of in texts:
        runs = []
        for text in field_of:
            said = [word for word in words(text) if word not in SMALL and not word.isdigit()]
            spoken |= {made: shorter(word, spoken.get(made)) for word in said if (made := stem(word))}
            runs.append(" ".join(map(stem, said)))
        fields.append(f" {' | '.join(runs)} ")
    return {"fields": fields, "spoken": spoken}
