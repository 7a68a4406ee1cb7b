"""The sections of a design and what stands in them. Effects are of the second arm against the first, which is the comparator."""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.trial.methods.design.conduct import Compliance, Component, Link, Question, Target
from whatworks.trial.methods.design.fields import told
from whatworks.trial.methods.design.unlotted import LEFT_OUT, QUASI, QUASI_METHODS, Quasi

INDIVIDUAL, CLUSTER, BLOCKED, PAIRS, WEDGE = (
    "individual",
    "cluster",
    "blocked-cluster",
    "matched-pairs",
    "stepped-wedge",
)
KINDS = (INDIVIDUAL, CLUSTER, BLOCKED, PAIRS, WEDGE)
CONTINUOUS, BINARY, COUNT, SURVIVAL = "continuous", "binary", "count", "time-to-event"
OUTCOMES = (CONTINUOUS, BINARY, COUNT, SURVIVAL)
WAYS = (
    "simple",
    "complete",
    "permuted-blocks",
    "stratified",
    "matched-pairs",
    "minimisation",
    "constrained",
    "stepped-wedge",
)
METHODS = (
    "lmm-kr", "lmm-satterthwaite", "ols-cr2", "ols-cr1s", "ols-cr3", "gee-exchangeable", "gee-md", "gee-kc", "cluster-means-t",
    "wild-bootstrap", "ri-exact", "ri-sampled", "glmm-binomial", "glmm-binomial-nested", "glmm-poisson", "glmm-nb", "glm-nb",
    "poisson-naive", "cace-2sls-cr2",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """`[design]`: what kind of trial this is."""

    kind: str = told(
        "How the trial is laid out, or, where nothing is drawn by lot, what is compared with what.",
        choices=(*KINDS, *QUASI),
    )
    outcome: str = told("What the primary outcome is.", CONTINUOUS, choices=OUTCOMES)
    alpha: float = told("The two-sided level of the test.", 0.05, least=1e-6, most=0.5)
    power: float = told("The power that is wanted.", 0.8, least=0.05, most=0.9999)
    name: str = told("A short name of the trial, for files and headings.", "")
    title: str = told("The title in full.", "")
    question: str = told("The question, in one sentence.", "")
    version: str = told("The version of this design, such as 1 or 1.2.", "1")
    stage: str = told("What the trial is for.", "confirmatory", choices=("exploratory", "pilot", "confirmatory"))


@dataclass(frozen=True, slots=True)
class Estimand:
    """`[estimand]`: the effect that is meant (ICH E9 R1)."""

    population: str = told("Whom the effect is about.", "")
    units: str = told("What one unit of analysis is, such as a child.", "")
    clusters: str = told("What one unit of allocation is, where it is another, such as a school.", "")
    endpoint: str = told("The outcome, with when it is measured.", "")
    summary: str = told("How the arms are compared, such as a difference in means or a rate ratio.", "")
    handling: str = told("What is done about what happens after allocation, such as leaving or crossing over.", "")


@dataclass(frozen=True, slots=True)
class Arm:
    """`[[arms]]`: one arm; the first is the comparator."""

    name: str = told("The arm as it is written in the list and in the data.")
    parts: int = told("How many parts of the units this arm gets.", 1, least=1)
    gets: str = told("What units in this arm are offered.", "")


@dataclass(frozen=True, slots=True)
class Size:
    """`[size]`: how many, and what is assumed. Shares and correlations lie between 0 and 1."""

    clusters: float | None = told(
        "Units of allocation in all: clusters, or people where people are drawn; in a stepped wedge, all steps together.",
        None,
        least=1,
    )
    per_cluster: float | None = told(
        "People measured in each cluster (in each block, where people are drawn in blocks); in a stepped wedge, in each period.",
        None,
        least=1,
    )
    exposure: float | None = told(
        "Counts: time at risk in each cluster, in the unit of the rates; as a rule people times years. Without it, per_cluster.",
        None,
        least=1e-9,
    )
    cv: float = told("Coefficient of variation of the sizes of clusters.", 0.0, least=0, most=5)
    cv_formula: str = told("The formula for unequal sizes.", "eldridge", choices=("eldridge", "taylor"))
    icc: float | None = told("Correlation of two people in one cluster (and one period).", None, least=0, most=0.999999)
    cac: float | None = told(
        "Correlation between periods of one cluster, over that within a period.", None, least=0, most=1
    )
    decay: bool = told("Whether the correlation falls by cac with every period, rather than once.", False)
    iac: float = told(
        "Correlation of one person's values in different periods, where the same people are seen again.",
        0.0,
        least=0,
        most=0.999999,
    )
    steps: int | None = told("Stepped wedge: steps at which clusters change over.", None, least=1)
    sequences: tuple[int, ...] = told(
        "Stepped wedge: clusters that change over at each step; without it as equal as can be.", ()
    )
    before: int = told("Stepped wedge: periods before the first step.", 1, least=0)
    after: int = told("Stepped wedge: periods after the last step besides its own.", 0, least=0)
    layout: tuple[str, ...] = told(
        "Rows of a trial over periods, one for each sequence, as 0011: 0 comparator, 1 intervention, . not measured. "
        "Crossover, batched and incomplete designs are written so.",
        (),
    )
    exposure_time: bool = told(
        "Whether the effect may differ with the time since a cluster changed over; what is meant is then its mean.",
        False,
    )
    likelihood: str = told(
        "Over periods, yes or no: in place of generalised least squares the information of the likelihood itself, with a level for each "
        "period in the model, or (optimistically) none. icc is then of the comparator's share.",
        "",
        choices=("", "periods", "no-periods"),
    )
    transform: str = told(
        "Two shares of people: by the arcsine of their roots, whose variance is the same for every share, in place of the z test.",
        "",
        choices=("", "arcsine"),
    )
    effect: float | None = told(
        "The difference to be found, intervention less comparator: in the outcome's units, as shares, or as rates.",
        None,
    )
    ratio: float | None = told("Instead of effect: the ratio of shares, of rates or of hazards.", None, least=1e-6)
    sd: float = told("Standard deviation of a continuous outcome among all people.", 1.0, least=1e-12)
    sd_of: str | None = told(
        "Whose standard deviation sd is: of all people, or of the residual with what clusters share on top. Without it, the residual's "
        "in a stepped wedge that does not decay (as swPwr has it), everywhere else that of all people.",
        None,
        choices=("total", "residual"),
    )
    control_rate: float | None = told(
        "Share or rate with the comparator; for time to event, the share with the event by the end.", None, least=1e-12
    )
    k: float | None = told(
        "Coefficient of variation of the true rates or shares between clusters, within an arm.", None, least=0
    )
    dispersion: float | None = told(
        "Negative binomial: the variance of people's counts is mean + dispersion x mean squared.", None, least=0
    )
    r2_1: float = told(
        "Share of the variance within clusters (or among people) that covariates explain.", 0.0, least=0, most=0.999999
    )
    r2_2: float = told("Share of the variance between clusters that covariates explain.", 0.0, least=0, most=0.999999)
    covariates: int | None = told(
        "Covariates at the level that is allocated; each costs a degree of freedom. Without it, one where they explain something "
        "there (r2_2, or r2_1 where people are drawn), otherwise none.",
        None,
        least=0,
    )
    allocated: float | None = told(
        "Share of the units in the second arm; without it, from the arms' parts.", None, least=1e-6, most=0.999999
    )
    blocks: int | None = told("Blocks within which units are drawn.", None, least=1)
    blocks_are: str = told(
        "Whether the blocks are all there are, or a sample of more.", "fixed", choices=("fixed", "sampled")
    )
    icc_blocks: float = told("Share of the variance that lies between blocks.", 0.0, least=0, most=0.999999)
    groups: float | None = told(
        "Groups within each cluster that have something of their own in common, such as the classes of a school. Where people are drawn "
        "one by one: all the groups in which the second arm is seen, such as those of a course.",
        None,
        least=1,
    )
    icc_groups: float = told("Share of the variance that lies between these groups.", 0.0, least=0, most=0.999999)
    varies: float = told(
        "Variance of the effect between blocks (over periods: between clusters), over that of their means.",
        0.0,
        least=0,
    )
    correlation: float = told(
        "Matched pairs: correlation of the means of two clusters of a pair, beside chance within them. Over periods: of a cluster's "
        "effect with its level, where the effect varies.",
        0.0,
        least=-0.999999,
        most=0.999999,
    )
    attrition: float = told("Share of people without an outcome at the end.", 0.0, least=0, most=0.95)
    dropout: float = told("Share of clusters lost before the end.", 0.0, least=0, most=0.95)
    reference: str | None = told(
        "The distribution of the test: t with its degrees of freedom, or z. Without it z over periods (as swPwr has it), with what t "
        "would give beside it, and t everywhere else.",
        None,
        choices=("t", "z"),
    )
    correction: str = told(
        "With three arms or more, each against the comparator: how the level is shared among them.",
        "dunnett",
        choices=("dunnett", "bonferroni", "none"),
    )
    prior: tuple[float, ...] = told(
        "What is believed of the effect beforehand, as mean and standard deviation; where the design gives a ratio, of its "
        "logarithm. A prediction interval of earlier trials gives it. Assurance is then told beside power.",
        (),
    )


@dataclass(frozen=True, slots=True)
class Allocation:
    """`[allocation]`: how the lot is drawn."""

    method: str = told("How units are drawn.", "complete", choices=WAYS)
    strata: tuple[str, ...] = told("Columns of the list; a draw is made within each combination.", ())
    block_sizes: tuple[int, ...] = told("Permuted blocks: sizes from which each block's is drawn.", ())
    pair: str = told("Matched pairs: the column that names a unit's pair.", "")
    factors: tuple[str, ...] = told("Minimisation: columns that are balanced.", ())
    coin: tuple[int, int] = told("Minimisation: the preferred arm's chance, as number and out of.", (4, 5))
    covariates: tuple[str, ...] = told("Constrained: columns of numbers that are balanced.", ())
    weights: tuple[str, ...] = told("Constrained: more for what matters more, one for each covariate, as 2 or 1/2.", ())
    measure: str = told(
        "Constrained: l2 sums squared differences over variances, l1 differences over standard deviations.",
        "l2",
        choices=("l1", "l2"),
    )
    keep: str = told("Constrained: the share of allocations, the best balanced, from which one is drawn.", "1/10")
    sample: int = told("Constrained: how many allocations are drawn and scored; 0 scores all.", 0, least=0)
    stage: str = told("Rolling recruitment: the column that numbers the batch in which a unit joined.", "")
    concealed: bool = told(
        "Whether the centre publishes the arms only when they are told to all (unblinding), and its draw by digest until then.",
        False,
    )


@dataclass(frozen=True, slots=True)
class Analysis:
    """`[analysis]`: the columns of the data, and the analysis that is declared beforehand."""

    outcome: str = told("Column of the outcome.", "y")
    arm: str = told("Column of the arm: its names, or 0 for the first arm and 1 for the second.", "arm")
    cluster: str = told("Column of the cluster.", "")
    period: str = told("Column of the period, in a trial over periods.", "")
    offset: str = told("Counts: column of the time at risk; its logarithm is the offset. Shares: as trials.", "")
    trials: str = told("Shares in rows that are counted together: column of how many people the row is of.", "")
    strata: tuple[str, ...] = told("Columns of the strata of the draw; each value has its own level.", ())
    covariates: tuple[str, ...] = told(
        "What is adjusted for: columns, or what a formula makes of them, such as log(before + 0.5) or C(year).", ()
    )
    random: tuple[str, ...] = told(
        "What differs at random besides clusters: columns, such as the authority, or brackets, such as (1 + time | school).",
        (),
    )
    received: str = told("Column that says who took the offer up, from 0 to 1; fixed beforehand.", "")
    declared: str = told("The analysis that decides.", "", choices=("", *METHODS, *QUASI_METHODS))
    secondary: tuple[str, ...] = told("Columns of further outcomes.", ())
    multiplicity: str = told(
        "How p-values of several outcomes are corrected.",
        "holm",
        choices=("none", "holm", "hochberg", "bh", "westfall-young"),
    )
    subgroups: tuple[str, ...] = told("Columns whose interaction with the arm is looked at, named beforehand.", ())
    seed: int = told("Seed of what is drawn by the computer in an analysis, such as a bootstrap.", 20180919, least=0)
    draws: int = told("How often that is drawn.", 9999, least=99)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`[[progression]]`: a criterion for going on from a pilot (Lewis and others 2021, doi 10.1186/s40814-021-00770-x)."""

    name: str = told("What is looked at, such as recruitment.")
    red: float = told("Up to this share: red, stop.", least=0, most=1)
    green: float = told("From this share on: green, go.", least=0, most=1)
    alpha: float = told("One-sided level of the test against red.", 0.05, least=1e-6, most=0.5)
    power: float = told("Power at green.", 0.9, least=0.05, most=0.9999)


@dataclass(frozen=True, slots=True)
class Design:
    """A trial as data. `arms`: the comparator first."""

    design: About
    estimand: Estimand
    arms: tuple[Arm, ...]
    size: Size
    allocation: Allocation
    analysis: Analysis
    progression: tuple[Criterion, ...]
    compliance: Compliance
    component: tuple[Component, ...] = ()
    target: tuple[Target, ...] = ()
    logic: tuple[Link, ...] = ()
    pilot: tuple[Question, ...] = ()
    quasi: Quasi = LEFT_OUT

    @property
    def allocated(self) -> float:
        """The share of units in arms beyond the first; with two arms, in the second."""
        if self.size.allocated is not None:
            return self.size.allocated
        parts = [arm.parts for arm in self.arms]
        return parts[1] / (parts[0] + parts[1])
