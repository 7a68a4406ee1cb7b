"""What scores say together, for those who decide: agreement, the order with its uncertainty, weights, the best set and its price.

Only of applications that the person who asks may see; what they may not see does not enter any number.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from whatworks.commission.methods.portfolio import Bid, Portfolio, frequencies, portfolio
from whatworks.commission.methods.ranking import Line, Ranked, line, posterior, ranked
from whatworks.commission.methods.ratings import Floats, Ratings, ratings_of
from whatworks.commission.methods.reliability import Reliability, reliability
from whatworks.commission.methods.rules import Rules, read
from whatworks.commission.methods.weighting import WHOLE, Sensitivity, sensitivity, value
from whatworks.commission.models import Application, Assessment, Call
from whatworks.errors import InputError
from whatworks.people.models import User

DRAWN = 100  # posterior draws for which the best set is found again
Scores = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One application as it is weighed: its cost, its groups, each assessor's scores, what was moderated."""

    name: str
    cost: int
    groups: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, Scores], ...]
    moderated: Scores


@dataclass(frozen=True, slots=True)
class Weighed:
    """All that deciders see in numbers. What could not be computed is None, with the reason among `problems`."""

    values: Mapping[str, float]
    means: Mapping[str, Mapping[str, float]]
    reliability: Reliability | None
    order: tuple[Ranked, ...]
    line: Line | None
    sensitivity: Sensitivity | None
    portfolio: Portfolio | None
    chosen_in: Mapping[str, float]
    problems: tuple[str, ...]


def weighed(call: Call, user: User | None = None) -> Weighed:
    """What the scores of a call say; with `user`, of the applications that this person may see."""
    held = Application.objects.filter(call=call).judged()
    if user is not None:
        held = held.visible_to(user)
    entries = tuple(_entry(one) for one in held.prefetch_related("assessments__scores", "moderations", "conflicts"))
    version = call.standing()
    return _weighed(entries, version.text if version else "")


def _entry(application: Application) -> Entry:
    """Scores of somebody with a standing conflict do not count, whenever they were given."""
    barred = {one.user_id for one in application.conflicts.all() if one.state != one.DISMISSED}
    given = [
        (one.user_id, _scores(one))
        for one in application.assessments.all()
        if one.submitted_at and one.user_id not in barred
    ]
    moderated = tuple(sorted((one.criterion, one.score) for one in application.moderations.all()))
    return Entry(
        application.pk,
        application.cost or 0,
        tuple(sorted(application.groups.items())),
        tuple(sorted(given)),
        moderated,
    )


def _scores(assessment: Assessment) -> Scores:
    return tuple(sorted((one.criterion, one.score) for one in assessment.scores.all()))


@lru_cache(maxsize=32)
def _weighed(entries: tuple[Entry, ...], text: str) -> Weighed:
    entries = tuple(one for one in entries if one.given)
    if not entries:
        return Weighed({}, {}, None, (), None, None, None, {}, ())
    rules = read(text)
    means = {one.name: _means(one, rules) for one in entries}
    values = {name: value(held, rules.scales) for name, held in means.items()}
    places = min(rules.about.most, len(entries))
    ratings = ratings_of(
        (one.name, who, value(dict(scores), rules.scales)) for one in entries for who, scores in one.given
    )
    agreed, draws, problems = _modelled(ratings, values)
    order: tuple[Ranked, ...] = ()
    where = None
    if draws is not None:
        order = ranked(ratings, draws, places=places, level=rules.selection.level)
        where = line(order, {one.name: one.cost for one in entries}, budget=rules.about.budget, places=places)
    best, chosen_in = _best(entries, values, ratings, draws, rules)
    swayed = sensitivity(means, rules.scales, places=places)
    return Weighed(values, means, agreed, order, where, swayed, best, chosen_in, tuple(problems))


def _means(entry: Entry, rules: Rules) -> dict[str, float]:
    """The mean score on each criterion; where it was moderated, what was agreed."""
    agreed = dict(entry.moderated)
    found = {}
    for one in rules.criteria:
        held = [dict(scores)[one.key] for _who, scores in entry.given if one.key in dict(scores)]
        found[one.key] = float(agreed[one.key]) if one.key in agreed else statistics.fmean(held)
    return found


def _modelled(ratings: Ratings, values: Mapping[str, float]) -> tuple[Reliability | None, Floats | None, list[str]]:
    """Agreement, and draws of worths; what was moderated moves an application by as much as it moved its mean."""
    problems: list[str] = []
    agreed, draws = None, None
    try:
        agreed = reliability(ratings)
    except InputError as error:
        problems.append(str(error))
    try:
        draws = posterior(ratings, span=WHOLE)
    except InputError as error:
        problems.append(str(error))
    else:
        draws = draws + np.array([values[name] for name in ratings.applications]) - _plain_means(ratings)
    return agreed, draws, problems


def _plain_means(ratings: Ratings) -> Floats:
    return ratings.means


def _best(
    entries: tuple[Entry, ...], values: Mapping[str, float], ratings: Ratings, draws: Floats | None, rules: Rules
) -> tuple[Portfolio, dict[str, float]]:
    """The best set by the middle of worths (by plain values without a model), and how often each is in it over draws."""
    at = {name: place for place, name in enumerate(ratings.applications)}
    scores = dict(values) if draws is None else {name: float(np.median(draws[:, at[name]])) for name in values}
    bids = [Bid(one.name, max(scores[one.name], 0.0), one.cost, dict(one.groups)) for one in entries]
    best = portfolio(bids, rules.limits)
    if draws is None or best.chosen is None:
        return best, {}
    some = np.maximum(draws[:: max(len(draws) // DRAWN, 1)][:, [at[one.name] for one in bids]], 0.0)
    return best, frequencies(some, bids, rules.limits)
