"""What is missing, for everybody: questions without an answer, answers that are not sure, what was looked for in vain, themes of cases.

Each row has its facts in columns side by side and no score; where what knowing would be worth cannot be worked out, the row says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.decide.models import Priority, PutForward
from whatworks.errors import InputError
from whatworks.learn.methods.gaps import ASKED, CASES, IN_VAIN, UNCERTAIN, Facts
from whatworks.publish.finding.listed import NOTHING_FOUND, current
from whatworks.publish.methods.finding import NOT_RECORDED
from whatworks.publish.models import Page
from whatworks.scope.models import Outcome, Question
from whatworks.screen.models import Review
from whatworks.spoken import spoken
from whatworks.synthesise.models import Analysis, Synthesis
from whatworks.synthesise.presenters import published_of
from whatworks.trial.foreseeing import BY_T
from whatworks.trial.methods.foreseeing.learning import Next, Standing, foresee
from whatworks.trial.models import Trial

ABSOLUTE = ("RD", "IRD")
THOUSAND = 1000
OPEN_TRIALS = ("planned", "recruiting", "running", "finished")
Link = Mapping[str, str]
Offered = Callable[[], Iterable[tuple[str, str]]]  # words, and the address where they are read
_offered: list[Offered] = []


def offer_gaps(source: Offered) -> None:
    """Say, when a room loads, what else is missing: rows of words and the address where they are read. The same again is kept once."""
    if source not in _offered:
        _offered.append(source)


@dataclass(frozen=True, slots=True)
class Gap:
    """One row: its facts by which it is put in order, and what stands in each column."""

    facts: Facts
    href: str = ""
    theme_name: str = ""
    origin: str = ""
    place: str = ""
    place_href: str = ""
    worth: tuple[str, ...] = ()
    why_no_worth: str = ""
    trials: tuple[Link, ...] = ()
    searched: str = ""
    demonstration: bool = False


@dataclass(slots=True)
class Held:
    """What is asked of several rows, read once."""

    trials: dict[str, list[Trial]] = field(default_factory=lambda: defaultdict(list))  # by outcome
    pooled: list[tuple[Analysis, Synthesis]] = field(default_factory=list)
    places: dict[str, Priority] = field(default_factory=dict)  # by question
    looked: dict[str, PutForward] = field(default_factory=dict)  # by question
    pages: dict[str, Page] = field(default_factory=dict)  # by intervention
    reviews: dict[str, list[Review]] = field(default_factory=lambda: defaultdict(list))  # by theme


def gaps() -> list[Gap]:
    """Every row, in no order."""
    held = _held()
    cases = [
        Gap(Facts(href, words, CASES), href=href, why_no_worth=_("Cases do not measure effects."))
        for source in _offered
        for words, href in source()
    ]
    return [*_asked(held), *_uncertain(held), *_in_vain(held), *cases]


def _held() -> Held:
    held = Held()
    for trial in Trial.objects.select_related("intervention", "outcome").order_by("title", "pk"):
        newest = trial.newest()
        if trial.outcome_id and newest and newest.particulars.get("status") in OPEN_TRIALS:
            held.trials[trial.outcome_id].append(trial)
    asked = Analysis.objects.filter(lead=True).select_related("intervention__theme", "outcome").order_by("title", "pk")
    held.pooled = [(one, result) for one in asked if (result := published_of(one)) is not None]
    for priority in Priority.objects.by_place().filter(setting__state="published").order_by("-at", "rank"):
        held.places.setdefault(priority.question_id, priority)
    for row in PutForward.objects.select_related("setting").order_by("-at", "pk"):
        held.looked.setdefault(row.question_id, row)
    held.pages = {one.intervention_id: one for one in Page.objects.exclude(revisions=None)}
    for review in Review.objects.listed().exclude(last_search=None).order_by("title"):
        held.reviews[review.theme_id].append(review)
    return held


def _asked(held: Held) -> Iterator[Gap]:
    for one in Question.objects.open().select_related("theme", "outcome"):
        place, looked = held.places.get(one.pk), held.looked.get(one.pk)
        trials = held.trials.get(one.outcome_id or "", [])
        tied = [row for row in held.pooled if one.outcome_id and row[0].outcome_id == one.outcome_id and (
            one.theme_id is None or row[0].intervention.theme_id == one.theme_id)]  # fmt: skip
        worth, why_not, wrong = _worth_of(looked, tied)
        searched = _searched(held, one, looked)
        facts = Facts(
            one.pk, one.wording, ASKED, theme=one.theme.slug if one.theme else "", asked=one.asked_on.isoformat(),
            place=place.rank if place else None, wrong=wrong, running=len(trials), searched=bool(searched),
            put_forward=looked is not None,
        )  # fmt: skip
        yield Gap(
            facts, href=reverse("question", args=[one.pk]), theme_name=one.theme.name if one.theme else "",
            origin=one.origin_kind, place=_place(place), demonstration=one.demonstration,
            place_href=reverse("priority_setting", args=[place.setting.slug]) if place else "", worth=worth,
            why_no_worth=why_not, trials=tuple(map(_trial, trials)), searched=searched,
        )  # fmt: skip


def _place(one: Priority | None) -> str:
    return _("%(place)s in “%(setting)s”") % {"place": f"{one.rank:g}", "setting": one.setting.title} if one else ""


def _trial(one: Trial) -> Link:
    return {"text": one.title, "href": reverse("trial", args=[one.slug])}


def _searched(held: Held, one: Question, looked: PutForward | None) -> str:
    """Where it was looked for, by whoever looked it up; else which reviews of its theme searched systematically."""
    if looked is not None and looked.looked:
        return looked.looked
    rows = held.reviews.get(one.theme_id or "", [])
    titles = ", ".join(review.title for review in rows)
    return _("Reviews of this theme searched: %(titles)s") % {"titles": titles} if rows else ""


def _worth_of(
    looked: PutForward | None, tied: list[tuple[Analysis, Synthesis]]
) -> tuple[tuple[str, ...], str, float | None]:
    """What knowing would be worth to a question: as it was written when it was looked up, and for each pooled result on its outcome."""
    lines, chances = [looked.worth] if looked and looked.worth else [], []
    for analysis, result in tied:
        found = _foreseen(analysis, result)
        if isinstance(found, Next):
            lines.append(f"{analysis.title}: {' '.join(worth_lines(analysis, found))}")
            chances.append(found.wrong_now)
    why = (
        ""
        if lines
        else _("No pooled result on this outcome is published here, so there is nothing to work it out from.")
    )
    return tuple(lines), why, max(chances, default=None)


def _foreseen(analysis: Analysis, held: Synthesis) -> Next | str:
    """What it would be worth to know the mean effect exactly; a sentence where that cannot be worked out."""
    result = held.result
    if result.get("se") is None or result.get("ci_low") is None or result.get("ci_high") is None:
        return _("The pooled result has no standard error, so it cannot be worked out.")
    studies, interval = result.get("studies") or result["k"], result["method"]["interval"]
    standing = Standing(
        result["estimate"], result["se"], result.get("tau2") or 0.0, studies, result["ci_low"], result["ci_high"],
        interval in BY_T and studies > 1,
    )  # fmt: skip
    try:
        return foresee(standing, result["se"])
    except InputError as error:
        return spoken(error)


def worth_lines(analysis: Analysis, found: Next) -> list[str]:
    """The chance of choosing wrongly today, and the expected value of perfect information where the scale counts people."""
    lines = [
        _("If people chose by this result alone, they would choose wrongly %(n)s times out of 100.")
        % {"n": f"{100 * found.wrong_now:.0f}"}
    ]
    if analysis.metric in ABSOLUTE:
        value = THOUSAND * found.worth_all
        told = {"value": f"{value:.1f}" if value >= 0.1 else _("less than 0.1"), "unit": analysis.unit or _("people")}
        lines.append(_("Knowing it exactly would be worth %(value)s of each 1,000 %(unit)s on average.") % told)
    else:
        lines.append(_("How many people that is cannot be told on this scale without their number before."))
    return lines


def _uncertain(held: Held) -> Iterator[Gap]:
    """Pooled results of pages whose interval lies on both sides of no difference."""
    for analysis, result in held.pooled:
        low, high = result.result.get("ci_low"), result.result.get("ci_high")
        page = held.pages.get(analysis.intervention_id)
        if page is None or low is None or high is None or not low <= 0 <= high:
            continue
        found = _foreseen(analysis, result)
        trials = [
            one for one in held.trials.get(analysis.outcome_id, []) if one.intervention_id == analysis.intervention_id
        ]
        theme = analysis.intervention.theme
        told = {"intervention": analysis.intervention.name, "outcome": analysis.outcome.name.lower()}
        facts = Facts(
            analysis.pk, _("%(intervention)s: does it change %(outcome)s?") % told, UNCERTAIN, theme=theme.slug,
            wrong=found.wrong_now if isinstance(found, Next) else None, running=len(trials), searched=True,
        )  # fmt: skip
        k = result.result["k"]
        yield Gap(
            facts, href=reverse("page", args=[page.slug]), theme_name=theme.name, trials=tuple(map(_trial, trials)),
            worth=tuple(worth_lines(analysis, found)) if isinstance(found, Next) else (),
            why_no_worth="" if isinstance(found, Next) else found,
            searched=_("%(k)s results found and put together, and still not sure") % {"k": k} if k > 1 else _("One result found"),
        )  # fmt: skip


def _in_vain(held: Held) -> Iterator[Gap]:
    """Outcomes that pages looked for and found no study of."""
    shelf = current().shelf
    masks = {key: mask for key, mask in shelf.facets.get(NOTHING_FOUND, {}).items() if mask and key != NOT_RECORDED}
    for outcome in Outcome.objects.filter(pk__in=masks).order_by("group__order", "order", "pk"):
        for slot in shelf.order:
            document = shelf.documents[slot]
            if document is None or not masks[outcome.pk] >> slot & 1:
                continue
            trials = held.trials.get(outcome.pk, [])
            told = {"page": document.title, "outcome": outcome.name.lower()}
            facts = Facts(
                f"{outcome.pk} {document.key}", _("%(page)s: what does it do to %(outcome)s?") % told, IN_VAIN,
                running=len(trials), searched=True,
            )  # fmt: skip
            yield Gap(
                facts, href=reverse("page", args=[document.slug]), trials=tuple(map(_trial, trials)),
                searched=_("Searched, and no study found"), why_no_worth=_("No study was found: there is nothing to work it out from."),
            )  # fmt: skip
