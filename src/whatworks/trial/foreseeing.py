"""What the centre's own evidence says before a trial starts, and what the trial would do to it: gathered, never written anywhere.

A public page rests on results as approved, the workspace on results as computed last.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from scipy.stats import norm

from whatworks.baseline.comparing import Comparing
from whatworks.baseline.indicators import RATE, Indicator, indicators
from whatworks.baseline.wording import number_words, period_words
from whatworks.errors import InputError
from whatworks.extract.methods.metrics import METRICS
from whatworks.rate.models import Rating
from whatworks.rate.schemes import load_scheme
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.synthesise.models import Analysis, Synthesis
from whatworks.synthesise.presenters import current_of, published_of
from whatworks.synthesise.reading import readable, with_interval
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, LOG_RATES, RATES, RISKS
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import COUNT, INDIVIDUAL
from whatworks.trial.methods.foreseeing.banked import Entry, Near, near
from whatworks.trial.methods.foreseeing.believing import Belief, believed, error_on, remarks, with_prior
from whatworks.trial.methods.foreseeing.judging import Strength, strength
from whatworks.trial.methods.foreseeing.learning import Next, Standing, foresee
from whatworks.trial.methods.foreseeing.repeating import in_words, repeated
from whatworks.trial.methods.sizing.assuming import by_k, over_periods
from whatworks.trial.methods.sizing.planning import power
from whatworks.trial.models import Correlation, Trial
from whatworks.trial.presenters_foreseen import next_words, strength_words, worth_words

STRENGTH = "strength-scale"
BY_T = ("t", "hksj", "hksj-adhoc", "CR2")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pooled result on the question of a trial, and the prior that it gives; `why_not` where it gives none."""

    analysis: Analysis
    held: Synthesis
    belief: Belief | None
    why_not: str


def foreseen(trial: Trial, design: Design, *, public: bool) -> dict[str, Any] | None:
    """What is known before a trial starts; nothing once its own result stands."""
    if trial.analyses.filter(blind=False).exists():
        return None
    evidence = evidence_of(trial, public=public)
    used = next((one for one in evidence if one.belief), None)
    bank, level = bank_of(trial, design), baselines_of(trial)
    prior = _prior(design, used)
    return {
        "known": [*map(_evidence_row, evidence), *map(_bank_row, bank), *(_level_row(*one) for one in level)],
        "absent": list(_absent(trial, evidence, bank, level)),
        "remarks": [spoken(one) for one in prior[1]],
        "toml": "\n".join(["[size]", *prior[0], *_bank_lines(bank), *_level_lines(design, level)]),
        "writes": bool(prior[0] or bank or _level_lines(design, level)),
        "assurance": _assurance(design, used),
        "next": _next(trial, design, evidence[0]) if evidence else None,
    }


def evidence_of(trial: Trial, *, public: bool) -> list[Evidence]:
    """Pooled results of the trial's intervention on its outcome: those that give a prior first, then by studies."""
    if trial.intervention_id is None or trial.outcome_id is None:
        return []
    asked = Analysis.objects.filter(intervention=trial.intervention, outcome=trial.outcome, lead=True)
    found = []
    for analysis in asked.order_by("title", "pk"):
        if (held := published_of(analysis) if public else current_of(analysis)) is None:
            continue
        try:
            found.append(Evidence(analysis, held, believed(held.result, analysis.metric), ""))
        except InputError as error:
            found.append(Evidence(analysis, held, None, spoken(error)))
    return sorted(found, key=lambda one: (one.belief is None, -one.held.result["k"], one.analysis.title))


def bank_of(trial: Trial, design: Design) -> list[tuple[Near, Correlation]]:
    """What the bank holds near to a trial, its own entries aside."""
    rows = {one.pk: one for one in Correlation.objects.exclude(analysis__trial=trial).select_related("analysis__trial")}
    entries = [
        Entry(one.pk, one.measure, one.value, one.low, one.high, one.outcome, one.setting, one.clusters)
        for one in rows.values()
    ]
    newest = trial.newest()
    where = [
        design.estimand.population,
        design.estimand.clusters,
        newest.particulars.get("setting", "") if newest else "",
    ]
    about = [design.estimand.endpoint, trial.outcome.name if trial.outcome else ""]
    return [(one, rows[one.entry.key]) for one in near(entries, about, where, _measures(design))]


def _measures(design: Design) -> list[str]:
    """What a design is sized by: how rates vary (k) or what people of a cluster share (ICC), over periods also how long that lasts."""
    if design.design.kind == INDIVIDUAL:
        return []
    return [Correlation.K if by_k(design) else Correlation.ICC, *([Correlation.CAC] if over_periods(design) else [])]


def baselines_of(trial: Trial) -> list[tuple[Indicator, Comparing]]:
    """Indicators that count the outcome itself, where their definition says so, with their newest national figure."""
    slug = trial.outcome.slug if trial.outcome else ""
    tied = [one for one in indicators().values() if slug and one.outcome == slug]
    read = [(one, Comparing.read(one)) for one in tied]
    return [(one, held) for one, held in read if held.period and held.value(held.country) is not None]


def _evidence_row(one: Evidence) -> dict[str, Any]:
    scale, result = spoken(METRICS[one.analysis.metric].title), one.held.result
    low, high = readable(one.analysis.metric, result.get("pi_low"), result.get("pi_high"))
    told = {"scale": scale, "result": with_interval(one.analysis.metric, result), "low": low, "high": high}
    value = (
        _("In a new place like these a %(scale)s from %(low)s to %(high)s; on average %(result)s")
        if one.belief
        else _("%(scale)s, on average %(result)s; no range for a new place")
    ) % told
    return {
        "what": _("Effect: %(title)s") % {"title": one.analysis.title},
        "value": value,
        "why": one.why_not,
        "source": ngettext("%(n)s result", "%(n)s results put together", result["k"]) % {"n": result["k"]},
        "href": reverse("trace", args=[one.held.pk]),
    }


def _bank_row(one: tuple[Near, Correlation]) -> dict[str, Any]:
    found, row = one
    value = f"{row.value:.4f}"
    if row.low is not None and row.high is not None:
        value = _("%(value)s (%(low)s to %(high)s)") % {
            "value": value,
            "low": f"{row.low:.4f}",
            "high": f"{row.high:.4f}",
        }
    shared = ", ".join((*found.of_outcome, *found.of_setting))
    return {
        "what": _("%(measure)s: %(outcome)s; %(setting)s")
        % {"measure": row.measure, "outcome": row.outcome, "setting": row.setting},
        "value": value,
        "why": _why(found) % {"words": shared},
        "source": row.analysis.trial.title if row.analysis else row.source,
        "href": reverse("trial", args=[row.analysis.trial.slug]) if row.analysis else "",
    }  # fmt: skip


def _why(found: Near) -> str:
    if not found.used:
        return _("Words shared: %(words)s")
    if found.of_outcome:
        return _("Used below, being the nearest: words shared are %(words)s")
    return _("Used below for want of one of this outcome, so a weak guide: words shared are %(words)s")


def _level_row(one: Indicator, held: Comparing) -> dict[str, Any]:
    point = held.held[held.country][held.period]
    told = {
        "number": number_words(one, point.value),
        "said": spoken(one.said()),
        "when": period_words(one, held.period),
    }
    return {
        "what": _("Level without it: %(name)s") % {"name": one.name},
        "value": _("%(number)s %(said)s, whole country, %(when)s") % told,
        "why": _("The places of a trial may differ from the whole country; ask them for their own numbers."),
        "source": _("Published figures"),
        "href": reverse("vintage", args=[point.said[0].vintage]),
    }


def _absent(
    trial: Trial,
    evidence: list[Evidence],
    bank: list[tuple[Near, Correlation]],
    level: list[tuple[Indicator, Comparing]],
) -> Iterator[str]:
    if trial.intervention_id is None or trial.outcome_id is None:
        yield _(
            "The trial names no intervention or no outcome of the framework, so no pooled result can be looked up for it."
        )
    elif not evidence:
        yield _("No pooled result on this intervention and this outcome is held here.")
    if not bank:
        yield _("The bank of correlations holds none of a like outcome or setting.")
    if trial.outcome_id and not level:
        yield _(
            "No indicator held here counts this outcome; the level without the offer must come from the places that take part."
        )


def _prior(design: Design, used: Evidence | None) -> tuple[list[str], tuple[str, ...]]:
    """The line that puts the prior into the design, and what to mind; a sentence in its place where the scales do not meet."""
    if used is None or used.belief is None:
        return [], ()
    try:
        told = with_prior(design, used.belief)
    except InputError as error:
        return [], (error.args[0],)
    lines = [f"prior = [{told.size.prior[0]:.6g}, {told.size.prior[1]:.6g}]"]
    if told.size.ratio is not None and design.size.ratio is None:
        lines.insert(0, f"ratio = {told.size.ratio:.6g}  # in place of effect")
    if told.size.effect is not None and design.size.effect is None:
        lines.insert(0, f"effect = {told.size.effect:.6g}  # in place of ratio")
    return lines, remarks(design, used.belief)


def _bank_lines(bank: list[tuple[Near, Correlation]]) -> list[str]:
    return [
        f"{row.measure} = {row.value:.4g}"
        + (f"  # from {row.low:.4g} to {row.high:.4g}" if row.low is not None and row.high is not None else "")
        for found, row in bank
        if found.used
    ]


def _level_lines(design: Design, level: list[tuple[Indicator, Comparing]]) -> list[str]:
    """Only where the design counts what the indicator counts: events in so many people and a year."""
    return [
        f"control_rate = {(held.value(held.country) or 0) / one.per:.6g}  # {one.unit} a person and year, {held.period}"
        for one, held in level
        if one.kind == RATE and design.design.outcome == COUNT
    ]


def _assurance(design: Design, used: Evidence | None) -> dict[str, str] | None:
    if used is None or used.belief is None:
        return None
    try:
        plan = power(with_prior(design, used.belief))
    except InputError as error:
        return {"problem": spoken(error)}
    return {"power": f"{100 * (plan.power or 0):.0f}%", "assurance": f"{100 * (plan.assurance or 0):.0f}%"}


def _next(trial: Trial, design: Design, one: Evidence) -> dict[str, Any]:
    """The pooled result and the strength of the evidence after this trial, in sentences."""
    metric = one.analysis.metric
    told: dict[str, Any] = {"strength": strength_words(_strength(one))}
    try:
        found = _foresee(one, design)
        told["lines"] = [*next_words(one.analysis, one.held.result, found), *worth_words(design, metric, found)]
        told["warnings"] = [spoken(line) for line in found.warnings]
    except InputError as error:
        told["problem"] = spoken(error)
    return told


def _foresee(one: Evidence, design: Design) -> Next:
    result = one.held.result
    if result.get("se") is None:
        raise InputError(said("The pooled result has no standard error, so nothing can be foreseen from it."))
    studies, interval = result.get("studies", result["k"]), result["method"]["interval"]
    standing = Standing(
        result["estimate"], result["se"], result.get("tau2") or 0.0, studies, result["ci_low"], result["ci_high"],
        interval in BY_T and studies > 1,
    )  # fmt: skip
    return foresee(standing, error_on(design, one.analysis.metric))


def _strength(one: Evidence) -> Strength | None:
    held = Rating.objects.current().filter(scheme=STRENGTH, synthesis__analysis=one.analysis).first()
    return strength(load_scheme(STRENGTH, int(held.version)), held.inputs) if held else None


def signal_of(trial: Trial, design: Design) -> list[str]:
    """For the record of a pilot: how likely a definitive trial, sized for the planned effect, is to find its result again.

    Nothing for a definitive trial, before the open result, or where the result is on another scale than the planned effect.
    """
    held = trial.analyses.filter(blind=False).order_by("-number").first()
    row = next((one for one in held.panel["panel"] if one["declared"]), None) if held else None
    planned = _planned(design, row["scale"]) if row else None
    if design.design.stage == "confirmatory" or row is None or not row["se"] or not planned:
        return []
    wanted = norm.isf(design.design.alpha / 2) + norm.ppf(design.design.power)
    found = repeated(row["estimate"], row["se"], abs(planned) / wanted, alpha=design.design.alpha, planned=planned)
    lead = _("A definitive trial is meant here that has a power of %(power)s for the effect planned.")
    return [lead % {"power": f"{100 * design.design.power:.0f}%"}, *(spoken(line) for line in in_words(found))]


def _planned(design: Design, scale: str) -> float | None:
    """The effect that is planned for, on the scale of an analysis; None where the design does not say it so."""
    size = design.size
    if scale in (DIFFERENCE, RISKS, RATES):
        return size.effect
    if scale == LOG_RATES and design.design.outcome == COUNT:
        return math.log(size.ratio) if size.ratio else None
    return None
