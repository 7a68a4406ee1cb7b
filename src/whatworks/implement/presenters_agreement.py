"""How alike people of one place answered, over all places together: for keepers of sites, with no place named and none put in order."""

from __future__ import annotations

from typing import Any

from whatworks.errors import InputError
from whatworks.implement.instruments import KEYS, instrument
from whatworks.implement.methods.agreeing import Alpha, Apart, alpha, apart
from whatworks.implement.methods.scoring import FEWEST, Scale, score
from whatworks.implement.models import ReadinessWave

Answers = dict[str, list[dict[str, int]]]


def agreement_page() -> list[dict[str, Any]]:
    """Every scale that may be scored, with what is known of it over the newest closed wave of each place."""
    return [
        {"title": instrument(key).title, "source": instrument(key).source, "scales": _scales(key, _newest(key))}
        for key in KEYS
    ]


def _newest(key: str) -> Answers:
    """The answers of the newest closed wave of each place, where five people or more gave any."""
    found: Answers = {}
    for wave in ReadinessWave.objects.filter(instrument=key).exclude(closed_on=None).order_by("site", "-number"):
        if wave.site_id not in found:
            found[wave.site_id] = list(wave.answers.order_by("pk").values_list("given", flat=True))
    return {site: given for site, given in found.items() if len(given) >= FEWEST}


def _scales(key: str, held: Answers) -> list[dict[str, Any]]:
    return [_scale(scale, held) for scale in instrument(key).scales if scale.confirmed]


def _scale(scale: Scale, held: Answers) -> dict[str, Any]:
    scores = [
        (site, found) for site, given in held.items() for one in given if (found := score(scale, one)) is not None
    ]
    whole = [
        [one[item] for item in scale.items]
        for given in held.values()
        for one in given
        if all(item in one for item in scale.items)
    ]
    return {"name": scale.name, "people": len(scores), "apart": _apart(scores), "alpha": _alpha(whole)}


def _apart(scores: list[tuple[str, float]]) -> Apart | None:
    try:
        return apart([value for _, value in scores], [site for site, _ in scores])
    except InputError:
        return None


def _alpha(whole: list[list[int]]) -> Alpha | None:
    if len(whole) < FEWEST:
        return None
    try:
        return alpha(whole)
    except InputError:
        return None
