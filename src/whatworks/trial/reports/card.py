"""The result in plain words: how many out of how many, how sure, and what was not looked at. For a finding of nothing as well."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _

from whatworks.trial.methods.design.parts import CONTINUOUS, INDIVIDUAL, WEDGE
from whatworks.trial.presenters_result import card
from whatworks.trial.reports.gathering import Gathered

OF = 100
MOST = 99  # of 100: never all, and never none, from a curve


def lines(held: Gathered) -> list[str]:
    """The sentences of the card; none before there is a declared result."""
    row = held.declared
    if held.result is None or row is None:
        return []
    return [*card(held.result, row), *_typical(held), *_others(held), *_people(held), *_unsaid()]


def _typical(held: Gathered) -> Iterator[str]:
    """For means: out of 100 in the second arm, how many lie above the middle one of the first (Cohen's U3)."""
    g = held.panel.get("hedges_g")
    if not g or held.design.design.outcome != CONTINUOUS:
        return
    second = held.design.arms[1].gets or held.design.arms[1].name
    first = held.design.arms[0].gets or held.design.arms[0].name
    told = {
        "of": OF,
        "n": above(g["g"]),
        "units": held.design.estimand.units or _("people"),
        "first": first,
        "second": second,
    }
    yield (
        _(
            "Put another way: of %(of)s %(units)s with %(second)s about %(n)s come out above the middle one with %(first)s. "
            "It would be 50 if there were no difference."
        )
        % told
    )
    if g.get("ci_low") is not None and g.get("ci_high") is not None:
        yield _("That number may truly lie anywhere from %(low)s to %(high)s. It takes scores to follow a bell-shaped curve.") % {
            "low": above(g["ci_low"]), "high": above(g["ci_high"]),
        }  # fmt: skip


def above(g: float) -> int:
    """Out of 100 in one group, how many lie above the middle of another that is g standard deviations lower.

    >>> above(0.0), above(0.2), above(-0.2)
    (50, 58, 42)
    """
    share = 0.5 * (1 + math.erf(g / math.sqrt(2)))
    return min(MOST, max(OF - MOST, round(OF * share)))


def _people(held: Gathered) -> Iterator[str]:
    """Who is counted; where a row of the data is a whole unit, the units."""
    groups, meant = held.panel["groups"], held.design.estimand
    rows = sum(one["rows"] for one in groups)
    both = max if held.design.design.kind == WEDGE else sum  # in a stepped wedge each cluster is in both arms
    clusters = both(one["clusters"] for one in groups)
    told = {
        "n": f"{rows:,}", "units": meant.units or _("people"), "clusters": f"{clusters:,}", "places": meant.clusters or _("units"),
    }  # fmt: skip
    if held.design.design.kind == INDIVIDUAL:
        yield _("%(n)s %(units)s are counted in it.") % told
    elif rows == clusters:
        yield _("%(clusters)s %(places)s are counted in it.") % told
    else:
        yield _("%(n)s %(units)s of %(clusters)s %(places)s are counted in it.") % told


def _others(held: Gathered) -> Iterator[str]:
    if len(held.design.arms) > 2:
        first, second, *others = (arm.gets or arm.name for arm in held.design.arms)
        yield _("This compares %(second)s with %(first)s. The report tells of %(others)s.") % {
            "second": second, "first": first, "others": ", ".join(others),
        }  # fmt: skip


def _unsaid() -> Iterator[str]:
    yield _(
        "Harms were not measured as such in what is recorded here; that none are told does not mean that there were none."
    )
    yield _("This is about groups; it cannot say what is right for any one person.")
