"""A multiverse in words. Shares of specifications are no probabilities, and it says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whatworks.stats.telling import paragraph

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multiverse.results import Multiverse, Specification

SOURCES = (
    "Steegen, Tuerlinckx, Gelman and Vanpaemel (2016). Increasing transparency through a multiverse analysis. "
    "Perspectives on Psychological Science 11(5), 702-712.",
    "Simonsohn, Simmons and Nelson (2020). Specification curve analysis. Nature Human Behaviour 4, 1208-1214.",
    "Voracek, Kossmeier and Tran (2019). Which data to meta-analyze, and how? Zeitschrift für Psychologie 227(1), 64-82.",
)
SHARES = (
    "Shares count specifications, not chances: they depend on which options were listed, and options that share their "
    "data stand or fall together."
)


def cautions(labels: tuple[str, ...], declared: Specification, flat: bool) -> tuple[str, ...]:
    """What to know before reading the shares."""
    found = [SHARES]
    if len(set(labels)) < len(labels):
        found.append(
            "Some studies give several effects, which these models take as independent; the intervals are too narrow, so "
            "use a multilevel model for the declared result."
        )
    if declared.k < 5:
        found.append(f"Only {declared.k} effects: leaving one out changes much, whatever the evidence.")
    if flat:
        found.append(
            "In most specifications tau2 is 0, where its estimators do not differ: they are no separate choices."
        )
    return tuple(found)


def interval(one: Specification) -> str:
    """The estimate with its interval."""
    return f"{one.estimate:.3g} ({one.ci_low:.3g} to {one.ci_high:.3g})"


def summary(one: Multiverse) -> str:
    """What all specifications say, beside the declared one."""
    most = one.matters_most()
    return (
        f"{one.n:,} specifications: estimates from {one.low:.3g} to {one.high:.3g} (middle {one.median:.3g}); the declared "
        f"one says {interval(one.declared)}: {one.declared.state}. {_percent(one.same)} conclude the same: the conclusion "
        f"{one.verdict}. The choice that moves the estimate most is {most.name!r} (by {most.moves:.2g} on average)."
    )


def _percent(share: float) -> str:
    """A share in words: whole per cents, but never 100 where some differ, or 0 where some do not."""
    whole = 100 * share
    if 99.5 <= whole < 100:
        return "More than 99 per cent"
    return "Fewer than 1 per cent" if 0 < whole < 0.5 else f"{whole:.0f} per cent"


def report(one: Multiverse) -> str:
    """The analysis in the words of a paper."""
    return paragraph((*_methods(one), *_results(one), *one.warnings), SOURCES)


def _methods(one: Multiverse) -> Iterator[str]:
    named = "; ".join(f"{part.name} ({len(part.options)} options)" for part in one.dimensions if len(part.options) > 1)
    yield (
        f"We pooled {one.k} effects in {one.n:,} specifications, all combinations of these choices: {named} (multiverse "
        "analysis, Steegen et al. 2016)."
    )
    if one.dropped:
        yield f"{one.dropped:,} combinations that leave fewer than two effects were dropped."
    if one.band:
        yield f"Effects between {one.band[0]:g} and {one.band[1]:g} were set beforehand as not worthwhile ({one.band[2]})."
    chosen = ", ".join(
        f"{part.name}: {option}" for part, option in zip(one.dimensions, one.declared.choices, strict=True)
    )
    yield f"The declared analysis is: {chosen}."
    yield one.rule


def _results(one: Multiverse) -> Iterator[str]:
    shares = one.shares
    yield f"The declared estimate is {interval(one.declared)} at {100 * one.level:g} per cent: {one.declared.state}."
    yield (
        f"Estimates run from {one.low:.3g} to {one.high:.3g}, middle {one.median:.3g}; {_percent(shares.above).lower()} lie "
        f"above no difference and {_percent(shares.below).lower()} below."
    )
    yield (
        f"The interval lies wholly above no difference in {_percent(shares.higher).lower()}, wholly below in "
        f"{_percent(shares.lower).lower()}, and includes it in {_percent(shares.uncertain).lower()}"
        + (
            "."
            if shares.no_worthwhile_effect is None
            else f"; in {_percent(shares.no_worthwhile_effect).lower()} it lies inside the band as a whole."
        )
    )
    yield f"{_percent(one.same)} conclude as the declared analysis does: the conclusion {one.verdict}."
    most = one.matters_most()
    yield f"The choice that moves the estimate most is {most.name!r}, by {most.moves:.2g} on average."
