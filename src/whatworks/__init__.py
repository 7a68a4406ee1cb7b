"""A What Works Centre as one working system.

`import whatworks as ww` offers the sums without a centre: reading exports, screening, effects, syntheses, flows,
ratings. Names are fetched when first used; none of them needs Django.
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
    "Recipe": "whatworks.stats.telling",
    "Record": "whatworks.collate.methods.records",
    "agreement": "whatworks.screen.methods.agreement",
    "alarms": "whatworks.extract.methods.alarms",
    "albatross": "whatworks.synthesise.methods.narrative.flight",
    "bias": "whatworks.synthesise.methods.bias.assessing",
    "bootstrap": "whatworks.synthesise.methods.influence.bootstrapping",
    "build_flow": "whatworks.screen.methods.prisma",
    "che": "whatworks.synthesise.methods.multilevel.working",
    "clusters": "whatworks.collate.methods.matching",
    "combine_p": "whatworks.synthesise.methods.narrative.p_values",
    "compute": "whatworks.extract.methods.effects",
    "cumulative": "whatworks.synthesise.methods.influence.leaving_out",
    "deduplicate": "whatworks.collate.methods.matching",
    "effect_direction": "whatworks.synthesise.methods.narrative.arrows",
    "effect_range": "whatworks.synthesise.methods.narrative.ranges",
    "effects": "whatworks.extract.methods.tabled",
    "estimate_tau2": "whatworks.synthesise.methods.heterogeneity",
    "evaluate": "whatworks.rate.methods.engine",
    "explain": "whatworks.extract.methods.explain",
    "identities": "whatworks.screen.methods.identities",
    "influence": "whatworks.synthesise.methods.influence.diagnosing",
    "influence_of": "whatworks.synthesise.methods.influence.diagnosing",
    "instrument": "whatworks.extract.instruments",
    "leave_one_out": "whatworks.synthesise.methods.influence.leaving_out",
    "load_scheme": "whatworks.rate.schemes",
    "measure": "whatworks.extract.methods.effects",
    "multilevel": "whatworks.synthesise.methods.multilevel.modelling",
    "multiverse": "whatworks.synthesise.methods.multiverse.specifying",
    "network": "whatworks.synthesise.methods.network.networking",
    "permutation_test": "whatworks.synthesise.methods.regressing.permuting",
    "pool": "whatworks.synthesise.methods.pooling",
    "pool_bayes": "whatworks.synthesise.methods.bayes.pooling_bayes",
    "pool_tables": "whatworks.synthesise.methods.rare.pooling_tables",
    "prisma_svg": "whatworks.screen.drawings",
    "propose": "whatworks.collate.methods.matching",
    "rank": "whatworks.screen.methods.ranking",
    "read": "whatworks.collate.sources",
    "recognise": "whatworks.extract.methods.entry",
    "regress": "whatworks.synthesise.methods.regressing.regression",
    "rve": "whatworks.synthesise.methods.multilevel.correlated",
    "sampling_covariance": "whatworks.extract.methods.covariances",
    "selection": "whatworks.synthesise.methods.bias.selection",
    "sensitivity": "whatworks.synthesise.methods.multiverse.sensitivity",
    "simulate_screening": "whatworks.screen.methods.simulating",
    "small_study_test": "whatworks.synthesise.methods.bias.regression",
    "smooth_selection": "whatworks.synthesise.methods.bias.smooth",
    "stop_estimate": "whatworks.screen.methods.stopping",
    "subgroups": "whatworks.synthesise.methods.regressing.subgroups",
    "swim": "whatworks.synthesise.methods.narrative.reporting",
    "table_tests": "whatworks.synthesise.methods.bias.tables",
    "tally": "whatworks.rate.methods.votes",
    "trim_and_fill": "whatworks.synthesise.methods.bias.trimming",
    "two_by_two_absolute": "whatworks.synthesise.methods.absolute",
    "vote_count": "whatworks.synthesise.methods.narrative.votes",
    "write": "whatworks.collate.sources",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
