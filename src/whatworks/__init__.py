"""A What Works Centre as one working system.

`import whatworks as ww` offers the sums without a centre: reading exports, effects, pools, flows, ratings. Names are
fetched when first used; none of them needs Django.
"""

from __future__ import annotations

from whatworks.lazily import fetching

__version__ = "0.1.0"

_HOMES = {
    "Effect": "whatworks.extract.methods.effect",
    "FORMULAE": "whatworks.extract.methods.effects",
    "InputError": "whatworks.errors",
    "Judged": "whatworks.screen.methods.agreement",
    "MEASURES": "whatworks.extract.methods.effects",
    "Pooled": "whatworks.synthesise.methods.pooling",
    "Record": "whatworks.collate.methods.records",
    "agreement": "whatworks.screen.methods.agreement",
    "build_flow": "whatworks.screen.methods.prisma",
    "clusters": "whatworks.collate.methods.matching",
    "compute": "whatworks.extract.methods.effects",
    "deduplicate": "whatworks.collate.methods.matching",
    "estimate_tau2": "whatworks.synthesise.methods.heterogeneity",
    "evaluate": "whatworks.rate.methods.engine",
    "identities": "whatworks.screen.methods.identities",
    "instrument": "whatworks.extract.instruments",
    "load_scheme": "whatworks.rate.schemes",
    "measure": "whatworks.extract.methods.effects",
    "pool": "whatworks.synthesise.methods.pooling",
    "prisma_svg": "whatworks.screen.drawings",
    "propose": "whatworks.collate.methods.matching",
    "rank": "whatworks.screen.methods.ranking",
    "read": "whatworks.collate.sources",
    "simulate_screening": "whatworks.screen.methods.simulating",
    "stop_estimate": "whatworks.screen.methods.stopping",
    "tally": "whatworks.rate.methods.votes",
    "two_by_two_absolute": "whatworks.synthesise.methods.absolute",
    "write": "whatworks.collate.sources",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
