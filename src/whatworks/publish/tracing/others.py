"""Threads for what was not computed here: published results, ratings with their rules, judgements, other bodies' ratings."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from whatworks.extract.models import Contrast
from whatworks.publish.methods.numbers import plain
from whatworks.rate.methods.running import run_scheme
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement, Signoff
from whatworks.rate.schemes import load_scheme
from whatworks.rate.standing import APPROVING, Standing, day, standing_of
from whatworks.spoken import spoken, spoken_capital
from whatworks.synthesise.models import PublishedResult

Step = dict[str, Any]


def _source(url: str, who: str) -> Step:
    link = (
        [{"link": _("Read it where it was published"), "href": url}]
        if url.startswith("http")
        else [url or _("No address held.")]
    )
    return {"heading": _("Its source"), "who": who, "card": False, "blocks": [{"type": "links", "items": [link]}]}


def published_steps(identifier: str) -> tuple[str, list[Step]]:
    """A result that others published: theirs, not recomputed."""
    one = PublishedResult.objects.select_related("report", "analysis").get(pk=identifier)
    numbers = [
        [_("Estimate"), one.estimate],
        [_("Interval, low"), one.ci_low],
        [_("Interval, high"), one.ci_high],
        [_("Variance between studies (τ²)"), one.tau2],
        ["I², percent", one.i2],
        ["Q", one.q],
    ]
    counts = [
        [_("Studies"), one.k],
        [_("Studies in the review"), one.k_review],
        [_("People"), one.participants],
        [_("Effects"), one.effects],
    ]
    pairs = [[name, [plain(value, 4)]] for name, value in numbers if value is not None]
    pairs += [[name, [f"{value:,}"]] for name, value in counts if value is not None]
    pairs += [["p", [one.p]]] if one.p else []
    blocks: list[dict[str, Any]] = [
        {"type": "text", "parts": [f"{one.review_name}, {one.topic}: {one.measured} ({one.measure})."]},
        {"type": "pairs", "pairs": pairs},
    ]
    blocks += [{"type": "text", "parts": [one.remark]}] if one.remark else []
    if one.ci_low is None:
        blocks.append({"type": "absent", "text": _("No interval in what we hold, so none is shown.")})
    theirs = _("Published by others; we hold it as they printed it and have not pooled it with ours.")
    blocks.append({"type": "absent", "text": theirs})
    first = {"heading": _("As published"), "who": one.review_name, "card": True, "blocks": blocks}
    steps = [first]
    if one.report:
        telling = {"link": one.report.citation(), "href": f"/reports/{one.report_id}/"}
        steps.append(
            {"heading": _("The report"), "who": "", "card": False, "blocks": [{"type": "text", "parts": [telling]}]}
        )
    return _("A published result: %(measured)s") % {"measured": one.measured}, [
        *steps,
        _source(one.source_url, one.review_name),
    ]


def rating_steps(identifier: str) -> tuple[str, list[Step]]:
    """A computed rating: its rules one by one, recomputed on the spot, and what it asked."""
    one = Rating.objects.select_related("intervention", "outcome").get(pk=identifier)
    scheme = load_scheme(one.scheme, int(one.version))
    same = run_scheme(one.scheme, one.version, one.inputs) == one.result
    rules = [{"kind": "kept" if step["fired"] else "skipped", "text": step["sentence"]} for step in one.result["trail"]]
    level = scheme.word(one.result["level"]) if one.result["level"] else one.result["state"]
    asked = [[name.replace("_", " ").capitalize(), [str(value)]] for name, value in sorted(one.inputs.items())]
    stands = standing_of(one)
    return _("Why it says “%(level)s”") % {"level": level}, [
        {
            "heading": level,
            "who": spoken_capital(stands.words),
            "card": True,
            "blocks": [
                {
                    "type": "text",
                    "parts": [
                        _("%(name)s, %(name_2)s. %(title)s, version %(version)s.")
                        % {
                            "name": one.intervention.name,
                            "name_2": one.outcome.name,
                            "title": scheme.title,
                            "version": one.version,
                        }
                    ],
                },
                *_people(stands),
                {"type": "trail", "items": [*rules, {"kind": "result", "text": level}]},
                {
                    "type": "check",
                    "ok": same,
                    "text": _("Recomputed as you opened this page: ")
                    + (_("same as stored.") if same else _("NOT the same as stored.")),
                },
            ],
        },
        {"heading": _("What the rules asked"), "who": "", "card": True, "blocks": [{"type": "pairs", "pairs": asked}]},
        _rests_on(one, scheme.title),
    ]


def _rests_on(one: Rating, title: str) -> Step:
    """The way on from a rating: the result that it rates, what each study and published result found, every rule."""
    about = Q(intervention=one.intervention_id) | Q(intervention__part_of=one.intervention_id)
    held = Contrast.objects.filter(about, outcome=one.outcome_id).select_related("study").order_by("pk")
    theirs = PublishedResult.objects.filter(about, outcome=one.outcome_id).order_by("review_name", "pk")
    found = [(_("The result that it rates"), one.synthesis_id)] if one.synthesis_id else []
    found += [(f"{row.study.name}: {row.measured}", row.pk) for row in held]
    found += [(f"{row.review_name}: {row.measured}", row.pk) for row in theirs]
    items = [[{"link": words, "href": f"/trace/{pk}/"}] for words, pk in found]
    rules = {"link": _("%(title)s: every rule") % {"title": title}, "href": f"/standards/{one.scheme}/{one.version}/"}
    none = [] if found else [{"type": "absent", "text": _("We hold no number on this outcome.")}]
    blocks = [*none, {"type": "links", "items": [*items, [rules]]}]
    return {"heading": _("What it rests on"), "who": "", "card": False, "blocks": blocks}


def _people(stands: Standing) -> list[dict[str, Any]]:
    """Why people gave another level than the rules, and what they approved of an earlier rating."""
    said = [_("Why people gave another level: %(reason)s") % {"reason": stands.reason}] if stands.reason else []
    return [{"type": "text", "parts": [words]} for words in [*said, stands.earlier] if words]


def judgement_steps(identifier: str) -> tuple[str, list[Step]]:
    """A judgement that people published, domain by domain."""
    one = RecordedJudgement.objects.select_related("analysis").get(pk=identifier)
    pairs = [[name.replace("_", " ").capitalize(), [_moved(value)]] for name, value in one.domains.items()]
    first = {
        "heading": _("%(level)s certainty") % {"level": one.level.capitalize()},
        "who": _("Judged by %(by)s") % {"by": one.by},
        "card": True,
        "blocks": [
            {
                "type": "text",
                "parts": [
                    _("%(title)s. Started from %(design_start)s studies.")
                    % {"title": one.analysis.title, "design_start": one.design_start}
                ],
            },
            {"type": "pairs", "pairs": pairs},
        ],
    }
    here = Signoff.objects.filter(recorded=one).select_related("moderation").first()
    last = _source(one.source_url, one.by) if here is None else _judged_here(here)
    return _("Why the certainty is %(level)s") % {"level": one.level}, [first, last]


def _judged_here(signoff: Signoff) -> Step:
    """How people of this centre came to a judgement: what they did, and their reasons."""
    agreed = signoff.moderation
    named = load_scheme("grade", int(agreed.assessment.version)).inputs
    reasons = [(name, one["reason"]) for name, one in agreed.answers.items() if one.get("reason") and name in named]
    pairs = [[named[name].words[:1].upper() + named[name].words[1:], [reason]] for name, reason in reasons]
    blocks: list[dict[str, Any]] = [
        {
            "type": "text",
            "parts": [
                _("It was %(approving)s, on %(signoff)s.")
                % {"approving": spoken(APPROVING), "signoff": spoken(day(signoff))}
            ],
        }
    ]
    if agreed.override:
        blocks.append(
            {
                "type": "text",
                "parts": [
                    _("Why it is another level than the steps add up to: %(override)s") % {"override": agreed.override}
                ],
            }
        )
    blocks += [{"type": "pairs", "pairs": pairs}] if pairs else []
    return {"heading": _("How people judged it"), "who": signoff.recorded.by, "card": True, "blocks": blocks}


def _moved(value: int) -> str:
    return (
        _("no change")
        if value == 0
        else (_("lowered by %(steps)s") if value < 0 else _("raised by %(steps)s")) % {"steps": abs(value)}
    )


def external_steps(identifier: str) -> tuple[str, list[Step]]:
    """What another body says, in its own words."""
    one = ExternalRating.objects.get(pk=identifier)
    pairs = [[_("Programme"), [one.programme]], [_("Rating"), [one.rating]], [_("Date"), [one.on or _("not given")]]]
    pairs += [[_("Outcome"), [one.outcome_words]]] if one.outcome_words else []
    blocks: list[dict[str, Any]] = [{"type": "pairs", "pairs": pairs}]
    blocks += (
        [{"type": "absent", "text": _("Told by a second source; we have not seen it on the body's own site.")}]
        if one.secondary
        else []
    )
    blocks += [{"type": "text", "parts": [one.remark]}] if one.remark else []
    blocks.append({"type": "text", "parts": [_("They ask a different question from ours, by their own criteria.")]})
    first = {"heading": _("As the body rates it"), "who": one.body, "card": True, "blocks": blocks}
    return _("%(body)s on %(programme)s") % {"body": one.body, "programme": one.programme}, [
        first,
        _source(one.source_url, one.body),
    ]
