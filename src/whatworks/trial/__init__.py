"""Does it work, tested fairly? In: a design, a list of units, outcome files. Out: sizes, a draw that anybody can repeat, a result."""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "AnalysedTrial": "whatworks.trial.methods.analysing",
    "Design": "whatworks.trial.methods.design",
    "Plan": "whatworks.trial.methods.sizing.planning",
    "Simulated": "whatworks.trial.methods.simulating",
    "Standing": "whatworks.trial.methods.foreseeing.learning",
    "admissible": "whatworks.trial.methods.allocating.admissible",
    "allocate": "whatworks.trial.methods.allocating.publishing",
    "analyse_trial": "whatworks.trial.analyse",
    "digest": "whatworks.trial.methods.design",
    "foresee": "whatworks.trial.methods.foreseeing.learning",
    "mdes": "whatworks.trial.methods.sizing.planning",
    "power": "whatworks.trial.methods.sizing.planning",
    "progress": "whatworks.trial.methods.progressing",
    "read": "whatworks.trial.methods.design",
    "read_allocation": "whatworks.trial.methods.allocating.replaying",
    "read_list": "whatworks.trial.methods.allocating.listing",
    "repeated": "whatworks.trial.methods.foreseeing.repeating",
    "replay": "whatworks.trial.methods.allocating.replaying",
    "simulate": "whatworks.trial.methods.simulating",
    "size": "whatworks.trial.methods.sizing.planning",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
