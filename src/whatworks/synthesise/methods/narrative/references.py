"""What each method is cited as."""

from __future__ import annotations

HANDBOOK = (
    "McKenzie JE, Brennan SE (2019). Synthesizing and presenting findings using other methods. In: Cochrane Handbook for "
    "Systematic Reviews of Interventions, chapter 12."
)
CLOPPER = "Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits. Biometrika 26(4), 404-413."
WILSON = (
    "Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the American "
    "Statistical Association 22, 209-212."
)
BOON = (
    "Boon MH, Thomson H (2021). The effect direction plot revisited: application of the 2019 Cochrane Handbook guidance on "
    "alternative synthesis methods. Research Synthesis Methods 12(1), 29-33."
)
THOMSON = (
    "Thomson HJ, Thomas S (2013). The effect direction plot: visual display of non-standardised effects across multiple "
    "outcome domains. Research Synthesis Methods 4(1), 95-101."
)
ALBATROSS = (
    "Harrison S, Jones HE, Martin RM, Lewis SJ, Higgins JPT (2017). The albatross plot: a novel graphical tool for presenting "
    "results of diversely reported studies in a systematic review. Research Synthesis Methods 8(3), 281-289."
)
SWIM = (
    "Campbell M, McKenzie JE, Sowden A, et al. (2020). Synthesis without meta-analysis (SWiM) in systematic reviews: reporting "
    "guideline. BMJ 368, l6890."
)
FISHER = "Fisher RA (1932). Statistical Methods for Research Workers, 4th ed. Oliver and Boyd."
STOUFFER = "Stouffer SA, Suchman EA, DeVinney LC, Star SA, Williams RM (1949). The American Soldier, vol. 1. Princeton."
LIPTAK = (
    "Lipták T (1958). On the combination of independent tests. Magyar Tud. Akad. Mat. Kutató Int. Közl. 3, 171-197."
)
EDGINGTON = (
    "Edgington ES (1972). An additive method for combining probability values. Journal of Psychology 80(2), 351-363."
)
PEARSON = "Pearson K (1933). On a method of determining whether a sample of size n ... Biometrika 25(3/4), 379-410."
TIPPETT = "Tippett LHC (1931). The Methods of Statistics. Williams and Norgate."
