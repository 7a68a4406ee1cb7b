"""How far should we believe it?

In: a synthesis, the appraisals of its studies, and what people judged. Out: a rating with every reason for it. A
scheme is versioned data (`schemes/*.toml`): what it rates, what it must be told, its rules in order. `evaluate` applies
one and gives an Outcome: the level or why there is none, the trail of rules, what is missing, what a person must
decide, what would change it. A computed outcome is provisional until people sign it. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "STATES": "whatworks.rate.methods.states",
    "Change": "whatworks.rate.methods.engine",
    "Judged": "whatworks.rate.methods.inputs",
    "Outcome": "whatworks.rate.methods.engine",
    "Profile": "whatworks.rate.methods.profile",
    "Reported": "whatworks.rate.methods.votes",
    "Review": "whatworks.rate.methods.profile",
    "Scheme": "whatworks.rate.methods.scheme",
    "SelfCheck": "whatworks.rate.methods.self_check",
    "State": "whatworks.rate.methods.states",
    "Step": "whatworks.rate.methods.engine",
    "Tally": "whatworks.rate.methods.votes",
    "emmie": "whatworks.rate.methods.profile",
    "evaluate": "whatworks.rate.methods.engine",
    "load_scheme": "whatworks.rate.schemes",
    "majority": "whatworks.rate.methods.votes",
    "read_scheme": "whatworks.rate.schemes",
    "run_scheme": "whatworks.rate.methods.running",
    "self_check": "whatworks.rate.methods.self_check",
    "sentence": "whatworks.rate.methods.wording",
    "state": "whatworks.rate.methods.states",
    "tally": "whatworks.rate.methods.votes",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
