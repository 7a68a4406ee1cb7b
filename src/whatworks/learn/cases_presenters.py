"""What publications about cases say, in words and numbers for a page. Publications are counted; cases only within one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.convene.methods.agreeing import FEW, ThemeAgreement, theme_agreement
from whatworks.learn.frames import frame, newest
from whatworks.learn.methods.cases_frame import Frame
from whatworks.learn.models import CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.publish.listing import newest_revisions

SENTENCE = gettext_lazy(
    "What happened in very serious cases. It cannot show how common something is, what caused it, or what works."
)
SORTS = {CasePublication.NATIONAL: gettext_lazy("National"), CasePublication.THEMATIC: gettext_lazy("Thematic")}
# What can be asked besides a theme, one at a time. Only the last three are of age, place and date, and an address names one of them.
CODED = ("harm", "journey", "lesson", "age")
COUNTRY, YEAR = "country", "year"
FACETS = (*CODED, COUNTRY, YEAR)
RECURRING = 3  # publications


def title_of(dimension: str, term: str, version: int | None = None) -> str:
    """What a term is called, by the newest frame that has it."""
    held = (newest() if version is None else frame(version)).term(dimension, term) or newest().term(dimension, term)
    return held.title if held else term


def row_of(one: CaseSettled, dimension: str = "", term: str = "") -> dict[str, Any]:
    """A publication in a list; with a term, where it says so and of how many of its cases."""
    return {
        "publication": one.publication,
        "place": one.codes.get(dimension, {}).get(term, ""),
        "cases": one.shown.get(dimension, {}).get(term),
    }


def with_term(held: Iterable[CaseSettled], dimension: str, term: str) -> list[CaseSettled]:
    """Those that say so."""
    return [one for one in held if term in one.codes.get(dimension, {})]


def _counted(held: Sequence[CaseSettled], dimension: str, href: Callable[[str], str]) -> list[dict[str, Any]]:
    """The terms of a dimension with the number of publications that have each, the most frequent first."""
    found = []
    keys = {key for one in held for key in one.codes.get(dimension, {})}
    for key in keys:
        found.append({"key": key, "title": title_of(dimension, key), "href": href(key),
                      "publications": len(with_term(held, dimension, key))})  # fmt: skip
    return sorted(found, key=lambda one: (-one["publications"], one["title"]))


def theme_href(key: str) -> str:
    return reverse("case_theme", args=[key])


def facet_href(facet: str) -> Callable[[str], str]:
    return lambda value: reverse("case_facet", args=[facet, value])


def first_page() -> dict[str, Any]:
    """Everything that can be asked, and what is not coded yet."""
    held = list(CaseSettled.objects.standing())
    done = [one.publication_id for one in held]
    waiting = CasePublication.objects.exclude(pk__in=done).order_by("-year", "title")
    return {
        "sentence": SENTENCE,
        "themes": _counted(held, "theme", theme_href),
        "facets": [
            one for name in FACETS if (one := {"title": facet_title(name), "values": values_of(name, held)})["values"]
        ],
        "coded": [row_of(one) for one in held],
        "waiting": waiting,
        "made_up": sum(one.publication.demonstration for one in held),
        "tombstones": CaseTombstone.objects.order_by("on", "pk"),
    }


def facet_title(facet: str) -> str:
    """What is asked by a facet."""
    if facet in CODED:
        dimension = newest().dimension(facet)
        return dimension.title if dimension else facet
    return _("Country") if facet == COUNTRY else _("Year in which it was published")


def values_of(facet: str, held: Sequence[CaseSettled] | None = None) -> list[dict[str, Any]]:
    """The values of a facet, with the number of publications of each. A country and a year also of what is not coded yet."""
    href = facet_href(facet)
    if facet in CODED:
        return _counted(list(CaseSettled.objects.standing()) if held is None else held, facet, href)
    counted: dict[str, int] = {}
    for one in CasePublication.objects.values_list(facet, flat=True):
        counted[str(one)] = counted.get(str(one), 0) + 1
    return [
        {"key": slugify(value), "title": value, "href": href(slugify(value)), "publications": counted[value]}
        for value in sorted(counted, reverse=facet == YEAR)
    ]


def theme_page(theme: str, harm: str = "") -> dict[str, Any] | None:
    """One theme, or one theme where the harm is this; None where no publication has it."""
    all_held = list(CaseSettled.objects.standing())
    of_theme = with_term(all_held, "theme", theme)
    held = with_term(of_theme, "harm", harm) if harm else of_theme
    if not held:
        return None
    term = newest().term("theme", theme)
    return {
        "sentence": SENTENCE,
        "key": theme,
        "title": title_of("theme", theme),
        "harm": title_of("harm", harm) if harm else "",
        "term": term,
        "rows": [row_of(one, "theme", theme) for one in held],
        "made_up": sum(one.publication.demonstration for one in held),
        "harms": [] if harm else _counted(of_theme, "harm", lambda key: reverse("case_theme_harm", args=[theme, key])),
        "links": links_of(theme),
        "recurring": len(of_theme) >= RECURRING,
    }


def links_of(theme: str) -> list[dict[str, Any]]:
    """The interventions about which a theme raises a question; with an address where there is a page to read."""
    pages = {one.page.intervention_id: one.page.slug for one in newest_revisions()}
    held = CaseLink.objects.filter(theme=theme).select_related("intervention").order_by("intervention__name")
    return [
        {"intervention": one.intervention, "why": one.why,
         "href": reverse("page", args=[pages[one.intervention_id]]) if one.intervention_id in pages else ""}
        for one in held
    ]  # fmt: skip


def facet_page(facet: str, value: str) -> dict[str, Any] | None:
    """What has one value of one facet; None where there is none. Of age, place and date a row says none but the one that was asked."""
    if facet not in FACETS:
        return None
    chosen = next((one for one in values_of(facet) if one["key"] == value), None)
    if chosen is None:
        return None
    if facet in CODED:
        held = with_term(CaseSettled.objects.standing(), facet, value)
        rows = [row_of(one, facet, value) for one in held]
    else:
        found = CasePublication.objects.filter(**{facet: chosen["title"]}).order_by("title")
        rows = [{"publication": one, "place": "", "cases": None} for one in found]
    told = {"sentence": SENTENCE, "facet": facet_title(facet), "title": chosen["title"], "rows": rows}
    if facet in CODED:
        told["term"] = newest().term(facet, value)
    return told


def publication_page(publication: CasePublication) -> dict[str, Any]:
    """One publication: what it is, and what two people found that it says."""
    settled = publication.settled.order_by("-version").first()
    told: dict[str, Any] = {
        "sentence": SENTENCE, "publication": publication, "sort": SORTS[publication.sort], "settled": settled,
    }  # fmt: skip
    if settled is not None:
        asked = frame(settled.version)
        told |= {
            "frame": asked,
            "dimensions": _coded(asked, settled),
            "differed": sum(map(len, settled.apart.values())),
        }
    return told


def _coded(asked: Frame, settled: CaseSettled) -> list[dict[str, Any]]:
    """The terms of a publication by dimension. The ages stand on their own page only."""
    found = []
    for dimension in asked.dimensions:
        if dimension.key == "age":
            continue
        places, shown = settled.codes.get(dimension.key, {}), settled.shown.get(dimension.key, {})
        rows = [
            {"title": term.title, "place": places[term.key], "cases": shown.get(term.key),
             "href": theme_href(term.key) if dimension.key == "theme" else facet_href(dimension.key)(term.key)}
            for term in dimension.terms if term.key in places
        ]  # fmt: skip
        if rows:
            found.append({"title": dimension.title, "rows": rows})
    return found


def method_page() -> dict[str, Any]:
    """The frame with what each term means, and how far two people agreed on each."""
    asked = newest()
    held = [one for one in CaseSettled.objects.standing() if one.version == asked.version]
    agreed = {dimension.key: agreement(asked, dimension.key, held) for dimension in asked.dimensions}
    return {
        "sentence": SENTENCE,
        "frame": asked,
        "dimensions": [{"dimension": one, "agreed": agreed[one.key]} for one in asked.dimensions],
        "publications": len(held),
        "enough": len(held) >= FEW,
        "least": FEW,
        "made_up": sum(one.publication.demonstration for one in held),
    }


def agreement(asked: Frame, dimension: str, held: Sequence[CaseSettled]) -> list[ThemeAgreement]:
    """How far the two agreed on each term that either found, before anything was settled."""
    chosen = asked.dimension(dimension)
    found = []
    for term in chosen.terms if chosen else ():
        differ = sum(term.key in one.apart.get(dimension, []) for one in held)
        both = sum(
            term.key in one.codes.get(dimension, {}) and term.key not in one.apart.get(dimension, []) for one in held
        )
        if both + differ:
            found.append(theme_agreement(term.title, (both, differ, 0, len(held) - both - differ)))
    return found
