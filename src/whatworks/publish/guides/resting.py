"""What a recommendation rests on, as its page shows it: the sentence, state and certainty of each result it names. Reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from whatworks.errors import InputError
from whatworks.ledger.models import Subject
from whatworks.publish.models import Page
from whatworks.publish.page.blocks import block, recorded_judgement
from whatworks.publish.page.naming import inside, published_words
from whatworks.publish.writing.referring import synthesis_of
from whatworks.publish.writing.withdrawing import standing_of
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import SCHEMES, Ground, grounds
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement
from whatworks.saying import said
from whatworks.scope.models import Intervention
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

HARM = ("worse",)  # states of an outcome that are evidence of harm
UNRATED = "Certainty not rated"


@dataclass(frozen=True, slots=True)
class Rest:
    """One thing that a recommendation names: as a page shows it, and the rows the ledger follows from it."""

    identifier: str
    shown: dict[str, Any]
    rows: tuple[str, ...]
    rated: bool  # whether a certainty belongs to this kind of thing
    level: int | None = None
    harm: bool = False


@dataclass(slots=True)
class Rests:
    """Looks things up for one guide; grounds are gathered once for each intervention."""

    _grounds: dict[str, list[Ground]] = field(default_factory=dict)
    _held: dict[str, Rest] = field(default_factory=dict)

    def of(self, identifier: str) -> Rest:
        """What this identifier stands for now. Raises InputError where a recommendation cannot rest on it."""
        if identifier not in self._held:
            kind = Subject.objects.filter(pk=identifier).values_list("kind", flat=True).first() or ""
            if kind not in KINDS:
                raise InputError(
                    said(
                        "%(identifier)s is no analysis, result, rating, published result or page that is held "
                        "here; take its identifier from a page or a trace.",
                        identifier=identifier,
                    )
                )
            self._held[identifier] = KINDS[kind](self, identifier)
        return self._held[identifier]

    def all_of(self, identifiers: Iterable[str]) -> tuple[list[Rest], list[str]]:
        """Everything named, and a sentence for each that a recommendation cannot rest on."""
        found, refused = [], []
        for identifier in identifiers:
            try:
                found.append(self.of(identifier))
            except InputError as error:
                refused.append(error.args[0])
        return found, refused

    def grounds(self, intervention: Intervention) -> list[Ground]:
        """The grounds of an intervention, or of the one it is part of, where its page is."""
        top = intervention.part_of or intervention
        if top.pk not in self._grounds:
            self._grounds[top.pk] = grounds(top)
        return self._grounds[top.pk]


def _of_analysis(rests: Rests, identifier: str) -> Rest:
    analysis = Analysis.objects.select_related("intervention__part_of").get(pk=identifier)
    return _of_ground(rests, identifier, _ground(rests, analysis.intervention, analysis.pk, analysis.outcome_id))


def _of_synthesis(rests: Rests, identifier: str) -> Rest:
    held = synthesis_of(identifier)
    if held is None:
        raise InputError(
            said("The result %(identifier)s is not held any more; name its analysis instead.", identifier=identifier)
        )
    return _of_analysis(rests, held.analysis_id)


def _of_rating(rests: Rests, identifier: str) -> Rest:
    one = Rating.objects.select_related("intervention__part_of", "synthesis").get(pk=identifier)
    analysis = one.synthesis.analysis_id if one.synthesis else None
    return _of_ground(rests, identifier, _ground(rests, one.intervention, analysis, one.outcome_id))


def _of_judgement(rests: Rests, identifier: str) -> Rest:
    return _of_analysis(rests, RecordedJudgement.objects.get(pk=identifier).analysis_id)


def _ground(rests: Rests, intervention: Intervention, analysis: str | None, outcome: str) -> Ground:
    for ground in rests.grounds(intervention):
        if (ground.analysis.pk if ground.analysis else None) == analysis and ground.outcome.pk == outcome:
            return ground
    raise InputError(
        said(
            "%(analysis)s has no place on the page about %(inside)s; name a result that has one.",
            analysis=analysis or outcome,
            inside=inside(intervention.name),
        )
    )


def _safety(rests: Rests, ground: Ground) -> list[Any]:
    """What is known about safety, said beside every result about contact with services; nothing beside others."""
    if not ground.outcome.contact or ground.outcome.safety:
        return []
    beside = [one for one in rests.grounds(ground.intervention) if one.outcome.safety and not one.outcome.contact]
    return block(beside[0])["sentence"] if beside else ["We hold no result that says whether children were safer."]


def _of_ground(rests: Rests, identifier: str, ground: Ground) -> Rest:
    """A result as its page tells it."""
    told = block(ground)
    held = [rating for scheme in SCHEMES if (rating := held_rating(ground, scheme))]
    judged = recorded_judgement(ground)
    rows = [one.pk for one in (*held, *ground.published, *ground.findings.values())]
    rows += [one.pk for one in (ground.default, judged) if one] or [row.pk for row in ground.contrasts]
    href = Page.objects.filter(intervention=ground.intervention).exclude(revisions=None).first()
    shown = {
        "identifier": identifier,
        "trace": ground.default.pk if ground.default else (held[0].pk if held else None),
        "title": f"{ground.intervention.name}: {inside(told['name'])}",
        "said": told["sentence"],
        "state": told["state"],
        "certainty": told["certainty"],
        "certainty_words": "" if told["certainty"] else UNRATED,
        "provisional": told["provisional"],
        "safety": _safety(rests, ground),
        "page": f"/evidence/{href.slug}/" if href else None,
    }
    level = told["certainty"]["level"] if told["certainty"] else None
    return Rest(identifier, shown, tuple(rows), True, level, told["state"]["key"] in HARM)


def _of_published(rests: Rests, identifier: str) -> Rest:
    one = PublishedResult.objects.select_related("intervention").get(pk=identifier)
    said = (
        [{"number": published_words(one), "trace": one.pk}, "."]
        if one.estimate is not None
        else [f"{one.remark or one.finding}"]
    )
    about = f"{one.intervention.name}: " if one.intervention else ""
    title = f"{about}{inside(one.measured)} ({one.review_name})"
    return Rest(identifier, _plain(identifier, title, said, trace=one.pk), (one.pk,), True)


def _of_external(rests: Rests, identifier: str) -> Rest:
    one = ExternalRating.objects.get(pk=identifier)
    said = [f"{one.body} says “{one.rating}”. They ask a different question."]
    return Rest(identifier, _plain(identifier, one.programme, said, trace=one.pk), (one.pk,), False)


def _of_page(rests: Rests, identifier: str) -> Rest:
    page = Page.objects.get(pk=identifier)
    revision = page.newest()
    if revision is None:
        raise InputError(
            said(
                "The page %(identifier)s is not published yet; approve it first, or name its results.",
                identifier=identifier,
            )
        )
    if gone := standing_of(page):
        raise InputError(
            said("“%(title)s” was withdrawn: %(why)s Name other evidence.", title=page.title, why=gone.why)
        )
    told = revision.content["answer"]
    shown = _plain(identifier, page.title, [*told["strong"], *told["rest"]], page=f"/evidence/{page.slug}/")
    return Rest(identifier, shown, (revision.pk,), False)


def _plain(identifier: str, title: str, said: list[Any], **more: Any) -> dict[str, Any]:
    shown = {"identifier": identifier, "trace": None, "title": title, "said": said, "state": None, "certainty": None}
    return shown | {"certainty_words": "", "provisional": False, "safety": [], "page": None} | more


KINDS: dict[str, Callable[[Rests, str], Rest]] = {
    Analysis.kind: _of_analysis,
    Synthesis.kind: _of_synthesis,
    Rating.kind: _of_rating,
    RecordedJudgement.kind: _of_judgement,
    PublishedResult.kind: _of_published,
    ExternalRating.kind: _of_external,
    Page.kind: _of_page,
}
