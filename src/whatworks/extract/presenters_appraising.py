"""An instrument as a form, what its rules propose for the answers so far, and drawings of what was judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from whatworks.errors import InputError
from whatworks.extract.appraising import OVERALL
from whatworks.extract.drawings import Rated, summary_chart, traffic_light
from whatworks.extract.instruments import Appraisal as Filled
from whatworks.extract.instruments import Instrument, instrument, instruments, judge
from whatworks.extract.instruments.form import Domain, Question
from whatworks.extract.instruments.judging import Judgement, asked
from whatworks.extract.models import Appraisal, Judging, Study
from whatworks.screen.models import Review


def newest() -> list[Instrument]:
    """The newest version of each instrument that ships, by title."""
    held = {one.key: one for one in instruments()}
    return sorted(held.values(), key=lambda one: one.title)


def last_of(study: Study, chosen: Instrument) -> Judging | None:
    """The last working of the study's own appraisal by this version; None where it was not judged yet."""
    rows = Judging.objects.filter(appraisal__study=study, appraisal__report=None, contrast=None)
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
    return {"domains": rows, "overall": None if chosen.overall.none else final, "answers": answers}


def _domain(
    chosen: Instrument, domain: Domain, told: Judgement, typed: Mapping[str, Any], applying: set[str]
) -> dict[str, Any]:
    words = {one.key: one.word for one in chosen.answers}
    questions = [
        _question(chosen, one, words, typed["answers"].get(one.key, ""))
        for one in domain.questions
        if one.key in applying
    ]
    said = _judged(told, typed["domains"].get(domain.key, ""), typed["reasons"].get(domain.key, ""), chosen.allowed)
    later = len(domain.questions) - len(questions)
    return {"key": domain.key, "name": domain.name, "of": domain.of, "questions": questions, "later": later, **said}


def _question(chosen: Instrument, one: Question, words: Mapping[str, str], given: str) -> dict[str, Any]:
    options = [{"key": key, "word": words.get(key, key), "chosen": key == given} for key in chosen.answers_to(one)]
    return {"key": one.key, "text": one.text, "options": options}


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
    rows = Appraisal.objects.filter(study__review=review).select_related("study").order_by("study__name", "pk")
    for one in rows:
        filled = Filled(one.instrument, int(one.version) if one.version.isdecimal() else 0, one.domains, one.overall)
        found.setdefault((one.instrument, one.version), []).append(Rated(one.study.name, filled))
    return [drawn for key, rated in found.items() if (drawn := _drawn(key, rated)) is not None]


def _drawn(key: tuple[str, str], rated: list[Rated]) -> dict[str, Any] | None:
    try:
        held = instrument(*key)
        charts = {"lights": traffic_light(rated), "shares": summary_chart(rated)}
    except InputError:
        return None  # judged by an instrument that came in with a pack and does not ship, or not on every domain
    drawn = {
        f"{name}_svg": SafeString(one.svg) for name, one in charts.items()
    }  # every word was escaped where it was made
    return {"instrument": held, "rated": rated, **charts, **drawn}
