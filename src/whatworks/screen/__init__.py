"""What is in and what is out, may we stop reading, and do the numbers add up?

In: counts held here and counts that a review's authors published, never added to each other; decisions in the order in
which they were made. Out: the PRISMA 2020 flow as data, the sums that must close, and the flow as a drawing and as a
table; whether enough has been read, and how far screeners agree. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "Agreement": "whatworks.screen.methods.agreement",
    "Flow": "whatworks.screen.methods.prisma",
    "Identity": "whatworks.screen.methods.identities",
    "Judged": "whatworks.screen.methods.agreement",
    "LEARNERS": "whatworks.screen.methods.learners",
    "Ranking": "whatworks.screen.methods.ranking",
    "Run": "whatworks.screen.methods.simulating",
    "Sample": "whatworks.screen.methods.remaining",
    "Session": "whatworks.screen.methods.sessions",
    "Simulated": "whatworks.screen.methods.simulating",
    "StopEstimate": "whatworks.screen.methods.stopping",
    "Tally": "whatworks.screen.methods.prisma",
    "agreement": "whatworks.screen.methods.agreement",
    "build_flow": "whatworks.screen.methods.prisma",
    "features": "whatworks.screen.methods.features",
    "identities": "whatworks.screen.methods.identities",
    "rank": "whatworks.screen.methods.ranking",
    "rank_features": "whatworks.screen.methods.ranking",
    "read_prisma2020": "whatworks.screen.methods.prisma",
    "remaining": "whatworks.screen.methods.remaining",
    "remarks": "whatworks.screen.methods.identities",
    "safe_checklist": "whatworks.screen.methods.safe",
    "simulate_screening": "whatworks.screen.methods.simulating",
    "stop_by_sample": "whatworks.screen.methods.stopping",
    "stop_estimate": "whatworks.screen.methods.stopping",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
