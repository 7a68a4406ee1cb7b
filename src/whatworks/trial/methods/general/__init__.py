"""Mixed models of shares and counts: random intercepts, by Laplace's approximation or adaptive quadrature.

`fit_general` fits; its result has estimates, standard errors, the variances of each grouping and the likelihood.
"""

from whatworks.trial.methods.general.fitting import GeneralFit, fit_general

__all__ = ["GeneralFit", "fit_general"]
