"""Linear mixed models by restricted maximum likelihood, with Satterthwaite's and with Kenward and Roger's small-sample tests.

`fit_intercepts` fits one random intercept per cluster, to one set of outcomes or to thousands at once, as a simulation has
them; `small_sample` tests a fit's coefficients one by one.
"""

from whatworks.trial.methods.mixed.intercepts import InterceptFit, fit_intercepts
from whatworks.trial.methods.mixed.small import CoefficientTests, small_sample

__all__ = ["CoefficientTests", "InterceptFit", "fit_intercepts", "small_sample"]
