"""A journal-club kit for a page: 45 minutes on one question, what the page says of it, and how far to believe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.extract.instruments import Instrument, instrument
from whatworks.extract.models import Appraisal, Study
from whatworks.publish.methods.handout import handout
from whatworks.publish.methods.handout_parts import Outcome, said
from whatworks.publish.methods.using import GROUPS
from whatworks.publish.models import Page, Revision
from whatworks.spoken import spoken

MOST = 6  # outcomes that a group can look at in ten minutes; more are on the page
REVIEWS = "amstar-2"  # asked of published reviews, where no study stands behind a page


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions that fit one kind of study: the name of the instrument, and by heading what to ask."""

    title: str
    judges: str
    domains: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What is recorded of one study: how far its result may be bent, heading by heading, and who says so."""

    study: str
    href: str
    overall: str
    domains: tuple[tuple[str, str], ...]
    by: str


@dataclass(frozen=True, slots=True)
class Kit:
    """Everything that a group needs, made from one revision of a page."""

    title: str
    slug: str
    revision: int
    identifier: str
    on: str
    plan: tuple[tuple[str, str], ...]
    question: str
    lead: str
    strong: str
    outcomes: tuple[Outcome, ...]
    left: int
    asked: tuple[Asked, ...]
    answered: tuple[Answered, ...]
    discuss: tuple[str, ...]
    change: tuple[str, ...]
    record: str
    record_href: str
    closing: str


def kit_of(page: Page, revision: Revision) -> Kit:
    """The kit of a page as it is now."""
    content = revision.content
    held = handout(content)
    studies = _studies(content)
    appraisals = list(Appraisal.objects.filter(study__in=studies).order_by("study__name", "pk"))
    return Kit(
        title=page.title,
        slug=page.slug,
        revision=revision.number,
        identifier=revision.pk,
        on=held.on,
        plan=_plan(),
        question=_question(page.title, content),
        lead=held.lead,
        strong=" ".join(one for one in (said(held.strong), said(held.rest)) if one),
        outcomes=held.outcomes[:MOST],
        left=max(len(held.outcomes) - MOST, 0),
        asked=tuple(_asked(one) for one in _instruments(studies, appraisals)),
        answered=_answered(studies, appraisals),
        discuss=_discuss(),
        change=_change(),
        record=_("Everybody who wants to writes down for themselves what they take away. Nobody else can read it."),
        record_href=f"{reverse('about_records')}?of={revision.pk}&club=1",
        closing=spoken(GROUPS),
    )


def _plan() -> tuple[tuple[str, str], ...]:
    """45 minutes."""
    return (
        (_("5 minutes"), _("Say hello. Read the question aloud. Somebody keeps the time.")),
        (_("10 minutes"), _("Read what the page says. Each says one number in their own words.")),
        (_("10 minutes"), _("In pairs: ask of the studies what stands below. Only then look at what was recorded.")),
        (_("10 minutes"), _("Talk about it together.")),
        (_("5 minutes"), _("What would change here?")),
        (_("5 minutes"), _("Each writes down what they take away, for their own record if they keep one.")),
    )


def _question(title: str, content: Mapping[str, Any]) -> str:
    named = [str(one["name"]) for one in content["outcomes"][:3]]
    if not named:
        return _("What do we know about “%(title)s”?") % {"title": title}
    return _("What do we know about “%(title)s” and these outcomes: %(outcomes)s?") % {
        "title": title, "outcomes": "; ".join(named),
    }  # fmt: skip


def _discuss() -> tuple[str, ...]:
    return (
        _("Which number surprised you, and why?"),
        _("Who was in the studies, and who was not? Are they like the people you work with?"),
        _("What would somebody who gets this service want to know that the studies did not ask?"),
        _("What would have to be found for you to change your mind?"),
    )


def _change() -> tuple[str, ...]:
    return (
        _("What would we do more of, less of, or otherwise?"),
        _("Whom would we ask first, families and young people among them?"),
        _("How would we see after three months whether it was worth it?"),
    )


def _studies(content: Mapping[str, Any]) -> dict[str, Study]:
    """The studies whose results stand on the page, by identifier."""
    rows = [row for one in content["outcomes"] for row in (one["table"] or {}).get("rows", ())]
    wanted = dict.fromkeys(str(row["study"]) for row in rows if row.get("study"))
    return Study.objects.in_bulk(list(wanted))


def _instruments(studies: Mapping[str, Study], appraisals: Sequence[Appraisal]) -> list[Instrument]:
    """Those by which the studies were judged; of a study that nobody judged, the one that fits how it was done."""
    judged = {one.study_id for one in appraisals}
    keys = {one.instrument for one in appraisals}
    keys |= {fitting(one.design, randomised=bool(one.randomised)) for key, one in studies.items() if key not in judged}
    return [instrument(key) for key in sorted(keys or {REVIEWS})]


def fitting(design: str, *, randomised: bool) -> str:
    """The instrument for a kind of study.

    >>> fitting("cluster randomised trial", randomised=True), fitting("quasi-experiment", randomised=False)
    ('rob-2-cluster', 'robins-i')
    """
    words = design.casefold()
    if randomised:
        return "rob-2-cluster" if "cluster" in words else "rob-2-crossover" if "crossover" in words else "rob-2"
    if "qualitative" in words or "interview" in words:
        return "qualitative"
    return "single-group" if "single group" in words or "before and after" in words else "robins-i"


def _asked(chosen: Instrument) -> Asked:
    """The questions that are always asked; those that hang on an earlier answer are left to the full judgement."""
    domains = [
        (one.name, tuple(each.text for each in one.questions if not each.only_if and not each.only_if_any))
        for one in chosen.domains
    ]
    return Asked(chosen.title, chosen.judges, tuple((name, asked) for name, asked in domains if asked))


def _answered(studies: Mapping[str, Study], appraisals: Sequence[Appraisal]) -> tuple[Answered, ...]:
    return tuple(
        Answered(studies[one.study_id].name, f"/studies/{one.study_id}/", one.overall, _domains(one), _who(one.by))
        for one in appraisals
    )


def _who(actor: str) -> str:
    """Who judged, without the name of anybody who signs in here."""
    return _("people of this centre") if actor.startswith("usr-") else actor


def _domains(appraisal: Appraisal) -> tuple[tuple[str, str], ...]:
    known = {one.key: one.name for one in instrument(appraisal.instrument, appraisal.version).domains}
    return tuple((known.get(key, key), str(level)) for key, level in appraisal.domains.items())
