"""The would-be page about an intervention, as plain data, with everything it rests on. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from whatworks.publish.page.around import around
from whatworks.publish.page.blocks import because, block, recorded_judgement, stood
from whatworks.publish.page.chapters import chapters
from whatworks.publish.page.locally import local
from whatworks.publish.page.naming import inside, name_of, published_words
from whatworks.publish.writing.passages import resting_of
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import SCHEMES, Ground, grounds
from whatworks.rate.methods.states import state
from whatworks.rate.methods.wording import how_sure, sentence
from whatworks.rate.models import ExternalRating
from whatworks.rate.standing import standing_of
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review
from whatworks.synthesise.models import PublishedResult

SCHEMA = 3


@dataclass(frozen=True, slots=True)
class Built:
    """A page document and the identifiers of all it rests on."""

    content: dict[str, Any]
    rests_on: tuple[str, ...]


def build(intervention: Intervention) -> Built:
    """The page about an intervention, from what is held now."""
    held = ordered(grounds(intervention))
    blocks = with_safety(held)
    reviews = _reviews(held)
    others = _external(intervention)
    reviews_by_others = _published_beside(intervention)
    beside = around(intervention, held, reviews)
    content = {
        "schema": SCHEMA,
        "kind": "page" if any(ground.default for ground in held) else "note",
        "slug": intervention.slug,
        "title": intervention.name,
        "lead": intervention.lead or None,
        "theme": {"slug": intervention.theme.slug, "name": intervention.theme.name},
        "answer": answer(held, blocks),
        "facts": _facts(intervention, reviews),
        "banner": _banner(reviews),
        "outcomes": blocks,
        "local": local(held, safety_known=_safety_known(blocks)),
        "chapters": chapters(intervention, held, beside),
        "studied": {
            "studies": len(beside.studied.studies),
            "countries": beside.studied.countries(),
            "missing": beside.studied.missing(),
            "last_search": beside.last_search,
        },
        "young": list(beside.young),
        "others": [_other(one) for one in others] + [_published(one) for one in reviews_by_others],
        "sources": _sources(held),
        "method": _method(held),
    }
    if judged := beside.judged.kept():
        content["judged"] = judged  # laid beside the schemes on the page that compares ratings
    beside_them = [one.pk for one in (*others, *reviews_by_others)]
    return Built(content, _rests_on(intervention, held, [*beside_them, *resting_of(intervention)]))


def ordered(held: list[Ground]) -> list[Ground]:
    """What has a result first, contact with the system before the rest, then the framework's order; never by size."""
    return sorted(held, key=lambda ground: (ground.default is None, not ground.outcome.contact))


def with_safety(held: list[Ground]) -> list[dict[str, Any]]:
    """The blocks, with what is known about children's safety right after contact with the system."""
    contact = [ground for ground in held if ground.outcome.contact]
    safety = [ground for ground in held if ground.outcome.safety and not ground.outcome.contact]
    rest = [ground for ground in held if ground not in contact and ground not in safety]
    blocks = [block(ground) for ground in contact]
    blocks += [block(ground) for ground in safety]
    if contact and not safety:
        blocks.append(_unknown_safety(contact))
    return blocks + [block(ground) for ground in rest]


def _unknown_safety(contact: list[Ground]) -> dict[str, Any]:
    searched = any(ground.searched for ground in contact)
    shown = state("nothing-found" if searched else "not-searched")
    looked = "We found no study that says" if searched else "We have not yet looked for what these studies say"
    outcome = Outcome.objects.filter(safety=True).order_by("order").first()
    return {
        "identifier": outcome.pk if outcome else "",
        "analysis": None,
        "name": "Children\N{RIGHT SINGLE QUOTATION MARK}s safety",
        "group": outcome.group.name if outcome else "",
        "contact": False,
        "safety": True,
        "state": {"key": shown.key, "shape": shown.shape, "css": shown.css, "word": shown.word},
        "sentence": [
            f"{looked} about children\N{RIGHT SINGLE QUOTATION MARK}s safety. "
            "Fewer or more in contact with services cannot be read as good or bad without it."
        ],
        "certainty": None,
        "certainty_words": "",
        "provisional": False,
        "rating": None,
        "eyebrow": [],
        "scale": None,
        "hundred": None,
        "also": [],
        "table": None,
    }


def answer(held: list[Ground], blocks: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The first sentence of the page: the state of its first outcome in words, then what else, then safety."""
    if not held:
        return {"strong": ["We hold no results about this yet."], "rest": [" What other bodies say is below."]}
    lead = held[0]
    strong = [_strong(lead)]
    rest: list[Any] = []
    if lead.default:
        rest += [" ", *blocks[0]["sentence"], *_sure(lead, strong[0])]
    elif len(held) > 1:
        rest.append(f" We hold results on {len(held)} outcomes; none can be put together.")
    if any(one["contact"] for one in blocks) and not _safety_known(blocks):
        rest.append(" We do not know whether children were safer.")
    return {"strong": strong, "rest": rest}


def _sure(ground: Ground, said: str) -> list[str]:
    """How sure we are, beside the answer's number, unless the answer says so already: no word is read as very sure."""
    judged = recorded_judgement(ground)
    sure = how_sure(judged.level.replace(" ", "-") if judged else "not-enough" if ground.searched else "not-assessed")
    return [] if "rated how sure" in said else [f" {sure}"]


def _safety_known(blocks: list[dict[str, Any]]) -> bool:
    return any(one["safety"] and one["table"] for one in blocks)


def _strong(ground: Ground) -> str:
    """The state of an outcome in one sentence, with the certainty that people recorded, if they did."""
    rating = held_rating(ground, "outcome-state")
    if rating is None:
        return f"Nothing is known yet about {inside(ground.outcome.name)}."
    judged, stands = recorded_judgement(ground), standing_of(rating)
    return sentence(
        stood(rating, stands),
        outcome=inside(name_of(ground)),
        certainty=judged.level.replace(" ", "-") if judged else None,
        direction_kind=ground.outcome.reading,
        because=because(rating, stands),
    )


def _reviews(held: list[Ground]) -> list[Review]:
    found = {row.study.review_id: row.study.review for ground in held for row in ground.contrasts}
    return sorted(found.values(), key=lambda review: review.slug)


def _facts(intervention: Intervention, reviews: list[Review]) -> list[list[Any]]:
    facts: list[list[Any]] = []
    for review in reviews:
        link = {"link": review.title, "href": f"/reviews/{review.slug}/"}
        searched = (
            f", last search {review.last_search:%-d %B %Y}" if review.last_search else ", not a systematic search"
        )
        facts.append([link, searched])
    if intervention.population:
        facts.append([intervention.population])
    return facts


def _banner(reviews: list[Review]) -> list[Any] | None:
    if any(not review.systematic for review in reviews):
        return [
            "These are trials we could source. It was not a systematic search, so some may be missing and strength is not assessed."
        ]
    return None


def _published_beside(intervention: Intervention) -> list[PublishedResult]:
    """Published reviews of the intervention that speak of no single outcome of the framework."""
    family = [intervention.pk, *intervention.parts.values_list("pk", flat=True)]
    found = PublishedResult.objects.filter(intervention__in=family, outcome=None, analysis=None)
    return list(found.order_by("review_name", "pk"))


def _published(one: PublishedResult) -> dict[str, Any]:
    return {
        "text": f"{one.review_name}: {inside(one.measured)}, {published_words(one)}",
        "href": one.source_url,
        "note": one.remark or None,
        "trace": one.pk,
    }


def _external(intervention: Intervention) -> list[ExternalRating]:
    family = [intervention.pk, *intervention.parts.values_list("pk", flat=True)]
    return list(ExternalRating.objects.filter(intervention__in=family).order_by("body", "programme", "pk"))


def _other(one: ExternalRating) -> dict[str, Any]:
    when = f", {one.on}" if one.on else ", date not given"
    outcome = f" ({one.outcome_words})" if one.outcome_words else ""
    note = "As told by a second source. " if one.secondary else ""
    return {
        "text": f"{one.body}{when}: {one.programme}{outcome} \N{LEFT DOUBLE QUOTATION MARK}{one.rating}\N{RIGHT DOUBLE QUOTATION MARK}",
        "href": one.source_url,
        "note": (note + one.remark).strip() or None,
        "trace": one.pk,
    }


def _sources(held: list[Ground]) -> list[dict[str, Any]]:
    reports = {row.report_id: row.report for ground in held for row in ground.contrasts}
    rows = [{"text": one.citation(), "href": one.link() or None, "identifier": one.pk} for one in reports.values()]
    return sorted(rows, key=lambda row: (row["text"], row["identifier"]))


def _method(held: list[Ground]) -> list[Any]:
    pooled = [ground for ground in held if ground.default and ground.default.result["k"] > 1]
    if not pooled:
        return ["No results were put together on this page; each study is shown as it was reported."]
    settings = pooled[0].result.settings
    return [
        f"Results were put together with a {settings['model']}-effects model ({settings['tau2']} estimate of the variance "
        "between studies) and Hartung and Knapp's interval, which allows for having few studies, or the normal interval where "
        "that is wider. Where a difference is "
        "said out of 100, a risk in the comparison groups of the same studies was used; standardised differences were "
        "turned into odds ratios by the logistic rule. Each number is a link to the rows it was computed from."
    ]


def _rests_on(intervention: Intervention, held: list[Ground], others: list[str]) -> tuple[str, ...]:
    names = {intervention.pk, *others, *(review.pk for review in _reviews(held))}
    for ground in held:
        names |= {row.pk for row in (*ground.contrasts, *ground.published)}
        names |= {one.pk for one in (ground.default, ground.as_published) if one}
        names |= {one.pk for one in ground.findings.values()}
        names |= {rating.pk for scheme in SCHEMES if (rating := held_rating(ground, scheme))}
        if ground.analysis:
            names |= set(ground.analysis.judgements.values_list("pk", flat=True))
    return tuple(sorted(names))
