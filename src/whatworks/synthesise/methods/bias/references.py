"""What each method is cited as."""

from __future__ import annotations

EGGER = (
    "Egger M, Davey Smith G, Schneider M, Minder C (1997). Bias in meta-analysis detected by a simple, "
    "graphical test. BMJ 315, 629-634."
)
BEGG = (
    "Begg CB, Mazumdar M (1994). Operating characteristics of a rank correlation test for publication "
    "bias. Biometrics 50(4), 1088-1101."
)
TRIM = "Duval S, Tweedie R (2000). Trim and fill: a simple funnel-plot-based method. Biometrics 56(2), 455-463."
PET = (
    "Stanley TD, Doucouliagos H (2014). Meta-regression approximations to reduce publication selection "
    "bias. Research Synthesis Methods 5(1), 60-78."
)
CONDITIONAL = (
    "Stanley TD (2017). Limitations of PET-PEESE and other meta-analysis methods. Social Psychological "
    "and Personality Science 8(5), 581-591."
)
HEDGES = "Hedges LV (1992). Modeling publication selection effects in meta-analysis. Statistical Science 7(2), 246-255."
VEVEA = (
    "Vevea JL, Hedges LV (1995). A general linear model for estimating effect size in the presence of "
    "publication bias. Psychometrika 60(3), 419-435."
)
WOODS = (
    "Vevea JL, Woods CM (2005). Publication bias in research synthesis: sensitivity analysis using a "
    "priori weight functions. Psychological Methods 10(4), 428-443."
)
MATHUR = (
    "Mathur MB, VanderWeele TJ (2020). Sensitivity analysis for publication bias in meta-analyses. "
    "Journal of the Royal Statistical Society C 69(5), 1091-1119."
)
EVALUE = (
    "VanderWeele TJ, Ding P (2017). Sensitivity analysis in observational research: introducing the "
    "E-value. Annals of Internal Medicine 167(4), 268-274."
)
CONTOUR = (
    "Peters JL, Sutton AJ, Jones DR, Abrams KR, Rushton L (2008). Contour-enhanced meta-analysis funnel "
    "plots. Journal of Clinical Epidemiology 61(10), 991-996."
)
STERNE = (
    "Sterne JAC, Sutton AJ, Ioannidis JPA, et al. (2011). Recommendations for examining and interpreting "
    "funnel plot asymmetry. BMJ 343, d4002."
)
PUSTEJOVSKY = (
    "Pustejovsky JE, Rodgers MA (2019). Testing for funnel plot asymmetry of standardized mean "
    "differences. Research Synthesis Methods 10(1), 57-71."
)
VIECHTBAUER = (
    "Viechtbauer W (2010). Conducting meta-analyses in R with the metafor package. Journal of "
    "Statistical Software 36(3), 1-48."
)
CITKOWICZ = (
    "Citkowicz M, Vevea JL (2017). A parsimonious weight function for modeling publication bias. Psychological Methods 22(1), "
    "28-41."
)
PRESTON = (
    "Preston C, Ashby D, Smyth R (2004). Adjusting for publication bias: modelling the selection process. Journal of "
    "Evaluation in Clinical Practice 10(2), 313-322."
)
