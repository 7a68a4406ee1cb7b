"""What else a plan asks of its result, with everything that the answers rest on beside the inputs."""

from __future__ import annotations

from typing import Any

from whatworks.scope.models import Outcome
from whatworks.synthesise.coded import items_of
from whatworks.synthesise.methods.coded import CodedItem, parts_of
from whatworks.synthesise.methods.otherwise import BY, Asked, key_of
from whatworks.synthesise.methods.plan import Plan
from whatworks.synthesise.models import Analysis, Sensitivity, Synthesis

BY_BAND = ("priors", "every-choice")  # what is held against the smallest worthwhile effect


def asked_of(analysis: Analysis, plan: Plan) -> list[Asked]:
    """The sensitivity set and the moderators, each with what it rests on: the band of the outcome, the coded item."""
    band = band_of(analysis.outcome, plan.metric)
    rest = [{"key": key, "band": band} if key in BY_BAND and band else key for key in plan.sensitivity]
    items = items_of(analysis.review_id) if any(map(parts_of, plan.moderators)) else {}
    return [*rest, *(_by(moderator, items.get(moderator)) for moderator in plan.moderators)]


def _by(moderator: str, item: CodedItem | None) -> Asked:
    key = f"{BY}{moderator}"
    return {"key": key, "item": item.to_dict()} if item else key


def band_of(outcome: Outcome, metric: str) -> list[Any] | None:
    """Effects too small to be worthwhile (low, high, source) on the scale of an analysis; None where none is set for it."""
    if outcome.band_metric != metric or outcome.band_low is None or outcome.band_high is None:
        return None
    return [outcome.band_low, outcome.band_high, outcome.band_source]


def same_asked(held: Synthesis, asked: list[Asked]) -> bool:
    """Whether a result was asked the same before; other words for a coded item do not make it another question."""
    kept = Sensitivity.objects.filter(synthesis=held).first()
    return [_substance(one) for one in (kept.keys if kept else [])] == [_substance(one) for one in asked]


def _substance(one: Asked) -> tuple[str, Any]:
    return key_of(one), None if isinstance(one, str) else one.get("band")
