"""Effects on the whole population from clustered outcomes: generalised estimating equations, corrected for few clusters."""

from whatworks.trial.methods.marginal.correcting import corrected
from whatworks.trial.methods.marginal.estimating import GeeFit, fit_gee

__all__ = ["GeeFit", "corrected", "fit_gee"]
