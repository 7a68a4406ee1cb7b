"""The declared analysis of a design without a lot, and the others that suit it: a panel of the same shape, and what it rests on.

Interrupted series (`series`), differences in differences (`places`), matching (`matched`). Nothing was drawn, so that every warning that a
method has of its own comes after one that holds for all of them.
"""

from whatworks.trial.methods.analysing.observed.found import Observed
from whatworks.trial.methods.analysing.observed.observing import observe

__all__ = ["Observed", "observe"]
