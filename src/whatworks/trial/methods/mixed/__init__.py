"""Linear mixed models by restricted maximum likelihood, with Satterthwaite's and with Kenward and Roger's small-sample tests.

`fit_intercepts` fits one random intercept per cluster, to one set of outcomes or to thousands at once, as a simulation has
them; `small_sample` tests a fit's coefficients one by one. `fit_mixed` fits any random terms to one set of outcomes: slopes,
nested and crossed groups; `contrast_tests` and `joint_test` test what is asked of it. `icc`, `icc_one_way` and `shares` say how much
of the spread lies between groups, `hedges_g` and `hedges_g_of` how large a difference is beside the whole of it.
"""

from whatworks.trial.methods.mixed.contrasts import ContrastTests, JointTest, contrast_tests, joint_test
from whatworks.trial.methods.mixed.fitted import MixedFit, Spread, fit_mixed
from whatworks.trial.methods.mixed.intercepts import InterceptFit, fit_intercepts
from whatworks.trial.methods.mixed.sharing import Share, icc, icc_one_way, shares
from whatworks.trial.methods.mixed.small import CoefficientTests, small_sample
from whatworks.trial.methods.mixed.standardising import Standardised, hedges_g, hedges_g_of
from whatworks.trial.methods.mixed.terms import RandomTerm

__all__ = [
    "CoefficientTests",
    "ContrastTests",
    "InterceptFit",
    "JointTest",
    "MixedFit",
    "RandomTerm",
    "Share",
    "Spread",
    "Standardised",
    "contrast_tests",
    "fit_intercepts",
    "fit_mixed",
    "hedges_g",
    "hedges_g_of",
    "icc",
    "icc_one_way",
    "joint_test",
    "shares",
    "small_sample",
]
