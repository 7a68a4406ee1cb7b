"""What an analysis will do, said before its results are seen: as data, in words, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from whatworks.errors import InputError
from whatworks.saying import joined, said
from whatworks.stats.results import Result
from whatworks.synthesise.methods.coded import CodedItem, parts_of
from whatworks.synthesise.methods.heterogeneity import Estimator

Model = Literal["random", "common", "multilevel"]
Interval = Literal["hksj", "wald", "t", "hksj-adhoc"]
Take = Literal["longest", "shortest", "every"]
Designs = Literal["any", "randomised"]

MODELS: dict[str, str] = {
    "random": said("Random effects: true effects differ between studies"),
    "common": said("Common effect: one true effect in all studies"),
    "multilevel": said(
        "Correlated and hierarchical effects, with cluster-robust (CR2) intervals: studies give several results"
    ),
}
INTERVALS: dict[str, str] = {
    "hksj": said("Hartung and Knapp's, or the normal one where that is wider"),
    "wald": said("the normal (Wald) one"),
    "t": said("Student's t, with one degree of freedom less than studies"),
    "hksj-adhoc": said("Hartung and Knapp's, its scale never below 1"),
}
TAKES: dict[str, str] = {
    "longest": said("the longest follow-up of each study"),
    "shortest": said("the shortest follow-up of each study"),
    "every": said("every result of each study"),
}
DESIGNS: dict[str, str] = {"any": said("randomised and other studies"), "randomised": said("randomised studies only")}
MODERATORS: dict[str, str] = {
    "randomised": said("randomised or not"),
    "risk": said("risk of bias, as judged overall"),
    "months": said("months of follow-up"),
    "country": said("country"),
}
SENSITIVITIES: dict[str, str] = {
    "leave-one-out": said("each study left out in turn"),
    "estimators": said("every estimator of the variance between studies"),
    "intervals": said("every defensible interval"),
    "randomised": said("randomised studies only"),
    "risk": said("without studies at high risk of bias"),
    "bias": said("tests and corrections for small-study effects"),
    "rho": said("other correlations between results of one study"),
    "tables": said("the numbers of people themselves put together, by methods for rare events"),
    "priors": said("Bayesian, with weakly informative priors"),
    "influence": said("how far each study moves the result"),
    "every-choice": said("all combinations of estimator, interval and studies at once"),
}
LONGEST = 2000  # characters of a question
Coded = Mapping[str, CodedItem]


@dataclass(frozen=True, slots=True)
class Plan(Result):
    """An analysis as declared. months_from, months_to: the follow-up that counts, in months; rho: the correlation that
    is assumed between results of one study (multilevel only); moderators: what differences will be looked for by."""

    question: str
    metric: str
    model: Model = "random"
    tau2: Estimator = "REML"
    interval: Interval = "hksj"
    take: Take = "longest"
    designs: Designs = "any"
    months_from: float | None = None
    months_to: float | None = None
    without_high_risk: bool = False
    rho: float = 0.6
    moderators: tuple[str, ...] = ()
    sensitivity: tuple[str, ...] = ("leave-one-out", "intervals", "risk")


WORDS = {"model": MODELS, "interval": INTERVALS, "take": TAKES, "designs": DESIGNS}
LABELS = {
    "question": said("Question"),
    "metric": said("Scale of the effect"),
    "model": said("Model"),
    "tau2": said("Estimator of the variance between studies"),
    "interval": said("Interval"),
    "take": said("Where a study has several results"),
    "designs": said("Which studies"),
    "months_from": said("Follow-up of at least, in months"),
    "months_to": said("Follow-up of at most, in months"),
    "without_high_risk": said("Leaves out studies at high risk of bias"),
    "rho": said("Assumed correlation between results of one study"),
    "moderators": said("Differences looked for by"),
    "sensitivity": said("Tried otherwise, to see what the result hangs on"),
}


def plan_of(given: Mapping[str, Any], metrics: Mapping[str, Any], coded: Coded | None = None) -> Plan:
    """A plan out of plain values; InputError says which of them cannot be so.

    metrics: the scales that are known; coded: the coded items that may be asked about, by key. Without it any is taken:
    a plan that was kept stays readable when its review codes by another frame.
    """
    known = {field.name for field in fields(Plan)}
    if unknown := sorted(set(given) - known):
        raise InputError(
            said("A plan has no “%(unknown)s”; it has %(known)s.", unknown=unknown[0], known=", ".join(sorted(known)))
        )
    listed = {name: tuple(given[name]) for name in ("moderators", "sensitivity") if name in given}
    plan = Plan(**(dict(given) | listed))
    if fault := next(_faults(plan, metrics, coded), None):
        raise InputError(fault)
    return plan


def _faults(plan: Plan, metrics: Mapping[str, Any], coded: Coded | None) -> Iterator[str]:
    if not plan.question.strip() or len(plan.question) > LONGEST:
        yield said(
            "Say in a sentence what the analysis asks, in at most %(longest)s characters.", longest=f"{LONGEST:,}"
        )
    if plan.metric not in metrics:
        yield said(
            "There is no scale %(metric)r; choose one of %(metrics)s.",
            metric=plan.metric,
            metrics=", ".join(sorted(metrics)),
        )
    choices: dict[str, Sequence[str]] = {name: list(words) for name, words in WORDS.items()}
    for name, words in (choices | {"tau2": get_args(Estimator)}).items():
        if getattr(plan, name) not in words:
            told = {"label": LABELS[name], "value": getattr(plan, name), "words": ", ".join(words)}
            yield said("%(label)s cannot be %(value)r; choose one of %(words)s.", **told)
    plain = [one for one in plan.moderators if parts_of(one) is None]
    for name, listed, known in (("moderators", plain, MODERATORS), ("sensitivity", plan.sensitivity, SENSITIVITIES)):
        if unknown := [one for one in listed if one not in known]:
            told = {"label": LABELS[name], "unknown": unknown[0], "known": ", ".join(known)}
            yield said("%(label)s: %(unknown)r is not known; choose among %(known)s.", **told)
    if strange := [one for one in plan.moderators if coded is not None and parts_of(one) and one not in coded]:
        yield said(
            "%(label)s: no study of this review is coded by %(strange)r as a choice, a yes or no, or a "
            "number for the study or its result; take it out, or choose the review that is coded so.",
            label=LABELS["moderators"],
            strange=strange[0],
        )
    yield from _impossible(plan)


def _impossible(plan: Plan) -> Iterator[str]:
    if plan.take == "every" and plan.model != "multilevel":
        yield said(
            "Several results of one study depend on each other: take one of each study, or choose the model of "
            "correlated and hierarchical effects."
        )
    low, high = plan.months_from, plan.months_to
    if any(end is not None and end < 0 for end in (low, high)) or (low is not None and high is not None and high < low):
        yield said(
            "The follow-up ends before it begins, or before the start; give months from the earliest to the latest."
        )
    if not 0 <= plan.rho < 1:
        yield said(
            "The correlation between results of one study is %(rho)s; give one from 0 to below 1.", rho=f"{plan.rho:g}"
        )


def in_words(plan: Plan, coded: Coded | None = None) -> list[tuple[str, str]]:
    """The plan as pairs of a label and words, in the order in which people read it; what is not asked for is left out."""
    rows: list[tuple[str, str]] = []
    for field in fields(Plan):
        value = getattr(plan, field.name)
        if value in (None, (), False) or (field.name == "rho" and plan.model != "multilevel"):
            continue
        rows.append((LABELS[field.name], worded(field.name, value, coded)))
    return rows


def worded(name: str, value: Any, coded: Coded | None = None) -> str:
    """One value of a plan in words.

    >>> worded("take", "longest"), worded("moderators", ("months", "country")), worded("months_to", None)
    ('the longest follow-up of each study', 'months of follow-up; country', 'not set')
    """
    if value is None or value == ():
        return said("not set")
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if name == "moderators":
        return joined("; ", (moderator(one, coded) for one in value))
    if name == "sensitivity":
        return joined("; ", (SENSITIVITIES[one] for one in value))
    return WORDS.get(name, {}).get(value, f"{value:g}" if isinstance(value, float) else str(value))


def moderator(key: str, coded: Coded | None = None) -> str:
    """What effects are compared by, in words; a coded item that is not among those known by its keys."""
    if (parts := parts_of(key)) is None:
        return MODERATORS[key]
    return coded[key].words if coded and key in coded else f"“{parts[1]}” ({parts[0]})"


def changes(before: Plan, after: Plan, coded: Coded | None = None) -> list[dict[str, str]]:
    """What a later plan says otherwise: for each point its label, what it was and what it is."""
    pairs = ((field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(Plan))
    return [
        {"what": LABELS[name], "from": worded(name, old, coded), "to": worded(name, new, coded)}
        for name, old, new in pairs
        if old != new
    ]
