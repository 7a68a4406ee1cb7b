"""Gathers what the suggestions for GRADE ask about a pooled result: shares of risk of bias, heterogeneity, interval, tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from whatworks.extract.models import Contrast
from whatworks.rate.methods.suggesting import FEW_STUDIES, Facts, Suggested, suggested
from whatworks.rate.rated_things import Thing
from whatworks.synthesise.methods.bias.regression import egger
from whatworks.synthesise.models import Synthesis
from whatworks.synthesise.taking import risk_of

HIGH, LOW = frozenset({"high", "serious", "critical"}), frozenset({"low"})


def suggestions(thing: Thing) -> dict[str, Suggested]:
    """What a rule suggests for the questions of a thing, by question; nothing where no rule ships.

    Ask only for who has recorded their own answers.
    """
    if thing.about.kind != Synthesis.kind or thing.scheme.key != "grade":
        return {}
    return suggested(facts_of(Synthesis.objects.select_related("analysis__outcome").get(pk=thing.about.pk)))


def facts_of(one: Synthesis) -> Facts:
    """What is held about a result, as the suggestions ask for it. The risk of bias is read as it stands now."""
    rows, result = one.inputs, one.result
    outcome = one.analysis.outcome
    risks = risk_of(Contrast.objects.filter(pk__in=[row["contrast"] for row in rows]).order_by("pk"))
    weights = [1 / (row["vi"] + (result.get("tau2") or 0.0)) for row in rows]
    banded = outcome.band_metric == one.analysis.metric
    people = [row["n"] for row in rows]
    return Facts(
        studies=len(rows),
        randomised=sum(bool(randomised) for randomised in _randomised(rows)),
        share_high=_share(rows, weights, risks, HIGH),
        share_low=_share(rows, weights, risks, LOW),
        share_unjudged=_share(rows, weights, risks, frozenset({""})),
        i2=result.get("i2") if result["k"] > 1 else None,
        low=result["ci_low"],
        high=result["ci_high"],
        band_low=outcome.band_low if banded else None,
        band_high=outcome.band_high if banded else None,
        prediction_low=result.get("pi_low"),
        prediction_high=result.get("pi_high"),
        people=int(sum(people)) if all(people) else None,
        egger_p=_egger(rows),
    )


def _randomised(rows: list[dict[str, Any]]) -> list[bool]:
    held = Contrast.objects.filter(pk__in=[row["contrast"] for row in rows])
    by = dict(held.values_list("pk", "study__randomised"))
    return [by.get(row["contrast"], False) for row in rows]


def _share(rows: list[dict[str, Any]], weights: list[float], risks: dict[str, str], words: frozenset[str]) -> float:
    counted = sum(weight for row, weight in zip(rows, weights, strict=True) if risks.get(row["contrast"], "") in words)
    return counted / sum(weights) if weights else 0.0


def _egger(rows: list[dict[str, Any]]) -> float | None:
    if len(rows) < FEW_STUDIES:
        return None
    test, _ = egger(np.array([row["yi"] for row in rows]), np.array([row["vi"] for row in rows]))
    return test.p
