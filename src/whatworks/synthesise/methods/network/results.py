"""The result of a network meta-analysis, and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.network import drawing, r_script, words
from whatworks.synthesise.methods.network.designs import Decomposition
from whatworks.synthesise.methods.network.evidence import Evidence
from whatworks.synthesise.methods.network.heat import Heat, heat_of
from whatworks.synthesise.methods.network.spreading import Estimator

Model = Literal["random", "common"]
Interval = Literal["wald", "t", "hksj", "hksj-adhoc"]
Prediction = Literal["metafor", "t-k1", "t-k2"]
Better = Literal["higher", "lower"]
CHOICES = (
    ("model", Model), ("tau2", Estimator), ("interval", Interval), ("prediction", Prediction), ("better", Better),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Method(Result):
    """How a network was analysed; the words are those of `pool`. better: which effects rank first."""

    model: Model = "random"
    tau2: Estimator = "REML"
    interval: Interval = "wald"
    prediction: Prediction = "metafor"
    level: float = 0.95
    better: Better = "higher"

    def __post_init__(self) -> None:
        check_level(self.level)
        for name, allowed in CHOICES:
            check_word(name, getattr(self, name), get_args(allowed))


@dataclass(frozen=True, slots=True)
class Part(Result):
    """An effect with its interval, and the two-sided chance of one as far from 0."""

    estimate: float
    se: float
    p: float | None
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Comparison(Result):
    """The effect of treat1 over treat2 by the whole network, and what it is made of. None: there is no such thing.

    statistic is z, or t with df. pi_low, pi_high: where the effect in a new setting may lie. studies: how many compare
    the two themselves; direct and indirect: the two kinds of evidence on their own; proportion: of the direct kind;
    difference: direct less indirect, the test that the two agree.
    """

    treat1: str
    treat2: str
    estimate: float
    se: float
    statistic: float | None
    df: int | None
    p: float | None
    ci_low: float
    ci_high: float
    pi_low: float | None
    pi_high: float | None
    studies: int
    proportion: float
    direct: Part | None
    indirect: Part | None
    difference: Part | None


@dataclass(frozen=True, slots=True)
class Rank(Result):
    """A treatment's P-score: the mean chance, over the others, that it is truly better than they; between 0 and 1.

    studies: how many tried it; people: in its arms, where known.
    """

    treatment: str
    p_score: float
    studies: int
    people: float | None


@dataclass(frozen=True, slots=True)
class League(Result):
    """Every treatment against every other, always row over column: below the diagonal by the network, above it by direct
    evidence alone (empty where no study compares the two). Text cells, treatments by P-score, best first."""

    treatments: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    def table(self) -> str:
        """Lines of text, cells parted by tabs."""
        return "\n".join("\t".join(row) for row in self.cells)


@dataclass(frozen=True, slots=True)
class Contributions(Result):
    """How much each direct comparison contributes to each network effect, in per cent; each row sums to 100.

    effects: the pairs of the rows; directs: the pairs of the columns, those that some study compares.
    """

    effects: tuple[tuple[str, str], ...]
    directs: tuple[tuple[str, str], ...]
    percent: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Network(Told):
    """What k studies of n treatments say together, on the scale of the effects given (logarithm for ratios).

    comparisons: all n (n - 1) / 2 pairs in the order of treatments; versus: each treatment over the reference. tau2,
    with its Q-profile interval: the variance of true effects of any one comparison between studies (None: it cannot be
    known); i2: per cent of the variation that is not chance; h2 = 1 / (1 - i2). q, q_df, q_p: heterogeneity and
    inconsistency together; decomposition: the two apart. ranks: best first. loglik: restricted under REML, of each
    study's contrasts with its first treatment (metafor's constants).
    """

    k: int
    treatments: tuple[str, ...]
    reference: str
    comparisons: tuple[Comparison, ...]
    versus: tuple[Comparison, ...]
    tau2: float | None
    tau2_ci_low: float | None
    tau2_ci_high: float | None
    i2: float | None
    h2: float | None
    q: float
    q_df: int
    q_p: float | None
    decomposition: Decomposition
    ranks: tuple[Rank, ...]
    loglik: float
    method: Method
    metric: str | None
    warnings: tuple[str, ...]
    evidence: Evidence = kept()
    given: Mapping[str, Any] = kept()

    def compare(self, treat1: str, treat2: str) -> Comparison:
        """The effect of one treatment over another, in this order; InputError when either is not in the network."""
        for name in (treat1, treat2):
            if name not in self.treatments:
                raise InputError(
                    said(
                        "There is no treatment %(name)r here; choose from %(treatments)s.",
                        name=name,
                        treatments=", ".join(self.treatments),
                    )
                )
        for one in self.comparisons:
            if (one.treat1, one.treat2) == (treat1, treat2):
                return one
            if (one.treat1, one.treat2) == (treat2, treat1):
                return turned(one)
        raise InputError(said("%(treat1)s cannot be compared with itself; name two treatments.", treat1=treat1))

    def summary(self) -> str:
        """The result in a few sentences of numbers."""
        return words.summary(self)

    def report(self) -> str:
        """Methods and results as a paragraph, with the source of each method."""
        return words.report(self)

    def chart(self) -> Chart:
        """Each treatment over the reference with its interval, and where the effect in a new setting may lie."""
        return drawing.forest(self)

    def graph(self) -> Chart:
        """The network: treatments as dots (by people or studies), comparisons as lines (by studies)."""
        return drawing.graph(self)

    def funnel(self, order: tuple[str, ...] = ()) -> Chart:
        """The comparison-adjusted funnel; order: treatments from the one that small studies would favour."""
        return drawing.funnel(self, order)

    def heat(self, *, random: bool = False) -> Heat:
        """The numbers of the net heat plot; random: with the heterogeneity found within designs."""
        return heat_of(self.evidence, (self.decomposition.tau2_within or 0.0) if random else 0.0)

    def heat_chart(self, *, random: bool = False) -> Chart:
        """The net heat plot: squares by contribution, colour by disagreement."""
        return drawing.heat(self.heat(random=random))

    def league(self) -> League:
        """The league table, treatments by P-score."""
        return words.league(self)

    def contributions(self) -> Contributions:
        """The contribution of each direct comparison to each effect."""
        return words.contributed(self)

    def r_script(self) -> str:
        """The same analysis for R's metafor, with the data in it."""
        return r_script.r_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to run the analysis again."""
        return recipe("network", self.given)


def turned(one: Comparison) -> Comparison:
    """The same comparison the other way round."""
    return Comparison(
        one.treat2,
        one.treat1,
        -one.estimate,
        one.se,
        None if one.statistic is None else -one.statistic,
        one.df,
        one.p,
        -one.ci_high,
        -one.ci_low,
        None if one.pi_high is None else -one.pi_high,
        None if one.pi_low is None else -one.pi_low,
        one.studies,
        one.proportion,
        *(None if part is None else _negative(part) for part in (one.direct, one.indirect, one.difference)),
    )


def _negative(part: Part) -> Part:
    return Part(-part.estimate, part.se, part.p, -part.ci_high, -part.ci_low)
