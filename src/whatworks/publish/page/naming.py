"""What things are called on a page, and a result as three numbers."""

from __future__ import annotations

from whatworks.publish.methods.numbers import Three
from whatworks.rate.gathering import Ground
from whatworks.saying import said
from whatworks.synthesise.models import PublishedResult, Synthesis


def name_of(ground: Ground) -> str:
    """What the outcome is called on the page: the analysis's title without the intervention, which the page names."""
    if ground.analysis is None:
        return ground.outcome.name
    title = ground.analysis.title.split(": ", 1)
    part = ground.analysis.intervention
    return title[0] if part == ground.intervention else f"{title[0]} ({part.name})"


def inside(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[0].lower() + name[1:]


def three_of(synthesis: Synthesis) -> Three:
    """A pooled result with its interval."""
    result = synthesis.result
    return Three(result["estimate"], result["ci_low"], result["ci_high"])


def published_words(one: PublishedResult) -> str:
    """A published result as printed: its measure, number and interval, or that it gives none."""
    if one.estimate is None:
        return one.finding or said("no number in what we hold")
    told = {"measure": one.measure, "estimate": f"{one.estimate:g}"}
    if one.ci_low is None or one.ci_high is None:
        return said("%(measure)s %(estimate)s, no interval in what we hold", **told)
    return said(
        "%(measure)s %(estimate)s (%(low)s to %(high)s)", **told, low=f"{one.ci_low:g}", high=f"{one.ci_high:g}"
    )
