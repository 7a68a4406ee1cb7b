"""What the store does not have, said aloud: common practice without an answer, looked for in vain, never looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.baseline.models import Practice
from whatworks.publish.finding.listed import NAMED, NOTHING_FOUND
from whatworks.publish.listing import text_of
from whatworks.publish.methods.finding import NOT_RECORDED, Concept, Shelf
from whatworks.publish.methods.finding_asking import stems_of
from whatworks.publish.models import Guide, Page, PageStanding
from whatworks.publish.page.naming import inside, published_words
from whatworks.rate.models import ExternalRating
from whatworks.scope.models import Outcome
from whatworks.synthesise.models import PublishedResult

_offered: list[Callable[[], dict[str, Any]]] = []
PAGES = 3  # named of those on which an outcome was looked for in vain; the others are counted


def offer_absence(make: Callable[[], dict[str, Any]]) -> None:
    """Say, when a higher room loads, what else the store does not have: its key, title, text and items. The same again is kept once."""
    if make not in _offered:
        _offered.append(make)


def absences(shelf: Shelf, concepts: Sequence[Concept] | None) -> list[dict[str, Any]]:
    """Each kind of absence with its items; for a question, only the items that it names, and no empty kinds."""
    kinds = [_practices(), _in_vain(shelf), _not_searched(shelf), _by_others(), _reviews(), _withdrawn()]
    kinds += [make() for make in _offered]
    if concepts is None:
        return [one for one in kinds if one["items"] or one.get("always")]
    for one in kinds:
        one["items"] = [item for item in one["items"] if concepts and _named(text_of(item), concepts)]
    return [one for one in kinds if one["items"]]


def gone(concepts: Sequence[Concept]) -> list[list[Any]]:
    """The withdrawn pages and guides that a question names; without a question, all."""
    items: list[list[Any]] = _withdrawn()["items"]
    return [one for one in items if not concepts or _named(text_of(one), concepts)]


def _named(text: str, concepts: Sequence[Concept]) -> bool:
    """Whether a line has at least half of what a question asks for."""
    line = f" {' '.join(stems_of(text))} "
    held = sum(any(f" {' '.join(run)} " in line for run in concept.runs) for concept in concepts)
    return 2 * held >= len(concepts)


def _practices() -> dict[str, Any]:
    answered = Page.objects.exclude(revisions=None).exclude(pk__in=PageStanding.objects.standing())
    covered = answered.values("intervention")
    rows = Practice.objects.exclude(intervention__in=covered).order_by("name", "pk")
    return {
        "key": "common-practice",
        "title": _("Done in places, not rated here"),
        "text": [
            _("Councils do these, or have done them. We have no answer on them. That says nothing about what they do.")
        ],
        "items": [[{"link": one.name, "href": reverse("practice", args=[one.slug])}, f": {one.plain}"] for one in rows],
    }


def _in_vain(shelf: Shelf) -> dict[str, Any]:
    held = {key: mask for key, mask in shelf.facets.get(NOTHING_FOUND, {}).items() if mask and key != NOT_RECORDED}
    outcomes = Outcome.objects.filter(pk__in=held).order_by("group__order", "order", "pk")
    return {
        "key": "in-vain",
        "title": _("Searched, and nothing found"),
        "text": [
            _("We looked for studies of these outcomes and found none. That is not evidence that nothing changes.")
        ],
        "items": [_missed(shelf, one.name, held[one.pk]) for one in outcomes],
    }


def _missed(shelf: Shelf, name: str, mask: int) -> list[Any]:
    slots = [slot for slot in shelf.order if mask >> slot & 1]
    line: list[Any] = [f"{name}: "]
    for at, slot in enumerate(slots[:PAGES]):
        document = shelf.documents[slot]
        if document is not None:
            line += [", " if at else "", {"link": document.title, "href": f"/evidence/{document.slug}/"}]
    more = len(slots) - PAGES
    return line + ([ngettext(" and %(more)s more", " and %(more)s more", more) % {"more": more}] if more > 0 else [])


def _not_searched(shelf: Shelf) -> dict[str, Any]:
    held = {key for name in (NAMED, NOTHING_FOUND) for key, mask in shelf.facets.get(name, {}).items() if mask}
    held |= {one["identifier"] for content in _withdrawn_contents() for one in content["outcomes"]}
    empty = Outcome.objects.exclude(pk__in=held).order_by("group__order", "order", "pk")
    return {
        "key": "not-searched",
        "title": _("Not searched"),
        "text": [_("We have not looked for studies of these outcomes. That says nothing about what works.")],
        "items": [[outcome.name] for outcome in empty],
        "always": True,
    }


def _withdrawn_contents() -> Iterator[dict[str, Any]]:
    """What withdrawn pages said: their outcomes were looked for, whatever became of the page."""
    for page in Page.objects.filter(pk__in=PageStanding.objects.standing()).order_by("pk"):
        if newest := page.newest():
            yield newest.content


def _by_others() -> dict[str, Any]:
    covered = Page.objects.exclude(revisions=None).values("intervention")
    rows = ExternalRating.objects.exclude(intervention__in=covered).order_by("programme", "body", "pk")
    return {
        "key": "by-others",
        "title": _("Rated by others, nothing held here"),
        "text": [_("Other bodies have rated these. We hold no study of them yet.")],
        "items": [[f"{one.programme}: {one.rating} ({one.body})"] for one in rows],
        "always": True,
    }


def _reviews() -> dict[str, Any]:
    rows = PublishedResult.objects.filter(intervention=None).order_by("review_name", "pk")
    return {
        "key": "reviews-of-many",
        "title": _("Published reviews of many things at once"),
        "text": [_("These reviews cover more than one intervention, so they are on no page. They are not ours.")],
        "items": [
            [
                f"{one.review_name}, {inside(one.topic)}: {inside(one.measured)}, ",
                {"number": published_words(one), "trace": one.pk},
            ]
            for one in rows
        ],
        "always": True,
    }


def _withdrawn() -> dict[str, Any]:
    standing = PageStanding.objects.standing()
    pages = Page.objects.filter(pk__in=standing).order_by("title", "pk")
    items = [[{"link": one.title, "href": f"/evidence/{one.slug}/"}, f": {standing[one.pk].why}"] for one in pages]
    for guide in Guide.objects.shown().filter(standings__withdrawn=True).distinct().order_by("title", "pk"):
        if gone := guide.withdrawn():
            items.append([{"link": guide.title, "href": f"/guides/{guide.slug}/"}, f": {gone.reason}"])
    return {
        "key": "withdrawn",
        "title": _("Withdrawn"),
        "text": [_("These were withdrawn. Each stays at its address and says why.")],
        "items": items,
    }
