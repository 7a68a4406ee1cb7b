"""Effects from two groups measured before and after: differences of changes, in several units.

The standard deviations before are those nobody has treated yet; those of the changes depend on how well before
predicts after, so an effect in them (SMDC) must not be pooled with one in standard deviations of the outcome.
"""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods.changes import sd_of_change
from whatworks.extract.methods.effect import Effect, Floats, effect, require
from whatworks.extract.methods.formula import N1, N2, Input, formula
from whatworks.extract.methods.means import check_spread, pooled_sd, small_sample_factor
from whatworks.saying import said

R = Input("r", said("correlation between before and after within a group (say where it is from)"))
UNIT = said("units of the outcome")
GROUPS = {"1": said("intervention group"), "2": said("comparison group")}
AFTER1, AFTER2 = (
    Input(f"after{arm}", said("mean after in the %(group)s", group=group), UNIT) for arm, group in GROUPS.items()
)
BEFORE1, BEFORE2 = (
    Input(f"before{arm}", said("mean before in the %(group)s", group=group), UNIT) for arm, group in GROUPS.items()
)
SDA1, SDA2 = (
    Input(f"sd_after{arm}", said("standard deviation after in the %(g)s", g=g), UNIT) for arm, g in GROUPS.items()
)
SDB1, SDB2 = (
    Input(f"sd_before{arm}", said("standard deviation before in the %(g)s", g=g), UNIT) for arm, g in GROUPS.items()
)
CHANGE1, CHANGE2 = (
    Input(f"change{arm}", said("mean change in the %(group)s", group=group), UNIT) for arm, group in GROUPS.items()
)
SDC1, SDC2 = (
    Input(f"sd_change{arm}", said("standard deviation of change in the %(g)s", g=g), UNIT) for arm, g in GROUPS.items()
)
CHANGES = (CHANGE1, SDC1, N1, CHANGE2, SDC2, N2)
MORRIS = "Morris (2008), Organizational Research Methods 11(2), 364-386"
HANDBOOK = "Higgins et al. (2023), Cochrane Handbook for Systematic Reviews of Interventions, 6.5.2.8"
DIFFERENCE = "(after1 - before1) - (after2 - before2)"
POOLED_CHANGE = "sc = sqrt(((n1 - 1) * sd_change1^2 + (n2 - 1) * sd_change2^2) / (n1 + n2 - 2))"
SC = "sc# = sqrt(sd_after#^2 + sd_before#^2 - 2 * r * sd_after# * sd_before#)"


def check_r(r: Floats) -> None:
    """Refuse a correlation of 1 or more in size: then everybody would change alike."""
    require(np.abs(r) < 1, r, sentence=said("a correlation between before and after does not lie between -1 and 1"))


@formula(
    "mean-difference-of-changes",
    "MD",
    CHANGES,
    title=said("Difference in mean change, from changes and their standard deviations"),
    source=HANDBOOK,
    steps=("yi = change1 - change2", "vi = sd_change1^2 / n1 + sd_change2^2 / n2"),
)
def mean_difference_of_changes(
    change1: Floats, sd_change1: Floats, n1: Floats, change2: Floats, sd_change2: Floats, n2: Floats
) -> Effect:
    """c1 - c2; variance sc1^2 / n1 + sc2^2 / n2"""
    check_spread(sd_change1, n1, sd_change2, n2)
    return effect(change1 - change2, sd_change1**2 / n1 + sd_change2**2 / n2, "MD", n1, n2)


@formula(
    "mean-difference-before-after",
    "MD",
    (AFTER1, SDA1, BEFORE1, SDB1, N1, AFTER2, SDA2, BEFORE2, SDB2, N2, R),
    title=said("Difference in mean change, from means and standard deviations before and after"),
    source=HANDBOOK,
    steps=(f"yi = {DIFFERENCE}", SC.replace("#", "1"), SC.replace("#", "2"), "vi = sc1^2 / n1 + sc2^2 / n2"),
)
def mean_difference_before_after(
    after1: Floats, sd_after1: Floats, before1: Floats, sd_before1: Floats, n1: Floats,
    after2: Floats, sd_after2: Floats, before2: Floats, sd_before2: Floats, n2: Floats, r: Floats,
) -> Effect:  # fmt: skip
    """(a1 - b1) - (a2 - b2); variance sc1^2 / n1 + sc2^2 / n2 with sc^2 = sda^2 + sdb^2 - 2 r sda sdb"""
    check_spread(sd_after1, n1, sd_after2, n2)
    check_spread(sd_before1, n1, sd_before2, n2)
    require(np.abs(r) <= 1, r, sentence=said("a correlation lies outside -1 to 1"))
    one, two = sd_of_change(sd_after1, sd_before1, r), sd_of_change(sd_after2, sd_before2, r)
    return effect((after1 - before1) - (after2 - before2), one**2 / n1 + two**2 / n2, "MD", n1, n2)


@formula(
    "hedges-g-before-after",
    "SMD",
    (AFTER1, BEFORE1, SDB1, N1, AFTER2, BEFORE2, SDB2, N2, R),
    title=said("Hedges' g of the difference in mean change, in pooled standard deviations before"),
    source=MORRIS + ", equations 8 and 25",
    steps=(
        "m = n1 + n2 - 2",
        "sp = sqrt(((n1 - 1) * sd_before1^2 + (n2 - 1) * sd_before2^2) / m)",
        "J = J(m)",
        f"yi = J * ({DIFFERENCE}) / sp",
        "h = 2 * (1 - r) * (1 / n1 + 1 / n2)",
        "vi = J^2 * h * m / (m - 2) * (1 + yi^2 / h) - yi^2",
    ),
)
def hedges_g_before_after(
    after1: Floats, before1: Floats, sd_before1: Floats, n1: Floats,
    after2: Floats, before2: Floats, sd_before2: Floats, n2: Floats, r: Floats,
) -> Effect:  # fmt: skip
    """g = J ((a1 - b1) - (a2 - b2)) / sp, sp pooled before, J the exact factor for m = n1 + n2 - 2;
    variance J^2 h (m / (m - 2)) (1 + g^2 / h) - g^2 with h = 2 (1 - r)(1/n1 + 1/n2)"""
    check_spread(sd_before1, n1, sd_before2, n2)
    check_r(r)
    m = n1 + n2 - 2
    factor = small_sample_factor(m)
    g = factor * ((after1 - before1) - (after2 - before2)) / pooled_sd(sd_before1, n1, sd_before2, n2)
    h = 2 * (1 - r) * (1 / n1 + 1 / n2)
    vi = np.where(m > 2, factor**2 * h * m / np.where(m > 2, m - 2, np.nan) * (1 + g**2 / h) - g**2, np.nan)
    return effect(g, vi, "SMD", n1, n2)


@formula(
    "difference-of-standardised-changes",
    "SMD",
    (AFTER1, BEFORE1, SDB1, N1, AFTER2, BEFORE2, SDB2, N2, R),
    title=said("Difference of two standardised mean changes, each in its own group's standard deviation before"),
    source="Becker (1988), British Journal of Mathematical and Statistical Psychology 41(2), 257-278; " + MORRIS,
    steps=(
        "y1 = J(n1 - 1) * (after1 - before1) / sd_before1",
        "y2 = J(n2 - 1) * (after2 - before2) / sd_before2",
        "yi = y1 - y2",
        "vi = 2 * (1 - r) / n1 + y1^2 / (2 * n1) + 2 * (1 - r) / n2 + y2^2 / (2 * n2)",
    ),
)
def difference_of_standardised_changes(
    after1: Floats, before1: Floats, sd_before1: Floats, n1: Floats,
    after2: Floats, before2: Floats, sd_before2: Floats, n2: Floats, r: Floats,
) -> Effect:  # fmt: skip
    """y1 - y2 with y = J(n - 1) (a - b) / sdb in each group; variance the sum of 2 (1 - r) / n + y^2 / (2 n)"""
    check_spread(sd_before1, n1, sd_before2, n2)
    require(np.abs(r) <= 1, r, sentence=said("a correlation lies outside -1 to 1"))
    one = small_sample_factor(n1 - 1) * (after1 - before1) / sd_before1
    two = small_sample_factor(n2 - 1) * (after2 - before2) / sd_before2
    vi = 2 * (1 - r) * (1 / n1 + 1 / n2) + one**2 / (2 * n1) + two**2 / (2 * n2)
    return effect(one - two, vi, "SMD", n1, n2)


@formula(
    "hedges-g-of-changes-raw-spread",
    "SMD",
    (*CHANGES, R),
    title=said("Hedges' g from mean changes, taken back to standard deviations of the outcome"),
    source="Borenstein (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., equations 12.15 to 12.17",
    steps=(
        POOLED_CHANGE,
        "s = sc / sqrt(2 * (1 - r))",
        "yi = J(n1 + n2 - 2) * (change1 - change2) / s",
        "vi = 2 * (1 - r) * (1 / n1 + 1 / n2) + yi^2 / (2 * (n1 + n2))",
    ),
)
def hedges_g_of_changes_raw_spread(
    change1: Floats, sd_change1: Floats, n1: Floats, change2: Floats, sd_change2: Floats, n2: Floats, r: Floats
) -> Effect:
    """g = J (c1 - c2) / s with s = sc / sqrt(2 (1 - r)), sc the pooled standard deviation of change;
    variance 2 (1 - r)(1/n1 + 1/n2) + g^2 / (2 (n1 + n2))"""
    check_spread(sd_change1, n1, sd_change2, n2)
    check_r(r)
    s = pooled_sd(sd_change1, n1, sd_change2, n2) / np.sqrt(2 * (1 - r))
    g = small_sample_factor(n1 + n2 - 2) * (change1 - change2) / s
    return effect(g, 2 * (1 - r) * (1 / n1 + 1 / n2) + g**2 / (2 * (n1 + n2)), "SMD", n1, n2)


@formula(
    "standardised-difference-in-change",
    "SMDC",
    CHANGES,
    title=said("Difference in mean change in standard deviations of the changes"),
    source="Hedges (1981), Journal of Educational Statistics 6(2), 107-128, on changes; " + HANDBOOK,
    steps=(
        POOLED_CHANGE,
        "yi = J(n1 + n2 - 2) * (change1 - change2) / sc",
        "vi = 1 / n1 + 1 / n2 + yi^2 / (2 * (n1 + n2))",
    ),
)
def standardised_difference_in_change(
    change1: Floats, sd_change1: Floats, n1: Floats, change2: Floats, sd_change2: Floats, n2: Floats
) -> Effect:
    """g = J (c1 - c2) / sc, sc the pooled standard deviation of change; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))"""
    check_spread(sd_change1, n1, sd_change2, n2)
    g = small_sample_factor(n1 + n2 - 2) * (change1 - change2) / pooled_sd(sd_change1, n1, sd_change2, n2)
    return effect(g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2)), "SMDC", n1, n2)
