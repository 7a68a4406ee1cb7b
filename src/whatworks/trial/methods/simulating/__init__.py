"""Power by simulation, analysed by the very method that a design declares.

`simulate` draws trials under a design and tests each; failures of the analysis are counted as failures, never as trials that
found nothing.
"""

from whatworks.trial.methods.simulating.running import Simulated, simulate

__all__ = ["Simulated", "simulate"]
