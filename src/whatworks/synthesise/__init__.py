"""What do the studies say together?

In: effects with their sampling variances, and a declared model. Out: one pooled result with its interval, its
heterogeneity and its warnings, frozen with the method that gave it. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "AbsoluteRisk": "whatworks.synthesise.methods.absolute",
    "Pooled": "whatworks.synthesise.methods.pooling",
    "PooledBayes": "whatworks.synthesise.methods.bayes.pooled_bayes",
    "PooledTables": "whatworks.synthesise.methods.rare.pooling_tables",
    "albatross": "whatworks.synthesise.methods.narrative.flight",
    "bias": "whatworks.synthesise.methods.bias.assessing",
    "bootstrap": "whatworks.synthesise.methods.influence.bootstrapping",
    "che": "whatworks.synthesise.methods.multilevel.working",
    "combine_p": "whatworks.synthesise.methods.narrative.p_values",
    "cumulative": "whatworks.synthesise.methods.influence.leaving_out",
    "effect_direction": "whatworks.synthesise.methods.narrative.arrows",
    "effect_range": "whatworks.synthesise.methods.narrative.ranges",
    "estimate_tau2": "whatworks.synthesise.methods.heterogeneity",
    "influence": "whatworks.synthesise.methods.influence.diagnosing",
    "influence_of": "whatworks.synthesise.methods.influence.diagnosing",
    "leave_one_out": "whatworks.synthesise.methods.influence.leaving_out",
    "multilevel": "whatworks.synthesise.methods.multilevel.modelling",
    "multiverse": "whatworks.synthesise.methods.multiverse.specifying",
    "network": "whatworks.synthesise.methods.network.networking",
    "permutation_test": "whatworks.synthesise.methods.regressing.permuting",
    "pool": "whatworks.synthesise.methods.pooling",
    "pool_bayes": "whatworks.synthesise.methods.bayes.pooling_bayes",
    "pool_tables": "whatworks.synthesise.methods.rare.pooling_tables",
    "regress": "whatworks.synthesise.methods.regressing.regression",
    "rve": "whatworks.synthesise.methods.multilevel.correlated",
    "selection": "whatworks.synthesise.methods.bias.selection",
    "sensitivity": "whatworks.synthesise.methods.multiverse.sensitivity",
    "small_study_test": "whatworks.synthesise.methods.bias.regression",
    "smooth_selection": "whatworks.synthesise.methods.bias.smooth",
    "subgroups": "whatworks.synthesise.methods.regressing.subgroups",
    "swim": "whatworks.synthesise.methods.narrative.reporting",
    "table_tests": "whatworks.synthesise.methods.bias.tables",
    "trim_and_fill": "whatworks.synthesise.methods.bias.trimming",
    "two_by_two_absolute": "whatworks.synthesise.methods.absolute",
    "vote_count": "whatworks.synthesise.methods.narrative.votes",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
