"""An instrument as a form, what its rules propose for the answers so far, and drawings of what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from whatworks.errors import InputError
from whatworks.extract.drawings import Rated, summary_chart, traffic_light, traffic_lights
from whatworks.extract.instruments import Appraisal as Filled
from whatworks.extract.instruments import Instrument, instrument, instruments, judge
from whatworks.extract.instruments.form import Domain, Question
from whatworks.extract.instruments.judging import Judgement, asked
from whatworks.extract.judged_things import Thing
from whatworks.extract.models import Appraisal, Judging
from whatworks.extract.supporting import OVERALL, PARTS, QUESTION
from whatworks.people.naming import names
from whatworks.screen.models import Review


def newest() -> list[Instrument]:
    """The newest version of each instrument that ships, by title."""
    held = {one.key: one for one in instruments()}
    return sorted(held.values(), key=lambda one: one.title)


def last_of(thing: Thing, chosen: Instrument) -> Judging | None:
    """The last working of the appraisal of this very thing by this version; None where it was not judged yet."""
    rows = Judging.objects.filter(appraisal__study=thing.study, appraisal__report=thing.report, contrast=thing.contrast)
    rows = rows.filter(appraisal__instrument=chosen.key, appraisal__version=str(chosen.version))
    held: Judging | None = rows.order_by("-number").first()
    return held


def form_of(chosen: Instrument, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The domains with their questions, what was answered, and what the rules propose for it."""
    answers = {key: value for key, value in typed["answers"].items() if value}
    applying = {one.key for one in asked(chosen, answers)} if chosen.questions else set()
    answers = {key: value for key, value in answers.items() if key in applying}
    alone = judge(chosen, answers)
    rows = [
        _domain(chosen, domain, told, typed, applying)
        for domain, told in zip(chosen.domains, alone.domains, strict=True)
    ]
    final = _judged(alone.overall, typed["overall"], typed["reasons"].get(OVERALL, ""), chosen.overall_words)
    final |= {"support": support_of(OVERALL, typed["notes"]), "changed": typed.get("changed", {}).get(OVERALL, "")}
    return {"domains": rows, "overall": None if chosen.overall.none else final, "answers": answers}


def _domain(
    chosen: Instrument, domain: Domain, told: Judgement, typed: Mapping[str, Any], applying: set[str]
) -> dict[str, Any]:
    words = {one.key: one.word for one in chosen.answers}
    questions = [
        _question(chosen, one, words, typed["answers"].get(one.key, ""), typed["notes"])
        for one in domain.questions
        if one.key in applying
    ]
    said = _judged(told, typed["domains"].get(domain.key, ""), typed["reasons"].get(domain.key, ""), chosen.allowed)
    later = len(domain.questions) - len(questions)
    said |= {"support": support_of(domain.key, typed["notes"]), "changed": typed.get("changed", {}).get(domain.key, "")}
    return {"key": domain.key, "name": domain.name, "of": domain.of, "questions": questions, "later": later, **said}


def _question(
    chosen: Instrument, one: Question, words: Mapping[str, str], given: str, notes: Mapping[str, Any]
) -> dict[str, Any]:
    options = [{"key": key, "word": words.get(key, key), "chosen": key == given} for key in chosen.answers_to(one)]
    return {"key": one.key, "text": one.text, "options": options, "support": support_of(f"{QUESTION}{one.key}", notes)}


def support_of(name: str, notes: Mapping[str, Any]) -> dict[str, Any]:
    """What was noted to support an answer or judgement; a note may be words alone."""
    said = notes.get(name, {})
    told = {"note": said} if isinstance(said, str) else said
    return {part: told.get(part, "") for part in PARTS} | {"name": name, "any": bool(told)}


def _judged(told: Judgement, said: str, why: str, allowed: tuple[str, ...]) -> dict[str, Any]:
    return {
        "proposed": told.computed,
        "trail": told.trail,
        "words": [{"word": one, "chosen": one == said} for one in allowed],
        "why": why,
    }


def drawings_of(review: Review) -> list[dict[str, Any]]:
    """What was judged in a review, by instrument: a line for each study, the shares, and the table."""
    found: dict[tuple[str, str], list[Rated]] = {}
    rows = Appraisal.objects.filter(study__review=review).select_related("study", "report")
    for one, thing in judged_of(rows.order_by("study__name", "study", "pk")):
        filled = Filled(one.instrument, int(one.version) if one.version.isdecimal() else 0, one.domains, one.overall)
        found.setdefault((one.instrument, one.version), []).append(Rated(one.study.name, filled, about=thing.short))
    return [drawn for key, rated in found.items() if (drawn := _drawn(key, rated)) is not None]


def judged_of(rows: Iterable[Appraisal]) -> list[tuple[Appraisal, Thing]]:
    """Each appraisal with what it judges."""
    listed = list(rows)
    told = Judging.objects.filter(appraisal__in=listed).exclude(contrast=None)
    told = told.select_related("contrast__intervention").order_by("number")
    results = {one.appraisal_id: one.contrast for one in told}
    return [(one, Thing(one.study, one.report, results.get(one.pk))) for one in listed]


def judges_of(rows: Iterable[Appraisal]) -> str:
    """Who judged, each once: people by name, others as they came."""
    return ", ".join(sorted(set(names(one.by for one in rows).values())))


def _drawn(key: tuple[str, str], rated: list[Rated]) -> dict[str, Any] | None:
    try:
        held = instrument(*key)
        charts = {"lights": traffic_light(rated), "shares": summary_chart(rated)}
        parts = traffic_lights(rated)
    except InputError:
        return None  # judged by an instrument that came in with a pack and does not ship, or not on every domain
    # Every word was escaped where it was drawn.
    drawn = {"parts": [{"title": one.title, "svg": SafeString(one.svg)} for one in parts]}
    return {"instrument": held, "rated": rated, **charts, **drawn, "shares_svg": SafeString(charts["shares"].svg)}
