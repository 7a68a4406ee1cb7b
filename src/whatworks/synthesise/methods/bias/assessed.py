"""Everything about small-study effects and selection in one result, and how it tells itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from whatworks.stats.chart import Chart
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.bias import references
from whatworks.synthesise.methods.bias.assessed_in_r import script
from whatworks.synthesise.methods.bias.filedrawer import FailSafe
from whatworks.synthesise.methods.bias.funnel import Funnel
from whatworks.synthesise.methods.bias.rank import RankTest
from whatworks.synthesise.methods.bias.regression import Egger, Limit, SmallStudyTest
from whatworks.synthesise.methods.bias.steps import Side
from whatworks.synthesise.methods.bias.tables import TableTest
from whatworks.synthesise.methods.bias.trimming import TrimFill
from whatworks.synthesise.methods.bias.worst import Robustness


@dataclass(frozen=True, slots=True)
class PetPeese(Result):
    """The conditional estimator: which of the two answers, and its numbers."""

    chosen: Literal["pet", "peese"] | None
    estimate: float | None
    se: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class ThreeParameters(Result):
    """The three-parameter selection model. delta: how often results with p above `step` are seen, relative to the others.

    p values are one-sided in the direction of `side`. lrt_p: the test that both are seen alike. settled: see `selection`.
    """

    estimate: float | None
    se: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    tau2: float | None
    delta: float | None
    delta_se: float | None
    lrt: float | None
    lrt_p: float | None
    side: Side
    step: float
    settled: bool


@dataclass(frozen=True, slots=True)
class Bias(Told):
    """Small-study effects and selection in k studies. None: cannot be computed, with the reason among the warnings.

    estimate, se, ci_low, ci_high, tau2, i2: the random-effects mean (REML) that all this is about. egger: least squares;
    egger_mixed: the same in a random-effects regression; egger_n: on 1 / sqrt(n), where sizes are known. tables: tests for
    odds and risk ratios, where the tables are known. pet, peese: the effect at infinite precision. fail_safe: where asked.
    """

    k: int
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float | None
    i2: float | None
    egger: Egger
    egger_mixed: SmallStudyTest
    egger_n: SmallStudyTest | None
    rank: RankTest
    tables: tuple[TableTest, ...]
    trimfill: TrimFill
    pet: Limit
    peese: Limit
    pet_peese: PetPeese
    selection_3psm: ThreeParameters
    robustness: Robustness
    fail_safe: FailSafe | None
    funnel: Funnel
    metric: str | None
    level: float
    warnings: tuple[str, ...]
    given: Mapping[str, Any] = kept()

    def summary(self) -> str:
        """The main numbers in a few sentences."""
        return " ".join(self._numbers())

    def _numbers(self) -> Iterator[str]:
        yield f"{self.k} studies, {self.estimate:.4g} ({100 * self.level:g}% interval {self.ci_low:.4g} to {self.ci_high:.4g})."
        if self.egger.p is not None:
            yield f"Egger's test p {self.egger.p:.3g}{self._rank()}."
        if self.trimfill.k0 is not None:
            yield f"Trim and fill adds {self.trimfill.k0} on the {self.trimfill.side}: {self.trimfill.estimate:.4g}."
        if self.pet_peese.estimate is not None:
            chosen = str(self.pet_peese.chosen).upper()
            yield f"At infinite precision ({chosen}) {self.pet_peese.estimate:.4g} ({_limits(self.pet_peese)})."
        if self.selection_3psm.estimate is not None:
            yield f"With selection by p value {self.selection_3psm.estimate:.4g} ({_limits(self.selection_3psm)})."
        yield self._conclusion()

    def _rank(self) -> str:
        return "" if self.rank.p is None else f", rank test p {self.rank.p:.3g}"

    def _conclusion(self) -> str:
        """How strong selection would have to be."""
        robust = self.robustness
        if robust.s_value_ci == 1.0:
            return f"The interval includes {robust.target:g} as it is."
        what = f"for the interval to include {robust.target:g}"
        if robust.s_value_ci is None:
            return f"No strength of publication bias is enough {what}."
        return (
            f"Affirmative results would have to be published {robust.s_value_ci:.3g} times as often as others {what}."
        )

    def report(self) -> str:
        """Methods and results as a paragraph, then the cautions and references."""
        return paragraph((*self._methods(), *self._numbers(), *self.warnings), self._cited())

    def _methods(self) -> Iterator[str]:
        yield (
            "Small-study effects were examined by Egger's regression (weighted least squares, and with random effects), the "
            "rank correlation test, a contour-enhanced funnel plot, and trim and fill "
            f"({self.trimfill.estimator}, random effects by REML)."
        )
        yield (
            "Effects were corrected by regression to infinite precision (PET, PEESE, and PEESE where PET has p < 0.10) and by "
            f"a three-parameter selection model (one step at {self.selection_3psm.step:g}, {self.selection_3psm.side})."
        )
        yield (
            "Robustness is the ratio of publication of affirmative (significant in the direction "
            f"{self.robustness.favoured}) to other results that would move the result to {self.robustness.target:g}."
        )
        for test in self.tables:
            if test.p is not None:
                yield f"{test.name.capitalize()} test: p {test.p:.3g}."

    def _cited(self) -> Iterator[str]:
        yield from (references.EGGER, references.BEGG, references.CONTOUR, references.TRIM, references.PET)
        yield from (references.CONDITIONAL, references.HEDGES, references.VEVEA, references.MATHUR, references.STERNE)
        if self.egger_n is not None:
            yield references.PUSTEJOVSKY
        if self.robustness.e_value is not None:
            yield references.EVALUE
        yield from dict.fromkeys(f"{test.source}." for test in self.tables if test.p is not None)

    def chart(self) -> Chart:
        """The contour-enhanced funnel with filled studies."""
        return self.funnel.chart()

    def r_script(self) -> str:
        """The same in R: prints name and value, a line each."""
        return script(self.given, self.selection_3psm.side, self.selection_3psm.step, self.trimfill, self.robustness)

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        return recipe("bias", self.given)


def _limits(part: PetPeese | ThreeParameters) -> str:
    return "no interval" if part.ci_low is None else f"{part.ci_low:.4g} to {part.ci_high:.4g}"
