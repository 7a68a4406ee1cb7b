"""Does it work, tested fairly? In: a design, a list of units, outcome files. Out: sizes, a draw that anybody can repeat, a result."""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "AnalysedTrial": "whatworks.trial.methods.analysing",
    "Design": "whatworks.trial.methods.design",
    "Plan": "whatworks.trial.methods.sizing.planning",
    "Simulated": "whatworks.trial.methods.simulating",
    "admissible": "whatworks.trial.methods.allocating.admissible",
    "allocate": "whatworks.trial.methods.allocating.publishing",
    "analyse_trial": "whatworks.trial.analyse",
    "digest": "whatworks.trial.methods.design",
    "mdes": "whatworks.trial.methods.sizing.planning",
    "power": "whatworks.trial.methods.sizing.planning",
    "read": "whatworks.trial.methods.design",
    "read_allocation": "whatworks.trial.methods.allocating.replaying",
    "read_list": "whatworks.trial.methods.allocating.listing",
    "replay": "whatworks.trial.methods.allocating.replaying",
    "simulate": "whatworks.trial.methods.simulating",
    "size": "whatworks.trial.methods.sizing.planning",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
