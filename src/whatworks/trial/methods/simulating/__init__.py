"""Power by simulation, analysed by the very method that a design declares.

`simulate` draws trials under a design and tests each; failures of the analysis are counted as failures, never as trials that
found nothing. `size_by_simulation` and `mdes_by_simulation` look for the number of units, or the effect, that reaches a power.
"""

from whatworks.trial.methods.simulating.running import Simulated, simulate
from whatworks.trial.methods.simulating.searching import mdes_by_simulation, size_by_simulation

__all__ = ["Simulated", "mdes_by_simulation", "simulate", "size_by_simulation"]
