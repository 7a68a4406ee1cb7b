"""The result of a model of selection, and how it tells itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whatworks.stats.chart import Chart, Plane
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.bias import references
from whatworks.synthesise.methods.bias.r_data import CONTROL, column, loaded
from whatworks.synthesise.methods.bias.stepfit import Problem
from whatworks.synthesise.methods.bias.steps import Side
from whatworks.synthesise.methods.pooling import Model

ALTERNATIVE = {"greater": "greater", "less": "less", "two-sided": "two.sided"}
OF = {"greater": "one-sided p for larger effects", "less": "one-sided p for lower effects", "two-sided": "two-sided p"}
FEW = 10  # with fewer studies the fit often fails or runs to a bound: McShane, Bockenholt and Hansen (2016)
FEW_IN_INTERVAL = 4  # below this many studies in an interval its frequency hangs on single studies


@dataclass(frozen=True, slots=True)
class Interval(Result):
    """An interval of p, above `above` up to and with `up_to`: how many studies lie in it, and how often such are seen.

    delta: relative to the first interval, whose own is 1; ci_low, ci_high: on the scale of its logarithm.
    """

    above: float
    up_to: float
    k: int
    delta: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Without(Result):
    """The same model by maximum likelihood, had there been no selection."""

    estimate: float
    se: float
    tau2: float
    loglik: float


@dataclass(frozen=True, slots=True)
class Selected(Told):
    """The mean effect and its heterogeneity as they would be had every result been seen alike; None: no answer.

    Maximum likelihood, standard errors by the observed information, normal intervals. lrt, lrt_df, lrt_p: the test that
    all intervals of p were seen alike. without: the same model without selection. settled: whether a peak was found.
    """

    k: int
    side: Side
    estimate: float | None
    se: float | None
    statistic: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    tau2: float | None
    tau2_se: float | None
    intervals: tuple[Interval, ...]
    loglik: float | None
    lrt: float | None
    lrt_df: int | None
    lrt_p: float | None
    without: Without
    model: Model
    level: float
    settled: bool
    warnings: tuple[str, ...]
    yi: tuple[float, ...] = kept()
    vi: tuple[float, ...] = kept()
    delta: tuple[float | None, ...] = kept()

    def summary(self) -> str:
        """Both answers in one sentence."""
        if self.estimate is None:
            return f"{self.k} studies: the model of selection has no answer here. {self.warnings[-1]}"
        level = f"{100 * self.level:g}% interval"
        return (
            f"{self.k} studies: {self.estimate:.4g} ({level} {self.ci_low:.4g} to {self.ci_high:.4g}) had every result "
            f"been seen alike, {self.without.estimate:.4g} as they are; {self._tested()}."
        )

    def _tested(self) -> str:
        if self.lrt_p is None:
            return "the relative frequencies were given, not estimated"
        return f"p of no selection {self.lrt_p:.3g}"

    def _said(self) -> Iterator[str]:
        ends = ", ".join(f"{row.up_to:g}" for row in self.intervals[:-1])
        yield (
            f"A step-function model of selection ({OF[self.side]}, steps at {ends}; {self.model} effects) was fitted to "
            f"{self.k} studies by maximum likelihood."
        )
        for row in self.intervals[1:]:
            if row.delta is not None:
                limits = f" ({row.ci_low:.3g} to {row.ci_high:.3g})" if row.ci_low is not None else ""
                yield (
                    f"Results with p above {row.above:g} up to {row.up_to:g} (k = {row.k}) were seen {row.delta:.3g}"
                    f"{limits} times as often as those in the first interval (k = {self.intervals[0].k})."
                )
        yield self.summary()

    def report(self) -> str:
        """Methods and results as a paragraph."""
        cited = [references.HEDGES, references.VEVEA]
        if any(value is not None for value in self.delta[1:]):
            cited.append(references.WOODS)
        return paragraph((*self._said(), *self.warnings), cited)

    def chart(self) -> Chart:
        """How often results are seen, by their p value."""
        rows = [(row.above, row.up_to, row.k, row.delta, row.ci_low, row.ci_high) for row in self.intervals]
        top = max([1.0, *(row.delta for row in self.intervals if row.delta is not None)])
        plane = Plane(x=(0.0, 1.0), y=(0.0, 1.15 * top))
        for row in self.intervals:
            if row.delta is not None:
                plane.bar((row.above, 0.0), (row.up_to, row.delta), css="band")
                plane.line([(row.above, row.delta), (row.up_to, row.delta)], css="total")
        plane.level(1.0)
        plane.x_axis(OF[self.side])
        plane.y_axis("relative chance of being seen")
        head = ("p above", "up to", "studies", "relative frequency", "from", "to")
        note = "Each step is how often results with such a p value are seen, relative to the first step."
        return plane.chart("How often results are seen, by p value", note, head, rows)

    def r_script(self) -> str:
        """The same model in metafor (selmodel, which also needs the package numDeriv)."""
        steps = column([row.up_to for row in self.intervals[:-1]])
        given = any(value is not None for value in self.delta[1:])
        fixed = f", delta = {column(self.delta)}" if given else ""
        return "\n".join(
            (
                loaded(self.yi, self.vi),
                f'fit <- rma(yi, vi, method = "{"ML" if self.model == "random" else "EE"}", {CONTROL})',
                "# metafor's own optimiser stops early: these settings go on to about seven digits",
                f'result <- selmodel(fit, type = "stepfun", alternative = "{ALTERNATIVE[self.side]}", steps = {steps}{fixed},',
                "  control = list(reltol = 1e-15, maxit = 20000))",
                "print(result, digits = 10)\n",
            )
        )

    @property
    def recipe(self) -> Recipe:
        """Enough to fit the model again."""
        steps = [row.up_to for row in self.intervals[:-1]]
        given = self.delta if any(value is not None for value in self.delta[1:]) else None
        arguments = {"yi": self.yi, "vi": self.vi, "steps": steps, "side": self.side, "model": self.model}
        return recipe("selection", arguments | {"delta": given, "level": self.level})


def cautions(problem: Problem, side: Side, settled: bool, held: bool, mean: float) -> tuple[str, ...]:
    """What to know before using the answer. mean: without selection."""
    counts, ends = problem.counts.tolist(), problem.steps.ends
    return tuple(_cautions(counts, ends, side, settled, held, mean))


def _cautions(
    counts: Sequence[float], ends: Sequence[float], side: Side, settled: bool, held: bool, mean: float
) -> Iterator[str]:
    if sum(counts) < FEW:
        yield f"Only {sum(counts):.0f} studies: a model of selection needs many more to say anything."
    empty = [f"{low:g} to {high:g}" for low, high, count in zip((0.0, *ends), ends, counts, strict=False) if not count]
    few = [
        f"{low:g} to {high:g}"
        for low, high, count in zip((0.0, *ends), ends, counts, strict=False)
        if 0 < count < FEW_IN_INTERVAL
    ]
    if empty:
        yield (
            f"No study has a p value of {' or '.join(empty)} ({OF[side]}), so how often such are seen cannot be estimated; "
            "move or leave out steps, or look at the other side."
        )
    if few:
        yield f"Fewer than {FEW_IN_INTERVAL} studies have a p value of {' or '.join(few)}: the answer hangs on them."
    if held:
        yield "A relative frequency is held at its bound of 100, where the likelihood still rises; it is no estimate."
    if (side == "greater" and mean < 0) or (side == "less" and mean > 0):
        supposed, other = ("large", "less") if side == "greater" else ("low", "greater")
        yield (
            f"The model supposes that {supposed} effects are seen more often, yet the mean lies on the other side; if the "
            f"wanted effects are there, use side = {other}."
        )
    if not settled:
        yield (
            "The fit did not settle: the likelihood rises as the mean runs away, or has no clear peak; use fewer steps, "
            "the common-effect model, or give the frequencies (delta) as a sensitivity analysis."
        )
