"""Which counts of children may be shown, so that nobody can work out the small ones from all that is shown together?

In: counts by any key, the sums that tie them, a policy, and what was shown before. Out: what may be shown of each, with
the reason; what an attacker with linear programming could still work out; and whether two outputs differ by a few children.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "INTERNAL": "whatworks.stats.disclosure.policy",
    "Output": "whatworks.stats.disclosure.differencing",
    "PUBLIC": "whatworks.stats.disclosure.policy",
    "Policy": "whatworks.stats.disclosure.policy",
    "RESEARCH": "whatworks.stats.disclosure.policy",
    "Range": "whatworks.stats.disclosure.attacker",
    "Reason": "whatworks.stats.disclosure.policy",
    "Relation": "whatworks.stats.disclosure.relations",
    "Withheld": "whatworks.stats.disclosure.withheld",
    "attack": "whatworks.stats.disclosure.attacker",
    "counts_behind": "whatworks.stats.disclosure.showing",
    "crossed": "whatworks.stats.disclosure.relations",
    "differenced": "whatworks.stats.disclosure.differencing",
    "shown_count": "whatworks.stats.disclosure.showing",
    "shown_rate": "whatworks.stats.disclosure.showing",
    "withhold": "whatworks.stats.disclosure.withholding",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
