"""How many studies point each way? Vote counting by the direction of effects, never by significance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from scipy.special import bdtr, betaincinv

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.intervals import check_level, critical
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.narrative import references
from whatworks.synthesise.methods.narrative.directions import directions_of

FEW = 6  # with five studies or fewer even a unanimous vote has a two-sided p above 0.05


@dataclass(frozen=True, slots=True)
class VoteCount(Told):
    """The vote. share: higher of those with a direction, with its exact (Clopper-Pearson) and Wilson interval.

    p: two-sided exact sign test that both directions are equally likely. None where no study has a direction. missing:
    studies that report no direction; they and the unclear ones are not in the test.
    """

    k: int
    higher: int
    lower: int
    unclear: int
    missing: int
    share: float | None
    exact_low: float | None
    exact_high: float | None
    wilson_low: float | None
    wilson_high: float | None
    p: float | None
    level: float
    warnings: tuple[str, ...]
    given: tuple[Any, ...] = kept()

    def summary(self) -> str:
        """The vote in one sentence."""
        if self.share is None:
            return f"{self.k} studies, none with a clear direction."
        return (
            f"{self.higher} of {self.higher + self.lower} studies with a clear direction point to higher "
            f"({100 * self.share:.0f}%, {100 * self.level:g}% exact interval {100 * (self.exact_low or 0):.0f} to "
            f"{100 * (self.exact_high or 0):.0f}%; sign test p {self.p:.3g})."
        )

    def report(self) -> str:
        """Methods and results."""
        method = (
            "Studies were counted by the direction of their effect, whatever its significance; the share that points to "
            "higher has an exact (Clopper-Pearson) interval, and an exact sign test asks whether both directions are equally "
            "likely. Studies without a clear direction are left out of the test."
        )
        return paragraph((method, self.summary(), *self.warnings), (references.HANDBOOK, references.CLOPPER))

    def chart(self) -> Chart:
        """The share of studies pointing to higher, with both intervals."""
        plane = Plane(x=(0.0, 100.0), y=(2.5, 0.0), height=200, left=150)
        rows: list[tuple[Any, ...]] = []
        for at, (name, low, high) in enumerate(self._intervals(), start=1):
            rows.append((name, None if self.share is None else 100 * self.share, low, high))
            plane.words(8, plane.at_y(at), name)
            if low is not None and high is not None and self.share is not None:
                plane.line([(low, at), (high, at)], css="total")
                plane.box(100 * self.share, at, css="total")
        plane.upright(50.0)
        plane.x_axis("per cent of studies pointing to higher")
        note = (
            "The square is the share of studies pointing to higher; the line its interval; 50 per cent is no direction."
        )
        return plane.chart("Direction of effects", note, ("interval", "per cent", "from", "to"), rows)

    def _intervals(self) -> Iterator[tuple[str, float | None, float | None]]:
        for name, low, high in (
            ("exact", self.exact_low, self.exact_high),
            ("Wilson", self.wilson_low, self.wilson_high),
        ):
            yield name, None if low is None else 100 * low, None if high is None else 100 * high

    def r_script(self) -> str:
        """The same in base R."""
        if self.share is None:
            return "# no study has a clear direction: nothing to test\n"
        return "\n".join(
            (
                f"result <- binom.test({self.higher}, {self.higher + self.lower}, conf.level = {self.level!r})",
                f"wilson <- prop.test({self.higher}, {self.higher + self.lower}, conf.level = {self.level!r}, correct = FALSE)",
                'tell <- function(name, value) cat(name, format(value, digits = 15), "\\n")',
                'tell("p", result$p.value); tell("exact_low", result$conf.int[1]); tell("exact_high", result$conf.int[2])',
                'tell("wilson_low", wilson$conf.int[1]); tell("wilson_high", wilson$conf.int[2])\n',
            )
        )

    @property
    def recipe(self) -> Recipe:
        """Enough to count again."""
        return recipe("vote_count", {"directions": self.given, "level": self.level})


def vote_count(directions: Iterable[Any], *, level: float = 0.95) -> VoteCount:
    """Count k studies by direction: numbers (their sign), or the words higher, lower, unclear; None where not reported.

    One entry for each study: several results of one study are first made one (see `effect_direction`). Source: Cochrane
    Handbook, section 12.2.1.3. InputError: no study, an unknown word.
    """
    check_level(level)
    given = tuple(directions)
    if not given:
        raise InputError(said("There are no studies to count; give at least one direction."))
    found = directions_of(given)
    higher, lower = found.count("higher"), found.count("lower")
    n = higher + lower
    exact, wilson = (clopper_pearson(higher, n, level), wilson_interval(higher, n, level)) if n else (_NONE, _NONE)
    return VoteCount(
        k=len(found),
        higher=higher,
        lower=lower,
        unclear=found.count("unclear"),
        missing=found.count(None),
        share=higher / n if n else None,
        exact_low=exact[0],
        exact_high=exact[1],
        wilson_low=wilson[0],
        wilson_high=wilson[1],
        p=sign_test(higher, n) if n else None,
        level=level,
        warnings=tuple(_cautions(n, len(found))),
        given=tuple(one.item() if hasattr(one, "item") else one for one in given),
    )


_NONE: tuple[None, None] = (None, None)


def _cautions(n: int, k: int) -> Iterator[str]:
    yield "A count of directions says nothing of how large effects are, and weighs small and large studies alike."
    if n < FEW:
        yield f"Only {n} of {k} studies have a clear direction: even if all agreed, the sign test could not reach 0.05."


def sign_test(higher: int, n: int) -> float:
    """The two-sided exact p of `higher` out of n when both directions are equally likely."""
    return min(1.0, 2 * float(bdtr(min(higher, n - higher), n, 0.5)))


def clopper_pearson(successes: int, n: int, level: float) -> tuple[float, float]:
    """The exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26(4), 404-413); n at least 1."""
    tail = (1 - level) / 2
    low = float(betaincinv(successes, n - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, n - successes, 1 - tail)) if successes < n else 1.0
    return low, high


def wilson_interval(successes: int, n: int, level: float) -> tuple[float, float]:
    """The score interval of a proportion (Wilson 1927, JASA 22, 209-212), without continuity correction; n at least 1."""
    z2, share = critical(level) ** 2, successes / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return max(0.0, middle - reach) if successes else 0.0, min(1.0, middle + reach) if successes < n else 1.0
