"""The centre's own map, from what readers can see: newest approved pages by theme, outcomes by group of the framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from whatworks.extract.models import Study
from whatworks.ledger.models import Event
from whatworks.publish.listing import newest_revisions
from whatworks.publish.methods.mapping import Filter, Heading, Item, Map, Note, Option, Place
from whatworks.publish.models import Revision
from whatworks.scope.models import Intervention, Outcome
from whatworks.synthesise.models import PublishedResult

RANDOMISED, COMPARISON, OTHER, VIEWS, REVIEW = "randomised", "comparison", "other", "views", "review"
SYSTEMATIC, SOURCED, THEIRS = "found-systematic", "found-sourced", "found-theirs"
COMPARED = ("quasi", "compar", "matched", "controlled", "difference", "regression discontinuity", "time series")
HEARD = ("qualitative", "interview", "focus group", "views", "ethnograph")
NO_COUNTRY = "country-not-recorded"


def own_map() -> Map:
    """The centre's own map. Worked out again as soon as anything was done in the centre."""
    last = Event.objects.order_by("-id").values_list("uid", flat=True).first()
    return _built(last or "")


@lru_cache(maxsize=1)
def _built(last: str) -> Map:
    revisions = newest_revisions()
    outcomes = list(Outcome.objects.select_related("group").order_by("group__order", "order", "slug"))
    slugs = {one.pk: one.slug for one in outcomes}
    placed: dict[str, dict[Place, None]] = {}
    notes: dict[Place, Note] = {}
    for revision in revisions:
        _read(revision.content, slugs, placed, notes)
    studies = _studies(placed)
    reviews = _reviews({one.page.intervention_id: one.content["slug"] for one in revisions}, slugs)
    return Map(
        title=_("What has been studied"),
        rows=tuple(_themes(revisions)),
        columns=tuple(_groups(outcomes)),
        segments=_segments(),
        filters=(_countries(studies), _found()),
        items=(*studies, *reviews),
        notes=notes,
        blank="not-searched",
    )


def _segments() -> tuple[Option, ...]:
    return (
        Option(RANDOMISED, _("Randomised trials")),
        Option(COMPARISON, _("Other comparison studies")),
        Option(OTHER, _("Surveys and other studies")),
        Option(VIEWS, _("Views and experiences")),
        Option(REVIEW, _("Published reviews, not ours")),
    )


def _themes(revisions: Iterable[Revision]) -> Iterable[Heading]:
    themes: dict[tuple[str, str], list[Heading]] = {}
    for one in revisions:
        theme = one.content["theme"]["slug"], one.content["theme"]["name"]
        themes.setdefault(theme, []).append(Heading(one.content["slug"], one.content["title"]))
    return (Heading(f"theme-{slug}", name, tuple(rows)) for (slug, name), rows in themes.items())


def _groups(outcomes: Iterable[Outcome]) -> Iterable[Heading]:
    groups: dict[str, list[Heading]] = {}
    names = {}
    for one in outcomes:
        names[one.group_id] = one.group.name
        groups.setdefault(one.group_id, []).append(Heading(one.slug, one.name))
    return (Heading(key, names[key], tuple(held)) for key, held in groups.items())


def _read(
    content: Mapping[str, Any], slugs: Mapping[str, str], placed: dict[str, dict[Place, None]], notes: dict[Place, Note]
) -> None:
    """Take the studies, states and certainties of one approved page."""
    blocks: dict[Place, list[Mapping[str, Any]]] = {}
    for block in content["outcomes"]:
        if column := slugs.get(block["identifier"]):
            place = content["slug"], column
            blocks.setdefault(place, []).append(block)
            for row in (block["table"] or {"rows": ()})["rows"]:
                placed.setdefault(row["study"], {})[place] = None
    for place, held in blocks.items():
        notes[place] = _note(content, held)


def _note(content: Mapping[str, Any], blocks: list[Mapping[str, Any]]) -> Note:
    keys = {one["state"]["key"] for one in blocks}
    state = keys.pop() if len(keys) == 1 else ""
    sure = {one["certainty"]["level"]: one["certainty"]["word"] for one in blocks if one["certainty"]}
    words = [sure[level] for level in sorted(sure)]
    return Note(
        state=state if state in ("not-poolable", "nothing-found", "not-searched") else "",
        level=min(sure, default=0),
        sure=_("%(low)s to %(high)s") % {"low": words[0], "high": words[-1].lower()}
        if len(words) > 1
        else "".join(words),
        href=f"/evidence/{content['slug']}/",
    )


def _studies(placed: Mapping[str, Mapping[Place, None]]) -> tuple[Item, ...]:
    held = Study.objects.filter(pk__in=list(placed)).select_related("review").order_by("name", "pk")
    return tuple(
        Item(
            key=one.pk,
            title=one.name,
            codes=(kind_of(one), _country(one.country), SYSTEMATIC if one.review.systematic else SOURCED),
            places=tuple(placed[one.pk]),
            year=one.years,
            venue=", ".join(part for part in (one.place, one.country) if part),
            href=f"/studies/{one.pk}/",
            detail=one.design,
        )
        for one in held
    )


def kind_of(study: Study) -> str:
    """What kind of evidence a study is, from how it was designed."""
    design = study.design.casefold()
    if study.randomised:
        return RANDOMISED
    if any(word in design for word in COMPARED):
        return COMPARISON
    return VIEWS if any(word in design for word in HEARD) else OTHER


def _country(name: str) -> str:
    return f"country-{slugify(name)}" if slugify(name) else NO_COUNTRY


def _countries(studies: Iterable[Item]) -> Filter:
    codes = {code for one in studies for code in one.codes}
    names = Study.objects.exclude(country="").order_by("country").values_list("country", flat=True).distinct()
    known = [Option(_country(name), name) for name in names if _country(name) in codes]
    none = [Option(NO_COUNTRY, _("Not recorded"))] if NO_COUNTRY in codes else []
    return Filter("country", _("Country"), (*known, *none))


def _found() -> Filter:
    options = (
        Option(SYSTEMATIC, _("By a systematic search")),
        Option(SOURCED, _("Trials we could source")),
        Option(THEIRS, _("Published by others")),
    )
    return Filter("found", _("How it was found"), options)


def _reviews(pages: Mapping[str, str], slugs: Mapping[str, str]) -> tuple[Item, ...]:
    """Reviews that others published, each once, in the cells that it speaks of."""
    above = {one.pk: one.part_of_id or one.pk for one in Intervention.objects.all()}
    rows = PublishedResult.objects.exclude(intervention=None).exclude(outcome=None).select_related("report")
    held: dict[str, tuple[PublishedResult, dict[Place, None]]] = {}
    for one in rows.order_by("review_name", "pk"):
        row, column = pages.get(above[one.intervention_id or ""]), slugs.get(one.outcome_id or "")
        if row and column:
            held.setdefault(one.review_name, (one, {}))[1][row, column] = None
    return tuple(_review(name, one, places) for name, (one, places) in held.items())


def _review(name: str, one: PublishedResult, places: Mapping[Place, None]) -> Item:
    return Item(
        key=f"review-{slugify(name)[:60]}",
        title=one.report.title if one.report else name,
        codes=(REVIEW, THEIRS),
        places=tuple(places),
        authors=name,
        href=f"/reports/{one.report_id}/" if one.report_id else one.source_url,
        detail=_("Published review"),
    )
