"""A pooled result said out of 100: which risk it starts from, and what it makes of it."""

from __future__ import annotations

from whatworks.extract.models import Contrast
from whatworks.publish.methods.baselines import pooled_baseline
from whatworks.publish.methods.numbers import Three, per_hundred
from whatworks.publish.page.naming import three_of
from whatworks.synthesise.models import Synthesis


def baseline_of(synthesis: Synthesis) -> float | None:
    """The risk in the comparison groups of the pooled rows; None unless all of them tell it and it is a risk."""
    if not synthesis.analysis.outcome.happened:
        return None
    rows = list(Contrast.objects.filter(pk__in=[row["contrast"] for row in synthesis.inputs]).order_by("pk"))
    return None if any(row.sign < 0 for row in rows) else pooled_baseline(row.inputs for row in rows)


def in_hundred(synthesis: Synthesis) -> Three | None:
    """The result as a difference out of 100; None where the scale of the analysis needs a risk that is not held."""
    return per_hundred(three_of(synthesis), synthesis.analysis.metric, baseline_of(synthesis))
