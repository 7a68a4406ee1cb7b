"""What to know before reading anything into an asymmetric funnel."""

from __future__ import annotations

from collections.abc import Iterator

from whatworks.synthesise.methods.bias.filedrawer import FailSafe
from whatworks.synthesise.methods.bias.regression import Egger
from whatworks.synthesise.methods.bias.trimming import TrimFill
from whatworks.synthesise.methods.bias.worst import SMD_METRICS
from whatworks.synthesise.methods.pooling import Pooled

FEW = 10  # Sterne et al. (2011), BMJ 343, d4002: below ten studies the tests cannot tell chance from asymmetry
DIFFERENT = 50.0  # I2 in per cent from which heterogeneity is substantial: Cochrane Handbook, section 10.10.2


def cautions(
    pooled: Pooled,
    egger: Egger,
    trimmed: TrimFill,
    metric: str | None,
    sized: bool,
    tabled: bool,
    drawer: FailSafe | None,
) -> Iterator[str]:
    """The sentences that apply. sized: whether n was given; tabled: whether 2x2 tables were."""
    yield from _amount(pooled, egger)
    if metric in SMD_METRICS:
        yield (
            "The standard error of a standardised mean difference contains the effect, so Egger's test and PET lean towards "
            + (
                "asymmetry: read egger_n, on 1 / sqrt(n)."
                if sized
                else "asymmetry: give n for the test on 1 / sqrt(n)."
            )
        )
    if metric in ("OR", "RR", "PETO"):
        yield (
            "The standard error of a ratio contains the effect, so Egger's test and the rank test err: "
            + (
                "read the tests of the tables."
                if tabled
                else "give the tables (ai bi ci di) for Harbord's and Peters' tests."
            )
        )
    if not trimmed.settled:
        yield "Trim and fill moved between answers without end; its last one is shown, and not to be used."
    if drawer is not None:
        yield drawer.caution


def _amount(pooled: Pooled, egger: Egger) -> Iterator[str]:
    if pooled.k < FEW:
        yield f"Only {pooled.k} studies: below {FEW} these tests cannot tell chance from asymmetry; do not rely on them."
    if pooled.i2 is not None and pooled.i2 >= DIFFERENT:
        yield (
            f"Effects differ between studies (I2 {pooled.i2:.0f}%): that alone can make a funnel asymmetric, and Egger's "
            "least squares and trim and fill then mislead."
        )
    if egger.intercept is None:
        why = "fewer than three studies" if pooled.k < 3 else "the same standard error in all studies"
        yield f"No line can be drawn through the funnel ({why}), so Egger's test, PET and PEESE have no answer."
    elif egger.t is None:
        yield "All studies lie exactly on one line, so Egger's test, PET and PEESE have no error to test against."
